use std::collections::BTreeMap;

use crate::domain::{Secret, Timestamp};
use crate::platform::portal::Plain;

use super::heard::{Heard, ThemeWish, View, Welcome, read};
use super::refresh::{Clock, Life, Refresh, Standing, Step};
use super::said::Said;

/// How often the console says hello, and how long it waits in between, in milliseconds.
const HELLOS: u32 = 10;
const HELLO_MS: f64 = 1_000.0;

/// The least time between two counts of ignored messages, in milliseconds.
const COUNT_MS: f64 = 1_000.0;

/// What shall happen.
pub enum Do {
    /// Say hello, with a new port; older ones are closed.
    Greet,
    /// Go on as a page by itself: nobody answered.
    GiveUp,
    /// The host is there, and wants it so.
    Start(Box<Welcome>),
    /// Say this to the host.
    Say(Said),
    /// A token came for this connection. Whoever reads it says how long it lasts, or that it is none.
    Token {
        /// The connection's id.
        connection: String,
        /// The token.
        token: Secret,
        /// From now on, in seconds, where the host says it.
        expires_in: Option<f64>,
    },
    /// Another standing of a connection.
    Stands(String, Standing),
    /// Another theme.
    Theme(ThemeWish),
    /// Another language of dates and numbers.
    Locale(String),
    /// Whether nothing may be changed.
    ReadOnly(bool),
    /// Show this.
    Route(String),
    /// May the host leave?
    Leave(String),
    /// This part is on the screen.
    View(View),
    /// Everything ends.
    SignOut,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Greeting,
    Open { host_signs: bool },
    Alone,
}

/// Where the two stand with each other.
pub struct Contract {
    phase: Phase,
    hellos: u32,
    greeted_ms: f64,
    ignored: u64,
    counted: u64,
    counted_ms: f64,
    /// The number of the last request for a token: no two connections share one.
    requests: u64,
    refreshes: BTreeMap<String, (&'static str, Refresh)>,
}

impl Contract {
    /// Before the first hello.
    #[expect(clippy::new_without_default, reason = "a contract does not begin by chance")]
    #[must_use]
    pub fn new() -> Self {
        Self {
            phase: Phase::Greeting,
            hellos: 0,
            greeted_ms: f64::NEG_INFINITY,
            ignored: 0,
            counted: 0,
            counted_ms: f64::NEG_INFINITY,
            requests: 0,
            refreshes: BTreeMap::new(),
        }
    }

    /// A message that has no place in the contract.
    pub fn ignore(&mut self) {
        self.ignored = self.ignored.saturating_add(1);
    }

    /// How many messages were ignored so far.
    #[must_use]
    pub fn ignored(&self) -> u64 {
        self.ignored
    }

    /// A message came through the port.
    pub fn hear(&mut self, message: Plain, steady_ms: f64) -> Vec<Do> {
        let heard = read(message).and_then(|it| self.obey(it, steady_ms));
        heard.unwrap_or_else(|| {
            self.ignore();
            Vec::new()
        })
    }

    /// Nothing for what is not to be said now.
    fn obey(&mut self, heard: Heard, steady_ms: f64) -> Option<Vec<Do>> {
        if let (Phase::Greeting, Heard::Welcome(welcome)) = (self.phase, &heard) {
            self.phase = Phase::Open { host_signs: welcome.host_signs };
        } else if matches!(heard, Heard::Welcome(_)) || !matches!(self.phase, Phase::Open { .. }) {
            return None;
        }
        Some(match heard {
            Heard::Welcome(it) => vec![Do::Start(it)],
            Heard::Token { id, token, expires_in } => {
                let connection = self.asked(&id)?;
                vec![Do::Token { connection, token, expires_in }]
            }
            Heard::TokenRefused { id, signed_out } => {
                let connection = self.asked(&id)?;
                let (_, refresh) = self.refreshes.get_mut(&connection)?;
                if signed_out {
                    refresh.stop();
                } else {
                    refresh.failed(steady_ms);
                }
                let standing = refresh.standing();
                vec![Do::Say(Said::Problem("token_refused")), Do::Stands(connection, standing)]
            }
            Heard::Theme(it) => vec![Do::Theme(it)],
            Heard::Locale(it) => vec![Do::Locale(it)],
            Heard::ReadOnly(on) => vec![Do::ReadOnly(on)],
            Heard::Route(it) => vec![Do::Route(it)],
            Heard::Leave(id) => vec![Do::Leave(id)],
            Heard::View(it) => vec![Do::View(it)],
            Heard::SignOut => {
                let mut res = vec![Do::SignOut];
                for (connection, (_, refresh)) in &mut self.refreshes {
                    refresh.stop();
                    res.push(Do::Stands(connection.clone(), refresh.standing()));
                }
                res
            }
        })
    }

