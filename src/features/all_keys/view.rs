use std::sync::Arc;

use leptos::prelude::*;

use super::address::{AllState, Column};
use super::found::{found, last_page, pager, range_text};
use super::matrix::MatrixButton;
use super::part::{Access, Part, Rows, Source};
use super::query::{COMMON, seen_values};
use super::rows::{Loaded, Place, Shown, fitting, row, sorted};
use super::state::State;
use crate::domain::KeyId;
use crate::features::error_view::ErrorView;
use crate::features::key_text;
use crate::features::query_box::QueryBox;
use crate::features::result_line::ResultLine;
use crate::http::ApiError;
use crate::i18n::t;
use crate::platform::{intl, location, net};
use crate::ui::{
    Button, ButtonKind, Icon, NumberField, Skeleton, SortDirection, SortHeader, Spinner, StateKind,
    StateScreen, TableFrame, effect, memo,
};

/// The page of all connections: the parts, one query over them, and their keys in one table.
#[component]
pub fn AllKeys(
    /// The connections, in their order. Those where nobody is signed in are listed with a way to sign in.
    sources: Vec<Source>,
    /// A key was asked for: the id of its connection, and its own.
    #[prop(into)]
    on_open: UnsyncCallback<(String, KeyId)>,
    /// A connection shall be signed in to: its id.
    #[prop(into)]
    on_sign_in: UnsyncCallback<(String,)>,
) -> impl IntoView {
    let parts: Parts = Arc::new(sources.into_iter().map(Part::new).collect());
    let shown = State::from_address();
    let refresh = {
        let parts = StoredValue::new(parts.clone());
        UnsyncCallback::from(move || parts.with_value(|it| it.iter().for_each(Part::refresh)))
    };
    let again = parts.clone();
    // What failed for want of a network is asked again when there is one.
    net::on_online(move || {
        let failed = again.iter().filter(|it| it.rows.signal().with_untracked(|it| it.error().is_some()));
        failed.for_each(|it| it.rows.reload());
    })
    .until_cleanup();
    let applied = Signal::derive(move || shown.state.with(|it| it.query.clone()));
    let on_run = move |query: String| {
        shown.go(|it| {
            it.query = query;
            it.page = 0;
        });
    };
    let on_type = move |query: String| shown.typed(query);
    let seen = {
        let parts = parts.clone();
        move |field: &'static str| seen_values(&parts, field)
    };
    let loading = any_loading(&parts);
    let places = places(&parts, shown);
    let found = found(&parts, shown, places);
    view! {
        <section class="key-list stack" aria-labelledby="list-title">
            <header class="page-head">
                <h1 id="list-title">{t::all_title()}</h1>
                <p class="page-sub">{t::all_text()}</p>
                <div class="page-actions">
                    <MatrixButton />
                    <Button icon=Icon::Refresh pending=loading on_click=refresh>{t::list_refresh()}</Button>
                </div>
            </header>
            {part_list(&parts, on_sign_in)}
            <QueryBox language=&COMMON applied on_run on_type seen />
            {within_field(shown)}
            <ResultLine found busy=loading />
            {body(parts, shown, places, on_open)}
        </section>
    }
    .into_any()
}

pub(super) type Parts = Arc<Vec<Part>>;

pub(super) fn any_loading(parts: &Parts) -> Signal<bool> {
    let parts = parts.clone();
    Signal::derive(move || parts.iter().any(|it| it.rows.loading().get()))
}

