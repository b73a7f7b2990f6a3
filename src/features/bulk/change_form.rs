//! What shall become of many keys' fields: each is chosen by a tick, then set, moved, or filled and emptied.

use std::sync::Arc;

use leptos::prelude::*;

use super::drafted::Wish;
use super::edits::{Edit, Edits};
use super::title_form::{TitleForm, title_fields};
use crate::domain::{FieldId, Key};
use crate::features::key_form::{KeyForm, field_control, problem_text};
use crate::features::write;
use crate::i18n::t;
use crate::platform::clock;
use crate::systems::{Draft, FieldKind, FieldSpec, Input, Manifest, Problem, Use, read_draft};
use crate::ui::{Banner, Checkbox, Choice, NumberField, Select, Tone, memo};

const SET: &str = "set";
const MORE: &str = "more";
const LESS: &str = "less";
const NONE: &str = "none";

/// The pattern that leaves each title as it is.
const SAME_TITLE: &str = "{title}";

/// The id of the place that says that nothing was chosen.
const NOTHING_ID: &str = "bulk-nothing";

/// One field of the form.
#[derive(Clone, Copy)]
struct Row {
    spec: &'static FieldSpec,
    ticked: RwSignal<bool>,
    how: RwSignal<String>,
    /// By how much a number or an end is moved.
    by: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

/// The form. Make it in the component of the dialog.
#[derive(Clone, Copy)]
pub(super) struct ChangeForm {
    manifest: &'static Manifest,
    rows: StoredValue<Vec<Row>>,
    /// What fields are set to, and what goes into lists.
    put: KeyForm,
    /// What goes out of lists.
    out: KeyForm,
    title: TitleForm,
    /// Nothing was ticked, and it was tried all the same.
    nothing: RwSignal<bool>,
}

impl ChangeForm {
    pub(super) fn new(manifest: &'static Manifest) -> Self {
        let row = |spec: &'static FieldSpec| Row {
            spec,
            ticked: RwSignal::new(false),
            how: RwSignal::new(SET.to_owned()),
            by: RwSignal::default(),
            error: RwSignal::default(),
        };
        let editing = |prefix: &'static str| {
            let form = KeyForm::named(prefix, manifest, &Draft::default());
            // The form of a key that is edited, with nothing told of it.
            form.fill(&Draft::default(), Some(Arc::new(Key::new(""))));
            form
        };
        Self {
            manifest,
            rows: StoredValue::new(manifest.form(true).map(row).collect()),
            put: editing("bulk-"),
            out: editing("bulk-remove-"),
            title: TitleForm::new(SAME_TITLE),
            nothing: RwSignal::new(false),
        }
    }

    /// Whether anything was chosen; tracks.
    pub(super) fn is_dirty(self) -> bool {
        self.rows.with_value(|it| it.iter().any(|it| it.ticked.get()))
    }

    /// What is wanted, if it can be planned. What is wrong is shown where it is.
    pub(super) fn attempt(self) -> Option<Wish> {
        let rows = self.rows.get_value();
        let chosen: Vec<&Row> = rows.iter().filter(|it| it.ticked.get_untracked()).collect();
        self.nothing.set(chosen.is_empty());
        if chosen.is_empty() {
            write::focus(NOTHING_ID);
            return None;
        }
        let mut edits = Edits::new();
        let (mut first, mut failed) = (1, None);
        let mut wrong: Vec<(FieldId, String)> = Vec::new();
        for row in chosen {
            row.error.set(None);
            let field = row.spec.id;
            match self.edit(row) {
                Ok(Some((edit, from))) => {
                    first = from.unwrap_or(first);
                    edits.push((field, edit));
                }
                Ok(None) => failed = failed.or(Some(None)),
                Err(Wrong::By(text)) => {
                    row.error.set(Some(text));
                    failed = failed.or(Some(Some(by_id(field))));
                }
                Err(Wrong::Value(text)) => wrong.push((field, text)),
            }
        }
        wrong.extend(self.wrong_values(&edits));
        self.put.blame(wrong.clone());
        if let Some((field, _)) = wrong.first() {
            self.put.focus_field(*field);
            return None;
        }
        match failed {
            Some(Some(id)) => {
                write::focus_on(id);
                None
            }
            Some(None) => None,
            None => Some(Wish::Changed { edits, first }),
        }
    }

    /// What one field asks for, with the first number where it counts; nothing where its own fields say what is wrong.
    fn edit(self, row: &Row) -> Result<Option<(Edit, Option<u64>)>, Wrong> {
        let field = row.spec.id;
        if is_title(row.spec) {
            return Ok(self.title.attempt().map(|(titling, first)| (Edit::Title(titling), Some(first))));
        }
        let put = self.put.draft_untracked();
        let value = put.get(field).cloned();
        let missing = || {
            let is_list = matches!(row.spec.kind, FieldKind::Codes(_) | FieldKind::Refs);
            let text =
                if is_list || row.spec.edit != Use::Optional { t::form_missing() } else { t::bulk_blank() };
            Wrong::Value(text.to_owned())
        };
        let edit = match (row.spec.kind, row.how.get_untracked().as_str()) {
            (FieldKind::Push, _) => Edit::Set(Input::Flag(true)),
            (FieldKind::Flag, _) => Edit::Set(value.unwrap_or(Input::Flag(false))),
            (FieldKind::Codes(_) | FieldKind::Refs, _) => {
                let (add, remove) =
                    (put.list(field).to_vec(), self.out.draft_untracked().list(field).to_vec());
                if add.is_empty() && remove.is_empty() {
                    return Err(missing());
                }
                Edit::Items { add, remove }
            }
            (_, NONE) => Edit::Set(Input::Text(String::new())),
            (_, how @ (MORE | LESS)) => {
                let by = row.by.with_untracked(|it| it.trim().parse::<i64>());
                let by = by.ok().filter(|it| (1..=1_000_000).contains(it));
                let by = by.ok_or_else(|| Wrong::By(t::form_out_of_range("1", "1,000,000")))?;
                Edit::Shift(if how == LESS { -by } else { by })
            }
            _ => Edit::Set(value.ok_or_else(missing)?),
        };
        Ok(Some((edit, None)))
    }

    /// What no key could be given: found before the keys are looked at one by one.
    fn wrong_values(self, edits: &Edits) -> Vec<(FieldId, String)> {
        let mut draft = Draft::default();
        for (field, edit) in edits {
            match edit {
                Edit::Set(input) => draft.set(*field, input.clone()),
                Edit::Items { add, .. } => draft.set(*field, Input::List(add.clone())),
                Edit::Shift(_) | Edit::Title(_) => {}
            }
        }
        let checked = read_draft(self.manifest, &draft, Some(&Key::new("")), clock::now());
        let errors = checked.err().unwrap_or_default();
        let is_set = |field| edits.iter().any(|(it, edit)| *it == field && !matches!(edit, Edit::Title(_)));
        // A blank list or text may be right for a key that keeps something else.
        let counts = |it: &&crate::systems::FieldError| is_set(it.field) && it.problem != Problem::Missing;
        errors.iter().filter(counts).map(|it| (it.field, problem_text(self.manifest, it))).collect()
    }
}

