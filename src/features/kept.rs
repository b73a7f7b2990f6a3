//! What stands in an open form, kept in this tab while the form is open, so that a restart brings it back.
//!
//! It lies in session storage under `KEY`, for one form, one connection and one reader; the form takes it along when
//! it closes. A key's value is not kept, and neither is a text of the shape of one.
//!
//! Frames of one page share that storage, so that each frame has its slot, by its name. A frame that is gone leaves its
//! own behind, which no other opens; only the last few are kept.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::key_form::KeyForm;
use super::workspace::{Overlay, Workspace};
use crate::domain::KeyId;
use crate::i18n::t;
use crate::page::looks_like_key_value;
use crate::platform::portal;
use crate::platform::storage::{Persisted, SessionStorage};
use crate::session::Connection;
use crate::systems::{Draft, FieldKind, Input, Manifest};
use crate::ui::{Banner, Tone, effect};

/// `src/boot.js` removes it where a restart does not help.
const KEY: &str = "latchkey.drafts";

/// More than any form holds; what is longer was not written here.
const LONGEST: usize = 64 * 1024;

/// The most frames whose forms are kept.
const MOST: usize = 8;

/// What lies there, the oldest first.
#[derive(Serialize, Deserialize)]
struct Slot {
    /// The name of the frame; empty for a page by itself.
    frame: String,
    form: Kept,
}

/// A form as it lies in session storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The id of the connection.
    connection: String,
    /// Who was signed in.
    user: String,
    /// The key that is edited; none for a new one.
    key: Option<String>,
    /// What was edited, by field: what kind of input it is, then its texts.
    fields: BTreeMap<String, Vec<String>>,
}

impl Kept {
    /// These edits on top of a draft. What no form of the system could hold is left out.
    fn over(&self, mut draft: Draft, manifest: &Manifest) -> Draft {
        for spec in manifest.form(self.key.is_some()) {
            let input = self.fields.get(spec.id.0).and_then(|it| read(it));
            if let Some(input) = input.filter(|it| may_hold(spec.kind, it)) {
                draft.set(spec.id, input);
            }
        }
        draft
    }
}

/// Opens the form that was open when the page went, if it was this reader's.
pub fn restore(workspace: &Workspace, user: &str) {
    workspace.reader.set_value(Some(user.to_owned()));
    let Some(kept) = load() else { return };
    if kept.connection != workspace.connection().id {
        // It waits for its own connection.
        return;
    }
    if kept.user != user {
        return forget();
    }
    let overlay = match &kept.key {
        Some(id) => Overlay::Key(KeyId(id.clone())),
        None => Overlay::Create(Draft::default()),
    };
    workspace.kept.set_value(Some(kept));
    workspace.open(overlay);
}

/// What waits for the form of this key, or of a new one. It is given out once.
pub(super) fn take(workspace: &Workspace, key: Option<&KeyId>) -> Option<Kept> {
    // Another form may be opened first. What was kept goes on waiting for its own.
    let is_its = |it: &mut Kept| it.key.as_deref() == key.map(|it| it.0.as_str());
    workspace.kept.try_update_value(|it| it.take_if(is_its)).flatten()
}

/// Fills a form with what was kept. It counts as typed.
pub(super) fn fill(form: KeyForm, kept: &Kept) {
    form.restore(&kept.over(form.draft_untracked(), form.manifest()));
}

/// Keeps what is edited in a form for as long as `open` says, and the form is there.
pub(super) fn keep(workspace: &Workspace, form: KeyForm, key: Option<KeyId>, open: Signal<bool>) {
    let connection = workspace.connection().id.clone();
    let Some(user) = workspace.reader.get_value() else { return };
    effect(move |was: Option<bool>| {
        let kept = Kept {
            connection: connection.clone(),
            user: user.clone(),
            key: key.as_ref().map(|it| it.0.clone()),
            fields: if open.get() { edited(form) } else { BTreeMap::new() },
        };
        let is_kept = !kept.fields.is_empty();
        if is_kept {
            save(&kept);
        } else if was == Some(true) {
            forget();
        }
        is_kept
    });
    on_cleanup(forget);
}

