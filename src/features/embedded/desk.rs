//! What stands between the contract and the page.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::dress::Dress;
use super::question::Question;
use super::route::{begin, is_here, told};
use crate::embed::{Contract, Do, Event, Life, Said, Standing, Welcome, hello};
use crate::features::connections::{Here, sign_out_all};
use crate::features::unsaved::{Reason, Unsaved};
use crate::journal::bulk::{Happened, Kind};
use crate::page;
use crate::platform::portal::{self, Plain, Port};
use crate::platform::refusals::{self, Refusal};
use crate::platform::{clock, deployment, listen, location, task};
use crate::session::{Config, Connection, SessionState, Sessions};
use crate::ui::effect;

/// How often the clock is looked at, in milliseconds.
const TICK_MS: u32 = 1_000;

/// Names this program to the host: the release of the page, or the version of a build that is no release.
fn release() -> String {
    deployment::release().unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}

/// Whether there is a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No frame, or nobody around it who speaks the contract although he may: a page by itself.
    Alone,
    /// In a frame of somebody of whom nothing says that he may have it: nothing is shown.
    Refused,
    /// In a frame, before the welcome.
    Greeting,
    /// The host is there.
    Open,
}

/// What is told once, in a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// In a frame of somebody who did not answer.
    NoAnswer,
    /// The browser keeps nothing.
    NothingKept,
}

/// The console's side of the contract. Provided as context by the app.
#[derive(Clone, Copy)]
pub struct Embedded {
    stage: RwSignal<Stage>,
    pub(super) lines: RwSignal<Vec<Line>>,
    host_signs: RwSignal<bool>,
    read_only: RwSignal<bool>,
    standings: RwSignal<BTreeMap<String, Standing>>,
    pub(super) question: RwSignal<Option<Question>>,
    /// A language that waits until nothing is unsaved.
    locale: RwSignal<Option<String>>,
    redraws: RwSignal<u64>,
    pub(super) unsaved: Option<Unsaved>,
    /// Closes what is open over the page.
    pub(super) close: StoredValue<Option<UnsyncCallback<()>>>,
    inner: StoredValue<SendWrapper<Rc<Inner>>>,
}

struct Inner {
    contract: RefCell<Contract>,
    /// The origins that are said hello to.
    origins: RefCell<Vec<String>>,
    /// Ports that were handed out, by number; after the welcome the one it came through.
    ports: RefCell<Vec<(u32, Port)>>,
    handed: Cell<u32>,
    sessions: RefCell<Option<(Sessions, Here)>>,
    /// Connections that the host ended: the reader did not.
    ended: RefCell<BTreeSet<String>>,
    is_ready: Cell<bool>,
    told_dirty: Cell<bool>,
    route: RefCell<String>,
    height: Cell<f64>,
    dress: Dress,
}

impl Embedded {
    /// Not in a frame, until [`Self::start`] finds one. Its signals belong to the current owner.
    #[must_use]
    pub fn provide() -> Self {
        let inner = Inner {
            contract: RefCell::new(Contract::new()),
            origins: RefCell::default(),
            ports: RefCell::default(),
            handed: Cell::default(),
            sessions: RefCell::default(),
            ended: RefCell::default(),
            is_ready: Cell::default(),
            told_dirty: Cell::default(),
            route: RefCell::default(),
            height: Cell::default(),
            dress: Dress::default(),
        };
        let embedded = Self {
            stage: RwSignal::new(Stage::Alone),
            lines: RwSignal::default(),
            host_signs: RwSignal::new(false),
            read_only: RwSignal::new(false),
            standings: RwSignal::default(),
            question: RwSignal::new(None),
            locale: RwSignal::new(None),
            redraws: RwSignal::new(0),
            unsaved: use_context(),
            close: StoredValue::new(None),
            inner: StoredValue::new(SendWrapper::new(Rc::new(inner))),
        };
        provide_context(embedded);
        refusals::on_each(move |it| embedded.note_refusal(it));
        embedded
    }

