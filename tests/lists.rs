//! Lists drawn from a manifest, in a real browser: columns by kind, and the list of all connections.
//!
//! The system is a toy that is registered nowhere: what is drawn comes from its manifest alone.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::{self, LocalBoxFuture};
use latchkey::domain::{Coverage, FieldId, Fields, Key, KeyId, Limit, PageOf, Ref, Secret, Timestamp, Value};
use latchkey::features::all_keys::{Access, ActionMatrix, AllKeys, Source};
use latchkey::features::bulk::Bulk;
use latchkey::features::key_list::KeyList;
use latchkey::features::workspace::Workspace;
use latchkey::http::{
    ApiError, Authority, BrowserTimer, Call as HttpCall, Cancel, Cancelled, Credential, Http, Method,
    Request, ResponseHeaders, Transport, TransportError,
};
use latchkey::journal::Journal;
use latchkey::platform::{clock, location};
use latchkey::session::Connection;
use latchkey::systems::manifest::{
    Action, Choice, Codes, FieldKind, FieldSpec, Lack, Manifest, Paging, SecretPolicy, Sort,
};
use latchkey::systems::{ActionKind, Answer, Call, Calls, Client, Created, Picker, SearchRequest, System};
use latchkey::ui::Toasts;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use serde::Deserialize;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

const COLOUR: FieldId = FieldId("colour");
const MODULES: FieldId = FieldId("modules");
const TAGS: FieldId = FieldId("tags");
const PRODUCT: FieldId = FieldId("product");
const LOCKED: FieldId = FieldId("locked");
const REGION: FieldId = FieldId("region");

static CODES: Codes = Codes {
    known: &[Choice { code: "A", label: || "Alpha" }],
    open: true,
    canonical: |it| it,
    warnings: |_| Vec::new(),
};

const FIELDS: &[FieldSpec] = &[
    FieldSpec::shown(FieldId::TITLE, || "Title", FieldKind::Text { max: None })
        .browser("title")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::VALUE, || "Value", FieldKind::Secret),
    FieldSpec::shown(FieldId::STATE, || "State", FieldKind::State).browser("state").sort(Sort::Browser),
    FieldSpec::shown(FieldId::USED, || "Devices", FieldKind::Usage).browser("used"),
    FieldSpec::shown(FieldId::LIMIT, || "Limit", FieldKind::Limit { min: 1, max: 9, above_used: false })
        .counts(|n| [&n.to_string(), " devices"].concat()),
    FieldSpec::shown(COLOUR, || "Colour", FieldKind::Choice(&[Choice { code: "r", label: || "Red" }])),
    FieldSpec::shown(MODULES, || "Modules", FieldKind::Codes(&CODES)),
    FieldSpec::shown(TAGS, || "Tags", FieldKind::Refs),
    FieldSpec::shown(PRODUCT, || "Product", FieldKind::Pick(Picker("products"))),
    FieldSpec::shown(LOCKED, || "Locked", FieldKind::Flag),
    FieldSpec::shown(REGION, || "Region", FieldKind::Number { min: 0, max: 9 })
        .named(&[Choice { code: "0", label: || "Home" }]),
    FieldSpec::shown(FieldId::CREATED, || "Made", FieldKind::Moment { future: false, presets: &[] }),
    FieldSpec::shown(FieldId::EXPIRES, || "Ends", FieldKind::Day { presets: &[] })
        .browser("expires")
        .sort(Sort::Browser),
    FieldSpec::shown(FieldId::OWNER, || "Owner", FieldKind::Person),
    FieldSpec::shown(FieldId::ID, || "Number", FieldKind::Id),
];

static TOY: Manifest = Manifest {
    id: "toy",
    name: || "Toy box",
    noun: || "toy key",
    plural: || "toy keys",
    sources: "none",
    sign_in: &[],
    secret: SecretPolicy::Once,
    paging: Paging::Pages,
    logic: qql::Logic::Nothing,
    prefixes: &[],
    unknown: qql::Place::Nowhere,
    fields: FIELDS,
    columns: &[
        FieldId::TITLE,
        FieldId::VALUE,
        FieldId::STATE,
        FieldId::USED,
        FieldId::LIMIT,
        COLOUR,
        MODULES,
        TAGS,
        PRODUCT,
        LOCKED,
        REGION,
        FieldId::CREATED,
        FieldId::EXPIRES,
        FieldId::OWNER,
        FieldId::ID,
    ],
    order: FieldId::EXPIRES,
    actions: &[Action { kind: ActionKind::Disable, effect: || "It stops." }],
    lacks: &[Lack { kind: ActionKind::Delete, why: || "Toys are kept." }],
    rules: &[],
    rates: || "none",
    is_read_only: |_| false,
    check: |_| Vec::new(),
    members: None,
    verify: None,
    offers: &[],
    settings: &[],
    imports: false,
    connect: |http| Rc::new(ToyCalls(http)),
};

