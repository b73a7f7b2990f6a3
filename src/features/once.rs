//! The value of a new key where the system tells it once: shown, copied, saved to a file, and then forgotten.
//!
//! No way of closing loses it by accident: not Escape, not the cross, not a gesture, not a reload. It is in no
//! toast, log, storage or address.

use std::sync::Arc;

use leptos::prelude::*;

use super::install::InstallCommands;
use super::key::detail::key_id;
use super::key_json;
use super::key_text;
use super::outcome_text::Action;
use super::outcome_view::OutcomeView;
use super::unsaved::{self, Reason};
use super::workspace::Workspace;
use crate::domain::{Key, KeyId, Secret};
use crate::i18n::{capital, t};
use crate::journal::{Notice, Outcome};
use crate::platform::{clock, download, task};
use crate::systems::{ActionKind, Asked};
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, CodeBlock, ConfirmDialog, CopyButton, Definition, Definitions,
    Dialog, DialogCancel, DialogSize, Disclosure, Icon, Tone,
};

/// A new key with a value that is told this one time. There is one such thing in the program's memory, and it
/// goes when the dialog closes.
pub struct Made {
    value: Secret,
    key: Key,
    asked: Vec<Asked>,
    notices: Vec<Notice>,
    raw: String,
}

impl Made {
    /// Takes the value out of an outcome, which goes on without it; `None` where it holds none.
    #[must_use]
    pub fn take(outcome: &mut Outcome) -> Option<Self> {
        let Outcome::Done { key: Some(key), asked, notices, raw } = outcome else { return None };
        let value = key.value.take()?;
        Some(Self {
            value,
            key: Key::clone(key),
            asked: asked.clone(),
            notices: notices.clone(),
            raw: std::mem::take(raw),
        })
    }

    /// The key, without its value.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Keeping {
    /// The value; nothing once it was wiped.
    value: StoredValue<Option<Secret>>,
    copied: RwSignal<bool>,
    saved: RwSignal<bool>,
    stored: RwSignal<bool>,
    asking: RwSignal<bool>,
    open: RwSignal<bool>,
}

impl Keeping {
    fn is_had(self) -> bool {
        self.copied.get() || self.saved.get()
    }

    /// Closing loses nothing.
    fn is_free(self) -> bool {
        self.is_had() && self.stored.get()
    }

    fn may_close(self) -> bool {
        let free = untrack(|| self.is_free());
        if !free {
            self.asking.set(true);
        }
        free
    }

    fn expose(self) -> String {
        self.value.with_value(|it| it.as_ref().map_or_else(String::new, |it| it.expose().to_owned()))
    }

    /// A browser may close a dialog over anybody's head, by a gesture of the phone for one. It opens again, and asks.
    fn open_again(self) {
        self.open.set(false);
        task::spawn(async move {
            clock::next_frame().await;
            self.open.try_set(true);
            clock::next_frame().await;
            self.asking.try_set(true);
        });
    }
}

/// The dialog. It stands until the value was copied or saved and the reader says that it is stored, or says that it
/// may be lost.
#[component]
pub fn OnceDialog(
    /// The key.
    made: Arc<Made>,
    /// It has closed and the value is forgotten; drop `made` here.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
    /// The reader wants another key like this one. Runs after `on_close`; without it none is offered.
    #[prop(optional, into)]
    on_again: Option<UnsyncCallback<()>>,
    /// Becomes true when the reader has copied or saved the value and said that it is stored.
    #[prop(optional)]
    stored: Option<RwSignal<bool>>,
) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let keeping = Keeping {
        value: StoredValue::new(Some(made.value.clone())),
        copied: RwSignal::new(false),
        saved: RwSignal::new(false),
        stored: RwSignal::new(false),
        asking: RwSignal::new(false),
        open: RwSignal::new(true),
    };
    let Keeping { asking, open, value, .. } = keeping;
    // Until it closes: then the value is forgotten.
    unsaved::hold_while(move || (!keeping.is_free()).then_some(Reason::Value));
    let wipe = UnsyncCallback::from(move || {
        if let Some(stored) = stored {
            stored.set(untrack(|| keeping.is_free()));
        }
        value.set_value(None);
        on_close.run(());
    });
    let closed = move || match untrack(|| keeping.is_free()) {
        true => wipe.run(()),
        false => keeping.open_again(),
    };
    let again = UnsyncCallback::from(move || {
        if keeping.may_close() {
            wipe.run(());
            if let Some(on_again) = on_again {
                on_again.run(());
            }
        }
    });
    let can_repeat = on_again.is_some() && workspace.manifest().can(ActionKind::Duplicate);
    let footer = move || {
        let another = can_repeat
            .then(|| view! { <Button icon=Icon::Duplicate on_click=again>{t::create_another()}</Button> });
        view! {
            {another}
            <DialogCancel label=t::ui_close() />
        }
    };
    let noun = capital((workspace.manifest().noun)());
    let content = move || body(&workspace, &made, keeping);
    view! {
        <Dialog
            open
            on_close=closed
            title=t::create_done_title(&noun)
            guard=move || keeping.may_close()
            size=DialogSize::Medium
            footer
        >
            {content()}
        </Dialog>
        <ConfirmDialog
            open=asking
            on_close=move || asking.set(false)
            title=t::once_ask_title().to_owned()
            confirm=t::once_ask_confirm().to_owned()
            on_confirm=move || {
                asking.set(false);
                wipe.run(());
            }
            danger=true
        >
            <p>{move || if keeping.is_had() { t::once_ask_stored() } else { t::once_ask_text() }}</p>
        </ConfirmDialog>
    }
    .into_any()
}