    /// Looks for a host and says hello, if this page is in the frame of one that may have it.
    pub fn start(self, config: &Config) {
        if !portal::is_framed() {
            return;
        }
        let mut origins = config.portals.clone();
        if let Some(parent) = portal::parent_origin() {
            origins.retain(|it| *it == parent);
        }
        if origins.is_empty() {
            return self.stage.set(Stage::Refused);
        }
        *self.inner.get_value().origins.borrow_mut() = origins;
        self.stage.set(Stage::Greeting);
        listen::window("message", move |_| {
            self.with(Contract::ignore);
        })
        .until_cleanup();
        listen::window("online", move |_| self.wake()).until_cleanup();
        listen::document("visibilitychange", move |_| self.wake()).until_cleanup();
        task::spawn(async move {
            loop {
                self.turn();
                clock::sleep(TICK_MS).await;
            }
        });
    }

    /// Whether there is a host; tracks.
    #[must_use]
    pub fn stage(self) -> Stage {
        self.stage.get()
    }

    /// Whether tokens come from the host; tracks.
    #[must_use]
    pub fn host_signs(self) -> bool {
        self.host_signs.get()
    }

    /// Whether the host wants nothing to be changed.
    #[must_use]
    pub fn read_only(self) -> Signal<bool> {
        self.read_only.into()
    }

    /// Whether the reader of a connection may change nothing: the service says so (`by_service`), or the host does.
    /// What is under way on any connection is held where calls leave: see [`crate::session::Session::hold_writes`].
    #[must_use]
    pub fn may_only_read(self, by_service: Signal<bool>) -> Signal<bool> {
        Signal::derive(move || by_service.get() || self.read_only.get())
    }

    /// Counts what makes the whole page be drawn anew: another language of dates and numbers.
    #[must_use]
    pub fn redraws(self) -> Signal<u64> {
        self.redraws.into()
    }

    /// Where a connection stands with the host; tracks.
    #[must_use]
    pub fn standing(self, connection: &str) -> Standing {
        self.standings.with(|it| it.get(connection).copied().unwrap_or_default())
    }

    /// What closes whatever is open over the page, until the current owner is cleaned up.
    pub fn close_by(self, close: UnsyncCallback<()>) {
        self.close.set_value(Some(close));
        on_cleanup(move || {
            self.close.try_set_value(None);
        });
    }

    /// Follows the sessions of the app, and what is unsaved. Belongs to the current owner.
    pub fn attend(self, sessions: &Sessions, here: Here) {
        if self.stage.get_untracked() != Stage::Open {
            return;
        }
        let inner = self.inner.get_value();
        *inner.sessions.borrow_mut() = Some((sessions.clone(), here));
        // What the host ended while nobody followed is ended; from here on the reader does it.
        inner.ended.borrow_mut().clear();
        self.hold_writes(self.read_only.get_untracked());
        for session in sessions.all() {
            let state = session.state();
            let id = session.connection().id.clone();
            effect(move |was_in: Option<bool>| {
                let state = state.get();
                self.follow(&id, &state, was_in.unwrap_or_default());
                state.info().is_some()
            });
        }
        self.watch_unsaved();
        task::spawn(async move {
            // Drawn by then.
            clock::next_frame().await;
            if !inner.is_ready.replace(true) {
                self.say(&Said::Ready { release: release() });
            }
            self.note_route();
        });
    }

    /// A token of this connection is needed.
    pub fn need(self, connection: &Connection) {
        self.with(|it| it.need(&connection.id, connection.system.manifest().id));
        self.turn();
    }

    /// The reader wants the host to be asked.
    pub fn ask_again(self, connection: &str) {
        self.with(|it| it.ask_again(connection));
        self.turn();
    }

    /// Tells the host of a change to keys.
    pub fn tell(self, connection: &str, happened: &Happened) {
        let name = match (&happened.key, happened.kind) {
            (None, _) | (_, Kind::Import | Kind::Undo) => "keys.done",
            (_, Kind::Create) => "key.created",
            (_, Kind::Change) => "key.changed",
            (_, Kind::Enable) => "key.enabled",
            (_, Kind::Disable) => "key.disabled",
            (_, Kind::Remove) => "key.deleted",
        };
        let at = self.server_time(connection).unwrap_or_else(clock::now).to_string();
        let key = happened.key.as_ref().map(|it| it.0.clone());
        let count = key.is_none().then_some(happened.count);
        self.say(&Said::Event(Event { name, connection: connection.to_owned(), key, count, at }));
    }

