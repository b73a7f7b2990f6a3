//! JSON read field by field, so that what is wrong is named by its place.

use std::cell::RefCell;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

/// An object, and which of its fields were asked for.
pub(super) struct Fields<'a> {
    place: String,
    map: &'a Map<String, Value>,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The fields of a value at a place (`""` for the whole file).
    ///
    /// # Errors
    /// If it is no object.
    pub(super) fn of(value: &'a Value, place: &str) -> Result<Self> {
        let map = value.as_object().with_context(|| format!("{}: expected an object", shown(place)))?;
        Ok(Self { place: place.to_owned(), map, known: RefCell::default() })
    }

    /// Where a field is, as `upstreams.eu1.url`.
    pub(super) fn place(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// A field, if it is there.
    pub(super) fn value(&self, name: &'static str) -> Option<&'a Value> {
        self.known.borrow_mut().push(name);
        self.map.get(name)
    }

    /// A text, checked by `check`, if it is there.
    ///
    /// # Errors
    /// If it is no text, or the check fails.
    pub(super) fn text(&self, name: &'static str, check: fn(&str) -> Result<()>) -> Result<Option<String>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let place = self.place(name);
        let text = value.as_str().with_context(|| format!("{place}: expected a text"))?;
        check(text).with_context(|| format!("{place}: `{text}`"))?;
        Ok(Some(text.to_owned()))
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// See [`Self::text`].
    pub(super) fn needed(&self, name: &'static str, check: fn(&str) -> Result<()>) -> Result<String> {
        self.text(name, check)?.with_context(|| format!("{}: is missing", self.place(name)))
    }

    /// Yes or no.
    ///
    /// # Errors
    /// If it is neither.
    pub(super) fn flag(&self, name: &'static str, default: bool) -> Result<bool> {
        let Some(value) = self.value(name) else { return Ok(default) };
        value.as_bool().with_context(|| format!("{}: expected true or false", self.place(name)))
    }

    /// A port.
    ///
    /// # Errors
    /// If it is no number from 1 to 65535.
    pub(super) fn port(&self, name: &'static str, default: u16) -> Result<u16> {
        let Some(value) = self.value(name) else { return Ok(default) };
        let port = value.as_u64().and_then(|it| u16::try_from(it).ok()).filter(|it| *it > 0);
        port.with_context(|| format!("{}: expected a port", self.place(name)))
    }

    /// A list of texts, each checked; empty when left out.
    ///
    /// # Errors
    /// If it is no list, or an entry is no text or wrong.
    pub(super) fn texts(&self, name: &'static str, check: fn(&str) -> Result<()>) -> Result<Vec<String>> {
        let Some(value) = self.value(name) else { return Ok(Vec::new()) };
        let place = self.place(name);
        let list = value.as_array().with_context(|| format!("{place}: expected a list"))?;
        let one = |(at, value): (usize, &Value)| {
            let text = value.as_str().with_context(|| format!("{place}[{at}]: expected a text"))?;
            check(text).with_context(|| format!("{place}[{at}]: `{text}`"))?;
            Ok(text.to_owned())
        };
        list.iter().enumerate().map(one).collect()
    }

    /// Refuses fields nobody asked for: one that is misspelt would otherwise do nothing.
    ///
    /// # Errors
    /// If there is one.
    pub(super) fn end(self) -> Result<()> {
        let known = self.known.borrow();
        match self.map.keys().find(|it| !known.contains(&it.as_str())) {
            None => Ok(()),
            Some(name) => bail!("{}: there is no such field", self.place(name)),
        }
    }
}

fn shown(place: &str) -> &str {
    if place.is_empty() { "the file" } else { place }
}

/// A host name: letters, digits, `-` and `.`.
pub(super) fn host(text: &str) -> Result<()> {
    let is_label = |it: &str| {
        !it.is_empty()
            && !it.starts_with('-')
            && !it.ends_with('-')
            && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')
    };
    if text.len() > 253 || !text.split('.').all(is_label) {
        bail!("expected a host name in lower case");
    }
    Ok(())
}

/// An address to listen on or to ask names at.
pub(super) fn address(text: &str) -> Result<()> {
    text.parse::<std::net::IpAddr>().map(|_| ()).context("expected an IP address")
}

/// A path of the site: `/`, or `/` and plain segments that do not begin with `.` or `_`.
pub(super) fn site_path(text: &str) -> Result<()> {
    let Some(rest) = text.strip_prefix('/') else { bail!("expected a path that begins with `/`") };
    if text == "/" {
        return Ok(());
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let is_plain = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphanumeric())
            && it.chars().all(|it| it.is_ascii_alphanumeric() || "-_.~".contains(it))
    };
    if !rest.split('/').all(is_plain) {
        bail!(
            "expected segments of letters, digits, `-`, `_`, `.` and `~`, the first sign a letter or a digit"
        );
    }
    Ok(())
}

/// An absolute path on the server, of signs that no configuration gives a meaning to.
pub(super) fn file_path(text: &str) -> Result<()> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/-_.~+@".contains(it);
    if !text.starts_with('/') || !text.chars().all(is_plain) || text.split('/').any(|it| it == "..") {
        bail!("expected an absolute path of letters, digits and `-_.~+@`");
    }
    Ok(())
}

/// Any text: checked by whoever reads it.
pub(super) fn any(_text: &str) -> Result<()> {
    Ok(())
}

/// An exact origin: `https://host[:port]`, or `http://` on loopback.
pub(super) fn origin(text: &str) -> Result<()> {
    let (scheme, rest) =
        text.split_once("://").context("expected an origin such as https://portal.example")?;
    let (name, port) = match rest.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (rest, None),
    };
    host(name).context("expected an origin: no path, no wildcard, nothing behind the host but a port")?;
    if port.is_some_and(|it| !it.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == it)) {
        bail!("expected a port");
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_loopback(name) => Ok(()),
        _ => bail!("expected https://"),
    }
}

/// Where reports go: a path of this site, or an address over TLS.
pub(super) fn reports(text: &str) -> Result<()> {
    match text.strip_prefix("https://") {
        None => site_path(text),
        Some(rest) => {
            let (name, path) =
                rest.split_once('/').map_or((rest, "/".to_owned()), |(a, b)| (a, format!("/{b}")));
            origin(&format!("https://{name}"))?;
            site_path(&path)
        }
    }
}

/// `localhost`, and addresses of this computer.
pub(super) fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.parse::<std::net::Ipv4Addr>().is_ok_and(|it| it.is_loopback())
}
