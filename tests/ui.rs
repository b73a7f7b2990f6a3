//! The widgets in a real browser: what a click and a key do, and what never enters the page.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Reflect;
use latchkey::platform::clock;
use latchkey::ui::*;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement};

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

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn click(&self, selector: &str) {
        let element = self.find(selector).unwrap_or_else(|| panic!("no {selector}"));
        element.unchecked_into::<HtmlElement>().click();
    }

    /// The button with this accessible name, or this text.
    fn button(&self, name: &str) -> HtmlElement {
        find_button(&self.root, name).unwrap_or_else(|| panic!("no button {name}"))
    }

    fn dialog(&self) -> HtmlDialogElement {
        self.find("dialog").expect("a dialog").unchecked_into()
    }

    fn html(&self) -> String {
        self.root.inner_html()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.handle.take();
        self.root.remove();
    }
}

fn find_button(root: &Element, name: &str) -> Option<HtmlElement> {
    let mut next = root.first_element_child();
    while let Some(element) = next {
        let is_named = element.get_attribute("aria-label").as_deref() == Some(name)
            || element.text_content().unwrap_or_default().trim() == name;
        if is_named && element.tag_name() == "BUTTON" {
            return Some(element.unchecked_into());
        }
        if let Some(button) = find_button(&element, name) {
            return Some(button);
        }
        next = element.next_element_sibling();
    }
    None
}

/// Sends a key to an element, as the browser would. Answers whether nobody prevented its default.
fn press(target: &Element, key: &str) -> bool {
    let event = Event::new("keydown").unwrap();
    event.init_event_with_bubbles_and_cancelable("keydown", true, true);
    Reflect::set(&event, &"key".into(), &key.into()).unwrap();
    Reflect::set(&event, &"isComposing".into(), &false.into()).unwrap();
    target.dispatch_event(&event).unwrap()
}

fn type_into(field: &HtmlInputElement, text: &str) {
    field.set_value(text);
    let event = Event::new("input").unwrap();
    event.init_event_with_bubbles_and_cancelable("input", true, false);
    field.dispatch_event(&event).unwrap();
}

