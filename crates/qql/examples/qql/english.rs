//! An explanation in plain English.

use qql::{FieldSpec, Join, Phrase, Phrases, Span, Unit};

/// Fields by their names in queries, values in quotes.
pub(crate) struct English;

impl Phrases for English {
    fn field(&self, field: &FieldSpec<'_>) -> String {
        field.name.to_owned()
    }

    fn value(&self, _: &FieldSpec<'_>, value: &str) -> String {
        format!("“{value}”")
    }

    fn say(&self, phrase: Phrase<'_>) -> String {
        let not = |is_negated: bool| if is_negated { " not" } else { "" };
        match phrase {
            Phrase::Everything => "All keys.".to_owned(),
            Phrase::Keys(it) => format!("Keys where {it}."),
            Phrase::Muted(it) => format!("Switched off: {it}."),
            Phrase::NotUnderstood(it) => format!("Not understood: {it}."),
            Phrase::Hidden => "‹hidden›".to_owned(),
            Phrase::Joined { left, right, join, is_wide } => {
                let comma = if is_wide { "," } else { "" };
                let join = if join == Join::And { "and" } else { "or" };
                format!("{left}{comma} {join} {right}")
            }
            Phrase::Listed { left, right } => format!("{left}, {right}"),
            Phrase::More(n) => format!("and {n} more"),
            Phrase::Either(it) => format!("either {it}"),
            Phrase::Group(it) => format!("({it})"),
            Phrase::Not(it) => format!("it is not so that {it}"),
            Phrase::Part { field, conditions, is_negated } => {
                format!("{field} has {} part where {conditions}", if is_negated { "no" } else { "a" })
            }
            Phrase::Is { field, what, is_negated } => format!("{field} is{} {what}", not(is_negated)),
            Phrase::HasWord { field, word, is_negated } => {
                format!("{field} has {} word that starts with {word}", if is_negated { "no" } else { "a" })
            }
            Phrase::HasWords { field, words, is_in_sequence, is_negated } => {
                let has = if is_negated { "does not have" } else { "has" };
                let order = if is_in_sequence { ", one after the other" } else { "" };
                format!("{field} {has} words that start with {words}{order}")
            }
            Phrase::Contains { field, text, is_negated: false } => format!("{field} contains {text}"),
            Phrase::Contains { field, text, is_negated: true } => format!("{field} does not contain {text}"),
            Phrase::Starts { field, text, is_negated: false } => format!("{field} starts with {text}"),
            Phrase::Starts { field, text, is_negated: true } => format!("{field} does not start with {text}"),
            Phrase::Matches { field, value, is_negated: false } => format!("{field} matches {value}"),
            Phrase::Matches { field, value, is_negated: true } => format!("{field} does not match {value}"),
            Phrase::Missing { field, is_negated } => {
                format!("{field} has {} value", if is_negated { "a" } else { "no" })
            }
            what => said(what),
        }
    }
}

/// What stands behind "is".
fn said(phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::Truth(it) => it.to_string(),
        Phrase::Exactly(it) => format!("exactly {it}"),
        Phrase::Above(it) => format!("more than {it}"),
        Phrase::Below(it) => format!("less than {it}"),
        Phrase::AtLeast(it) => format!("at least {it}"),
        Phrase::AtMost(it) => format!("at most {it}"),
        Phrase::Range { low, high, is_inclusive: true } => format!("from {low} to {high}"),
        Phrase::Range { low, high, is_inclusive: false } => format!("between {low} and {high}"),
        Phrase::OneOf(it) => format!("one of {it}"),
        Phrase::On(it) => format!("on {it}"),
        Phrase::After(it) => format!("after {it}"),
        Phrase::Before(it) => format!("before {it}"),
        Phrase::Since(it) => format!("on or after {it}"),
        Phrase::Until(it) => format!("on or before {it}"),
        Phrase::Now => "now".to_owned(),
        Phrase::Ahead(it) => format!("{} from now", span(it)),
        Phrase::Ago(it) => format!("{} ago", span(it)),
        Phrase::Next(it) => format!("within the next {}", length(it)),
        Phrase::Last(it) => format!("within the last {}", length(it)),
        Phrase::Today => "today".to_owned(),
        Phrase::Yesterday => "yesterday".to_owned(),
        _ => "tomorrow".to_owned(),
    }
}

/// Without the number where it is one: "the next week".
fn length(it: Span) -> String {
    let text = span(it);
    text.strip_prefix("1 ").map_or(text.clone(), str::to_owned)
}

fn span(span: Span) -> String {
    let unit = match span.unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    };
    format!("{} {unit}{}", span.count, if span.count == 1 { "" } else { "s" })
}
