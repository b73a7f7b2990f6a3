//! Plans and receipts as texts, undo, and what must never be in any of them.

use super::tab::{Tab, Trouble};
use super::{ALL, Scene, What, as_listed, ends};
use crate::domain::{FieldId, Fields, KeyId, Limit, Ref, Secret, Value};
use crate::journal::Notice;
use crate::journal::bulk::{
    Failure, Item, ItemPart, ItemState, Job, Kind, Loss, Plan, PlanProblem, Skip, Wanted, plan_json,
    read_plan, record,
};
use crate::systems::qualys_gateway::MANIFEST;
use crate::systems::qualys_gateway::fixtures::Fault;
use crate::systems::{Asked, Change, Delta, System, solifyn};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_plan_reads_back_as_it_was_written() {
    for what in ALL {
        let plan = Scene::new(5).plan(what);
        let document = plan_json(&plan);
        let back = read_plan(&document, &MANIFEST).unwrap_or_else(|err| panic!("{err:?}"));
        assert_eq!(plan_json(&back), document);
        assert_eq!((back.id, back.kind, back.by), (plan.id, plan.kind, plan.by));
        for (a, b) in plan.items.iter().zip(&back.items) {
            assert_eq!((&a.title, &a.wanted, a.key()), (&b.title, &b.wanted, b.key()));
            let fields = |it: &Item| {
                let before = it.before.as_ref()?;
                let mut fields: Vec<_> =
                    before.fields.iter().map(|(it, value)| (it, value.clone())).collect();
                fields.sort_by_key(|it| it.0);
                Some((before.disabled, before.ended, fields))
            };
            assert_eq!(fields(a), fields(b));
        }
    }
}

#[test]
fn a_plan_that_was_tampered_with_is_refused_at_its_place() {
    let document = plan_json(&Scene::new(2).plan(What::Rename));
    let check = |from: &str, to: &str, want: PlanProblem| {
        assert!(document.contains(from), "{from} is not in {document}");
        assert_eq!(read_plan(&document.replacen(from, to, 1), &MANIFEST).err(), Some(want), "{to}");
    };
    let item = |part: ItemPart| PlanProblem::Item { number: 1, part };
    check("\"version\":1", "\"version\":2", PlanProblem::Version(2));
    check("\"plan\"", "\"receipt\"", PlanProblem::NotAPlan);
    check(MANIFEST.id, "other", PlanProblem::OtherSystem("other".to_owned()));
    check("\"change\":{\"title\"", "\"change\":{\"key\"", item(ItemPart::Field("key".to_owned())));
    check("\"change\":{\"title\"", "\"change\":{\"created\"", item(ItemPart::Field("created".to_owned())));
    check("{\"text\":\"new 1\"}", "{\"number\":7}", item(ItemPart::Field("title".to_owned())));
    check("{\"text\":\"new 1\"}", "{\"shell\":\"rm\"}", item(ItemPart::Field("change".to_owned())));
    check("\"do\":\"change\"", "\"do\":\"burn\"", item(ItemPart::Action));
    check("\"id\":\"1\"", "\"id\":\"\"", item(ItemPart::Before));
    assert_eq!(read_plan("{", &MANIFEST).err(), Some(PlanProblem::NotJson { line: 1, column: 1 }));
    let id = document.find("\"id\":\"").map(|at| at + 6).unwrap_or_default();
    let short =
        format!("{}x{}", document.get(..id).unwrap_or_default(), document.get(id..).unwrap_or_default());
    assert_eq!(read_plan(&short, &MANIFEST).err(), Some(PlanProblem::NotAPlan));
}