/// Says that what stands in the form was brought back.
pub(super) fn note(form: KeyForm) -> AnyView {
    let note =
        move || form.is_restored().then(|| view! { <Banner tone=Tone::Info>{t::kept_restored()}</Banner> });
    view! { {note} }.into_any()
}

/// Nothing is kept any more of this frame's form.
pub fn forget() {
    put(others(&portal::frame_name()));
}

/// Nothing of this connection is kept any more.
pub fn forget_of(connection: &Connection) {
    if load().is_some_and(|it| it.connection == connection.id) {
        forget();
    }
}

/// What is edited and may be kept; tracks.
fn edited(form: KeyForm) -> BTreeMap<String, Vec<String>> {
    let mut res = BTreeMap::new();
    for (field, input) in form.edits() {
        // A push has an effect at once and is never kept ticked.
        let kind = form.manifest().field(field).map(|it| it.kind);
        if matches!(kind, None | Some(FieldKind::Secret | FieldKind::Push)) {
            continue;
        }
        let texts = written(&input);
        if !texts.iter().any(|it| looks_like_key_value(it)) {
            res.insert(field.0.to_owned(), texts);
        }
    }
    res
}

fn written(input: &Input) -> Vec<String> {
    let (kind, texts) = match input {
        Input::Text(text) => ("text", vec![text.clone()]),
        Input::List(items) => ("list", items.clone()),
        Input::Flag(ticked) => ("flag", if *ticked { vec![String::new()] } else { Vec::new() }),
    };
    [vec![kind.to_owned()], texts].concat()
}

fn read(texts: &[String]) -> Option<Input> {
    let (kind, rest) = texts.split_first()?;
    Some(match kind.as_str() {
        "text" => Input::Text(rest.first()?.clone()),
        "list" => Input::List(rest.to_vec()),
        "flag" => Input::Flag(!rest.is_empty()),
        _ => return None,
    })
}

/// Whether a form shows a field of this kind with such an input. What is kept may be written by anybody.
fn may_hold(kind: FieldKind, input: &Input) -> bool {
    match kind {
        FieldKind::State | FieldKind::Usage | FieldKind::Person | FieldKind::Id => false,
        // Never kept, so that nobody's is taken.
        FieldKind::Secret | FieldKind::Push => false,
        FieldKind::Flag => matches!(input, Input::Flag(_)),
        FieldKind::Codes(_) | FieldKind::Refs => matches!(input, Input::List(_)),
        FieldKind::Text { .. }
        | FieldKind::Number { .. }
        | FieldKind::Limit { .. }
        | FieldKind::Day { .. }
        | FieldKind::Moment { .. }
        | FieldKind::Hours { .. }
        | FieldKind::Duration { .. }
        | FieldKind::Choice(_)
        | FieldKind::Pick(_) => matches!(input, Input::Text(_)),
    }
}

fn save(kept: &Kept) {
    let frame = portal::frame_name();
    let mut all = others(&frame);
    all.push(Slot { frame, form: kept.clone() });
    put(all);
}

/// The slots of all frames but this one.
fn others(frame: &str) -> Vec<Slot> {
    let mut all = slots();
    all.retain(|it| it.frame != frame);
    all
}

/// Anything unreadable counts as nothing.
fn slots() -> Vec<Slot> {
    let text = SessionStorage.get(KEY).filter(|it| it.len() <= LONGEST);
    text.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default()
}

/// Keeps these, without the oldest where they are too many.
fn put(mut all: Vec<Slot>) {
    loop {
        if all.is_empty() {
            return SessionStorage.remove(KEY);
        }
        // Texts always have a JSON form.
        let text = serde_json::to_string(&all).unwrap_or_default();
        if all.len() > MOST || (text.len() > LONGEST && all.len() > 1) {
            all.remove(0);
            continue;
        }
        return match SessionStorage.put(KEY, &text) {
            // In memory alone it does not outlive a restart; that is what the reader refused.
            Persisted::Stored | Persisted::MemoryOnly => {}
        };
    }
}

