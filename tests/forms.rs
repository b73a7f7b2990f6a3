//! The guards of the forms, in a real browser: what is asked before something is lost or sent.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::{self, LocalBoxFuture};
use latchkey::domain::{FieldId, Key, Limit, Secret, Value};
use latchkey::features::create::CreateDialog;
use latchkey::features::delete::DeleteDialog;
use latchkey::features::workspace::{Overlay, Workspace};
use latchkey::http::{
    Authority, BrowserTimer, Call, Cancelled, Credential, Http, Method, Transport, TransportError,
};
use latchkey::journal::Journal;
use latchkey::platform::clock;
use latchkey::session::Connection;
use latchkey::systems::{Client, Draft, System};
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

const KEY_VALUE: &str = "12ba12bc-effd-12e3-1234-12345ac12345";

/// A server that hears every call and answers none. Tells the methods and addresses of what it heard.
#[derive(Clone, Default)]
struct Silent(Rc<RefCell<Vec<(Method, String)>>>);

impl Silent {
    fn writes(&self) -> usize {
        let is_write = |(method, url): &&(Method, String)| {
            *method == Method::Patch || *method == Method::Delete || url.ends_with("/activation-key")
        };
        self.0.borrow().iter().filter(is_write).count()
    }
}

impl Transport for Silent {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<latchkey::http::Answer, TransportError>> {
        self.0.borrow_mut().push((call.method, call.url));
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

/// The dialogs over an empty page.
struct Page {
    root: HtmlElement,
    server: Silent,
    _handle: Box<dyn std::any::Any>,
}

impl Page {
    async fn with(overlay: Overlay) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        document.body().unwrap().append_child(&root).unwrap();
        let server = Silent::default();
        let transport = server.clone();
        // The server never answers, so a change holds its lock for ever: each page has locks of its own.
        let name = latchkey::ui::id::unique("test");
        let handle = mount_to(root.clone(), move || {
            let http = Http::new("/", Rc::new(transport), Rc::new(BrowserTimer), Rc::new(Anyone));
            let client = Client::new(System::QUALYS_GATEWAY, http);
            let journal = Journal::new(client.clone(), Rc::new(BrowserTimer), Rc::new(Anyone), &name);
            let connection = Connection {
                id: "test".to_owned(),
                name: "Test".to_owned(),
                system: System::QUALYS_GATEWAY,
                base_url: "/".to_owned(),
            };
            let workspace = Workspace::new(connection, client, journal);
            workspace.open(overlay);
            provide_context(workspace);
            view! { <CreateDialog /> <DeleteDialog /> }
        });
        let page = Self { root, server, _handle: Box::new(handle) };
        page.until(Self::is_open).await;
        page
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn field(&self, selector: &str) -> HtmlInputElement {
        self.find(selector).unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
    }

    fn fill(&self, selector: &str, text: &str) {
        let field = self.field(selector);
        field.set_value(text);
        let event = Event::new("input").unwrap();
        event.init_event_with_bubbles_and_cancelable("input", true, false);
        field.dispatch_event(&event).unwrap();
    }

    fn submit(&self) {
        self.find("button[type=submit]").expect("a submit button").unchecked_into::<HtmlElement>().click();
    }

    fn close(&self) {
        self.find("dialog[open] > .close").expect("a cross").unchecked_into::<HtmlElement>().click();
    }

    fn is_open(&self) -> bool {
        self.find("dialog[open]").is_some()
    }

    /// Whether a second dialog stands over the first: the question before leaving.
    fn is_asked(&self) -> bool {
        self.find("dialog[open] ~ dialog[open]").is_some()
    }

    /// Waits for a state, at most a few seconds of frames.
    async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..300 {
            if is_so(self) {
                return;
            }
            clock::next_frame().await;
        }
        panic!("it never came to be; the page is {}", self.root.text_content().unwrap_or_default());
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
    }
}

fn key(used: i64) -> Key {
    let mut key = Key { value: Some(Secret::new(KEY_VALUE.to_owned())), ..Key::new("7") };
    key.fields.set(FieldId::TITLE, Value::Text("Payroll servers".to_owned()));
    key.fields.set(FieldId::USED, Value::Number(used));
    key.fields.set(FieldId::LIMIT, Value::Limit(Limit::Unlimited));
    key
}

#[wasm_bindgen_test]
async fn an_untouched_form_closes_and_an_edited_one_asks() {
    let page = Page::with(Overlay::Create(Draft::default())).await;
    page.fill("#key-title", "Berlin");
    page.close();
    page.until(Page::is_asked).await;
    assert_eq!(page.field("#key-title").value(), "Berlin");

    let page = Page::with(Overlay::Create(Draft::default())).await;
    page.close();
    page.until(|it| !it.is_open()).await;
}

#[wasm_bindgen_test]
async fn a_wrong_field_is_marked_and_focused_and_nothing_is_sent() {
    let page = Page::with(Overlay::Create(Draft::default())).await;
    page.fill("#key-limit", "0");
    page.submit();
    page.until(|it| it.field("#key-limit").get_attribute("aria-invalid").as_deref() == Some("true")).await;
    let focused = || web_sys::window()?.document()?.active_element().map(|it| it.id());
    page.until(|_| focused().as_deref() == Some("key-limit")).await;
    assert_eq!(page.server.writes(), 0);
}

#[wasm_bindgen_test]
async fn a_change_on_its_way_is_not_sent_again_and_closing_asks() {
    let page = Page::with(Overlay::Create(Draft::default())).await;
    page.submit();
    page.until(|it| it.find("[aria-busy=true]").is_some()).await;
    let heard = page.server.0.borrow().len();
    page.submit();
    clock::next_frame().await;
    assert_eq!(page.server.0.borrow().len(), heard);
    page.close();
    page.until(Page::is_asked).await;
}

#[wasm_bindgen_test]
async fn a_used_key_is_deleted_only_after_its_title_was_typed() {
    let page = Page::with(Overlay::Delete(Box::new(key(3)))).await;
    page.submit();
    clock::next_frame().await;
    assert_eq!(page.server.writes(), 0);
    page.fill("dialog[open] .field input", "Payroll servers");
    clock::next_frame().await;
    page.submit();
    page.until(|it| it.server.writes() == 1).await;
    assert!(!page.root.inner_html().contains(KEY_VALUE));
}

#[wasm_bindgen_test]
async fn an_unused_key_asks_for_nothing_typed() {
    let page = Page::with(Overlay::Delete(Box::new(key(0)))).await;
    assert!(page.find("dialog[open] .field input").is_none());
    page.submit();
    page.until(|it| it.server.writes() == 1).await;
}
