//! The content security policy.

use crate::headers::Site;

/// What holds everywhere, in the page itself too: a directive and its sources.
///
/// No inline code, no other origin, no text that becomes code or markup; WebAssembly is the one thing that may be compiled.
/// `connect-src` names no platform, because none of them allows calls from other origins: a proxy on the console's own
/// origin passes them on. `base-uri` is needed by the page's own `base` element. The one policy of trusted types,
/// `latchkey`, makes the address of the one worker and nothing else.
pub const DIRECTIVES: &[(&str, &str)] = &[
    ("default-src", "'none'"),
    ("script-src", "'self' 'wasm-unsafe-eval'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("worker-src", "'self'"),
    ("base-uri", "'self'"),
    ("form-action", "'none'"),
    ("require-trusted-types-for", "'script'"),
    ("trusted-types", "latchkey"),
];

/// The policy as a header has it: [`DIRECTIVES`], who may frame the page, and where violations are reported to.
#[must_use]
pub fn policy(site: &Site) -> String {
    let mut res = meta_policy();
    res.push_str("; frame-ancestors ");
    if site.portals.is_empty() {
        res.push_str("'none'");
    } else {
        res.push_str(&site.portals.join(" "));
    }
    if let Some(address) = &site.reports {
        res.push_str("; report-uri ");
        res.push_str(address);
    }
    res
}

/// The policy as the page's own `meta` element has it. Browsers take neither frames nor reports from there.
#[must_use]
pub fn meta_policy() -> String {
    let mut res = String::new();
    for (name, sources) in DIRECTIVES {
        if !res.is_empty() {
            res.push_str("; ");
        }
        res.push_str(name);
        res.push(' ');
        res.push_str(sources);
    }
    res
}

/// The policy of a platform's answers. They stand on the console's origin, so that one which a browser is sent to, as a
/// page, must be able to do nothing there.
pub(crate) const API: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unsafe_and_no_other_origin_is_allowed() {
        let policy = policy(&Site::default());
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.ends_with("; frame-ancestors 'none'"), "{policy}");
        assert!(!policy.replace("'wasm-unsafe-eval'", "").contains("unsafe"), "{policy}");
        assert!(!policy.contains(['*', '"', '\n']) && !policy.contains("http"), "{policy}");
    }

    #[test]
    fn portals_may_frame_it_and_violations_are_reported() {
        let portals = vec!["https://a.example".to_owned(), "https://b.example:8443".to_owned()];
        let policy = policy(&Site { portals, reports: Some("/csp".to_owned()), ..Site::default() });
        assert!(
            policy.ends_with("; frame-ancestors https://a.example https://b.example:8443; report-uri /csp"),
            "{policy}"
        );
        assert!(policy.starts_with(&meta_policy()), "{policy}");
    }
}