/// One line a connection: how many keys, how far it has come, why it failed, or that nobody is signed in.
fn part_list(parts: &Parts, on_sign_in: UnsyncCallback<(String,)>) -> AnyView {
    let line = |part: &Part| {
        let (name, system) = (part.connection.name.clone(), (part.connection.system.manifest().name)());
        // A connection may be called as its system is.
        let system = (!name.trim().eq_ignore_ascii_case(system)).then_some(system);
        let part = part.clone();
        view! {
            <li class="all-part">
                <span class="all-part-name">{name}</span>
                " "
                {system.map(|it| view! { <span class="muted">{it}</span> })}
                " "
                {move || part_state(&part, on_sign_in)}
            </li>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = parts.iter().map(line).collect();
    view! { <ul class="plain-list all-parts" aria-label=t::all_parts()>{lines}</ul> }.into_any()
}

fn part_state(part: &Part, on_sign_in: UnsyncCallback<(String,)>) -> AnyView {
    let sign_in = |said: &'static str| {
        let id = part.connection.id.clone();
        let name = t::all_sign_in_to(&part.connection.name);
        let on_click = move || on_sign_in.run((id.clone(),));
        view! {
            <span>{said}</span>
            " "
            <Button kind=ButtonKind::Quiet on_click>
                <span aria-hidden="true">{t::sign_in_submit()}</span>
                <span class="visually-hidden">{name}</span>
            </Button>
        }
        .into_any()
    };
    match part.access.get() {
        Access::SignedOut => return sign_in(t::all_signed_out()),
        Access::Expired if part.rows.loading().get() => return sign_in(t::session_over()),
        _ => {}
    }
    let answer = part.rows.get();
    if answer.is_loading() {
        let text = match part.so_far.get() {
            Some(count) => t::list_loaded_so_far(count),
            None => t::list_loading().to_owned(),
        };
        return view! { <span class="all-part-loading"><Spinner /> {text}</span> }.into_any();
    }
    let count = answer.value().map(|rows| {
        let count = u64::try_from(rows.keys.len()).unwrap_or(u64::MAX);
        let text = match (rows.complete, rows.partial) {
            (true, _) => t::all_count(count),
            (false, Some(_)) => t::list_loaded_so_far(count),
            (false, None) => t::list_held_short(&intl::number(count)),
        };
        let at = t::list_loaded_at(&intl::date_time(rows.at));
        view! { <span title=at>{text}</span> }
    });
    let failed = answer.error().map(|error| {
        let rows = part.rows;
        let again = Callback::new(move |()| rows.reload());
        view! { <ErrorView error=ApiError::clone(error) on_retry=again /> }
    });
    view! { {count} {failed} }.into_any()
}

/// The filter by days left. It does not step through the browser's history: it changes with each letter.
fn within_field(shown: State) -> AnyView {
    let text = RwSignal::new(within_text(&shown.state.get_untracked()));
    effect(move |_| {
        let now = shown.state.with(within_text);
        // Blank and wrong text stand for no filter, and stay as they are while there is none.
        if read_days(&text.get_untracked()) != read_days(&now) {
            text.set(now);
        }
    });
    effect(move |before: Option<()>| {
        let days = text.with(|it| read_days(it));
        if before.is_some() {
            shown.change(
                |it| {
                    if it.within != days {
                        it.within = days;
                        it.page = 0;
                    }
                },
                location::replace,
            );
        }
    });
    let error = Signal::derive(move || {
        let wrong = text.with(|it| !it.trim().is_empty() && read_days(it).is_none());
        wrong.then(|| t::form_not_a_number().to_owned())
    });
    view! { <NumberField label=t::all_within() hint=t::all_within_hint() value=text error id="all-within" /> }
        .into_any()
}

fn within_text(state: &AllState) -> String {
    state.within.map(|it| it.to_string()).unwrap_or_default()
}

fn read_days(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

/// What stands below the filters.
#[derive(Clone, Copy, PartialEq)]
enum Screen {
    SignedOut,
    Loading,
    Failed,
    Empty,
    NoMatch,
    Rows,
}

fn screen(parts: &[Part], found: usize) -> Screen {
    let any = |is: &dyn Fn(&Part) -> bool| parts.iter().any(is);
    if parts.iter().all(|it| it.access.get() == Access::SignedOut) {
        return Screen::SignedOut;
    }
    let has_rows = |it: &Part| it.rows.signal().with(|it| it.value().is_some_and(|it| !it.keys.is_empty()));
    match found {
        1.. => Screen::Rows,
        _ if any(&|it| it.rows.loading().get()) => Screen::Loading,
        _ if any(&has_rows) => Screen::NoMatch,
        _ if any(&|it| it.rows.signal().with(|it| it.error().is_some())) => Screen::Failed,
        _ => Screen::Empty,
    }
}

fn body(
    parts: Parts,
    shown: State,
    places: Memo<Vec<Place>>,
    on_open: UnsyncCallback<(String, KeyId)>,
) -> AnyView {
    let count = memo(move |_| places.with(Vec::len));
    let page = memo(move |_| {
        let last = last_page(count.get(), shown.state.with(|it| it.size));
        // The list may have become shorter than its address says.
        shown.state.with(|it| it.page).min(last.saturating_sub(1))
    });
    let screen_now = {
        let parts = parts.clone();
        memo(move |_| screen(&parts, count.get()))
    };
    let view = move || {
        match screen_now.get() {
        Screen::SignedOut => {
            view! { <StateScreen kind=StateKind::Empty title=t::all_signed_out_title() text=t::all_signed_out_text() /> }
                .into_any()
        }
        Screen::Failed => {
            view! { <StateScreen kind=StateKind::Failed title=t::list_failed_title() text=t::all_failed_text() /> }
                .into_any()
        }
        Screen::Empty => view! { <StateScreen kind=StateKind::Empty title=t::all_empty_title() /> }.into_any(),
        Screen::NoMatch => no_match(shown),
        Screen::Loading | Screen::Rows => {
            let table = table(&parts, shown, places, page, on_open);
            view! { {table} {pager(shown, count, page)} }.into_any()
        }
    }
    };
    view.into_any()
}

/// The places of the keys that are shown, in order. A letter of a query costs no new order, and a page nothing.
fn places(parts: &Parts, shown: State) -> Memo<Vec<Place>> {
    let order = memo(move |_| shown.state.with(|it| (it.column, it.descending)));
    let asked = memo(move |_| shown.state.with(|it| (it.query.clone(), it.within)));
    let all = {
        let parts = parts.clone();
        memo(move |_| {
            let (column, descending) = order.get();
            with_loaded(&parts, &|parts| sorted(parts, column, descending, key_text::now()))
        })
    };
    let parts = parts.clone();
    memo(move |_| {
        let (query, within) = asked.get();
        with_loaded(&parts, &|parts| all.with(|all| fitting(parts, all, &query, within, key_text::now())))
    })
}

/// Calls `f` with what is loaded of each part; tracks.
fn with_loaded(parts: &Parts, f: &dyn Fn(&[Loaded<'_>]) -> Vec<Place>) -> Vec<Place> {
    let loaded = |part: &Part| part.rows.signal().with(|it| it.value().cloned());
    let rows: Vec<Option<Arc<Rows>>> = parts.iter().map(loaded).collect();
    let parts = parts.iter().zip(rows);
    f(&parts.map(|(part, rows)| Loaded { connection: &part.connection, rows }).collect::<Vec<_>>())
}

fn no_match(shown: State) -> AnyView {
    let clear = move || {
        shown.go(|it| {
            it.query.clear();
            it.within = None;
            it.page = 0;
        });
    };
    view! {
        <StateScreen kind=StateKind::NoMatch title=t::list_no_match_title() text=t::all_no_match_text()>
            <Button on_click=clear>{t::all_clear()}</Button>
        </StateScreen>
    }
    .into_any()
}

fn table(
    parts: &Parts,
    shown: State,
    places: Memo<Vec<Place>>,
    page: Memo<u64>,
    on_open: UnsyncCallback<(String, KeyId)>,
) -> AnyView {
    let small = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
    let first = move || small(page.get().saturating_mul(shown.state.with(|it| it.size)));
    let on_page = memo(move |_| {
        let size = small(shown.state.with(|it| it.size));
        places.with(|it| it.len().saturating_sub(first()).min(size))
    });
    let rows = {
        let parts = parts.clone();
        move || {
            if places.with(Vec::is_empty) {
                return view! { <Skeleton rows=8 columns=Column::ALL.len() /> }.into_any();
            }
            let parts = parts.clone();
            // Rows belong to their place in the table, as in the list of one connection.
            let slot = move |idx: usize| {
                let parts = parts.clone();
                let shown = memo(move |_| {
                    let (part, row) = places.with(|it| it.get(first() + idx).copied())?;
                    let part = parts.get(part)?;
                    let key = part.rows.signal().with(|it| it.value()?.keys.get(row).cloned())?;
                    Some(Shown { connection: part.connection.clone(), key })
                });
                move || shown.get().map(|it| row(&it, on_open))
            };
            view! { <For each=move || 0..on_page.get() key=|idx| *idx children=slot /> }.into_any()
        }
    };
    let count = memo(move |_| places.with(Vec::len));
    let caption = Signal::derive(move || t::list_caption(t::all_title(), &range_text(shown, count, page)));
    let busy = any_loading(parts);
    view! { <TableFrame caption busy head=ViewFn::from(move || heads(shown))>{rows}</TableFrame> }.into_any()
}

fn heads(shown: State) -> AnyView {
    let head = |(column, _): &(Column, &str)| {
        let column = *column;
        let direction = Signal::derive(move || {
            shown.state.with(|it| {
                (it.column == column).then_some(match it.descending {
                    true => SortDirection::Descending,
                    false => SortDirection::Ascending,
                })
            })
        });
        view! { <SortHeader label=label(column) direction on_sort=move || shown.sort(column) /> }.into_any()
    };
    Column::ALL.iter().map(head).collect::<Vec<_>>().into_any()
}

fn label(column: Column) -> &'static str {
    match column {
        Column::Title => t::list_column_title(),
        Column::System => t::all_field_system(),
        Column::Connection => t::all_field_connection(),
        Column::State => t::list_column_state(),
        Column::Expires => t::list_column_expires(),
        Column::Used => t::list_column_used(),
        Column::Owner => t::all_field_owner(),
    }
}
