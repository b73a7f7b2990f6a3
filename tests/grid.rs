//! The grid in a real browser: keys, picks and groups, rows that come and go under the focus, and lists of any length.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use latchkey::platform::clock;
use latchkey::ui::*;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

/// Entries of a grid. One that begins with `#` is the heading of a group, closed with a `-` behind.
type Entries = RwSignal<Vec<String>>;

/// What was asked of the caller.
type Heard = Rc<RefCell<Vec<String>>>;

/// A grid on a page of its own, with the product's styles.
struct Page {
    root: HtmlElement,
    entries: Entries,
    picked: RwSignal<Vec<String>>,
    heard: Heard,
    handle: Option<UnmountHandle<AnyViewState>>,
}

fn document() -> web_sys::Document {
    web_sys::window().unwrap().document().unwrap()
}

impl Page {
    /// A grid of these entries; of more than are given, where `count` says so: each is called by its place.
    fn new(entries: &[&str], count: Option<usize>, is_virtual: bool, width: &str) -> Self {
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        let style = document().create_element("style").unwrap();
        let frame = ".grid-virtual .grid-scroll { block-size: 400px !important; }";
        let sheets = [include_str!("../style/table.css"), include_str!("../style/grid.css"), frame].concat();
        style.set_text_content(Some(&sheets));
        root.append_child(&style).unwrap();
        root.style().set_property("width", width).unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let owner = Owner::new();
        let (entries, picked) = owner.with(|| {
            let entries = entries.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
            (RwSignal::new(entries), RwSignal::new(Vec::new()))
        });
        let heard = Heard::default();
        let inner: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        root.append_child(&inner).unwrap();
        let told = heard.clone();
        let handle = mount_to(inner, move || {
            // Keeps the signals as long as the page.
            StoredValue::new(owner);
            grid(entries, picked, count, is_virtual, told)
        });
        Self { root, entries, picked, heard, handle: Some(handle) }
    }

    fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.root.query_selector(selector).unwrap().map(|it| it.unchecked_into())
    }

    /// A cell by the number of its row, where 1 is the head, and of its column.
    fn cell(&self, row: usize, column: usize) -> HtmlElement {
        let (row, column) = (row.to_string(), column.to_string());
        let cell = ["[aria-rowindex='", &row, "'] > [aria-colindex='", &column, "']"].concat();
        self.find(&cell).unwrap_or_else(|| panic!("no {cell}"))
    }

    fn count(&self, selector: &str) -> usize {
        let all: js_sys::Function =
            Reflect::get(&self.root, &"querySelectorAll".into()).unwrap().unchecked_into();
        let found = all.call1(&self.root, &selector.into()).unwrap();
        js_sys::Array::from(&found).length().try_into().unwrap()
    }

    /// Presses keys, such as `Shift+ArrowDown`, where the focus is.
    async fn press(&self, keys: &str) {
        for one in keys.split(' ') {
            self.press_at_once(one);
            clock::next_frame().await;
        }
    }

    /// The same, all of them before anything can be drawn.
    fn press_at_once(&self, keys: &str) {
        for one in keys.split(' ') {
            let event = Event::new("keydown").unwrap();
            event.init_event_with_bubbles_and_cancelable("keydown", true, true);
            let (held, key) = one.rsplit_once('+').unwrap_or(("", one));
            let key = if key == "Space" { " " } else { key };
            let set = |name: &str, value: wasm_bindgen::JsValue| {
                Reflect::set(&event, &name.into(), &value).unwrap()
            };
            set("key", key.into());
            set("isComposing", false.into());
            for (name, word) in
                [("shiftKey", "Shift"), ("ctrlKey", "Control"), ("altKey", "Alt"), ("metaKey", "Meta")]
            {
                set(name, held.contains(word).into());
            }
            document().active_element().unwrap().dispatch_event(&event).unwrap();
        }
    }

    /// Waits for a state, at most a few seconds of frames.
    async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..300 {
            if is_so(self) {
                return;
            }
            clock::next_frame().await;
        }
        panic!("never came: {what}; the focus is on {}", focus_text());
    }

    /// The focus is on this cell, which is the one stop of the Tab key.
    async fn is_at(&self, row: usize, column: usize) {
        self.until(&format!("the focus at {row}, {column}"), |it| {
            let (row, column) = (row.to_string(), column.to_string());
            let cell = ["[aria-rowindex='", &row, "'] > [aria-colindex='", &column, "']"].concat();
            let cell: Option<Element> = it.find(&cell).map(Into::into);
            let is_stop =
                cell.as_ref().is_some_and(|it| it.get_attribute("tabindex").as_deref() == Some("0"));
            is_stop && cell == document().active_element() && it.count("[tabindex='0']") == 1
        })
        .await;
    }

    /// The numbers of the rows in the order in which they are read.
    fn owned(&self) -> Vec<usize> {
        let ids = self.find("tbody").unwrap().get_attribute("aria-owns").unwrap_or_default();
        let number =
            |id: &str| document().get_element_by_id(id)?.get_attribute("aria-rowindex")?.parse().ok();
        let res: Vec<usize> = ids.split_whitespace().filter_map(number).collect();
        assert!(ids.is_empty() || res.len() > 3, "{ids}");
        res
    }

    fn heard(&self) -> Vec<String> {
        self.heard.take()
    }

    fn scroller(&self) -> HtmlElement {
        self.find(".grid-scroll").unwrap()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.handle.take();
        self.root.remove();
    }
}