#[test]
fn every_state_reads_back_as_it_was_written() {
    let failure = Failure { code: "forbidden".to_owned(), status: Some(403), message: "no".to_owned() };
    let asked = vec![Asked {
        field: FieldId::LIMIT,
        asked: Value::Limit(Limit::Of(5)),
        got: Value::Limit(Limit::Of(9)),
    }];
    let notices = vec![Notice::LookedUp, Notice::SeveralMatch(2), Notice::SecretLost, Notice::NotReadBack];
    let key = Some(KeyId("7".to_owned()));
    for state in [
        ItemState::Waiting,
        ItemState::Sent,
        ItemState::Done { key, asked, notices },
        ItemState::Failed(failure.clone()),
        ItemState::Unknown(failure),
        ItemState::Skipped(Skip::AlreadySo),
        ItemState::Skipped(Skip::Gone),
        ItemState::Skipped(Skip::Cancelled),
        ItemState::Skipped(Skip::Moved(vec![FieldId::TITLE, FieldId::LIMIT])),
    ] {
        let written = record::item(&state, Some(&[KeyId("1".to_owned())]), true);
        let read = record::read_item(&written, &MANIFEST).unwrap_or_else(|| panic!("{written}"));
        assert_eq!(read.state, state, "{written}");
    }
    assert!(record::read_item("{\"state\":\"dancing\"}", &MANIFEST).is_none());
    assert!(record::read_item("", &MANIFEST).is_none());
}

/// A value of a key is in no plan, store or receipt: not the listed key's, not the one that a refusal repeats, not one
/// that was typed for a new key, and neither is the token.
#[test]
fn no_value_and_no_token_is_ever_written_down() {
    const VALUE: &str = "12ba12bc-effd-4a2e-8234-12345ac12345";
    let scene = Scene::new(6);
    let mut plan = scene.plan(What::Disable);
    for it in plan.items.iter_mut().filter_map(|it| it.before.as_mut()) {
        it.value = Some(Secret::new(VALUE.to_owned()));
    }
    assert!(!plan_json(&plan).contains(VALUE));
    scene.machine.trouble(1, Trouble::Says(409, VALUE));
    scene.machine.trouble(4, Trouble::Says(400, VALUE));
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(plan);
    tab.run(&job);
    assert_eq!(job.counts().failed + job.counts().unknown, 2, "{:?}", job.counts());
    let kept = scene.machine.disk.all();
    let receipt = job.receipt();
    let texts = kept.values().chain(kept.keys()).cloned().chain([receipt.json(), receipt.csv()]);
    let all: String = texts.collect();
    assert!(all.contains("•••"), "the refusals are there");
    for secret in [VALUE, "12ba12bc", "canary-token", "00000001-0000"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[test]
fn a_value_typed_for_a_new_key_is_not_kept_and_said_to_be_missing() {
    let field = solifyn::MANIFEST.form(false).find(|it| matches!(it.kind, crate::systems::FieldKind::Secret));
    let field = field.unwrap_or_else(|| panic!("it has one")).id;
    let new = Fields::new().with(field, text("CUSTOM-ACME-11"));
    let item = Item::new(None, "a", Wanted::Created(new));
    let plan = Plan::new("test", System::of(&solifyn::MANIFEST).id(), Kind::Create, "ada", vec![item]);
    let document = plan_json(&plan);
    assert!(!document.contains("CUSTOM-ACME"), "{document}");
    let back = read_plan(&document, &solifyn::MANIFEST).unwrap_or_else(|err| panic!("{err:?} in {document}"));
    let Some(first) = back.items.first() else { panic!("one item") };
    assert!(crate::journal::bulk::plan_file::is_withheld(&solifyn::MANIFEST, first));
    assert!(!crate::journal::bulk::plan_file::is_withheld(&solifyn::MANIFEST, &plan.items[0]));
    assert_eq!(plan_json(&back), document);
}

#[test]
fn a_receipt_is_a_table_without_formulas() {
    let scene = Scene::new(3);
    let mut plan = scene.plan(What::Disable);
    for (item, title) in plan.items.iter_mut().zip(["=HYPERLINK(\"x\")", "a, \"b\"", "+1"]) {
        item.title = title.to_owned();
    }
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(plan);
    tab.run(&job);
    let csv = job.receipt().csv();
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(lines.len(), 5, "{csv}");
    assert!(
        csv.contains("\"'=HYPERLINK(\"\"x\"\")\"")
            && csv.contains("\"a, \"\"b\"\"\"")
            && csv.contains("\"'+1\"")
    );
    for cell in ["ada", "disable", "done", "test"] {
        assert!(lines[1].split(',').any(|it| it == cell), "{cell} in {csv}");
    }
    let json: serde_json::Value = serde_json::from_str(&job.receipt().json()).unwrap_or_default();
    assert_eq!(json.pointer("/counts/done"), Some(&3.into()));
    assert_eq!(json.pointer("/items/0/result"), Some(&"done".into()));
    assert_eq!(json.pointer("/who"), Some(&"ada".into()));
}

fn undo(scene: &Scene, tab: &mut Tab, job: &Job) -> (Job, Vec<Loss>) {
    let undo = tab.journal.jobs().undo(job);
    assert_eq!(undo.plan.undoes.as_ref(), Some(&job.plan().id));
    let losses = undo.cannot.iter().map(|(_, loss)| *loss).collect();
    let back = tab.journal.jobs().start(undo.plan);
    tab.world.settle();
    tab.run(&back);
    drop(scene.machine.disk.all());
    (back, losses)
}

#[test]
fn undo_brings_former_values_back() {
    for what in [What::Disable, What::Rename] {
        let scene = Scene::new(10);
        let was: Vec<_> =
            scene.service.rows.borrow().iter().map(|it| (it.title.clone(), it.disabled)).collect();
        let mut tab = scene.machine.tab(None);
        let job = scene.start(&mut tab, what);
        assert_eq!(ends(&job), (10, 0, 0, 0));
        let (back, losses) = undo(&scene, &mut tab, &job);
        assert_eq!((ends(&back), losses.len()), ((10, 0, 0, 0), 0), "{what:?}");
        let is: Vec<_> =
            scene.service.rows.borrow().iter().map(|it| (it.title.clone(), it.disabled)).collect();
        assert_eq!(was, is);
    }
}

#[test]
fn undo_leaves_alone_what_was_changed_since() {
    let scene = Scene::new(10);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Rename);
    scene
        .service
        .rows
        .borrow_mut()
        .iter_mut()
        .filter(|it| it.id == 4)
        .for_each(|it| it.title = "theirs".to_owned());
    let (back, _) = undo(&scene, &mut tab, &job);
    assert_eq!(ends(&back), (9, 0, 1, 0));
    let kept = scene.service.rows.borrow().iter().any(|it| it.title == "theirs");
    assert!(kept);
}

/// Which keys an undo would change, and how many it leaves to others.
fn left(tab: &Tab, job: &Job) -> (Vec<String>, usize) {
    let undo = tab.journal.jobs().undo(job);
    (undo.plan.items.iter().map(|it| it.title.clone()).collect(), undo.taken)
}

#[test]
fn what_an_undo_left_is_taken_back_by_the_next() {
    let scene = Scene::new(10);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Disable);
    scene.service.faults.borrow_mut().extend([403; 3].map(Fault::Status));
    let (first, _) = undo(&scene, &mut tab, &job);
    assert_eq!(ends(&first), (7, 3, 0, 0));
    let (rest, taken) = left(&tab, &job);
    assert_eq!((rest.len(), taken), (3, 7));
    let (second, _) = undo(&scene, &mut tab, &job);
    assert_eq!(ends(&second), (3, 0, 0, 0));
    assert!(scene.service.rows.borrow().iter().all(|it| !it.disabled));
    assert_eq!(left(&tab, &job), (Vec::new(), 10));
}

