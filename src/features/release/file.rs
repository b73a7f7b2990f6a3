//! `release.json`: what the newest release is called.

use serde::Deserialize;

/// The name of the file, beside the page.
pub const RELEASE_FILE: &str = "release.json";

/// The longest name of a release.
const LONGEST: usize = 128;

/// What is read of the file; the rest is for other programs.
#[derive(Deserialize)]
struct ReleaseFile {
    release: String,
}

/// The release that a file names; `None` for anything that is no such file.
#[must_use]
pub fn release_of(text: &str) -> Option<String> {
    let ReleaseFile { release } = serde_json::from_str(text).ok()?;
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_.+".contains(it);
    let is_name = !release.is_empty() && release.len() <= LONGEST && release.chars().all(is_plain);
    is_name.then_some(release)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_of_the_right_shape_names_a_release() {
        let named = |text: &str| release_of(text);
        assert_eq!(named(r#"{"release":"1f2e-0.1.0","files":[1]}"#).as_deref(), Some("1f2e-0.1.0"));
        for text in [
            "",
            "<!doctype html>",
            "{}",
            r#"{"release":7}"#,
            r#"{"release":""}"#,
            r#"{"release":"a b"}"#,
            r#"{"release":"<b>"}"#,
        ] {
            assert_eq!(named(text), None, "{text}");
        }
        let long = "a".repeat(129);
        assert_eq!(named(&[r#"{"release":""#, &long, r#""}"#].concat()), None);
    }
}
