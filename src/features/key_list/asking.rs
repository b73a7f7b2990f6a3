//! What the list asks for, and how that goes into the address and back.

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::layout::{ListLayout, Mode};
use crate::domain::{Coverage, Key, KeyId, PageOf, Timestamp};
use crate::features::progress::{Early, load_as_it_comes, search_as_it_comes};
use crate::features::saved_queries::opening_query;
use crate::http::{ApiError, Cancel};
use crate::page::{ListState, pairs, resized};
use crate::platform::{clock, listen, location};
use crate::systems::{Client, Manifest, Order, Rows, SearchRequest, Sort};
use crate::ui::{Latest, latest, memo};

/// A page of keys, or all of them, with the moment they were loaded.
pub(super) struct Loaded {
    /// The page; of all rows it holds none, but how many there are.
    pub(super) page: PageOf<Key>,
    /// All rows, where they are shown in one list.
    pub(super) rows: Option<SendWrapper<Rows>>,
    pub(super) at: Timestamp,
    /// The question it answers.
    pub(super) request: SearchRequest,
}

impl Loaded {
    /// Whether rows are missing.
    pub(super) fn is_partial(&self) -> bool {
        matches!(self.page.coverage, Coverage::Partial { .. })
    }

    /// How many rows can be shown.
    pub(super) fn count(&self) -> usize {
        self.rows.as_ref().map_or(self.page.items.len(), |it| it.len())
    }

    /// How many stand on the pages before.
    pub(super) fn offset(&self) -> u64 {
        if self.rows.is_some() { 0 } else { self.page.page.saturating_mul(self.page.size) }
    }

    /// The key at a place among those that can be shown.
    pub(super) fn key(&self, at: usize) -> Option<Key> {
        match &self.rows {
            Some(rows) => rows.key(at),
            None => self.page.items.get(at).cloned(),
        }
    }

    /// Its id.
    pub(super) fn id(&self, at: usize) -> Option<KeyId> {
        match &self.rows {
            Some(rows) => rows.id(at),
            None => self.page.items.get(at).map(|it| it.id.clone()),
        }
    }

    /// The place of a key among those that can be shown.
    pub(super) fn place_of(&self, id: &KeyId) -> Option<usize> {
        match &self.rows {
            Some(rows) => rows.place_of(id),
            None => self.page.items.iter().position(|it| it.id == *id),
        }
    }

    /// Whether it is of all keys, and not of those that a query finds.
    pub(super) fn asks_all(&self) -> bool {
        self.request.query.trim().is_empty()
    }
}

/// What the list shows, kept in step with the address.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) state: RwSignal<ListState>,
    /// All rows are shown in one list, and no pages.
    pub(super) continuous: Signal<bool>,
    layout: ListLayout,
    /// The order a list of this system starts with.
    first: Order,
    /// The newest step of the history is a query that is being typed.
    typing: StoredValue<bool>,
    /// Who knows the values of the keys that are loaded.
    client: StoredValue<Option<SendWrapper<Client>>>,
}

impl Asking {
    /// Reads the address, and follows the browser's back and forward.
    pub(super) fn from_address(manifest: &'static Manifest, layout: ListLayout) -> Self {
        let found = sized(opening(manifest), &location::search(), layout.size());
        let first = Order(manifest.order);
        // An address that makes no sense is put right, so that what it says is what is shown.
        let path = found.path(&location::search(), first);
        if path != ["/", &location::search()].concat() {
            location::replace(&path);
        }
        let (state, typing) = (RwSignal::new(found), StoredValue::new(false));
        listen::window("popstate", move |_| {
            // A query that is not in the address (it holds a key value) goes with its page.
            state.try_set(read_address(manifest));
            typing.try_set_value(false);
        })
        .until_cleanup();
        // Groups are made of all rows.
        let is_whole = memo(move |_| layout.with(|it| it.mode == Mode::Continuous || it.group.is_some()));
        let client = StoredValue::new(None);
        Self { state, continuous: is_whole.into(), layout, first, typing, client }
    }

