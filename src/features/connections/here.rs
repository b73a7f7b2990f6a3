use leptos::prelude::*;

use crate::domain::KeyId;
use crate::page::Place;
use crate::platform::{dom, listen, location};
use crate::session::{Config, Connection};

/// Id of the switcher's button: after a move the focus goes on from there.
pub(super) const SWITCHER: &str = "connection-switcher";

/// Which connection is shown, kept in step with the address. Provided as context.
#[derive(Clone, Copy)]
pub struct Here {
    place: RwSignal<Place>,
    config: StoredValue<Config>,
    /// Answers whether something is open that must not be left by a step of the browser's history.
    held: StoredValue<Option<UnsyncCallback<(), bool>>>,
    /// The key that shall open once its connection is shown, with the id of that connection.
    wanted: StoredValue<Option<(String, KeyId)>>,
}

impl Here {
    /// Reads the address, and follows the browser's back and forward. A place that does not exist is the
    /// first one, and the address is put right.
    #[must_use]
    pub fn from_address(config: &Config) -> Self {
        let written = Place::parse(&location::search());
        let place = known(config, written.clone());
        if place != written {
            location::replace(&place.path(&location::search()));
        }
        let here = Self {
            place: RwSignal::new(place),
            config: StoredValue::new(config.clone()),
            held: StoredValue::new(None),
            wanted: StoredValue::new(None),
        };
        listen::window("popstate", move |_| here.follow()).until_cleanup();
        here
    }

    /// What is shown.
    #[must_use]
    pub fn place(self) -> Signal<Place> {
        self.place.into()
    }

    /// The connection that is shown; nothing when it is all of them. Tracks.
    #[must_use]
    pub fn connection(self) -> Option<Connection> {
        let place = self.place.get();
        self.config.with_value(|config| connection(config, &place).cloned())
    }

    /// Every connection, in the order of the configuration.
    #[must_use]
    pub fn connections(self) -> Vec<Connection> {
        self.config.with_value(|it| it.connections.clone())
    }

    /// Whether there is anything to switch between.
    #[must_use]
    pub fn is_choice(self) -> bool {
        self.config.with_value(|it| it.connections.len() > 1)
    }

    /// The place of a connection.
    #[must_use]
    pub fn place_of(self, connection: &Connection) -> Place {
        self.config.with_value(|it| known(it, Place::Connection(connection.id.clone())))
    }

    /// Shows another place, as a new step of the browser's history, and puts the focus on the switcher there.
    pub fn go(self, place: Place) {
        if place == self.place.get_untracked() {
            return;
        }
        location::push(&place.path(&location::search()));
        self.place.set(place);
        // The header is drawn anew, and the focus would be lost with the old one.
        request_animation_frame(|| {
            dom::focus_by_id(SWITCHER);
        });
    }

    /// Shows a key in its connection.
    pub fn open_key(self, connection: &Connection, key: KeyId) {
        self.wanted.set_value(Some((connection.id.clone(), key)));
        self.go(self.place_of(connection));
    }

    /// The key that shall open in this connection, once.
    #[must_use]
    pub fn take_key(self, connection: &Connection) -> Option<KeyId> {
        let wanted = self.wanted.try_update_value(Option::take).flatten();
        wanted.filter(|(id, _)| *id == connection.id).map(|(_, key)| key)
    }

    /// Shows another place without a step and without moving the focus.
    pub fn replace(self, place: Place) {
        if place == self.place.get_untracked() {
            return;
        }
        location::replace(&place.path(&location::search()));
        self.place.set(place);
    }

    /// Takes everything but the place out of the address: a query of this reader is not for the next.
    /// Of a page that is gone nothing stands there.
    pub fn wipe(self) {
        if let Some(place) = self.place.try_get_untracked() {
            location::replace(&place.path(""));
        }
    }

    /// While `held` says so, the browser's back and forward do not lead to another connection: what is open
    /// here would be lost unasked. Holds until the current owner is cleaned up.
    pub fn hold(self, held: impl Fn() -> bool + 'static) {
        self.held.set_value(Some(UnsyncCallback::new(move |()| held())));
        on_cleanup(move || {
            self.held.try_set_value(None);
        });
    }

    fn follow(self) {
        let Some(old) = self.place.try_get_untracked() else { return };
        let written = Place::parse(&location::search());
        let place = self.config.with_value(|it| known(it, written));
        if place == old {
            return;
        }
        let held = self.held.get_value().and_then(|it| it.try_run(())).unwrap_or(false);
        if held {
            location::push(&old.path(&location::search()));
            return;
        }
        self.place.set(place);
    }
}

fn connection<'a>(config: &'a Config, place: &Place) -> Option<&'a Connection> {
    match place {
        Place::First => config.connections.first(),
        Place::Connection(id) => config.connection(id),
        Place::All => None,
    }
}

/// The one spelling of a place: the first connection needs no name, an unknown one is the first, and one
/// alone is never all.
fn known(config: &Config, place: Place) -> Place {
    let is_first = |id: &str| config.connections.first().is_some_and(|it| it.id == id);
    match place {
        Place::Connection(id) if !is_first(&id) && config.connection(&id).is_some() => Place::Connection(id),
        Place::All if config.connections.len() > 1 => Place::All,
        _ => Place::First,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const TWO: &str = r#"{"connections":[
        {"id":"a","name":"A","system":"qualys-gateway","base_url":"/a"},
        {"id":"b","name":"B","system":"qualys-gateway","base_url":"/b"}]}"#;
    const ONE: &str = r#"{"connections":[{"id":"a","name":"A","system":"qualys-gateway","base_url":"/a"}]}"#;

    fn named(id: &str) -> Place {
        Place::Connection(id.to_owned())
    }

    #[test]
    fn every_place_has_one_spelling() {
        let two = Config::read(TWO).unwrap();
        for (written, want) in [
            (named("a"), Place::First),
            (named("b"), named("b")),
            (named("gone"), Place::First),
            (Place::First, Place::First),
            (Place::All, Place::All),
        ] {
            assert_eq!(known(&two, written.clone()), want, "{written:?}");
        }
        let one = Config::read(ONE).unwrap();
        assert_eq!(known(&one, Place::All), Place::First);
        assert_eq!(known(&one, named("b")), Place::First);
    }

    #[test]
    fn a_place_leads_to_its_connection() {
        let two = Config::read(TWO).unwrap();
        let id = |place: &Place| connection(&two, place).map(|it| it.id.as_str());
        assert_eq!([id(&Place::First), id(&named("b")), id(&Place::All)], [Some("a"), Some("b"), None]);
    }
}
