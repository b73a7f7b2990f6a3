//! From the bytes of a file to its text.

use std::borrow::Cow;

use super::{ReadError, ReadProblem};

/// The text of a file: UTF-8, or UTF-16 with the mark that spreadsheets write before it. Nothing else is guessed: a
/// wrong guess would turn names into other names.
///
/// # Errors
/// The place of the first byte that is no text.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes).map(Cow::Owned);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes).map(Cow::Owned);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|err| {
        let good = bytes.get(..err.valid_up_to()).unwrap_or_default();
        not_text(&String::from_utf8_lossy(good))
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut res = String::with_capacity(bytes.len());
    for it in char::decode_utf16(pairs.iter().map(|it| unit(*it))) {
        match it {
            Ok(it) => res.push(it),
            Err(_) => return Err(not_text(&res)),
        }
    }
    if odd.is_empty() { Ok(res) } else { Err(not_text(&res)) }
}

/// The place behind a text.
fn not_text(good: &str) -> ReadError {
    let (line, column) = place_after(good);
    ReadError::at(ReadProblem::NotText, line, column)
}

/// The line and the character of it that follow a text, from 1.
pub(super) fn place_after(text: &str) -> (usize, usize) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() + 1, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_spreadsheets_are_text() {
        let text = "title\r\nBüro 😀";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [b"\xFF\xFE".as_slice(), &le].concat(),
            [b"\xFE\xFF".as_slice(), &be].concat(),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_at_its_place() {
        let err = |bytes: &[u8]| decode(bytes).map_err(|it| (it.line, it.column)).err();
        // As older spreadsheets save it: one byte a letter.
        assert_eq!(err(b"title\nB\xFCro"), Some((2, 2)));
        assert_eq!(err(b"\xFF\xFEa\0\x00\xD8"), Some((1, 2)));
        assert_eq!(err(b"\xFF\xFEa\0b"), Some((1, 2)));
    }
}