    pub(super) fn say(self, said: &Said) {
        let Some(inner) = self.inner.try_get_value() else { return };
        if let Some((_, port)) = inner.ports.borrow().first().filter(|_| self.is_open()) {
            port.say(&said.plain());
        }
    }

    fn is_open(self) -> bool {
        self.stage.try_get_untracked() == Some(Stage::Open)
    }

    fn with<T>(self, f: impl FnOnce(&mut Contract) -> T) -> Option<T> {
        let inner = self.inner.try_get_value()?;
        Some(f(&mut inner.contract.borrow_mut()))
    }

    fn server_time(self, connection: &str) -> Option<crate::domain::Timestamp> {
        let inner = self.inner.try_get_value()?;
        let sessions = inner.sessions.borrow();
        sessions.as_ref()?.0.by_id(connection)?.server_time()
    }

    fn wake(self) {
        self.with(Contract::wake);
        self.turn();
    }

    /// Looks at the clock.
    fn turn(self) {
        let all = self.with(|it| it.tick(clock::monotonic_ms(), |id| self.server_time(id)));
        self.carry_out(all.unwrap_or_default());
    }

    fn heard(self, port: u32, message: Plain) {
        let Some(inner) = self.inner.try_get_value() else { return };
        let is_known = inner.ports.borrow().iter().any(|(number, _)| *number == port);
        if !is_known {
            self.with(Contract::ignore);
            return;
        }
        let all = self.with(|it| it.hear(message, clock::monotonic_ms())).unwrap_or_default();
        if matches!(all.first(), Some(Do::Start(_))) {
            inner.ports.borrow_mut().retain(|(number, _)| *number == port);
        }
        self.carry_out(all);
        self.turn();
    }

    fn carry_out(self, all: Vec<Do>) {
        for it in all {
            self.carry_out_one(it);
        }
    }

    fn carry_out_one(self, it: Do) {
        let Some(inner) = self.inner.try_get_value() else { return };
        match it {
            Do::Greet => self.greet(&inner),
            Do::GiveUp => {
                inner.ports.borrow_mut().clear();
                // Where the browser does not tell who is around, an answer alone would have.
                if portal::parent_origin().is_none() {
                    return self.stage.set(Stage::Refused);
                }
                self.stage.set(Stage::Alone);
                self.say_once(Line::NoAnswer);
            }
            Do::Start(welcome) => self.open(&inner, *welcome),
            Do::Say(said) => self.say(&said),
            Do::Token { connection, token, expires_in } => {
                let session = inner.sessions.borrow().as_ref().and_then(|(it, _)| it.by_id(&connection));
                let now = clock::monotonic_ms();
                let Some(Ok(claims)) = session.map(|it| it.take_host_token(&token)) else {
                    self.with(|it| it.refused(&connection, now));
                    return self.say(&Said::Problem("token_refused"));
                };
                let life = match (claims.expires, expires_in) {
                    (Some(end), _) => Life::Until(end),
                    (None, Some(secs)) => Life::For(secs),
                    (None, None) => Life::Unknown,
                };
                let standing = self.with(|it| {
                    it.took(&connection, life, now);
                    it.standing(&connection)
                });
                self.note_standing(connection, standing.unwrap_or_default());
            }
            Do::Stands(connection, standing) => self.note_standing(connection, standing),
            Do::Theme(wish) => self.put_on(&inner, wish),
            Do::Locale(tag) => self.locale.set(Some(tag)),
            Do::ReadOnly(on) => {
                self.read_only.set(on);
                self.hold_writes(on);
            }
            Do::Route(route) if is_here(&route, &location::search()) => self.stay(),
            Do::Route(route) => self.ask_or(Question::Visit(page::visited(&route))),
            Do::Leave(id) => self.ask_or(Question::Leave(id)),
            Do::View(view) => inner.dress.show_in(view),
            Do::SignOut => self.end_all(&inner),
        }
    }

    fn greet(self, inner: &Inner) {
        inner.ports.borrow_mut().clear();
        for origin in inner.origins.borrow().iter() {
            let number = inner.handed.get() + 1;
            inner.handed.set(number);
            let port = portal::hand_port(&hello(&release()), origin, move |it| self.heard(number, it));
            inner.ports.borrow_mut().extend(port.map(|it| (number, it)));
        }
    }

