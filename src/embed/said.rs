//! What the console says.

use crate::platform::portal::Plain;

use super::VERSION;
use super::refresh::Reason;

/// A message to the host. None holds a key's value, a token, a title, or a query about a key's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// The console is on the screen.
    Ready {
        /// Which program, as its build names it.
        release: String,
    },
    /// A token is needed.
    TokenRequest {
        /// The answer has it, too.
        id: String,
        /// For which connection.
        connection: String,
        /// Of which system.
        system: &'static str,
        /// Why now.
        reason: Reason,
    },
    /// The address changed.
    Route(String),
    /// What the content needs, in CSS pixels.
    Height(f64),
    /// Whether something would be lost.
    Dirty(bool),
    /// The answer to the host's question.
    LeaveAnswer {
        /// The question.
        id: String,
        /// Nothing is lost, or the reader does not mind.
        may_leave: bool,
    },
    /// The reader signed out here, of this connection.
    SignedOut(String),
    /// Keys changed.
    Event(Event),
    /// Something does not work here, by its code.
    Problem(&'static str),
    /// So many messages were ignored so far.
    Ignored(u64),
}

/// A change to keys that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What: `key.created` and so on.
    pub name: &'static str,
    /// Where.
    pub connection: String,
    /// The key's id, if it is one.
    pub key: Option<String>,
    /// How many keys, if they are many.
    pub count: Option<usize>,
    /// When, by the service's clock, as ISO 8601.
    pub at: String,
}

impl Said {
    /// The message as it goes over the port.
    #[must_use]
    pub fn plain(&self) -> Plain {
        match self {
            Self::Ready { release } => {
                let version = Plain::Number(f64::from(VERSION));
                message("ready", vec![field("version", version), text("release", release)])
            }
            Self::TokenRequest { id, connection, system, reason } => message(
                "token_request",
                vec![
                    text("id", id),
                    text("connection", connection),
                    text("system", system),
                    text("reason", reason.name()),
                ],
            ),
            Self::Route(route) => message("route", vec![text("route", route)]),
            Self::Height(height) => message("height", vec![field("height", Plain::Number(*height))]),
            Self::Dirty(dirty) => message("dirty", vec![field("dirty", Plain::Flag(*dirty))]),
            Self::LeaveAnswer { id, may_leave } => {
                message("leave_answer", vec![text("id", id), field("may_leave", Plain::Flag(*may_leave))])
            }
            Self::SignedOut(connection) => message("signed_out", vec![text("connection", connection)]),
            Self::Event(event) => {
                let mut fields = vec![
                    text("name", event.name),
                    text("connection", &event.connection),
                    text("at", &event.at),
                ];
                fields.extend(event.key.as_ref().map(|it| text("key", it)));
                fields.extend(event.count.map(|it| field("count", number(it))));
                message("event", fields)
            }
            Self::Problem(code) => message("problem", vec![text("code", code)]),
            Self::Ignored(count) => message("ignored", vec![field("count", Plain::Number(*count as f64))]),
        }
    }
}

/// The first word, which goes to the window around with a port.
#[must_use]
pub fn hello(release: &str) -> Plain {
    Plain::Fields(vec![
        text("latchkey", "hello"),
        field("versions", Plain::Numbers(vec![f64::from(VERSION)])),
        text("release", release),
    ])
}

fn message(name: &str, mut fields: Vec<(String, Plain)>) -> Plain {
    fields.insert(0, text("type", name));
    fields.insert(0, field("v", Plain::Number(f64::from(VERSION))));
    Plain::Fields(fields)
}

fn field(name: &str, value: Plain) -> (String, Plain) {
    (name.to_owned(), value)
}

fn text(name: &str, value: &str) -> (String, Plain) {
    field(name, Plain::Text(value.to_owned()))
}

fn number(count: usize) -> Plain {
    Plain::Number(u32::try_from(count).map_or(f64::MAX, f64::from))
}
