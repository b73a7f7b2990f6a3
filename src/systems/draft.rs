//! From what an administrator typed to what will be sent: drafts, checked field by field as the manifest says.

use super::manifest::{Check, FieldKind, FieldSpec, Manifest, Use};
use crate::domain::{Date, FieldId, Fields, Key, Limit, Ref, Timestamp, Value, order};

/// What stands in the fields of a form, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft(Vec<(FieldId, Input)>);

/// What stands in one field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Text as typed, a code of a choice, or the id of a thing that was picked.
    Text(String),
    /// Codes or numbers of a list.
    List(Vec<String>),
    /// A tick.
    Flag(bool),
}

impl Draft {
    /// The text in a field; blank when there is none.
    #[must_use]
    pub fn text(&self, field: FieldId) -> &str {
        match self.get(field) {
            Some(Input::Text(text)) => text,
            _ => "",
        }
    }

    /// The list in a field; empty when there is none.
    #[must_use]
    pub fn list(&self, field: FieldId) -> &[String] {
        match self.get(field) {
            Some(Input::List(items)) => items,
            _ => &[],
        }
    }

    /// Whether a field is ticked.
    #[must_use]
    pub fn flag(&self, field: FieldId) -> bool {
        matches!(self.get(field), Some(Input::Flag(true)))
    }

    /// What stands in a field.
    #[must_use]
    pub fn get(&self, field: FieldId) -> Option<&Input> {
        self.0.iter().find(|(it, _)| *it == field).map(|(_, input)| input)
    }

    /// Puts something into a field. Blank text, an empty list and an empty tick are nothing, so that two drafts
    /// which say the same are equal.
    pub fn set(&mut self, field: FieldId, input: Input) {
        self.0.retain(|(it, _)| *it != field);
        let blank = match &input {
            Input::Text(text) => text.is_empty(),
            Input::List(items) => items.is_empty(),
            Input::Flag(ticked) => !ticked,
        };
        if !blank {
            let at = self.0.partition_point(|(it, _)| *it < field);
            self.0.insert(at, (field, input));
        }
    }

    /// The same with something in a field.
    #[must_use]
    pub fn with(mut self, field: FieldId, input: Input) -> Self {
        self.set(field, input);
        self
    }

    /// The same with a text in a field.
    #[must_use]
    pub fn with_text(self, field: FieldId, text: impl Into<String>) -> Self {
        self.with(field, Input::Text(text.into()))
    }

    /// Fields in which something stands.
    pub fn fields(&self) -> impl Iterator<Item = FieldId> {
        self.0.iter().map(|(field, _)| *field)
    }

    /// A draft that shows `key` as it is, in the fields that can be edited.
    #[must_use]
    pub fn of(manifest: &Manifest, key: &Key) -> Self {
        let mut res = Self::default();
        for spec in manifest.form(true) {
            if let Some(input) = key.fields.get(spec.id).and_then(|it| input_of(spec.kind, it)) {
                res.set(spec.id, input);
            }
        }
        res
    }

    /// Settings of `key` for another key like it: never its value, its title or its counts. What can be given
    /// only to a new key is taken over where the key tells it.
    #[must_use]
    pub fn like(manifest: &Manifest, key: &Key) -> Self {
        let mut res = Self::default();
        for spec in manifest.form(false).filter(|it| it.id != FieldId::TITLE) {
            if let Some(input) = key.fields.get(spec.id).and_then(|it| input_of(spec.kind, it)) {
                res.set(spec.id, input);
            }
        }
        res
    }

    /// The draft in the one form in which two drafts are compared: blanks around values dropped, known codes in
    /// their own order and spelling, fields that do not apply left out.
    #[must_use]
    pub fn tidied(&self, manifest: &Manifest) -> Self {
        let mut res = Self::default();
        for (field, input) in &self.0 {
            let Some(spec) = manifest.field(*field) else { continue };
            if !spec.applies_to(self) {
                continue;
            }
            let input = match (input, spec.kind) {
                (Input::Text(text), _) => Input::Text(text.trim().to_owned()),
                (Input::List(items), FieldKind::Codes(codes)) => {
                    let (mut known, other) = codes.split(items);
                    known.extend(other);
                    Input::List(known)
                }
                (input, _) => input.clone(),
            };
            res.set(*field, input);
        }
        res
    }
}

