//! A form drawn from a manifest, one field of each kind, and the value that is told once: in a real browser.
//!
//! The system is a toy that is registered nowhere.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::{self, LocalBoxFuture};
use js_sys::Reflect;
use latchkey::domain::{Coverage, FieldId, Fields, Key, KeyId, PageOf, Secret, Timestamp, Value};
use latchkey::features::create::CreateDialog;
use latchkey::features::unsaved::Unsaved;
use latchkey::features::workspace::{Overlay, Workspace};
use latchkey::http::{
    ApiError, Authority, BrowserTimer, Call as HttpCall, Cancel, Cancelled, Credential, ErrorKind, Http,
    Method, Request, Transport, TransportError,
};
use latchkey::journal::Journal;
use latchkey::platform::clock;
use latchkey::session::Connection;
use latchkey::systems::manifest::{
    Action, Choice, Codes, FieldKind, FieldSpec, Manifest, Paging, SecretPolicy, Use,
};
use latchkey::systems::{
    ActionKind, Answer, Call, Calls, Client, Created, Draft, Offer, Picker, SearchRequest, System,
};
use latchkey::ui::Toasts;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement};

wasm_bindgen_test_configure!(run_in_browser);

const VALUE: &str = "eyJhbGciOiJ0b3kifQ.c2VjcmV0.c2lnbmVk";

const SIZE: FieldId = FieldId("size");
const UNTIL: FieldId = FieldId("until");
const HOURS: FieldId = FieldId("hours");
const DURATION: FieldId = FieldId("duration");
const COLOUR: FieldId = FieldId("colour");
const LOCKED: FieldId = FieldId("locked");
const CODES: FieldId = FieldId("codes");
const TAGS: FieldId = FieldId("tags");
const PRODUCT: FieldId = FieldId("product");
const SHADE: FieldId = FieldId("shade");

static ALL_CODES: Codes = Codes {
    known: &[Choice { code: "A", label: || "Alpha" }, Choice { code: "B", label: || "Beta" }],
    open: false,
    canonical: |it| it,
    warnings: |it| if it.len() > 1 { vec!["Both are a lot."] } else { Vec::new() },
};

const FREE: (Use, Use) = (Use::Optional, Use::Optional);

static TOY: Manifest = Manifest {
    id: "toy",
    name: || "Toy box",
    noun: || "toy key",
    secret: SecretPolicy::Once,
    paging: Paging::Whole,
    fields: &[
        FieldSpec::shown(FieldId::TITLE, || "Name", FieldKind::Text { max: Some(10) })
            .form(Use::Required, FREE.1),
        FieldSpec::shown(FieldId::VALUE, || "Own value", FieldKind::Secret).form(FREE.0, Use::No),
        FieldSpec::shown(PRODUCT, || "Product", FieldKind::Pick(Picker("products"))).form(FREE.0, Use::No),
        FieldSpec::shown(SIZE, || "Size", FieldKind::Number { min: 1, max: 9 }).form(FREE.0, FREE.1),
        FieldSpec::shown(FieldId::LIMIT, || "Limit", FieldKind::Limit { min: 1, max: 99, above_used: false })
            .form(FREE.0, FREE.1),
        FieldSpec::shown(FieldId::EXPIRES, || "Last day", FieldKind::Day { presets: &[30] })
            .form(FREE.0, FREE.1),
        FieldSpec::shown(UNTIL, || "Until", FieldKind::Moment { future: true, presets: &[7] })
            .form(FREE.0, FREE.1),
        FieldSpec::shown(HOURS, || "Hours", FieldKind::Hours { presets: &[24] })
            .form(FREE.0, Use::No)
            .defaulted(),
        FieldSpec::shown(DURATION, || "Lasts", FieldKind::Duration { presets: &["P7D"] })
            .form(FREE.0, Use::No),
        FieldSpec::shown(COLOUR, || "Colour", FieldKind::Choice(&[Choice { code: "r", label: || "Red" }]))
            .form(FREE.0, FREE.1),
        FieldSpec::shown(SHADE, || "Shade", FieldKind::Text { max: None })
            .form(FREE.0, FREE.1)
            .applies(|draft| !draft.text(COLOUR).is_empty()),
        FieldSpec::shown(LOCKED, || "Locked", FieldKind::Flag).form(FREE.0, FREE.1),
        FieldSpec::shown(CODES, || "Codes", FieldKind::Codes(&ALL_CODES)).form(FREE.0, FREE.1),
        FieldSpec::shown(TAGS, || "Tags", FieldKind::Refs).form(FREE.0, FREE.1),
    ],
    actions: &[
        Action { kind: ActionKind::Create, effect: || "One more." },
        Action { kind: ActionKind::Duplicate, effect: || "One like it." },
        Action { kind: ActionKind::Delete, effect: || "Gone." },
    ],
    check: |_| Vec::new(),
    connect: |http| Rc::new(ToyCalls(http)),
    ..latchkey::systems::qualys_gateway::MANIFEST
};

