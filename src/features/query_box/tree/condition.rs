//! A clause as a row shows it: what is compared in words, and the texts of its controls.
//!
//! Only a reading: the text of the query stays the truth, and what a control changes goes back as a
//! [`NewValue`].

use qql::{Clause, FieldType, NewValue, Op, Value, ValueKind};

use super::super::language::QueryField;
use crate::i18n::t;

/// What a row compares by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Is,
    /// Several words without quotes, which need not stand next to each other.
    Words,
    Exactly,
    OneOf,
    Between,
    /// Between, without the two ends.
    Inside,
    Above,
    AtLeast,
    Below,
    AtMost,
    /// From now on, so many days.
    Next,
    /// Up to now, so many days.
    Last,
    /// Quotes with nothing in them.
    Missing,
}

use Verb::{Above, AtLeast, AtMost, Below, Between, Exactly, Inside, Is, Last, Missing, Next, OneOf, Words};

const ALL: [Verb; 13] =
    [Is, Words, Exactly, OneOf, Between, Inside, Above, AtLeast, Below, AtMost, Next, Last, Missing];

impl Verb {
    /// The name in the page.
    pub(super) fn code(self) -> &'static str {
        match self {
            Is => "is",
            Words => "words",
            Exactly => "exactly",
            OneOf => "one-of",
            Between => "between",
            Inside => "inside",
            Above => "above",
            AtLeast => "at-least",
            Below => "below",
            AtMost => "at-most",
            Next => "next",
            Last => "last",
            Missing => "missing",
        }
    }

    pub(super) fn read(code: &str) -> Self {
        ALL.into_iter().find(|it| it.code() == code).unwrap_or(Is)
    }

    /// Days come before and after each other, numbers are more and less.
    pub(super) fn label(self, kind: Option<FieldType>) -> &'static str {
        match (self, kind) {
            (Is, _) => t::query_op_is(),
            (Words, _) => t::query_op_words(),
            (Exactly, _) => t::query_op_exactly(),
            (OneOf, _) => t::query_op_one_of(),
            (Between, _) => t::query_op_between(),
            (Inside, _) => t::query_op_inside(),
            (Above, Some(FieldType::Date)) => t::query_op_after(),
            (AtLeast, Some(FieldType::Date)) => t::query_op_since(),
            (Below, Some(FieldType::Date)) => t::query_op_before(),
            (AtMost, Some(FieldType::Date)) => t::query_op_until(),
            (Above, _) => t::query_op_above(),
            (AtLeast, _) => t::query_op_at_least(),
            (Below, _) => t::query_op_below(),
            (AtMost, _) => t::query_op_at_most(),
            (Next, _) => t::query_op_next(),
            (Last, _) => t::query_op_last(),
            (Missing, _) => t::query_op_missing(),
        }
    }

    /// How it is written. A match keeps the colon or the equals sign that stands there.
    pub(super) fn op(self, before: Op) -> Op {
        match self {
            Above => Op::Gt,
            AtLeast => Op::Ge,
            Below => Op::Lt,
            AtMost => Op::Le,
            _ if before == Op::Eq => Op::Eq,
            _ => Op::Match,
        }
    }

    /// Whether it is about a stretch of time from or up to now.
    pub(super) fn is_span(self) -> bool {
        matches!(self, Next | Last)
    }

    /// Whether it is a sign in front of one value.
    pub(super) fn is_sign(self) -> bool {
        matches!(self, Is | Above | AtLeast | Below | AtMost)
    }

    fn is_range(self) -> bool {
        matches!(self, Between | Inside)
    }
}

