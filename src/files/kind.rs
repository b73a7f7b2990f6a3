//! Kinds of files.

use super::{ReadError, ReadProblem};

/// A kind of file that holds a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lines with commas (RFC 4180): every program reads it.
    Csv,
    /// A list of records, for programs.
    Json,
    /// A spreadsheet.
    Xlsx,
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Xlsx];

    /// How names of such files end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The kind of a file by its first bytes, and where these say nothing, by its name.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn of(name: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let other = || ReadError::whole(ReadProblem::OtherSpreadsheet);
        // Compound files: older spreadsheets, and newer ones with a password.
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(other());
        }
        let name = name.to_lowercase();
        let ends = |extension: &str| name.ends_with(extension);
        if bytes.starts_with(b"PK\x03\x04") {
            return if ends(".ods") || ends(".xlsb") { Err(other()) } else { Ok(Self::Xlsx) };
        }
        if ends(".xlsx") || ends(".xls") || ends(".ods") {
            return Err(ReadError::whole(ReadProblem::Damaged));
        }
        if ends(".json") {
            return Ok(Self::Json);
        }
        if ends(".csv") || ends(".tsv") || ends(".txt") {
            return Ok(Self::Csv);
        }
        let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match start.iter().find(|it| !it.is_ascii_whitespace()) {
            Some(b'[' | b'{') => Ok(Self::Json),
            _ => Err(ReadError::whole(ReadProblem::UnknownKind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_more_than_names() {
        let check = |name: &str, bytes: &[u8], expected: Option<Kind>| {
            assert_eq!(Kind::of(name, bytes).ok(), expected, "{name}");
        };
        check("keys.CSV", b"PK\x03\x04", Some(Kind::Xlsx));
        check("keys.xlsx", b"PK\x03\x04", Some(Kind::Xlsx));
        check("keys.xlsx", b"title\n", None);
        check("keys.xls", b"\xD0\xCF\x11\xE0\xA1", None);
        check("keys.ods", b"PK\x03\x04", None);
        check("keys.csv", b"[1]", Some(Kind::Csv));
        check("keys.json", b"", Some(Kind::Json));
        check("keys", b"\xEF\xBB\xBF \n[", Some(Kind::Json));
        check("keys", b"title,key", None);
    }
}
