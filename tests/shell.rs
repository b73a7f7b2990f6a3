//! Signing in and failed calls in a real browser: what is asked, what is said, what gets the focus.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use latchkey::domain::Secret;
use latchkey::features::connections::{Here, Overview, Switcher};
use latchkey::features::error_view::ErrorView;
use latchkey::features::sign_in::SignInPage;
use latchkey::features::theme::Appearance;
use latchkey::http::{ApiError, Method, Request, ResponseHeaders, error};
use latchkey::platform::clock;
use latchkey::session::{Config, Connection, Sessions};
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

/// A piece of page with a view in it. Dropping it unmounts the view and removes the piece.
struct Page {
    root: HtmlElement,
    handle: Option<UnmountHandle<AnyViewState>>,
}

impl Page {
    fn new(view: impl FnOnce() -> AnyView + 'static) -> Self {
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let handle = mount_to(root.clone(), view);
        Self { root, handle: Some(handle) }
    }

    fn sign_in(connections: &str) -> Self {
        let config = Config::read(connections).unwrap();
        Self::inside(&config, |_| view! { <SignInPage /> }.into_any())
    }

    /// A view with everything the app provides around it.
    fn inside(config: &Config, view: impl FnOnce(&Sessions) -> AnyView + 'static) -> Self {
        let config = config.clone();
        Self::new(move || {
            let sessions = Sessions::new(&config);
            provide_context(sessions.clone());
            provide_context(Here::from_address(&config));
            provide_context(Appearance::restore());
            view(&sessions)
        })
    }

    /// Every element that fits, in the order of the page.
    fn all(&self, selector: &str) -> Vec<Element> {
        let mut found = Vec::new();
        collect(&self.root, selector, &mut found);
        found
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn click(&self, selector: &str) {
        let element = self.find(selector).unwrap_or_else(|| panic!("no {selector}"));
        element.unchecked_into::<HtmlElement>().click();
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.handle.take();
        self.root.remove();
    }
}

fn collect(parent: &Element, selector: &str, found: &mut Vec<Element>) {
    let mut next = parent.first_element_child();
    while let Some(element) = next {
        if element.matches(selector).unwrap() {
            found.push(element.clone());
        }
        collect(&element, selector, found);
        next = element.next_element_sibling();
    }
}

/// Waits for a state, frame by frame.
async fn until(what: &str, state: impl Fn() -> bool) {
    for _ in 0..300 {
        if state() {
            return;
        }
        clock::next_frame().await;
    }
    panic!("never came: {what}");
}

fn has_focus(id: &str) -> bool {
    document().active_element().is_some_and(|it| it.id() == id)
}

const ONE: &str = r#"{"connections":[{"id":"a","name":"Alpha","system":"qualys-gateway","base_url":"/a"}]}"#;
const TWO: &str = r#"{"connections":[
    {"id":"a","name":"Alpha","system":"qualys-gateway","base_url":"/a"},
    {"id":"b","name":"Beta","system":"qualys-gateway","base_url":"/b"}]}"#;

#[wasm_bindgen_test]
async fn an_empty_sign_in_names_each_missing_field_and_goes_to_the_first() {
    let page = Page::sign_in(ONE);
    until("the focus", || has_focus("sign-in-user")).await;
    assert!(page.find("[aria-invalid]").is_none());
    document().active_element().unwrap().unchecked_into::<HtmlElement>().blur().unwrap();
    page.click("button[type=submit]");
    until("the errors", || page.find("#sign-in-password[aria-invalid=true]").is_some()).await;
    assert!(page.text().contains("Enter the user name."));
    assert!(page.text().contains("Enter the password."));
    until("the focus again", || has_focus("sign-in-user")).await;
}

#[wasm_bindgen_test]
async fn a_token_is_asked_for_on_its_own_tab_and_hidden() {
    let page = Page::sign_in(ONE);
    page.click("[role=tab]:nth-child(2)");
    until("the token field", || page.find("#sign-in-token[type=password]").is_some()).await;
    assert!(page.find("#sign-in-user").is_none());
    page.click("button[type=submit]");
    until("the error", || page.text().contains("Paste the token.")).await;
}

#[wasm_bindgen_test]
fn connections_are_a_choice_only_where_there_is_one() {
    assert!(Page::sign_in(ONE).find("select").is_none());
    assert!(Page::sign_in(ONE).text().contains("Alpha"));
    let names = Page::sign_in(TWO).find("select").and_then(|it| it.text_content());
    assert_eq!(names.as_deref(), Some("AlphaBeta"));
}

/// {"alg":"none"} . {"sub":"ada","exp":32503680000} . x
const ADA: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJleHAiOjMyNTAzNjgwMDAwfQ.eHg";

/// Back to an address that names no connection, and to storage without a session.
fn leave(sessions: &Sessions) {
    sessions.sign_out_all();
    window().history().unwrap().replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("/")).unwrap();
}

fn sign_in_as_ada(sessions: &Sessions, id: &str) {
    let session = sessions.by_id(id).unwrap();
    session.use_token(&Secret::new(ADA.to_owned())).unwrap();
}

