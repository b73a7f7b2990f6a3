//! One clause: field, comparison, value.

use leptos::prelude::*;
use qql::{NewClause, NewValue, Op};

use super::condition::{Condition, Verb, new_value, verbs};
use super::group::{Kind, Node, not, off};
use super::{Part, grip, menu, value};
use crate::features::query_box::language::QueryField;
use crate::i18n::t;
use crate::ui::{Icon, icon, memo};

/// A clause of the query. A handle.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) node: Node,
    pub(super) condition: Memo<Option<Condition>>,
    /// Its field, where it is a known one.
    pub(super) field: Memo<Option<QueryField>>,
    /// What was typed last cannot be written.
    pub(super) wrong: RwSignal<bool>,
    /// A blank value is one that is being typed, and does not ask for keys without a value yet.
    filling: RwSignal<bool>,
}

impl Row {
    fn new(node: Node) -> Self {
        let of = move || match node.shown.try_get().flatten()?.kind {
            Kind::Clause(clause) => Some(clause),
            _ => None,
        };
        let filling = RwSignal::new(false);
        let field = memo(move |_| {
            let outer = node.outer();
            of().and_then(|it| node.builder.field(&it.field.text, outer.as_deref()))
        });
        let condition = memo(move |_| {
            let kind = field.with(|it| it.as_ref().map(|it| it.kind));
            let condition = of().map(|it| Condition::of(&it, kind))?;
            Some(if filling.get() { condition.filling() } else { condition })
        });
        Self { node, condition, field, wrong: RwSignal::new(false), filling }
    }

    /// The text of one control.
    pub(super) fn value(self, at: usize) -> String {
        self.condition.with(|it| it.as_ref().map(|it| it.value(at).to_owned()).unwrap_or_default())
    }

    pub(super) fn values(self) -> Vec<String> {
        self.condition.get_untracked().map(|it| it.values).unwrap_or_default()
    }

    /// Another text in one control, letter by letter.
    pub(super) fn set_value(self, at: usize, text: String) {
        let Some(condition) = self.condition.get_untracked() else { return };
        let mut values = condition.values.clone();
        if values.len() <= at {
            values.resize(at + 1, String::new());
        }
        if let Some(value) = values.get_mut(at) {
            *value = text;
        }
        self.set_values(&values);
    }

    /// Other texts in the controls.
    pub(super) fn set_values(self, values: &[String]) {
        let Some(condition) = self.condition.get_untracked() else { return };
        self.filling.set(true);
        let new = condition.with(values);
        let written = self.write(&new) || self.write(&new_value(condition.verb, values));
        self.wrong.set(!written);
    }

    fn write(self, new: &NewValue) -> bool {
        self.node.builder.typed(&self.node.path(), &|outline, parse, id| outline.set_value(parse, id, new))
    }

    /// Another comparison; the value goes along as far as it fits.
    fn set_verb(self, verb: Verb) {
        let Some(condition) = self.condition.get_untracked() else { return };
        self.filling.set(verb != Verb::Missing);
        let op = verb.op(condition.op);
        let values = condition.values_for(verb);
        // The value stays byte for byte where only the sign in front of it changes.
        let is_sign = condition.verb.is_sign() && verb.is_sign() && values == condition.values;
        let value = if is_sign { NewValue::AsTyped(self.source()) } else { new_value(verb, &values) };
        let negated = untrack(|| self.node.is_negated());
        let new = NewClause { negated, field: condition.field.clone(), op, value };
        let is_match = |it: Op| matches!(it, Op::Match | Op::Eq);
        let spaces_stay = is_match(op) == is_match(condition.op);
        self.node.builder.change(&self.node.path(), Part::Verb, &|outline, parse, id| {
            match (spaces_stay, is_sign) {
                // A colon stands at its field, a sign between spaces.
                (false, _) => outline.set_text(parse, id, &new.text()?),
                (true, true) => outline.set_op(parse, id, op),
                (true, false) => outline.set_clause(parse, id, &new),
            }
        });
    }

    /// The value as it stands in the text.
    fn source(self) -> String {
        let Some(drawn) = self.node.builder.now() else { return String::new() };
        match self.node.shown.get_untracked().map(|it| it.kind) {
            Some(Kind::Clause(clause)) => drawn.text(&clause.value.range).to_owned(),
            _ => String::new(),
        }
    }

    /// Another field; comparison and value stay where they make sense for it.
    fn set_field(self, name: &str) {
        let Some(condition) = self.condition.get_untracked() else { return };
        self.filling.set(condition.verb != Verb::Missing);
        let field = self.node.builder.field(name, self.node.outer().as_deref());
        let other = field.as_ref().and_then(|it| condition.for_field(it));
        let keeps = other.is_none();
        let (verb, value) = other.unwrap_or((condition.verb, NewValue::One(String::new())));
        let op = verb.op(condition.op);
        let new =
            NewClause { negated: untrack(|| self.node.is_negated()), field: name.to_owned(), op, value };
        self.node.builder.change(&self.node.path(), Part::Field, &|outline, parse, id| match keeps {
            true => outline.set_field(parse, id, name),
            false => outline.set_clause(parse, id, &new),
        });
    }
}