    /// Shows all rows in one list, or pages.
    pub(super) fn set_continuous(self, on: bool) {
        self.layout.change(|it| {
            it.mode = if on { Mode::Continuous } else { Mode::Paged };
            // There are no groups on pages.
            it.group = it.group.filter(|_| on);
        });
    }

    /// The address of a state. A query with the value of a key that is loaded is left out, as one is that is known by
    /// its shape.
    fn path(self, of: &ListState) -> String {
        let holds_value =
            self.client.with_value(|it| it.as_ref().is_some_and(|it| it.holds_value_in(&of.query)));
        let query = if holds_value { String::new() } else { of.query.clone() };
        ListState { query, ..of.clone() }.path(&location::search(), self.first)
    }

    /// Shows another part of the list, as a new step of the browser's history.
    pub(super) fn go(self, change: impl FnOnce(&mut ListState)) {
        let mut next = self.state.get_untracked();
        change(&mut next);
        if next == self.state.get_untracked() {
            return;
        }
        location::push(&self.path(&next));
        self.state.set(next);
        self.typing.set_value(false);
    }

    /// Shows what a query finds while it is typed. All that is typed is one step of the history, so that one step back
    /// leads to before it.
    pub(super) fn typed(self, query: String) {
        let now = self.state.get_untracked();
        if now.query == query {
            return;
        }
        let next = ListState { query, page: 0, ..now };
        let write = if self.typing.get_value() { location::replace } else { location::push };
        write(&self.path(&next));
        self.state.set(next);
        self.typing.set_value(true);
    }

    /// Whether a query is being typed.
    pub(super) fn is_typing(self) -> bool {
        self.typing.try_get_value().unwrap_or_default()
    }

    /// Ends the typing of a query; what comes next is a step of its own. Tells whether this query was being typed.
    pub(super) fn settle(self, query: &str) -> bool {
        let was_typing = self.typing.try_update_value(std::mem::take).unwrap_or_default();
        was_typing && self.state.with_untracked(|it| it.query == query)
    }

    /// Shows pages of another size, also where this list is opened next. The first row stays on the screen.
    pub(super) fn resize(self, size: u64) {
        self.layout.change(|it| it.size = Some(size));
        self.go(|it| (it.page, it.size) = resized(it.page, it.size, size));
    }

    /// Shows another page without a step: the page that was asked for does not exist.
    pub(super) fn correct_page(self, page: u64) {
        let next = ListState { page, ..self.state.get_untracked() };
        location::replace(&self.path(&next));
        self.state.set(next);
    }

    /// Sorts by a column, or turns its direction round.
    pub(super) fn sort(self, order: Order) {
        self.go(|it| {
            it.descending = it.order == order && !it.descending;
            it.order = order;
            it.page = 0;
        });
    }

    /// Asks for what the state says, whenever it changes.
    pub(super) fn ask(self, client: Client) -> Latest<Loaded, ApiError> {
        self.client.set_value(Some(SendWrapper::new(client.clone())));
        let question = Signal::derive(move || Some((self.request(), self.continuous.get())));
        // Whoever answers shows rows as they come in what is made here.
        let slot = StoredValue::new(None::<Latest<Loaded, ApiError>>);
        let keys = latest(question, Cancel::new, Cancel::cancel, move |(request, all): Question, cancel| {
            let client = client.clone();
            let keys = slot.get_value();
            let shown = keys.and_then(|it| it.signal().with_untracked(|it| it.value().cloned()));
            let early = early(shown.as_deref(), &request, all);
            async move {
                let loaded = |page| Loaded { page, rows: None, at: clock::now(), request: request.clone() };
                let all_of = |rows: Rows| {
                    let page = page_of(&rows, &request);
                    Loaded { rows: Some(SendWrapper::new(rows)), ..loaded(page) }
                };
                let show = |it| {
                    if let Some(keys) = keys {
                        keys.so_far(it);
                    }
                };
                let res = match all {
                    true => {
                        let show = |rows| show(all_of(rows));
                        all_of(load_as_it_comes(&client, &request, &cancel, early, &show).await?)
                    }
                    false => {
                        let show = |page| show(loaded(page));
                        loaded(search_as_it_comes(&client, &request, &cancel, early, &show).await?)
                    }
                };
                // Rows that were looked through here are drawn in a frame of their own, so that both fit while
                // somebody types.
                if matches!(res.page.coverage, Coverage::Held { .. }) {
                    clock::next_frame().await;
                }
                Ok(res)
            }
        });
        slot.set_value(Some(keys));
        keys
    }

