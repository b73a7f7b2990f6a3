//! Origins of portals, as `config.json` names them.

use super::FieldProblem;

/// The longest origin: a host name of 253 letters with scheme and port.
const LONGEST: usize = 270;

/// Checks an exact origin in the spelling of browsers: `https`, a host in small letters, maybe a port; no path, no
/// wildcard. Without `https` it is taken for this computer alone.
pub(super) fn check(origin: &str) -> Result<(), FieldProblem> {
    if origin.is_empty() {
        return Err(FieldProblem::Empty);
    }
    let (is_secure, rest) = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return Err(FieldProblem::Origin),
    };
    let (host, port) = match rest.rsplit_once(':') {
        // The last colon of an address in brackets is no port's.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    // Browsers leave the usual port out of an origin, so that one that names it would never be met.
    let usual = if is_secure { "443" } else { "80" };
    let is_port =
        |it: &str| it.parse::<u16>().is_ok_and(|it| it > 0) && it != usual && !it.starts_with(['0', '+']);
    if origin.len() > LONGEST || !is_host(host) || !port.is_none_or(is_port) {
        return Err(FieldProblem::Origin);
    }
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if is_secure || is_here { Ok(()) } else { Err(FieldProblem::InsecureOrigin) }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return !address.is_empty() && address.bytes().all(|it| it.is_ascii_hexdigit() || it == b':');
    }
    let is_letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let is_label =
        |it: &str| !it.is_empty() && it.bytes().all(is_letter) && !it.starts_with('-') && !it.ends_with('-');
    host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_origins_are_taken() {
        for origin in [
            "https://portal.example",
            "https://portal.example:8443",
            "https://xn--jlich-kva.example",
            "https://10.0.0.7",
            "https://[2001:db8::1]:444",
            "http://localhost:4200",
            "http://127.0.0.1:8081",
            "http://[::1]",
        ] {
            assert_eq!(check(origin), Ok(()), "{origin}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_the_reason() {
        for (origin, want) in [
            ("", FieldProblem::Empty),
            ("*", FieldProblem::Origin),
            ("null", FieldProblem::Origin),
            ("https://*.portal.example", FieldProblem::Origin),
            ("https://portal.example/", FieldProblem::Origin),
            ("https://portal.example/app", FieldProblem::Origin),
            ("https://portal.example:443", FieldProblem::Origin),
            ("https://portal.example:0", FieldProblem::Origin),
            ("https://portal.example:99999", FieldProblem::Origin),
            ("https://user@portal.example", FieldProblem::Origin),
            ("https://Portal.example", FieldProblem::Origin),
            ("https://portal..example", FieldProblem::Origin),
            ("https://", FieldProblem::Origin),
            ("portal.example", FieldProblem::Origin),
            ("ws://portal.example", FieldProblem::Origin),
            ("https://a; frame-src *", FieldProblem::Origin),
            ("http://portal.example", FieldProblem::InsecureOrigin),
            ("http://localhost.evil.example", FieldProblem::InsecureOrigin),
        ] {
            assert_eq!(check(origin), Err(want), "{origin}");
        }
    }
}