/// The row of a clause.
pub(super) fn clause(node: Node) -> AnyView {
    let row = Row::new(node);
    let wrong = move || row.wrong.get().then(|| t::query_cannot_write());
    let control = memo(move |_| value::Control::of(row));
    view! {
        <div
            class="tree-line tree-row"
            class:tree-muted=move || node.is_muted()
            role="group"
            aria-label=t::query_clause(&node.number())
            data-place=node.number()
            data-drop=move || grip::mark(node)
        >
            {grip::grip(node)}
            {not(node)}
            {field_view(row)}
            {verb_view(row)}
            {move || control.with(|it| value::view(row, it))}
            {off(node)}
            <span class={"tree-space"}></span>
            {menu::menu(node)}
            <p class="field-error tree-wrong" aria-live="polite">{wrong}</p>
        </div>
    }
    .into_any()
}

fn field_view(row: Row) -> AnyView {
    let node = row.node;
    let name = memo(move |_| row.condition.with(|it| it.as_ref().map(|it| it.field.clone())));
    let choose = move |ev| row.set_field(&event_target_value(&ev));
    let options = move || field_options(row, &name.get().unwrap_or_default());
    view! {
        <select
            class="input select tree-field"
            id=node.id(Part::Field)
            aria-label=t::query_field()
            on:change=choose
        >
            {options}
        </select>
    }
    .into_any()
}

/// All fields, by who searches them; a name that is none of them stands in front, as written.
fn field_options(row: Row, current: &str) -> AnyView {
    let option = |name: &str, label: &str| {
        let is_on = name == current;
        view! { <option value=name.to_owned() prop:selected=is_on selected=is_on>{label.to_owned()}</option> }
            .into_any()
    };
    let inner = row.node.outer().map(|it| [&it, "."].concat());
    row.node.builder.fields.with_value(|fields| {
        let name_of = |it: &QueryField| {
            let short = inner.as_deref().and_then(|prefix| it.name.strip_prefix(prefix));
            short.unwrap_or(it.name)
        };
        let is_known = fields.iter().any(|it| name_of(it) == current);
        let own = (!is_known).then(|| option(current, current));
        let section = |on_service: bool, label: &'static str| {
            let options: Vec<AnyView> = fields
                .iter()
                .filter(|it| it.on_service == on_service)
                .map(|it| option(name_of(it), it.label))
                .collect();
            (!options.is_empty()).then(|| view! { <optgroup label=label>{options}</optgroup> })
        };
        let server = section(true, t::query_section_service());
        let browser = section(false, t::query_section_here());
        view! { {own} {server} {browser} }.into_any()
    })
}

fn verb_view(row: Row) -> AnyView {
    let node = row.node;
    let verb = memo(move |_| row.condition.with(|it| it.as_ref().map_or(Verb::Is, |it| it.verb)));
    let options = move || {
        let current = verb.get();
        let field = row.field.get();
        let kind = field.as_ref().map(|it| it.kind);
        let option = |it: Verb| {
            let is_on = it == current;
            view! { <option value=it.code() prop:selected=is_on selected=is_on>{it.label(kind)}</option> }
                .into_any()
        };
        verbs(field.as_ref(), current).into_iter().map(option).collect::<Vec<AnyView>>()
    };
    view! {
        <select
            class="input select tree-verb"
            id=node.id(Part::Verb)
            aria-label=t::query_operator()
            on:change=move |ev| row.set_verb(Verb::read(&event_target_value(&ev)))
        >
            {options}
        </select>
    }
    .into_any()
}

/// A part of the text that no row can hold: shown as it is, and edited in the field.
pub(super) fn opaque(node: Node) -> AnyView {
    let text = move || node.shown.with(|it| it.as_ref().map(|it| it.text.clone()).unwrap_or_default());
    view! {
        <div
            class="tree-line tree-row"
            class:tree-muted=move || node.is_muted()
            role="group"
            aria-label=t::query_part(&node.number())
            data-place=node.number()
            data-drop=move || grip::mark(node)
        >
            {grip::grip(node)}
            <span class="tree-opaque">
                <span class="tree-as-typed">{t::query_as_typed()}</span>
                <code>{text}</code>
            </span>
            <button
                class="button button-quiet tree-add"
                type="button"
                id=node.id(Part::Text)
                on:click=move |_| node.builder.go_to_text(&node.path())
            >
                {icon(Icon::Pencil)}
                <span class="button-text">{t::query_edit_as_text()}</span>
            </button>
            {off(node)}
            <span class={"tree-space"}></span>
            {menu::menu(node)}
        </div>
    }
    .into_any()
}
