//! What systems can do beyond the usual, in a real browser: members, moving them, checks, settings, things made for
//! pickers, replaced keys. Each screen as it should go, with nothing there, refused, and with a lost answer.
//!
//! The system is a toy that is registered nowhere: the screens come from its manifest alone.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;
mod toy;

use latchkey::domain::{FieldId, Limit, Ref, Value};
use latchkey::features::workspace::Overlay;
use latchkey::http::ErrorKind;
use latchkey::platform::clock;
use latchkey::systems::{Draft, Offer};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

use self::page::Page;
use self::toy::{CODES, Fault, VALUE, start, world};

wasm_bindgen_test_configure!(run_in_browser);

async fn members(devices: &[&str], faults: &[Fault]) -> Page {
    let key = start(devices, faults);
    Page::with(Overlay::Members(Box::new(key))).await
}

fn names() -> Vec<String> {
    world(|it| {
        it.members.get("a").map(|it| it.iter().map(|it| it.name.clone()).collect()).unwrap_or_default()
    })
}

#[wasm_bindgen_test]
async fn members_are_shown_renamed_and_removed() {
    let page = members(&["one", "two"], &[]).await;
    page.sees("10.0.0.1").await;
    // Nobody tells these, so there is no column of unknowns.
    assert!(!page.says("Last seen") && !page.says("Device id"));
    page.click("Rename one");
    page.until("the field", |it| it.find("#member-name").is_some()).await;
    assert!(page.is_off("Rename"), "the same name is no new name");
    page.fill("#member-name", "first").await;
    page.click("Rename");
    page.sees("“one” was renamed.").await;
    page.has("Remove first").await;
    page.click("Remove two");
    page.sees("Remove two from “Alpha key”?").await;
    page.click("Remove");
    page.sees("“two” was removed.").await;
    assert_eq!(names(), ["first"]);
}

#[wasm_bindgen_test]
async fn a_key_without_members_says_so_and_offers_nothing() {
    let page = members(&[], &[]).await;
    page.sees("No device is there.").await;
    assert!(page.button("Free all").is_none());
}

#[wasm_bindgen_test]
async fn members_that_could_not_be_read_are_asked_for_again() {
    let key = start(&["one"], &[]);
    world(|it| it.read_fault = Some(ErrorKind::Forbidden));
    let page = Page::with(Overlay::Members(Box::new(key))).await;
    page.sees("No, says the toy.").await;
    page.click("Try again");
    page.sees("10.0.0.1").await;
}

#[wasm_bindgen_test]
async fn a_removal_whose_answer_was_lost_is_looked_up() {
    let page = members(&["one", "two"], &[Fault::After, Fault::Before]).await;
    page.sees("10.0.0.1").await;
    page.click("Remove one");
    page.sees("Remove one from").await;
    page.click("Remove");
    page.sees("Looking it up showed that the change happened.").await;
    assert_eq!(names(), ["two"]);
    page.has("Remove two").await;
    page.click("Remove two");
    page.sees("Remove two from").await;
    page.click("Remove");
    page.sees("“two” was not removed.").await;
    assert_eq!(names(), ["two"]);
    page.has("Try again").await;
    page.click("Try again");
    page.sees("“two” was removed.").await;
}

#[wasm_bindgen_test]
async fn all_are_freed_one_after_the_other_and_those_that_failed_are_tried_again() {
    let page = members(&["one", "two", "three"], &[Fault::After, Fault::Refused(ErrorKind::Conflict)]).await;
    page.has("Free all").await;
    page.click("Free all");
    page.sees("Take all 3 off “Alpha key”?").await;
    assert!(page.is_off("Free all"));
    page.fill("#members-count", "3").await;
    page.click("Free all");
    page.sees("Free all has ended").await;
    assert_eq!((page.rows("removed"), page.rows("failed")), (2, 1));
    assert!(page.says("No, says the toy.") && page.says("2 were taken off. 1 was not."), "{}", page.text());
    assert_eq!(names(), ["two"]);
    page.click("Try 1 again");
    page.sees("3 were taken off.").await;
    assert_eq!((page.rows("removed"), names().len()), (3, 0));
    assert!(page.workspace.changes.get_untracked() > 0, "lists ask again");
}