fn body(workspace: &Workspace, made: &Made, keeping: Keeping) -> AnyView {
    let manifest = workspace.manifest();
    let title = key_text::title_or_placeholder(&made.key);
    let outcome = Arc::new(Outcome::Done {
        key: None,
        asked: made.asked.clone(),
        notices: made.notices.clone(),
        raw: String::new(),
    });
    let install = manifest
        .can(ActionKind::Install)
        .then(|| keeping.value.get_value())
        .flatten()
        .map(|value| view! { <InstallCommands value /> });
    // Built here: the children of a component may not borrow the key.
    let id = key_id(made.key.id.0.clone());
    let (raw, json) = (raw_view(&made.raw), json_button(key_json::key_json(manifest, &made.key)));
    view! {
        <OutcomeView outcome action=Action::Create title />
        {value_part(&made.key.id, keeping)}
        <Definitions>
            <Definition term=t::key_field_id()>{id}</Definition>
        </Definitions>
        {install}
        {raw}
        {json}
    }
    .into_any()
}

/// The value, the two ways to keep it, and the tick.
fn value_part(id: &KeyId, keeping: Keeping) -> AnyView {
    let Keeping { copied, saved, stored, .. } = keeping;
    let refused = RwSignal::new(false);
    let name = file_name(id);
    let save = move || match download::text(&name, "text/plain", &keeping.expose()) {
        Ok(()) => {
            refused.set(false);
            saved.set(true);
        }
        Err(_) => refused.set(true),
    };
    let refused =
        move || refused.get().then(|| view! { <Banner tone=Tone::Danger>{t::once_not_saved()}</Banner> });
    let not_yet = Signal::derive(move || !keeping.is_had());
    let said = move || match keeping.is_had() {
        true => t::once_had(),
        false => t::once_not_yet(),
    };
    view! {
        <Banner tone=Tone::Warning title=t::once_title()>{t::once_text()}</Banner>
        <div class="form-part">
            <code class="secret-text once-value" data-revealed="true" tabindex="0" role="textbox" aria-readonly="true" aria-label=t::key_field_value()>
                {keeping.expose()}
            </code>
            <div class="button-row">
                <CopyButton
                    value=move || keeping.expose()
                    name=t::ui_copy_what(t::key_value_what())
                    text=t::once_copy()
                    on_copied=move || {
                        copied.try_set(true);
                    }
                />
                <Button kind=ButtonKind::Secondary icon=Icon::Download on_click=save>{t::once_save()}</Button>
            </div>
            {refused}
            <Checkbox label=t::once_stored() checked=stored disabled=not_yet id="once-stored" />
            <p class="form-note" role="status">{said}</p>
        </div>
    }
    .into_any()
}

/// The answer of the service as it came, folded away; nothing where there is none.
pub(super) fn raw_view(raw: &str) -> AnyView {
    if raw.is_empty() {
        return ().into_any();
    }
    let code = Signal::stored(raw.to_owned());
    view! {
        <Disclosure summary=t::create_raw()>
            <p class="form-note">{t::create_raw_note()}</p>
            <CodeBlock name=t::create_raw() code />
        </Disclosure>
    }
    .into_any()
}

/// "Copy as JSON".
pub(super) fn json_button(json: String) -> AnyView {
    view! {
        <div class="button-row">
            <CopyButton value=move || json.clone() name=t::key_copy_json() text=t::key_copy_json() />
        </div>
    }
    .into_any()
}

/// A file name that says which key it is, and nothing of its value.
fn file_name(id: &KeyId) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() || it == '-' || it == '_' { it } else { '-' };
    let id: String = id.0.chars().take(64).map(plain).collect();
    ["key-", &id, ".txt"].concat()
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use crate::features::key_text::tests::key;

    #[test]
    fn the_value_leaves_the_outcome() {
        let done = |key: Key| Outcome::Done {
            key: Some(Box::new(key)),
            asked: Vec::new(),
            notices: Vec::new(),
            raw: "{}".to_owned(),
        };
        let mut outcome = done(key());
        let made = Made::take(&mut outcome).expect("a value");
        assert!(made.value.is("12ba12bc-effd-12e3-1234-12345ac12345") && made.key().value.is_none());
        assert!(matches!(&outcome, Outcome::Done { key: Some(key), .. } if key.value.is_none()));
        assert!(Made::take(&mut outcome).is_none());
        assert!(Made::take(&mut Outcome::Gone).is_none());
    }

    #[test]
    fn a_file_is_named_by_the_id() {
        assert_eq!(file_name(&KeyId("a/../b c".to_owned())), "key-a----b-c.txt");
    }
}
