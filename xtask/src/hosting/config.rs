//! What the configurations of servers need of the console's own `config.json`.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::read::{Fields, any, origin, site_path};

/// A connection, as far as a server is concerned.
#[derive(Debug, PartialEq)]
pub(super) struct Connection {
    /// Its id.
    pub(super) id: String,
    /// The path on the console's origin, with `/` at both ends.
    pub(super) path: String,
}

/// The file, as far as a server is concerned.
#[derive(Debug, PartialEq)]
pub(super) struct Config {
    /// The connections.
    pub(super) connections: Vec<Connection>,
    /// The origins that may frame the console.
    pub(super) portals: Vec<String>,
}

/// The origins that may frame the console, of the text of a `config.json`.
///
/// # Errors
/// If one is no exact origin.
pub(crate) fn portals(text: &str) -> Result<Vec<String>> {
    let value: Value = serde_json::from_str(text).context("config.json is no JSON")?;
    Fields::of(&value, "")?.texts("portals", origin)
}

/// Reads it.
///
/// # Errors
/// The first problem, by its field. What concerns the console alone is for the console to check.
pub(super) fn read(text: &str) -> Result<Config> {
    let value: Value = serde_json::from_str(text).context("it is no JSON")?;
    let fields = Fields::of(&value, "")?;
    let portals = fields.texts("portals", origin)?;
    let list =
        fields.value("connections").and_then(Value::as_array).context("connections: expected a list")?;
    let mut connections = Vec::new();
    for (at, value) in list.iter().enumerate() {
        let fields = Fields::of(value, &format!("connections[{at}]"))?;
        let id = fields.needed("id", any)?;
        if id.is_empty() || !id.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it)) {
            bail!("{}: `{id}`: expected letters, digits, `-` and `_`", fields.place("id"));
        }
        let path = fields.needed("base_url", same_origin)?;
        let path = if path.ends_with('/') { path } else { format!("{path}/") };
        connections.push(Connection { id, path });
    }
    Ok(Config { connections, portals })
}

fn same_origin(text: &str) -> Result<()> {
    if text.contains("://") {
        bail!(
            "the policy lets the console call its own origin alone: expected a path that this server passes on"
        );
    }
    site_path(text)
}
