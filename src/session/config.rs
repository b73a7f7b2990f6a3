use std::rc::Rc;

use futures_util::future::{self, FutureExt as _, LocalBoxFuture};
use serde::Deserialize;

use super::base_url::{self, BaseUrlProblem};
use super::portal;
use crate::http::{
    ApiError, Authority, BrowserTimer, Cancel, Cancelled, Credential, FetchTransport, Http, Method, Request,
    Timer, Transport,
};
use crate::platform::location;
use crate::systems::System;

/// The form of `config.json` this app reads.
const VERSION: u32 = 1;

/// What an address says for all connections together.
const ALL: &str = "all";

/// `config.json` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// The form of the file; 1 when left out.
    pub version: Option<u32>,
    /// The connections, in the order they are offered.
    pub connections: Vec<ConnectionFile>,
    /// Who may show the console in a frame; nobody when left out. See `portal.rs`.
    pub portals: Option<Vec<String>>,
}

/// A connection as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionFile {
    /// A short name for addresses and storage: letters, digits, `-` and `_`, but not `all`.
    pub id: String,
    /// The name a reader sees.
    pub name: String,
    /// The system's id, such as `qualys-gateway`.
    pub system: String,
    /// See [`base_url::read`].
    pub base_url: String,
}

/// A system at an address, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its short name, unique.
    pub id: String,
    /// The name a reader sees.
    pub name: String,
    /// Which API it speaks.
    pub system: System,
    /// Where, in the one form of [`base_url::read`].
    pub base_url: String,
}

/// The configuration, checked: at least one connection, no id twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The connections, in the order they are offered.
    pub connections: Vec<Connection>,
    /// The origins that may show the console in a frame.
    pub portals: Vec<String>,
}

/// Why there is no configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigProblem {
    /// `config.json` could not be fetched.
    Fetch(ApiError),
    /// It is not JSON of the right shape.
    Json {
        /// What the reader of the JSON says, with line and column; it names a missing or unknown field.
        detail: String,
    },
    /// A field is wrong.
    Field {
        /// Which, as `connections[1].base_url`.
        field: String,
        /// In what way.
        problem: FieldProblem,
    },
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// Nothing in it.
    Empty,
    /// Characters an id must not hold.
    Characters,
    /// An id that means something else in addresses.
    Reserved,
    /// Another connection has this id.
    Duplicate,
    /// No system of that name.
    UnknownSystem,
    /// A form of the file this app does not know.
    Version,
    /// Not an allowed address.
    BaseUrl(BaseUrlProblem),
    /// Not an exact origin.
    Origin,
    /// An origin that is not secure.
    InsecureOrigin,
}

impl Connection {
    /// Calls to it that nobody signs, nor may sign.
    #[must_use]
    pub fn unsigned(&self) -> Http {
        Http::new(&self.base_url, Rc::new(FetchTransport), Rc::new(BrowserTimer), Rc::new(Nobody))
    }
}

impl Config {
    /// Reads and checks the text of `config.json`.
    ///
    /// # Errors
    /// The first problem, by its field.
    pub fn read(text: &str) -> Result<Self, ConfigProblem> {
        let file: ConfigFile =
            serde_json::from_str(text).map_err(|err| ConfigProblem::Json { detail: err.to_string() })?;
        Self::try_from(file)
    }

    /// The connection with that id.
    #[must_use]
    pub fn connection(&self, id: &str) -> Option<&Connection> {
        self.connections.iter().find(|it| it.id == id)
    }
}

impl TryFrom<ConfigFile> for Config {
    type Error = ConfigProblem;

    fn try_from(file: ConfigFile) -> Result<Self, ConfigProblem> {
        let wrong = |field: &str, problem| Err(ConfigProblem::Field { field: field.to_owned(), problem });
        if file.version.is_some_and(|it| it != VERSION) {
            return wrong("version", FieldProblem::Version);
        }
        if file.connections.is_empty() {
            return wrong("connections", FieldProblem::Empty);
        }
        let mut connections: Vec<Connection> = Vec::new();
        for (at, file) in file.connections.into_iter().enumerate() {
            let of = |name: &str| ["connections[", &at.to_string(), "].", name].concat();
            let connection = Connection::try_from(file)
                .map_err(|(name, problem)| ConfigProblem::Field { field: of(name), problem })?;
            if connections.iter().any(|it| it.id == connection.id) {
                return wrong(&of("id"), FieldProblem::Duplicate);
            }
            connections.push(connection);
        }
        let mut portals: Vec<String> = Vec::new();
        for (at, origin) in file.portals.unwrap_or_default().into_iter().enumerate() {
            let field = ["portals[", &at.to_string(), "]"].concat();
            if let Err(problem) = portal::check(&origin) {
                return wrong(&field, problem);
            }
            if portals.contains(&origin) {
                return wrong(&field, FieldProblem::Duplicate);
            }
            portals.push(origin);
        }
        Ok(Self { connections, portals })
    }
}

