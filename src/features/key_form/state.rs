use std::sync::Arc;

use leptos::prelude::*;

use super::slot::Slot;
use super::{problem_text, same_part, server_problems};
use crate::domain::{FieldId, Fields, Key, Value, order};
use crate::http::ApiError;
use crate::platform::{clock, dom, task};
use crate::systems::{
    Draft, FieldError, FieldSpec, Input, Manifest, Maximum, Offer, Use, exceeded, read_draft,
};

/// What stands in the fields, and what is wrong with it.
///
/// Make it in the component of the dialog: the fields come and go, the text stays.
#[derive(Clone, Copy)]
pub struct KeyForm {
    manifest: &'static Manifest,
    /// One for each field of either form, in the manifest's order.
    slots: StoredValue<Vec<(FieldId, Slot)>>,
    /// The key that is edited, as it was read; none for a new one.
    current: RwSignal<Option<Arc<Key>>>,
    /// What the fields held when the form was filled.
    start: RwSignal<Draft>,
    /// Errors are shown from the first attempt to send on, and follow the typing from then.
    attempted: RwSignal<bool>,
    /// What the server refused, with the draft it was about: a field that changed since is not blamed.
    refused: RwSignal<Option<Refused>>,
    /// What was picked, by field: blank fields take its defaults.
    picked: RwSignal<Vec<(FieldId, Offer)>>,
    /// The largest values that the account allows for a new key.
    maxima: RwSignal<Vec<Maximum>>,
    /// What the ids of the controls start with: another form may stand below this one.
    prefix: &'static str,
    /// The field for whose picker something is being made.
    adding: RwSignal<Option<FieldId>>,
    /// What was made for a picker, for the field that it then chooses.
    added: RwSignal<Option<(FieldId, Offer)>>,
    /// What stands in the fields was brought back after a restart.
    restored: RwSignal<bool>,
}

/// What was sent, and the server's words for each field it named.
type Refused = (Draft, Vec<(FieldId, String)>);

impl KeyForm {
    /// A form for a new key that shows `draft`.
    #[must_use]
    pub fn new(manifest: &'static Manifest, draft: &Draft) -> Self {
        Self::named("key-", manifest, draft)
    }

    /// The same with ids of its own, for a form over another one.
    #[must_use]
    pub fn named(prefix: &'static str, manifest: &'static Manifest, draft: &Draft) -> Self {
        let is_used = |it: &&FieldSpec| it.create != Use::No || it.edit != Use::No;
        let slots = manifest.fields.iter().filter(is_used).map(|it| (it.id, Slot::new(it.kind)));
        let form = Self {
            manifest,
            slots: StoredValue::new(slots.collect()),
            current: RwSignal::default(),
            start: RwSignal::default(),
            attempted: RwSignal::default(),
            refused: RwSignal::default(),
            picked: RwSignal::default(),
            maxima: RwSignal::default(),
            prefix,
            adding: RwSignal::default(),
            added: RwSignal::default(),
            restored: RwSignal::default(),
        };
        form.fill(draft, None);
        form
    }

