//! One row a key, one cell a column of the manifest.

use leptos::prelude::*;

use super::cells::{CellContext, cell};
use super::layout::ListLayout;
use super::news::{News, row_mark};
use super::reveal::Revealed;
use crate::domain::{Ended, FieldId, Key, Standing};
use crate::features::key_actions::extras;
use crate::features::key_cells::looks_same;
use crate::features::key_text;
use crate::features::workspace::{Overlay, Workspace};
use crate::i18n::t;
use crate::platform::{clipboard, task};
use crate::systems::{ActionKind, Draft, FieldSpec, Manifest, Removal, Use};
use crate::ui::{DrawCell, Icon, Menu, MenuItem, Toasts, Tone};

/// What every row needs.
#[derive(Clone)]
pub(super) struct RowContext {
    pub(super) workspace: Workspace,
    pub(super) toasts: Toasts,
    pub(super) revealed: Revealed,
    pub(super) news: News,
    pub(super) layout: ListLayout,
}

/// A key as its row shows it: two that are equal have equal rows.
#[derive(Clone)]
pub(super) struct Shown(pub(super) Key);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        looks_same(&self.0, &other.0)
    }
}

/// What draws the cells of a key's row, by the names of their columns.
pub(super) fn drawer(key: Key, ctx: RowContext) -> DrawCell {
    let now = key_text::now();
    let manifest = ctx.workspace.manifest();
    let standing = Standing::of(&key, now);
    let title = key_text::title_or_placeholder(&key);
    let first = manifest.columns.first().copied();
    Box::new(move |column: &'static str| {
        let Some(spec) = manifest.fields.iter().find(|it| it.id.0 == column) else {
            return actions(&key, &title, &ctx);
        };
        if Some(spec.id) == first {
            return head(spec, &key, &title, &ctx);
        }
        cell(spec, &CellContext { key: &key, title: &title, standing, revealed: ctx.revealed, now })
    })
}

/// What names the row, and opens the key.
fn head(spec: &FieldSpec, key: &Key, title: &str, ctx: &RowContext) -> AnyView {
    let text = match spec.id {
        FieldId::TITLE => title.to_owned(),
        field => key_text::field_text(ctx.workspace.manifest(), key, field),
    };
    let (workspace, id) = (ctx.workspace.clone(), key.id.clone());
    let open = move |_| workspace.open(Overlay::Key(id.clone()));
    view! {
        <button type="button" class="row-title" tabindex="-1" aria-label=t::list_open(title) on:click=open>
            {text}
        </button>
        {row_mark(ctx.news, &key.id)}
    }
    .into_any()
}

/// What can be done with a key in its list, by the manifest and by the state of the key.
fn offered(manifest: &Manifest, key: &Key, removal: Removal) -> Vec<ActionKind> {
    let is_over = matches!(key.ended, Some(Ended::Revoked | Ended::Archived));
    let switch = if key.disabled { ActionKind::Enable } else { ActionKind::Disable };
    let remove = match removal {
        Removal::Delete => ActionKind::Delete,
        Removal::Revoke => ActionKind::Revoke,
    };
    let mut res = Vec::new();
    let mut offer = |kind, makes_sense: bool| {
        if makes_sense && manifest.can(kind) {
            res.push(kind);
        }
    };
    offer(switch, !is_over);
    offer(ActionKind::Duplicate, true);
    offer(remove, remove == ActionKind::Delete || key.ended != Some(Ended::Revoked));
    res
}

fn actions(key: &Key, title: &str, ctx: &RowContext) -> AnyView {
    let (key, ctx) = (key.clone(), ctx.clone());
    let items = move || menu(&key, &ctx);
    view! { <Menu name=t::list_actions(title) items=UnsyncCallback::new(move |()| items()) /> }.into_any()
}

fn menu(key: &Key, ctx: &RowContext) -> Vec<MenuItem> {
    let manifest = ctx.workspace.manifest();
    let open = |overlay: Overlay| {
        let workspace = ctx.workspace.clone();
        UnsyncCallback::new(move |()| workspace.open(overlay.clone()))
    };
    // A menu is made anew each time it opens.
    let may = |kind: ActionKind| untrack(|| ctx.workspace.may(kind));
    let can_edit = may(ActionKind::Edit) && manifest.form(true).any(|it| it.edit != Use::No);
    let (label, icon) = match can_edit {
        true => (t::list_action_open(), Icon::Pencil),
        false => (t::list_action_details(), Icon::Eye),
    };
    let mut res = vec![MenuItem::new(label, icon, open(Overlay::Key(key.id.clone())))];
    let mut last = Vec::new();
    let offered = offered(manifest, key, ctx.workspace.client().removal(key));
    for kind in offered.into_iter().filter(|it| may(*it)) {
        let seen = || Box::new(key.clone());
        match kind {
            ActionKind::Enable => {
                let run = open(Overlay::SetEnabled(seen(), true));
                res.push(MenuItem::new(t::list_action_enable(), Icon::Power, run));
            }
            ActionKind::Disable => {
                let run = open(Overlay::SetEnabled(seen(), false));
                res.push(MenuItem::new(t::list_action_disable(), Icon::Ban, run));
            }
            ActionKind::Duplicate => {
                let run = open(Overlay::Create(Draft::like(manifest, key)));
                res.push(MenuItem::new(t::list_action_duplicate(), Icon::Duplicate, run));
            }
            ActionKind::Revoke => {
                let run = open(Overlay::Delete(seen()));
                last.push(MenuItem::new(t::list_action_revoke(), Icon::Ban, run).danger());
            }
            _ => {
                let run = open(Overlay::Delete(seen()));
                last.push(MenuItem::new(t::list_action_delete(), Icon::Trash, run).danger());
            }
        }
    }
    let extras = extras(manifest, key).into_iter().filter(|it| may(it.kind));
    res.extend(extras.map(|it| MenuItem::new(it.label, it.icon, open(it.overlay))));
    res.push(MenuItem::new(t::list_action_copy_id(), Icon::Copy, copy_id(key.id.0.clone(), ctx.toasts)));
    res.extend(last);
    res
}

fn copy_id(id: String, toasts: Toasts) -> impl Fn() + 'static {
    move || {
        let id = id.clone();
        // The menu closes, and what belongs to it ends.
        task::spawn_detached(async move {
            match clipboard::copy(&id).await {
                Ok(()) => toasts.push(Tone::Success, t::list_copied_id(), None),
                // An id is no secret: where the browser refuses to copy, it can be read off.
                Err(_) => toasts.push(Tone::Warning, &id, None),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::key_text::tests::key;
    use crate::systems::qualys_gateway::MANIFEST;

    #[test]
    fn what_is_offered_follows_the_manifest_and_the_state() {
        use ActionKind::{Delete, Disable, Duplicate, Enable};
        let mut key = key();
        assert_eq!(offered(&MANIFEST, &key, Removal::Delete), [Disable, Duplicate, Delete]);
        key.disabled = true;
        assert_eq!(offered(&MANIFEST, &key, Removal::Delete), [Enable, Duplicate, Delete]);
        // This system has no way to take a key back, so that is not offered.
        assert_eq!(offered(&MANIFEST, &key, Removal::Revoke), [Enable, Duplicate]);
        key.ended = Some(Ended::Revoked);
        assert_eq!(offered(&MANIFEST, &key, Removal::Delete), [Duplicate, Delete]);
    }
}