    /// The connection whose request is open under that id.
    fn asked(&self, id: &str) -> Option<String> {
        let found = self.refreshes.iter().find(|(_, (_, it))| it.awaits(id));
        found.map(|(connection, _)| connection.clone())
    }

    /// What the time makes necessary. To be called every second, and after everything that may need a token. `server`
    /// tells the time by the service of a connection, once an answer told it.
    pub fn tick(&mut self, steady_ms: f64, server: impl Fn(&str) -> Option<Timestamp>) -> Vec<Do> {
        let mut res = Vec::new();
        match self.phase {
            Phase::Greeting => self.greet(steady_ms, &mut res),
            Phase::Open { host_signs } => {
                if host_signs {
                    self.refresh(steady_ms, server, &mut res);
                }
                if self.ignored > self.counted && steady_ms - self.counted_ms >= COUNT_MS {
                    (self.counted, self.counted_ms) = (self.ignored, steady_ms);
                    res.push(Do::Say(Said::Ignored(self.ignored)));
                }
            }
            Phase::Alone => {}
        }
        res
    }

    fn greet(&mut self, steady_ms: f64, res: &mut Vec<Do>) {
        if steady_ms - self.greeted_ms < HELLO_MS {
            return;
        }
        self.greeted_ms = steady_ms;
        if self.hellos == HELLOS {
            self.phase = Phase::Alone;
            return res.push(Do::GiveUp);
        }
        self.hellos += 1;
        res.push(Do::Greet);
    }

    fn refresh(&mut self, steady_ms: f64, server: impl Fn(&str) -> Option<Timestamp>, res: &mut Vec<Do>) {
        for (connection, (system, refresh)) in &mut self.refreshes {
            let before = refresh.standing();
            let now = Clock { steady_ms, server: server(connection) };
            match refresh.tick(now, &mut self.requests) {
                Some(Step::Ask { id, reason }) => res.push(Do::Say(Said::TokenRequest {
                    id: id.to_string(),
                    connection: connection.clone(),
                    system,
                    reason,
                })),
                Some(Step::TimedOut) => res.push(Do::Say(Said::Problem("token_timeout"))),
                None => {}
            }
            // To be asked again while one is there is no news for the screen.
            if before != refresh.standing() {
                res.push(Do::Stands(connection.clone(), refresh.standing()));
            }
        }
    }

    /// A token of this connection is needed.
    pub fn need(&mut self, connection: &str, system: &'static str) {
        let entry = self.refreshes.entry(connection.to_owned());
        entry.or_insert_with(|| (system, Refresh::new())).1.need();
    }

    /// The token that came for a connection is one, and lasts so long.
    pub fn took(&mut self, connection: &str, life: Life, steady_ms: f64) {
        self.with(connection, |it| it.got(life, steady_ms));
    }

    /// What came for a connection is no token.
    pub fn refused(&mut self, connection: &str, steady_ms: f64) {
        self.with(connection, |it| it.failed(steady_ms));
    }

    /// The service took the token of a connection.
    pub fn accepted(&mut self, connection: &str) {
        self.with(connection, Refresh::accepted);
    }

    /// The service refused the token of a connection.
    pub fn rejected(&mut self, connection: &str, steady_ms: f64) {
        self.with(connection, |it| it.rejected(steady_ms));
    }

    /// The reader wants the host to be asked again.
    pub fn ask_again(&mut self, connection: &str) {
        self.with(connection, Refresh::ask_again);
    }

    /// The reader signed out of a connection.
    pub fn stop(&mut self, connection: &str) {
        self.with(connection, Refresh::stop);
    }

    /// The browser is online again, or the page is looked at again.
    pub fn wake(&mut self) {
        for (_, refresh) in self.refreshes.values_mut() {
            refresh.wake();
        }
    }

    /// Where a connection stands.
    #[must_use]
    pub fn standing(&self, connection: &str) -> Standing {
        self.refreshes.get(connection).map(|(_, it)| it.standing()).unwrap_or_default()
    }

    fn with(&mut self, connection: &str, f: impl FnOnce(&mut Refresh)) {
        if let Some((_, refresh)) = self.refreshes.get_mut(connection) {
            f(refresh);
        }
    }
}
