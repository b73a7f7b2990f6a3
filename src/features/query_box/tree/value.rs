//! The control of a value, by the type of the field and by what it is compared with.

use leptos::prelude::*;
use qql::FieldType;

use super::Part;
use super::condition::{UNITS, Verb, is_day, join_items, split_items};
use super::row::Row;
use crate::i18n::t;
use crate::ui::{Choice, memo};

/// What a value is entered with. Another one is built only when this changes, so that typing goes on.
#[derive(Clone, PartialEq)]
pub(super) enum Control {
    /// One of these.
    Choice(Vec<Choice>),
    /// Any of these.
    Checks(Vec<Choice>),
    One(Entry),
    /// Any number of texts in one line.
    Items,
    Range(Entry, Entry),
    /// So many days from or up to now.
    Span,
    Nothing,
}

/// What one text is entered with.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Entry {
    Text,
    Number,
    Day,
}

impl Control {
    pub(super) fn of(row: Row) -> Self {
        let Some(condition) = row.condition.get() else { return Self::One(Entry::Text) };
        let field = row.field.get();
        let kind = field.as_ref().map(|it| it.kind);
        let choices = match field {
            Some(it) if !it.values.is_empty() => it.values,
            Some(it) if it.kind == FieldType::Boolean => {
                vec![Choice::new("true", t::query_true()), Choice::new("false", t::query_false())]
            }
            _ => Vec::new(),
        };
        let entry = |at: usize| match kind {
            Some(FieldType::Integer) => Entry::Number,
            Some(FieldType::Date) if is_day(condition.value(at)) => Entry::Day,
            _ => Entry::Text,
        };
        match condition.verb {
            Verb::Missing => Self::Nothing,
            Verb::Next | Verb::Last => Self::Span,
            Verb::Between | Verb::Inside => Self::Range(entry(0), entry(1)),
            Verb::OneOf if choices.is_empty() => Self::Items,
            Verb::OneOf => Self::Checks(choices),
            Verb::Is | Verb::Exactly if !choices.is_empty() => Self::Choice(choices),
            _ => Self::One(entry(0)),
        }
    }
}

pub(super) fn view(row: Row, control: &Control) -> AnyView {
    match control {
        Control::Choice(choices) => choice(row, choices),
        Control::Checks(choices) => checks(row, choices),
        Control::One(kind) => entry(row, *kind, 0, t::query_value()),
        Control::Items => items(row),
        Control::Range(low, high) => {
            let low = entry(row, *low, 0, t::query_value_from());
            let high = entry(row, *high, 1, t::query_value_to());
            view! { <span class="tree-pair">{low} <span class="muted">{t::query_and()}</span> {high}</span> }
                .into_any()
        }
        Control::Span => span(row),
        Control::Nothing => ().into_any(),
    }
}

fn id(row: Row, at: usize) -> Option<String> {
    (at == 0).then(|| row.node.id(Part::Value))
}

fn entry(row: Row, kind: Entry, at: usize, label: &'static str) -> AnyView {
    let (class, input, mode) = match kind {
        Entry::Text => ("input tree-value tree-text", "text", None),
        Entry::Number => ("input input-number tree-value tree-number", "text", Some("numeric")),
        Entry::Day => ("input tree-value tree-day", "date", None),
    };
    let on_input = move |ev| {
        let text = event_target_value(&ev);
        // A day that is typed is blank until all of it is there: what stood there stays until then.
        if kind != Entry::Day || !text.is_empty() {
            row.set_value(at, text);
        }
    };
    view! {
        <input
            class=class
            type=input
            inputmode=mode
            id=id(row, at)
            aria-label=label
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=(kind == Entry::Text).then(t::query_no_value)
            aria-invalid=move || row.wrong.get().then_some("true")
            prop:value=move || row.value(at)
            on:input=on_input
        />
    }
    .into_any()
}

