//! Every shape of seed 003 and of the reference is read, every request is written, and each write stands each fault.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use serde_json::{Value as Json, json};

use super::wire::LicenseWire;
use super::*;
use crate::domain::{Ended, Fields, Key, KeyId, Limit, Ref, Timestamp, Value};
use crate::http::testing::World;
use crate::http::{Cancel, Method};
use crate::journal::PlannedUpdate;
use crate::journal::bulk::tests::under::Bulk;
use crate::journal::bulk::{Item, ItemState, Wanted};
use crate::systems::testing::{Fault, Reply, Scene, Service};
use crate::systems::{
    Act, ActionKind, Call, Change, Delta, Draft, Input, Order, SearchRequest, System, plan_change, read_draft,
};

const SYSTEM: System = System::of(&MANIFEST);

/// The values of seed 003.
fn sample() -> Json {
    json!({
        "id": "lic_hyQQhhNzfEuvv", "key": "A184-99C2-8CBE", "status": "ACTIVE", "businessId": "biz_345TUESrCDPvrb",
        "productId": "prod_hyQQhhNzfEuvv", "paymentId": "pay_3r2FgHXp9", "customerId": "cust_3r2FgHXp9",
        "activationLimit": 3, "activationMessage": "Thank you! Your license is now active.", "instancesCount": 1,
        "expiryHours": 720, "expiresAt": "2027-01-01T00:00:00.000Z", "filters": null, "archived": false,
        "createdAt": "2026-05-11T01:12:25.764Z", "updatedAt": "2026-05-18T09:45:37.166Z"
    })
}

fn read(json: Json) -> Result<Key, &'static str> {
    serde_json::from_value::<LicenseWire>(json).unwrap().into_key(&super::names::Names::default())
}

fn with(field: &str, value: Json) -> Json {
    let mut res = sample();
    res[field] = value;
    res
}

#[test]
fn the_sample_is_read() {
    let key = read(sample()).unwrap();
    assert_eq!(key.id, KeyId("lic_hyQQhhNzfEuvv".to_owned()));
    assert!(key.value.as_ref().unwrap().is("A184-99C2-8CBE"));
    assert!(!key.disabled && key.ended.is_none());
    assert_eq!((key.used(), key.limit()), (Some(1), Some(Limit::Of(3))));
    assert_eq!(key.fields.number(VALIDITY), Some(720));
    assert_eq!(
        key.fields.get(FieldId::EXPIRES),
        Timestamp::parse("2027-01-01T00:00:00Z").map(Value::Moment).as_ref()
    );
    assert_eq!(key.created(), Timestamp::parse("2026-05-11T01:12:25.764Z"));
    assert_eq!(key.fields.refs(PRODUCT), [Ref::of("prod_hyQQhhNzfEuvv")]);
    assert_eq!(key.fields.refs(FieldId::OWNER), [Ref::of("cust_3r2FgHXp9")]);
    assert_eq!(key.fields.text(PAYMENT), "pay_3r2FgHXp9");
    assert_eq!(key.fields.get(FILTERS), Some(&Value::Nothing));
    assert_eq!(key.title(), "prod_hyQQhhNzfEuvv · cust_3r2FgHXp9");
}

#[test]
fn null_is_none_and_never_a_number() {
    let mut json = sample();
    for field in [
        "productId",
        "paymentId",
        "customerId",
        "activationLimit",
        "activationMessage",
        "expiryHours",
        "expiresAt",
    ] {
        json[field] = Json::Null;
    }
    let key = read(json).unwrap();
    assert_eq!(key.limit(), Some(Limit::Unlimited));
    assert_eq!(key.fields.get(FieldId::EXPIRES), Some(&Value::Nothing));
    assert_eq!(key.title(), "");
}

#[test]
fn each_state_is_read_and_an_unknown_one_is_no_licence_that_works() {
    let state = |word: &str| read(with("status", json!(word))).map(|it| (it.disabled, it.ended));
    assert_eq!(state("ACTIVE"), Ok((false, None)));
    assert_eq!(state("DISABLED"), Ok((true, None)));
    assert_eq!(state("REVOKED"), Ok((false, Some(Ended::Revoked))));
    assert_eq!(state("PAUSED"), Err("status"));
    assert_eq!(read(with("archived", json!(true))).unwrap().ended, Some(Ended::Archived));
    assert_eq!(read(with("expiresAt", json!("soon"))).err(), Some("expiresAt"));
}