    /// What will be sent.
    pub(super) fn request(self) -> SearchRequest {
        let ListState { query, order, descending, page, size } = self.state.get();
        SearchRequest { query, order, descending, page, size }
    }
}

/// A question, and whether it is for all rows.
type Question = (SearchRequest, bool);

/// What there is to say about all rows.
fn page_of(rows: &Rows, request: &SearchRequest) -> PageOf<Key> {
    PageOf {
        items: Vec::new(),
        total: u64::try_from(rows.len()).unwrap_or(u64::MAX),
        page: request.page,
        size: request.size,
        coverage: rows.coverage(),
    }
}

/// When rows that are not all yet take the place of those on the screen.
fn early(shown: Option<&Loaded>, request: &SearchRequest, all: bool) -> Early {
    match shown {
        None => Early::AtOnce,
        // A page of them, or all: the same rows in another way.
        Some(it) if it.rows.is_some() != all => Early::AtOnce,
        Some(it) if it.request != *request => Early::Filled,
        Some(it) if it.is_partial() => Early::AtOnce,
        Some(_) => Early::No,
    }
}

/// What the address asks for; where it asks for nothing, the query that the reader wants to begin with.
fn opening(manifest: &Manifest) -> ListState {
    let found = read_address(manifest);
    match opening_query(manifest.id, &location::search()) {
        Some(query) => ListState { query, ..found },
        None => found,
    }
}

/// The state with the reader's own page size, where the address says nothing of pages.
fn sized(found: ListState, search: &str, size: Option<u64>) -> ListState {
    let says = pairs(search).any(|(name, _)| matches!(name, "size" | "page"));
    match size.filter(|_| !says) {
        Some(size) => ListState { size, ..found },
        None => found,
    }
}

/// What the address asks for. An order that this system has not got is left at the first one.
fn read_address(manifest: &Manifest) -> ListState {
    let first = Order(manifest.order);
    let mut res = ListState::parse(&location::search(), first);
    if manifest.field(res.order.0).is_none_or(|it| it.sort == Sort::No) {
        res.order = first;
        res.descending = false;
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_the_size_of_pages_and_the_reader_where_it_does_not() {
        let size = |search: &str, size| {
            let found = ListState::parse(search, Order::TITLE);
            sized(found, search, size).size
        };
        assert_eq!((size("", None), size("", Some(100)), size("?q=x&sort=expires", Some(50))), (25, 100, 50));
        assert_eq!((size("?size=200", Some(50)), size("?page=3", Some(50))), (200, 25));
    }

    #[test]
    fn rows_wait_for_a_page_of_new_ones_and_never_give_way_to_fewer_of_the_same() {
        let request = |query: &str| {
            let (query, order) = (query.to_owned(), Order::TITLE);
            SearchRequest { query, order, descending: false, page: 0, size: 25 }
        };
        let shown = |query: &str, coverage| {
            let page = PageOf { items: Vec::new(), total: 0, page: 0, size: 25, coverage };
            Loaded { page, rows: None, at: Timestamp(0), request: request(query) }
        };
        let whole = shown("a", Coverage::Exact);
        let partial = shown("a", Coverage::Partial { loaded: 400, of: None });
        assert_eq!(early(None, &request("a"), false), Early::AtOnce);
        assert_eq!(early(Some(&whole), &request("b"), false), Early::Filled);
        assert_eq!(early(Some(&whole), &request("a"), false), Early::No);
        assert_eq!(early(Some(&partial), &request("a"), false), Early::AtOnce, "a load that goes on");
        assert_eq!(early(Some(&partial), &request("b"), false), Early::Filled);
        assert_eq!(early(Some(&whole), &request("a"), true), Early::AtOnce, "the same in one list");
    }
}