fn choice(row: Row, choices: &[Choice]) -> AnyView {
    let options = StoredValue::new(choices.to_vec());
    let current = memo(move |_| row.value(0));
    // What stands in the text is among the choices, known or not.
    let options = move || {
        let current = current.get();
        let known = options.with_value(|it| it.iter().position(|it| it.value.eq_ignore_ascii_case(&current)));
        let own = known.is_none().then(|| {
            view! { <option value=current.clone() prop:selected=true selected=true>{current.clone()}</option> }
        });
        let option = |(at, it): (usize, &Choice)| {
            let (value, is_on) = (it.value.clone(), known == Some(at));
            view! { <option value=value prop:selected=is_on selected=is_on>{it.label.clone()}</option> }
                .into_any()
        };
        let all: Vec<AnyView> = options.with_value(|it| it.iter().enumerate().map(option).collect());
        view! { {own} {all} }.into_any()
    };
    view! {
        <select
            class="input select tree-value tree-choice"
            id=id(row, 0)
            aria-label=t::query_value()
            on:change=move |ev| row.set_value(0, event_target_value(&ev))
        >
            {options}
        </select>
    }
    .into_any()
}

fn checks(row: Row, choices: &[Choice]) -> AnyView {
    let order = StoredValue::new(choices.iter().map(|it| it.value.clone()).collect::<Vec<_>>());
    // What is ticked; values that are none of the choices stay where they are.
    let toggle = move |value: &str, on: bool| {
        let mut values = row.values();
        values.retain(|it| !it.is_empty() && !it.eq_ignore_ascii_case(value));
        if on {
            let rank =
                |it: &str| order.with_value(|order| order.iter().position(|at| at.eq_ignore_ascii_case(it)));
            let at = values.iter().position(|it| rank(it) > rank(value)).unwrap_or(values.len());
            values.insert(at, value.to_owned());
        }
        row.set_values(&values);
    };
    let check = |(at, it): (usize, &Choice)| {
        let (own, key) = (it.value.clone(), it.value.clone());
        let is_on = move || {
            let is_own = |it: &String| it.eq_ignore_ascii_case(&key);
            row.condition.with(|it| it.as_ref().is_some_and(|it| it.values.iter().any(is_own)))
        };
        view! {
            <label class="tree-check">
                <input
                    type="checkbox"
                    id=id(row, at)
                    prop:checked=is_on
                    on:change=move |ev| toggle(&own, event_target_checked(&ev))
                />
                {it.label.clone()}
            </label>
        }
        .into_any()
    };
    let checks: Vec<AnyView> = choices.iter().enumerate().map(check).collect();
    view! { <span class="tree-checks" role="group" aria-label=t::query_value()>{checks}</span> }.into_any()
}

/// Several texts in one line. What was typed stays as it is while it means what the query says.
fn items(row: Row) -> AnyView {
    let draft = RwSignal::new(String::new());
    let shown = move || {
        let values = row.condition.with(|it| it.as_ref().map(|it| it.values.clone()).unwrap_or_default());
        let draft = draft.get();
        if split_items(&draft) == values { draft } else { join_items(&values) }
    };
    let on_input = move |ev| {
        let text = event_target_value(&ev);
        let values = split_items(&text);
        draft.set(text);
        row.set_values(&values);
    };
    view! {
        <input
            class="input tree-value tree-text"
            type="text"
            id=id(row, 0)
            aria-label=t::query_value()
            placeholder=t::query_items_hint()
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid=move || row.wrong.get().then_some("true")
            prop:value=shown
            on:input=on_input
        />
    }
    .into_any()
}

fn span(row: Row) -> AnyView {
    let unit = memo(move |_| row.value(1));
    let options: Vec<AnyView> = UNITS
        .iter()
        .map(|(code, label)| {
            let is_on = move || unit.with(|it| it == code);
            view! { <option value=*code prop:selected=is_on>{label()}</option> }.into_any()
        })
        .collect();
    view! {
        <span class="tree-pair">
            {entry(row, Entry::Number, 0, t::query_value())}
            <select
                class="input select tree-unit"
                aria-label=t::query_unit()
                on:change=move |ev| row.set_value(1, event_target_value(&ev))
            >
                {options}
            </select>
        </span>
    }
    .into_any()
}
