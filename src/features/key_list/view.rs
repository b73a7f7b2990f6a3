use leptos::prelude::*;

use super::asking::{Asking, Loaded};
use super::found::{found, pager};
use super::grid::grid;
use super::layout::{ListLayout, view_button};
use super::listed::{Listing, group_tools};
use super::news::{News, news_line};
use super::place::Place;
use super::reveal::Revealed;
use super::rows::RowContext;
use super::totals::totals_line;
use crate::domain::{Coverage, FieldId, Timestamp};
use crate::features::age::age;
use crate::features::bulk::SelectionBar;
use crate::features::curl::CopyCurl;
use crate::features::error_view::ErrorView;
use crate::features::export::Export;
use crate::features::key_actions::{Extra, tools};
use crate::features::progress::progress;
use crate::features::query_box::QueryBox;
use crate::features::result_line::ResultLine;
use crate::features::workspace::{Overlay, Workspace};
use crate::http::ApiError;
use crate::i18n::{capital, small, t};
use crate::platform::{intl, listen, net};
use crate::systems::{ActionKind, Call, Client, Draft, SearchRequest, SeenValues};
use crate::ui::{
    Answer, Banner, Button, ButtonKind, GridScroll, Icon, Latest, StateKind, StateScreen, Toasts, Tone,
    effect, memo,
};

/// The page of keys, with the query box above it.
#[component]
pub fn KeyList() -> impl IntoView {
    let (Some(workspace), Some(toasts)) = (use_context::<Workspace>(), use_context::<Toasts>()) else {
        return ().into_any();
    };
    let manifest = workspace.manifest();
    let layout = ListLayout::new(&workspace);
    let asking = Asking::from_address(manifest, layout);
    let keys = asking.ask(workspace.client().clone());
    let revealed = Revealed::new();

    // What was changed here shows at once; the rows stay while the new ones load.
    let changes = workspace.changes;
    effect(move |before: Option<u64>| {
        let now = changes.get();
        if before.is_some_and(|it| it != now) {
            keys.reload();
        }
        now
    });
    // A value is on the screen only while somebody looks at this page.
    effect(move |_| {
        asking.state.track();
        revealed.hide();
    });
    listen::window("blur", move |_| revealed.hide()).until_cleanup();
    // What failed for want of a network is asked again when there is one.
    net::on_online(move || {
        if keys.signal().with_untracked(|it| it.error().is_some()) {
            keys.reload();
        }
    })
    .until_cleanup();
    // The list may have shrunk since its address was made.
    effect(move |_| {
        let last = keys.signal().with(|it| match it {
            Answer::Ready(loaded) if loaded.count() == 0 && loaded.page.total > 0 => {
                Some(loaded.page.pages() - 1)
            }
            _ => None,
        });
        if let Some(last) = last
            && last < asking.state.get_untracked().page
        {
            asking.correct_page(last);
        }
    });

    let news = News::follow(workspace.client(), keys);
    let ctx = RowContext { workspace: workspace.clone(), toasts, revealed, news, layout };
    let listing = Listing::new(manifest, layout, keys);
    let refresh = {
        let client = StoredValue::new_local(workspace.client().clone());
        UnsyncCallback::from(move || {
            client.with_value(Client::forget);
            news.asked();
            keys.reload();
        })
    };
    let applied = Signal::derive(move || asking.state.with(|it| it.query.clone()));
    let on_run = move |query: String| {
        let same = asking.state.with_untracked(|it| it.query == query);
        let was_typing = asking.settle(&query);
        asking.go(|it| {
            it.query = query;
            it.page = 0;
        });
        // The same query again is a wish for fresh rows, unless it was being typed until now.
        if same && !was_typing {
            refresh.run(());
        }
    };
    let on_type = move |query: String| asking.typed(query);
    let seen = {
        let client = StoredValue::new_local(workspace.client().clone());
        move |field: &'static str| seen_values(&client.get_value(), keys, field)
    };
    view! {
        <section class="key-list stack" aria-labelledby="list-title">
            {head(&workspace, asking, keys, refresh, layout)}
            <QueryBox language=manifest applied on_run on_type seen />
            <ResultLine found=found(asking, keys, changes) busy=keys.loading() />
            {news_line(news)}
            {selection_bar(&workspace, asking, keys, layout)}
            {body(ctx, asking, keys, listing)}
        </section>
    }
    .into_any()
}

