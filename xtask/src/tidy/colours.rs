//! Colours stand in style/tokens.css, where each has its light and its dark value, and nowhere else.

use super::Finding;
use super::source::File;

/// The only sheet with colours.
const TOKENS: &str = "style/tokens.css";

/// Functions that make a colour. `color-mix` is not among them: it mixes tokens.
const FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color"];

/// Named colours anybody would write; `transparent`, `currentColor` and the system's own colours are no colours of ours.
const NAMES: &[&str] = &[
    "aqua",
    "beige",
    "black",
    "blue",
    "brown",
    "chocolate",
    "coral",
    "crimson",
    "cyan",
    "darkblue",
    "darkgray",
    "darkgreen",
    "darkgrey",
    "darkorange",
    "darkred",
    "deepskyblue",
    "dimgray",
    "dimgrey",
    "dodgerblue",
    "firebrick",
    "forestgreen",
    "fuchsia",
    "gainsboro",
    "gold",
    "goldenrod",
    "gray",
    "green",
    "grey",
    "indigo",
    "ivory",
    "khaki",
    "lavender",
    "lightblue",
    "lightgray",
    "lightgreen",
    "lightgrey",
    "lime",
    "magenta",
    "maroon",
    "midnightblue",
    "navy",
    "olive",
    "orange",
    "orangered",
    "orchid",
    "pink",
    "plum",
    "purple",
    "rebeccapurple",
    "red",
    "royalblue",
    "salmon",
    "seagreen",
    "silver",
    "skyblue",
    "slateblue",
    "slategray",
    "slategrey",
    "snow",
    "steelblue",
    "tan",
    "teal",
    "tomato",
    "turquoise",
    "violet",
    "wheat",
    "white",
    "whitesmoke",
    "yellow",
];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut res = Vec::new();
    for file in files.iter().filter(|it| it.path.ends_with(".css") && it.path != TOKENS) {
        for (line, value) in values(file.code()) {
            for colour in colours(value) {
                let reason = format!(
                    "`{colour}`: colours stand in {TOKENS}, where each has its light and its dark value"
                );
                res.push(Finding { path: file.path.clone(), line, reason });
            }
        }
    }
    res
}

/// The values of all declarations, with their lines: what follows the first colon of a part that ends with `;` or `}`.
/// A part that ends with `{` is a selector.
fn values(css: &str) -> Vec<(usize, &str)> {
    let mut res = Vec::new();
    let mut line = 1;
    for part in css.split_inclusive(['{', '}', ';']) {
        if !part.ends_with('{')
            && let Some((property, value)) = part.split_once(':')
        {
            res.push((line + property.matches('\n').count(), value));
        }
        line += part.matches('\n').count();
    }
    res
}

/// The colours in a value.
fn colours(value: &str) -> Vec<&str> {
    let mut res = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find(|it: char| it == '#' || it.is_alphanumeric() || it == '-') {
        rest = rest.get(start..).unwrap_or_default();
        let end = rest
            .find(|it: char| !(it.is_alphanumeric() || it == '-' || it == '_' || it == '#'))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_hex = word.strip_prefix('#').is_some_and(|it| it.chars().all(|it| it.is_ascii_hexdigit()));
        let lower = word.to_ascii_lowercase();
        let is_function = after.starts_with('(') && FUNCTIONS.contains(&lower.as_str());
        if is_hex || is_function || NAMES.contains(&lower.as_str()) {
            res.push(word);
        }
        rest = after;
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[track_caller]
    fn check_one(css: &str, findings: &[&str]) {
        assert_eq!(found(check, &[("style/x.css", css)]), findings, "{css}");
    }

    #[test]
    fn colours_in_values_are_found_with_their_line() {
        check_one("a { color: #fff }", &["style/x.css:1"]);
        check_one(
            "a {\n  border: 1px solid rgb(0 0 0 / 50%);\n  color: Red;\n}",
            &["style/x.css:2", "style/x.css:3"],
        );
        check_one("a { &:hover { background: hsl(1 2% 3%); } }", &["style/x.css:1"]);
    }

    #[test]
    fn tokens_selectors_comments_and_other_words_are_no_colours() {
        check_one("#fff a:hover { color: var(--red); }", &[]);
        check_one("/* white */ .red { white-space: nowrap; content: \"red\"; fill: currentColor; }", &[]);
        check_one(
            "a { background: color-mix(in oklab, var(--a), transparent); forced-color-adjust: none; }",
            &[],
        );
        assert!(found(check, &[(TOKENS, ":root { --a: #fff; }")]).is_empty());
    }
}
