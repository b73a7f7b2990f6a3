//! The headers of each part.

use std::borrow::Cow;

use crate::files::Part;
use crate::policy;

/// A header of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name, as it is usually written.
    pub name: &'static str,
    /// Its whole value. It holds no quotation mark, backslash or `$`, so that no server has to have it escaped.
    pub value: Cow<'static, str>,
}

/// What differs from one deployment to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The origins that may frame the console, exactly (`https://portal.example`); empty when nobody may.
    pub portals: Vec<String>,
    /// Whether it is reached over TLS alone, so that browsers may be told to remember that.
    pub hsts: bool,
    /// Where browsers report violations of the policy, if anywhere.
    pub reports: Option<String>,
}

/// How long a file with a hash in its name is kept: a year, and not asked for again in between.
pub const CACHED_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// On every answer but an API's. The worker of the console has its policies from its own answer, so files have them too.
const EVERYWHERE: &[(&str, &str)] = &[
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    (
        "Permissions-Policy",
        "clipboard-write=(self), camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()",
    ),
];

/// On an answer of a platform, whatever the platform itself sends.
const API: &[(&str, &str)] = &[
    ("Content-Security-Policy", policy::API),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// Every header that answers of this part must have, whatever their status, in a fixed order.
///
/// The type, the encoding and the marks of a file's version (`ETag`, `Last-Modified`) belong to the file and not here.
#[must_use]
pub fn headers(part: Part, site: &Site) -> Vec<Header> {
    let fixed = |&(name, value): &(&'static str, &'static str)| Header { name, value: Cow::Borrowed(value) };
    let mut res = Vec::new();
    if part == Part::Api {
        res.extend(API.iter().map(fixed));
    } else {
        res.push(Header { name: "Content-Security-Policy", value: Cow::Owned(policy::policy(site)) });
        res.extend(EVERYWHERE.iter().map(fixed));
        res.push(fixed(&("Cross-Origin-Resource-Policy", resource_policy(site))));
        res.push(fixed(&("Cache-Control", caching(part))));
        res.push(fixed(&("Vary", "Accept-Encoding")));
    }
    if site.hsts {
        res.push(fixed(&("Strict-Transport-Security", "max-age=31536000")));
    }
    res
}

/// Who may load the files. A portal that itself demands an embedder policy cannot frame what is `same-origin`.
fn resource_policy(site: &Site) -> &'static str {
    if site.portals.is_empty() { "same-origin" } else { "same-site" }
}

const fn caching(part: Part) -> &'static str {
    match part {
        Part::Page | Part::Config => "no-cache",
        Part::Asset => CACHED_FOR_EVER,
        // What is missing now may be there in a moment, in the middle of a roll-out.
        Part::Notice | Part::Api => "no-store",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(part: Part, site: &Site, name: &str) -> Option<String> {
        headers(part, site).into_iter().find(|it| it.name == name).map(|it| it.value.into_owned())
    }

    #[test]
    fn only_what_never_changes_is_kept() {
        let site = Site::default();
        assert_eq!(value(Part::Page, &site, "Cache-Control").as_deref(), Some("no-cache"));
        assert_eq!(value(Part::Config, &site, "Cache-Control").as_deref(), Some("no-cache"));
        assert_eq!(value(Part::Asset, &site, "Cache-Control").as_deref(), Some(CACHED_FOR_EVER));
        assert_eq!(value(Part::Api, &site, "Cache-Control").as_deref(), Some("no-store"));
        assert_eq!(value(Part::Notice, &site, "Cache-Control").as_deref(), Some("no-store"));
    }

    #[test]
    fn a_portal_opens_what_it_needs_and_no_more() {
        let closed = Site::default();
        let open = Site { portals: vec!["https://portal.example".to_owned()], ..Site::default() };
        for part in Part::ALL {
            let (before, after) = (headers(part, &closed), headers(part, &open));
            let changed: Vec<_> =
                before.iter().zip(&after).filter(|(a, b)| a != b).map(|(a, _)| a.name).collect();
            let want: &[&str] = if part == Part::Api {
                &[]
            } else {
                &["Content-Security-Policy", "Cross-Origin-Resource-Policy"]
            };
            assert_eq!(changed, want, "{part:?}");
        }
    }

    #[test]
    fn a_site_over_tls_says_so_everywhere() {
        for part in Part::ALL {
            assert_eq!(value(part, &Site::default(), "Strict-Transport-Security"), None);
            assert!(
                value(part, &Site { hsts: true, ..Site::default() }, "Strict-Transport-Security").is_some(),
                "{part:?}"
            );
        }
    }

    #[test]
    fn no_name_stands_twice_and_no_value_needs_quoting() {
        for part in Part::ALL {
            let all = headers(part, &Site { hsts: true, ..Site::default() });
            for (at, header) in all.iter().enumerate() {
                assert!(all.iter().skip(at + 1).all(|it| it.name != header.name), "{}", header.name);
                assert!(
                    !header.value.contains(['"', '\\', '$', '%', '{', '\n']),
                    "{}: {}",
                    header.name,
                    header.value
                );
            }
        }
    }
}