/// A page as the toy's service tells it.
#[derive(Deserialize)]
struct Page {
    titles: Vec<String>,
    total: u64,
    #[serde(default)]
    short: bool,
}

struct ToyCalls(Http);

impl Calls for ToyCalls {
    fn http(&self) -> &Http {
        &self.0
    }

    fn request(&self, call: &Call) -> Request {
        match call {
            Call::Search(search) => Request::read(Method::Get, ["page/", &search.page.to_string()].concat()),
            _ => Request::read(Method::Get, "other".to_owned()),
        }
    }

    fn search<'a>(&'a self, request: &'a SearchRequest, cancel: &'a Cancel) -> Answer<'a, PageOf<Key>> {
        async move {
            let call = self.request(&Call::Search(request.clone()));
            let answer = self.0.send(&call, cancel).await?;
            let page: Page = answer.json(&call)?;
            let loaded = u64::try_from(page.titles.len()).unwrap();
            let coverage = match page.short {
                true => Coverage::Held { at: Timestamp(0), loaded, complete: false, of_all: true },
                false => Coverage::Exact,
            };
            let items = page.titles.iter().map(|it| key(it)).collect();
            Ok(PageOf { items, total: page.total, page: request.page, size: 2, coverage })
        }
        .boxed_local()
    }

    fn get<'a>(&'a self, _id: &'a KeyId, _cancel: &'a Cancel) -> Answer<'a, Key> {
        async { Err(ApiError::unsupported()) }.boxed_local()
    }

    fn newest<'a>(&'a self, _count: u64, _cancel: &'a Cancel) -> Answer<'a, Vec<Key>> {
        async { Err(ApiError::unsupported()) }.boxed_local()
    }

    fn create<'a>(&'a self, _new: &'a Fields) -> Answer<'a, Created> {
        async { Err(ApiError::unsupported()) }.boxed_local()
    }

    fn write<'a>(&'a self, _call: &'a Call) -> Answer<'a, ()> {
        async { Err(ApiError::unsupported()) }.boxed_local()
    }
}

/// A key with everything told. A title that starts with "off" is switched off; one with a number in it ends in so
/// many days.
fn key(title: &str) -> Key {
    let digits: String = title.chars().filter(char::is_ascii_digit).collect();
    let today = clock::now().date().unwrap();
    let end = digits.parse::<i64>().ok().and_then(|days| today.start().plus_secs(days * 86_400).date());
    let mut key = Key { disabled: title.starts_with("off"), ..Key::new(["id-", title].concat()) };
    key.fields = [
        (FieldId::TITLE, Value::Text(title.to_owned())),
        (FieldId::USED, Value::Number(3)),
        (FieldId::LIMIT, Value::Limit(Limit::Of(4))),
        (COLOUR, Value::Text("r".to_owned())),
        (MODULES, Value::Codes(vec!["A".to_owned(), "Z".to_owned()])),
        (TAGS, Value::Refs(vec![Ref::of("7"), Ref { id: "8".to_owned(), name: Some("Berlin".to_owned()) }])),
        (PRODUCT, Value::Ref(Ref { id: "prod_1".to_owned(), name: Some("Editor".to_owned()) })),
        (LOCKED, Value::Flag(true)),
        (REGION, Value::Number(0)),
        (FieldId::CREATED, Value::Moment(Timestamp::parse("2025-09-08T18:40:11Z").unwrap())),
        (FieldId::EXPIRES, end.map_or(Value::Nothing, Value::Day)),
        (FieldId::OWNER, Value::Ref(Ref { id: "u1".to_owned(), name: Some("Ada Byron".to_owned()) })),
    ]
    .into_iter()
    .collect();
    key
}