#[test]
fn an_undo_that_was_stopped_can_be_gone_on_with() {
    let scene = Scene::new(20);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Rename);
    scene.machine.latency_ms.set(50);
    let back = tab.journal.jobs().start(tab.journal.jobs().undo(&job).plan);
    tab.world.pass(50);
    // It is about to take back all of them.
    assert_eq!(left(&tab, &job), (Vec::new(), 20));
    back.cancel();
    tab.run(&back);
    let done = back.counts().done;
    assert!((1..20).contains(&done), "{:?}", back.counts());
    let (rest, taken) = left(&tab, &job);
    assert_eq!((rest.len(), taken), (20 - done, done));
}

#[test]
fn what_an_undo_did_and_another_took_back_can_be_undone_again() {
    let scene = Scene::new(5);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Disable);
    let (back, _) = undo(&scene, &mut tab, &job);
    assert_eq!(left(&tab, &job).1, 5);
    undo(&scene, &mut tab, &back);
    assert!(scene.service.rows.borrow().iter().all(|it| it.disabled));
    assert_eq!((left(&tab, &job).0.len(), left(&tab, &back)), (5, (Vec::new(), 5)));
}

/// Tried again from two places, there would be two keys in the place of one.
#[test]
fn a_key_is_made_again_from_one_place() {
    let scene = Scene::new(3);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Remove);
    assert_eq!(left(&tab, &job).0.len(), 3);
    scene.service.faults.borrow_mut().push(Fault::Status(403));
    let (back, _) = undo(&scene, &mut tab, &job);
    assert_eq!(ends(&back), (2, 1, 0, 0));
    assert_eq!(left(&tab, &job), (Vec::new(), 3));
    // What was made again is deleted: then it may be made once more.
    undo(&scene, &mut tab, &back);
    assert_eq!((left(&tab, &job).0.len(), left(&tab, &job).1), (2, 1));
}

