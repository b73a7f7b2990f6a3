//! The rows of the list, as a grid shows them.

use leptos::prelude::*;

use super::asking::{Asking, Loaded};
use super::found::range_text;
use super::layout::{Column, Density, Layout, MAX_WIDTH, MIN_WIDTH, STEP};
use super::listed::{Heading, Listed, Listing};
use super::picks::picks;
use super::rows::{RowContext, Shown, drawer};
use crate::domain::{Coverage, FieldId, Standing};
use crate::features::key_text;
use crate::features::workspace::Overlay;
use crate::http::ApiError;
use crate::i18n::{capital, t};
use crate::systems::record::state_name;
use crate::systems::{FieldKind, FieldSpec, Manifest, Order, Sort};
use crate::ui::{
    self, Answer, Grid, GridColumn, GridEntry, GridResize, GridScroll, GridSource, Latest, SortDirection,
    Sorted, memo,
};

/// The id of the column of menus.
pub(super) const ACTIONS: &str = "actions";

/// The grid with its rows.
pub(super) fn grid(
    ctx: &RowContext,
    asking: Asking,
    keys: Latest<Loaded, ApiError>,
    listing: Listing,
    scroll: GridScroll,
) -> AnyView {
    let manifest = ctx.workspace.manifest();
    let layout = ctx.layout;
    // Rows of this page may be among those that are on their way.
    let waiting =
        memo(move |_| listing.now.with(|it| it.as_ref().is_none_or(|it| it.count() == 0 && it.is_partial())));
    let workspace = ctx.workspace.clone();
    let open = move |at: usize| {
        if let Some(id) = untrack(|| listing.with(|it| it.id(at))) {
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
    let columns = Signal::derive(move || layout.with(|it| columns(manifest, it)));
    let density = Signal::derive(move || match layout.with(|it| it.density) {
        Density::Compact => ui::Density::Compact,
        Density::Normal => ui::Density::Comfortable,
        Density::Roomy => ui::Density::Roomy,
    });
    let is_virtual = Signal::derive(move || listing.with(|it| it.is_long().then_some(())).is_some());
    let resize = GridResize {
        min: MIN_WIDTH,
        max: MAX_WIDTH,
        step: STEP,
        on_resize: UnsyncCallback::new(move |(id, width): (&'static str, Option<u32>)| {
            layout.change(|it| it.set_width(FieldId(id), width));
        }),
    };
    view! {
        <Grid
            source=source(ctx.clone(), listing)
            columns
            caption
            busy=keys.loading()
            waiting
            is_virtual
            sliced=Signal::derive(move || asking.is_typing() || keys.signal().with(is_large))
            sort
            on_sort
            on_open=open
            select=picks(&ctx.workspace, listing)
            density
            on_toggle=UnsyncCallback::new(move |(group,)| listing.toggle(group))
            resize
            scroll
        />
    }
    .into_any()
}

/// Rows of which so many are looked through here are drawn in parts, so that both fit: an order of 100,000 keys and its
/// first rows.
const LARGE: u64 = 5_000;

fn is_large(answer: &Answer<Loaded, ApiError>) -> bool {
    let coverage = answer.value().map(|it| it.page.coverage);
    matches!(coverage, Some(Coverage::Held { loaded, .. } | Coverage::Partial { loaded, .. }) if loaded >= LARGE)
}

/// The columns that the reader wants to see, with that of the menus.
fn columns(manifest: &'static Manifest, layout: &Layout) -> Vec<GridColumn> {
    let column = |it: &Column| {
        let spec = manifest.field(it.field)?;
        Some(GridColumn {
            sortable: spec.sort != Sort::No,
            room: room(manifest, spec),
            width: it.width,
            ..GridColumn::new(spec.id.0, spec.heading())
        })
    };
    let actions = GridColumn { actions: true, ..GridColumn::new(ACTIONS, t::list_column_actions()) };
    layout.shown().filter_map(column).chain([actions]).collect()
}

/// The width that a column's cells need, in pixels, by what they hold. All columns of one system fit a window of usual
/// width.
fn room(manifest: &Manifest, spec: &FieldSpec) -> u32 {
    match spec.kind {
        _ if manifest.columns.first() == Some(&spec.id) => 160,
        FieldKind::Secret => 196,
        FieldKind::State => 112,
        FieldKind::Usage => 132,
        FieldKind::Moment { .. } | FieldKind::Day { .. } => 118,
        FieldKind::Flag | FieldKind::Number { .. } | FieldKind::Limit { .. } => 88,
        _ => 104,
    }
}

fn source(ctx: RowContext, listing: Listing) -> GridSource<Shown> {
    let of = move |part: fn(&Listed) -> u64| memo(move |_| listing.with(|it| Some(part(it))).unwrap_or(0));
    let count = memo(move |_| listing.with(|it| Some(it.count())).unwrap_or(0));
    let news = ctx.news;
    let entry = move |at: usize| {
        if let Some(heading) = listing.with(|it| heading(it, at)) {
            return Some(heading);
        }
        let (key, id) = listing.with(|it| {
            let key = it.key(at)?;
            let id = it.row_id(at, &key.id);
            Some((key, id))
        })?;
        let state = state_name(Standing::of(&key, key_text::now()).state);
        let (name, mark) = (key_text::title_or_placeholder(&key), news.word(&key.id));
        Some(GridEntry::Row { id, name, state, mark, row: Shown(key) })
    };
    GridSource {
        count: count.into(),
        offset: of(Listed::offset).into(),
        total: of(Listed::total).into(),
        entry: UnsyncCallback::new(move |(at,)| entry(at)),
        place_of: UnsyncCallback::new(move |(id,): (String,)| listing.with(|it| it.place_of_entry(&id))),
        row: UnsyncCallback::new(move |(row,): (Shown,)| drawer(row.0, ctx.clone())),
    }
}

fn heading(listed: &Listed, at: usize) -> Option<GridEntry<Shown>> {
    let Heading { id, label, count, open } = listed.heading(at)?;
    Some(GridEntry::Heading { id: id.to_owned(), label: label.to_owned(), count, open })
}
