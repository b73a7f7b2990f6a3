//! Taking a secret out of a text, however an answer spells it.

/// How deep an escape of an escape is followed: JSON in JSON, an address in an address, XML in XML.
const DEPTH: usize = 3;

/// The longest entity of XML that stands for a letter, `&#x10ffff;` and some zeros.
const ENTITY: usize = 14;

/// `text` with `mask` for each place where `secret` stands: as it is, or with any of its letters as JSON (`\/`,
/// `\u0041`), an address (`%2f`, `+`) or XML (`&amp;`, `&#65;`, `&#x41;`) may write it. Nothing is parsed, so that
/// a text that was cut off or holds several of these forms is cleaned too.
pub(crate) fn without(text: &str, secret: &str, mask: &str) -> String {
    let Some(first) = secret.chars().next() else { return text.to_owned() };
    let mut res = String::new();
    let mut rest = text;
    let may_begin = |it: char| it == first || matches!(it, '\\' | '%' | '&' | '+');
    let mut from = 0;
    while let Some(offset) = rest.get(from..).and_then(|it| it.find(may_begin)) {
        let at = from + offset;
        let (Some(before), Some(here)) = (rest.get(..at), rest.get(at..)) else { break };
        match end_of(here, secret) {
            Some(len) => {
                res.extend([before, mask]);
                rest = here.get(len..).unwrap_or_default();
                from = 0;
            }
            None => from = at + here.chars().next().map_or(1, char::len_utf8),
        }
    }
    res.push_str(rest);
    res
}

/// The bytes at the start of `text` that spell `secret`, the most of them.
fn end_of(text: &str, secret: &str) -> Option<usize> {
    let mut ends = vec![0];
    for letter in secret.chars() {
        let mut next = Vec::new();
        for at in ends {
            if let Some(rest) = text.get(at..) {
                spellings(rest, letter, &mut |len| next.push(at + len));
            }
        }
        next.sort_unstable();
        next.dedup();
        ends = next;
        if ends.is_empty() {
            return None;
        }
    }
    ends.last().copied()
}

/// Tells the length of each spelling of `letter` that `text` begins with.
fn spellings(text: &str, letter: char, found: &mut dyn FnMut(usize)) {
    if text.starts_with(letter) {
        found(letter.len_utf8());
    }
    match text.as_bytes().first() {
        Some(b'+') if letter == ' ' => found(1),
        Some(b'\\') => in_json(text, letter, found),
        Some(b'%') => in_address(text, letter, found),
        Some(b'&') => in_xml(text, letter, found),
        _ => {}
    }
}

/// After one backslash, or more of them where JSON stands in JSON.
fn in_json(text: &str, letter: char, found: &mut dyn FnMut(usize)) {
    let slashes = text.bytes().take_while(|it| *it == b'\\').count();
    if letter == '\\' {
        (2..=slashes.min(1 << DEPTH)).for_each(&mut *found);
    }
    let Some(rest) = text.get(slashes..) else { return };
    let short = match letter {
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '"' | '/' | '\'' => letter,
        _ => '\0',
    };
    if rest.starts_with(short) {
        found(slashes + 1);
    }
    let mut units = [0; 2];
    let mut len = slashes;
    for (nth, unit) in letter.encode_utf16(&mut units).iter().enumerate() {
        let Some(mut rest) = text.get(len..) else { return };
        if nth > 0 {
            let slashes = rest.bytes().take_while(|it| *it == b'\\').count();
            if slashes == 0 {
                return;
            }
            len += slashes;
            rest = rest.get(slashes..).unwrap_or_default();
        }
        let digits = rest.strip_prefix('u').and_then(|it| it.get(..4));
        if digits.and_then(hex) != Some(u32::from(*unit)) {
            return;
        }
        len += 5;
    }
    found(len);
}

/// The bytes of a letter, each after a `%`, or after `%25` where an address stands in an address.
fn in_address(text: &str, letter: char, found: &mut dyn FnMut(usize)) {
    for deep in 0..DEPTH {
        let mut buffer = [0; 4];
        let mut len = 0;
        let is_spelled = letter.encode_utf8(&mut buffer).bytes().all(|byte| {
            let rest = text.get(len..).and_then(|it| it.strip_prefix('%'));
            let Some(rest) = rest.and_then(|it| it.strip_prefix(["", "25", "2525"].get(deep).copied()?))
            else {
                return false;
            };
            len += 3 + 2 * deep;
            rest.get(..2).and_then(hex) == Some(u32::from(byte))
        });
        if is_spelled {
            found(len);
        }
    }
}