/// What is wrong with one field.
enum Wrong {
    /// The number by which it is moved.
    By(String),
    /// Its value.
    Value(String),
}

fn is_title(spec: &FieldSpec) -> bool {
    spec.id == FieldId::TITLE && matches!(spec.kind, FieldKind::Text { .. })
}

fn by_id(field: FieldId) -> String {
    ["bulk-by-", field.0].concat()
}

/// The fields. `keys` are the first of those that change.
pub(super) fn change_fields(form: ChangeForm, keys: Signal<Vec<Key>>) -> AnyView {
    let rows: Vec<AnyView> =
        form.rows.with_value(|rows| rows.iter().map(|it| row_view(form, *it, keys)).collect());
    let nothing = move || {
        form.nothing.get().then(|| view! { <Banner tone=Tone::Danger>{t::bulk_choose_one()}</Banner> })
    };
    view! {
        <div class="form">
            <div id=NOTHING_ID tabindex="-1">{nothing}</div>
            <p class="form-note">{t::bulk_change_note()}</p>
            {rows}
        </div>
    }
    .into_any()
}

fn row_view(form: ChangeForm, row: Row, keys: Signal<Vec<Key>>) -> AnyView {
    let label = (row.spec.label)();
    let ticked = memo(move |_| row.ticked.get());
    if matches!(row.spec.kind, FieldKind::Push) {
        return view! {
            <div class="bulk-field">
                <Checkbox label=t::edit_apply() checked=row.ticked hint=t::bulk_apply_hint() id=tick_id(row.spec) />
            </div>
        }
        .into_any();
    }
    let body = move || {
        ticked.get().then(|| {
            let fields = match row.spec.kind {
                _ if is_title(row.spec) => title_fields(form.title, keys),
                FieldKind::Codes(_) | FieldKind::Refs => list_fields(form, row.spec),
                FieldKind::Flag => field_control(form.put, row.spec),
                _ => value_fields(form, row),
            };
            view! { <div class="bulk-field-body">{fields}</div> }
        })
    };
    view! {
        <div class="bulk-field" role="group" aria-label=label>
            <Checkbox label=t::bulk_change_field(label) checked=row.ticked id=tick_id(row.spec) />
            {body}
        </div>
    }
    .into_any()
}

