//! Which addresses a connection may have.

/// What is wrong with a base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUrlProblem {
    /// Neither `https://…`, nor `http://` on this computer, nor a path of this origin that begins with `/`.
    NotAllowed,
    /// `http://` to another computer: the token would travel in the open.
    Insecure,
    /// It holds a user, a query, a fragment, a backslash, `..` or white space.
    Unexpected,
}

/// Checks a base URL and gives it the one form used everywhere: host in lower case, `/` at the end.
///
/// Allowed are `https://host/…`, `http://` on loopback alone, and a path such as `/qualys/eu1` for a proxy
/// on the app's own origin.
///
/// # Errors
/// [`BaseUrlProblem`].
pub fn read(text: &str) -> Result<String, BaseUrlProblem> {
    let text = text.trim();
    let odd = |it: char| it.is_whitespace() || it.is_control() || "@?#\\\"<>".contains(it);
    if text.contains(odd) || text.split('/').any(|it| it == "..") {
        return Err(BaseUrlProblem::Unexpected);
    }
    if text.starts_with('/') {
        // `//host` is another origin, whatever it looks like.
        let own_origin = !text.starts_with("//");
        return own_origin.then(|| closed(text)).ok_or(BaseUrlProblem::NotAllowed);
    }
    let (scheme, rest) = text.split_once("://").ok_or(BaseUrlProblem::NotAllowed)?;
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    if host.is_empty() || host.starts_with(':') {
        return Err(BaseUrlProblem::NotAllowed);
    }
    match scheme.as_str() {
        "https" => {}
        "http" if is_loopback(&host) => {}
        "http" => return Err(BaseUrlProblem::Insecure),
        _ => return Err(BaseUrlProblem::NotAllowed),
    }
    Ok(closed(&[&scheme, "://", &host, "/", path].concat()))
}

fn closed(text: &str) -> String {
    if text.ends_with('/') { text.to_owned() } else { [text, "/"].concat() }
}

/// `localhost`, `127.x.x.x` and `[::1]`, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => return v6.split(']').next() == Some("::1"),
        None => host.split(':').next().unwrap_or_default(),
    };
    // Parsed, not compared by its start: `127.0.0.1.example.com` is somebody else's.
    name == "localhost" || name.parse::<std::net::Ipv4Addr>().is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_addresses_get_one_form() {
        let check = |text: &str, want: &str| assert_eq!(read(text).as_deref(), Ok(want), "{text}");
        check("/", "/");
        check("/qualys/eu1", "/qualys/eu1/");
        check(" /qualys/eu1/ ", "/qualys/eu1/");
        check("https://Gateway.QG1.apps.qualys.eu", "https://gateway.qg1.apps.qualys.eu/");
        check("HTTPS://host:8443/Base", "https://host:8443/Base/");
        check("http://localhost:8080", "http://localhost:8080/");
        check("http://127.0.0.1/x", "http://127.0.0.1/x/");
        check("http://[::1]:3000", "http://[::1]:3000/");
    }

    #[test]
    fn bad_addresses_are_named() {
        use BaseUrlProblem::{Insecure, NotAllowed, Unexpected};
        let check = |text: &str, want: BaseUrlProblem| assert_eq!(read(text), Err(want), "{text}");
        for text in
            ["", "gateway.example", "qualys/eu1", "//evil.example", "ftp://host", "https://", "https:///x"]
        {
            check(text, NotAllowed);
        }
        for text in [
            "http://gateway.example",
            "http://127.0.0.1.example.com/",
            "http://localhost.example",
            "http://[::2]/",
        ] {
            check(text, Insecure);
        }
        for text in [
            "https://u:p@host/",
            "https://host/?x",
            "https://host/#x",
            "/\\evil",
            "/a b",
            "/a/../b",
            "https://h/\n/x",
        ] {
            check(text, Unexpected);
        }
        assert_eq!(read("javascript:alert(1)"), Err(NotAllowed));
    }
}
