//! Links inside answers: followed only where the credential of the call may go.

/// The path of a link below the connection's base URL, ready for a `Request`; nothing when it leads
/// anywhere else.
///
/// `base` is in the form of `session::base_url` and `href` as a server sent it: absolute, or from the root
/// of the origin. A credential that followed a link to another host, port or folder would be given away,
/// so whoever follows links asks here and takes nothing for a no. `page_origin` is the origin a base
/// without one stands on.
#[must_use]
pub fn same_origin(base: &str, page_origin: &str, href: &str) -> Option<String> {
    let odd = |it: char| it.is_whitespace() || it.is_control() || it == '\\';
    if href.contains(odd) || has_parent(href) {
        return None;
    }
    let (origin, folder) = split(base, page_origin)?;
    let (link_origin, path) = match href.starts_with('/') && !href.starts_with("//") {
        true => (origin.clone(), href),
        false => split(href, "")?,
    };
    if link_origin != origin {
        return None;
    }
    let rest = path.split('#').next()?.strip_prefix(folder)?;
    // A path that begins with a slash once more would name a host where the base is `/` alone.
    (!rest.starts_with('/')).then(|| rest.to_owned())
}

/// Origin in lower case and without the port that goes without saying, and the rest.
fn split<'a>(url: &'a str, page_origin: &'a str) -> Option<(String, &'a str)> {
    if url.starts_with('/') {
        let (origin, _) = split(page_origin, "")?;
        return Some((origin, url));
    }
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
    let usual = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let host = host.strip_suffix(usual).unwrap_or(&host);
    // A user before the host is read by people as the host.
    let plain = !host.is_empty() && !host.contains('@');
    plain.then(|| ([&*scheme, "://", host].concat(), path))
}

/// Whether a step of the path leads out of its folder, or may: an encoded dot or slash is taken for a plain one here
/// and not there.
fn has_parent(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let is_encoded = ["%2e", "%2f", "%5c"].iter().any(|it| path.contains(it));
    is_encoded || path.split(['/', '\\']).any(|it| it == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "http://localhost:8080";

    #[track_caller]
    fn check(base: &str, href: &str, want: Option<&str>) {
        assert_eq!(same_origin(base, PAGE, href).as_deref(), want, "{base} {href}");
    }

    #[test]
    fn links_below_the_base_become_paths() {
        check("https://h/", "https://h/api/v1/keys?page=2", Some("api/v1/keys?page=2"));
        check("https://h/", "HTTPS://H:443/api", Some("api"));
        check("https://h/x/", "https://h/x/api?next=..%2F..", Some("api?next=..%2F.."));
        check("https://h/x/", "/x/api", Some("api"));
        check("/qlik/", "http://localhost:8080/qlik/api/v1#top", Some("api/v1"));
        check("/", "/api", Some("api"));
        check("https://h/", "https://h/api?q=a//b", Some("api?q=a//b"));
    }

    #[test]
    fn links_elsewhere_are_refused() {
        for href in [
            "https://evil.example/api",
            "https://h.evil.example/api",
            "https://h@evil.example/api",
            "https://evil@h/x/api",
            "http://h/x/api",
            "https://h:8443/x/api",
            "//evil.example/x/api",
            "//h/x/api",
            "https://h/y/api",
            "https://h/x/../y",
            "https://h/x/%2e%2E/y",
            "https://h/x/a%2f..%2F..%2fy",
            "https://h/x/a%5c..%5Cy",
            "https://h/x/%2e",
            "https://h",
            "/y/api",
            "api",
            "javascript:alert(1)",
            "https://h/x/a b",
            "https://h\\@evil.example/x/",
            "",
        ] {
            check("https://h/x/", href, None);
        }
        check("/qlik/", "http://localhost:9090/qlik/api", None);
        check("/qlik/", "https://localhost:8080/qlik/api", None);
    }

    /// Below the base `/` such a rest was once taken for a path, and led the credential to the host in it.
    #[test]
    fn a_rest_that_names_a_host_is_refused() {
        check("/", "http://localhost:8080///evil.example/x", None);
        check("/", "http://localhost:8080//evil.example/x", None);
        check("/", "///evil.example/x", None);
        check("https://h/", "https://h//evil.example/x", None);
        check("/qlik/", "/qlik//evil.example/x", None);
        check("/qlik/", "http://localhost:8080/qlik///evil.example/x", None);
    }
}
