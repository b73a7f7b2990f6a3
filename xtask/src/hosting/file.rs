//! `hosting.json`: where and how a console is hosted. docs/hosting.md describes the fields.

use ::hosting::Site;
use ::hosting::generate::{Deployment, Proxy, Tls, Upstream};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::config::Config;
use super::read::{Fields, address, any, file_path, host, is_loopback, reports, site_path};

/// The form of the file that is read here.
const VERSION: u64 = 1;

/// Where Debian keeps the authorities that the world trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The file, checked by itself.
#[derive(Debug)]
pub(super) struct HostingFile {
    /// The `config.json`, relative to this file.
    pub(super) config: String,
    deployment: Deployment,
    upstreams: Vec<(String, Platform)>,
}

/// What a connection leads to.
#[derive(Debug, Clone, PartialEq)]
struct Platform {
    upstream: Upstream,
    ca: String,
    cookies: bool,
}

/// Reads and checks it.
///
/// # Errors
/// The first problem, by its field.
pub(super) fn read(text: &str) -> Result<HostingFile> {
    let value: Value = serde_json::from_str(text).context("it is no JSON")?;
    let fields = Fields::of(&value, "")?;
    if fields.value("version").and_then(Value::as_u64) != Some(VERSION) {
        bail!("version: expected {VERSION}");
    }
    let config = fields.text("config", any)?.unwrap_or_else(|| "config.json".to_owned());
    let tls = match fields.value("tls") {
        Some(Value::String(word)) if word == "before" => Tls::Before,
        Some(value) => {
            let fields =
                Fields::of(value, "tls").context("or the word `before`, when TLS ends before this server")?;
            let tls = Tls::Here {
                certificate: fields.needed("certificate", file_path)?,
                key: fields.needed("key", file_path)?,
            };
            fields.end()?;
            tls
        }
        None => bail!("tls: is missing"),
    };
    let authorities = fields.text("ca", file_path)?.unwrap_or_else(|| AUTHORITIES.to_owned());
    let deployment = Deployment {
        host: fields.needed("host", host)?,
        path: closed(fields.needed("path", site_path)?),
        folder: fields.needed("folder", file_path)?.trim_end_matches('/').to_owned(),
        tls,
        address: fields.text("address", address)?,
        https_port: fields.port("https_port", 443)?,
        http_port: fields.port("http_port", 80)?,
        resolvers: fields.texts("resolvers", address)?,
        nginx_brotli: fields.flag("nginx_brotli", false)?,
        log: fields.text("log", file_path)?,
        site: Site {
            portals: Vec::new(),
            hsts: fields.flag("hsts", true)?,
            reports: fields.text("reports", reports)?,
        },
        proxies: Vec::new(),
    };
    if deployment.folder.is_empty() {
        bail!("folder: the whole disk is no folder of a console");
    }
    let upstreams = upstreams(&fields, &authorities)?;
    fields.end()?;
    Ok(HostingFile { config, deployment, upstreams })
}

fn upstreams(fields: &Fields<'_>, authorities: &str) -> Result<Vec<(String, Platform)>> {
    let Some(value) = fields.value("upstreams") else { return Ok(Vec::new()) };
    let all =
        value.as_object().context("upstreams: expected an object, with the ids of connections as names")?;
    let mut res = Vec::new();
    for (id, value) in all {
        let fields = Fields::of(value, &format!("upstreams.{id}"))?;
        let url = fields.needed("url", any)?;
        let platform = Platform {
            upstream: upstream(&url).with_context(|| format!("{}: `{url}`", fields.place("url")))?,
            ca: fields.text("ca", file_path)?.unwrap_or_else(|| authorities.to_owned()),
            cookies: fields.flag("cookies", false)?,
        };
        fields.end()?;
        res.push((id.clone(), platform));
    }
    Ok(res)
}

/// Reads `https://host[:port][/base]`.
fn upstream(url: &str) -> Result<Upstream> {
    let (scheme, rest) = url.split_once("://").context("expected https://host")?;
    let (authority, base) = match rest.split_once('/') {
        Some((authority, base)) => (authority, closed(format!("/{base}"))),
        None => (rest, "/".to_owned()),
    };
    site_path(&base)?;
    let (name, port) = match authority.split_once(':') {
        Some((name, port)) => (name, Some(port.parse::<u16>().context("expected a port")?)),
        None => (authority, None),
    };
    host(name)?;
    let (is_tls, usual) = match scheme {
        "https" => (true, 443),
        "http" if is_loopback(name) => (false, 80),
        _ => bail!("expected https://: the credential would travel in the open"),
    };
    // A platform leaves the usual port out when it redirects to itself.
    let port = port.filter(|it| *it != usual);
    Ok(Upstream { is_tls, host: name.to_owned(), port, base })
}

fn closed(path: String) -> String {
    if path.ends_with('/') { path } else { format!("{path}/") }
}

impl HostingFile {
    /// The deployment, with the connections and portals of the console's own configuration.
    ///
    /// # Errors
    /// If a connection has no platform, a platform no connection, or a path would hide another.
    pub(super) fn with(self, config: &Config) -> Result<Deployment> {
        let Self { mut deployment, upstreams, .. } = self;
        deployment.site.portals.clone_from(&config.portals);
        let mut known: Vec<(&str, &Platform)> = Vec::new();
        let mut names: Vec<(String, &str)> = Vec::new();
        for connection in &config.connections {
            let id = &connection.id;
            let Some((_, platform)) = upstreams.iter().find(|(name, _)| name == id) else {
                bail!("upstreams.{id}: is missing: config.json names a connection of that id");
            };
            let path = connection.path.as_str();
            if path == "/" || deployment.path.starts_with(path) {
                bail!(
                    "upstreams.{id}: its connection's base_url `{path}` would hide the console itself: give it a path of its own"
                );
            }
            // Some servers take the first rule that fits and others the last one, and IIS takes capitals for small letters.
            let small = path.to_ascii_lowercase();
            let is_within = |other: &str| {
                let other_small = other.to_ascii_lowercase();
                other != path && (other_small.starts_with(&small) || small.starts_with(&other_small))
            };
            if let Some((other, _)) = known.iter().find(|(other, _)| is_within(other)) {
                bail!(
                    "upstreams.{id}: `{path}` and `{other}` lie one in the other: give each a path of its own"
                );
            }
            match known.iter().find(|(other, _)| *other == path) {
                Some((_, other)) if *other == platform => continue,
                Some(_) => {
                    bail!("upstreams.{id}: another connection has the base_url `{path}` and another platform")
                }
                None => known.push((path, platform)),
            }
            // What servers call the connection's own things by.
            let name = id.to_ascii_lowercase().replace('_', "-");
            match names.iter().find(|(other, _)| *other == name) {
                Some((_, other)) => bail!(
                    "upstreams.{id}: `{other}` is the same id to some servers, which tell capitals from others no more than `-` from `_`"
                ),
                None => names.push((name, id)),
            }
            let Platform { upstream, ca, cookies } = platform.clone();
            deployment.proxies.push(Proxy { id: id.clone(), path: path.to_owned(), upstream, ca, cookies });
        }
        if let Some((id, _)) =
            upstreams.iter().find(|(id, _)| config.connections.iter().all(|it| it.id != *id))
        {
            bail!("upstreams.{id}: config.json names no connection of that id");
        }
        // Servers that look at rules one after the other find the longer path first.
        deployment.proxies.sort_by(|a, b| b.path.len().cmp(&a.path.len()).then_with(|| a.path.cmp(&b.path)));
        Ok(deployment)
    }
}
