//! What a query asks for, as a sentence in plain words.
//!
//! `qql` makes the sentence from the query, and takes each word from the catalogue.

use qql::{FieldSpec, Join, Parse, Phrase, Phrases, Span, Unit};

use super::language::{Language, QueryField};
use crate::i18n::t;

/// What a query asks for, for the screen and for screen readers. Fields are said with their labels, values of closed
/// sets with theirs. No key value is part of it.
pub(super) fn sentence(parse: &Parse, language: &'static dyn Language) -> String {
    let catalogue = Catalogue { fields: language.fields() };
    let mut res = String::new();
    language.with_schema(&mut |schema| res = qql::explain(parse, schema, &catalogue));
    res
}

struct Catalogue {
    fields: Vec<QueryField>,
}

impl Catalogue {
    fn named(&self, field: &FieldSpec<'_>) -> Option<&QueryField> {
        self.fields.iter().find(|it| it.name == field.name)
    }
}

impl Phrases for Catalogue {
    fn field(&self, field: &FieldSpec<'_>) -> String {
        self.named(field).map_or_else(|| field.name.to_owned(), |it| inside(it.label))
    }

    fn value(&self, field: &FieldSpec<'_>, value: &str) -> String {
        let choices = self.named(field).map_or(&[][..], |it| it.values.as_slice());
        let choice = choices.iter().find(|it| it.value.eq_ignore_ascii_case(value));
        t::query_said_value(choice.map_or(value, |it| it.label.as_str()))
    }

    fn say(&self, phrase: Phrase<'_>) -> String {
        match phrase {
            Phrase::Everything => t::query_said_all().to_owned(),
            Phrase::Keys(it) => t::query_said_keys(it),
            Phrase::Muted(it) => t::query_said_muted(it),
            Phrase::NotUnderstood(it) => t::query_said_lost(it),
            Phrase::Hidden => t::query_said_hidden().to_owned(),
            Phrase::Joined { left, right, join: Join::And, is_wide: false } => t::query_said_and(left, right),
            Phrase::Joined { left, right, join: Join::And, is_wide: true } => {
                t::query_said_and_wide(left, right)
            }
            Phrase::Joined { left, right, join: Join::Or, is_wide: false } => t::query_said_or(left, right),
            Phrase::Joined { left, right, join: Join::Or, is_wide: true } => {
                t::query_said_or_wide(left, right)
            }
            Phrase::Listed { left, right } => t::query_said_listed(left, right),
            Phrase::More(n) => t::query_said_more(u64::try_from(n).unwrap_or(u64::MAX)),
            Phrase::Either(it) => t::query_said_either(it),
            Phrase::Group(it) => t::query_said_group(it),
            Phrase::Not(it) => t::query_said_not(it),
            Phrase::Part { field, conditions, is_negated } => {
                pick(is_negated, t::query_said_part, t::query_said_no_part, field, conditions)
            }
            Phrase::Is { field, what, is_negated } => {
                pick(is_negated, t::query_said_is, t::query_said_is_not, field, what)
            }
            Phrase::HasWord { field, word, is_negated } => {
                pick(is_negated, t::query_said_word, t::query_said_no_word, field, word)
            }
            Phrase::HasWords { field, words, is_in_sequence: true, is_negated } => {
                pick(is_negated, t::query_said_sequence, t::query_said_no_sequence, field, words)
            }
            Phrase::HasWords { field, words, is_in_sequence: false, is_negated } => {
                pick(is_negated, t::query_said_words, t::query_said_no_words, field, words)
            }
            Phrase::Contains { field, text, is_negated } => {
                pick(is_negated, t::query_said_contains, t::query_said_contains_not, field, text)
            }
            Phrase::Starts { field, text, is_negated } => {
                pick(is_negated, t::query_said_starts, t::query_said_starts_not, field, text)
            }
            Phrase::Matches { field, value, is_negated } => {
                pick(is_negated, t::query_said_matches, t::query_said_matches_not, field, value)
            }
            Phrase::Missing { field, is_negated: false } => t::query_said_missing(field),
            Phrase::Missing { field, is_negated: true } => t::query_said_present(field),
            what => said(what),
        }
    }
}

