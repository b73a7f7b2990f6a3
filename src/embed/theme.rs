//! Themes of the host: known names, values that are colours, lengths or families and nothing else, and texts that can
//! be read on the ground below them.

use super::heard::ThemeWish;

/// What a theme may set: custom properties of `style/tokens.css`, without their dashes.
pub const NAMES: [&str; 16] = [
    "surface",
    "surface-raised",
    "surface-sunken",
    "surface-hover",
    "text",
    "text-muted",
    "text-on-accent",
    "line",
    "line-strong",
    "accent",
    "accent-strong",
    "accent-soft",
    "focus",
    "font",
    "radius",
    "radius-large",
];

/// Texts with the grounds they stand on.
const READ_ON: [(&str, &str); 10] = [
    ("text", "surface"),
    ("text", "surface-raised"),
    ("text", "surface-sunken"),
    ("text", "surface-hover"),
    ("text", "accent-soft"),
    ("text-muted", "surface"),
    ("text-muted", "surface-raised"),
    ("text-on-accent", "accent"),
    ("text-on-accent", "accent-strong"),
    ("accent", "surface-raised"),
];

/// The least contrast of a text (WCAG 2.2, 1.4.3).
const LEAST: f64 = 4.5;

/// Families in one list, in bytes.
const LONGEST_FONT: usize = 200;

/// The largest length, in the unit that is said.
const LARGEST: f64 = 64.0;

/// Whether a theme can be had: each name is known, each value is one, and texts can be read. `own` is the value that
/// the console itself gives a name in the light or dark of now.
#[must_use]
pub fn accept(wish: &ThemeWish, own: impl Fn(&str) -> String) -> bool {
    if !wish.tokens.iter().all(|(name, value)| is_value(name, value)) {
        return false;
    }
    let of = |name: &str| {
        let given = wish.tokens.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
        colour(&given.unwrap_or_else(|| own(name)))
    };
    let touched = |name: &str| wish.tokens.iter().any(|(it, _)| it == name);
    READ_ON.iter().filter(|(text, ground)| touched(text) || touched(ground)).all(|(text, ground)| {
        let (Some(text), Some(ground)) = (of(text), of(ground)) else { return false };
        contrast(text, ground) >= LEAST
    })
}

fn is_value(name: &str, value: &str) -> bool {
    match name {
        "font" => is_font(value),
        "radius" | "radius-large" => is_length(value),
        _ => NAMES.contains(&name) && colour(value).is_some(),
    }
}

/// Families by their letters. Without parentheses there is no `url()`, without braces and semicolons no rule.
fn is_font(value: &str) -> bool {
    let is_letter = |it: char| it.is_alphanumeric() || " ,-_'\"".contains(it);
    let is_even = |quote: char| value.matches(quote).count().is_multiple_of(2);
    let is_said = value.chars().any(char::is_alphanumeric);
    value.len() <= LONGEST_FONT && is_said && value.chars().all(is_letter) && is_even('\'') && is_even('"')
}

fn is_length(value: &str) -> bool {
    let number = value.strip_suffix("rem").or_else(|| value.strip_suffix("px"));
    let is_plain = |it: &&str| it.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    let number = number.filter(is_plain).and_then(|it| it.parse::<f64>().ok());
    number.is_some_and(|it| (0.0..=LARGEST).contains(&it))
}

/// Red, green and blue, each from 0 to 255.
type Colour = [u8; 3];

/// Reads `#rgb`, `#rrggbb`, `rgb(r, g, b)` or `rgb(r g b)`.
fn colour(value: &str) -> Option<Colour> {
    let value = value.trim();
    if let Some(digits) = value.strip_prefix('#') {
        return hex(digits);
    }
    let inside = value.strip_prefix("rgb(")?.strip_suffix(')')?;
    let mut parts = inside.split([',', ' ']).filter(|it| !it.is_empty()).map(|it| it.parse().ok());
    let res = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(res)
}

fn hex(digits: &str) -> Option<Colour> {
    let values: Option<Vec<u8>> =
        digits.chars().map(|it| it.to_digit(16).and_then(|it| u8::try_from(it).ok())).collect();
    match *values? {
        [r, g, b] => Some([r, g, b].map(|it| it * 17)),
        [a, b, c, d, e, f] => Some([a * 16 + b, c * 16 + d, e * 16 + f]),
        _ => None,
    }
}

/// The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio").
fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [r, g, b] = colour.map(|it| {
        let it = f64::from(it) / 255.0;
        if it <= 0.04045 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(tokens: &[(&str, &str)]) -> ThemeWish {
        let tokens = tokens.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ThemeWish { tokens, ..ThemeWish::default() }
    }

    /// The light theme.
    fn own(name: &str) -> String {
        let value = match name {
            "surface" => "#f6f7f9",
            "surface-raised" | "text-on-accent" => "#fff",
            "surface-sunken" => "#eceef2",
            "surface-hover" => "#f0f2f6",
            "text" => "#1a1f2b",
            "text-muted" => "#545d6e",
            "accent" => "#2a55c9",
            "accent-strong" => "#1f44a8",
            "accent-soft" => "#e6edfc",
            _ => "",
        };
        value.to_owned()
    }

    fn is_had(tokens: &[(&str, &str)]) -> bool {
        accept(&wish(tokens), own)
    }

    #[test]
    fn a_theme_that_can_be_read_is_had() {
        assert!(is_had(&[]));
        assert!(is_had(&[
            ("accent", "#0b6e4f"),
            ("font", "\"Source Sans 3\", sans-serif"),
            ("radius", "2px")
        ]));
        assert!(is_had(&[("surface", "rgb(250, 250, 240)"), ("radius-large", "0.75rem")]));
    }

    #[test]
    fn a_value_that_is_none_is_refused() {
        for (name, value) in [
            ("accent", "url(https://evil.example/x)"),
            ("accent", "red; } body { display: none"),
            ("accent", "#12345"),
            ("accent", "#\u{e9}\u{e9}\u{e9}"),
            ("accent", "rgb(1, 2)"),
            ("accent", "rgb(1, 2, 3, 4)"),
            ("accent", "rgb(256, 0, 0)"),
            ("accent", "var(--danger)"),
            ("font", "url(x)"),
            ("font", "\"open"),
            ("font", "a;b"),
            ("font", ", "),
            ("radius", "calc(1px)"),
            ("radius", "-1px"),
            ("radius", "1e9px"),
            ("radius", "65px"),
            ("danger", "#ffffff"),
            ("shadow", "#ffffff"),
            ("--text", "#000000"),
        ] {
            assert!(!is_had(&[(name, value)]), "{name}: {value}");
        }
    }

    #[test]
    fn texts_that_could_not_be_read_are_refused() {
        for tokens in [
            &[("text", "#888")][..],
            &[("surface", "#123")],
            &[("accent", "#fc0")],
            &[("text-muted", "#8a8a8a")],
            &[("surface-raised", "#000000"), ("text", "#fff")],
        ] {
            assert!(!is_had(tokens), "{tokens:?}");
        }
        assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
        // The two greys on both sides of the limit.
        assert!(contrast([118, 118, 118], [255; 3]) > LEAST && contrast([119, 119, 119], [255; 3]) < LEAST);
    }
}