/// What a type of value can be compared by; what stands in the text is always among it.
pub(super) fn verbs(field: Option<&QueryField>, current: Verb) -> Vec<Verb> {
    let offered: &[Verb] = match field.map(|it| it.kind) {
        Some(FieldType::Boolean) => &[Is],
        Some(FieldType::Integer) => &[Is, OneOf, Between, Inside, Above, AtLeast, Below, AtMost, Missing],
        Some(FieldType::Date) => &[Is, Between, Inside, Above, AtLeast, Below, AtMost, Next, Last, Missing],
        Some(_) if field.is_some_and(|it| !it.values.is_empty()) => &[Is, OneOf, Missing],
        Some(_) => &[Is, Exactly, OneOf, Missing],
        None => &[Is, Exactly, OneOf, Between, Inside, Above, AtLeast, Below, AtMost, Missing],
    };
    ALL.into_iter().filter(|it| offered.contains(it) || *it == current).collect()
}

/// A clause, read for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) op: Op,
    pub(super) verb: Verb,
    /// The texts of its controls: one, two for a range, any number for a list, number and unit for a span.
    pub(super) values: Vec<String>,
    form: Form,
}

/// How the value is written, which stays as it is where it can.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Quoted,
    Exact,
    /// A span of days: the word in front of its number, and whether there are quotes around it.
    Span {
        word: String,
        quoted: bool,
    },
}

impl Condition {
    /// Reads a clause; `kind` is the type of its field, where that is known.
    pub(super) fn of(clause: &Clause, kind: Option<FieldType>) -> Self {
        let Clause { field, op, value, .. } = clause;
        let (verb, values, form) = match &value.kind {
            ValueKind::List(items) => (OneOf, items.iter().map(text_of).collect(), list_form(items)),
            ValueKind::Range { low, high, inclusive } => {
                let verb = if *inclusive { Between } else { Inside };
                (verb, vec![text_of(low), text_of(high)], Form::Plain)
            }
            ValueKind::Exact(text) => (single(*op, Exactly), vec![text.clone()], Form::Exact),
            ValueKind::Words(text) | ValueKind::Quoted(text) => {
                let quoted = matches!(value.kind, ValueKind::Quoted(_));
                let is_match = matches!(op, Op::Match | Op::Eq);
                if quoted && is_match && text.trim().is_empty() {
                    let values = vec![String::new()];
                    return Self {
                        field: field.text.clone(),
                        op: *op,
                        verb: Missing,
                        values,
                        form: Form::Quoted,
                    };
                }
                match span(text).filter(|_| is_match && kind == Some(FieldType::Date)) {
                    Some((verb, word, values)) => (verb, values, Form::Span { word, quoted }),
                    None if quoted => (single(*op, Is), vec![text.clone()], Form::Quoted),
                    None if is_several(text) && kind != Some(FieldType::Date) => {
                        (single(*op, Words), vec![text.clone()], Form::Plain)
                    }
                    None => (single(*op, Is), vec![text.clone()], Form::Plain),
                }
            }
        };
        Self { field: field.text.clone(), op: *op, verb, values, form }
    }

    /// The same for a row whose blank value is one that is being filled in.
    pub(super) fn filling(self) -> Self {
        let verb = if self.verb == Missing { Is } else { self.verb };
        Self { verb, ..self }
    }

    /// The text of one control.
    pub(super) fn value(&self, at: usize) -> &str {
        self.values.get(at).map_or("", String::as_str)
    }

    /// The value with other texts in its controls, written as it was as far as they can be.
    pub(super) fn with(&self, values: &[String]) -> NewValue {
        let at = |idx: usize| values.get(idx).cloned().unwrap_or_default();
        match (self.verb, &self.form) {
            (Next | Last, Form::Span { word, quoted }) => {
                let text = span_text(word, &at(0), &at(1));
                if *quoted { NewValue::One(text) } else { NewValue::AsTyped(text) }
            }
            (Words, _) if is_several(&at(0)) => NewValue::AsTyped(at(0)),
            (_, Form::Exact) if self.verb != OneOf && !self.verb.is_range() => NewValue::Exact(at(0)),
            (_, Form::Plain | Form::Quoted) if self.verb == Is && is_moment(&at(0)) => {
                NewValue::AsTyped(at(0))
            }
            _ => new_value(self.verb, values),
        }
    }