impl TryFrom<ConnectionFile> for Connection {
    type Error = (&'static str, FieldProblem);

    fn try_from(file: ConnectionFile) -> Result<Self, Self::Error> {
        let ConnectionFile { id, name, system, base_url } = file;
        if id.is_empty() {
            return Err(("id", FieldProblem::Empty));
        }
        if !id.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it)) {
            return Err(("id", FieldProblem::Characters));
        }
        if id == ALL {
            return Err(("id", FieldProblem::Reserved));
        }
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(("name", FieldProblem::Empty));
        }
        let system = System::parse(&system).ok_or(("system", FieldProblem::UnknownSystem))?;
        let base_url = base_url::read(&base_url).map_err(|it| ("base_url", FieldProblem::BaseUrl(it)))?;
        Ok(Self { id, name, system, base_url })
    }
}

/// Fetches and checks the `config.json` beside the app.
///
/// # Errors
/// [`ConfigProblem`].
pub async fn load_config() -> Result<Config, ConfigProblem> {
    load_from(&location::base(), Rc::new(FetchTransport), Rc::new(BrowserTimer)).await
}

async fn load_from(
    folder: &str,
    transport: Rc<dyn Transport>,
    timer: Rc<dyn Timer>,
) -> Result<Config, ConfigProblem> {
    let http = Http::new(folder, transport, timer, Rc::new(Nobody));
    let request = Request::read(Method::Get, "config.json").unsigned();
    let response = http.send(&request, &Cancel::new()).await.map_err(ConfigProblem::Fetch)?;
    Config::read(&response.text)
}

/// Signs nothing.
struct Nobody;

impl Authority for Nobody {
    fn credential(&self) -> Option<Credential> {
        None
    }

    fn rejected(&self, _used: &Credential) {}

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        future::ready(Err(Cancelled)).boxed_local()
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests {
    use super::*;
    use crate::http::testing::{World, answer};

    const GOOD: &str = r#"{"version":1,"connections":[
        {"id":"local","name":"Local gateway","system":"qualys-gateway","base_url":"/"},
        {"id":"eu-1","name":" Europe ","system":"qualys-gateway","base_url":"/qualys/eu1"}]}"#;

    #[test]
    fn a_good_file_is_read() {
        let config = Config::read(GOOD).expect("a good file");
        let europe = config.connection("eu-1").expect("a connection");
        assert_eq!((europe.name.as_str(), europe.base_url.as_str()), ("Europe", "/qualys/eu1/"));
        assert_eq!(config.connections.first().map(|it| it.system), System::parse("qualys-gateway"));
        assert_eq!(config.connection("us"), None);
    }

    #[test]
    fn a_wrong_field_is_named() {
        let check = |from: &str, to: &str, field: &str, problem: FieldProblem| {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            let want = ConfigProblem::Field { field: field.to_owned(), problem };
            assert_eq!(Config::read(&text), Err(want));
        };
        check("\"version\":1", "\"version\":2", "version", FieldProblem::Version);
        check("\"id\":\"local\"", "\"id\":\"\"", "connections[0].id", FieldProblem::Empty);
        check("\"id\":\"local\"", "\"id\":\"a b\"", "connections[0].id", FieldProblem::Characters);
        check("\"id\":\"local\"", "\"id\":\"all\"", "connections[0].id", FieldProblem::Reserved);
        check("\"id\":\"local\"", "\"id\":\"eu-1\"", "connections[1].id", FieldProblem::Duplicate);
        check(" Europe ", "  ", "connections[1].name", FieldProblem::Empty);
        check("qualys-gateway", "qualys", "connections[0].system", FieldProblem::UnknownSystem);
        let insecure = FieldProblem::BaseUrl(BaseUrlProblem::Insecure);
        check("/qualys/eu1", "http://gateway.example", "connections[1].base_url", insecure);
        let empty = ConfigProblem::Field { field: "connections".to_owned(), problem: FieldProblem::Empty };
        assert_eq!(Config::read(r#"{"connections":[]}"#), Err(empty));
    }

    #[test]
    fn a_missing_or_unknown_field_is_named_too() {
        let check = |from: &str, to: &str, name: &str| match Config::read(&GOOD.replacen(from, to, 1)) {
            Err(ConfigProblem::Json { detail }) => assert!(detail.contains(name), "{detail}"),
            other => panic!("{name}: {other:?}"),
        };
        check("\"name\":\"Local gateway\",", "", "name");
        check("\"base_url\"", "\"baseUrl\"", "baseUrl");
        check("\"connections\"", "\"servers\"", "servers");
        check("\"id\":\"local\"", "\"id\":7", "integer");
        check("{", "", "line 1");
    }

    #[test]
    fn the_file_is_asked_for_beside_the_app_without_a_token() {
        let mut world = World::new();
        let (transport, timer) = (world.network.clone(), world.timer.clone());
        let loading = world.start(async move { load_from("/admin/", transport, timer).await });
        assert_eq!(world.network.urls(), ["/admin/config.json"]);
        assert_eq!(world.network.0.borrow().first().and_then(|it| it.bearer().map(str::to_owned)), None);
        world.ok(0, GOOD);
        assert_eq!(loading.take(), Config::read(GOOD));
    }

    #[test]
    fn a_file_that_is_not_there_is_a_fetch_problem() {
        let mut world = World::new();
        let (transport, timer) = (world.network.clone(), world.timer.clone());
        let loading = world.start(async move { load_from("/", transport, timer).await });
        world.reply(0, answer(404, &[], ""));
        assert!(matches!(loading.take(), Err(ConfigProblem::Fetch(_))));
    }
}