/// Licences, devices and customers, as the reference describes them.
#[derive(Default)]
struct State {
    licenses: Vec<Json>,
    instances: Vec<Json>,
    customers: Vec<Json>,
    clears: bool,
}

fn is_write(method: Method, path: &str) -> bool {
    method != Method::Get && path != "v1/licenses/verify"
}

fn handle(state: &mut State, method: Method, path: &str, body: &str) -> Reply {
    let sent: Json = serde_json::from_str(body).unwrap_or_default();
    let missing =
        || (404, r#"{"statusCode":404,"message":"License not found","error":"Not Found"}"#.to_owned());
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (method, parts.as_slice()) {
        (Method::Get, ["products"]) => {
            let product = json!({ "id": "prod_1", "name": "Editor", "status": "ACTIVE", "hasLicenseKey": true,
                "activationLimit": 5, "expiryHours": 48, "price": 1200, "currency": "EUR" });
            let other =
                json!({ "id": "prod_2", "name": "Book", "status": "ARCHIVED", "hasLicenseKey": false });
            (
                200,
                json!({ "items": [other, product], "pagination": { "total_count": 2, "max_page": 1 } })
                    .to_string(),
            )
        }
        (Method::Get, ["customers"]) => {
            (200, json!({ "items": state.customers, "total_count": state.customers.len() }).to_string())
        }
        (Method::Post, ["customers"]) => {
            let id = format!("cust_{}", state.customers.len() + 1);
            let made = json!({ "id": id, "email": sent["email"], "name": sent["name"] });
            state.customers.retain(|it| it["email"] != sent["email"]);
            state.customers.push(made.clone());
            (201, made.to_string())
        }
        (Method::Get, ["licenses"]) => (200, Json::Array(state.licenses.clone()).to_string()),
        (Method::Post, ["licenses"]) => {
            let id = format!("lic_{}", state.licenses.len() + 1);
            let mut made = with("id", json!(id));
            for (from, to) in [("productId", "productId"), ("customerId", "customerId")] {
                made[to] = sent[from].clone();
            }
            made["activationLimit"] =
                if sent["activationLimit"].is_null() { json!(5) } else { sent["activationLimit"].clone() };
            made["expiryHours"] = sent["expiryHours"].clone();
            if sent["key"].is_string() {
                made["key"] = sent["key"].clone();
            }
            made["instancesCount"] = json!(0);
            made["createdAt"] = json!(format!("2026-11-21T12:00:{:02}.000Z", state.licenses.len()));
            state.licenses.push(made.clone());
            (200, made.to_string())
        }
        (Method::Post, ["licenses", "verify"]) => {
            let found = state
                .licenses
                .iter()
                .find(|it| it["key"] == sent["key"] && it["productId"] == sent["productId"]);
            match found {
                Some(it) => (
                    200,
                    json!({ "success": true, "valid": it["status"] == "ACTIVE", "license": it }).to_string(),
                ),
                None => missing(),
            }
        }
        (Method::Delete, ["licenses", "instances", id]) => {
            state.instances.retain(|it| it["id"] != *id);
            (200, "{}".to_owned())
        }
        (Method::Get, ["licenses", id, "instances"]) => {
            let found: Vec<&Json> = state.instances.iter().filter(|it| it["licenseId"] == *id).collect();
            (200, json!(found).to_string())
        }
        (Method::Patch, ["licenses", _, "instances", id]) => {
            for it in state.instances.iter_mut().filter(|it| it["id"] == *id) {
                it["instanceName"] = sent["instanceName"].clone();
            }
            (200, "{}".to_owned())
        }
        (_, ["licenses", id]) => {
            let clears = state.clears;
            let Some(found) = state.licenses.iter_mut().find(|it| it["id"] == *id) else { return missing() };
            for (name, value) in
                sent.as_object().into_iter().flatten().filter(|(_, it)| clears || !it.is_null())
            {
                found[name] = value.clone();
            }
            (200, found.to_string())
        }
        _ => (404, String::new()),
    }
}

fn scene() -> Scene<State> {
    let mut first = with("id", json!("lic_1"));
    first["productId"] = json!("prod_1");
    first["customerId"] = json!("cust_1");
    let device = json!({ "id": "dev_1", "licenseId": "lic_1", "instanceId": "host-7", "instanceName": "Desk",
        "ipAddress": "192.0.2.7", "activatedAt": "2026-05-11T01:12:25.764Z", "lastSeenAt": null });
    let customer = json!({ "id": "cust_1", "email": "ada@example.com", "name": "Ada Byron" });
    let state =
        State { licenses: vec![first], instances: vec![device], customers: vec![customer], clears: true };
    Scene::new(SYSTEM, Service::new(state, is_write, handle))
}

fn licence(limit: Option<u64>) -> Fields {
    let mut draft = Draft::default().with_text(PRODUCT, "prod_1").with_text(FieldId::OWNER, "cust_1");
    if let Some(limit) = limit {
        draft = draft.with_text(FieldId::LIMIT, limit.to_string());
    }
    read_draft(&MANIFEST, &draft, None, Timestamp(0)).unwrap()
}

#[test]
fn product_and_customer_are_asked_for() {
    let errors = read_draft(&MANIFEST, &Draft::default(), None, Timestamp(0)).unwrap_err();
    assert_eq!(errors.iter().map(|it| it.field).collect::<Vec<_>>(), [PRODUCT, FieldId::OWNER]);
}

#[test]
fn a_key_of_ones_own_is_sent_and_shown_nowhere() {
    const OWN: &str = "OWN-KEY-1234-5678";
    let mut scene = scene();
    let client = scene.client.clone();
    let new = licence(None).with(CUSTOM_KEY, Value::Text(OWN.to_owned()));
    let call = Call::Create(new.clone());
    assert!(client.curl(&call).is_some_and(|it| !it.contains(OWN)), "{:?}", client.curl(&call));
    let created = scene.run(async move { client.create_key(&new).await }).unwrap();
    assert!(created.key.value.as_ref().unwrap().is(OWN));
    assert!(!created.raw.contains(OWN), "{}", created.raw);
}

#[test]
fn requests_are_written_as_documented() {
    let service = Service::new(State::default(), is_write, handle);
    let client = service.client(SYSTEM, &World::new());
    let new =
        licence(Some(3)).with(VALIDITY, Value::Number(720)).with(CUSTOM_KEY, Value::Text("ABCD".to_owned()));
    assert_eq!(
        client.body(&Call::Create(new)).unwrap(),
        r#"{"productId":"prod_1","customerId":"cust_1","activationLimit":3,"expiryHours":720,"key":"<key>"}"#
    );
    assert_eq!(
        client.body(&Call::Create(licence(None))).unwrap(),
        r#"{"productId":"prod_1","customerId":"cust_1"}"#
    );
    let id = KeyId("lic_1".to_owned());
    let at = Timestamp::parse("2027-01-01T00:00:00Z").unwrap();
    let change = Change(vec![
        (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(9)))),
        (FieldId::EXPIRES, Delta::Set(Value::Moment(at))),
    ]);
    assert_eq!(
        client.body(&Call::Update(id.clone(), change)).unwrap(),
        r#"{"activationLimit":9,"expiresAt":"2027-01-01T00:00:00.000Z"}"#
    );
    let clear = Change(vec![(FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Unlimited)))]);
    assert_eq!(client.body(&Call::Update(id.clone(), clear)).unwrap(), r#"{"activationLimit":null}"#);
    assert_eq!(client.body(&Call::Switch(id.clone(), false)).unwrap(), r#"{"status":"DISABLED"}"#);
    assert_eq!(client.body(&Call::Switch(id.clone(), true)).unwrap(), r#"{"status":"ACTIVE"}"#);
    let rename = Act::RenameMember { key: id.clone(), member: "dev_1".to_owned(), name: "Lab".to_owned() };
    assert!(client.curl(&Call::Act(rename)).unwrap().contains("v1/licenses/lic_1/instances/dev_1"));
    let remove = Act::RemoveMember { key: id, member: "dev_1".to_owned() };
    assert!(client.curl(&Call::Act(remove)).unwrap().contains("v1/licenses/instances/dev_1"));
}

fn titles(scene: &mut Scene<State>, query: &str) -> Vec<String> {
    let client = scene.client.clone();
    let (query, order) = (query.to_owned(), Order::TITLE);
    let request = SearchRequest { query, order, descending: false, page: 0, size: 25 };
    let page = scene.run(async move { client.search(&request, &Cancel::new()).await }).unwrap();
    page.items.iter().map(|it| it.title().to_owned()).collect()
}

#[test]
fn the_list_names_what_licences_hold_as_ids_and_is_searched_here() {
    let mut scene = scene();
    assert_eq!(titles(&mut scene, ""), ["Editor · Ada Byron"]);
    assert_eq!(titles(&mut scene, "state: active AND customer: ada AND limit > 2").len(), 1);
    assert_eq!(titles(&mut scene, "product: prod_1 AND NOT used: 1").len(), 0);
}

#[test]
fn pickers_offer_what_sells_licence_keys_first_with_its_defaults() {
    let mut scene = scene();
    let client = scene.client.clone();
    let offers = scene.run(async move { client.offers(PRODUCTS, "", &Cancel::new()).await }).unwrap();
    assert_eq!(offers.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Editor", "Book"]);
    assert_eq!(offers[0].defaults.get(FieldId::LIMIT), Some(&Value::Limit(Limit::Of(5))));
    assert_eq!(offers[0].defaults.number(VALIDITY), Some(48));
    let client = scene.client.clone();
    let offers = scene.run(async move { client.offers(CUSTOMERS, "BYRON", &Cancel::new()).await }).unwrap();
    assert_eq!((offers.len(), offers[0].note.as_str()), (1, "ada@example.com"));
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
    ] {
        let mut scene = scene();
        fault.into_iter().for_each(|it| scene.fault(it));
        let (journal, new) = (scene.journal.clone(), licence(None));
        assert_eq!(scene.write(async move { journal.create(&new, |_| ()).await }), want, "{fault:?}");
    }
}

#[test]
fn a_change_is_sent_once_and_looked_up() {
    for (fault, want) in [
        (None, ("done", 1)),
        (Some(Fault::DropAfter), ("done", 1)),
        (Some(Fault::DropBefore), ("not done", 0)),
        (Some(Fault::Status(502)), ("not done", 0)),
        (Some(Fault::Status(409)), ("refused", 0)),
    ] {
        let mut scene = scene();
        fault.into_iter().for_each(|it| scene.fault(it));
        let (journal, client) = (scene.journal.clone(), scene.client.clone());
        let update = async move {
            let read = client.get(&KeyId("lic_1".to_owned()), &Cancel::new()).await.unwrap();
            let draft = Draft::of(&MANIFEST, &read).with(FieldId::LIMIT, Input::Text("9".to_owned()));
            let wanted = read_draft(&MANIFEST, &draft, Some(&read), Timestamp(0)).unwrap();
            let change = plan_change(&MANIFEST, &read, &wanted);
            journal.update(PlannedUpdate { read: &read, wanted: &wanted, change: &change }, |_| ()).await
        };
        assert_eq!(scene.write(update), want, "{fault:?}");
    }
}

#[test]
fn a_state_is_set_once_and_looked_up() {
    for (fault, want) in [
        (None, ("done", 1)),
        (Some(Fault::DropAfter), ("done", 1)),
        (Some(Fault::DropBefore), ("not done", 0)),
        (Some(Fault::Status(409)), ("refused", 0)),
    ] {
        let mut scene = scene();
        fault.into_iter().for_each(|it| scene.fault(it));
        let journal = scene.journal.clone();
        let disable = async move { journal.set_enabled(&KeyId("lic_1".to_owned()), false, |_| ()).await };
        assert_eq!(scene.write(disable), want, "{fault:?}");
        let status = scene.service.state.borrow().licenses[0]["status"].clone();
        assert_eq!(status, if want.1 == 1 { "DISABLED" } else { "ACTIVE" });
    }
}

#[test]
fn what_is_done_with_devices_and_customers_is_looked_up() {
    let key = || KeyId("lic_1".to_owned());
    let customer = Fields::new()
        .with(EMAIL, Value::Text("bo@example.com".to_owned()))
        .with(NAME, Value::Text("Bo".to_owned()));
    let acts = [
        Act::RenameMember { key: key(), member: "dev_1".to_owned(), name: "Lab".to_owned() },
        Act::RemoveMember { key: key(), member: "dev_1".to_owned() },
        Act::AddOffer { picker: CUSTOMERS, fields: customer },
    ];
    for act in acts {
        for (fault, want) in [
            (None, ("done", 1)),
            (Some(Fault::DropAfter), ("done", 1)),
            (Some(Fault::DropBefore), ("not done", 0)),
            (Some(Fault::Status(403)), ("refused", 0)),
        ] {
            let mut scene = scene();
            fault.into_iter().for_each(|it| scene.fault(it));
            let (journal, act_) = (scene.journal.clone(), act.clone());
            assert_eq!(
                scene.write(async move { journal.act(&act_, |_| ()).await }),
                want,
                "{act:?} {fault:?}"
            );
            // What is there already is not asked for again.
            if want.0 == "done" {
                let (journal, act_) = (scene.journal.clone(), act.clone());
                assert_eq!(
                    scene.write(async move { journal.act(&act_, |_| ()).await }),
                    ("done", 0),
                    "{act:?}"
                );
            }
        }
    }
}

#[test]
fn a_check_says_valid_or_why_not() {
    let check = |status: &str, product: &str| {
        let mut scene = scene();
        scene.service.state.borrow_mut().licenses[0]["status"] = json!(status);
        let typed = Fields::new()
            .with(FieldId::VALUE, Value::Text("A184-99C2-8CBE".to_owned()))
            .with(PRODUCT, Value::Ref(Ref::of(product)));
        let client = scene.client.clone();
        let verdict = scene.run(async move { client.verify(&typed, &Cancel::new()).await }).unwrap();
        (verdict.valid, verdict.key.is_some())
    };
    assert_eq!(check("ACTIVE", "prod_1"), (true, true));
    assert_eq!(check("REVOKED", "prod_1"), (false, true));
    assert_eq!(check("ACTIVE", "prod_2"), (false, false));
}

#[test]
fn what_the_api_lacks_is_not_offered_and_explained() {
    for kind in [ActionKind::Delete, ActionKind::Revoke] {
        assert!(!MANIFEST.can(kind) && MANIFEST.lack(kind).is_some());
    }
}

const MANY: [&str; 4] = ["lic_1", "lic_2", "lic_3", "lic_4"];

fn many() -> Scene<State> {
    let one = |id: &str| {
        let mut res = with("id", json!(id));
        res["productId"] = json!("prod_1");
        res["customerId"] = json!("cust_1");
        res
    };
    let customer = json!({ "id": "cust_1", "email": "ada@example.com", "name": "Ada Byron" });
    let licenses = MANY.map(one).to_vec();
    let state = State { licenses, instances: Vec::new(), customers: vec![customer], clears: true };
    Scene::new(SYSTEM, Service::new(state, is_write, handle))
}

fn read_many(scene: &mut Scene<State>) -> Vec<Key> {
    let one = |id: &str| {
        let (client, id) = (scene.client.clone(), KeyId(id.to_owned()));
        scene.run(async move { client.get(&id, &Cancel::new()).await }).unwrap()
    };
    MANY.into_iter().map(one).collect()
}

#[test]
fn many_keys_are_switched_and_changed_once_each() {
    let change = || Change(vec![(FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(77))))]);
    for wanted in [Wanted::Enabled(false), Wanted::Changed(change())] {
        let items = |scene: &mut Scene<State>| {
            let keys = read_many(scene);
            keys.into_iter().map(|it| Item::new(Some(it), "", wanted.clone())).collect()
        };
        let judge = |service: &Service<State>, states: &[ItemState], about: &str| {
            let state = service.state.borrow();
            for (id, item) in MANY.into_iter().zip(states) {
                let row = state.licenses.iter().find(|it| it["id"] == id).unwrap();
                let is_so = match wanted {
                    Wanted::Enabled(_) => row["status"] != "ACTIVE",
                    _ => row["activationLimit"] == 77,
                };
                let mine = |it: &&String| it.starts_with('!') && it.contains(&format!("{id} "));
                let times = service.log.borrow().iter().filter(mine).count();
                assert!(times <= 1, "{about}: {id} was changed {times} times");
                match item {
                    ItemState::Done { .. } => assert!(is_so && times == 1, "{about}: {id}"),
                    ItemState::Skipped(_) => assert!(is_so, "{about}: {id} {item:?}"),
                    ItemState::Failed(_) => assert!(!is_so && times == 0, "{about}: {id} {item:?}"),
                    _ => panic!("{about}: {id} {item:?}"),
                }
            }
        };
        Bulk { system: SYSTEM, make: &many, items: &items, judge: &judge }.stands_everything();
    }
}