#[wasm_bindgen_test]
async fn a_run_stops_after_the_one_on_its_way_and_says_what_was_not_tried() {
    let page = members(&["one", "two", "three"], &[]).await;
    page.has("Free all").await;
    page.click("Free all");
    page.sees("Take all 3").await;
    page.fill("#members-count", "3").await;
    world(|it| it.held = true);
    page.click("Free all");
    page.has("Stop").await;
    page.click("Stop");
    page.sees("It stops after the one that is on its way.").await;
    world(|it| it.held = false);
    page.sees("Free all has ended").await;
    assert_eq!((page.rows("removed"), page.rows("waiting")), (1, 2));
    assert_eq!(world(|it| it.writes), 1);
    page.click("Try 2 again");
    page.sees("3 were taken off.").await;
}

async fn to_beta(devices: &[&str], faults: &[Fault]) -> Page {
    let key = start(devices, faults);
    let page = Page::with(Overlay::MoveMembers(Box::new(key))).await;
    page.until("the field", |it| it.find("#move-target").is_some()).await;
    assert!(page.is_off("Move"));
    page.field("#move-target").click();
    page.fill("#move-target", "bet").await;
    page.until("an option", |it| it.find("[role=option]").is_some()).await;
    page.find("[role=option]").unwrap().unchecked_into::<HtmlElement>().click();
    page.sees("“Alpha key” stays and has none.").await;
    page
}

#[wasm_bindgen_test]
async fn members_are_moved_after_the_count_was_typed_and_both_are_counted_again() {
    let page = to_beta(&["one", "two"], &[]).await;
    assert!(page.is_off("Move"));
    page.fill("#move-count", "3").await;
    assert!(page.is_off("Move"));
    page.fill("#move-count", "2").await;
    page.click("Move");
    page.sees("Everything on “Alpha key” was moved.").await;
    page.until("the counts", |it| !it.says("…")).await;
    let table = page.find("table.compare").unwrap().text_content().unwrap();
    assert!(table.contains("Alpha key") && table.contains("Beta key"), "{table}");
    let count = |it: &Element| it.text_content().unwrap().chars().take(1).collect::<String>();
    let counts: Vec<String> = page.all("table.compare td").iter().map(count).collect();
    assert_eq!(counts, ["2", "0", "0", "2"]);
    assert!(!page.root.inner_html().contains(VALUE));
}

#[wasm_bindgen_test]
async fn a_target_that_does_not_fit_is_warned_about() {
    start(&["one"], &[]);
    let page = {
        let key = start(&["one"], &[]);
        world(|it| {
            let target = it.keys.last_mut().unwrap();
            target.disabled = true;
            target.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(0)));
            target.fields.set(CODES, Value::Codes(vec!["B".to_owned()]));
        });
        Page::with(Overlay::MoveMembers(Box::new(key))).await
    };
    page.until("the field", |it| it.find("#move-target").is_some()).await;
    page.field("#move-target").click();
    page.until("an option", |it| it.find("[role=option]").is_some()).await;
    page.find("[role=option]").unwrap().unchecked_into::<HtmlElement>().click();
    page.sees("That key is disabled.").await;
    assert!(page.says("It would then have 1, and its limit is 0."), "{}", page.text());
    assert!(page.says("They get its codes: Beta (B). Now they have: Alpha (A)."), "{}", page.text());
    // One alone needs no count typed.
    page.has("Move").await;
    page.click("Move");
    page.sees("was moved.").await;
}

#[wasm_bindgen_test]
async fn nothing_to_move_is_said() {
    let key = start(&[], &[]);
    let page = Page::with(Overlay::MoveMembers(Box::new(key))).await;
    page.sees("Nothing is on “Alpha key”").await;
    assert!(page.find("#move-target").is_none() && page.is_off("Move"));
}

#[wasm_bindgen_test]
async fn a_move_that_was_lost_or_refused_says_what_became_of_it() {
    let page = to_beta(&["one"], &[Fault::Refused(ErrorKind::Forbidden), Fault::Before, Fault::After]).await;
    page.has("Move").await;
    page.click("Move");
    page.sees("No, says the toy.").await;
    page.has("Try again").await;
    page.click("Try again");
    page.sees("Looking it up showed that nothing changed").await;
    page.has("Try again").await;
    page.click("Try again");
    page.sees("Looking it up showed that the change happened.").await;
    assert!(names().is_empty());
}

#[wasm_bindgen_test]
async fn a_check_says_its_verdict_and_keeps_nothing() {
    start(&[], &[]);
    let page = Page::with(Overlay::Verify).await;
    page.click("Check");
    page.sees("This has to be given.").await;
    page.fill("#key-key", "other").await;
    page.click("Check");
    page.sees("Not valid").await;
    assert!(page.says("It is not known.") && page.button("Open this key").is_none());
    page.fill("#key-key", VALUE).await;
    page.until("no verdict about another key", |it| !it.says("It is not known.")).await;
    world(|it| it.read_fault = Some(ErrorKind::Server));
    page.click("Check");
    page.sees("No, says the toy.").await;
    page.click("Check");
    page.sees("It is known.").await;
    page.click("Open this key");
    page.until("the tool to close", |it| it.find("dialog[open]").is_none()).await;
    assert!(page.workspace.overlay.with_untracked(|it| matches!(it, Some(Overlay::Key(id)) if id.0 == "a")));
    page.workspace.open(Overlay::Verify);
    page.until("the tool again", |it| it.find("#key-key").is_some()).await;
    assert_eq!(page.field("#key-key").value(), "");
}

