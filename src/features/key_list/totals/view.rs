//! The line of sums below the rows.

use leptos::prelude::*;

use super::sums::{has_totals, parts, totals_of};
use crate::domain::{Coverage, Timestamp};
use crate::features::error_view::ErrorView;
use crate::features::key_list::asking::{Asking, Loaded};
use crate::features::key_text;
use crate::features::progress::progress;
use crate::features::workspace::Workspace;
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::{Client, Manifest, SearchRequest, Totals};
use crate::ui::{Button, ButtonKind, Icon, Latest, latest, memo};

/// The sums with what they are of; nothing for a system whose keys have nothing to add up.
pub(in super::super) fn totals_line(
    workspace: &Workspace,
    asking: Asking,
    keys: Latest<Loaded, ApiError>,
) -> AnyView {
    let manifest = workspace.manifest();
    if !has_totals(manifest) {
        return ().into_any();
    }
    let client = workspace.client().clone();
    let all = AllRows::new(client.clone(), asking);
    let client = StoredValue::new_local(client);
    let sums = memo(move |_| {
        all.loads.signal().track();
        let asked = asking.request();
        let now = key_text::now();
        keys.signal().with(|it| {
            let loaded = it.value()?;
            client.with_value(|client| of_all(client, &asked, now)).or_else(|| of_page(loaded))
        })
    });
    let selection = workspace.selection;
    let selected = memo(move |_| {
        selection.with(|it| {
            let (seen, unseen): (Vec<_>, Vec<_>) = it.iter().partition(|(_, key)| key.is_some());
            let mut seen = seen.into_iter().filter_map(|(_, key)| key);
            (!it.is_empty()).then(|| (totals_of(&mut seen), unseen.len()))
        })
    });
    let line = move || sums.get().map(|(of, totals)| said(manifest, of, &totals, 0));
    let picked = move || {
        let (totals, unseen) = selected.get()?;
        Some(said(manifest, Of::Selected, &totals, unseen))
    };
    let is_part = memo(move |_| sums.with(|it| it.as_ref().is_some_and(|it| it.0 == Of::Page)));
    view! {
        <div class="totals">
            {line}
            {move || is_part.get().then(|| all.button())}
            {move || all.state()}
            {picked}
        </div>
    }
    .into_any()
}

/// What sums are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// All rows that the question finds.
    All,
    /// Those of the page.
    Page,
    /// Those that are picked.
    Selected,
}

/// The sums of all rows of a question, where all of them are here.
fn of_all(client: &Client, asked: &SearchRequest, now: Timestamp) -> Option<(Of, Totals)> {
    let rows = client.rows(asked)?;
    let is_whole = matches!(rows.coverage(), Coverage::Held { complete: true, .. });
    is_whole.then(|| (Of::All, rows.totals(now)))
}

/// The sums of a page. Rows that are on their way are no page.
fn of_page(loaded: &Loaded) -> Option<(Of, Totals)> {
    if loaded.page.items.is_empty() || loaded.is_partial() {
        return None;
    }
    let is_all = loaded.page.total == u64::try_from(loaded.page.items.len()).unwrap_or(u64::MAX);
    let of = if is_all { Of::All } else { Of::Page };
    Some((of, totals_of(&mut loaded.page.items.iter())))
}

/// "This page: 25 keys, 1,204 agents used, 300 places free, 2 without a limit".
fn said(manifest: &Manifest, of: Of, totals: &Totals, unseen: usize) -> AnyView {
    let what = match of {
        Of::All => t::totals_all(),
        Of::Page => t::totals_page(),
        Of::Selected => t::totals_selected(),
    };
    let mut parts = parts(manifest, totals);
    if unseen > 0 {
        parts.push(t::totals_unseen(u64::try_from(unseen).unwrap_or(u64::MAX)));
    }
    let parts = parts.into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect::<Vec<_>>();
    view! {
        <div class="totals-part">
            <span class="totals-of">{what}</span>
            <ul class="totals-sums">{parts}</ul>
        </div>
    }
    .into_any()
}

/// All rows of the question, loaded when the reader wants their sums.
#[derive(Clone, Copy)]
struct AllRows {
    asking: Asking,
    /// The query whose rows are wanted.
    wanted: RwSignal<Option<String>>,
    loads: Latest<(), ApiError>,
    so_far: Signal<Option<u64>>,
}

impl AllRows {
    fn new(client: Client, asking: Asking) -> Self {
        let wanted = RwSignal::new(None::<String>);
        let question = Signal::derive(move || {
            let wanted = wanted.get()?;
            // Another page or order of the same rows needs no other load.
            let of_query = |it: &crate::page::ListState| it.query == wanted;
            if !asking.state.with(of_query) {
                return None;
            }
            let first = untrack(|| asking.request());
            Some(SearchRequest { page: 0, ..first })
        });
        let watched = client.clone();
        let loads = latest(question, Cancel::new, Cancel::cancel, move |request: SearchRequest, cancel| {
            let client = client.clone();
            async move { client.load(&request, &cancel).await }
        });
        Self { asking, wanted, loads, so_far: progress(watched, loads.loading()) }
    }

    fn button(self) -> AnyView {
        let loading = self.loads.loading();
        let load = move || {
            let query = self.asking.state.with_untracked(|it| it.query.clone());
            if self.wanted.with_untracked(|it| it.as_ref() == Some(&query)) {
                return self.loads.reload();
            }
            self.wanted.set(Some(query));
        };
        view! {
            <Button kind=ButtonKind::Quiet icon=Icon::Download pending=loading on_click=load>
                {t::totals_load()}
            </Button>
        }
        .into_any()
    }

    /// How far the load has come, or why it ended.
    fn state(self) -> AnyView {
        let answer = self.loads.get();
        if answer.is_loading() {
            let so_far = move || t::totals_loading(&intl::number(self.so_far.get().unwrap_or_default()));
            let stop = move || self.wanted.set(None);
            return view! {
                <span class="muted">{so_far}</span>
                <Button kind=ButtonKind::Quiet on_click=stop>{t::totals_stop()}</Button>
            }
            .into_any();
        }
        let failed = answer.error().map(|it| {
            let again = Callback::new(move |()| self.loads.reload());
            view! {
                <span>{t::totals_failed()}</span>
                <ErrorView error=ApiError::clone(it) on_retry=again />
            }
        });
        failed.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Key, PageOf};
    use crate::systems::Order;

    #[test]
    fn sums_of_a_page_are_called_so_unless_it_holds_all() {
        let of = |count: usize, total, coverage| {
            let items: Vec<Key> = (0..count).map(|it| Key::new(it.to_string())).collect();
            let page = PageOf { items, total, page: 0, size: 25, coverage };
            let (query, order) = (String::new(), Order::TITLE);
            let request = SearchRequest { query, order, descending: false, page: 0, size: 25 };
            let loaded = Loaded { page, rows: None, at: Timestamp(0), request };
            of_page(&loaded).map(|it| (it.0, it.1.keys))
        };
        assert_eq!(of(3, 9, Coverage::Exact), Some((Of::Page, 3)));
        assert_eq!(of(3, 3, Coverage::Exact), Some((Of::All, 3)));
        assert_eq!(of(3, 3, Coverage::Partial { loaded: 3, of: None }), None);
        assert_eq!(of(0, 0, Coverage::Exact), None);
    }
}
