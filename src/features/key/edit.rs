//! The edit form and what it will send.

use std::sync::Arc;

use leptos::prelude::*;

use super::changes::change_lines;
use crate::domain::{FieldId, Key};
use crate::features::curl::CurlDetails;
use crate::features::key_form::{KeyFields, KeyForm, Pushes, title_check};
use crate::features::workspace::Workspace;
use crate::i18n::t;
use crate::systems::{Call, Change, plan_change};
use crate::ui::{CodeBlock, Disclosure};

/// What the edit form works on.
#[derive(Clone)]
pub(super) struct Editing {
    pub(super) workspace: Workspace,
    pub(super) form: KeyForm,
    /// The reading that the edits are based on.
    pub(super) base: RwSignal<Option<Arc<Key>>>,
}

impl Editing {
    /// The key as read, and the difference to what it shall be; `None` while the form has errors. Tracks.
    pub(super) fn plan(&self) -> Option<(Arc<Key>, Change)> {
        let key = self.base.get()?;
        let wanted = self.form.wanted()?;
        let change = plan_change(self.form.manifest(), &key, &wanted);
        Some((key, change))
    }
}

/// The form, and what it will send.
pub(super) fn body(editing: &Editing) -> AnyView {
    let Editing { workspace, form, base } = editing.clone();
    let title = Signal::derive(move || form.text(FieldId::TITLE));
    let own = Signal::derive(move || base.get().map(|it| (it.id.clone(), it.title().to_owned())));
    let check = title_check(&workspace, title, own);
    view! {
        <KeyFields form title_check=check />
        <div class="form-section">
            <Pushes form />
            {preview(editing)}
        </div>
    }
    .into_any()
}

/// What will be sent, live: in words, as the exact body, and as a command.
fn preview(editing: &Editing) -> AnyView {
    // Workspace and signals are shared by three closures; the call is made once.
    let editing = editing.clone();
    let workspace = editing.workspace.clone();
    let planned = Signal::derive(move || {
        let (key, change) = editing.plan()?;
        let lines = change_lines(editing.form.manifest(), &key, &change);
        Some((Call::Update(key.id.clone(), change), lines))
    });
    let call = Signal::derive(move || planned.get().filter(|(_, lines)| !lines.is_empty()).map(|(it, _)| it));
    let words = move || match planned.get() {
        None => view! { <p class="form-note">{t::edit_preview_errors()}</p> }.into_any(),
        Some((_, lines)) if lines.is_empty() => {
            view! { <p class="form-note">{t::edit_nothing()}</p> }.into_any()
        }
        Some((_, lines)) => {
            let lines: Vec<_> = lines.into_iter().map(|it| view! { <li>{it}</li> }).collect();
            view! { <ul class="change-list">{lines}</ul> }.into_any()
        }
    };
    let body =
        Signal::derive(move || call.get().and_then(|it| workspace.client().body(&it)).unwrap_or_default());
    view! {
        <section class="form-part" aria-labelledby="edit-preview">
            <h3 class="form-title" id="edit-preview">{t::edit_preview()}</h3>
            {words}
            <Disclosure summary=t::edit_body()>
                <CodeBlock name=t::edit_body() code=body />
            </Disclosure>
            <CurlDetails call />
        </section>
    }
    .into_any()
}