    /// What a clause of another field compares by and with, where what is there makes no sense for it.
    pub(super) fn for_field(&self, field: &QueryField) -> Option<(Verb, NewValue)> {
        let offered = verbs(Some(field), Is).contains(&self.verb);
        if offered && fits(field, self.verb, &self.values) {
            return None;
        }
        let verb = if offered && self.verb.is_sign() { self.verb } else { Is };
        let value =
            if fits(field, verb, &self.values) { self.value(0).to_owned() } else { field.first_value() };
        Some((verb, NewValue::One(value)))
    }

    /// The texts of the controls after a change of the verb, as far as they fit.
    pub(super) fn values_for(&self, verb: Verb) -> Vec<String> {
        let known = |it: &&String| !it.is_empty();
        match (self.verb.is_span(), verb.is_span()) {
            (true, true) => self.values.clone(),
            (false, true) => vec!["30".to_owned(), "days".to_owned()],
            (_, false) if verb == Missing => vec![String::new()],
            (true, false) if verb.is_range() => vec![String::new(), String::new()],
            (true, false) => vec![String::new()],
            (false, false) if verb == OneOf => {
                let values: Vec<String> = self.values.iter().filter(known).cloned().collect();
                if values.is_empty() { vec![String::new()] } else { values }
            }
            (false, false) if verb.is_range() => {
                let at = |idx: usize| self.value(idx).to_owned();
                vec![at(0), if self.values.len() > 1 { at(1) } else { String::new() }]
            }
            (false, false) => vec![self.values.first().cloned().unwrap_or_default()],
        }
    }
}

/// The value of a verb over the texts of its controls.
pub(super) fn new_value(verb: Verb, values: &[String]) -> NewValue {
    let at = |idx: usize| values.get(idx).cloned().unwrap_or_default();
    match verb {
        OneOf if values.is_empty() => NewValue::List(vec![String::new()]),
        OneOf => NewValue::List(values.to_vec()),
        Between | Inside => NewValue::Range { low: at(0), high: at(1), inclusive: verb == Between },
        Exactly => NewValue::Exact(at(0)),
        Next => NewValue::AsTyped(span_text("in", &at(0), &at(1))),
        Last => NewValue::AsTyped(span_text("last", &at(0), &at(1))),
        Words if is_several(&at(0)) => NewValue::AsTyped(at(0)),
        Missing => NewValue::One(String::new()),
        Is | Words | Above | AtLeast | Below | AtMost => NewValue::One(at(0)),
    }
}

/// Whether a value makes sense for a field, so that a change of the field keeps it.
fn fits(field: &QueryField, verb: Verb, values: &[String]) -> bool {
    let one = |value: &String| {
        if !field.values.is_empty() {
            return field.values.iter().any(|it| it.value.eq_ignore_ascii_case(value));
        }
        match field.kind {
            FieldType::Boolean => matches!(value.as_str(), "true" | "false"),
            FieldType::Integer => value.parse::<i64>().is_ok(),
            FieldType::Date => qql::parse_date(value).is_some() || is_moment(value),
            // What was chosen for a switch says nothing as a text.
            _ => !value.is_empty() && !matches!(value.as_str(), "true" | "false"),
        }
    };
    match verb.is_span() {
        true => field.kind == FieldType::Date,
        false => values.iter().all(|it| it.is_empty() || one(it)),
    }
}

/// Whether a text is a day as a date control writes it. Blank is, since nothing was picked yet.
pub(super) fn is_day(text: &str) -> bool {
    text.is_empty() || text.len() == 10 && matches!(qql::parse_date(text), Some(qql::ValueRef::Day(_)))
}

/// A word from the catalogue.
type Word = fn() -> &'static str;

/// Units of a span, as they are written and as they are read.
pub(super) const UNITS: [(&str, Word); 4] = [
    ("days", t::query_unit_days),
    ("weeks", t::query_unit_weeks),
    ("months", t::query_unit_months),
    ("years", t::query_unit_years),
];

/// `now`, with or without days added: written without quotes, as the documents do.
fn is_moment(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("now") else { return false };
    rest.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-'))
}