async fn settings(faults: &[Fault]) -> Page {
    start(&[], faults);
    let page = Page::with(Overlay::Settings).await;
    page.has("Change").await;
    assert!(page.says("Keys a person") && page.says("Counts active keys."), "{}", page.text());
    page.click("Change");
    page.until("the field", |it| it.find("#key-most").is_some()).await;
    page
}

#[wasm_bindgen_test]
async fn a_setting_is_changed_with_its_difference_in_view() {
    let page = settings(&[]).await;
    page.click("Save settings");
    page.sees("Nothing is changed, so there is nothing to send.").await;
    page.fill("#key-most", "101").await;
    page.click("Save settings");
    page.sees("Enter a number from 0 to 100.").await;
    page.fill("#key-most", "9").await;
    page.sees("Keys a person: 5 → 9").await;
    page.click("Save settings");
    page.sees("The settings were changed.").await;
    page.sees("Everything is as asked for.").await;
    assert_eq!((world(|it| it.most), world(|it| it.writes)), (9, 1));
}

#[wasm_bindgen_test]
async fn a_setting_that_came_out_differently_is_shown_asked_and_got() {
    let page = settings(&[Fault::After]).await;
    page.fill("#key-most", "90").await;
    page.click("Save settings");
    page.sees("Looking it up showed that the change happened.").await;
    page.until("the comparison", |it| it.find("table.compare").is_some()).await;
    let table = page.find("table.compare").unwrap().text_content().unwrap();
    assert!(table.contains("90") && table.contains("50"), "{table}");
}

#[wasm_bindgen_test]
async fn settings_one_may_not_see_or_change_are_explained() {
    start(&[], &[Fault::Refused(ErrorKind::Forbidden)]);
    world(|it| it.read_fault = Some(ErrorKind::Forbidden));
    let page = Page::with(Overlay::Settings).await;
    page.sees("need an administrator's role").await;
    assert!(page.button("Change").is_none());
    page.click("Try again");
    page.has("Change").await;
    page.click("Change");
    page.until("the field", |it| it.find("#key-most").is_some()).await;
    page.fill("#key-most", "9").await;
    page.click("Save settings");
    page.sees("need an administrator's role").await;
    assert_eq!((page.field("#key-most").value(), world(|it| it.most)), ("9".to_owned(), 5));
}

#[wasm_bindgen_test]
async fn a_setting_that_somebody_else_changed_first_is_not_overwritten() {
    let page = settings(&[]).await;
    page.fill("#key-most", "9").await;
    world(|it| it.most = 7);
    page.click("Save settings");
    page.sees("Somebody else changed Keys a person meanwhile.").await;
    assert_eq!(world(|it| it.most), 7);
    page.sees("Keys a person: 7 → 9").await;
    page.click("Try again");
    page.sees("Everything is as asked for.").await;
    assert_eq!(world(|it| it.most), 9);
}

async fn new_person(faults: &[Fault]) -> Page {
    start(&[], faults);
    let page = Page::with(Overlay::Create(Draft::default())).await;
    page.click("New person");
    page.until("the form", |it| it.find("#new-email").is_some()).await;
    page.fill("#new-email", "ada@example.org").await;
    page
}

fn is_chosen(page: &Page) -> bool {
    page.find("#new-email").is_none() && page.field("#key-owner").value() == "ada@example.org"
}

#[wasm_bindgen_test]
async fn what_was_made_for_a_picker_is_chosen_there() {
    let page = new_person(&[]).await;
    page.click("Create");
    page.until("the choice", is_chosen).await;
    assert!(page.says("Id p1") && page.find("#key-title").is_some(), "{}", page.text());
}

#[wasm_bindgen_test]
async fn what_was_refused_or_lost_for_a_picker_is_told() {
    let page = new_person(&[Fault::Refused(ErrorKind::Invalid), Fault::Before, Fault::After]).await;
    page.click("Create");
    page.sees("No, says the toy.").await;
    page.click("Try again");
    page.sees("Looking it up showed that nothing changed").await;
    page.click("Try again");
    page.until("the choice", is_chosen).await;
    assert_eq!(world(|it| it.people.len()), 1);
}