/// Values of a field among the keys that are loaded, or else of the page that is shown.
fn seen_values(client: &Client, keys: Latest<Loaded, ApiError>, field: &'static str) -> SeenValues {
    keys.signal().with_untracked(|it| {
        let page = it.value().map(|it| it.page.items.as_slice());
        client.seen_values(field, page.unwrap_or_default())
    })
}

fn head(
    workspace: &Workspace,
    asking: Asking,
    keys: Latest<Loaded, ApiError>,
    refresh: UnsyncCallback<()>,
    layout: ListLayout,
) -> AnyView {
    let so_far = progress(workspace.client().clone(), keys.loading());
    let loading = move || so_far.get().map(t::list_loaded_so_far);
    let at = Signal::derive(move || loaded_at(keys).filter(|_| so_far.with(Option::is_none)));
    let call = UnsyncCallback::new(move |()| Call::Search(untrack(|| asking.request())));
    view! {
        <header class="page-head">
            <h1 id="list-title">{capital((workspace.manifest().plural)())}</h1>
            <p class="page-sub">{loading} {age(at)}</p>
            <div class="page-actions">
                <CopyCurl call />
                <Button icon=Icon::Refresh pending=keys.loading() on_click=refresh>
                    {t::list_refresh()}
                </Button>
                {view_button(layout, workspace.manifest())}
                {tool_buttons(workspace)}
                {import_button(workspace)}
                {export_button(workspace, asking, layout)}
                {changes_button(workspace)}
                {create_button(workspace)}
            </div>
        </header>
    }
    .into_any()
}

/// When the rows were loaded: rows that were kept are older than the answer that was cut from them.
fn loaded_at(keys: Latest<Loaded, ApiError>) -> Option<Timestamp> {
    keys.signal().with(|it| {
        let loaded = it.value()?;
        match loaded.page.coverage {
            Coverage::Held { at, .. } => Some(at),
            _ => Some(loaded.at),
        }
    })
}

/// What can be done beside the keys: a check, the account's settings.
fn tool_buttons(workspace: &Workspace) -> Vec<AnyView> {
    let button = |it: Extra| {
        let (workspace, overlay) = (workspace.clone(), it.overlay);
        let on_click = move || workspace.open(overlay.clone());
        view! { <Button icon=it.icon on_click>{it.label}</Button> }.into_any()
    };
    tools(workspace.manifest()).into_iter().map(button).collect()
}

/// "Import", where the reader may make keys or change them.
fn import_button(workspace: &Workspace) -> AnyView {
    let workspace = workspace.clone();
    let button = move || {
        (workspace.may(ActionKind::Create) || workspace.may(ActionKind::Edit)).then(|| {
            let workspace = workspace.clone();
            let open = move || workspace.open(Overlay::Import);
            view! { <Button icon=Icon::Upload on_click=open>{t::import_keys_open()}</Button> }
        })
    };
    button.into_any()
}

/// The keys as a file.
fn export_button(workspace: &Workspace, asking: Asking, layout: ListLayout) -> AnyView {
    let workspace = workspace.clone();
    let on_click = move || {
        let columns = shown_fields(layout);
        let list = Export::list(untrack(|| asking.request()));
        workspace.open(Overlay::Export(Export { columns, ..list }));
    };
    view! { <Button icon=Icon::Download on_click>{t::export_open()}</Button> }.into_any()
}

/// What was changed here.
fn changes_button(workspace: &Workspace) -> AnyView {
    let workspace = workspace.clone();
    let on_click = move || workspace.open(Overlay::Changes(None));
    view! { <Button icon=Icon::Clock on_click>{t::bulk_changes()}</Button> }.into_any()
}

