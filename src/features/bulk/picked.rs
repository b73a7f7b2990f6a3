//! What is picked, wherever it is: to look through, and to drop keys from.

use leptos::prelude::*;

use super::paged::paged;
use crate::domain::{Key, KeyId, Selection, Standing};
use crate::features::key_cells::state;
use crate::features::key_text;
use crate::features::workspace::{Overlay, Workspace};
use crate::i18n::t;
use crate::ui::{Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, memo};

/// The picked keys. Open while the workspace's overlay says so.
#[component]
pub fn PickedDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let is_open = memo(move |_| workspace.overlay.with(|it| matches!(it, Some(Overlay::Picked))));
    move || is_open.get().then(|| dialog(&expect_context::<Workspace>()))
}

/// One of them, as its row shows it.
#[derive(Clone)]
struct Line {
    id: KeyId,
    key: Option<Key>,
}

fn dialog(workspace: &Workspace) -> AnyView {
    let selection = workspace.selection;
    let close = workspace.on_close();
    let title = Signal::derive(move || t::bulk_picked_title(selection.with(|it| it.len() as u64)));
    let count = Signal::derive(move || selection.with(Selection::len));
    let window = move |from: usize, size: usize| {
        selection.with(|it| {
            let line = |(id, key): (&KeyId, Option<&Key>)| Line { id: id.clone(), key: key.cloned() };
            it.iter().skip(from).take(size).map(line).collect::<Vec<Line>>()
        })
    };
    let drop_one = UnsyncCallback::new(move |id: KeyId| selection.update(|it| it.remove(&id)));
    let rows = move |from: usize, size: usize| -> Vec<AnyView> {
        window(from, size).iter().map(|it| row(it, drop_one)).collect()
    };
    let head = || {
        view! {
            <th role="columnheader" scope="col">{t::bulk_column_key()}</th>
            <th role="columnheader" scope="col">{t::key_field_state()}</th>
            <th role="columnheader" scope="col" class="cell-actions">
                <span class="visually-hidden">{t::list_column_actions()}</span>
            </th>
        }
        .into_any()
    };
    let table = StoredValue::new_local(move || {
        paged(t::bulk_picked_caption().to_owned(), count, head, Box::new(rows))
    });
    let footer = move || {
        let clear = move || {
            selection.update(Selection::clear);
            close.run(());
        };
        view! {
            <Button icon=Icon::Close on_click=clear>{t::bulk_clear()}</Button>
            <DialogCancel label=t::ui_close() autofocus=true />
        }
    };
    view! {
        <Dialog open=true on_close=close title size=DialogSize::Large footer>
            {table.with_value(|it| it())}
        </Dialog>
    }
    .into_any()
}

fn row(line: &Line, drop_one: UnsyncCallback<KeyId>) -> AnyView {
    let (name, shown) = match &line.key {
        Some(key) => {
            let standing = Standing::of(key, key_text::now());
            (key_text::title_or_placeholder(key), state(&standing))
        }
        None => {
            (t::bulk_unseen(&line.id.0), view! { <span class="muted">{t::bulk_not_read()}</span> }.into_any())
        }
    };
    let id = line.id.clone();
    let label = t::bulk_drop_what(&name);
    let on_click = move || drop_one.run(id.clone());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" data-label=t::bulk_column_key()>{name}</th>
            <td role="cell" data-label=t::key_field_state()>{shown}</td>
            <td role="cell" class="cell-actions">
                <Button kind=ButtonKind::Quiet label on_click>{t::bulk_drop()}</Button>
            </td>
        </tr>
    }
    .into_any()
}
