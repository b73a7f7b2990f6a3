//! What is wrong with a query, in words and with its place.

use std::ops::Range;

use qql::{ErrorKind, Expected, FieldType, Fix, Parse, ProblemKind};

use super::language::Language;
use crate::i18n::t;

/// A fault in the text. Its words are made when they are shown: a long text can have many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    what: What,
    /// The bytes to mark. Never empty.
    pub(super) range: Range<usize>,
    /// The one change that mends it.
    pub(super) fix: Option<Fix>,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// The text is no query.
    Syntax(ErrorKind, Expected),
    /// The query does not fit the fields there are.
    Meaning(ProblemKind),
}

impl Problem {
    /// Whether the query can run with it.
    pub(super) fn is_fatal(&self) -> bool {
        match self.what {
            What::Syntax(..) => true,
            What::Meaning(kind) => kind.is_fatal(),
        }
    }

    /// Whether it is a name that the service may know, though no document has it.
    pub(super) fn is_unverified(&self) -> bool {
        self.what == What::Meaning(ProblemKind::UnverifiedField)
    }

    /// Whether it is no more than what is not there yet, while somebody writes at byte `at`: a value behind the
    /// colon, the other quote, a name or a value that is not complete.
    pub(super) fn is_half_typed(&self, text: &str, at: usize) -> bool {
        let rest = |from: usize, to: usize| text.get(from..to).is_some_and(|it| it.trim().is_empty());
        match self.what {
            What::Syntax(
                ErrorKind::UnclosedQuote | ErrorKind::UnclosedParen | ErrorKind::UnclosedBracket,
                _,
            ) => rest(at, text.len()),
            _ => self.range.start < at && (at <= self.range.end || rest(self.range.end, at)),
        }
    }

    /// "Position 12: a value is expected here." The position is counted in characters from 1.
    pub(super) fn sentence(&self, text: &str) -> String {
        let before = text.get(..self.range.start).unwrap_or(text);
        t::query_error_at(&(before.chars().count() + 1).to_string(), self.word())
    }

    /// What is wrong, without its place.
    pub(super) fn word(&self) -> &'static str {
        match self.what {
            What::Syntax(ErrorKind::UnexpectedText, expected) => unexpected(expected),
            What::Syntax(kind, _) => word(kind),
            What::Meaning(kind) => meaning(kind),
        }
    }

    /// What is said of a fault with which the query can run, with the nearest name or value.
    pub(super) fn note(&self, text: &str) -> String {
        let said = match self.is_unverified() {
            true => t::query_unknown_field(text.get(self.range.clone()).unwrap_or_default()),
            false => self.sentence(text),
        };
        match self.fix.as_ref().filter(|it| !it.replacement.is_empty()) {
            None => said,
            Some(fix) => [&*said, " ", &t::query_did_you_mean(&fix.replacement)].concat(),
        }
    }

    /// What the fix does.
    pub(super) fn fix_label(&self) -> Option<String> {
        let fix = self.fix.as_ref()?;
        Some(match (fix.replacement.trim(), fix.range.is_empty()) {
            ("", _) => t::query_fix_remove().to_owned(),
            (text, true) => t::query_fix_insert(text),
            (_, false) => t::query_fix(&fix.replacement),
        })
    }

    /// The whole text with the fix in it, and the byte behind what it changed.
    pub(super) fn fixed(&self, text: &str) -> Option<(String, usize)> {
        let fix = self.fix.as_ref()?;
        Some((fix.apply(text), fix.range.start + fix.replacement.len()))
    }
}

/// Names that no document has and that are pointed out; a reader has had enough then.
const MOST_NAMES: usize = 20;

/// All faults in the order of the text: of its syntax, or where that is right, of its meaning.
pub(super) fn problems(parse: &Parse, text: &str, language: &'static dyn Language) -> Vec<Problem> {
    let errors = parse.errors();
    if !errors.is_empty() {
        let problem = |it: &qql::SyntaxError| Problem {
            what: What::Syntax(it.kind, it.expected),
            range: it.range.clone(),
            fix: it.fix.clone(),
        };
        return errors.iter().map(problem).collect();
    }
    let name = |it: &Problem| text.get(it.range.clone()).map(str::to_owned);
    let mut names = Vec::new();
    let mut res: Vec<Problem> = Vec::new();
    for it in language.problems(parse) {
        let problem = Problem { what: What::Meaning(it.kind), range: it.range, fix: it.fix };
        // A name that the service may know is pointed out once, however often it stands there.
        if problem.is_unverified() {
            let name = name(&problem);
            if names.contains(&name) || names.len() >= MOST_NAMES {
                continue;
            }
            names.push(name);
        }
        res.push(problem);
    }
    res
}

/// What should have stood where text cannot stand.
fn unexpected(expected: Expected) -> &'static str {
    match expected {
        Expected::Join => t::query_error_unexpected_text_join(),
        Expected::Separator => t::query_error_unexpected_text_separator(),
        _ => t::query_error_unexpected_text(),
    }
}