fn single(op: Op, matching: Verb) -> Verb {
    match op {
        Op::Match | Op::Eq => matching,
        Op::Gt => Above,
        Op::Ge => AtLeast,
        Op::Lt => Below,
        Op::Le => AtMost,
    }
}

fn list_form(items: &[Value]) -> Form {
    let is_exact = |it: &Value| matches!(it.kind, ValueKind::Exact(_));
    if items.iter().all(is_exact) { Form::Exact } else { Form::Plain }
}

fn text_of(value: &Value) -> String {
    value.text().unwrap_or_default().to_owned()
}

fn is_several(text: &str) -> bool {
    text.split_whitespace().nth(1).is_some()
}

/// `in 30 days`, `next 2 weeks`, `last 7 days`; the number may be missing yet.
fn span(text: &str) -> Option<(Verb, String, Vec<String>)> {
    let mut words = text.split_whitespace();
    let word = words.next()?;
    let verb = match word.to_ascii_lowercase().as_str() {
        "in" | "next" => Next,
        "last" => Last,
        _ => return None,
    };
    let (number, unit) = match (words.next()?, words.next()) {
        (number, Some(unit)) => (number, unit),
        (unit, None) => ("", unit),
    };
    let plural = [unit.to_ascii_lowercase().trim_end_matches('s'), "s"].concat();
    let is_known = UNITS.iter().any(|(it, _)| *it == plural);
    let is_number = number.chars().all(|it| it.is_ascii_digit());
    (is_known && is_number && words.next().is_none())
        .then(|| (verb, word.to_owned(), vec![number.to_owned(), plural]))
}