/// What is picked, wherever it is, and what can be done with it.
fn selection_bar(
    workspace: &Workspace,
    asking: Asking,
    keys: Latest<Loaded, ApiError>,
    layout: ListLayout,
) -> AnyView {
    let selection = workspace.selection;
    let request = Signal::derive(move || asking.request());
    let total = Signal::derive(move || keys.signal().with(|it| it.value().map(|it| it.page.total)));
    let out_of_view = Signal::derive(move || {
        selection.with(|picked| {
            if picked.is_empty() {
                return 0;
            }
            let Some(loaded) = keys.signal().with(|it| it.value().cloned()) else { return picked.len() };
            picked.iter().filter(|(id, _)| loaded.place_of(id).is_none()).count()
        })
    });
    let workspace = workspace.clone();
    let export = move || {
        let workspace = workspace.clone();
        let on_click = move || {
            let columns = shown_fields(layout);
            workspace.open(Overlay::Export(Export { columns, ..Export::selection() }));
        };
        view! { <Button icon=Icon::Download on_click>{t::export_open_picked()}</Button> }
    };
    view! { <SelectionBar request total out_of_view extra=ViewFn::from(export) /> }.into_any()
}

/// The columns that are shown, in their order.
fn shown_fields(layout: ListLayout) -> Vec<FieldId> {
    untrack(|| layout.with(|it| it.shown().map(|it| it.field).collect()))
}

/// "New key", where the system can make one and the reader may.
fn create_button(workspace: &Workspace) -> AnyView {
    let workspace = workspace.clone();
    let button = move || {
        workspace.may(ActionKind::Create).then(|| {
            let workspace = workspace.clone();
            let create = move || workspace.open(Overlay::Create(Draft::default()));
            view! { <Button kind=ButtonKind::Primary icon=Icon::Plus on_click=create>{t::list_new()}</Button> }
        })
    };
    button.into_any()
}

/// Which of the screens stands below the query box. A memo, so that rows that follow rows are drawn into
/// the same table.
#[derive(Clone, Copy, PartialEq)]
enum Screen {
    Loading,
    Failed,
    Empty,
    NoMatch,
    Rows,
}

fn screen(answer: &Answer<Loaded, ApiError>, asked: &SearchRequest) -> Screen {
    match (answer.value(), answer.error()) {
        (None, Some(_)) => Screen::Failed,
        // Rows that answer another question would look like the answer to this one.
        (Some(loaded), Some(_)) if loaded.request != *asked => Screen::Failed,
        (None, None) => Screen::Loading,
        (Some(loaded), _) if loaded.page.total > 0 => Screen::Rows,
        // None so far is not none.
        (Some(loaded), None) if loaded.is_partial() => Screen::Loading,
        (Some(loaded), None) if loaded.asks_all() => Screen::Empty,
        (Some(_), None) => Screen::NoMatch,
        (Some(_), Some(_)) => Screen::Failed,
    }
}

fn body(ctx: RowContext, asking: Asking, keys: Latest<Loaded, ApiError>, listing: Listing) -> AnyView {
    let (scroll, on_whole) = in_one_list(asking, keys);
    let shown = memo(move |_| {
        let asked = asking.request();
        keys.signal().with(|it| screen(it, &asked))
    });
    let error = move || keys.signal().with(|it| it.error().cloned());
    let failed = move || {
        error().map(|it| {
            let again = Callback::new(move |()| keys.reload());
            view! { <ErrorView error=ApiError::clone(&it) on_retry=again /> }
        })
    };
    let screen_view = move || match shown.get() {
        Screen::Failed => view! {
            <StateScreen kind=StateKind::Failed title=t::list_failed_title()>{failed}</StateScreen>
        }
        .into_any(),
        Screen::Empty => {
            let manifest = ctx.workspace.manifest();
            let (title, text) = match manifest.can(ActionKind::Install) {
                true => (t::list_empty_title().to_owned(), t::list_empty_text()),
                false => (t::list_empty_title_plain(&small((manifest.plural)())), t::list_empty_text_plain()),
            };
            let create = create_button(&ctx.workspace);
            view! {
                <StateScreen kind=StateKind::Empty title text>
                    {create}
                </StateScreen>
            }
            .into_any()
        }
        Screen::NoMatch => {
            let clear = move || {
                asking.go(|it| {
                    it.query.clear();
                    it.page = 0;
                })
            };
            view! {
                {untold(&ctx.workspace, keys)}
                <StateScreen kind=StateKind::NoMatch title=t::list_no_match_title() text=t::list_no_match_text()>
                    <Button on_click=clear>{t::query_clear()}</Button>
                </StateScreen>
            }
            .into_any()
        }
        Screen::Loading | Screen::Rows => {
            let stale = move || {
                error().map(|it| {
                    let again = Callback::new(move |()| keys.reload());
                    let is_partial = keys.signal().with(|it| it.value().is_some_and(|it| it.is_partial()));
                    let title = if is_partial { t::list_broken_off() } else { t::list_stale() };
                    view! {
                        <Banner tone=Tone::Warning title>
                            <ErrorView error=ApiError::clone(&it) on_retry=again />
                        </Banner>
                    }
                })
            };
            view! {
                {stale}
                {move || coverage(keys)}
                {untold(&ctx.workspace, keys)}
                {group_tools(listing)}
                {grid(&ctx, asking, keys, listing, scroll)}
                {totals_line(&ctx.workspace, asking, keys)}
                {pager(asking, keys, on_whole)}
            }
            .into_any()
        }
    };
    (move || screen_view()).into_any()
}

