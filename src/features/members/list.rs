//! The table of what a key has enrolled.

use leptos::prelude::*;

use super::member_name;
use crate::domain::Timestamp;
use crate::features::key_text;
use crate::features::workspace::Workspace;
use crate::i18n::t;
use crate::systems::{ActionKind, Member};
use crate::ui::{Button, ButtonKind, Icon, TableFrame};

/// What a row's buttons do.
#[derive(Clone, Copy)]
pub(super) struct RowActions {
    pub(super) rename: UnsyncCallback<Member>,
    pub(super) remove: UnsyncCallback<Member>,
}

/// A column beyond the name: it stands where any row has something in it.
struct Column {
    label: &'static str,
    cell: fn(&Member, Timestamp) -> Option<AnyView>,
}

const COLUMNS: [fn() -> Column; 4] = [
    || Column { label: t::members_column_place(), cell: |it, _| text(&it.place) },
    || Column { label: t::members_column_device(), cell: |it, _| code(&it.device) },
    || Column { label: t::members_column_since(), cell: |it, now| moment(it.since, now) },
    || Column { label: t::members_column_seen(), cell: |it, now| moment(it.seen, now) },
];

fn text(it: &str) -> Option<AnyView> {
    (!it.is_empty()).then(|| it.to_owned().into_any())
}

fn code(it: &str) -> Option<AnyView> {
    (!it.is_empty()).then(|| view! { <code>{it.to_owned()}</code> }.into_any())
}

fn moment(at: Option<Timestamp>, now: Timestamp) -> Option<AnyView> {
    let (absolute, relative) = key_text::moment_text(Some(at?), now);
    Some(view! { {absolute} <span class="cell-sub">{relative}</span> }.into_any())
}

pub(super) fn table(
    workspace: &Workspace,
    caption: String,
    busy: Signal<bool>,
    members: &[Member],
    actions: RowActions,
) -> AnyView {
    let now = key_text::now();
    let columns: Vec<Column> = COLUMNS.iter().map(|it| it()).collect();
    let columns: Vec<Column> = columns
        .into_iter()
        .filter(|it| members.iter().any(|member| (it.cell)(member, now).is_some()))
        .collect();
    let labels: Vec<&'static str> = columns.iter().map(|it| it.label).collect();
    let acts = workspace.may(ActionKind::RenameMember) || workspace.may(ActionKind::RemoveMember);
    let head = move || {
        let cells: Vec<AnyView> = labels
            .iter()
            .map(|it| view! { <th role="columnheader" scope="col">{*it}</th> }.into_any())
            .collect();
        let last = acts.then(|| {
            view! {
                <th role="columnheader" scope="col" class="cell-actions">
                    <span class="visually-hidden">{t::list_column_actions()}</span>
                </th>
            }
        });
        view! { <th role="columnheader" scope="col">{t::members_column_name()}</th> {cells} {last} }
    };
    let row = |member: &Member| {
        let cell = |it: &Column| {
            let shown = (it.cell)(member, now);
            let shown =
                shown.unwrap_or_else(|| view! { <span class="muted">{t::key_unknown()}</span> }.into_any());
            view! { <td role="cell" data-label=it.label>{shown}</td> }.into_any()
        };
        let cells: Vec<AnyView> = columns.iter().map(cell).collect();
        let last = acts.then(|| buttons(workspace, member, actions));
        let name = member_name(member).to_owned();
        view! {
            <tr role="row">
                <th role="rowheader" scope="row" data-label=t::members_column_name()>{name}</th>
                {cells}
                {last}
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = members.iter().map(row).collect();
    view! { <TableFrame caption=Signal::stored(caption) busy head=ViewFn::from(head)>{rows}</TableFrame> }
        .into_any()
}

fn buttons(workspace: &Workspace, member: &Member, actions: RowActions) -> AnyView {
    let name = member_name(member);
    let rename = workspace.may(ActionKind::RenameMember).then(|| {
        let (member, label) = (member.clone(), t::members_rename_what(name));
        let on_click = move || actions.rename.run(member.clone());
        view! { <Button kind=ButtonKind::Quiet icon=Icon::Pencil label on_click>{t::members_rename()}</Button> }
    });
    let remove = workspace.may(ActionKind::RemoveMember).then(|| {
        let (member, label) = (member.clone(), t::members_remove_what(name));
        let on_click = move || actions.remove.run(member.clone());
        view! { <Button kind=ButtonKind::Quiet icon=Icon::Trash label on_click>{t::members_remove()}</Button> }
    });
    view! { <td role="cell" class="cell-actions"><span class="row">{rename} {remove}</span></td> }.into_any()
}
