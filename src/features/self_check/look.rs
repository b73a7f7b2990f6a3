//! Looks at the deployment: at its own files as the browser gets them, and at each connection without a credential.

use hosting::{Part, part_of};

use super::observed::{Abilities, Observed, Seen, Tried};
use crate::domain::KeyId;
use crate::features::release::RELEASE_FILE;
use crate::http::probe::{Look, Sight, look};
use crate::platform::{deployment, idb, location, portal, storage};
use crate::session::{Config, Connection};
use crate::systems::{Call, Client};

/// A hashed file that no build has.
const MISSING: &str = "latchkey-0000000000000000.js";

/// The settings beside the page.
const CONFIG_FILE: &str = "config.json";

/// How no name in the database begins: whether it can be read is all that is asked.
const NOTHING: &str = "\u{1}";

/// Looks at everything; `done` is told how many of how many things were looked at.
pub(super) async fn observe(config: Option<&Config>, done: impl Fn(usize, usize)) -> Observed {
    let release = deployment::release();
    let mut paths = vec![String::new(), CONFIG_FILE.to_owned()];
    if release.is_some() {
        paths.push(RELEASE_FILE.to_owned());
    }
    paths.extend(deployment::files().into_iter().filter(|it| part_of(it) == Part::Asset));
    let connections = config.map(|it| it.connections.as_slice()).unwrap_or_default();

    let all = paths.len() + connections.len() + 1;
    let mut count = 0;
    let mut next = || {
        count += 1;
        done(count, all);
    };
    let mut res = Observed {
        release,
        is_encrypted: deployment::is_encrypted(),
        is_secure: deployment::is_secure(),
        is_framed: portal::is_framed(),
        portals: config.map(|it| it.portals.clone()).unwrap_or_default(),
        ..Observed::default()
    };
    // One after the other: a check is in no hurry, and a server with few workers has others to answer.
    for path in paths {
        res.files.push(file(path).await);
        next();
    }
    res.missing = look(&location::href(MISSING), Look::Whole).await;
    next();
    for connection in connections {
        res.connections.push(tried(connection).await);
        next();
    }
    res.enforces = deployment::enforces_policy().await;
    res.abilities = abilities().await;
    res
}

async fn file(path: String) -> Seen {
    let part = part_of(&path);
    let url = location::href(&path);
    // Programs are large, and their headers say what is asked.
    let sight = look(&url, if part == Part::Asset { Look::Head } else { Look::Whole }).await;
    let again = match (part, &sight) {
        (Part::Asset, _) | (_, None) => None,
        (_, Some(sight)) => again(&url, sight).await,
    };
    let sizes = deployment::sizes(&path);
    Seen { path, part, sight, again, sizes }
}

/// What one is answered who has this version.
async fn again(url: &str, sight: &Sight) -> Option<u16> {
    let mark = sight.headers.get("ETag")?;
    look(url, Look::Unless(mark)).await.map(|it| it.status)
}

async fn tried(connection: &Connection) -> Tried {
    let unsigned = connection.unsigned();
    let folder = own_path(&unsigned.base());
    // A key that no system has: who is not signed in is refused before anybody looks for it.
    let client = Client::new(connection.system, unsigned);
    let (request, address) = client.request(&Call::Get(KeyId("0".to_owned())));
    let sight = match own_path(&address) {
        Some(path) => look(&path, Look::With(&request.headers)).await,
        None => None,
    };
    let refuses = sight.as_ref().is_some_and(|it| client.asks_sign_in(&request, it.status, &it.start));
    Tried { name: connection.name.clone(), folder, sight, refuses }
}

/// The path of an address of this origin; calls to another are forbidden.
fn own_path(address: &str) -> Option<String> {
    let path = address.strip_prefix(&location::origin())?;
    path.starts_with('/').then(|| path.to_owned())
}

async fn abilities() -> Abilities {
    let (session, storage) = storage::keeps();
    Abilities {
        session,
        storage,
        database: idb::read(NOTHING).await.is_ok(),
        locks: deployment::has_locks(),
        clipboard: deployment::has_clipboard(),
        trusted_types: deployment::has_trusted_types(),
    }
}