thread_local! {
    /// What was created, in this test. The toy has no state of its own: a manifest holds plain functions.
    static MADE: RefCell<Vec<Fields>> = const { RefCell::new(Vec::new()) };
    /// The answer to the next create is lost, though it happens.
    static LOSE: RefCell<bool> = const { RefCell::new(false) };
}

/// Calls of the toy. Only its copied commands are HTTP.
struct ToyCalls(Http);

fn stored(at: usize, new: &Fields) -> Key {
    let mut key = Key::new(["id-", &at.to_string()].concat());
    key.fields = new.clone();
    key.fields.set(FieldId::CREATED, Value::Moment(Timestamp(0)));
    key
}

fn keys() -> Vec<Key> {
    MADE.with_borrow(|it| it.iter().enumerate().map(|(at, new)| stored(at, new)).collect())
}

impl Calls for ToyCalls {
    fn http(&self) -> &Http {
        &self.0
    }

    fn request(&self, _call: &Call) -> Request {
        Request::read(Method::Get, "toy".to_owned())
    }

    fn search<'a>(&'a self, request: &'a SearchRequest, _cancel: &'a Cancel) -> Answer<'a, PageOf<Key>> {
        let items = keys();
        let total = u64::try_from(items.len()).unwrap();
        let page = PageOf { items, total, page: request.page, size: request.size, coverage: Coverage::Exact };
        async { Ok(page) }.boxed_local()
    }

    fn get<'a>(&'a self, id: &'a KeyId, _cancel: &'a Cancel) -> Answer<'a, Key> {
        let found = keys().into_iter().find(|it| it.id == *id);
        async { found.ok_or_else(ApiError::unsupported) }.boxed_local()
    }

    fn newest<'a>(&'a self, _count: u64, _cancel: &'a Cancel) -> Answer<'a, Vec<Key>> {
        async { Ok(keys()) }.boxed_local()
    }

    fn create<'a>(&'a self, new: &'a Fields) -> Answer<'a, Created> {
        async move {
            let at = MADE.with_borrow_mut(|it| {
                it.push(new.clone());
                it.len() - 1
            });
            if LOSE.take() {
                let request = Request::write(Method::Post, "toy".to_owned());
                return Err(ApiError::without_answer(ErrorKind::TimedOut, &request, true));
            }
            let key = Key { value: Some(Secret::new(VALUE.to_owned())), ..stored(at, new) };
            Ok(Created { key, raw: "{\"id\":\"id-0\",\"token\":\"…\"}".to_owned() })
        }
        .boxed_local()
    }

    fn write<'a>(&'a self, _call: &'a Call) -> Answer<'a, ()> {
        async { Err(ApiError::unsupported()) }.boxed_local()
    }

    fn offers<'a>(&'a self, _picker: Picker, typed: &'a str, _cancel: &'a Cancel) -> Answer<'a, Vec<Offer>> {
        let offer = |id: &str, name: &str, note: &str, hours: i64| Offer {
            id: id.to_owned(),
            name: name.to_owned(),
            note: note.to_owned(),
            defaults: Fields::new().with(HOURS, Value::Number(hours)),
        };
        let all = [offer("p1", "Editor", "10 EUR", 48), offer("p2", "Player", "free", 72)];
        let found =
            all.into_iter().filter(|it| it.name.to_lowercase().contains(&typed.to_lowercase())).collect();
        async { Ok(found) }.boxed_local()
    }
}