#[wasm_bindgen_test]
async fn choosing_a_connection_on_the_page_goes_into_the_address_and_forgets_what_was_typed() {
    let page = Page::sign_in(TWO);
    until("the focus", || has_focus("sign-in-user")).await;
    let select: web_sys::HtmlSelectElement = page.find("select").unwrap().unchecked_into();
    let password: web_sys::HtmlInputElement = page.find("#sign-in-password").unwrap().unchecked_into();
    password.set_value("typed for alpha");
    password.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    select.set_value("b");
    select.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    until("the address", || window().location().search().unwrap() == "?connection=b").await;
    until("an empty password", || {
        let field: web_sys::HtmlInputElement = page.find("#sign-in-password").unwrap().unchecked_into();
        field.value().is_empty()
    })
    .await;
    window().history().unwrap().replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("/")).unwrap();
}

#[wasm_bindgen_test]
fn one_connection_alone_has_a_name_and_no_switcher() {
    let config = Config::read(ONE).unwrap();
    let page = Page::inside(&config, |_| view! { <Switcher /> }.into_any());
    assert!(page.find("button").is_none());
    assert_eq!(page.text(), "Alpha");
}

#[wasm_bindgen_test]
async fn the_switcher_names_where_one_is_and_leads_elsewhere() {
    let config = Config::read(TWO).unwrap();
    let kept = std::rc::Rc::new(std::cell::RefCell::new(None));
    let keep = kept.clone();
    let page = Page::inside(&config, move |sessions| {
        sign_in_as_ada(sessions, "a");
        *keep.borrow_mut() = Some(sessions.clone());
        view! { <Switcher /> }.into_any()
    });
    let sessions = kept.borrow().clone().unwrap();
    let button = page.find("button[aria-haspopup=menu]").unwrap();
    let name = || button.get_attribute("aria-label").unwrap();
    assert!(name().starts_with("Connection: Alpha, ") && name().ends_with("Signed in as ada"), "{}", name());

    page.click("button[aria-haspopup=menu]");
    until("the menu", || page.all("[role=menuitemradio]").len() == 3).await;
    let checked: Vec<_> =
        page.all("[role=menuitemradio]").iter().map(|it| it.get_attribute("aria-checked").unwrap()).collect();
    assert_eq!(checked, ["true", "false", "false"]);
    let words: Vec<String> =
        page.all("[role^=menuitem]").iter().map(|it| it.text_content().unwrap()).collect();
    for (words, want) in
        words.iter().zip(["Signed in as ada", "Not signed in", "All connections", "Sign out of Alpha"])
    {
        assert!(words.contains(want), "{words}: {want}");
    }
    // There is nobody else to sign out.
    assert_eq!(words.len(), 4);
    until("the focus", || document().active_element().is_some_and(|it| it.has_attribute("aria-checked")))
        .await;

    page.all("[role=menuitemradio]").remove(1).unchecked_into::<HtmlElement>().click();
    until("the other one", || name().starts_with("Connection: Beta, ")).await;
    assert!(name().ends_with("Not signed in"), "{}", name());
    assert_eq!(window().location().search().unwrap(), "?connection=b");
    until("the focus back", || has_focus("connection-switcher")).await;
    leave(&sessions);
}

#[wasm_bindgen_test]
async fn the_overview_says_who_is_where_and_what_can_be_done() {
    let config = Config::read(TWO).unwrap();
    let kept = std::rc::Rc::new(std::cell::RefCell::new(None));
    let keep = kept.clone();
    let page = Page::inside(&config, move |sessions| {
        sign_in_as_ada(sessions, "b");
        *keep.borrow_mut() = Some(sessions.clone());
        let on_renew = UnsyncCallback::new(|_: Connection| ());
        view! { <Overview on_renew /> }.into_any()
    });
    let sessions = kept.borrow().clone().unwrap();
    let rows = || page.all("tbody tr").iter().map(|it| it.text_content().unwrap()).collect::<Vec<_>>();
    assert!(rows()[0].contains("Not signed in") && rows()[0].contains("Sign in to Alpha"), "{:?}", rows());
    assert!(rows()[1].contains("Signed in as ada") && rows()[1].contains("Open Beta"), "{:?}", rows());
    sessions.by_id("b").unwrap().note_read_only();
    until("the note", || rows()[1].contains("read only")).await;
    sessions.sign_out_all();
    until("the end", || rows()[1].contains("Not signed in")).await;
    leave(&sessions);
}

fn limited() -> ApiError {
    let headers = ResponseHeaders::new(vec![("Retry-After".to_owned(), "7".to_owned())]);
    let body = r#"{"message":"Slow <b>down</b>"}"#;
    error::read(&Request::read(Method::Post, "keys"), 429, &headers, body)
}

#[wasm_bindgen_test]
async fn a_failed_call_shows_every_fact_as_text_and_tries_again() {
    let tries = Arc::new(AtomicU32::new(0));
    let count = tries.clone();
    let page = Page::new(move || {
        let again = Callback::new(move |()| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        view! { <ErrorView error=limited() on_retry=again /> }.into_any()
    });
    assert!(page.find("[role=alert]").is_some());
    let text = page.text();
    for part in ["Too many calls", "7 seconds", "Slow <b>down</b>", "Status 429 · POST keys"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(page.find("b").is_none(), "the server's words are text");
    assert!(page.find("[aria-label='Copy details of the error']").is_some());
    page.click(".banner-actions .button");
    assert_eq!(tries.load(Ordering::Relaxed), 1);
}
