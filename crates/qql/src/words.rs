//! How texts are compared: by words, each by its beginning, in either case.

use alloc::string::String;
use alloc::vec::Vec;

/// The letters of `text` in lower case. Letter by letter, so that a beginning of the text gives a beginning of it.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Whether `text` begins with `folded`, which has been through [`fold`].
pub(crate) fn starts_with(text: &str, folded: &str) -> bool {
    let mut bytes = text.bytes();
    for wanted in folded.bytes() {
        match bytes.next() {
            Some(byte) if byte.is_ascii() && wanted.is_ascii() => {
                if byte.to_ascii_lowercase() != wanted {
                    return false;
                }
            }
            Some(_) => {
                let mut chars = text.chars().flat_map(char::to_lowercase);
                return folded.chars().all(|wanted| chars.next() == Some(wanted));
            }
            None => return false,
        }
    }
    true
}

/// Whether `text` is `folded`, which has been through [`fold`], in any case.
pub(crate) fn equals(text: &str, folded: &str) -> bool {
    if text.is_ascii() {
        return text.len() == folded.len() && starts_with(text, folded);
    }
    text.chars().flat_map(char::to_lowercase).eq(folded.chars())
}

/// The words of a value of a query, folded.
/// The beginning of a GUID with its hyphens stays together: a GUID is one word.
pub(crate) fn of_query(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_separator);
        if rest.is_empty() {
            return words;
        }
        // No further than a GUID can reach: many words may be joined by hyphens.
        let head = rest.get(..rest.floor_char_boundary(GUID_LENGTH + 1)).unwrap_or(rest);
        let run = until(head, |c| is_separator(c) && c != '-').trim_end_matches('-');
        let word = match rest.get(..GUID_LENGTH) {
            Some(guid) if has_guid(rest) => guid,
            _ if is_guid_start(run) => run,
            _ => until(rest, is_separator),
        };
        words.push(fold(word));
        rest = rest.get(word.len()..).unwrap_or("");
    }
}

/// Whether each of `words` is the beginning of a word of `text`.
pub(crate) fn has_all(text: &str, words: &[String]) -> bool {
    words.iter().all(|word| starts(text).any(|rest| starts_with(rest, word)))
}

/// Whether `words` are the beginnings of words of `text` that stand side by side in the same order.
pub(crate) fn has_phrase(text: &str, words: &[String]) -> bool {
    let mut places = starts(text);
    loop {
        let mut next = places.clone();
        if words.iter().all(|word| next.next().is_some_and(|rest| starts_with(rest, word))) {
            return true;
        }
        if places.next().is_none() {
            return false;
        }
    }
}

/// `text` from the beginning of each of its words on.
fn starts(text: &str) -> Starts<'_> {
    Starts { text, pos: 0 }
}

#[derive(Clone)]
struct Starts<'a> {
    text: &'a str,
    /// Byte position behind the last word. Always on a character boundary.
    pos: usize,
}

impl Starts<'_> {
    /// Moves on while the characters are separators, or while they are none. Goes by bytes: this is what a filter
    /// spends its time with.
    fn skip(&mut self, separators: bool) {
        while let Some(byte) = self.text.as_bytes().get(self.pos) {
            let (is_separator, length) = if byte.is_ascii() {
                (is_ascii_separator(*byte), 1)
            } else {
                let c = self.text.get(self.pos..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                (c.is_whitespace(), c.len_utf8())
            };
            if is_separator != separators {
                return;
            }
            self.pos += length;
        }
    }
}

impl<'a> Iterator for Starts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.skip(true);
        let word = self.text.get(self.pos..).filter(|word| !word.is_empty())?;
        if has_guid(word) {
            self.pos += GUID_LENGTH;
        } else {
            self.skip(false);
        }
        Some(word)
    }
}

/// Bytes of a GUID: five groups of 8, 4, 4, 4 and 12 digits.
const GUID_LENGTH: usize = 36;

/// A complete GUID.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == GUID_LENGTH && is_guid_start(text)
}

/// A complete GUID stands at the beginning.
fn has_guid(text: &str) -> bool {
    // Few texts come further than this.
    text.as_bytes().get(8) == Some(&b'-')
        && text
            .split_at_checked(GUID_LENGTH)
            .is_some_and(|(head, rest)| is_guid(head) && rest.chars().next().is_none_or(is_separator))
}

/// The first group of a GUID and its hyphen at least, and nothing that a GUID does not have.
fn is_guid_start(text: &str) -> bool {
    let is_right = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    8 < text.len() && text.len() <= GUID_LENGTH && text.bytes().enumerate().all(is_right)
}

fn until(text: &str, ends: impl Fn(char) -> bool) -> &str {
    text.find(ends).and_then(|end| text.get(..end)).unwrap_or(text)
}

/// What stands between words (reference: Cloud Agent 1.1.0 help). Dots, colons and apostrophes are part of a word.
fn is_separator(c: char) -> bool {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => is_ascii_separator(byte),
        _ => c.is_whitespace(),
    }
}

fn is_ascii_separator(byte: u8) -> bool {
    SEPARATORS.get(usize::from(byte / 64)).is_some_and(|bits| bits >> (byte % 64) & 1 == 1)
}

/// A bit for each ASCII character: a table is faster than comparing with each of them.
const SEPARATORS: [u64; 2] = {
    let text = b"\t\n\x0b\x0c\r ,-;?@$%&/\\()[]{}";
    let (mut bits, mut rest) = ([0; 2], text.as_slice());
    while let [byte, tail @ ..] = rest {
        let [low, high] = &mut bits;
        let half = if *byte < 64 { low } else { high };
        *half |= 1 << (*byte % 64);
        rest = tail;
    }
    bits
};