fn tick_id(spec: &FieldSpec) -> String {
    ["bulk-tick-", spec.id.0].concat()
}

/// A value to be set, moved or taken away.
fn value_fields(form: ChangeForm, row: Row) -> AnyView {
    let spec = row.spec;
    let (is_end, is_limit) = match spec.kind {
        FieldKind::Day { .. } | FieldKind::Moment { .. } => (true, false),
        FieldKind::Limit { .. } => (false, true),
        _ => (false, false),
    };
    let mut options = vec![Choice::new(SET, t::bulk_how_set())];
    if is_end {
        options.push(Choice::new(MORE, t::bulk_how_later()));
        options.push(Choice::new(LESS, t::bulk_how_earlier()));
    }
    if is_limit {
        options.push(Choice::new(MORE, t::bulk_how_more()));
        options.push(Choice::new(LESS, t::bulk_how_less()));
    }
    if spec.edit == Use::Optional {
        options.push(Choice::new(NONE, t::bulk_how_none()));
    }
    let how = memo(move |_| row.how.get());
    let value = move || match how.get().as_str() {
        SET => field_control(form.put, spec),
        NONE => ().into_any(),
        _ => {
            let label = if is_end { t::bulk_by_days() } else { t::bulk_by_places() };
            view! { <NumberField label value=row.by error=row.error id=by_id(spec.id) /> }.into_any()
        }
    };
    let chooser = (options.len() > 1).then(|| {
        let id = ["bulk-how-", spec.id.0].concat();
        let label = t::bulk_how((spec.label)());
        view! { <Select label value=row.how options=Signal::stored(options) id /> }
    });
    view! { {chooser} {value} }.into_any()
}

/// What goes into a list, and what goes out of it.
fn list_fields(form: ChangeForm, spec: &'static FieldSpec) -> AnyView {
    view! {
        <fieldset class="bulk-list">
            <legend class="field-label">{t::bulk_add()}</legend>
            {field_control(form.put, spec)}
        </fieldset>
        <fieldset class="bulk-list">
            <legend class="field-label">{t::bulk_take_away()}</legend>
            {field_control(form.out, spec)}
        </fieldset>
    }
    .into_any()
}