struct Nobody;

impl Transport for Nobody {
    fn send(
        &self,
        _call: HttpCall,
    ) -> LocalBoxFuture<'static, Result<latchkey::http::Answer, TransportError>> {
        future::pending().boxed_local()
    }
}

struct Anyone;

impl Authority for Anyone {
    fn credential(&self) -> Option<Credential> {
        Some(Credential::Bearer(Secret::new("token".to_owned())))
    }
    fn rejected(&self, _used: &Credential) {}
    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        future::ready(Ok(())).boxed_local()
    }
}

struct Page {
    root: HtmlElement,
    workspace: Workspace,
    toasts: Toasts,
    handle: Option<UnmountHandle<AnyViewState>>,
}

impl Page {
    async fn new(draft: Draft) -> Self {
        MADE.take();
        LOSE.set(false);
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        document.body().unwrap().append_child(&root).unwrap();
        let lock = latchkey::ui::id::unique("kinds");
        let shared = Rc::new(RefCell::new(None));
        let made = shared.clone();
        let handle = mount_to(root.clone(), move || {
            let http = Http::new("/", Rc::new(Nobody), Rc::new(BrowserTimer), Rc::new(Anyone));
            let client = Client::new(System::of(&TOY), http);
            let journal = Journal::new(client.clone(), Rc::new(BrowserTimer), Rc::new(Anyone), &lock);
            let connection = Connection {
                id: "toy".to_owned(),
                name: "Toy".to_owned(),
                system: System::of(&TOY),
                base_url: "/".to_owned(),
            };
            let toasts = Toasts::new();
            provide_context(toasts);
            Unsaved::provide();
            let workspace = Workspace::new(connection, client, journal);
            workspace.open(Overlay::Create(draft));
            provide_context(workspace.clone());
            *made.borrow_mut() = Some((workspace, toasts));
            view! { <CreateDialog /> }.into_any()
        });
        let (workspace, toasts) = shared.take().unwrap();
        let page = Self { root, workspace, toasts, handle: Some(handle) };
        page.until("the form", |it| it.find("dialog[open] #key-title").is_some()).await;
        page
    }

