//! The bar above the rows while keys are picked: how many, which of them are out of sight, and what can be done.

use leptos::prelude::*;

use super::gather::matching;
use super::state::{Bulk, BulkAction};
use crate::domain::{KeyId, Selection};
use crate::features::error_text;
use crate::features::progress::progress;
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write;
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::{ActionKind, Client, Manifest, Removal, SearchRequest, Use};
use crate::ui::{Announcer, Answer, Banner, Button, ButtonKind, Icon, Latest, Tone, effect, latest, memo};

/// The id of the bar; the focus goes there when its buttons go.
const BAR_ID: &str = "selection-bar";

/// What is picked, and what can be done with it. Says each new count once.
#[component]
pub fn SelectionBar(
    /// What the list asks for.
    #[prop(into)]
    request: Signal<SearchRequest>,
    /// How many keys that finds, where it is known.
    #[prop(into)]
    total: Signal<Option<u64>>,
    /// How many of the picked keys the list does not show.
    #[prop(into)]
    out_of_view: Signal<usize>,
    /// Further buttons.
    #[prop(optional, into)]
    extra: Option<ViewFn>,
) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let bulk = expect_context::<Bulk>();
    let selection = workspace.selection;
    effect(move |_| bulk.request.set(Some(request.get())));
    effect(move |_| bulk.out_of_view.set(out_of_view.get()));
    let count = memo(move |_| selection.with(Selection::len));
    let text = move || match (count.get(), out_of_view.get()) {
        (0, _) => String::new(),
        (n, 0) => t::bulk_selected(as_u64(n)),
        (n, out) => t::bulk_selected_out(as_u64(n), &out.to_string()),
    };
    let any = memo(move |_| count.get() > 0);
    // Asks for all ids while it is set; the number tells one wish from the next.
    let wish = RwSignal::new(None::<(SearchRequest, u64)>);
    // What another question finds was not asked for.
    effect(move |before: Option<String>| {
        let now = request.with(|it| it.query.clone());
        if before.is_some_and(|it| it != now) {
            wish.set(None);
        }
        now
    });
    let all = select_all(&workspace, wish);
    let shared = StoredValue::new_local((workspace, extra));
    let buttons = move || {
        any.get().then(|| {
            let (workspace, extra) = shared.get_value();
            view! {
                {looks(&workspace, out_of_view)}
                {all_button(request, total, count, wish, all)}
                {clear_button(selection)}
                <div class="selection-actions">
                    {action_buttons(&workspace)}
                    {extra.map(|it| it.run())}
                </div>
            }
        })
    };
    view! {
        <section class="selection" id=BAR_ID tabindex="-1" aria-label=t::bulk_bar() data-any=move || any.get().then_some("")>
            <p class="selection-count" role="status">{text}</p>
            {buttons}
            {loading(shared, all, wish)}
        </section>
    }
    .into_any()
}

fn as_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Shows what is picked: all of it, wherever it is.
fn looks(workspace: &Workspace, out_of_view: Signal<usize>) -> AnyView {
    let workspace = workspace.clone();
    let on_click = move || workspace.open(Overlay::Picked);
    let word = move || if out_of_view.get() > 0 { t::bulk_show_out() } else { t::bulk_show() };
    view! { <Button kind=ButtonKind::Quiet icon=Icon::Eye on_click>{word}</Button> }.into_any()
}

fn clear_button(selection: RwSignal<Selection>) -> AnyView {
    let on_click = move || {
        selection.update(Selection::clear);
        write::focus(BAR_ID);
    };
    view! { <Button kind=ButtonKind::Quiet icon=Icon::Close on_click>{t::bulk_clear()}</Button> }.into_any()
}

type All = Latest<Vec<KeyId>, ApiError>;

/// Picks all that a question finds, once their ids are here.
fn select_all(workspace: &Workspace, wish: RwSignal<Option<(SearchRequest, u64)>>) -> All {
    let client = workspace.client().clone();
    let all = latest(
        wish.into(),
        Cancel::new,
        Cancel::cancel,
        move |(request, _): (SearchRequest, u64), cancel| {
            let client = client.clone();
            async move { matching(&client, &request, &cancel).await }
        },
    );
    let selection = workspace.selection;
    let announcer = use_context::<Announcer>();
    effect(move |_| {
        let Answer::Ready(ids) = all.get() else { return };
        selection.update(|it| ids.iter().for_each(|id| it.add_unseen(id.clone())));
        if let Some(announcer) = announcer {
            announcer.say(t::bulk_selected_all(as_u64(ids.len())));
        }
        wish.set(None);
    });
    all
}

