//! Every shape of seed 004 and of the reference is read, every request is written, and each write stands each fault.

use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::fixtures::{ME, OTHER, SYSTEM, State, TENANT_ID, TOKEN, sample, scene, scene_of, with};
use super::people::People;
use super::wire::ApiKeyWire;
use super::*;
use crate::domain::{Coverage, Ended, Fields, Key, KeyId, PageOf, Ref, Secret, Timestamp, Value};
use crate::http::testing::{World, answer};
use crate::http::{ApiError, Cancel, ErrorKind, Http};
use crate::journal::bulk::tests::under::Bulk;
use crate::journal::bulk::{Item, ItemState, Skip, Wanted};
use crate::journal::{Notice, Outcome, PlannedUpdate};
use crate::systems::qualys_gateway::fixtures::Anybody;
use crate::systems::testing::{BASE, Fault, Scene, Service};
use crate::systems::{
    Act, Call, Change, Client as AnyClient, Created, Delta, Draft, Input, Order, Problem, Removal,
    SearchRequest, exceeded, plan_change, read_draft,
};

fn read(json: Json) -> Result<Key, &'static str> {
    serde_json::from_value::<ApiKeyWire>(json).map_err(|_| "shape")?.into_key(&People::default())
}

fn moment(text: &str) -> Value {
    Value::Moment(Timestamp::parse(text).unwrap())
}

fn id(text: &str) -> KeyId {
    KeyId(text.to_owned())
}

fn new_key(draft: Draft) -> Fields {
    read_draft(&MANIFEST, &draft, None, Timestamp(0)).unwrap()
}

fn named(title: &str) -> Draft {
    Draft::default().with_text(FieldId::TITLE, title)
}

#[test]
fn every_documented_field_of_a_key_is_read() {
    let key = read(sample()).unwrap();
    assert_eq!(key.id, id("6e1f3b1c-0f0a-4c6e-9d31-6d3f1f3e2a01"));
    assert!(key.value.is_none() && !key.disabled && key.ended.is_none());
    assert_eq!(key.title(), "Nightly reload");
    let told = |field| key.fields.get(field).unwrap();
    assert_eq!(told(FieldId::OWNER), &Value::Ref(Ref::of(ME)));
    assert_eq!(told(FieldId::CREATOR), &Value::Ref(Ref::of(ME)));
    assert_eq!(told(FieldId::EXPIRES), &moment("2027-11-21T12:00:00Z"));
    assert_eq!(told(FieldId::CREATED), &moment("2026-11-21T12:00:00Z"));
    assert_eq!(told(UPDATED), &moment("2026-11-21T12:30:00Z"));
    assert_eq!((key.fields.text(TENANT), key.fields.text(SUB_TYPE)), (TENANT_ID, "user"));
    assert_eq!(
        (key.fields.text(SUB), key.fields.text(CREATED_BY), key.fields.text(STATUS)),
        (ME, ME, "active")
    );
    assert_eq!(key.fields.get(PROVIDER), None);
}

#[test]
fn what_is_optional_may_be_absent_and_what_is_required_may_not() {
    let mut json = sample();
    json.as_object_mut().unwrap().retain(|name, _| !["created", "lastUpdated"].contains(&name.as_str()));
    assert_eq!(read(json).unwrap().fields.get(FieldId::CREATED), Some(&Value::Nothing));
    for field in ["id", "tenantId", "description", "status", "sub", "subType", "expiry", "createdByUser"] {
        let mut json = sample();
        json.as_object_mut().unwrap().remove(field);
        assert_eq!(read(json).err(), Some("shape"), "{field}");
    }
    assert_eq!(read(with(json!({ "expiry": "P7D" }))).err(), Some("expiry"));
}

#[test]
fn each_status_is_read_and_an_unknown_one_is_no_key_that_works() {
    let ended = |word: &str| read(with(json!({ "status": word }))).map(|it| it.ended);
    assert_eq!(ended("active"), Ok(None));
    assert_eq!(ended("expired"), Ok(Some(Ended::Expired)));
    assert_eq!(ended("revoked"), Ok(Some(Ended::Revoked)));
    assert_eq!(ended("paused"), Err("status"));
}

#[test]
fn a_scim_subject_is_one_whichever_way_its_backslash_came() {
    for sub in [r"SCIM\5f1", r"SCIM\\5f1"] {
        let key = read(with(json!({ "sub": sub, "subType": "externalClient" }))).unwrap();
        assert_eq!(key.fields.refs(PROVIDER), [Ref::of(r"SCIM\5f1")]);
        assert_eq!(key.fields.refs(FieldId::OWNER), [Ref::of(sub)]);
    }
}

