//! Signing in and failed calls in a real browser: what is asked, what is said, what gets the focus.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use latchkey::features::error_view::ErrorView;
use latchkey::features::sign_in::SignInPage;
use latchkey::features::theme::Appearance;
use latchkey::http::{ApiError, Method, Request, ResponseHeaders, error};
use latchkey::platform::clock;
use latchkey::session::{Config, Session};
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
        Self::new(move || {
            provide_context(Session::new());
            provide_context(Appearance::restore());
            view! { <SignInPage config /> }.into_any()
        })
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