fn all_button(
    request: Signal<SearchRequest>,
    total: Signal<Option<u64>>,
    count: Memo<usize>,
    wish: RwSignal<Option<(SearchRequest, u64)>>,
    all: All,
) -> AnyView {
    let asked = StoredValue::new(0u64);
    let offered = memo(move |_| total.get().filter(|it| *it > as_u64(count.get())));
    let button = move || {
        let total = offered.get()?;
        let on_click = move || {
            asked.update_value(|it| *it += 1);
            wish.set(Some((request.get_untracked(), asked.get_value())));
        };
        let word = move || match request.with(|it| it.query.trim().is_empty()) {
            true => t::bulk_select_every(total),
            false => t::bulk_select_all(total),
        };
        Some(view! { <Button pending=all.loading() on_click>{word}</Button> })
    };
    view! { {button} }.into_any()
}

/// How far the loading of all rows is, with a way out, and why it broke off.
fn loading(
    shared: StoredValue<(Workspace, Option<ViewFn>), LocalStorage>,
    all: All,
    wish: RwSignal<Option<(SearchRequest, u64)>>,
) -> AnyView {
    let client: Client = shared.with_value(|(workspace, _)| workspace.client().clone());
    let so_far = progress(client, all.loading());
    let text = move || t::bulk_loading_all(&intl::number(so_far.get().unwrap_or(0)));
    let running = move || {
        all.loading().get().then(|| {
            view! {
                <p class="selection-loading">
                    <span>{text}</span>
                    <Button kind=ButtonKind::Quiet on_click=move || wish.set(None)>{t::bulk_loading_stop()}</Button>
                </p>
            }
        })
    };
    let failed = move || {
        let error = all.signal().with(|it| it.error().cloned())?;
        let why = t::bulk_loading_failed(&error_text::title(&error));
        Some(view! { <Banner tone=Tone::Danger on_close=move || wish.set(None)>{why}</Banner> })
    };
    view! { {running} {failed} }.into_any()
}

/// Whether a key of the system has anything that many can be changed in.
pub(super) fn can_change(manifest: &Manifest) -> bool {
    manifest.form(true).any(|it| it.edit != Use::No)
}

/// What removing keys is called.
#[derive(Clone, Copy)]
pub(super) struct RemoveWords {
    /// On the bar.
    pub(super) open: &'static str,
    /// As a question about so many.
    pub(super) title: fn(u64) -> String,
    /// On the button that does it.
    pub(super) go: fn(u64) -> String,
}

/// What removing the picked keys is called: they may be of both kinds.
pub(super) fn remove_words(client: &Client, selection: &Selection) -> RemoveWords {
    let manifest = client.manifest();
    let (mut deletes, mut revokes) = (false, false);
    for (_, key) in selection.iter() {
        match key.map(|it| client.removal(it)) {
            Some(Removal::Delete) => deletes = true,
            Some(Removal::Revoke) => revokes = true,
            None => {
                deletes |= manifest.can(ActionKind::Delete);
                revokes |= manifest.can(ActionKind::Revoke);
            }
        }
    }
    match (deletes, revokes) {
        (true, true) => RemoveWords {
            open: t::bulk_delete_or_revoke(),
            title: t::bulk_title_delete_or_revoke,
            go: t::bulk_go_delete_or_revoke,
        },
        (false, true) => {
            RemoveWords { open: t::bulk_revoke(), title: t::bulk_title_revoke, go: t::bulk_go_revoke }
        }
        _ => RemoveWords { open: t::bulk_delete(), title: t::bulk_title_delete, go: t::bulk_go_delete },
    }
}

/// The actions of the manifest that this reader may do, on all picked keys at once.
fn action_buttons(workspace: &Workspace) -> AnyView {
    let workspace = workspace.clone();
    let buttons = move || {
        let manifest = workspace.manifest();
        let client = workspace.client().clone();
        let selection = workspace.selection;
        let removes = workspace.may(ActionKind::Delete) || workspace.may(ActionKind::Revoke);
        let offers = [
            (workspace.may(ActionKind::Enable), BulkAction::Enable, Icon::Power),
            (workspace.may(ActionKind::Disable), BulkAction::Disable, Icon::Ban),
            (workspace.may(ActionKind::Edit) && can_change(manifest), BulkAction::Change, Icon::Pencil),
            (workspace.may(ActionKind::Duplicate), BulkAction::Duplicate, Icon::Duplicate),
            (removes, BulkAction::Remove, Icon::Trash),
        ];
        let button = |(_, action, icon): (bool, BulkAction, Icon)| {
            let (workspace, client) = (workspace.clone(), client.clone());
            let on_click = move || workspace.open(Overlay::Bulk(action));
            let client = StoredValue::new_local(client);
            let word = move || match action {
                BulkAction::Enable => t::bulk_enable(),
                BulkAction::Disable => t::bulk_disable(),
                BulkAction::Change => t::bulk_change(),
                BulkAction::Duplicate => t::bulk_duplicate(),
                BulkAction::Remove => {
                    client.with_value(|client| selection.with(|it| remove_words(client, it).open))
                }
            };
            view! { <Button icon on_click>{word}</Button> }.into_any()
        };
        offers.into_iter().filter(|it| it.0).map(button).collect::<Vec<AnyView>>()
    };
    view! { {buttons} }.into_any()
}