/// `&amp;`, `&#38;`, `&#x26;`, and with one more `amp;` before each where XML stands in XML.
fn in_xml(text: &str, letter: char, found: &mut dyn FnMut(usize)) {
    let mut len = 1;
    for _ in 0..DEPTH {
        let rest = text.get(len..).unwrap_or_default();
        let Some(end) = rest.bytes().take(ENTITY).position(|it| it == b';') else { return };
        let name = rest.get(..end).unwrap_or_default();
        let number = |it: &str| match it.strip_prefix(['x', 'X']) {
            Some(digits) => hex(digits),
            None => it.parse().ok(),
        };
        let meant = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(number).and_then(char::from_u32),
        };
        if meant == Some(letter) {
            found(len + end + 1);
        }
        if meant != Some('&') {
            return;
        }
        len += end + 1;
    }
}

fn hex(digits: &str) -> Option<u32> {
    // A sign before the digits is none of them.
    digits.bytes().all(|it| it.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, secret: &str, want: &str) {
        assert_eq!(without(text, secret, "•"), want, "{text}");
    }

    #[test]
    fn every_spelling_goes() {
        let secret = "p\"w/ ü&\\<🔑";
        for spelled in [
            secret,
            r#"p\"w/ ü&\\<🔑"#,
            r#"p\"w\/ ü&\\<🔑"#,
            r#"p\u0022w\u002F \u00FC\u0026\u005c\u003c\ud83d\uDD11"#,
            "p%22w%2F%20%C3%BC%26%5C%3C%F0%9F%94%91",
            "p%22w%2f+%c3%bc%26%5c%3c%f0%9f%94%91",
            "p&quot;w/ ü&amp;\\&lt;🔑",
            "p&#34;w&#47;&#32;&#252;&#38;&#92;&#60;&#128273;",
            "p&#x22;w&#x2f;&#x20;&#xFC;&#x26;&#x5C;&#x3c;&#x1F511;",
            // JSON in JSON, an address in an address, XML in XML.
            r#"p\\\"w\\/ \\u00fc&\\\\<\\ud83d\\udd11"#,
            "p%2522w%252F%2520%25C3%25BC%2526%255C%253C%25F0%259F%2594%2591",
            "p&amp;quot;w/ ü&amp;amp;\\&amp;lt;🔑",
            // Several at once.
            r#"p&#34;w%2F+\u00fc&amp;\\<🔑"#,
        ] {
            check(&["a ", spelled, " b ", spelled].concat(), secret, "a • b •");
        }
    }

    #[test]
    fn what_is_like_it_stays() {
        for text in ["abc", "abcx-1", "ABCD-1", "abcd%2-1", "\\u00", "%", "&#", "&amp", "\\", "abcd\\u002-1"]
        {
            check(text, "abcd-1", text);
        }
        check("", "x", "");
        check("some text", "", "some text");
        check("aab", "ab", "a•");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a JSON writer, a form or an XML writer makes of a secret among other text is found there.
        #[test]
        fn writers_do_not_hide_it(secret in "\\PC{4,12}", around in "[a-z ]{0,6}") {
            let json = serde_json::to_string(&secret).unwrap_or_default();
            let in_json = json.get(1..json.len() - 1).map(str::to_owned).unwrap_or_default();
            let form = crate::http::percent_encoded(&secret);
            let xml = quick_xml::escape::escape(secret.as_str()).into_owned();
            for spelled in [secret.clone(), in_json, form, xml] {
                let text = [around.as_str(), "|", &spelled, "|", &around].concat();
                let cleaned = without(&text, &secret, "•");
                prop_assert!(!cleaned.contains(&spelled), "{} in {}", spelled, cleaned);
            }
        }

        /// Cleaned once, nothing is left to clean.
        #[test]
        fn any_text_can_be_cleaned(text in "[\\\\%&+;#x0-9a-c]{0,30}", secret in "[a-c1&%+\\\\]{1,4}") {
            prop_assert!(!without(&text, &secret, "•").contains(&secret));
        }
    }
}