fn focus_text() -> String {
    let active = document().active_element().unwrap();
    [&active.tag_name(), " ", &active.text_content().unwrap_or_default()].concat()
}

fn grid(
    entries: Entries,
    picked: RwSignal<Vec<String>>,
    count: Option<usize>,
    is_virtual: bool,
    heard: Heard,
) -> AnyView {
    let entry = move |at: usize| {
        let id = match count {
            Some(count) => (at < count).then(|| at.to_string())?,
            None => entries.with(|it| it.get(at).cloned())?,
        };
        Some(match id.strip_prefix('#') {
            Some(label) => {
                let open = !label.ends_with('-');
                GridEntry::Heading { label: label.to_owned(), count: 3, open, id }
            }
            None => GridEntry::Row { name: id.clone(), state: "active", mark: None, row: id.clone(), id },
        })
    };
    let draw = |row: String| -> DrawCell {
        Box::new(move |column| match column {
            "buttons" => {
                let name = |what: &str| [what, &row].concat();
                view! {
                    <IconButton name=name("first of ") icon=Icon::Copy on_click=|| () />
                    <IconButton name=name("second of ") icon=Icon::Eye on_click=|| () />
                }
                .into_any()
            }
            _ => [column, " of ", &row].concat().into_any(),
        })
    };
    let tell = move |what: String| heard.borrow_mut().push(what);
    let (opened, sorted, toggled, chosen) = (tell.clone(), tell.clone(), tell.clone(), tell);
    let len = Signal::derive(move || count.unwrap_or_else(|| entries.with(Vec::len)));
    let source = GridSource {
        count: len,
        offset: Signal::stored(0),
        total: Signal::derive(move || u64::try_from(len.get()).unwrap()),
        entry: UnsyncCallback::new(move |(at,)| entry(at)),
        place_of: UnsyncCallback::new(move |(id,): (String,)| {
            entries.with(|it| it.iter().position(|it| *it == id))
        }),
        row: UnsyncCallback::new(move |(row,)| draw(row)),
    };
    let select = GridSelect {
        picked: UnsyncCallback::new(move |(id,): (String,)| picked.with(|it| it.contains(&id))),
        all: Signal::stored(Picked::Nothing),
        on_pick: UnsyncCallback::new(move |(pick,): (Pick,)| chosen(format!("{pick:?}"))),
    };
    let columns = Signal::stored(vec![
        GridColumn { sortable: true, ..GridColumn::new("title", "Title") },
        GridColumn::new("text", "Text"),
        GridColumn::new("buttons", "Buttons"),
    ]);
    view! {
        <Grid
            source
            columns
            caption="Things"
            is_virtual=Signal::stored(is_virtual)
            on_sort=UnsyncCallback::new(move |(id,): (&'static str,)| sorted(["sort ", id].concat()))
            on_open=UnsyncCallback::new(move |(at,): (usize,)| opened(["open ", &at.to_string()].concat()))
            on_toggle=UnsyncCallback::new(move |(id,): (String,)| toggled(["toggle ", &id].concat()))
            select
        />
    }
    .into_any()
}

#[wasm_bindgen_test]
async fn keys_ask_for_what_the_cell_is_for() {
    let page = Page::new(&["a", "b", "c"], None, false, "1000px");
    page.until("the rows", |it| it.count("tbody tr") == 3).await;
    let table = page.find("[role=grid]").unwrap();
    assert_eq!(table.get_attribute("aria-rowcount").unwrap(), "4");
    assert_eq!(table.get_attribute("aria-colcount").unwrap(), "4");
    page.cell(1, 2).focus().unwrap();
    page.press("Enter ArrowDown Enter Space Shift+ArrowDown Shift+Space Control+a").await;
    page.is_at(3, 2).await;
    let want = ["sort title", "open 0", "Toggle(0)", "To(1)", "To(1)", "All"];
    assert_eq!(page.heard(), want);
    // What stands in the cell is reached by Enter and F2, and left by Escape; a column without a head that sorts stays.
    page.press("ArrowRight ArrowRight Enter").await;
    page.until("the first button", |_| focus_name() == "first of b").await;
    page.press("ArrowRight").await;
    page.until("the second button", |_| focus_name() == "second of b").await;
    page.press("Escape").await;
    page.is_at(3, 4).await;
    page.press("Control+Home ArrowUp ArrowRight ArrowRight Enter Alt+ArrowLeft").await;
    page.is_at(1, 3).await;
    assert!(page.heard().is_empty(), "nothing was asked");
}

/// A computer that is busy draws late, and nobody waits for it with the next key.
#[wasm_bindgen_test]
async fn keys_that_are_faster_than_the_rows_mean_the_row_the_focus_is_on_its_way_to() {
    let page = Page::new(&[], Some(1_000), true, "1000px");
    page.until("the rows", |it| it.count("tbody tr") > 5).await;
    page.cell(2, 2).focus().unwrap();
    page.press_at_once("PageDown PageDown PageDown Space ArrowDown Enter");
    let heard = page.heard();
    let [picked, opened] = heard.as_slice() else { panic!("{heard:?}") };
    let number = |it: &str| it.trim_matches(|it: char| !it.is_ascii_digit()).parse::<usize>().unwrap();
    // More than two screenfuls further on, and one row from each other.
    assert!(number(picked) > 20 && number(opened) == number(picked) + 1, "{heard:?}");
    page.is_at(number(opened) + 2, 2).await;
}

fn focus_name() -> String {
    document().active_element().unwrap().get_attribute("aria-label").unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_heading_opens_and_closes_and_is_never_picked() {
    let page = Page::new(&["#open", "a", "#closed-", "b"], None, false, "1000px");
    page.until("the rows", |it| it.count("tbody tr") == 4).await;
    let heading = page.cell(2, 1);
    assert_eq!(heading.get_attribute("aria-expanded").unwrap(), "true");
    assert_eq!(heading.get_attribute("aria-colspan").unwrap(), "4");
    assert_eq!(page.cell(4, 1).get_attribute("aria-expanded").unwrap(), "false");
    page.cell(1, 1).focus().unwrap();
    page.press("ArrowDown Space Enter ArrowLeft").await;
    assert_eq!(page.heard(), ["toggle #open", "toggle #open", "toggle #open"]);
    page.press("ArrowDown ArrowDown ArrowRight").await;
    assert_eq!(page.heard(), ["toggle #closed-"]);
    heading.click();
    assert_eq!(page.heard(), ["toggle #open"]);
}

#[wasm_bindgen_test]
async fn a_box_shows_what_is_picked_and_a_range_never_empties_it() {
    let page = Page::new(&["a", "b", "c"], None, false, "1000px");
    page.until("the rows", |it| it.count("tbody tr") == 3).await;
    page.picked.set(vec!["b".to_owned()]);
    page.until("the row", |it| it.count("tr[aria-selected=true]") == 1).await;
    let input: web_sys::HtmlInputElement = page.find("[aria-rowindex='3'] input").unwrap().unchecked_into();
    assert!(input.checked());
    let event = Event::new("click").unwrap();
    event.init_event_with_bubbles_and_cancelable("click", true, true);
    Reflect::set(&event, &"shiftKey".into(), &true.into()).unwrap();
    input.dispatch_event(&event).unwrap();
    assert_eq!(page.heard(), ["To(1)"]);
    assert!(input.checked());
    page.find("[aria-rowindex='2'] input").unwrap().click();
    assert_eq!(page.heard(), ["Toggle(0)"]);
}

#[wasm_bindgen_test]
async fn the_focus_goes_with_its_row_and_is_never_lost() {
    for is_virtual in [false, true] {
        let page = Page::new(&["a", "b", "c", "d"], None, is_virtual, "1000px");
        page.until("the rows", |it| it.count("tbody tr:not([hidden])") == 4).await;
        page.cell(3, 3).focus().unwrap();
        page.is_at(3, 3).await;
        page.entries.set(["x", "y", "d", "b", "a"].map(str::to_owned).to_vec());
        page.is_at(5, 3).await;
        page.until("its row there", |it| it.cell(5, 3).text_content().unwrap() == "text of b").await;
        // Where the row is gone, the one in its place has the focus; below the last, that; without rows, the head.
        page.entries.set(["x", "y", "d", "e", "a"].map(str::to_owned).to_vec());
        page.is_at(5, 3).await;
        page.entries.set(["x", "y"].map(str::to_owned).to_vec());
        page.is_at(3, 3).await;
        page.entries.set(Vec::new());
        page.is_at(1, 3).await;
    }
}

#[wasm_bindgen_test]
async fn of_a_long_list_the_rows_on_the_screen_are_drawn() {
    // Wide enough for columns, and a width at which rows are cards: these are taller than a browser can scroll.
    for width in ["1000px", "320px"] {
        let page = Page::new(&[], Some(200_000), true, width);
        page.until("the rows", |it| it.count("tbody tr:not([hidden])") > 2).await;
        page.cell(2, 2).focus().unwrap();
        page.press("Control+End").await;
        page.is_at(200_001, 4).await;
        let (frame, last) =
            (page.scroller().get_bounding_client_rect(), page.cell(200_001, 2).get_bounding_client_rect());
        assert!(
            last.bottom() <= frame.bottom() + 1.0 && last.top() >= frame.top(),
            "{width}: the last row is seen"
        );
        assert!(page.count("tbody tr") < 60, "{width}: {}", page.count("tbody tr"));
        assert!(page.scroller().scroll_height() < 17_000_000);
        page.press("Home PageUp").await;
        page.until("a screenful up", |_| focus_text().starts_with("TD")).await;
        page.press("Control+Home").await;
        page.is_at(2, 1).await;
        // Scrolled away from it, the row with the focus is still there, and one key leads back.
        page.scroller().set_scroll_top(5_000_000);
        page.until("rows far below", |it| {
            it.find("[aria-rowindex='2']").is_some() && it.count("tbody tr:not([hidden])") > 3
        })
        .await;
        page.is_at(2, 1).await;
        // Slots are used again, so the page has the rows in another order than the list.
        page.until("the order for assistive technology", |it| it.owned().is_sorted_by(|a, b| a < b)).await;
        page.press("ArrowDown").await;
        page.is_at(3, 1).await;
        page.until("the top", |it| it.scroller().scroll_top() < 400).await;
    }
}
