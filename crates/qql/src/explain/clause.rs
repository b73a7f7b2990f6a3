//! One condition in words.

use super::{Phrase, Teller, joined, listed};
use crate::compile::{Compiler, is_blank, is_match};
use crate::date::{Spoken, step_from_now};
use crate::expr::Join;
use crate::expr::{Clause, Op, Value, ValueKind};
use crate::problem::ProblemKind;
use crate::record::Clock;
use crate::schema::{FieldSpec, FieldType, Place};
use crate::test::boolean;
use crate::words;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Whether a dated clause can be read does not depend on the time.
const ANY_TIME: Clock = Clock { now_ms: 0, offset_minutes: 0 };

impl Teller<'_> {
    /// The clause in words. `None` when it has no meaning.
    pub(super) fn clause(
        &self,
        clause: &Clause,
        is_negated: bool,
        outer: Option<&FieldSpec<'_>>,
    ) -> Option<String> {
        let mut compiler = Compiler::new(self.schema, ANY_TIME);
        let is_known = compiler.clause(clause, outer).is_some();
        let Some(field) = self.schema.inner_field(outer, &clause.field.text) else {
            return (self.schema.unknown == Place::Server)
                .then(|| self.unverified(clause, is_negated))
                .flatten();
        };
        if !is_known && compiler.problems.iter().any(|it| it.kind != ProblemKind::NoValues) {
            return None;
        }
        let Clause { op, value, .. } = clause;
        let name = self.phrases.field(field);
        if is_blank(value) && is_match(*op) {
            return Some(self.phrases.say(Phrase::Missing { field: &name, is_negated }));
        }
        let ValueKind::List(items) = &value.kind else {
            return self.one(field, &name, *op, value, is_negated);
        };
        let (blank, items): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| is_blank(item));
        let mut said = self.list(field, &name, &items, is_negated)?;
        if !blank.is_empty() {
            said.push(self.phrases.say(Phrase::Missing { field: &name, is_negated }));
        }
        // The opposite of alternatives is that all of their opposites hold.
        let join = if is_negated { Join::And } else { Join::Or };
        let is_one = said.len() < 2;
        let text = joined(self.phrases, &said, join, field.kind == FieldType::Text)?;
        Some(if is_one { text } else { self.say(Phrase::Group(&text)) })
    }

    /// A clause with one value or a range.
    fn one(
        &self,
        field: &FieldSpec<'_>,
        name: &str,
        op: Op,
        value: &Value,
        is_negated: bool,
    ) -> Option<String> {
        match field.kind {
            FieldType::Text => self.text(field, name, value, is_negated),
            FieldType::Guid => Some(self.guid(name, is_whole(value), is_negated)),
            FieldType::Keyword | FieldType::Id => {
                Some(self.is(name, &self.single(field, value)?, is_negated))
            }
            FieldType::Integer | FieldType::Boolean | FieldType::Date => {
                let what = self.ordered(field, op, value)?;
                Some(self.is(name, &what, is_negated))
            }
            FieldType::Object => None,
        }
    }

    /// The values of a list that are not blank: alternatives.
    fn list(
        &self,
        field: &FieldSpec<'_>,
        name: &str,
        items: &[&Value],
        is_negated: bool,
    ) -> Option<Vec<String>> {
        let is_exact = |item: &&Value| matches!(item.kind, ValueKind::Exact(_));
        let is_word =
            |item: &&Value| !is_exact(item) && item.text().is_some_and(|it| words::of_query(it).len() == 1);
        let is_prose = field.kind == FieldType::Text;
        let one = match items {
            [] => return Some(Vec::new()),
            [item] => self.one(field, name, Op::Match, item, is_negated)?,
            _ if is_prose && items.iter().all(is_word) => {
                let words =
                    items.iter().map(|item| self.phrases.value(field, item.text().unwrap_or("").trim()));
                let word = &listed(self.phrases, &words.collect::<Vec<_>>(), Some(Join::Or))?;
                self.say(Phrase::HasWord { field: name, word, is_negated })
            }
            _ if is_prose && !items.iter().all(is_exact) => {
                return items.iter().map(|item| self.text(field, name, item, is_negated)).collect();
            }
            _ if field.kind == FieldType::Guid => {
                self.guid(name, items.iter().all(|item| is_whole(item)), is_negated)
            }
            _ if matches!(field.kind, FieldType::Text | FieldType::Keyword) && items.iter().all(is_exact) => {
                let values = items.iter().map(|item| self.phrases.value(field, item.text().unwrap_or("")));
                let values = listed(self.phrases, &values.collect::<Vec<_>>(), Some(Join::Or))?;
                let what = self.say(Phrase::Exactly(&values));
                self.is(name, &what, is_negated)
            }
            _ => {
                let items: Vec<String> =
                    items.iter().map(|item| self.single(field, item)).collect::<Option<_>>()?;
                let what = self.say(Phrase::OneOf(&listed(self.phrases, &items, Some(Join::Or))?));
                self.is(name, &what, is_negated)
            }
        };
        Some(Vec::from([one]))
    }

    fn say(&self, phrase: Phrase<'_>) -> String {
        self.phrases.say(phrase)
    }

    fn is(&self, field: &str, what: &str, is_negated: bool) -> String {
        self.say(Phrase::Is { field, what, is_negated })
    }

    /// A clause that is sent to the server as it is: its own spelling.
    fn unverified(&self, clause: &Clause, is_negated: bool) -> Option<String> {
        let value = self.source.get(clause.field.range.end..clause.value.range.end)?.trim();
        let value = match clause.op {
            Op::Match | Op::Eq => self.source.get(clause.value.range.clone())?,
            _ => value,
        };
        let hidden = self.say(Phrase::Hidden);
        let value = if self.may_hold_secret(value) { &hidden } else { value };
        Some(self.say(Phrase::Matches { field: &clause.field.text, value, is_negated }))
    }

    fn text(&self, spec: &FieldSpec<'_>, field: &str, value: &Value, is_negated: bool) -> Option<String> {
        let text = value.text()?;
        if let ValueKind::Exact(_) = value.kind {
            let what = self.say(Phrase::Exactly(&self.phrases.value(spec, text)));
            return Some(self.is(field, &what, is_negated));
        }
        let words = words::of_query(text);
        let is_in_sequence = matches!(value.kind, ValueKind::Quoted(_));
        Some(match words.as_slice() {
            [] => {
                let text = &self.phrases.value(spec, text.trim());
                self.say(Phrase::Contains { field, text, is_negated })
            }
            [_] => {
                let word =
                    &self.phrases.value(spec, text.trim_matches(|c: char| c.is_whitespace() || c == ','));
                self.say(Phrase::HasWord { field, word, is_negated })
            }
            _ if is_in_sequence => {
                let words = &self.phrases.value(spec, text.trim());
                self.say(Phrase::HasWords { field, words, is_in_sequence, is_negated })
            }
            _ => {
                let words: Vec<String> = words.iter().map(|word| self.phrases.value(spec, word)).collect();
                let words = &listed(self.phrases, &words, Some(Join::And))?;
                self.say(Phrase::HasWords { field, words, is_in_sequence, is_negated })
            }
        })
    }

    /// The value is not repeated.
    fn guid(&self, field: &str, is_whole: bool, is_negated: bool) -> String {
        let hidden = self.say(Phrase::Hidden);
        if is_whole {
            return self.is(field, &hidden, is_negated);
        }
        self.say(Phrase::Starts { field, text: &hidden, is_negated })
    }

    fn single(&self, field: &FieldSpec<'_>, value: &Value) -> Option<String> {
        let text = value.text()?;
        let is_exact = matches!(value.kind, ValueKind::Exact(_));
        Some(match field.kind {
            FieldType::Guid => self.say(Phrase::Hidden),
            FieldType::Boolean => self.say(Phrase::Truth(boolean(text)?)),
            FieldType::Integer => text.trim().to_string(),
            FieldType::Date => self.date(text),
            FieldType::Text | FieldType::Keyword if is_exact => {
                self.say(Phrase::Exactly(&self.phrases.value(field, text)))
            }
            _ => self.phrases.value(field, text.trim()),
        })
    }

    /// A day or a moment, without "on".
    fn date(&self, text: &str) -> String {
        if let Some(spoken) = Spoken::read(text) {
            return self.spoken(spoken);
        }
        match step_from_now(text) {
            Some((None, _)) => self.say(Phrase::Now),
            Some((Some(span), true)) => self.say(Phrase::Ahead(span)),
            Some((Some(span), false)) => self.say(Phrase::Ago(span)),
            None => text.trim().to_string(),
        }
    }

    fn spoken(&self, spoken: Spoken) -> String {
        self.say(match spoken {
            Spoken::Next(span) => Phrase::Next(span),
            Spoken::Last(span) => Phrase::Last(span),
            Spoken::Ago(span) => Phrase::Ago(span),
            Spoken::Today => Phrase::Today,
            Spoken::Yesterday => Phrase::Yesterday,
            Spoken::Tomorrow => Phrase::Tomorrow,
        })
    }

    /// A number, a truth value or a date, compared.
    fn ordered(&self, field: &FieldSpec<'_>, op: Op, value: &Value) -> Option<String> {
        if let ValueKind::Range { low, high, inclusive } = &value.kind {
            let (low, high) = (&self.single(field, low)?, &self.single(field, high)?);
            return Some(self.say(Phrase::Range { low, high, is_inclusive: *inclusive }));
        }
        let is_date = field.kind == FieldType::Date;
        let text = &self.single(field, value)?;
        let is_written =
            value.text().is_some_and(|text| text.trim().starts_with(|c: char| c.is_ascii_digit()));
        let is_spoken = value.text().is_some_and(|text| Spoken::read(text).is_some());
        Some(match op {
            Op::Match | Op::Eq if is_date && is_written && !is_spoken => self.say(Phrase::On(text)),
            Op::Match | Op::Eq => text.clone(),
            Op::Gt => self.say(if is_date { Phrase::After(text) } else { Phrase::Above(text) }),
            Op::Lt => self.say(if is_date { Phrase::Before(text) } else { Phrase::Below(text) }),
            Op::Ge => self.say(if is_date { Phrase::Since(text) } else { Phrase::AtLeast(text) }),
            Op::Le => self.say(if is_date { Phrase::Until(text) } else { Phrase::AtMost(text) }),
        })
    }
}

/// The whole value is asked for, not its beginning.
fn is_whole(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Exact(_)) || value.text().is_some_and(|text| words::is_guid(text.trim()))
}