/// What is kept may be written by anybody.
#[test]
fn undoing_in_a_circle_comes_to_an_end() {
    let scene = Scene::new(1);
    let mut tab = scene.machine.tab(None);
    let [mut one, mut two] = [What::Disable, What::Disable].map(|it| scene.plan(it));
    (one.undoes, two.undoes) = (Some(two.id.clone()), Some(one.id.clone()));
    let jobs = [one, two].map(|it| tab.journal.jobs().start(it));
    tab.world.settle();
    for job in jobs {
        tab.run(&job);
        drop(left(&tab, &job));
    }
}

#[test]
fn undo_of_new_keys_deletes_them_and_says_what_goes_with_them() {
    let scene = Scene::new(4);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Create);
    assert_eq!(scene.service.rows.borrow().len(), 8);
    let (back, losses) = undo(&scene, &mut tab, &job);
    assert_eq!((ends(&back), losses), ((4, 0, 0, 0), vec![Loss::Used; 4]));
    assert_eq!(scene.service.rows.borrow().len(), 4);
}

#[test]
fn undo_of_a_deletion_makes_new_keys_and_says_that_they_are_others() {
    let scene = Scene::new(3);
    let mut tab = scene.machine.tab(None);
    let plan = scene.plan(What::Remove);
    let job = tab.journal.jobs().start(plan);
    tab.run(&job);
    let undo = tab.journal.jobs().undo(&job);
    assert!(undo.cannot.iter().all(|(_, loss)| matches!(loss, Loss::Remade | Loss::Gone)));
    assert_eq!(undo.cannot.len(), 3);
}

/// Undo of a field goes back to what it was, and its plan expects what the service made of the change.
#[test]
fn undo_knows_pushes_lists_and_substitutions() {
    let mut before = as_listed(7, "a", false);
    let tags = Value::Refs(vec![Ref::of("1"), Ref::of("2")]);
    let (tag, apply) = (crate::systems::qualys_gateway::TAGS, crate::systems::qualys_gateway::APPLY);
    before.fields.set(tag, tags);
    let list = Delta::List { add: vec!["3".to_owned()], remove: vec!["1".to_owned()] };
    let change = Change(vec![
        (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(5)))),
        (tag, list),
        (apply, Delta::Set(Value::Flag(true))),
        (FieldId::EXPIRES, Delta::Set(Value::Nothing)),
    ]);
    let item = Item::new(Some(before), "a", Wanted::Changed(change));
    let plan = Plan::new("test", MANIFEST.id, Kind::Change, "ada", vec![item]);
    let scene = Scene::new(1);
    let tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(plan);
    let asked = vec![Asked {
        field: FieldId::LIMIT,
        asked: Value::Limit(Limit::Of(5)),
        got: Value::Limit(Limit::Of(9)),
    }];
    job.0.set(0, ItemState::Done { key: None, asked, notices: Vec::new() });
    let undo = tab.journal.jobs().undo(&job);
    let losses: Vec<_> = undo.cannot.iter().map(|(_, loss)| *loss).collect();
    assert_eq!(losses, [Loss::Pushed, Loss::NotTold(FieldId::EXPIRES)]);
    let Some(Item { before: Some(now), wanted: Wanted::Changed(back), .. }) = undo.plan.items.first() else {
        panic!("a change back")
    };
    assert_eq!(now.limit(), Some(Limit::Of(9)));
    assert_eq!(back.set(FieldId::LIMIT), Some(&Value::Limit(Limit::Unlimited)));
    assert_eq!(back.list(tag), (&["1".to_owned()][..], &["3".to_owned()][..]));
    assert_eq!(now.fields.refs(tag), [Ref::of("2"), Ref::of("3")]);
}