fn focused() -> Option<Element> {
    document().active_element()
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

/// Lets everything that is ready to run do so: what should not happen has then had its chance.
async fn settle() {
    for _ in 0..3 {
        clock::next_frame().await;
    }
}

fn is_disabled(button: &HtmlElement) -> bool {
    button.get_attribute("aria-disabled").as_deref() == Some("true")
}

struct Opened {
    page: Page,
    open: RwSignal<bool>,
    may_close: RwSignal<bool>,
    closings: Rc<Cell<u32>>,
    submits: Rc<Cell<u32>>,
}

async fn opened() -> Opened {
    let closings = Rc::new(Cell::new(0));
    let submits = Rc::new(Cell::new(0));
    let (closed, submitted) = (closings.clone(), submits.clone());
    let signals = Rc::new(Cell::new(None));
    let made = signals.clone();
    let page = Page::new(move || {
        let open = RwSignal::new(false);
        let may_close = RwSignal::new(true);
        let value = RwSignal::new(String::new());
        made.set(Some((open, may_close)));
        let on_close = move || {
            closed.set(closed.get() + 1);
            open.set(false);
        };
        let on_submit = move || submitted.set(submitted.get() + 1);
        let guard = move || may_close.get_untracked();
        let footer = || view! { <DialogCancel /> <Button submit=true>"Save"</Button> };
        view! {
            <Button on_click=move || open.set(true)>"Open"</Button>
            <Dialog open on_close guard on_submit title="Edit" footer>
                <TextField label="Title" value />
            </Dialog>
        }
        .into_any()
    });
    let (open, may_close) = signals.get().unwrap();
    let opener = page.button("Open");
    opener.focus().unwrap();
    opener.click();
    let dialog = page.dialog();
    until("open dialog", || dialog.open()).await;
    Opened { page, open, may_close, closings, submits }
}

#[wasm_bindgen_test]
async fn a_dialog_takes_the_focus_and_gives_it_back() {
    let Opened { page, closings, .. } = opened().await;
    assert!(focused().is_some_and(|it| it.tag_name() == "INPUT"), "the first field has the focus");
    assert!(!press(&page.dialog(), "Escape"), "Escape is ours");
    until("close", || closings.get() == 1).await;
    assert!(!page.dialog().open());
    assert_eq!(focused(), Some(page.button("Open").into()));
    until("content is gone", || page.find("dialog input").is_none()).await;
}

#[wasm_bindgen_test]
async fn every_way_out_of_a_dialog_ends_in_one_close() {
    for way in ["Cancel", "Close"] {
        let Opened { page, open, closings, .. } = opened().await;
        page.button(way).click();
        until(way, || closings.get() == 1).await;
        settle().await;
        assert_eq!((closings.get(), open.get_untracked()), (1, false), "{way}");
    }
    let Opened { page, open, closings, .. } = opened().await;
    open.set(false);
    until("close by the caller", || closings.get() == 1 && !page.dialog().open()).await;
    settle().await;
    assert_eq!(closings.get(), 1);
}

/// The browser tells of a close a moment later: a press in that moment was lost, and the dialog stayed closed.
#[wasm_bindgen_test]
async fn a_dialog_that_was_just_closed_opens_again() {
    let Opened { page, closings, .. } = opened().await;
    press(&page.dialog(), "Escape");
    assert!(!page.dialog().open());
    page.button("Open").click();
    until("open again", || page.dialog().open()).await;
    settle().await;
    assert_eq!((page.dialog().open(), closings.get()), (true, 1));
    press(&page.dialog(), "Escape");
    until("closed again", || closings.get() == 2).await;
    settle().await;
    assert_eq!((page.dialog().open(), closings.get()), (false, 2));
}

#[wasm_bindgen_test]
async fn a_guard_keeps_a_dialog_open_however_often_one_asks() {
    let Opened { page, may_close, closings, .. } = opened().await;
    may_close.set(false);
    for _ in 0..3 {
        press(&page.dialog(), "Escape");
        page.button("Cancel").click();
        page.button("Close").click();
    }
    // The way of the browser's own close requests, such as a back gesture.
    let cancel = Event::new("cancel").unwrap();
    cancel.init_event_with_bubbles_and_cancelable("cancel", false, true);
    assert!(!page.dialog().dispatch_event(&cancel).unwrap());
    settle().await;
    assert!(page.dialog().open());
    assert_eq!(closings.get(), 0);
    may_close.set(true);
    press(&page.dialog(), "Escape");
    until("close", || closings.get() == 1).await;
}

#[wasm_bindgen_test]
async fn a_dialog_with_a_form_submits_and_stays() {
    let Opened { page, closings, submits, .. } = opened().await;
    page.button("Save").click();
    settle().await;
    assert_eq!((submits.get(), closings.get(), page.dialog().open()), (1, 0, true));
}

/// A page that went away with an open dialog left the focus on the body, and its `close` event came
/// to a handler that was gone.
#[wasm_bindgen_test]
async fn an_open_dialog_can_leave_with_its_page() {
    let Opened { mut page, closings, .. } = opened().await;
    let dialog = page.dialog();
    drop(page.handle.take());
    settle().await;
    assert!(!dialog.open());
    assert_eq!(closings.get(), 0);
}

#[wasm_bindgen_test]
async fn a_title_must_be_typed_before_a_used_key_is_deleted() {
    let confirmed = Rc::new(Cell::new(0));
    let count = confirmed.clone();
    let page = Page::new(move || {
        let open = RwSignal::new(true);
        let on_confirm = move || count.set(count.get() + 1);
        view! {
            <ConfirmDialog
                open
                on_close=move || open.set(false)
                title="Delete?"
                confirm="Delete key"
                danger=true
                typed=" Berlin "
                on_confirm
            >
                "It is lost."
            </ConfirmDialog>
        }
        .into_any()
    });
    until("open dialog", || page.dialog().open() && page.find("dialog input").is_some()).await;
    let button = page.button("Delete key");
    let field: HtmlInputElement = page.find("dialog input").unwrap().unchecked_into();
    assert!(is_disabled(&button));
    button.click();
    type_into(&field, "Berli");
    settle().await;
    button.click();
    assert_eq!(confirmed.get(), 0, "half a title is not enough");
    type_into(&field, "Berlin");
    until("possible", || !is_disabled(&button)).await;
    button.click();
    assert_eq!(confirmed.get(), 1);
}

#[wasm_bindgen_test]
async fn a_pending_button_keeps_the_focus_and_ignores_clicks() {
    let clicks = Rc::new(Cell::new(0));
    let count = clicks.clone();
    let pending = RwSignal::new(false);
    let page = Page::new(move || {
        view! { <Button pending on_click=move || count.set(count.get() + 1)>"Save"</Button> }.into_any()
    });
    let button = page.button("Save");
    button.focus().unwrap();
    button.click();
    pending.set(true);
    until("pending", || is_disabled(&button)).await;
    button.click();
    assert_eq!(clicks.get(), 1);
    assert_eq!(focused(), Some(button.into()));
}

#[derive(Clone)]
struct Token(Rc<Cell<bool>>);

impl Token {
    fn new() -> Self {
        Self(Rc::new(Cell::new(false)))
    }

    fn cancel(&self) {
        self.0.set(true);
    }
}

type Call = (u32, Token, oneshot::Sender<Result<String, String>>);

/// Asks through `latest`; each call waits in the list until the test answers it.
fn asking(question: RwSignal<Option<u32>>) -> (Page, Latest<String, String>, Rc<RefCell<Vec<Call>>>) {
    let calls = Rc::new(RefCell::new(Vec::<Call>::new()));
    let made = Rc::new(Cell::new(None));
    let (list, slot) = (calls.clone(), made.clone());
    let page = Page::new(move || {
        let answer = latest(question.into(), Token::new, Token::cancel, move |number, token| {
            let (sender, receiver) = oneshot::channel();
            list.borrow_mut().push((number, token, sender));
            async move { receiver.await.unwrap_or_else(|_| Err("gone".to_owned())) }
        });
        slot.set(Some(answer));
        ().into_any()
    });
    (page, made.get().unwrap(), calls)
}

#[wasm_bindgen_test]
async fn a_late_answer_never_replaces_a_newer_one() {
    let question = RwSignal::new(Some(1));
    let (_page, answer, calls) = asking(question);
    until("first call", || calls.borrow().len() == 1).await;
    question.set(Some(2));
    until("second call", || calls.borrow().len() == 2).await;
    let (_, first_token, first) = calls.borrow_mut().remove(0);
    let (_, second_token, second) = calls.borrow_mut().remove(0);
    assert!(first_token.0.get(), "the obsolete call was cancelled");
    assert!(!second_token.0.get());
    second.send(Ok("two".to_owned())).unwrap();
    until("answer", || answer.get().value().is_some()).await;
    // Nobody may be listening any more, which is as good as being ignored.
    drop(first.send(Ok("one".to_owned())));
    settle().await;
    assert_eq!(answer.get().value().unwrap().as_str(), "two");
}

#[wasm_bindgen_test]
async fn the_last_rows_stay_while_the_next_load_and_after_they_failed() {
    let question = RwSignal::new(Some(1));
    let (_page, answer, calls) = asking(question);
    until("call", || calls.borrow().len() == 1).await;
    calls.borrow_mut().remove(0).2.send(Ok("one".to_owned())).unwrap();
    until("answer", || matches!(answer.get(), Answer::Ready(_))).await;
    answer.reload();
    until("second call", || calls.borrow().len() == 1).await;
    assert!(answer.get().is_loading());
    assert_eq!(answer.get().value().unwrap().as_str(), "one");
    calls.borrow_mut().remove(0).2.send(Err("no".to_owned())).unwrap();
    until("failure", || answer.get().error().is_some()).await;
    assert_eq!(answer.get().value().unwrap().as_str(), "one");
    question.set(None);
    until("idle", || matches!(answer.get(), Answer::Idle)).await;
}

#[wasm_bindgen_test]
async fn leaving_the_page_cancels_the_question() {
    let question = RwSignal::new(Some(1));
    let (page, _, calls) = asking(question);
    until("call", || calls.borrow().len() == 1).await;
    drop(page);
    let (_, token, sender) = calls.borrow_mut().remove(0);
    assert!(token.0.get());
    drop(sender.send(Ok("late".to_owned())));
    settle().await;
}

#[wasm_bindgen_test]
async fn a_second_submit_while_one_is_on_its_way_is_ignored() {
    let sent = Rc::new(RefCell::new(Vec::<oneshot::Sender<Result<u32, String>>>::new()));
    let done = Rc::new(Cell::new(0));
    let made = Rc::new(Cell::new(None));
    let (list, count, slot) = (sent.clone(), done.clone(), made.clone());
    let page = Page::new(move || {
        let send = move |_: u32| {
            let (sender, receiver) = oneshot::channel();
            list.borrow_mut().push(sender);
            async move { receiver.await.unwrap_or(Ok(0)) }
        };
        slot.set(Some(submit(send, move |_: &Result<u32, String>| count.set(count.get() + 1))));
        ().into_any()
    });
    let change: Submit<u32, u32, String> = made.get().unwrap();
    assert!(change.run(1));
    assert!(!change.run(2));
    assert_eq!(sent.borrow().len(), 1);
    sent.borrow_mut().remove(0).send(Ok(7)).unwrap();
    until("done", || done.get() == 1).await;
    assert!(!change.pending.get());
    assert_eq!(*change.outcome().unwrap(), Ok(7));
    assert!(change.run(3));
    // The page leaves while a change is on its way; its outcome then touches nothing that is gone.
    drop(page);
    sent.borrow_mut().remove(0).send(Ok(8)).unwrap();
    settle().await;
    assert_eq!(done.get(), 1);
}

#[wasm_bindgen_test]
async fn a_secret_is_in_the_page_only_while_it_is_shown() {
    const SECRET: &str = "0f3b2c14-55aa-4c7e";
    let asked = Rc::new(Cell::new(0));
    let count = asked.clone();
    let page = Page::new(move || {
        let revealed = RwSignal::new(false);
        let value = move || {
            count.set(count.get() + 1);
            SECRET.to_owned()
        };
        view! {
            <SecretField
                what="key Berlin"
                masked="••••"
                revealed
                on_toggle=move || revealed.update(|it| *it = !*it)
                value
            />
        }
        .into_any()
    });
    settle().await;
    assert_eq!(asked.get(), 0);
    assert!(!page.html().contains(SECRET));
    page.button("Reveal key Berlin").click();
    until("shown", || page.html().contains(SECRET)).await;
    page.button("Hide key Berlin").click();
    until("hidden", || !page.html().contains(SECRET)).await;
    assert_eq!(asked.get(), 1);
}

#[wasm_bindgen_test]
async fn a_pager_never_leaves_its_pages() {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let list = asked.clone();
    let at = RwSignal::new(1u32);
    let page = Page::new(move || {
        let on_page = move |target: u32| {
            list.borrow_mut().push(target);
            at.set(target);
        };
        view! { <Pager page=at last=Some(3) text="1–25 of 70" size=25 on_page on_size=|_: u32| {} /> }
            .into_any()
    });
    page.button("Previous page").click();
    page.button("First page").click();
    assert!(asked.borrow().is_empty(), "page 1 has nothing before it");
    page.button("Last page").click();
    until("last page", || is_disabled(&page.button("Next page"))).await;
    page.button("Next page").click();
    press(&page.button("Next page"), "PageDown");
    assert_eq!(*asked.borrow(), [3]);
    press(&page.button("Next page"), "PageUp");
    press(&page.button("Next page"), "Home");
    assert_eq!(*asked.borrow(), [3, 2, 1]);
}

#[wasm_bindgen_test]
async fn a_menu_moves_by_arrows_and_gives_the_focus_back() {
    let picked = Rc::new(Cell::new(""));
    let slot = picked.clone();
    let page = Page::new(move || {
        let items = move || {
            let (one, two) = (slot.clone(), slot.clone());
            vec![
                MenuItem::new("Edit", Icon::Pencil, move || one.set("Edit")),
                MenuItem::new("Delete", Icon::Trash, move || two.set("Delete")).danger(),
            ]
        };
        view! { <Menu name="Actions" items /> }.into_any()
    });
    let is_on = |text: &str| focused().and_then(|it| it.text_content()).as_deref() == Some(text);
    page.button("Actions").focus().unwrap();
    page.button("Actions").click();
    until("first item", || is_on("Edit")).await;
    press(&focused().unwrap(), "ArrowDown");
    assert!(is_on("Delete"));
    press(&focused().unwrap(), "Escape");
    until("closed", || page.find("[role=menuitem]").is_none()).await;
    assert_eq!(focused(), Some(page.button("Actions").into()));
    // A key that is faster than the focus means the list all the same.
    page.button("Actions").click();
    assert!(!press(&page.button("Actions"), "Escape"), "nobody around it hears of it");
    until("closed", || page.button("Actions").get_attribute("aria-expanded").as_deref() == Some("false"))
        .await;
    assert!(press(&page.button("Actions"), "Escape"), "of a closed list it means nothing");
    page.click("[aria-haspopup=menu]");
    until("first item", || is_on("Edit")).await;
    page.button("Delete").click();
    assert_eq!(picked.get(), "Delete");
    until("closed", || page.find("[role=menuitem]").is_none()).await;
}

#[wasm_bindgen_test]
async fn an_error_is_tied_to_its_field() {
    let error = RwSignal::new(None::<String>);
    let page = Page::new(move || {
        let value = RwSignal::new(String::new());
        view! { <NumberField label="Limit" value hint="1 to 10" error id="limit" /> }.into_any()
    });
    let field = page.find("#limit").unwrap();
    assert_eq!(field.get_attribute("aria-describedby").as_deref(), Some("limit-hint"));
    error.set(Some("Too large".to_owned()));
    until("invalid", || field.get_attribute("aria-invalid").is_some()).await;
    assert_eq!(field.get_attribute("aria-describedby").as_deref(), Some("limit-hint limit-error"));
    assert_eq!(page.find("#limit-error").unwrap().text_content().unwrap().trim(), "Too large");
}

#[wasm_bindgen_test]
async fn tags_are_numbers_and_stand_once() {
    let tags = RwSignal::new(vec![7u64]);
    let page = Page::new(move || {
        let draft = RwSignal::new(String::new());
        view! { <TagInput label="Tags" ids=tags draft id="tags" /> }.into_any()
    });
    let field: HtmlInputElement = page.find("#tags").unwrap().unchecked_into();
    type_into(&field, "7, 12");
    assert!(!press(&field, "Enter"), "Enter takes the tag, and sends no form");
    assert_eq!(tags.get_untracked(), [7, 12]);
    type_into(&field, "x");
    press(&field, "Enter");
    until("error", || field.get_attribute("aria-invalid").is_some()).await;
    assert_eq!(tags.get_untracked(), [7, 12]);
    until("chip", || page.find(".chip:nth-child(2)").is_some()).await;
    page.button("Remove 7").click();
    assert_eq!(tags.get_untracked(), [12]);
}
