//! What is wrong with a file, in words.

use crate::files::{ReadError, ReadProblem};
use crate::i18n::t;

/// Why a file could not be read, and where.
#[must_use]
pub fn read_error_text(error: &ReadError) -> String {
    let text = match &error.problem {
        ReadProblem::UnknownKind => t::import_keys_bad_kind(),
        ReadProblem::OtherSpreadsheet => t::import_keys_bad_spreadsheet(),
        ReadProblem::TooLarge | ReadProblem::TooManyRows | ReadProblem::TooManyColumns => {
            t::import_keys_bad_size()
        }
        ReadProblem::LongCell => t::import_keys_bad_cell(),
        ReadProblem::NotText => t::import_keys_bad_text(),
        ReadProblem::NoHead => t::import_keys_bad_head(),
        ReadProblem::ExtraCell => t::import_keys_bad_extra(),
        ReadProblem::OpenQuote => t::import_keys_bad_open(),
        ReadProblem::AfterQuote => t::import_keys_bad_after(),
        ReadProblem::NotJson => t::import_keys_bad_json(),
        ReadProblem::NotRecords => t::import_keys_bad_records(),
        ReadProblem::Damaged => t::import_keys_bad_damaged(),
        ReadProblem::NotLoaded => t::import_keys_bad_module(),
        ReadProblem::DoubleHead(name) => &t::import_keys_bad_double(name),
        ReadProblem::Nested(name) => &t::import_keys_bad_nested(name),
    };
    let (line, column) = (error.line.to_string(), error.column.to_string());
    match (error.line, error.column) {
        (0, _) => text.to_owned(),
        (_, 0) => [&t::import_keys_at_line(&line), " ", text].concat(),
        _ => [&t::import_keys_at_place(&line, &column), " ", text].concat(),
    }
}
