//! What is wrong with a query, in words and with its place.

use qql::{ErrorKind, Expr, Parse};

use crate::i18n::t;
use crate::systems::qualys_gateway;

/// A fault in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    kind: ErrorKind,
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

impl Problem {
    /// "Position 12: a value is expected here."
    pub(super) fn sentence(&self) -> String {
        t::query_error_at(&self.position.to_string(), word(self.kind))
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

/// All faults in the order of the text.
pub(super) fn problems(parse: &Parse, text: &str) -> Vec<Problem> {
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    let problem = |error: &qql::SyntaxError| {
        let (start, end) = (error.range.start.min(text.len()), error.range.end.min(text.len()));
        let marked = part(start..end);
        let (fixed, replacement) = match &error.fix {
            None => (None, String::new()),
            Some(fix) => {
                let parts =
                    [part(0..fix.range.start), fix.replacement.clone(), part(fix.range.end..text.len())];
                (Some(parts.concat()), fix.replacement.clone())
            }
        };
        Problem {
            kind: error.kind,
            position: part(0..start).chars().count() + 1,
            before: part(0..start),
            marked: if marked.is_empty() { "␣".to_owned() } else { marked },
            after: part(end..text.len()),
            fixed,
            replacement,
            inserts: error.fix.as_ref().is_some_and(|it| it.range.is_empty()),
        }
    };
    parse.errors().iter().map(problem).collect()
}

/// Field names that no document mentions, each once.
pub(super) fn unknown_fields(parse: &Parse) -> Vec<String> {
    let mut res = Vec::new();
    if let Some(expr) = parse.expr() {
        collect(&expr, &mut res);
    }
    res
}

fn collect(expr: &Expr, names: &mut Vec<String>) {
    match expr {
        Expr::Clause(clause) => note(&clause.field.text, names),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|it| collect(it, names)),
        Expr::Not(inner) => collect(inner, names),
        // The inner names of a nested query belong to the outer one.
        Expr::Nested { field, .. } => note(&field.text, names),
    }
}

fn note(name: &str, names: &mut Vec<String>) {
    let known = qualys_gateway::query::is_documented(name);
    if !known && !names.iter().any(|it| it == name) {
        names.push(name.to_owned());
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

    fn first(text: &str) -> Option<Problem> {
        problems(&qql::parse(text), text).into_iter().next()
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
    fn tokens_no_document_names_are_pointed_out_once() {
        let names =
            unknown_fields(&qql::parse("title: a OR NOT title: b AND qualys.agent.activationKey.id: 3"));
        assert_eq!(names, ["title"]);
    }
}