    fn open(self, inner: &Rc<Inner>, welcome: Welcome) {
        let Welcome { host_signs, connection, theme, locale, read_only, route, auto_height } = welcome;
        inner.dress.lay_out(auto_height);
        if let Some(wish) = theme {
            self.put_on(inner, wish);
        }
        self.host_signs.set(host_signs);
        self.read_only.set(read_only);
        if let Some(begin) = begin(route.as_deref(), connection, &location::search()) {
            location::replace(&begin);
        }
        // From here on: what the page begins with is told once it is there.
        location::stay_in_place(move || self.note_route());
        if let Some(tag) = locale {
            self.speak(&tag);
        }
        if let Some((_, port)) = inner.ports.borrow().first() {
            port.lend_to_supervisor();
        }
        self.stage.set(Stage::Open);
        if auto_height {
            let seen = Rc::clone(inner);
            inner.dress.watch(move |height| {
                let height = height.ceil();
                if seen.height.replace(height) != height {
                    self.say(&Said::Height(height));
                }
            });
        }
    }

    fn put_on(self, inner: &Inner, wish: crate::embed::ThemeWish) {
        if !inner.dress.put_on(wish) {
            self.say(&Said::Problem("theme_refused"));
        }
    }

    fn speak(self, tag: &str) {
        if !super::dress::speak(tag) {
            self.with(Contract::ignore);
        }
    }

    fn hold_writes(self, on: bool) {
        let Some(inner) = self.inner.try_get_value() else { return };
        if let Some((sessions, _)) = inner.sessions.borrow().as_ref() {
            sessions.all().iter().for_each(|it| it.hold_writes(on));
        }
    }

    fn end_all(self, inner: &Inner) {
        let Some((sessions, here)) = inner.sessions.borrow().clone() else { return };
        let inside = sessions.all().into_iter().filter(|it| it.current() != SessionState::SignedOut);
        inner.ended.borrow_mut().extend(inside.map(|it| it.connection().id.clone()));
        sign_out_all(&sessions, here);
    }

    /// A session changed.
    fn follow(self, id: &str, state: &SessionState, was_in: bool) {
        let Some(inner) = self.inner.try_get_value() else { return };
        match state {
            SessionState::Active(info) if info.accepted => {
                self.with(|it| it.accepted(id));
                // The answer told the time by the service: what is left of the token is known from here on.
                self.turn();
            }
            SessionState::Active(_) => {}
            SessionState::Expired(_) => {
                self.with(|it| it.rejected(id, clock::monotonic_ms()));
                self.turn();
            }
            SessionState::SignedOut if was_in => {
                if inner.ended.borrow_mut().remove(id) {
                    return;
                }
                self.with(|it| it.stop(id));
                if self.host_signs.get_untracked() {
                    self.note_standing(id.to_owned(), Standing::SignedOut);
                }
                self.say(&Said::SignedOut(id.to_owned()));
            }
            SessionState::SignedOut => {}
        }
    }

    fn note_standing(self, connection: String, standing: Standing) {
        self.standings.try_update(|it| it.insert(connection, standing));
    }

    fn note_route(self) {
        let Some(inner) = self.inner.try_get_value() else { return };
        let route = told(&location::search());
        if *inner.route.borrow() != route {
            inner.route.borrow_mut().clone_from(&route);
            self.say(&Said::Route(route));
        }
    }

    fn watch_unsaved(self) {
        let Some(unsaved) = self.unsaved else { return };
        let inner = self.inner.get_value();
        effect(move |_| {
            let dirty = unsaved.reasons().into_iter().any(Reason::is_lost);
            // Against what the host was told, and not against the last look: nobody looks while the self-check is shown.
            if dirty != inner.told_dirty.replace(dirty) {
                self.say(&Said::Dirty(dirty));
            }
            if !dirty && let Some(tag) = self.locale.get() {
                self.locale.set(None);
                self.speak(&tag);
                self.redraws.update(|it| *it += 1);
            }
        });
    }

    fn note_refusal(self, refusal: Refusal) {
        let code = match refusal {
            Refusal::Clipboard => "clipboard_refused",
            Refusal::Storage => {
                self.say_once(Line::NothingKept);
                "storage_refused"
            }
        };
        self.say(&Said::Problem(code));
    }

    fn say_once(self, line: Line) {
        self.lines.try_update(|it| it.push(line));
    }
}
