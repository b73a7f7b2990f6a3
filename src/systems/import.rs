//! The form of a new key from a file: the body of the call that makes one, as JSON.

use serde_json::Value as Json;

use super::{Draft, Input};
use crate::domain::FieldId;
use crate::i18n::t;

/// Bytes of a body that are read at most; a new key needs a few hundred.
const LARGEST: usize = 64 * 1024;

/// A draft that was read from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// What stands in the form now.
    pub draft: Draft,
    /// Members of the body that no document names: they were left out, and the reader is told.
    pub left_out: Vec<String>,
}

/// Why a body cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportProblem {
    /// The system has no such thing.
    Unsupported,
    /// It is larger than any body can be.
    TooLarge,
    /// It is no JSON; the place of the first mistake.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// It is JSON, but no object.
    NotAnObject,
    /// A member holds something else than it should.
    WrongType {
        /// Its name.
        member: String,
    },
    /// A member is not one of the words it can be.
    NotOffered {
        /// Its name.
        member: String,
        /// The words it can be.
        words: &'static str,
    },
}

impl ImportProblem {
    /// The problem in words.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Unsupported => t::import_unsupported().to_owned(),
            Self::TooLarge => t::import_too_large().to_owned(),
            Self::NotJson { line, column } => t::import_not_json(&line.to_string(), &column.to_string()),
            Self::NotAnObject => t::import_not_an_object().to_owned(),
            Self::WrongType { member } => t::import_wrong_type(member),
            Self::NotOffered { member, words } => t::import_not_offered(member, words),
        }
    }
}

/// Reads an object whose members are texts, or null for what is left out, into the fields they stand for.
///
/// # Errors
/// Everything that is wrong with it, so that a file is corrected once.
pub(super) fn read_object(text: &str, members: &[(&str, FieldId)]) -> Result<Imported, Vec<ImportProblem>> {
    if text.len() > LARGEST {
        return Err(vec![ImportProblem::TooLarge]);
    }
    // Editors put a mark before UTF-8 that is no JSON.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json: Json = serde_json::from_str(text)
        .map_err(|err| vec![ImportProblem::NotJson { line: err.line(), column: err.column() }])?;
    let Json::Object(object) = json else { return Err(vec![ImportProblem::NotAnObject]) };
    let (mut res, mut problems) = (Imported::default(), Vec::new());
    for (name, value) in object {
        match (members.iter().find(|(it, _)| *it == name), value) {
            (None, _) => res.left_out.push(name),
            (Some(_), Json::Null) => {}
            (Some((_, field)), Json::String(text)) => res.draft.set(*field, Input::Text(text)),
            (Some(_), _) => problems.push(ImportProblem::WrongType { member: name }),
        }
    }
    if problems.is_empty() { Ok(res) } else { Err(problems) }
}