/// A server whose answers the test sets, by path. It counts what it was asked.
#[derive(Clone, Default)]
struct Server {
    answers: Rc<RefCell<BTreeMap<String, (u16, String)>>>,
    asked: Rc<Cell<u32>>,
}

impl Server {
    fn of(pages: &[&str]) -> Self {
        let res = Self::default();
        for (number, body) in pages.iter().enumerate() {
            res.answers
                .borrow_mut()
                .insert(["/page/", &number.to_string()].concat(), (200, (*body).to_owned()));
        }
        res
    }

    fn answer(&self, path: &str, status: u16, body: &str) {
        self.answers.borrow_mut().insert(path.to_owned(), (status, body.to_owned()));
    }

    fn client(&self) -> Client {
        let http = Http::new("/", Rc::new(self.clone()), Rc::new(BrowserTimer), Rc::new(Anyone));
        Client::new(System::of(&TOY), http)
    }
}

impl Transport for Server {
    fn send(
        &self,
        call: HttpCall,
    ) -> LocalBoxFuture<'static, Result<latchkey::http::Answer, TransportError>> {
        self.asked.set(self.asked.get() + 1);
        let answer = self.answers.borrow().get(&call.url).cloned();
        let (status, body) = answer.unwrap_or((404, String::new()));
        future::ready(Ok((status, ResponseHeaders::default(), body))).boxed_local()
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

fn connection(id: &str) -> Connection {
    let (id, name) = (id.to_owned(), ["Connection ", id].concat());
    Connection { id, name, system: System::of(&TOY), base_url: "/".to_owned() }
}

/// A piece of page with a view in it. Dropping it unmounts the view and puts the address back.
struct Mounted {
    root: HtmlElement,
    handle: Option<UnmountHandle<AnyViewState>>,
}

impl Mounted {
    fn new(view: impl FnOnce() -> AnyView + 'static) -> Self {
        location::replace("/");
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        document.body().unwrap().append_child(&root).unwrap();
        let handle = mount_to(root.clone(), view);
        Self { root, handle: Some(handle) }
    }

