//! The dialogs over an empty page, and how a reader uses them.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::{self, LocalBoxFuture};
use latchkey::domain::Secret;
use latchkey::features::create::CreateDialog;
use latchkey::features::members::MembersDialog;
use latchkey::features::move_members::MoveMembersDialog;
use latchkey::features::regenerate::RegenerateDialog;
use latchkey::features::settings::SettingsDialog;
use latchkey::features::verify::VerifyDialog;
use latchkey::features::workspace::{Overlay, Workspace};
use latchkey::http::{
    Authority, BrowserTimer, Call as HttpCall, Cancelled, Credential, Http, Timer, Transport, TransportError,
};
use latchkey::journal::Journal;
use latchkey::platform::clock;
use latchkey::session::Connection;
use latchkey::systems::{Client, System};
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use crate::toy::TOY;

/// A network that never answers: the toy asks none.
struct Silent;

impl Transport for Silent {
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

/// Pauses before looks take no time here.
struct Quick;

impl Timer for Quick {
    fn now_ms(&self) -> f64 {
        BrowserTimer.now_ms()
    }
    fn sleep(&self, _ms: u32) -> LocalBoxFuture<'static, ()> {
        future::ready(()).boxed_local()
    }
    fn random(&self) -> f64 {
        0.0
    }
}

pub(crate) struct Page {
    pub(crate) root: HtmlElement,
    pub(crate) workspace: Workspace,
    pub(crate) _handle: Box<dyn std::any::Any>,
}

impl Page {
    pub(crate) async fn with(overlay: Overlay) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        document.body().unwrap().append_child(&root).unwrap();
        let name = latchkey::ui::id::unique("test");
        let opened = Rc::new(RefCell::new(None));
        let given = opened.clone();
        let handle = mount_to(root.clone(), move || {
            let http = Http::new("/", Rc::new(Silent), Rc::new(BrowserTimer), Rc::new(Anyone));
            let client = Client::new(System::of(&TOY), http);
            let journal = Journal::new(client.clone(), Rc::new(Quick), Rc::new(Anyone), &name);
            let (id, base_url) = ("test".to_owned(), "/".to_owned());
            let connection = Connection { id, name: "Test".to_owned(), system: System::of(&TOY), base_url };
            let workspace = Workspace::new(connection, client, journal);
            workspace.open(overlay);
            *given.borrow_mut() = Some(workspace.clone());
            provide_context(workspace);
            view! {
                <CreateDialog />
                <MembersDialog />
                <MoveMembersDialog />
                <RegenerateDialog />
                <VerifyDialog />
                <SettingsDialog />
            }
        });
        let workspace = opened.borrow_mut().take().unwrap();
        let page = Self { root, workspace, _handle: Box::new(handle) };
        page.until("a dialog", |it| it.find("dialog[open]").is_some()).await;
        page
    }

    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// A button of an open dialog, by what it says.
    pub(crate) fn button(&self, word: &str) -> Option<HtmlElement> {
        let named = |it: &Element| {
            it.get_attribute("aria-label").as_deref() == Some(word)
                || it.text_content().unwrap_or_default().trim() == word
        };
        self.all("dialog[open] button").into_iter().rfind(named).map(|it| it.unchecked_into())
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<Element> {
        let mut res = Vec::new();
        collect(&self.root, selector, &mut res);
        res
    }

    pub(crate) fn click(&self, word: &str) {
        self.button(word).unwrap_or_else(|| panic!("no {word}: {}", self.text())).click();
    }

    pub(crate) fn is_off(&self, word: &str) -> bool {
        self.button(word).is_some_and(|it| it.get_attribute("aria-disabled").as_deref() == Some("true"))
    }

    pub(crate) fn field(&self, selector: &str) -> HtmlInputElement {
        self.find(selector).unwrap_or_else(|| panic!("no {selector}: {}", self.text())).unchecked_into()
    }

    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let field = self.field(selector);
        field.set_value(text);
        let event = Event::new("input").unwrap();
        event.init_event_with_bubbles_and_cancelable("input", true, false);
        field.dispatch_event(&event).unwrap();
        clock::next_frame().await;
    }

    pub(crate) async fn sees(&self, text: &str) {
        self.until(text, |it| it.says(text)).await;
    }

    pub(crate) async fn has(&self, word: &str) {
        self.until(word, |it| it.button(word).is_some() && !it.is_off(word)).await;
    }

    /// Waits for a state, at most a few seconds of frames.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..300 {
            if is_so(self) {
                return;
            }
            clock::next_frame().await;
        }
        panic!("no {what}; the page is {}", self.text());
    }

    pub(crate) fn rows(&self, fate: &str) -> usize {
        self.all(&format!("tr[data-fate={fate}]")).len()
    }
}

/// All elements below `root` that match, in the order of the page.
fn collect(root: &Element, selector: &str, into: &mut Vec<Element>) {
    let mut child = root.first_element_child();
    while let Some(element) = child {
        if element.matches(selector).unwrap() {
            into.push(element.clone());
        }
        collect(&element, selector, into);
        child = element.next_element_sibling();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
    }
}
