use std::sync::Arc;

use leptos::prelude::*;

use super::{parse_codes, problem_text, same_part, server_problems, split_licences, tidied};
use crate::domain::{Field, Key, KeyDraft, NewKey, read_draft};
use crate::features::{key_text, write};
use crate::http::ApiError;

/// Fields a reader can get wrong, in the order of the form.
const CHECKED: [Field; 6] =
    [Field::Title, Field::Limit, Field::Network, Field::Expires, Field::Licences, Field::Tags];

/// What stands in the fields, and what is wrong with it.
///
/// Make it in the component of the dialog: the fields come and go, the text stays.
#[derive(Clone, Copy)]
pub struct KeyForm {
    pub(super) title: RwSignal<String>,
    pub(super) network: RwSignal<String>,
    pub(super) expires: RwSignal<String>,
    pub(super) limit: RwSignal<String>,
    pub(super) licences: RwSignal<Vec<String>>,
    pub(super) other_licences: RwSignal<String>,
    pub(super) tags: RwSignal<Vec<u64>>,
    pub(super) tag_draft: RwSignal<String>,
    /// The key that is edited, as it was read; none for a new one.
    current: RwSignal<Option<Arc<Key>>>,
    /// What the fields held when the form was filled.
    start: RwSignal<KeyDraft>,
    /// Errors are shown from the first attempt to send on, and follow the typing from then.
    attempted: RwSignal<bool>,
    /// What the server refused, with the draft it was about: a field that changed since is not blamed.
    refused: RwSignal<Option<Refused>>,
}

/// What was sent, and the server's words for each field it named.
type Refused = (KeyDraft, Vec<(Field, String)>);

impl KeyForm {
    /// A form that shows `draft`.
    #[must_use]
    pub fn new(draft: &KeyDraft) -> Self {
        let form = Self {
            title: RwSignal::default(),
            network: RwSignal::default(),
            expires: RwSignal::default(),
            limit: RwSignal::default(),
            licences: RwSignal::default(),
            other_licences: RwSignal::default(),
            tags: RwSignal::default(),
            tag_draft: RwSignal::default(),
            current: RwSignal::default(),
            start: RwSignal::default(),
            attempted: RwSignal::default(),
            refused: RwSignal::default(),
        };
        form.fill(draft, None);
        form
    }

    /// Starts over with `draft`; `current` is the key that is edited, if any.
    pub fn fill(self, draft: &KeyDraft, current: Option<Arc<Key>>) {
        self.put(draft);
        self.current.set(current);
        self.start.set(self.draft_untracked());
        self.attempted.set(false);
        self.refused.set(None);
    }

    /// Goes on with `draft` on a newer reading of the key: edits of before still count as edits.
    pub fn fill_rebased(self, draft: &KeyDraft, now: Arc<Key>) {
        self.put(draft);
        self.start.set(tidied(&KeyDraft::of(&now)));
        self.current.set(Some(now));
        self.refused.set(None);
    }

    fn put(self, draft: &KeyDraft) {
        let (known, other) = split_licences(&draft.licences);
        self.title.set(draft.title.clone());
        self.network.set(draft.network.clone());
        self.expires.set(draft.expires.clone());
        self.limit.set(draft.limit.clone());
        self.licences.set(known);
        self.other_licences.set(other.join(", "));
        let (tags, rest): (Vec<_>, Vec<_>) = draft.tags.iter().partition(|it| it.parse::<u64>().is_ok());
        self.tags.set(tags.iter().filter_map(|it| it.parse().ok()).collect());
        self.tag_draft.set(rest.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", "));
    }

    /// What the fields say; tracks.
    #[must_use]
    pub fn draft(self) -> KeyDraft {
        let mut licences = self.licences.get();
        licences.extend(self.other_licences.with(|it| parse_codes(it)));
        let mut tags: Vec<String> = self.tags.with(|it| it.iter().map(u64::to_string).collect());
        // What was typed and not yet taken as a chip is meant as well.
        tags.extend(self.tag_draft.with(|it| parse_codes(it)));
        tidied(&KeyDraft {
            title: self.title.get(),
            network: self.network.get(),
            expires: self.expires.get(),
            limit: self.limit.get(),
            licences,
            tags,
        })
    }

    /// What the fields say, now.
    #[must_use]
    pub fn draft_untracked(self) -> KeyDraft {
        untrack(|| self.draft())
    }

    /// Whether anything was edited; tracks.
    #[must_use]
    pub fn is_dirty(self) -> bool {
        self.draft() != self.start.get()
    }

    /// What the form asks for, if it can be sent; tracks.
    #[must_use]
    pub fn wanted(self) -> Option<NewKey> {
        self.check().ok()
    }

    fn check(self) -> Result<NewKey, Vec<(Field, String)>> {
        let current = self.current.get();
        let checked = read_draft(&self.draft(), current.as_deref(), key_text::today());
        checked.map_err(|errors| errors.iter().map(|it| (it.field, problem_text(it))).collect())
    }

    /// What is wrong now and shown, in the order of the form; tracks.
    #[must_use]
    pub fn errors(self) -> Vec<(Field, String)> {
        let mut res = Vec::new();
        if self.attempted.get() {
            res = self.check().err().unwrap_or_default();
        }
        if let Some((about, refused)) = self.refused.get() {
            let draft = self.draft();
            let known: Vec<Field> = res.iter().map(|(field, _)| *field).collect();
            let still = |it: &(Field, String)| !known.contains(&it.0) && same_part(&about, &draft, it.0);
            res.extend(refused.into_iter().filter(still));
        }
        res.sort_by_key(|(field, _)| CHECKED.iter().position(|it| it == field));
        res
    }

    /// The error shown at one field.
    #[must_use]
    pub fn error(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || self.errors().into_iter().find(|(it, _)| *it == field).map(|(_, text)| text))
    }

    /// Checks the fields before sending. When something is wrong it is shown, and the first wrong field
    /// gets the focus.
    #[must_use]
    pub fn attempt(self) -> Option<NewKey> {
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
        let named = server_problems(error);
        let any = !named.is_empty();
        self.refused.set(any.then(|| (self.draft_untracked(), named)));
        if any {
            self.focus_first_error();
        }
        any
    }

    /// Moves the focus to the first field.
    pub fn focus(self) {
        focus_field(Field::Title);
    }

    fn focus_first_error(self) {
        let first = untrack(|| self.errors()).into_iter().next();
        if let Some((field, _)) = first {
            focus_field(field);
        }
    }
}

/// The id of a field's control. One such form is open at a time.
pub(super) fn field_id(field: Field) -> &'static str {
    match field {
        Field::Title => "key-title",
        Field::Network => "key-network",
        Field::Expires => "key-expires",
        Field::Limit => "key-limit",
        Field::Licences => "key-licences",
        Field::Tags => "key-tags",
        Field::Disabled | Field::Used | Field::ApplyToExisting => "key-other",
    }
}

/// Moves the focus to a field.
pub(super) fn focus_field(field: Field) {
    write::focus(field_id(field));
}