impl super::manifest::Codes {
    /// Codes as those the documents name, in their order, and the rest as it came, each once.
    #[must_use]
    pub fn split(&self, codes: &[String]) -> (Vec<String>, Vec<String>) {
        let has = |code: &str| codes.iter().any(|it| (self.canonical)(it) == code);
        let known = self.known.iter().filter(|it| has(it.code)).map(|it| it.code.to_owned()).collect();
        let mut other: Vec<String> = Vec::new();
        for code in codes.iter().filter(|it| self.name(it).is_none()) {
            if !other.contains(code) {
                other.push(code.clone());
            }
        }
        (known, other)
    }

    /// The name of a code; `None` where the documents do not name it.
    #[must_use]
    pub fn name(&self, code: &str) -> Option<&'static str> {
        let code = (self.canonical)(code);
        self.known.iter().find(|it| it.code == code).map(|it| (it.label)())
    }
}

/// A value as it stands in a form; nothing where the form has no place for it.
fn input_of(kind: FieldKind, value: &Value) -> Option<Input> {
    let text = |it: String| Some(Input::Text(it));
    match value {
        Value::Nothing | Value::Limit(Limit::Unlimited) => None,
        // A push has an effect at once and is never ticked beforehand.
        _ if matches!(kind, FieldKind::Push) => None,
        Value::Text(it) => text(it.clone()),
        Value::Number(it) => text(it.to_string()),
        Value::Limit(Limit::Of(it)) => text(it.to_string()),
        Value::Flag(it) => Some(Input::Flag(*it)),
        Value::Day(it) => text(it.to_string()),
        Value::Moment(it) => text(moment_input(*it)),
        Value::Codes(it) => Some(Input::List(it.clone())),
        Value::Ref(it) => text(it.id.clone()),
        Value::Refs(it) => Some(Input::List(it.iter().map(|it| it.id.clone()).collect())),
    }
}

/// A moment as a form shows it, in UTC: `2026-11-21T12:00`, with seconds where there are any.
#[must_use]
pub fn moment_input(moment: Timestamp) -> String {
    let text = moment.to_string();
    let text = text.trim_end_matches('Z');
    let text = text.strip_suffix(".000").unwrap_or(text);
    text.strip_suffix(":00").filter(|it| it.len() == 16).unwrap_or(text).to_owned()
}

/// Why a field cannot be sent as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It has to be there.
    Missing,
    /// More characters than this.
    TooLong(usize),
    /// Not a day of the calendar.
    NotADate,
    /// Not a moment.
    NotAMoment,
    /// A day or moment that has passed.
    InThePast,
    /// Not a whole number.
    NotANumber,
    /// Outside these bounds.
    OutOfRange(i64, i64),
    /// The limit must be above what is used already, so many.
    NotAboveUsed(u64),
    /// Not an ISO 8601 duration.
    NotADuration,
    /// Not one of what is offered.
    NotOffered,
    /// A rule of the system's own, in words.
    Rule(&'static str),
    /// The same, with words made for the case.
    Said(String),
}

/// A problem at its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field it belongs to.
    pub field: FieldId,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Checks a draft. `current` is the key being edited, if any: what stays as it is may stay, even where
/// it could not be entered anew (an expiry in the past, a limit that is reached).
///
/// The result holds every field of the form that applies: [`Value::Nothing`] (or no limit) where it was left blank.
///
/// # Errors
///
/// All fields that cannot be sent, in the order of the form.
pub fn read_draft(
    manifest: &Manifest,
    draft: &Draft,
    current: Option<&Key>,
    now: Timestamp,
) -> Result<Fields, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut fields = Fields::new();
    for spec in manifest.form(current.is_some()).filter(|it| it.applies_to(draft)) {
        match read_field(spec, draft, current, now) {
            Ok(value) => fields.set(spec.id, value),
            Err(problem) => errors.push(FieldError { field: spec.id, problem }),
        }
    }
    errors.extend((manifest.check)(&Check { draft, fields: &fields, current, now }));
    if errors.is_empty() {
        return Ok(fields);
    }
    let place = |field| manifest.fields.iter().position(|it| it.id == field);
    order::sort_by_key(&mut errors, |it| place(it.field));
    Err(errors)
}

