//! The rows of the list, as a grid shows them.

use leptos::prelude::*;

use super::asking::{Asking, Loaded};
use super::found::range_text;
use super::picks::picks;
use super::rows::{self, RowContext, Shown, drawer};
use crate::domain::{KeyId, Standing};
use crate::features::key_text;
use crate::features::workspace::Overlay;
use crate::http::ApiError;
use crate::i18n::{capital, t};
use crate::systems::record::state_name;
use crate::systems::{FieldKind, FieldSpec, Manifest, Order, Sort};
use crate::ui::{Grid, GridColumn, GridEntry, GridScroll, GridSource, Latest, SortDirection, Sorted};

/// The id of the column of menus.
pub(super) const ACTIONS: &str = "actions";

/// The grid with its rows.
pub(super) fn grid(
    ctx: &RowContext,
    asking: Asking,
    keys: Latest<Loaded, ApiError>,
    scroll: GridScroll,
) -> AnyView {
    let manifest = ctx.workspace.manifest();
    let value = move || keys.signal().with(|it| it.value().cloned());
    // Rows of this page may be among those that are on their way.
    let waiting = Memo::new(move |_| value().is_none_or(|it| it.count() == 0 && it.is_partial()));
    let workspace = ctx.workspace.clone();
    let open = move |at: usize| {
        if let Some(id) = keys.signal().with_untracked(|it| it.value().and_then(|it| it.id(at))) {
            workspace.open(Overlay::Key(id));
        }
    };
    let on_sort = move |id: &'static str| {
        if let Some(order) = Order::parse(id) {
            asking.sort(order);
        }
    };
    let sort = Signal::derive(move || {
        asking.state.with(|it| {
            let direction = match it.descending {
                true => SortDirection::Descending,
                false => SortDirection::Ascending,
            };
            Sorted::Some((it.order.name(), direction))
        })
    });
    let caption = Signal::derive(move || t::list_caption(&capital((manifest.plural)()), &range_text(keys)));
    let columns: Vec<GridColumn> = columns(manifest);
    let is_virtual =
        Signal::derive(move || keys.signal().with(|it| it.value().is_some_and(|it| it.rows.is_some())));
    view! {
        <Grid
            source=source(ctx.clone(), keys)
            columns=Signal::stored(columns)
            caption
            busy=keys.loading()
            waiting
            is_virtual
            sliced=Signal::derive(move || asking.is_typing())
            sort
            on_sort
            on_open=open
            select=picks(&ctx.workspace, keys)
            scroll
        />
    }
    .into_any()
}

/// The columns of a system's list, with that of the menus.
fn columns(manifest: &'static Manifest) -> Vec<GridColumn> {
    let column = |it: &FieldSpec| GridColumn {
        sortable: it.sort != Sort::No,
        room: room(it),
        ..GridColumn::new(it.id.0, it.heading())
    };
    let actions = GridColumn { actions: true, ..GridColumn::new(ACTIONS, t::list_column_actions()) };
    rows::columns(manifest).map(column).chain([actions]).collect()
}

/// The width that a column's cells need, in pixels, by what they hold.
fn room(spec: &FieldSpec) -> u32 {
    match spec.kind {
        _ if spec.identifies => 200,
        FieldKind::Secret => 184,
        FieldKind::Codes(_) | FieldKind::Refs => 168,
        FieldKind::Flag | FieldKind::Number { .. } | FieldKind::Limit { .. } => 96,
        _ => 136,
    }
}

fn source(ctx: RowContext, keys: Latest<Loaded, ApiError>) -> GridSource<Shown> {
    let answer = keys.signal();
    let count = Memo::new(move |_| answer.with(|it| it.value().map_or(0, |it| it.count())));
    let offset = Memo::new(move |_| answer.with(|it| it.value().map_or(0, |it| it.offset())));
    let total = Memo::new(move |_| answer.with(|it| it.value().map_or(0, |it| it.page.total)));
    let entry = move |at: usize| {
        let key = answer.with(|it| it.value().and_then(|it| it.key(at)))?;
        let state = state_name(Standing::of(&key, key_text::now()).state);
        let (id, name) = (key.id.0.clone(), key_text::title_or_placeholder(&key));
        Some(GridEntry::Row { id, name, state, mark: None, row: Shown(key) })
    };
    let place_of = move |id: String| answer.with(|it| it.value().and_then(|it| it.place_of(&KeyId(id))));
    GridSource {
        count: count.into(),
        offset: offset.into(),
        total: total.into(),
        entry: UnsyncCallback::new(move |(at,)| entry(at)),
        place_of: UnsyncCallback::new(move |(id,)| place_of(id)),
        row: UnsyncCallback::new(move |(row,): (Shown,)| drawer(row.0, ctx.clone())),
    }
}
