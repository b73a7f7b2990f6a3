//! Which part of the console a path belongs to, and its type.

/// What is served alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `index.html`, also as the folder's own address. It names the hashed files, so it is asked for each time.
    Page,
    /// `config.json`, `release.json` and whatever else has no hash in its name: may change at any time.
    Config,
    /// A file with a hash of its bytes in its name: never changes.
    Asset,
    /// An answer of a platform, passed on by the proxy.
    Api,
    /// An answer of the site itself that is no file: a redirect, "not found", "not allowed".
    Notice,
}

impl Part {
    /// All of them, in the order in which a reader asks for them.
    pub const ALL: [Self; 5] = [Self::Page, Self::Config, Self::Asset, Self::Api, Self::Notice];

    /// A word for reports and tests, which does not change.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Config => "config",
            Self::Asset => "asset",
            Self::Api => "api",
            Self::Notice => "notice",
        }
    }
}

/// The part a file of the built folder belongs to, by its path below that folder. Never [`Part::Api`] or [`Part::Notice`].
#[must_use]
pub fn part_of(path: &str) -> Part {
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.is_empty() || name == "index.html" {
        return Part::Page;
    }
    if is_hashed(name) { Part::Asset } else { Part::Config }
}

/// How many hexadecimal digits the hash in a name has: 64 bits, of which Trunk leaves out the zeros in front. A hash with
/// more zeros than that comes once in 65,536 builds; its file is then asked for each time, which is slower and not wrong.
const DIGITS: std::ops::RangeInclusive<usize> = 12..=16;

/// [`is_hashed`] as a regular expression for the end of a path, in the words that all servers understand. Where braces mean
/// something to a server, it stands in quotation marks.
pub const HASHED: &str = "-[0-9a-f]{12,16}(_bg)?\\.(css|js|wasm)$";

/// Whether a name carries a hash of the content: `latchkey-1f2e3d4c5b6a7988.js`, `latchkey-1f2e3d4c5b6a7988_bg.wasm`.
#[must_use]
pub fn is_hashed(name: &str) -> bool {
    let Some((stem, "css" | "js" | "wasm")) = name.rsplit_once('.') else { return false };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let Some((_, hash)) = stem.rsplit_once('-') else { return false };
    DIGITS.contains(&hash.len()) && hash.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// The type of a file, by the end of its name; bytes of unknown meaning for one that the console does not have.
#[must_use]
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_its_part() {
        let check = |path: &str, want: Part| assert_eq!(part_of(path), want, "{path}");
        check("", Part::Page);
        check("index.html", Part::Page);
        check("config.json", Part::Config);
        check("release.json", Part::Config);
        check("latchkey-1f2e3d4c5b6a7988.js", Part::Asset);
        check("latchkey-1f2e3d4c5b6a7988_bg.wasm", Part::Asset);
        check("deep/xlsx-1f2e3d4c5b6a7988.wasm", Part::Asset);
        check("boot-9a4ae0df37b7dec.js", Part::Asset);
        // What only looks like it may change.
        for name in [
            "boot.js",
            "a-1f2e3d4c.js",
            "a-1f2e3d4c5b6a79881.js",
            "a-1F2E3D4C5B6A7988.js",
            "a-1f2e3d4c5b6a7988.json",
            "1f2e3d4c5b6a7988.js",
        ] {
            check(name, Part::Config);
        }
    }

    #[test]
    fn types_are_those_browsers_insist_on() {
        assert_eq!(content_type("a-1_bg.wasm"), "application/wasm");
        assert_eq!(content_type("a.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("README"), "application/octet-stream");
    }
}
