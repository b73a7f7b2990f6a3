//! The start options.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

use crate::app::{Account, StartKey};
use crate::store::Place;
use crate::switches::Switches;

/// A local gateway that serves the key systems' APIs from their documents.
#[derive(Debug, Clone, Parser)]
#[command(name = "latchkey-gateway", version)]
pub struct Options {
    /// Address and port to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// A file, or `memory`.
    #[arg(long, default_value = "memory")]
    pub store: Place,
    /// How many demo keys a new store starts with.
    #[arg(long, default_value_t = 0)]
    pub keys: u32,
    /// The number that decides what the demo keys look like.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The only account, as `USER:PASSWORD`.
    #[arg(long, default_value = "demo:demo")]
    pub account: Account,
    /// The Solifyn API key that may do everything.
    #[arg(long, value_name = "KEY", default_value = "fyn_key_demo")]
    pub solifyn_key: StartKey,
    /// The Solifyn API key that may only read.
    #[arg(long, value_name = "KEY", default_value = "fyn_key_demo_read")]
    pub solifyn_read_only_key: StartKey,
    /// The Qlik token of the tenant administrator.
    #[arg(long, value_name = "TOKEN", default_value = "demo-qlik-admin")]
    pub qlik_token: StartKey,
    /// The Qlik token of a plain user.
    #[arg(long, value_name = "TOKEN", default_value = "demo-qlik-user")]
    pub qlik_user_token: StartKey,
    /// A folder with the built app, served at the root.
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub serve: Option<PathBuf>,
    /// Another path the API is served under, such as `/qualys/eu1`; may be given more than once.
    #[arg(long = "prefix", value_name = "PATH", value_parser = prefix)]
    pub prefixes: Vec<String>,
    /// Serves `/_control`: switches, faults, the request log and raw keys.
    #[arg(long)]
    pub control: bool,
    /// The switches' start values.
    #[command(flatten)]
    pub switches: Switches,
}

/// Checks that the folder is there: a misspelt one would only show as 404s.
fn folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { Err("there is no such folder".to_owned()) }
}

/// Checks a prefix: `/` and plain segments, no slash at the end, no clash with a path of our own.
fn prefix(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let Some(rest) = text.strip_prefix('/') else {
        return Err("a prefix starts with `/` and names at least one segment".to_owned());
    };
    let is_plain = |segment: &str| {
        !segment.is_empty()
            && segment.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~'))
            && segment.chars().any(|c| c != '.')
    };
    if !rest.split('/').all(is_plain) {
        return Err("a prefix is made of letters, digits, `-`, `_`, `.` and `~`".to_owned());
    }
    match rest.split('/').next() {
        Some("_control" | "api" | "auth" | "caui" | "qps" | "resources" | "v1") => {
            Err("this prefix belongs to the gateway itself".to_owned())
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn a_prefix_is_plain_segments() {
        assert_eq!(prefix("/qualys/eu1/"), Ok("/qualys/eu1".to_owned()));
        for text in [
            "",
            "/",
            "qualys",
            "//",
            "/a//b",
            "/a b",
            "/{id}",
            "/*x",
            "/..",
            "/_control",
            "/auth/x",
            "/v1",
            "/api",
        ] {
            assert!(prefix(text).is_err(), "{text} must be refused");
        }
    }
}