/// What stands behind "is".
fn said(phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::Truth(true) => t::query_true().to_owned(),
        Phrase::Truth(false) => t::query_false().to_owned(),
        Phrase::Exactly(it) => t::query_said_exactly(it),
        Phrase::Above(it) => t::query_said_above(it),
        Phrase::Below(it) => t::query_said_below(it),
        Phrase::AtLeast(it) => t::query_said_at_least(it),
        Phrase::AtMost(it) => t::query_said_at_most(it),
        Phrase::Range { low, high, is_inclusive: true } => t::query_said_from_to(low, high),
        Phrase::Range { low, high, is_inclusive: false } => t::query_said_between(low, high),
        Phrase::OneOf(it) => t::query_said_one_of(it),
        Phrase::On(it) => t::query_said_on(it),
        Phrase::After(it) => t::query_said_after(it),
        Phrase::Before(it) => t::query_said_before(it),
        Phrase::Since(it) => t::query_said_since(it),
        Phrase::Until(it) => t::query_said_until(it),
        Phrase::Now => t::query_said_now().to_owned(),
        Phrase::Ahead(it) => t::query_said_ahead(&span(it)),
        Phrase::Ago(it) => t::query_said_ago(&span(it)),
        Phrase::Next(it) => t::query_said_next(&length(it)),
        Phrase::Last(it) => t::query_said_last(&length(it)),
        Phrase::Today => t::query_said_today().to_owned(),
        Phrase::Yesterday => t::query_said_yesterday().to_owned(),
        _ => t::query_said_tomorrow().to_owned(),
    }
}

type Two = fn(&str, &str) -> String;

fn pick(is_negated: bool, plain: Two, negated: Two, first: &str, second: &str) -> String {
    if is_negated { negated(first, second) } else { plain(first, second) }
}

fn span(span: Span) -> String {
    let n = u64::try_from(span.count).unwrap_or(0);
    match span.unit {
        Unit::Day => t::query_said_days(n),
        Unit::Week => t::query_said_weeks(n),
        Unit::Month => t::query_said_months(n),
        Unit::Year => t::query_said_years(n),
    }
}

fn length(span: Span) -> String {
    let n = u64::try_from(span.count).unwrap_or(0);
    match span.unit {
        Unit::Day => t::query_said_next_days(n),
        Unit::Week => t::query_said_next_weeks(n),
        Unit::Month => t::query_said_next_months(n),
        Unit::Year => t::query_said_next_years(n),
    }
}

/// A label inside a sentence: "Created by" becomes "created by", "ID" stays.
fn inside(label: &str) -> String {
    let mut chars = label.chars();
    let (first, second) = (chars.next(), chars.clone().next());
    match first {
        Some(first) if second.is_some_and(char::is_lowercase) => first.to_lowercase().chain(chars).collect(),
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::qualys_gateway::MANIFEST;

    #[track_caller]
    fn check(query: &str, said: &str) {
        assert_eq!(sentence(&qql::parse(query), &MANIFEST), said, "{query}");
    }

    #[test]
    fn a_blank_query_finds_every_key() {
        check("", "All keys.");
        check("  ", "All keys.");
    }

    #[test]
    fn fields_and_values_are_said_with_their_labels() {
        check(
            "title: web AND NOT activationKey.isDisabled: true",
            "Keys where title has a word that starts with “web” and disabled is not true.",
        );
        check(
            "title: web AND expires: in 30 days OR creator: ann",
            "Keys where title has a word that starts with “web” and expires is within the next 30 days, or created by \
             has a word that starts with “ann”.",
        );
        check("expires: last 1 week", "Keys where expires is within the last week.");
        check("created < now-1y", "Keys where created is before 1 year ago.");
        check("licence: [VM, PM]", "Keys where licences is one of “VM” or “PM”.");
    }

    #[test]
    fn key_values_are_not_repeated() {
        check("activationKey: 7781808c", "Keys where key starts with ‹hidden›.");
        check("activationKey: \"7781808c", "Not understood: ‹hidden›.");
    }

    #[test]
    fn what_is_off_and_what_is_wrong_is_named() {
        check(
            "title: web /* AND used > 5 */ AND",
            "Keys where title has a word that starts with “web”. Switched off: agents enrolled is more than 5.",
        );
        check(
            "title: web AND (used: x OR used",
            "Keys where title has a word that starts with “web”. Not understood: (used: x OR used.",
        );
        check("agent.name: \"a b\"", "Keys where agent.name matches \"a b\".");
    }
}