    /// The list of one connection.
    fn list(server: &Server) -> Self {
        let client = server.client();
        Self::new(move || {
            let journal = Journal::new(client.clone(), Rc::new(BrowserTimer), Rc::new(Anyone), "test");
            provide_context(Workspace::new(connection("a"), client, journal));
            provide_context(Toasts::new());
            provide_context(Bulk::new(""));
            view! { <KeyList /> }.into_any()
        })
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn click(&self, selector: &str) {
        let element = self.find(selector).unwrap_or_else(|| panic!("no {selector}"));
        element.unchecked_into::<HtmlElement>().click();
    }

    /// Types into a field.
    fn fill(&self, selector: &str, text: &str) {
        let field: HtmlInputElement = self.find(selector).unwrap().unchecked_into();
        field.set_value(text);
        let event = Event::new("input").unwrap();
        event.init_event_with_bubbles_and_cancelable("input", true, false);
        field.dispatch_event(&event).unwrap();
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        // The type of the browser's node lists is not among those that the app asks for.
        let all: js_sys::Function =
            js_sys::Reflect::get(&self.root, &"querySelectorAll".into()).unwrap().unchecked_into();
        let found = js_sys::Array::from(&all.call1(&self.root, &selector.into()).unwrap());
        let text =
            |it: wasm_bindgen::JsValue| it.unchecked_into::<Element>().text_content().unwrap_or_default();
        found.iter().map(|it| text(it).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// The cell of the first row in the column of that name.
    fn cell(&self, column: &str) -> String {
        self.texts(&["tbody [data-label='", column, "']"].concat()).into_iter().next().unwrap_or_default()
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    /// Waits for a state, at most a few seconds of frames.
    async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..300 {
            if is_so(self) {
                return;
            }
            clock::next_frame().await;
        }
        panic!("never came: {what}; the page is {}", self.text());
    }

    async fn titles(&self, want: &[&str]) {
        self.until(&want.join(", "), |it| it.texts("tbody th") == want).await;
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.handle.take();
        self.root.remove();
        location::replace("/");
    }
}

#[wasm_bindgen_test]
async fn each_column_is_drawn_by_what_its_field_holds() {
    let page = Mounted::list(&Server::of(&[r#"{"titles":["10 first"],"total":1}"#]));
    page.titles(&["10 first"]).await;
    for (column, text) in [
        ("Value", "Not told by the service"),
        ("Devices", "3 of 4"),
        ("Limit", "4 devices"),
        ("Colour", "Red"),
        ("Modules", "AZ"),
        ("Tags", "7Berlin"),
        ("Product", "Editor prod_1"),
        ("Locked", "Yes"),
        ("Region", "Home"),
        ("Owner", "Ada Byron u1"),
        ("Number", "id-10 first"),
    ] {
        assert_eq!(page.cell(column), text, "{column}");
    }
    assert!(page.cell("State").starts_with("Active"), "{}", page.cell("State"));
    assert!(page.cell("Ends").ends_with("in 10 days"), "{}", page.cell("Ends"));
    assert!(page.cell("Made").contains("2025"), "{}", page.cell("Made"));
    assert!(page.find("[role=meter]").is_some());
}

#[wasm_bindgen_test]
async fn headings_sorts_and_actions_are_those_of_the_manifest() {
    let page = Mounted::list(&Server::of(&[r#"{"titles":["first"],"total":1}"#]));
    page.titles(&["first"]).await;
    assert_eq!(page.texts("h1"), ["Toy keys"]);
    assert_eq!(page.texts("th .sort"), ["Title", "State", "Ends"]);
    assert_eq!(page.texts("th[aria-sort]"), ["Ends"], "the order of the manifest");
    assert!(!page.text().contains("New key"), "the toy makes no keys");
    page.click("tbody .menu button");
    page.until("the menu", |it| it.find("[role=menuitem]").is_some()).await;
    assert_eq!(page.texts("[role=menuitem]"), ["Details", "Disable", "Copy id"]);
}

#[wasm_bindgen_test]
async fn rows_that_are_not_all_say_so() {
    let page = Mounted::list(&Server::of(&[r#"{"titles":["a","b"],"total":2,"short":true}"#]));
    page.until("the warning", |it| it.text().contains("2 keys were loaded, and there are more.")).await;
    assert_eq!(page.texts(".list-result"), ["The first 2 keys; there are more"]);
    page.click(".page-sub button");
    page.until("the moment of the rows", |it| it.text().contains("Jan 1, 1970")).await;
}

const FIELD_NAMES: [&str; 4] = ["Title", "State", "Devices", "Ends"];

#[wasm_bindgen_test]
async fn the_builder_offers_every_searchable_field_and_the_line_says_where_it_runs() {
    let page = Mounted::list(&Server::of(&[r#"{"titles":["a"],"total":1}"#]));
    page.titles(&["a"]).await;
    page.click(".query .disclosure-line");
    page.until("the builder", |it| it.find(".tree-add").is_some()).await;
    page.click(".tree-add");
    page.until("a clause", |it| it.find(".tree-row").is_some()).await;
    page.until("the fields", |it| {
        it.texts(".tree-field option").starts_with(&FIELD_NAMES.map(str::to_owned))
    })
    .await;
    page.until("the place", |it| it.text().contains("The service has no search")).await;
    page.fill("#query", "titel: a");
    page.click(".query-bar button[type=submit]");
    page.until("the error", |it| it.text().contains("there is no field of this name here.")).await;
    assert!(page.text().contains("Replace with “title”"));
}

/// Three connections: one that answers in two pages, one that refuses, and one where nobody is signed in.
struct All {
    page: Mounted,
    good: Server,
    bad: Server,
    opened: Rc<RefCell<Vec<String>>>,
    access: RwSignal<Access>,
}

impl All {
    async fn new() -> Self {
        let good =
            Server::of(&[r#"{"titles":["5 five","off 40"],"total":3}"#, r#"{"titles":["never"],"total":3}"#]);
        let bad = Server::default();
        bad.answer("/page/0", 403, r#"{"message":"Not you"}"#);
        let (opened, access) = (Rc::new(RefCell::new(Vec::new())), RwSignal::new(Access::SignedOut));
        let (a, b, noted) = (good.clone(), bad.clone(), opened.clone());
        let page = Mounted::new(move || {
            let source = |id: &str, client, access: Signal<Access>| Source {
                connection: connection(id),
                client,
                access,
            };
            let active = Signal::stored(Access::Active);
            let third = Server::of(&[r#"{"titles":["later 1"],"total":1}"#]);
            let sources = vec![
                source("a", a.client(), active),
                source("b", b.client(), active),
                source("c", third.client(), access.into()),
            ];
            let asked = noted.clone();
            let on_open =
                move |place: String, id: KeyId| noted.borrow_mut().push([&*place, " ", &id.0].concat());
            let on_sign_in = move |place: String| asked.borrow_mut().push(place);
            view! { <AllKeys sources on_open on_sign_in /> }.into_any()
        });
        page.titles(&["5 five", "off 40", "never"]).await;
        Self { page, good, bad, opened, access }
    }
}

#[wasm_bindgen_test]
async fn each_connection_fails_and_is_tried_again_by_itself() {
    let all = All::new().await;
    let page = &all.page;
    page.until("the refusal", |it| it.texts(".all-part").iter().any(|it| it.contains("Not you"))).await;
    page.until("the count", |it| it.texts(".list-result") == ["3 keys of 1 connection"]).await;
    let parts = page.texts(".all-part");
    assert!(parts.first().is_some_and(|it| it.ends_with("3 keys")), "{parts:?}");
    let asked = all.good.asked.get();
    all.bad.answer("/page/0", 200, r#"{"titles":["2 two"],"total":1}"#);
    page.click(".all-part .banner-actions .button");
    page.titles(&["2 two", "5 five", "off 40", "never"]).await;
    assert_eq!(all.good.asked.get(), asked, "the others stay as they are");
    assert_eq!(
        page.texts("tbody [data-label=Connection]"),
        ["Connection b", "Connection a", "Connection a", "Connection a"]
    );
}

#[wasm_bindgen_test]
async fn one_query_and_the_days_left_run_over_all_of_them() {
    let all = All::new().await;
    let page = &all.page;
    page.fill("#query", "state: disabled AND used: 3");
    page.click(".query-bar button[type=submit]");
    page.titles(&["off 40"]).await;
    assert_eq!(page.texts(".list-result"), ["1 of 3, all keys of 1 connection searched"]);
    assert!(page.text().contains("It runs here, over the keys of all connections."));
    page.fill("#query", "");
    page.click(".query-bar button[type=submit]");
    page.titles(&["5 five", "off 40", "never"]).await;
    page.fill("#all-within", "10");
    page.titles(&["5 five"]).await;
    assert_eq!(location::search(), "?within=10");
    page.fill("#all-within", "soon");
    page.until("the error", |it| it.find("#all-within[aria-invalid=true]").is_some()).await;
    page.titles(&["5 five", "off 40", "never"]).await;
}

#[wasm_bindgen_test]
async fn rows_open_in_their_connection_and_columns_sort() {
    let all = All::new().await;
    all.page.click("tbody .row-title");
    assert_eq!(*all.opened.borrow(), ["a id-5 five"]);
    all.page.click("thead th:first-child .sort");
    all.page.titles(&["5 five", "never", "off 40"]).await;
    all.page.click("thead th:first-child .sort");
    all.page.titles(&["off 40", "never", "5 five"]).await;
}

#[wasm_bindgen_test]
async fn a_connection_is_asked_once_somebody_is_signed_in() {
    let all = All::new().await;
    all.page.click(".all-part:nth-child(3) .button");
    assert_eq!(*all.opened.borrow(), ["c"]);
    all.access.set(Access::Active);
    all.page.titles(&["later 1", "5 five", "off 40", "never"]).await;
}

#[wasm_bindgen_test]
fn the_matrix_says_what_is_there_and_why_something_is_not() {
    let systems = vec![System::of(&TOY), System::QUALYS_GATEWAY];
    let page = Mounted::new(move || view! { <ActionMatrix systems /> }.into_any());
    let row =
        |name: &str| page.texts("tbody tr").into_iter().find(|it| it.starts_with(name)).unwrap_or_default();
    assert!(row("Delete").starts_with("DeleteNoToys are kept.Yes"), "{}", row("Delete"));
    assert!(row("Disable").starts_with("DisableYesIt stops.Yes"), "{}", row("Disable"));
    assert!(row("The key’s value").contains("Told once"), "{}", row("The key’s value"));
    assert_eq!(row("Revoke"), "", "what no system has is no row");
}