/// The command shows method, path, headers and body exactly as they are sent.
#[track_caller]
fn check_call(call: &Call, method: &str, path: &str, body: Option<&str>) {
    let client = scene().client;
    let method = if method == "GET" { String::new() } else { format!("--request {method} ") };
    let body = body.map(|it| format!(" --header 'Content-Type: application/json' --data-raw '{it}'"));
    let want = format!(
        "curl {method}'{BASE}{path}' --header \"Authorization: Bearer $TOKEN\"{}",
        body.unwrap_or_default()
    );
    assert_eq!(client.curl(call).unwrap(), want);
}

fn search(query: &str) -> SearchRequest {
    SearchRequest { query: query.to_owned(), order: Order::CREATED, descending: true, page: 0, size: 25 }
}

#[test]
fn a_create_is_written_as_documented() {
    let keys = "api/v1/api-keys";
    let check =
        |draft: Draft, body: &str| check_call(&Call::Create(new_key(draft)), "POST", keys, Some(body));
    check(named("CI"), r#"{"description":"CI"}"#);
    check(
        named("CI").with_text(EXPIRY, "P7D").with_text(SUB_TYPE, "user").with_text(FieldId::OWNER, ME),
        r#"{"description":"CI","expiry":"P7D","sub":"64ef645a3b7009d55dee5a2b","subType":"user"}"#,
    );
    check(
        named("S").with_text(SUB_TYPE, "externalClient").with_text(PROVIDER, r"SCIM\5f1"),
        r#"{"description":"S","sub":"SCIM\\5f1","subType":"externalClient"}"#,
    );
    // How patient a create is concerns nobody but the console.
    check(named("CI").with_text(RETRY, "3").with_text(INTERVAL, "2"), r#"{"description":"CI"}"#);
}

#[test]
fn other_calls_are_written_as_documented() {
    let one = "api/v1/api-keys/mine";
    check_call(&Call::Get(id("mine")), "GET", one, None);
    check_call(&Call::Delete(id("mine")), "DELETE", one, None);
    let rename = Change(vec![(FieldId::TITLE, Delta::Set(Value::Text("New".to_owned())))]);
    let body = r#"[{"op":"replace","path":"/description","value":"New"}]"#;
    check_call(&Call::Update(id("mine"), rename), "PATCH", one, Some(body));
    let list = "api/v1/api-keys?limit=100&sort=-created";
    check_call(&Call::Search(search("")), "GET", list, None);
    let filtered = [list, "&status=active&sub=SCIM%5C5f1&createdByUser=", ME].concat();
    let query = format!("status: ACTIVE AND sub: `SCIM\\5f1` AND createdByUser: {ME} AND description: x");
    check_call(&Call::Search(search(&query)), "GET", &filtered, None);
    let settings = Change(vec![
        (MAX_KEYS, Delta::Set(Value::Number(9))),
        (MAX_EXPIRY, Delta::Set(Value::Text("P30D".to_owned()))),
        (SCIM_EXPIRY, Delta::Set(Value::Text("P90D".to_owned()))),
        (ENABLED, Delta::Set(Value::Flag(true))),
    ]);
    let body = r#"[{"op":"replace","path":"/max_keys_per_user","value":9},{"op":"replace","path":"/max_api_key_expiry","value":"P30D"},{"op":"replace","path":"/scim_externalClient_expiry","value":"P90D"},{"op":"replace","path":"/api_keys_enabled","value":true}]"#;
    check_call(
        &Call::Act(Act::SetSettings(settings)),
        "PATCH",
        "api/v1/api-keys/configs/{tenantId}",
        Some(body),
    );
}

#[test]
fn the_form_asks_for_what_belongs_to_the_subject() {
    let missing = |draft: Draft| -> Vec<FieldId> {
        let errors = read_draft(&MANIFEST, &draft, None, Timestamp(0)).err().unwrap_or_default();
        errors.iter().map(|it| it.field).collect()
    };
    assert_eq!(missing(Draft::default()), [FieldId::TITLE]);
    assert_eq!(missing(named("x")), []);
    assert_eq!(missing(named("x").with_text(SUB_TYPE, "user")), [FieldId::OWNER]);
    assert_eq!(missing(named("x").with_text(SUB_TYPE, "externalClient")), [PROVIDER]);
    assert_eq!(missing(named("x").with_text(EXPIRY, "7 days")), [EXPIRY]);
    assert_eq!(missing(named("x").with_text(RETRY, "11")), [RETRY]);
    assert_eq!(missing(named("x").with_text(RETRY, "1").with_text(INTERVAL, "0")), [INTERVAL]);
    // Without retries there is nothing between them.
    assert_eq!(missing(named("x").with_text(INTERVAL, "0")), []);
}

#[test]
fn another_like_it_has_the_same_subject_and_nothing_of_its_time() {
    let scim = read(with(json!({ "sub": r"SCIM\\5f1", "subType": "externalClient" }))).unwrap();
    let draft = Draft::like(&MANIFEST, &scim);
    assert_eq!((draft.text(PROVIDER), draft.text(EXPIRY)), (r"SCIM\5f1", ""));
    let new = new_key(draft.with_text(FieldId::TITLE, "again"));
    assert_eq!(new.get(FieldId::OWNER), None);
}

fn ask(scene: &mut Scene<State>, query: &str) -> Result<PageOf<Key>, ApiError> {
    let (client, request) = (scene.client.clone(), search(query));
    scene.run(async move { client.search(&request, &Cancel::new()).await })
}

fn titles(scene: &mut Scene<State>, query: &str) -> Vec<String> {
    ask(scene, query).unwrap().items.iter().map(|it| it.title().to_owned()).collect()
}

#[test]
fn filters_run_on_the_server_and_the_rest_here() {
    let mut scene = scene();
    assert_eq!(titles(&mut scene, "status: active AND description: their"), ["Their key"]);
    assert_eq!(titles(&mut scene, "owner: ada"), ["Nightly reload"]);
    assert_eq!(titles(&mut scene, "creator: bo OR status: revoked"), ["Their key"]);
    assert_eq!(titles(&mut scene, "type: user AND expires > 2027-01-01").len(), 2);
    assert_eq!(titles(&mut scene, "NOT status: active"), [""; 0]);
    let log = scene.service.log.borrow();
    let lists: Vec<&str> = log.iter().filter(|it| it.contains("api-keys")).map(|it| it.trim()).collect();
    assert_eq!(lists[0], "GET api/v1/api-keys?limit=100&sort=-created&status=active");
    assert_eq!(lists[1], "GET api/v1/api-keys?limit=100&sort=-created");
}

#[test]
fn names_of_people_are_asked_for_once() {
    let mut scene = scene();
    let page = ask(&mut scene, "").unwrap();
    let owners: Vec<Option<String>> =
        page.items.iter().flat_map(|it| it.fields.refs(FieldId::OWNER)).map(|it| it.name.clone()).collect();
    assert_eq!(owners, [Some("Ada".to_owned()), Some("Bo".to_owned())]);
    scene.client.forget();
    ask(&mut scene, "").unwrap();
    let lookups = scene.service.log.borrow().iter().filter(|it| it.contains("users?")).count();
    assert_eq!(lookups, 1);
}

#[test]
fn pages_are_followed_by_their_links() {
    let keys = (0..250).map(|at| with(json!({ "id": format!("k{at}") }))).collect();
    let mut scene = scene_of(State { keys, ..State::default() });
    let page = ask(&mut scene, "").unwrap();
    assert_eq!(page.total, 250);
    assert!(matches!(page.coverage, Coverage::Held { loaded: 250, complete: true, .. }));
    let log = scene.service.log.borrow();
    assert!(log.iter().any(|it| it.starts_with("GET api/v1/api-keys?limit=100&startingAfter=k199")));
}

#[test]
fn a_link_to_another_origin_is_not_followed() {
    for origin in ["https://elsewhere.example/", "http://h/", "https://h.example/"] {
        let keys = (0..101).map(|at| with(json!({ "id": format!("k{at}") }))).collect();
        let mut scene = scene_of(State { keys, origin, ..State::default() });
        let err = ask(&mut scene, "").err().unwrap();
        assert_eq!(err.kind, ErrorKind::Malformed, "{origin}");
        let lists = scene.service.log.borrow().iter().filter(|it| it.contains("api-keys")).count();
        assert_eq!(lists, 1, "{origin}");
    }
}

#[test]
fn who_may_not_list_everybody_gets_their_own() {
    let mut scene = scene();
    scene.service.state.borrow_mut().is_admin = false;
    assert_eq!(titles(&mut scene, ""), ["Nightly reload"]);
    scene.client.forget();
    assert_eq!(titles(&mut scene, ""), ["Nightly reload"]);
    let refused = ask(&mut scene, &format!("sub: {OTHER}")).err().unwrap();
    assert_eq!((refused.kind, refused.trace.as_deref()), (ErrorKind::Forbidden, Some("4f1c")));
    let log = scene.service.log.borrow();
    let whole = log.iter().filter(|it| it.trim().ends_with("sort=-created")).count();
    assert_eq!(whole, 1, "the refusal is remembered");
}

#[test]
fn what_removing_does_depends_on_who_asks() {
    let removals = |is_admin: bool| {
        let mut scene = scene();
        scene.service.state.borrow_mut().is_admin = is_admin;
        let client = scene.client.clone();
        scene.run(async move {
            let mut res = Vec::new();
            for name in ["mine", "theirs"] {
                res.push(client.removal(&client.get(&id(name), &Cancel::new()).await.unwrap()));
            }
            res
        })
    };
    assert_eq!(removals(true), [Removal::Delete, Removal::Revoke]);
    assert_eq!(removals(false), [Removal::Delete, Removal::Delete]);
}

#[test]
fn pickers_offer_people_and_providers() {
    let mut scene = scene();
    let mut offers = |picker, typed: &'static str| {
        let client = scene.client.clone();
        let offers = scene.run(async move { client.offers(picker, typed, &Cancel::new()).await }).unwrap();
        offers.into_iter().map(|it| (it.id, it.name, it.note)).collect::<Vec<_>>()
    };
    let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(offers(USERS, "").len(), 2);
    assert_eq!(offers(USERS, "Bo"), [three(OTHER, "Bo", "bo@example.com")]);
    let okta = three(r"SCIM\5f1", "Okta of the company", r"SCIM\5f1");
    let azure = three(r"SCIM\5f2", "azureAD", r"SCIM\5f2");
    assert_eq!(offers(PROVIDERS, ""), [okta.clone(), azure.clone()]);
    assert_eq!(offers(PROVIDERS, "OKTA"), [okta]);
    assert_eq!(offers(PROVIDERS, r"scim\5f2"), [azure]);
}

#[test]
fn what_is_typed_is_never_code_of_a_filter() {
    let filter = super::people::typed_filter(r#"a" or id pr or name co "\"#);
    let text = r#"a\" or id pr or name co \"\\"#;
    assert_eq!(filter, format!(r#"name co "{text}" or email co "{text}" or id eq "{text}""#));
    let odd = [r#"x" or id pr"#, r"a\b", "", "plain"];
    assert_eq!(People::default().unknown(odd.into_iter()), ["plain"]);
}

#[test]
fn the_value_is_told_once_and_is_nowhere_else() {
    let mut scene = scene();
    let (journal, new) = (scene.journal.clone(), new_key(named("CI")));
    let outcome = scene.run(async move { journal.create(&new, |_| ()).await });
    let Outcome::Done { key: Some(key), raw, asked, notices } = outcome else { panic!("done") };
    assert!(key.value.as_ref().unwrap().is(TOKEN));
    assert!(
        !raw.contains(TOKEN) && raw.contains("eyJh••••••••dXJl") && raw.contains("\"description\":\"CI\"")
    );
    assert!(asked.is_empty() && notices.is_empty());
    let client = scene.client.clone();
    let read = scene.run(async move { client.get(&key.id, &Cancel::new()).await }).unwrap();
    assert!(read.value.is_none());
}

#[test]
fn a_token_is_taken_out_of_an_answer_in_any_spelling() {
    for text in [
        format!(r#"{{"id":"1","token":"{TOKEN}"}}"#),
        format!(r#"{{"token":"\u0065{}"}}"#, &TOKEN[1..]),
        format!("{{ \"token\" : \"{}\" }}", TOKEN.replace('.', "\\u002e")),
    ] {
        let token = serde_json::from_str::<Json>(&text).unwrap()["token"].as_str().unwrap().to_owned();
        let mut key = Key::new("1");
        key.value = Some(Secret::new(token));
        let shown = Created::of(key, &text).raw;
        let json: Json = serde_json::from_str(&shown).unwrap();
        assert_eq!(json["token"], "eyJh••••••••dXJl", "{shown}");
        assert!(!shown.contains("eyJzdWIiOiJtZSJ9"));
    }
}

#[test]
fn a_create_is_sent_once_and_found_when_its_answer_is_lost() {
    for (fault, want) in [
        (None, ("done", 1)),
        (Some(Fault::DropAfter), ("done", 1)),
        (Some(Fault::DropBefore), ("not done", 0)),
        (Some(Fault::Status(500)), ("not done", 0)),
        (Some(Fault::Status(400)), ("refused", 0)),
        (Some(Fault::Status(403)), ("refused", 0)),
        (Some(Fault::Status(429)), ("refused", 0)),
    ] {
        let mut scene = scene();
        fault.into_iter().for_each(|it| scene.fault(it));
        let (journal, new) = (scene.journal.clone(), new_key(named("CI")));
        assert_eq!(scene.write(async move { journal.create(&new, |_| ()).await }), want, "{fault:?}");
    }
}

#[test]
fn a_key_whose_value_was_lost_is_known_for_it() {
    let mut scene = scene();
    scene.fault(Fault::DropAfter);
    let (journal, new) = (scene.journal.clone(), new_key(named("CI").with_text(RETRY, "10")));
    let outcome = scene.run(async move { journal.create(&new, |_| ()).await });
    let Outcome::Done { key: Some(key), notices, .. } = outcome else { panic!("done") };
    assert!(key.value.is_none());
    assert_eq!(notices, [Notice::LookedUp, Notice::SecretLost]);
    assert_eq!(scene.service.writes(), 1, "a lost answer is never a reason to send again");
}

#[test]
fn a_rename_is_sent_once_and_looked_up() {
    for (fault, want) in [
        (None, ("done", 1)),
        (Some(Fault::DropAfter), ("done", 1)),
        (Some(Fault::DropBefore), ("not done", 0)),
        (Some(Fault::Status(502)), ("not done", 0)),
        (Some(Fault::Status(400)), ("refused", 0)),
        (Some(Fault::Status(404)), ("gone", 0)),
    ] {
        let mut scene = scene();
        fault.into_iter().for_each(|it| scene.fault(it));
        let (journal, client) = (scene.journal.clone(), scene.client.clone());
        let update = async move {
            let read = client.get(&id("mine"), &Cancel::new()).await.unwrap();
            let draft = Draft::of(&MANIFEST, &read).with(FieldId::TITLE, Input::Text("New".to_owned()));
            let wanted = read_draft(&MANIFEST, &draft, Some(&read), Timestamp(0)).unwrap();
            let change = plan_change(&MANIFEST, &read, &wanted);
            journal.update(PlannedUpdate { read: &read, wanted: &wanted, change: &change }, |_| ()).await
        };
        assert_eq!(scene.write(update), want, "{fault:?}");
    }
}

#[test]
fn a_removal_is_sent_once_and_looked_up_whichever_of_the_two_it_is() {
    for (name, there) in [("mine", false), ("theirs", true)] {
        for (fault, want) in [
            (None, ("done", 1)),
            (Some(Fault::DropAfter), ("done", 1)),
            (Some(Fault::DropBefore), ("not done", 0)),
            (Some(Fault::Status(503)), ("not done", 0)),
            (Some(Fault::Status(403)), ("refused", 0)),
        ] {
            let mut scene = scene();
            fault.into_iter().for_each(|it| scene.fault(it));
            let journal = scene.journal.clone();
            let removal = async move { journal.delete(&id(name), |_| ()).await };
            assert_eq!(scene.write(removal), want, "{name} {fault:?}");
            let state = scene.service.state.borrow();
            let left = state.keys.iter().find(|it| it["id"] == name).map(|it| it["status"].clone());
            let want = if want.1 == 0 { Some(json!("active")) } else { there.then(|| json!("revoked")) };
            assert_eq!(left, want, "{name} {fault:?}");
        }
    }
}

#[test]
fn settings_are_read_changed_once_and_looked_up() {
    let change = || {
        let days = Value::Text("P30D".to_owned());
        Act::SetSettings(Change(vec![
            (MAX_KEYS, Delta::Set(Value::Number(9))),
            (MAX_EXPIRY, Delta::Set(days)),
        ]))
    };
    for (fault, want) in [
        (None, ("done", 1)),
        (Some(Fault::DropAfter), ("done", 1)),
        (Some(Fault::DropBefore), ("not done", 0)),
        (Some(Fault::Status(500)), ("not done", 0)),
        (Some(Fault::Status(403)), ("refused", 0)),
    ] {
        let mut scene = scene();
        fault.into_iter().for_each(|it| scene.fault(it));
        let (journal, act) = (scene.journal.clone(), change());
        assert_eq!(scene.write(async move { journal.act(&act, |_| ()).await }), want, "{fault:?}");
        let client = scene.client.clone();
        let now = scene.run(async move { client.settings(&Cancel::new()).await }).unwrap();
        assert_eq!(now.number(MAX_KEYS), Some(if want.1 == 1 { 9 } else { 5 }));
        assert_eq!(now.text(SCIM_EXPIRY), "P365D");
        assert_eq!(now.get(ENABLED), None, "what the tenant does not tell is not made up");
    }
}

/// Whoever may not ask who it is may still read the tenant's configuration (3, `GET /tenants/me`).
#[test]
fn the_tenant_is_asked_for_where_the_account_does_not_name_it() {
    let mut it = Patience::new();
    let client = it.client.clone();
    let settings =
        it.world.start(async move { client.settings(&Cancel::new()).await.map(|it| it.number(MAX_KEYS)) });
    it.world.reply(0, answer(403, &[], r#"{"errors":[{"code":"X","title":"no"}]}"#));
    it.world.reply(1, answer(200, &[], &json!({ "id": TENANT_ID, "name": "Demo" }).to_string()));
    it.world.reply(2, answer(200, &[], r#"{"max_keys_per_user":7}"#));
    assert_eq!(settings.take(), Ok(Some(7)));
    let urls = ["users/me", "tenants/me", &format!("api-keys/configs/{TENANT_ID}")]
        .map(|it| format!("{BASE}api/v1/{it}"));
    assert_eq!(it.world.network.urls(), urls);
}

#[test]
fn a_setting_that_is_so_already_is_not_sent() {
    let mut scene = scene();
    let day = Value::Text("P1D".to_owned());
    let act = Act::SetSettings(Change(vec![(MAX_EXPIRY, Delta::Set(day))]));
    let journal = scene.journal.clone();
    assert_eq!(scene.write(async move { journal.act(&act, |_| ()).await }), ("done", 0));
}

#[test]
fn an_older_tenant_tells_whether_there_are_keys_at_all() {
    let mut scene = scene();
    scene.service.state.borrow_mut().config["api_keys_enabled"] = json!(false);
    let client = scene.client.clone();
    let now = scene.run(async move { client.settings(&Cancel::new()).await }).unwrap();
    assert_eq!(now.flag(ENABLED), Some(false));
}

#[test]
fn no_key_is_asked_to_live_longer_than_the_tenant_allows() {
    let mut scene = scene();
    let client = scene.client.clone();
    let maxima = scene.run(async move {
        client.limits(&Cancel::new()).await.unwrap();
        client.limits(&Cancel::new()).await
    });
    let maxima = maxima.unwrap();
    let reads = scene.service.log.borrow().iter().filter(|it| it.contains("configs")).count();
    assert_eq!(reads, 1, "read once");
    let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap();
    let over = |kind: &str, expiry: &str| {
        let draft = named("x").with_text(SUB_TYPE, kind).with_text(EXPIRY, expiry);
        let found = exceeded(&MANIFEST, &draft, &maxima, now);
        let said = |it: &crate::systems::FieldError| match &it.problem {
            Problem::Said(text) => (it.field, text.contains("PT24H") || text.contains("P365D")),
            _ => (it.field, false),
        };
        found.iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(over("", "P1D"), []);
    assert_eq!(over("", "P2D"), [(EXPIRY, true)]);
    assert_eq!(over("user", "PT25H"), [(EXPIRY, true)]);
    assert_eq!(over("externalClient", "P365D"), []);
    assert_eq!(over("externalClient", "P1Y1D"), [(EXPIRY, true)]);
    // A blank is the maximum itself, and what cannot be read is the form's own concern.
    assert_eq!(over("", ""), []);
    assert_eq!(over("", "soon"), []);
}

/// A create against a network that answers what the test says.
struct Patience {
    world: World,
    client: AnyClient,
}

impl Patience {
    fn new() -> Self {
        let world = World::new();
        let http = Http::new(BASE, world.network.clone(), world.timer.clone(), Rc::new(Anybody));
        Self { client: AnyClient::new(SYSTEM, http), world }
    }

    fn create(
        &mut self,
        retry: &str,
        interval: &str,
    ) -> crate::http::testing::Pending<Result<(), ErrorKind>> {
        let new = new_key(named("CI").with_text(RETRY, retry).with_text(INTERVAL, interval));
        let client = self.client.clone();
        self.world.start(async move { client.create_key(&new).await.map(|_| ()).map_err(|it| it.kind) })
    }
}

const LIMITED: &str = r#"{"errors":[{"code":"HTTP-429","title":"API rate limit reached.","detail":"You need to wait 13 seconds until limit is lifted."}]}"#;

#[test]
fn a_create_refused_for_its_rate_is_sent_again_after_the_wait() {
    let mut it = Patience::new();
    let made = it.create("2", "3");
    it.world.reply(0, answer(429, &[("retry-after", "13")], LIMITED));
    it.world.pass(12_900);
    assert_eq!(it.world.network.count(), 1, "not before the tenant allows it");
    it.world.pass(100);
    assert_eq!(it.world.network.count(), 2);
    it.world.reply(1, answer(503, &[("Retry-After", "1")], ""));
    it.world.pass(2_900);
    assert_eq!(it.world.network.count(), 2, "not before the reader's interval");
    it.world.pass(100);
    // It may have been made after all, so a look comes first.
    assert!(it.world.network.urls().last().is_some_and(|it| it.contains("api-keys?limit=")));
    it.world.ok(2, r#"{"data":[],"links":{}}"#);
    let mut made_key = sample();
    made_key["token"] = TOKEN.into();
    it.world.reply(3, answer(201, &[], &made_key.to_string()));
    assert_eq!(made.take(), Ok(()));
}

/// A service that was not there for a moment may have made the key. It was once made twice.
#[test]
fn a_key_that_a_refusal_left_behind_is_not_made_again() {
    let unavailable = || answer(503, &[("Retry-After", "1")], "");
    let mut it = Patience::new();
    let made = it.create("5", "1");
    it.world.reply(0, unavailable());
    it.world.pass(1_000);
    let page = json!({ "data": [with(json!({ "description": "CI" }))], "links": {} });
    it.world.ok(1, &page.to_string());
    assert_eq!((made.take(), it.world.network.count()), (Err(ErrorKind::Server), 2));
    // A look that fails tells nothing.
    let mut it = Patience::new();
    let made = it.create("5", "1");
    it.world.reply(0, unavailable());
    it.world.pass(1_000);
    it.world.reply(1, answer(403, &[], ""));
    it.world.reply(2, answer(403, &[], ""));
    assert_eq!((made.take(), it.world.network.count()), (Err(ErrorKind::Server), 3));
}

/// The last refusal was once told alone, and with it that nothing was made.
#[test]
fn a_doubt_is_not_forgotten_for_a_later_limit() {
    let mut it = Patience::new();
    let made = it.create("2", "1");
    it.world.reply(0, answer(503, &[("Retry-After", "1")], ""));
    it.world.pass(1_000);
    it.world.ok(1, r#"{"data":[],"links":{}}"#);
    it.world.reply(2, answer(429, &[], LIMITED));
    it.world.pass(1_000);
    it.world.reply(3, answer(429, &[], LIMITED));
    assert_eq!((made.take(), it.world.network.count()), (Err(ErrorKind::Server), 4));
}

#[test]
fn retries_end_and_are_asked_for() {
    let mut it = Patience::new();
    let made = it.create("", "");
    it.world.reply(0, answer(429, &[("retry-after", "13")], LIMITED));
    assert_eq!(made.take(), Err(ErrorKind::RateLimited));
    let mut it = Patience::new();
    let made = it.create("1", "");
    it.world.reply(0, answer(429, &[], LIMITED));
    it.world.pass(1_000);
    it.world.reply(1, answer(429, &[], LIMITED));
    assert_eq!((made.take(), it.world.network.count()), (Err(ErrorKind::RateLimited), 2));
    let mut it = Patience::new();
    let made = it.create("10", "");
    it.world.reply(0, answer(429, &[("retry-after", "121")], LIMITED));
    assert_eq!(made.take(), Err(ErrorKind::RateLimited), "so long a wait is the reader's decision");
}

#[test]
fn what_may_have_happened_is_never_sent_again() {
    for (status, headers, kind) in [
        (503, &[][..], ErrorKind::Server),
        (500, &[("Retry-After", "1")][..], ErrorKind::Server),
        (502, &[("Retry-After", "1")], ErrorKind::Server),
        (201, &[], ErrorKind::Malformed),
        (400, &[("Retry-After", "1")], ErrorKind::Invalid),
    ] {
        let mut it = Patience::new();
        let made = it.create("10", "1");
        it.world.reply(0, answer(status, headers, "<html>"));
        assert_eq!((made.take(), it.world.network.count()), (Err(kind), 1), "{status}");
    }
    let mut it = Patience::new();
    let made = it.create("10", "1");
    it.world.reply(0, Err(crate::http::TransportError::Failed));
    assert_eq!((made.take(), it.world.network.count()), (Err(ErrorKind::Network), 1));
}

fn commands(call: &Call) -> [String; 2] {
    let lines: Vec<String> = scene().client.command_lines(call).into_iter().map(|it| it.text).collect();
    lines.try_into().unwrap()
}

#[test]
fn the_vendors_tool_is_told_the_same() {
    let tail = r#" --server 'https://h' --headers "Authorization=Bearer $TOKEN""#;
    let check = |call: Call, want: &str| {
        let want = ["qlik api-key ", want].concat();
        let [posix, powershell] = commands(&call);
        assert_eq!(posix, [&want, tail].concat());
        assert_eq!(powershell, [&want, &*tail.replace("$TOKEN", "$env:TOKEN")].concat());
    };
    let draft = named("CI")
        .with_text(EXPIRY, "P7D")
        .with_text(SUB_TYPE, "externalClient")
        .with_text(PROVIDER, r"SCIM\5f1");
    check(
        Call::Create(new_key(draft.with_text(RETRY, "3").with_text(INTERVAL, "2"))),
        r"create --description 'CI' --expiry 'P7D' --sub 'SCIM\5f1' --subType 'externalClient' --retry '3' --interval '2'",
    );
    check(Call::Create(new_key(named("CI"))), "create --description 'CI'");
    check(Call::Get(id("mine")), "get 'mine'");
    check(Call::Delete(id("mine")), "rm 'mine'");
    let rename = Change(vec![(FieldId::TITLE, Delta::Set(Value::Text("New".to_owned())))]);
    check(Call::Update(id("mine"), rename), "patch 'mine' --op replace --path /description --value 'New'");
    check(
        Call::Search(search("status: active AND sub: u1")),
        "ls --status 'active' --sub 'u1' --sort '-created'",
    );
    let settings = Change(vec![(MAX_KEYS, Delta::Set(Value::Number(9)))]);
    check(
        Call::Act(Act::SetSettings(settings)),
        r#"config patch '{tenantId}' --body '[{"op":"replace","path":"/max_keys_per_user","value":9}]'"#,
    );
}

#[test]
fn no_description_is_code_and_no_command_lies() {
    let [posix, powershell] = commands(&Call::Create(new_key(named(r#"it's $(id) "now" ’"#))));
    assert!(posix.contains(r#"--description 'it'\''s $(id) "now" ’' --server"#), "{posix}");
    assert!(powershell.contains(r#"--description 'it''s $(id) "now" ’’' --server"#), "{powershell}");
    // The tool cannot ask what only the browser answers.
    assert!(scene().client.command_lines(&Call::Search(search("description: x"))).is_empty());
    assert!(scene().client.command_lines(&Call::Switch(id("mine"), true)).is_empty());
}

#[test]
fn a_file_fills_the_form() {
    let client = scene().client;
    let read = client.import_draft(r#"{"description":"From a file","expiry":"PT24H","note":1}"#).unwrap();
    assert_eq!(
        (read.draft, read.left_out),
        (named("From a file").with_text(EXPIRY, "PT24H"), vec!["note".to_owned()])
    );
}

const IDS: [&str; 4] = ["k1", "k2", "k3", "k4"];

fn many() -> Scene<State> {
    let keys = IDS.map(|id| with(json!({ "id": id, "sub": OTHER, "createdByUser": OTHER })));
    scene_of(State { keys: keys.to_vec(), ..State::default() })
}

#[test]
fn many_keys_are_removed_once_each() {
    let items = |scene: &mut Scene<State>| {
        let one = |id: &str| {
            let (client, id) = (scene.client.clone(), KeyId(id.to_owned()));
            let key = scene.run(async move { client.get(&id, &Cancel::new()).await }).unwrap();
            Item::new(Some(key), "", Wanted::Removed)
        };
        IDS.into_iter().map(one).collect()
    };
    let judge = |service: &Service<State>, states: &[ItemState], about: &str| {
        let state = service.state.borrow();
        for (id, item) in IDS.into_iter().zip(states) {
            let works = state.keys.iter().any(|it| it["id"] == id && it["status"] == "active");
            let times =
                service.log.borrow().iter().filter(|it| it.starts_with("!DELETE") && it.contains(id)).count();
            assert!(times <= 1, "{about}: {id} was removed {times} times");
            match item {
                ItemState::Done { .. } => assert!(!works && times == 1, "{about}: {id}"),
                ItemState::Skipped(Skip::AlreadySo) => assert!(!works, "{about}: {id}"),
                ItemState::Failed(_) => assert!(works && times == 0, "{about}: {id} {item:?}"),
                _ => panic!("{about}: {id} {item:?}"),
            }
        }
    };
    Bulk { system: SYSTEM, make: &many, items: &items, judge: &judge }.stands_everything();
}

/// A value that is told once is told to nobody in a bulk: the journal keeps none.
#[test]
fn many_keys_are_made_once_each() {
    let titles = ["new a", "new b", "new c"];
    let items = |_: &mut Scene<State>| {
        titles.map(|it| Item::new(None, it, Wanted::Created(new_key(named(it))))).to_vec()
    };
    let judge = |service: &Service<State>, states: &[ItemState], about: &str| {
        let state = service.state.borrow();
        for (title, item) in titles.into_iter().zip(states) {
            let times = state.keys.iter().filter(|it| it["description"] == title).count();
            match item {
                ItemState::Done { .. } => assert_eq!(times, 1, "{about}: {title}"),
                ItemState::Failed(_) => assert_eq!(times, 0, "{about}: {title} {item:?}"),
                _ => panic!("{about}: {title} {item:?}"),
            }
        }
    };
    Bulk { system: SYSTEM, make: &many, items: &items, judge: &judge }.stands_everything();
}