fn span_text(word: &str, number: &str, unit: &str) -> String {
    let parts = [word, number.trim(), if unit.is_empty() { "days" } else { unit }];
    parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Several values in one line: commas between them, and quotes around one that holds a comma.
pub(super) fn join_items(values: &[String]) -> String {
    let quoted = |it: &String| match it.contains(',') {
        true => ["\"", it, "\""].concat(),
        false => it.clone(),
    };
    values.iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// The values of such a line.
pub(super) fn split_items(line: &str) -> Vec<String> {
    let (mut res, mut item, mut in_quotes) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' if in_quotes || item.trim().is_empty() => in_quotes = !in_quotes,
            ',' if !in_quotes => res.push(std::mem::take(&mut item)),
            _ => item.push(c),
        }
    }
    res.push(item);
    let mut res: Vec<String> =
        res.iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
    if res.is_empty() {
        res.push(String::new());
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use qql::ItemKind;

    fn field(name: &'static str, kind: FieldType, values: &[&str]) -> QueryField {
        let values = values.iter().map(|it| crate::ui::Choice::new(*it, *it)).collect();
        QueryField { name, label: name, kind, values, on_service: false }
    }

    fn read(text: &str, kind: FieldType) -> Condition {
        let parse = qql::parse(text);
        let outline = qql::outline(&parse);
        let clause = outline.items().find_map(|(_, it)| match &it.kind {
            ItemKind::Clause(clause) => Some(clause.clone()),
            _ => None,
        });
        Condition::of(&clause.unwrap_or_else(|| panic!("no clause in {text}")), Some(kind))
    }

    #[test]
    fn each_form_of_a_value_has_its_words() {
        for (text, kind, verb, values) in [
            ("a: web", FieldType::Text, Is, &["web"] as &[&str]),
            ("a: 'two words'", FieldType::Text, Is, &["two words"]),
            ("a: two words", FieldType::Text, Words, &["two words"]),
            ("a: `Web`", FieldType::Text, Exactly, &["Web"]),
            ("a: [x, 'y z']", FieldType::Text, OneOf, &["x", "y z"]),
            ("a: [1 .. 9]", FieldType::Integer, Between, &["1", "9"]),
            ("a: (1 .. 9)", FieldType::Integer, Inside, &["1", "9"]),
            ("a >= 5", FieldType::Integer, AtLeast, &["5"]),
            ("a < `5`", FieldType::Integer, Below, &["5"]),
            ("a: in 30 days", FieldType::Date, Next, &["30", "days"]),
            ("a: \"next 1 week\"", FieldType::Date, Next, &["1", "weeks"]),
            ("a: last 7 days", FieldType::Date, Last, &["7", "days"]),
            ("a: in days", FieldType::Date, Next, &["", "days"]),
            ("a: in 30 days", FieldType::Text, Words, &["in 30 days"]),
            ("a: now+30d", FieldType::Date, Is, &["now+30d"]),
            ("a: ''", FieldType::Text, Missing, &[""]),
        ] {
            let it = read(text, kind);
            assert_eq!(
                (it.verb, it.values.as_slice()),
                (verb, values.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>().as_slice()),
                "{text}"
            );
        }
    }

    /// A row that shows a clause and writes it back must mean the same.
    #[test]
    fn what_is_written_back_is_read_the_same() {
        for (text, kind) in [
            ("a: web", FieldType::Text),
            ("a: 'two words'", FieldType::Text),
            ("a: two words", FieldType::Text),
            ("a: `Web`", FieldType::Text),
            ("a: [`x`, `y z`]", FieldType::Text),
            ("a: (1 .. 9)", FieldType::Integer),
            ("a: in 30 days", FieldType::Date),
            ("a: last 2 weeks", FieldType::Date),
            ("a: now-7d", FieldType::Date),
        ] {
            let before = read(text, kind);
            let parse = qql::parse(text);
            let outline = qql::outline(&parse);
            let id = outline.at(&(0..text.len()));
            let id = id.unwrap_or_else(|| panic!("no item in {text}"));
            let edit = outline.set_value(&parse, id, &before.with(&before.values));
            let edit = edit.unwrap_or_else(|| panic!("no edit of {text}"));
            let after = read(&edit.apply(text), kind);
            assert_eq!((after.verb, &after.values), (before.verb, &before.values), "{text}");
        }
    }

    #[test]
    fn a_change_of_the_verb_keeps_what_fits() {
        let one = read("a: 5", FieldType::Integer);
        assert_eq!(one.values_for(Between), ["5", ""]);
        assert_eq!(one.values_for(OneOf), ["5"]);
        assert_eq!(one.values_for(Next), ["30", "days"]);
        let range = read("a: [1 .. 9]", FieldType::Integer);
        assert_eq!(range.values_for(Above), ["1"]);
        assert_eq!(range.values_for(Inside), ["1", "9"]);
        assert_eq!(range.values_for(OneOf), ["1", "9"]);
        assert_eq!(read("a: in 30 days", FieldType::Date).values_for(Last), ["30", "days"]);
        assert_eq!(read("a: in 30 days", FieldType::Date).values_for(Above), [""]);
    }

    #[test]
    fn a_change_of_the_field_keeps_the_value_where_its_type_allows() {
        let number = field("n", FieldType::Integer, &[]);
        let state = field("s", FieldType::Keyword, &["active", "full"]);
        let day = field("d", FieldType::Date, &[]);
        assert!(read("a > 5", FieldType::Integer).for_field(&number).is_none());
        assert!(read("a: [1 .. 5]", FieldType::Integer).for_field(&number).is_none());
        let verb = |it: Option<(Verb, NewValue)>| it.map(|it| it.0);
        assert_eq!(verb(read("a: web", FieldType::Text).for_field(&number)), Some(Is));
        assert_eq!(verb(read("a > 5", FieldType::Integer).for_field(&state)), Some(Is));
        assert_eq!(verb(read("a > 5", FieldType::Integer).for_field(&day)), Some(Above));
        assert!(read("a: FULL", FieldType::Text).for_field(&state).is_none());
    }

    #[test]
    fn items_of_a_line_may_hold_commas() {
        for values in [&["a", "b c"] as &[&str], &["x, y", "z"], &[""]] {
            let values: Vec<String> = values.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(split_items(&join_items(&values)), values);
        }
        assert_eq!(split_items("a,, b ,"), ["a", "b"]);
    }
}
