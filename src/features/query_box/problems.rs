//! What is wrong with a query, in words and with its place.

use qql::{ErrorKind, FieldType, Fix, Parse, ProblemKind};

use super::language::Language;
use crate::i18n::t;

/// A fault in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    what: What,
    /// Where it starts: characters from 1.
    position: usize,
    /// The text before the fault.
    pub(super) before: String,
    /// The faulty part; a sign for the end where nothing stands there.
    pub(super) marked: String,
    /// The text behind it.
    pub(super) after: String,
    /// The whole text with the fix in it, if there is one.
    pub(super) fixed: Option<String>,
    replacement: String,
    /// The fix adds something and replaces nothing.
    inserts: bool,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// The text is no query.
    Syntax(ErrorKind),
    /// The query does not fit the fields there are.
    Meaning(ProblemKind),
}

impl Problem {
    fn new(what: What, range: &std::ops::Range<usize>, fix: Option<&Fix>, text: &str) -> Self {
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
        let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
        let marked = part(start..end);
        let (fixed, replacement) = match fix {
            None => (None, String::new()),
            Some(fix) => {
                let parts =
                    [part(0..fix.range.start), fix.replacement.clone(), part(fix.range.end..text.len())];
                (Some(parts.concat()), fix.replacement.clone())
            }
        };
        Self {
            what,
            position: part(0..start).chars().count() + 1,
            before: part(0..start),
            marked: if marked.is_empty() { "␣".to_owned() } else { marked },
            after: part(end..text.len()),
            fixed,
            replacement,
            inserts: fix.is_some_and(|it| it.range.is_empty()),
        }
    }

    /// Whether the query can run with it.
    pub(super) fn is_fatal(&self) -> bool {
        match self.what {
            What::Syntax(_) => true,
            What::Meaning(kind) => kind.is_fatal(),
        }
    }

    /// "Position 12: a value is expected here."
    pub(super) fn sentence(&self) -> String {
        let word = match self.what {
            What::Syntax(kind) => word(kind),
            What::Meaning(kind) => meaning(kind),
        };
        t::query_error_at(&self.position.to_string(), word)
    }

    /// What is said of a fault with which the query can run, with the nearest name or value.
    pub(super) fn note(&self) -> String {
        let text = match self.what {
            What::Meaning(ProblemKind::UnverifiedField) => t::query_unknown_field(&self.marked),
            _ => self.sentence(),
        };
        match self.replacement.is_empty() {
            true => text,
            false => [&*text, " ", &t::query_did_you_mean(&self.replacement)].concat(),
        }
    }

    /// What the fix does.
    pub(super) fn fix_label(&self) -> String {
        match (self.replacement.is_empty(), self.inserts) {
            (true, _) => t::query_fix_remove().to_owned(),
            (false, true) => t::query_fix_insert(self.replacement.trim()),
            (false, false) => t::query_fix(&self.replacement),
        }
    }
}

/// All faults in the order of the text: of its syntax, or where that is right, of its meaning.
pub(super) fn problems(parse: &Parse, text: &str, language: &'static dyn Language) -> Vec<Problem> {
    let errors = parse.errors();
    if !errors.is_empty() {
        let problem =
            |it: &qql::SyntaxError| Problem::new(What::Syntax(it.kind), &it.range, it.fix.as_ref(), text);
        return errors.iter().map(problem).collect();
    }
    let mut res: Vec<Problem> = Vec::new();
    for it in language.problems(parse) {
        let problem = Problem::new(What::Meaning(it.kind), &it.range, it.fix.as_ref(), text);
        // A name that the service may know is pointed out once, however often it stands there.
        let again = |other: &Problem| other.what == problem.what && other.marked == problem.marked;
        let once = it.kind == ProblemKind::UnverifiedField;
        if !once || !res.iter().any(again) {
            res.push(problem);
        }
    }
    res
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
        let text = "activationKey.id: 7 AND ü";
        let problem = first(text);
        assert_eq!(problem.as_ref().map(|it| it.position), Some(25));
        assert_eq!(problem.map(|it| [it.before, it.marked, it.after].concat()).as_deref(), Some(text));
    }

    #[test]
    fn a_fix_gives_the_whole_text() {
        let fixed = first("(activationKey.id: 7").and_then(|it| it.fixed);
        assert_eq!(fixed.as_deref(), Some("(activationKey.id: 7)"));
    }

    #[test]
    fn tokens_no_document_names_are_pointed_out_once_and_sent() {
        let text = "titel: a OR NOT titel: b AND qualys.agent.activationKey.id: 3";
        let found = problems(&qql::parse(text), text, &MANIFEST);
        let notes: Vec<String> = found.iter().map(Problem::note).collect();
        let want = [&*t::query_unknown_field("titel"), " ", &t::query_did_you_mean("title")].concat();
        assert_eq!(notes, [want]);
        assert!(found.iter().all(|it| !it.is_fatal()));
    }

    #[test]
    fn a_value_that_does_not_fit_its_field_is_an_error() {
        let problem = first("used: many");
        assert_eq!(problem.as_ref().map(Problem::is_fatal), Some(true));
        let want = t::query_error_at("7", t::query_problem_not_a_number());
        assert_eq!(problem.map(|it| it.sentence()), Some(want));
    }
}
