//! What cells of key lists have in common: the list of one connection and the list of all.

use leptos::prelude::*;

use super::key_text;
use crate::domain::{Key, Limit, Ref, Standing};
use crate::i18n::t;
use crate::platform::intl;
use crate::ui::{Badge, Meter};

/// Two lines in a cell, the second one quieter. `whole`: the first is not broken.
#[must_use]
pub fn lines(first: String, second: String, whole: bool) -> AnyView {
    let first = match whole {
        true => view! { <span class="cell-nowrap">{first}</span> }.into_any(),
        false => view! { <span class="cell-first">{first}</span> }.into_any(),
    };
    view! {
        {first}
        " "
        {sub(second)}
    }
    .into_any()
}

/// The quieter second line; nothing when there is nothing to say.
#[must_use]
pub fn sub(text: String) -> AnyView {
    if text.is_empty() {
        return ().into_any();
    }
    view! { <span class="cell-sub">{text}</span> }.into_any()
}

/// A word in the place of a value that is not there.
#[must_use]
pub fn muted(text: &'static str) -> AnyView {
    view! { <span class="muted">{text}</span> }.into_any()
}

/// The state in a word with its icon, and in a few words what the one word does not say yet.
#[must_use]
pub fn state(standing: &Standing) -> AnyView {
    view! {
        <Badge
            tone=key_text::state_tone(standing)
            icon=key_text::state_icon(standing)
            text=key_text::state_word(standing)
        />
        " "
        {sub(note(standing))}
    }
    .into_any()
}

fn note(standing: &Standing) -> String {
    let mut parts: Vec<String> = Vec::new();
    if standing.disabled {
        parts.push(t::list_note_disabled().to_owned());
    }
    if let Some(days) = standing.days_left {
        let when = intl::relative_days(days);
        if standing.expired() && days <= 0 {
            parts.push(t::list_note_expired(&when));
        } else if standing.expires_soon() {
            parts.push(t::list_note_expires(&when));
        }
    }
    if standing.full {
        parts.push(t::list_note_full().to_owned());
    } else if standing.nearly_full {
        parts.push(t::list_note_nearly_full().to_owned());
    }
    parts.join(", ")
}

/// Use against the limit, as a bar where there can be a limit.
#[must_use]
pub fn meter(used: u64, limit: Option<Limit>, title: &str) -> AnyView {
    let text = key_text::usage_text(used, limit);
    let most = match limit {
        None => return text.into_any(),
        Some(Limit::Unlimited) => None,
        Some(Limit::Of(most)) => Some(most),
    };
    view! { <Meter label=t::list_agents(title) used limit=Signal::stored(most) text /> }.into_any()
}

/// The name of a thing or a person, and what calls know it by on the second line.
#[must_use]
pub fn reference(it: &Ref) -> AnyView {
    match it.name.as_deref().map_or("", str::trim) {
        "" if it.id.is_empty() => muted(t::key_unknown()),
        "" => it.id.clone().into_any(),
        name => lines(name.to_owned(), it.id.clone(), false),
    }
}

/// Whether two keys are the same in all that a row can show of them.
#[must_use]
pub fn looks_same(a: &Key, b: &Key) -> bool {
    let same_value = match (&a.value, &b.value) {
        (Some(a), Some(b)) => a.is(b.expose()),
        (a, b) => a.is_none() && b.is_none(),
    };
    a.id == b.id && a.disabled == b.disabled && a.ended == b.ended && a.fields == b.fields && same_value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Date, FieldId, Secret, Timestamp, Value};
    use crate::features::key_text::tests::key;
    use crate::i18n::t;

    #[test]
    fn a_state_tells_all_that_its_word_leaves_out() {
        let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0));
        let mut key = Key { disabled: true, ..Key::new("1") };
        key.fields.set(FieldId::USED, Value::Number(9));
        key.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(10)));
        key.fields.set(FieldId::EXPIRES, Date::parse("2026-11-20").map_or(Value::Nothing, Value::Day));
        let said = note(&Standing::of(&key, now));
        let want = [t::list_note_disabled(), &t::list_note_expired("1 day ago"), t::list_note_nearly_full()];
        assert_eq!(said, want.join(", "));
    }

    #[test]
    fn a_row_is_the_same_while_all_that_it_shows_is() {
        assert!(looks_same(&key(), &key()));
        let mut other = key();
        other.fields.set(FieldId::USED, Value::Number(41));
        assert!(!looks_same(&key(), &other));
        let mut other = key();
        other.value = Some(Secret::new("another".to_owned()));
        assert!(!looks_same(&key(), &other));
        let mut other = key();
        other.disabled = true;
        assert!(!looks_same(&key(), &other));
    }
}