fn read_field(
    spec: &FieldSpec,
    draft: &Draft,
    current: Option<&Key>,
    now: Timestamp,
) -> Result<Value, Problem> {
    let usage = if current.is_some() { spec.edit } else { spec.create };
    let missing = usage == Use::Required;
    let text = draft.text(spec.id).trim();
    let before = current.and_then(|it| it.fields.get(spec.id));
    match spec.kind {
        FieldKind::Flag | FieldKind::Push => return Ok(Value::Flag(draft.flag(spec.id))),
        FieldKind::Codes(_) | FieldKind::Refs => {
            let items = draft.list(spec.id);
            if items.is_empty() && missing {
                return Err(Problem::Missing);
            }
            return read_list(spec.kind, items);
        }
        FieldKind::Text { max } => {
            if text.is_empty() && missing {
                return Err(Problem::Missing);
            }
            return match max {
                Some(max) if text.chars().count() > max => Err(Problem::TooLong(max)),
                _ => Ok(Value::Text(text.to_owned())),
            };
        }
        _ => {}
    }
    if text.is_empty() {
        return match spec.kind {
            _ if missing => Err(Problem::Missing),
            FieldKind::Limit { .. } => Ok(Value::Limit(Limit::Unlimited)),
            _ => Ok(Value::Nothing),
        };
    }
    let value = match spec.kind {
        FieldKind::Number { min, max } => match text.parse::<i64>() {
            Ok(number) if (min..=max).contains(&number) => Value::Number(number),
            Err(_) if !is_digits(text) => return Err(Problem::NotANumber),
            _ => return Err(Problem::OutOfRange(min, max)),
        },
        FieldKind::Hours { .. } => match text.parse::<i64>() {
            // A hundred years.
            Ok(hours) if (1..=876_000).contains(&hours) => Value::Number(hours),
            Err(_) if !is_digits(text) => return Err(Problem::NotANumber),
            _ => return Err(Problem::OutOfRange(1, 876_000)),
        },
        FieldKind::Limit { min, max, above_used } => {
            let used = current.and_then(Key::used).filter(|_| above_used).unwrap_or(0);
            return read_limit(text, (min, max), used, before);
        }
        FieldKind::Day { .. } => {
            let day = Date::parse(text).ok_or(Problem::NotADate)?;
            let past = now.date().is_some_and(|today| day < today);
            if past && before != Some(&Value::Day(day)) {
                return Err(Problem::InThePast);
            }
            Value::Day(day)
        }
        FieldKind::Moment { future, .. } => {
            let moment = read_moment(text).ok_or(Problem::NotAMoment)?;
            if let Some(Value::Moment(was)) = before
                && moment_input(*was) == moment_input(moment)
            {
                return Ok(Value::Moment(*was));
            }
            if future && moment <= now {
                return Err(Problem::InThePast);
            }
            Value::Moment(moment)
        }
        FieldKind::Duration { .. } => match super::duration::Duration::parse(text) {
            Some(_) => Value::Text(text.to_owned()),
            None => return Err(Problem::NotADuration),
        },
        FieldKind::Choice(choices) if !choices.iter().any(|it| it.code == text) => {
            // What the service said itself may stay.
            if before != Some(&Value::Text(text.to_owned())) {
                return Err(Problem::NotOffered);
            }
            Value::Text(text.to_owned())
        }
        FieldKind::Pick(_) => match before {
            Some(Value::Ref(was)) if was.id == text => Value::Ref(was.clone()),
            _ => Value::Ref(Ref::of(text)),
        },
        _ => Value::Text(text.to_owned()),
    };
    Ok(value)
}

/// A moment as a form has it, in UTC where it names no zone; a day alone is its start.
#[must_use]
pub fn read_moment(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| Date::parse(text).map(Date::start))
}

fn read_limit(
    text: &str,
    (min, max): (u64, u64),
    used: u64,
    before: Option<&Value>,
) -> Result<Value, Problem> {
    let bounds =
        || Problem::OutOfRange(min.try_into().unwrap_or(i64::MAX), max.try_into().unwrap_or(i64::MAX));
    let number = match text.parse::<u64>() {
        Ok(number) => number,
        Err(_) if is_digits(text) => return Err(bounds()),
        Err(_) => return Err(Problem::NotANumber),
    };
    let value = Value::Limit(Limit::Of(number));
    if before == Some(&value) {
        return Ok(value);
    }
    if !(min..=max).contains(&number) {
        return Err(bounds());
    }
    if number <= used && used > 0 {
        return Err(Problem::NotAboveUsed(used));
    }
    Ok(value)
}

fn read_list(kind: FieldKind, items: &[String]) -> Result<Value, Problem> {
    let mut res: Vec<String> = Vec::new();
    for item in items {
        let item = item.trim();
        if matches!(kind, FieldKind::Refs) && !(is_digits(item) && item.parse::<u64>().is_ok()) {
            return Err(Problem::NotANumber);
        }
        if !res.iter().any(|it| it == item) {
            res.push(item.to_owned());
        }
    }
    Ok(match kind {
        FieldKind::Refs => Value::Refs(res.into_iter().map(Ref::of).collect()),
        _ => Value::Codes(res),
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