    /// What the system can do whose form this is.
    #[must_use]
    pub fn manifest(self) -> &'static Manifest {
        self.manifest
    }

    /// Starts over with `draft`; `current` is the key that is edited, if any.
    pub fn fill(self, draft: &Draft, current: Option<Arc<Key>>) {
        self.put(draft);
        self.current.set(current);
        self.show_names();
        self.picked.set(Vec::new());
        self.start.set(self.draft_untracked());
        self.attempted.set(false);
        self.refused.set(None);
        self.restored.set(false);
    }

    /// Goes on with `draft` on a newer reading of the key: edits of before still count as edits.
    pub fn fill_rebased(self, draft: &Draft, now: Arc<Key>) {
        self.put(draft);
        self.start.set(Draft::of(self.manifest, &now).tidied(self.manifest));
        self.current.set(Some(now));
        self.show_names();
        self.refused.set(None);
    }

    /// Shows names in the place of ids, where the key tells them.
    fn show_names(self) {
        let Some(key) = self.current.get_untracked() else { return };
        for (field, value) in key.fields.iter() {
            let (Some(Slot::Pick { id, shown }), Value::Ref(it)) = (self.slot(field), value) else {
                continue;
            };
            if let Some(name) = it.name.as_ref().filter(|_| id.with_untracked(|id| *id == it.id)) {
                shown.set(name.clone());
            }
        }
    }

    fn put(self, draft: &Draft) {
        self.slots.with_value(|slots| {
            for (field, slot) in slots {
                slot.put(draft.get(*field));
            }
        });
    }

    /// Where a field's text is; `None` for one that is in neither form.
    pub(super) fn slot(self, field: FieldId) -> Option<Slot> {
        self.slots.with_value(|it| it.iter().find(|(own, _)| *own == field).map(|(_, slot)| *slot))
    }

    /// Whether a key is edited, not made; tracks.
    #[must_use]
    pub fn is_editing(self) -> bool {
        self.current.with(Option::is_some)
    }

    /// The key that is edited; tracks.
    #[must_use]
    pub fn current(self) -> Option<Arc<Key>> {
        self.current.get()
    }

    /// What the fields say; tracks.
    #[must_use]
    pub fn draft(self) -> Draft {
        let mut draft = Draft::default();
        for spec in self.manifest.form(self.is_editing()) {
            if let Some(slot) = self.slot(spec.id) {
                draft.set(spec.id, slot.input());
            }
        }
        draft.tidied(self.manifest)
    }

    /// What the fields say, now.
    #[must_use]
    pub fn draft_untracked(self) -> Draft {
        untrack(|| self.draft())
    }

    /// The text in one field; tracks.
    #[must_use]
    pub fn text(self, field: FieldId) -> String {
        match self.slot(field) {
            Some(Slot::Text(it) | Slot::Pick { id: it, .. }) => it.with(|it| it.trim().to_owned()),
            _ => String::new(),
        }
    }

    /// Whether a field makes sense beside what else was chosen; tracks.
    #[must_use]
    pub fn applies(self, spec: &FieldSpec) -> bool {
        spec.applies.is_none() || spec.applies_to(&self.draft())
    }

    /// Whether anything was edited; tracks.
    #[must_use]
    pub fn is_dirty(self) -> bool {
        self.draft() != self.start.get()
    }

    /// What stands in the fields that were edited; tracks.
    #[must_use]
    pub fn edits(self) -> Vec<(FieldId, Input)> {
        let (draft, start) = (self.draft(), self.start.get());
        let edited = |it: &FieldSpec| !same_part(&draft, &start, it.id);
        // Nothing is the same as an empty text.
        let input = |it: FieldId| draft.get(it).cloned().unwrap_or(Input::Text(String::new()));
        self.manifest
            .form(self.is_editing())
            .filter(|it| edited(it))
            .map(|it| (it.id, input(it.id)))
            .collect()
    }

    /// What the form asks for, if it can be sent; tracks.
    #[must_use]
    pub fn wanted(self) -> Option<Fields> {
        self.check().ok()
    }

    fn check(self) -> Result<Fields, Vec<(FieldId, String)>> {
        let current = self.current.get();
        let (draft, now) = (self.draft(), clock::now());
        let checked = read_draft(self.manifest, &draft, current.as_deref(), now);
        let over = match current {
            Some(_) => Vec::new(),
            None => self.maxima.with(|it| exceeded(self.manifest, &draft, it, now)),
        };
        let errors: Vec<FieldError> = match checked {
            Ok(fields) if over.is_empty() => return Ok(fields),
            Ok(_) => over,
            Err(errors) => errors.into_iter().chain(over).collect(),
        };
        Err(errors.iter().map(|it| (it.field, problem_text(self.manifest, it))).collect())
    }

    /// Takes in the largest values that the account allows: more is an error, and a blank stands for them where the
    /// service fills it in so.
    pub fn allow(self, maxima: Vec<Maximum>) {
        self.maxima.try_set(maxima);
    }

    /// The largest value of a field, for what was chosen beside it; tracks.
    pub(super) fn most_of(self, field: FieldId) -> Option<Value> {
        self.maxima.with(|maxima| {
            let mut of_field = maxima.iter().filter(|it| it.field == field).peekable();
            // Most fields have none, and reading the draft tracks all of it.
            of_field.peek()?;
            let draft = self.draft();
            of_field.find(|it| it.counts_for(&draft)).map(|it| it.most.clone())
        })
    }

    /// Shows what was read from a file in place of what was typed. It counts as typed.
    pub fn take_in(self, draft: &Draft) {
        self.put(draft);
        self.picked.set(Vec::new());
        self.refused.set(None);
    }

    /// The same after a restart, which the form then says.
    pub fn restore(self, draft: &Draft) {
        self.take_in(draft);
        self.restored.set(true);
    }

    /// Whether what stands in the fields was brought back; tracks.
    #[must_use]
    pub fn is_restored(self) -> bool {
        self.restored.get()
    }

    /// What is wrong now and shown, in the order of the form; tracks.
    #[must_use]
    pub fn errors(self) -> Vec<(FieldId, String)> {
        let mut res = Vec::new();
        if self.attempted.get() {
            res = self.check().err().unwrap_or_default();
        }
        if let Some((about, refused)) = self.refused.get() {
            let draft = self.draft();
            let known: Vec<FieldId> = res.iter().map(|(field, _)| *field).collect();
            let still = |it: &(FieldId, String)| !known.contains(&it.0) && same_part(&about, &draft, it.0);
            res.extend(refused.into_iter().filter(still));
        }
        order::sort_by_key(&mut res, |(field, _)| self.manifest.fields.iter().position(|it| it.id == *field));
        res
    }

    /// The error shown at one field.
    #[must_use]
    pub fn error(self, field: FieldId) -> Signal<Option<String>> {
        Signal::derive(move || self.errors().into_iter().find(|(it, _)| *it == field).map(|(_, text)| text))
    }

    /// Checks the fields before sending. When something is wrong it is shown, and the first wrong field
    /// gets the focus.
    #[must_use]
    pub fn attempt(self) -> Option<Fields> {
        self.refused.set(None);
        self.attempted.set(true);
        let checked = untrack(|| self.check());
        if checked.is_err() {
            self.focus_first_error();
        }
        checked.ok()
    }

    /// Puts the server's refusal at the fields it names. Whether it named any.
    pub fn show_refusal(self, error: &ApiError) -> bool {
        let editing = untrack(|| self.is_editing());
        let named = server_problems(self.manifest, editing, error);
        let any = !named.is_empty();
        self.refused.set(any.then(|| (self.draft_untracked(), named)));
        if any {
            self.focus_first_error();
        }
        any
    }

    /// Shows what is wrong with what stands in these fields now, until it is changed.
    pub fn blame(self, errors: Vec<(FieldId, String)>) {
        self.refused.set((!errors.is_empty()).then(|| (self.draft_untracked(), errors)));
    }

    /// Remembers what was picked in a field, for the defaults it brings; `None` when it was taken back.
    pub(super) fn set_picked(self, field: FieldId, offer: Option<Offer>) {
        self.picked.update(|it| {
            it.retain(|(own, _)| *own != field);
            it.extend(offer.map(|offer| (field, offer)));
        });
    }

    /// What a field takes when it is left blank, from what was picked in another; tracks.
    pub(super) fn default_of(self, field: FieldId) -> Option<Value> {
        let picked =
            self.picked.with(|it| it.iter().find_map(|(_, offer)| offer.defaults.get(field).cloned()));
        let is_filled_in = || self.manifest.field(field).is_some_and(|it| it.blank_is_default);
        picked.or_else(|| self.most_of(field).filter(|_| is_filled_in()))
    }

    /// Moves the focus to the first field.
    pub fn focus(self) {
        let editing = untrack(|| self.is_editing());
        let first = self.manifest.form(editing).find(|it| untrack(|| self.applies(it)));
        if let Some(first) = first {
            self.focus_field(first.id);
        }
    }

    fn focus_first_error(self) {
        let first = untrack(|| self.errors()).into_iter().next();
        if let Some((field, _)) = first {
            self.focus_field(field);
        }
    }

    /// The field for whose picker something is being made.
    #[must_use]
    pub fn adding(self) -> RwSignal<Option<FieldId>> {
        self.adding
    }

    /// Chooses what was just made for a picker; its list asks again.
    pub fn choose_added(self, field: FieldId, offer: Offer) {
        self.added.set(Some((field, offer)));
    }

    /// What was made for the picker of this field; tracks.
    pub(super) fn added(self, field: FieldId) -> Option<Offer> {
        self.added.with(|it| it.as_ref().filter(|(own, _)| *own == field).map(|(_, offer)| offer.clone()))
    }

    /// The id of a field's control.
    pub(super) fn field_id(self, field: FieldId) -> String {
        [self.prefix, field.0].concat()
    }

    /// Moves the focus to a field.
    pub fn focus_field(self, field: FieldId) {
        let id = self.field_id(field);
        // Focusing inside a handler can re-enter another.
        task::spawn_detached(async move {
            clock::next_frame().await;
            dom::focus_by_id(&id);
        });
    }
}
