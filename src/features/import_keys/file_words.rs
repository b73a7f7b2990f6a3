//! What is wrong with a file, in words.

use crate::files::{ReadError, ReadProblem};
use crate::i18n::t;
use crate::journal::bulk::{ItemPart, PlanProblem};

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

/// Why a file is no plan that can be opened here.
#[must_use]
pub fn plan_problem_text(problem: &PlanProblem) -> String {
    match problem {
        PlanProblem::TooLong | PlanProblem::TooMany(_) => t::import_keys_bad_size().to_owned(),
        PlanProblem::NotJson { line, column } => {
            [&t::import_keys_at_place(&line.to_string(), &column.to_string()), " ", t::import_keys_bad_json()]
                .concat()
        }
        PlanProblem::NotAPlan => t::import_keys_not_a_plan().to_owned(),
        PlanProblem::Version(_) => t::import_keys_plan_version().to_owned(),
        PlanProblem::OtherSystem(system) => t::import_keys_plan_system(system),
        PlanProblem::Item { number, part } => {
            let part = match part {
                ItemPart::Title => "title",
                ItemPart::Action => "do",
                ItemPart::Before => "before",
                ItemPart::Field(name) => name,
            };
            t::import_keys_plan_item(&number.to_string(), part)
        }
    }
}