fn meaning(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::UnknownField | ProblemKind::UnverifiedField => t::query_problem_unknown_field(),
        ProblemKind::NoValues => t::query_problem_no_values(),
        ProblemKind::WrongOperator(
            FieldType::Text | FieldType::Keyword | FieldType::Id | FieldType::Guid,
        ) => t::query_problem_operator_text(),
        ProblemKind::WrongOperator(_) => t::query_problem_operator(),
        ProblemKind::WrongValue(FieldType::Integer) => t::query_problem_not_a_number(),
        ProblemKind::WrongValue(FieldType::Boolean) => t::query_problem_not_a_boolean(),
        ProblemKind::WrongValue(FieldType::Date) => t::query_problem_not_a_date(),
        ProblemKind::WrongValue(_) => t::query_problem_value(),
        ProblemKind::UnknownValue => t::query_problem_unknown_value(),
        ProblemKind::EmptyRange => t::query_problem_empty_range(),
        ProblemKind::Nesting => t::query_problem_nesting(),
    }
}

fn word(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnclosedQuote => t::query_error_unclosed_quote(),
        ErrorKind::CurlyQuote => t::query_error_curly_quote(),
        ErrorKind::UnclosedParen => t::query_error_unclosed_paren(),
        ErrorKind::UnclosedBracket => t::query_error_unclosed_bracket(),
        ErrorKind::UnopenedParen => t::query_error_unopened_paren(),
        ErrorKind::MismatchedBracket => t::query_error_mismatched_bracket(),
        ErrorKind::MissingBrackets => t::query_error_missing_brackets(),
        ErrorKind::MissingValue => t::query_error_missing_value(),
        ErrorKind::MissingField => t::query_error_missing_field(),
        ErrorKind::MissingComparison => t::query_error_missing_comparison(),
        ErrorKind::InvalidField => t::query_error_invalid_field(),
        ErrorKind::WrongOperator => t::query_error_wrong_operator(),
        ErrorKind::MissingJoin => t::query_error_missing_join(),
        ErrorKind::DanglingOperator => t::query_error_dangling_operator(),
        ErrorKind::EmptyGroup => t::query_error_empty_group(),
        ErrorKind::UnexpectedCharacter => t::query_error_unexpected_character(),
        ErrorKind::UnexpectedText => t::query_error_unexpected_text(),
        ErrorKind::TooDeep => t::query_error_too_deep(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::qualys_gateway::MANIFEST;

    fn first(text: &str) -> Option<Problem> {
        problems(&qql::parse(text), text, &MANIFEST).into_iter().next()
    }

    #[test]
    fn a_fault_has_its_place_in_characters() {
        let text = "title: ü AND activationKey.id: x7";
        let said = first(text).map(|it| (it.sentence(text), it.range));
        let want = t::query_error_at("32", t::query_problem_not_a_number());
        assert_eq!(said, Some((want, 32..34)));
    }

    #[test]
    fn a_fix_gives_the_whole_text() {
        let text = "(activationKey.id: 7";
        let fixed = first(text).and_then(|it| it.fixed(text));
        assert_eq!(fixed, Some(("(activationKey.id: 7)".to_owned(), 21)));
    }

    #[test]
    fn what_is_half_typed_is_told_by_the_caret() {
        let half = |text: &str, at: usize| first(text).map(|it| it.is_half_typed(text, at));
        for text in ["tit", "title:", "title: ", "title: \"be", "(title: be", "a: 1 AND ", "used: 1x"] {
            assert_eq!(half(text, text.len()), Some(true), "{text}");
            assert_eq!(half(text, 0), Some(false), "{text}");
        }
        assert_eq!(half("title: AND used: 1", 18), Some(false));
        assert_eq!(half("(title: be AND used: 1", 4), Some(false));
    }

    #[test]
    fn tokens_no_document_names_are_pointed_out_once_and_sent() {
        let text = "titel: a OR NOT titel: b AND qualys.agent.activationKey.id: 3";
        let found = problems(&qql::parse(text), text, &MANIFEST);
        let notes: Vec<String> = found.iter().map(|it| it.note(text)).collect();
        let want = [&*t::query_unknown_field("titel"), " ", &t::query_did_you_mean("title")].concat();
        assert_eq!(notes, [want]);
        assert!(found.iter().all(|it| !it.is_fatal() && it.is_unverified()));
    }

    #[test]
    fn a_value_that_does_not_fit_its_field_is_an_error() {
        let text = "used: many";
        let problem = first(text);
        assert_eq!(problem.as_ref().map(Problem::is_fatal), Some(true));
        let want = t::query_error_at("7", t::query_problem_not_a_number());
        assert_eq!(problem.map(|it| it.sentence(text)), Some(want));
    }

    #[test]
    fn text_without_a_place_says_what_could_stand_there() {
        let said = |text: &str| first(text).map(|it| it.word());
        assert_eq!(said("title: \"a\" b"), Some(t::query_error_unexpected_text_join()));
        assert_eq!(said("used: [1 [2]"), Some(t::query_error_unexpected_text_separator()));
    }
}