    /// A key was made, and its value is shown.
    async fn made() -> Self {
        let page = Self::new(Draft::default().with_text(FieldId::TITLE, "Berlin")).await;
        page.click("button[type=submit]");
        page.until("the value", |it| it.find("dialog[open] .once-value").is_some()).await;
        page
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn element<T: wasm_bindgen::JsCast>(&self, selector: &str) -> T {
        self.find(selector).unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
    }

    fn click(&self, selector: &str) {
        self.element::<HtmlElement>(selector).click();
    }

    /// Presses the button of that name or text in the topmost dialog.
    fn button(&self, name: &str) {
        let is_named = |it: &Element| {
            it.get_attribute("aria-label").as_deref() == Some(name)
                || it.text_content().unwrap_or_default().trim() == name
        };
        let found = self.all("dialog[open] button").into_iter().rfind(is_named);
        found.unwrap_or_else(|| panic!("no button {name}")).unchecked_into::<HtmlElement>().click();
    }

    fn value(&self, selector: &str) -> String {
        self.element::<HtmlInputElement>(selector).value()
    }

    fn fill(&self, selector: &str, text: &str) {
        let field: HtmlInputElement = self.element(selector);
        field.set_value(text);
        fire(&field, "input");
    }

    fn press(&self, selector: &str, key: &str) -> bool {
        let target: Element = self.element(selector);
        let event = Event::new("keydown").unwrap();
        event.init_event_with_bubbles_and_cancelable("keydown", true, true);
        Reflect::set(&event, &"key".into(), &key.into()).unwrap();
        Reflect::set(&event, &"isComposing".into(), &false.into()).unwrap();
        target.dispatch_event(&event).unwrap()
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    fn says(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    fn shows_value(&self) -> bool {
        self.find("dialog[open] .once-value").is_some_and(|it| it.text_content().as_deref() == Some(VALUE))
    }

    /// The question before the value is lost.
    fn is_asked(&self) -> bool {
        self.find("dialog[open] ~ dialog[open]").is_some()
    }

    fn dialogs(&self) -> usize {
        self.all("dialog[open]").len()
    }

    /// Every element that fits, in the order of the page.
    fn all(&self, selector: &str) -> Vec<Element> {
        let mut res = Vec::new();
        collect(&self.root, selector, &mut res);
        res
    }

    async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..300 {
            if is_so(self) {
                return;
            }
            clock::next_frame().await;
        }
        panic!("never came: {what}; the page is {}", self.text());
    }

    /// Answers the question with no.
    async fn go_back(&self) {
        self.button("Cancel");
        self.until("no question", |it| !it.is_asked()).await;
        // The browser tells the closing a little later.
        self.settle().await;
    }

    async fn settle(&self) {
        for _ in 0..4 {
            clock::next_frame().await;
        }
    }

    /// Nothing of the value is left in the page, nor in a toast.
    fn is_clean(&self) -> bool {
        let body = web_sys::window().unwrap().document().unwrap().body().unwrap().inner_html();
        !body.contains(VALUE) && !self.toasts.texts().iter().any(|it| it.contains(VALUE))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.handle.take();
        self.root.remove();
    }
}

fn collect(root: &Element, selector: &str, res: &mut Vec<Element>) {
    let mut next = root.first_element_child();
    while let Some(element) = next {
        if element.matches(selector).unwrap() {
            res.push(element.clone());
        }
        collect(&element, selector, res);
        next = element.next_element_sibling();
    }
}

fn fire(target: &Element, name: &str) {
    let event = Event::new(name).unwrap();
    event.init_event_with_bubbles_and_cancelable(name, true, false);
    target.dispatch_event(&event).unwrap();
}

/// Whether the browser would ask before the page goes away.
fn would_ask_before_leaving() -> bool {
    let event = Event::new("beforeunload").unwrap();
    event.init_event_with_bubbles_and_cancelable("beforeunload", false, true);
    !web_sys::window().unwrap().dispatch_event(&event).unwrap()
}

#[wasm_bindgen_test]
async fn every_kind_of_field_has_its_control_and_is_sent() {
    let page = Page::new(Draft::default()).await;
    assert!(page.says("New toy key"));
    page.fill("#key-title", "Berlin");
    page.fill("#key-size", "5");
    page.fill("#key-limit", "50");
    page.fill("#key-expires", "2099-12-31");
    assert_eq!(page.element::<HtmlInputElement>("#key-until").type_(), "datetime-local");
    page.fill("#key-until", "2099-12-31T08:30");
    page.fill("#key-hours", "12");
    page.fill("#key-duration", "P1M");
    assert!(page.find("#key-shade").is_none(), "no shade without a colour");
    let colour: HtmlSelectElement = page.element("#key-colour");
    colour.set_value("r");
    fire(&colour, "change");
    page.until("the shade", |it| it.find("#key-shade").is_some()).await;
    page.fill("#key-shade", "dark");
    page.click("#key-locked");
    page.click("#key-codes input[value=A]");
    page.click("#key-codes input[value=B]");
    page.until("the warning", |it| it.says("Both are a lot.")).await;
    page.fill("#key-tags", "7, 8");
    assert_eq!(page.element::<HtmlInputElement>("#key-key").type_(), "password");
    page.click("button[type=submit]");
    page.until("the value", |it| it.shows_value()).await;
    let sent = MADE.with_borrow(|it| it.first().cloned()).unwrap();
    let has = |field: FieldId, want: Value| assert_eq!(sent.get(field), Some(&want), "{field:?}");
    has(FieldId::TITLE, Value::Text("Berlin".to_owned()));
    has(SIZE, Value::Number(5));
    has(UNTIL, Value::Moment(Timestamp::parse("2099-12-31T08:30:00Z").unwrap()));
    has(HOURS, Value::Number(12));
    has(DURATION, Value::Text("P1M".to_owned()));
    has(COLOUR, Value::Text("r".to_owned()));
    has(SHADE, Value::Text("dark".to_owned()));
    has(LOCKED, Value::Flag(true));
    has(CODES, Value::Codes(vec!["A".to_owned(), "B".to_owned()]));
    assert_eq!(sent.refs(TAGS).len(), 2);
}

#[wasm_bindgen_test]
async fn quick_choices_fill_in_and_say_the_end() {
    let page = Page::new(Draft::default()).await;
    page.button("1 day from now");
    page.until("the hours", |it| it.value("#key-hours") == "24").await;
    page.button("7 days from now");
    page.until("the duration", |it| it.value("#key-duration") == "P7D").await;
    page.button("+7 days from today");
    page.until("the moment", |it| it.value("#key-until").contains('T')).await;
    page.until("the ends", |it| it.text().matches("Ends on ").count() == 3).await;
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_marked_at_its_field() {
    let page = Page::new(Draft::default()).await;
    page.fill("#key-size", "10");
    page.fill("#key-duration", "a week");
    page.fill("#key-until", "2001-01-01T00:00");
    page.click("button[type=submit]");
    let wrong = |it: &Page, id: &str| it.element::<Element>(id).get_attribute("aria-invalid").is_some();
    page.until("the marks", |it| {
        ["#key-title", "#key-size", "#key-duration", "#key-until"].iter().all(|id| wrong(it, id))
    })
    .await;
    assert!(page.says("4 fields need attention"), "{}", page.text());
    assert!(!wrong(&page, "#key-limit"));
    assert!(MADE.with_borrow(Vec::is_empty), "nothing was sent");
}

#[wasm_bindgen_test]
async fn a_thing_is_picked_with_the_keys_and_brings_its_defaults() {
    let page = Page::new(Draft::default().with_text(FieldId::TITLE, "Berlin")).await;
    let field = "#key-product";
    assert!(page.find("[role=option]").is_none());
    assert!(!page.press(field, "ArrowDown"), "the arrow opens the list");
    page.until("the offers", |it| it.all("[role=option]").len() == 2).await;
    let attribute = |name: &str| page.element::<Element>(field).get_attribute(name).unwrap_or_default();
    assert_eq!(attribute("aria-expanded"), "true");
    page.press(field, "ArrowDown");
    page.press(field, "ArrowDown");
    page.until("the second", |_| attribute("aria-activedescendant").ends_with("-1")).await;
    assert!(page.says("10 EUR"));
    assert!(!page.press(field, "Enter"), "Enter chooses, and sends no form");
    page.until("the choice", |it| it.value(field) == "Player").await;
    assert_eq!(attribute("aria-expanded"), "false");
    page.until("the default", |it| {
        it.element::<Element>("#key-hours").get_attribute("placeholder").is_some()
    })
    .await;
    assert!(attribute("aria-activedescendant").is_empty());
    assert!(page.says("free") && page.says("Id p2"), "{}", page.text());
    page.click("button[type=submit]");
    page.until("the value", |it| it.shows_value()).await;
    let sent = MADE.with_borrow(|it| it.first().cloned()).unwrap();
    assert_eq!(sent.refs(PRODUCT).first().map(|it| it.id.clone()), Some("p2".to_owned()));
    assert_eq!(sent.get(HOURS), Some(&Value::Nothing), "a default is the service's to fill in");
}

#[wasm_bindgen_test]
async fn typing_narrows_the_offers_and_escape_closes_the_list_alone() {
    let page = Page::new(Draft::default()).await;
    let field = "#key-product";
    page.fill(field, "edi");
    page.until("one offer", |it| it.all("[role=option]").len() == 1).await;
    assert!(!page.press(field, "Escape"));
    page.until("a closed list", |it| it.find("[role=option]").is_none()).await;
    assert_eq!(page.dialogs(), 1, "the form is still there");
    page.until("the warning", |it| it.says("it is sent as an id")).await;
    page.click(field);
    page.until("the offer", |it| it.find("[role=option]").is_some()).await;
    page.click("[role=option]");
    page.until("the choice", |it| it.value(field) == "Editor").await;
}

#[wasm_bindgen_test]
async fn the_value_is_shown_once_and_no_way_of_closing_loses_it() {
    let page = Page::made().await;
    assert!(page.shows_value() && page.says("Berlin"));
    assert_eq!(page.dialogs(), 1, "the form has gone");
    assert!(would_ask_before_leaving(), "a reload asks");
    // Escape, the cross, the button, and the browser's own way (a gesture).
    page.press("dialog[open] .once-value", "Escape");
    page.until("a question after Escape", Page::is_asked).await;
    page.go_back().await;
    page.click("dialog[open] > .close");
    page.until("a question after the cross", Page::is_asked).await;
    page.go_back().await;
    page.element::<HtmlDialogElement>("dialog[open]").close();
    page.until("a question after a gesture", |it| it.is_asked() && it.shows_value()).await;
    page.go_back().await;
    // A click on the backdrop goes to the dialog itself.
    page.click("dialog[open]");
    page.settle().await;
    assert!(page.shows_value());
    // Another overlay, or the form's closing, takes nothing away.
    page.workspace.close();
    page.settle().await;
    assert!(page.shows_value());
}

#[wasm_bindgen_test]
async fn a_saved_and_stored_value_closes_without_a_question_and_is_forgotten() {
    let page = Page::made().await;
    let tick: HtmlInputElement = page.element("#once-stored");
    assert!(tick.disabled(), "there is nothing to store yet");
    page.button("Save as file");
    page.until("the tick", |_| !tick.disabled()).await;
    page.click("dialog[open] > .close");
    page.until("a question without the tick", Page::is_asked).await;
    page.go_back().await;
    tick.click();
    page.settle().await;
    assert!(!would_ask_before_leaving());
    page.click("dialog[open] > .close");
    page.until("no dialog", |it| it.dialogs() == 0).await;
    // The browser tells the closing a little later.
    page.until("a page without the value", Page::is_clean).await;
    assert!(!would_ask_before_leaving());
}

#[wasm_bindgen_test]
async fn a_value_given_up_is_forgotten_too() {
    let page = Page::made().await;
    page.click("dialog[open] > .close");
    page.until("a question", Page::is_asked).await;
    page.button("Close for good");
    page.until("no dialog", |it| it.dialogs() == 0).await;
    assert!(page.is_clean());
}

#[wasm_bindgen_test]
async fn a_form_that_was_closed_meanwhile_still_brings_the_value() {
    let page = Page::new(Draft::default().with_text(FieldId::TITLE, "Berlin")).await;
    page.click("button[type=submit]");
    page.workspace.close();
    page.until("the value", |it| it.shows_value()).await;
    assert!(!page.toasts.texts().iter().any(|it| it.contains(VALUE)));
}

#[wasm_bindgen_test]
async fn the_answer_is_shown_without_the_value() {
    let page = Page::made().await;
    let raw = page.find("dialog[open] .code-text").expect("the answer");
    assert!(raw.text_content().unwrap().contains("id-0") && !raw.text_content().unwrap().contains(VALUE));
}

#[wasm_bindgen_test]
async fn a_lost_value_is_said_and_the_key_can_be_removed() {
    let page = Page::new(Draft::default().with_text(FieldId::TITLE, "Berlin")).await;
    LOSE.set(true);
    page.click("button[type=submit]");
    page.until("what happened", |it| it.says("The value of this key is lost")).await;
    assert!(page.find(".once-value").is_none());
    page.button("Remove this key");
    let overlay = || {
        page.workspace
            .overlay
            .with_untracked(|it| matches!(it, Some(Overlay::Delete(key)) if key.id.0 == "id-0"))
    };
    page.until("the removal", |_| overlay()).await;
}
