//! The switcher in the header.

use leptos::prelude::*;

use super::here::{Here, SWITCHER};
use super::standing::{Seat, Standing};
use crate::features::kept;
use crate::features::saved_queries::forget_recent;
use crate::i18n::t;
use crate::page::Place;
use crate::platform::storage::preferences;
use crate::session::{Connection, Session, Sessions};
use crate::ui::{Icon, Menu, MenuItem};

/// Names the connection, its system and who is signed in, and leads to every other. Without a choice it is
/// the connection's name alone.
#[component]
pub fn Switcher() -> impl IntoView {
    let here = expect_context::<Here>();
    let sessions = expect_context::<Sessions>();
    if !here.is_choice() {
        // The only one there is never becomes another.
        let only = untrack(|| here.connection());
        return only.map(|it| view! { <span class="shell-where">{it.name}</span> }).into_any();
    }
    let text = Signal::derive(move || match here.connection() {
        Some(connection) => connection.name,
        None => t::connections_all().to_owned(),
    });
    let name = {
        let sessions = sessions.clone();
        Signal::derive(move || match here.connection() {
            Some(connection) => full_name(&sessions.of(&connection)),
            None => t::connections_switch_all().to_owned(),
        })
    };
    let system = move || {
        let connection = here.connection()?;
        let system = system_name(&connection);
        (system != connection.name).then(|| view! { <span class="shell-system">{system}</span> })
    };
    let items = UnsyncCallback::new(move |()| items(here, &sessions));
    view! {
        <span class="shell-where row">
            <Menu name text items icon=Icon::Key id=SWITCHER />
            {system}
        </span>
    }
    .into_any()
}

/// Ends one session. The address keeps nothing but the place, and the last to leave takes the choices and the
/// recent queries along.
pub fn sign_out(sessions: &Sessions, here: Here, connection: &Connection) {
    sessions.sign_out(connection);
    // A reader without a name cannot be told from the next one.
    kept::forget_of(connection);
    left(sessions, here);
}

/// Ends every session.
pub fn sign_out_all(sessions: &Sessions, here: Here) {
    sessions.sign_out_all();
    left(sessions, here);
}

fn left(sessions: &Sessions, here: Here) {
    if !sessions.is_anyone_in() {
        preferences::forget();
        kept::forget();
        forget_recent();
    }
    here.wipe();
}

pub(super) fn system_name(connection: &Connection) -> &'static str {
    (connection.system.manifest().name)()
}

/// Connection, system and reader in one line, for those who hear it. Tracks.
fn full_name(session: &Session) -> String {
    let connection = session.connection();
    let seat = Seat::of(session, &session.state().get());
    t::connections_switch(&connection.name, system_name(connection), &seat.words())
}

/// Every connection, all of them together, and the ways out.
fn items(here: Here, sessions: &Sessions) -> Vec<MenuItem> {
    let place = here.place().get_untracked();
    let all = sessions.all();
    let seats: Vec<(Session, Seat)> =
        all.into_iter().map(|it| (it.clone(), Seat::of(&it, &it.current()))).collect();
    let mut items: Vec<MenuItem> = seats
        .iter()
        .map(|(session, seat)| {
            let connection = session.connection();
            let target = here.place_of(connection);
            let chosen = target == place;
            let note = [system_name(connection), " · ", &seat.words()].concat();
            MenuItem::new(connection.name.clone(), seat.icon(), move || here.go(target.clone()))
                .note(note)
                .checked(chosen)
        })
        .collect();
    let all = MenuItem::new(t::connections_all(), Icon::Filter, move || here.go(Place::All));
    items.push(all.checked(place == Place::All));

    let inside: Vec<Connection> = seats
        .iter()
        .filter(|(_, seat)| seat.standing != Standing::Out)
        .map(|(session, _)| session.connection().clone())
        .collect();
    let shown = inside.iter().find(|it| here.place_of(it) == place).cloned();
    if let Some(connection) = shown {
        let (sessions, label) = (sessions.clone(), t::connections_sign_out(&connection.name));
        let leave = move || sign_out(&sessions, here, &connection);
        items.push(MenuItem::new(label, Icon::SignOut, leave).apart());
    }
    if inside.len() > 1 {
        let sessions = sessions.clone();
        let leave = move || sign_out_all(&sessions, here);
        items.push(MenuItem::new(t::connections_sign_out_all(), Icon::SignOut, leave));
    }
    items
}