fn load() -> Option<Kept> {
    let frame = portal::frame_name();
    slots().into_iter().find(|it| it.frame == frame).map(|it| it.form)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::super::key_form::testing::{CODES, MANIFEST, SWITCH, key};
    use super::*;
    use crate::domain::FieldId;

    fn kept(fields: &[(FieldId, &[&str])]) -> Kept {
        let texts = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        Kept {
            connection: "eu1".to_owned(),
            user: "maren".to_owned(),
            key: Some("7".to_owned()),
            fields: fields.iter().map(|(field, it)| (field.0.to_owned(), texts(it))).collect(),
        }
    }

    #[test]
    fn edits_come_back_over_a_newer_reading() {
        let now = Draft::of(&MANIFEST, &key());
        let kept = kept(&[(FieldId::TITLE, &["text", "Renamed"]), (CODES, &["list"])]);
        let res = kept.over(now.clone(), &MANIFEST);
        assert_eq!(res.text(FieldId::TITLE), "Renamed");
        assert!(res.list(CODES).is_empty());
        let rest = |it: &Draft| it.clone().with_text(FieldId::TITLE, "").with(CODES, Input::List(Vec::new()));
        assert_eq!(rest(&res), rest(&now));
    }

    #[test]
    fn what_storage_holds_is_not_believed() {
        let now = Draft::of(&MANIFEST, &key());
        for fields in [
            kept(&[(FieldId("nonsense"), &["text", "x"])]),
            kept(&[(FieldId::TITLE, &[])]),
            kept(&[(FieldId::TITLE, &["text"])]),
            kept(&[(FieldId::TITLE, &["html", "x"])]),
            kept(&[(FieldId::TITLE, &["list", "x"])]),
            kept(&[(CODES, &["text", "x"])]),
            kept(&[(CODES, &["flag", ""])]),
            kept(&[(SWITCH, &["flag", ""])]),
        ] {
            assert_eq!(fields.over(now.clone(), &MANIFEST), now);
        }
        for text in ["", "{", "[]", r#"{"connection":1}"#, &"x".repeat(LONGEST + 1)] {
            assert_eq!(SessionStorage.put(KEY, text), Persisted::MemoryOnly);
            assert_eq!(load(), None);
        }
        save(&kept(&[]));
        assert_eq!(load().unwrap(), kept(&[]));
        forget();
        assert_eq!(load(), None);
    }

    #[test]
    fn a_text_with_the_shape_of_a_key_is_not_kept() {
        let owner = Owner::new();
        owner.with(|| {
            let form = KeyForm::new(&MANIFEST, &Draft::default());
            form.take_in(&Draft::default().with_text(FieldId::TITLE, "5f1d6c1e-6a1b-4a3f-9a39-0c3b5a0f7e11"));
            assert!(edited(form).is_empty());
            form.take_in(&Draft::default().with_text(FieldId::TITLE, "Payroll"));
            assert_eq!(edited(form).get(FieldId::TITLE.0).unwrap(), &["text", "Payroll"]);
        });
    }

    #[test]
    fn every_kind_of_input_survives() {
        for input in [
            Input::Text("a \u{1f511} \" \n".to_owned()),
            Input::List(vec!["x".to_owned(), String::new()]),
            Input::Flag(true),
            Input::Flag(false),
        ] {
            assert_eq!(read(&written(&input)), Some(input));
        }
    }

    #[test]
    fn each_frame_has_its_own_and_few_are_kept() {
        let of = |frame: &str| Slot { frame: frame.to_owned(), form: kept(&[]) };
        let names = || slots().into_iter().map(|it| it.frame).collect::<Vec<_>>();
        put(vec![of("a"), of("b")]);
        assert_eq!(load(), None);
        save(&kept(&[(FieldId::TITLE, &["text", "Renamed"])]));
        assert_eq!(names(), ["a", "b", ""]);
        forget();
        assert_eq!((load(), names()), (None, vec!["a".to_owned(), "b".to_owned()]));
        put((0..20).map(|it| of(&it.to_string())).collect());
        assert_eq!(names(), ["12", "13", "14", "15", "16", "17", "18", "19"]);
        // Own text comes before others'.
        save(&kept(&[(FieldId::TITLE, &["text", &"x".repeat(LONGEST - 300)])]));
        assert!(names().len() < 4 && load().is_some());
        put(Vec::new());
        assert_eq!(SessionStorage.get(KEY), None);
    }
}