/// Where one list of all rows is scrolled to, and what its switch does: what was on the screen stays there.
fn in_one_list(asking: Asking, keys: Latest<Loaded, ApiError>) -> (GridScroll, UnsyncCallback<(bool,)>) {
    let place = Place::new(asking, keys);
    let Place { to, first, .. } = place;
    let scroll = GridScroll { to, on_first: UnsyncCallback::new(move |(at,)| place.on_first(at)) };
    let on_whole = UnsyncCallback::new(move |(on,): (bool,)| {
        let now = keys.signal().with_untracked(|it| it.value().map_or(0, |it| it.offset()));
        if on {
            to.set(usize::try_from(now).ok());
        } else {
            let size = asking.state.with_untracked(|it| it.size).max(1);
            asking.correct_page(u64::try_from(first.get_value()).unwrap_or(u64::MAX) / size);
        }
        asking.set_continuous(on);
    });
    (scroll, on_whole)
}

/// What is to be said about the rows: a list that is not complete never looks complete.
fn coverage(keys: Latest<Loaded, ApiError>) -> AnyView {
    let Some(loaded) = keys.signal().with(|it| it.value().cloned()) else { return ().into_any() };
    let page = &loaded.page;
    let total = intl::number(page.total);
    let (tone, text) = match page.coverage {
        Coverage::Gathered { .. } if page.is_short() => {
            (Tone::Warning, t::list_gathered_short(&intl::number(page.reachable()), &total))
        }
        Coverage::Gathered { .. } => (Tone::Info, t::list_gathered_whole(&total)),
        Coverage::Exact if page.size < loaded.request.size && page.size < page.total => {
            (Tone::Info, t::list_smaller_pages(&intl::number(page.size)))
        }
        // Not all rows are there, so neither the count nor the order is that of all keys.
        Coverage::Held { complete: false, loaded, .. } => {
            (Tone::Warning, t::list_held_short(&intl::number(loaded)))
        }
        Coverage::Held { .. } | Coverage::Partial { .. } | Coverage::Exact => return ().into_any(),
    };
    view! { <Banner tone>{text}</Banner> }.into_any()
}

/// What the query asks for and the list does not tell: without a word about it, "none found" would be a guess.
fn untold(workspace: &Workspace, keys: Latest<Loaded, ApiError>) -> AnyView {
    let client = StoredValue::new_local(workspace.client().clone());
    let fields = memo(move |_| {
        let asked = keys.signal().with(|it| {
            let loaded = it.value()?;
            let here = matches!(loaded.page.coverage, Coverage::Held { .. } | Coverage::Partial { .. });
            here.then(|| loaded.request.query.clone())
        });
        let specs = asked.map(|it| client.with_value(|client| client.untold(&it))).unwrap_or_default();
        specs.iter().map(|it| (it.label)()).collect::<Vec<_>>().join("”, “")
    });
    let banner = move || {
        let fields = fields.get();
        (!fields.is_empty()).then(|| view! { <Banner tone=Tone::Warning>{t::list_untold(&fields)}</Banner> })
    };
    banner.into_any()
}