#[wasm_bindgen_test]
async fn two_that_could_be_the_one_made_are_left_to_the_reader() {
    let page = new_person(&[]).await;
    world(|it| {
        let name = "ada@example.org.uk".to_owned();
        it.people.push(Offer { id: "p0".to_owned(), name, ..Offer::default() });
    });
    page.click("Create");
    page.sees("choose it there").await;
    page.click("Close");
    page.until("the form below", |it| it.find("#new-email").is_none()).await;
    assert_eq!(page.field("#key-owner").value(), "");
}

async fn replace(faults: &[Fault]) -> Page {
    let key = start(&[], faults);
    let page = Page::with(Overlay::Regenerate(Box::new(key))).await;
    assert_eq!(page.field("#key-title").value(), "Alpha key");
    page.click("Create the new key");
    page
}

async fn keep_value(page: &Page) {
    page.until("the value", |it| it.find(".once-value").is_some()).await;
    page.click("Save as file");
    page.until("the tick", |it| !it.field("#once-stored").disabled()).await;
    page.field("#once-stored").click();
    clock::next_frame().await;
    page.click("Close");
    page.until("the value gone", |it| it.find(".once-value").is_none()).await;
    assert!(!page.root.inner_html().contains(VALUE));
}

#[wasm_bindgen_test]
async fn a_key_is_replaced_step_by_step() {
    let page = replace(&[]).await;
    keep_value(&page).await;
    page.sees("You said that its value is stored").await;
    page.click("Remove the old key");
    page.sees("“Alpha key” was deleted.").await;
    assert!(page.says("“Alpha key” was created."), "what was done stays in view: {}", page.text());
    let ids = world(|it| it.keys.iter().map(|it| it.id.0.clone()).collect::<Vec<_>>());
    assert_eq!(ids, ["b", "new-2"]);
    page.click("Close");
    page.until("the end", |it| it.find("dialog[open]").is_none()).await;
}

#[wasm_bindgen_test]
async fn leaving_half_way_says_what_is_done_and_what_is_left() {
    let page = replace(&[]).await;
    page.until("the value", |it| it.find(".once-value").is_some()).await;
    page.click("Close");
    page.has("Close for good").await;
    page.click("Close for good");
    page.sees("You did not say that the new value is stored.").await;
    page.click("Keep both");
    page.sees("is still there and still works as before").await;
    assert!(page.find("dialog[open] ~ dialog[open]").is_some());
    page.click("Keep both");
    page.until("the end", |it| it.find("dialog[open]").is_none()).await;
    assert_eq!(world(|it| it.keys.len()), 3);
}

#[wasm_bindgen_test]
async fn a_new_key_whose_value_was_lost_does_not_cost_the_old_one() {
    let page = replace(&[Fault::After]).await;
    page.sees("“Alpha key” is untouched.").await;
    assert!(page.button("Remove the old key").is_none());
    page.click("Make another");
    page.until("the form again", |it| it.find("#key-title").is_some()).await;
    assert_eq!(page.field("#key-title").value(), "Alpha key");
}

#[wasm_bindgen_test]
async fn a_replacement_that_was_refused_changes_nothing() {
    let page = replace(&[Fault::Refused(ErrorKind::Forbidden), Fault::Before]).await;
    page.sees("No, says the toy.").await;
    page.click("Try again");
    page.sees("Looking it up showed that nothing changed").await;
    assert_eq!(world(|it| it.keys.len()), 2);
    page.click("Try again");
    keep_value(&page).await;
    world(|it| it.faults.extend([Fault::After, Fault::Refused(ErrorKind::Conflict)]));
    // The removal: refused, then done with its answer lost.
    page.click("Remove the old key");
    page.sees("No, says the toy.").await;
    assert_eq!(world(|it| it.keys.len()), 3);
    page.has("Try again").await;
    page.click("Try again");
    page.sees("“Alpha key” was deleted.").await;
    assert_eq!(world(|it| it.keys.len()), 2);
}

#[wasm_bindgen_test]
async fn a_picked_thing_is_sent_with_the_key() {
    let page = new_person(&[]).await;
    page.click("Create");
    page.until("the choice", is_chosen).await;
    page.fill("#key-title", "Gamma").await;
    page.click("Create key");
    page.until("the value", |it| it.find(".once-value").is_some()).await;
    let owner = world(|it| it.keys.last().unwrap().fields.refs(FieldId::OWNER).to_vec());
    assert_eq!(owner, [Ref::of("p1")]);
}
