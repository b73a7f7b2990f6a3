//! The samples of seed 002 and the tables of section 6 in both directions, and each write under each fault.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use serde_json::{Value as Json, json};

use super::fixtures::{Qps, criteria, value, with_keys};
use super::wire::{AnswerWire, decoded};
use super::*;
use crate::domain::{Coverage, Ended, Fields, Key, KeyId, Limit, PageOf, Ref, Secret, Timestamp, Value};
use crate::http::testing::World;
use crate::http::{Body, Cancel, ErrorKind, Method, Request};
use crate::journal::{Notice, Outcome, PlannedUpdate};
use crate::systems::testing::Fault;
use crate::systems::{
    Act, Call, Calls as _, Change, Delta, Draft, Input, Order, Problem, SearchRequest, SecretText, System,
    compare, plan_change, read_draft,
};

const SYSTEM: System = System::of(&MANIFEST);

/// The rows of the search sample. GUIDs are broken over two lines by the page there.
const ROWS: [&str; 3] = [
    "<AgentActKey><id>3473802</id><activationKey>381cb3fe-6d7d-41f7-9142-26e6e14c56ee</activationKey>
     <status>ACTIVE</status><countPurchased>0</countPurchased><countUsed>0</countUsed>
     <datePurchased>2021-04-20T11:52:57Z</datePurchased><type>UNLIMITED</type><networkId>0</networkId>
     <isDisabled>false</isDisabled><applyOnAgents>false</applyOnAgents><agents><list>
     <AgentAsset><id>8409005</id><uuid>c67c64c9-0623-4d18-8de6-b2392f9464f3</uuid>
     <name>test_linux_1619075506543_49</name></AgentAsset></list></agents>
     <suspendSelfPatch>false</suspendSelfPatch></AgentActKey>",
    "<AgentActKey><id>3617002</id><activationKey>c89d05c2-d30e-4a59-aec3-453605266da5</activationKey>
     <status>ACTIVE</status><countPurchased>0</countPurchased><countUsed>0</countUsed>
     <datePurchased>2021-05-13T15:19:31Z</datePurchased><type>UNLIMITED</type>
     <title>Update from APIfim owner1</title><networkId>0</networkId><isDisabled>false</isDisabled>
     <applyOnAgents>false</applyOnAgents><suspendSelfPatch>false</suspendSelfPatch>
     <ownerId>364812443</ownerId></AgentActKey>",
    "<AgentActKey><id>3714801</id><activationKey>3fcd9610-7fa0-4242-b2b7-2d4b24484d3c</activationKey>
     <status>ACTIVE</status><countPurchased>0</countPurchased><countUsed>0</countUsed>
     <datePurchased>2021-05-19T10:57:48Z</datePurchased><type>UNLIMITED</type><title>Owner</title>
     <networkId>0</networkId><isDisabled>false</isDisabled><applyOnAgents>false</applyOnAgents>
     <modules><list><ActivationKeyModule><license>PC_LICENSE</license></ActivationKeyModule></list></modules>
     <suspendSelfPatch>false</suspendSelfPatch><ownerId>381715587</ownerId></AgentActKey>",
];

fn envelope(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ServiceResponse \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \n\
         xsi:noNamespaceSchemaLocation=\"http://h/portal-api/xsd/1.0/ca/agentactkey.xsd\">\n    \
         <responseCode>SUCCESS</responseCode>\n    {inner}\n</ServiceResponse>"
    )
}

#[track_caller]
fn keys(body: &str) -> Vec<Key> {
    let page = decoded::<AnswerWire>(body).unwrap().response;
    page.data.into_iter().flatten().filter_map(|it| it.key).map(|it| it.into_key().unwrap()).collect()
}

#[track_caller]
fn key(row: &str) -> Key {
    let body = envelope(&format!("<count>1</count><data>{row}</data>"));
    keys(&body).pop().unwrap()
}

fn moment(text: &str) -> Option<Value> {
    Timestamp::parse(text).map(Value::Moment)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn codes(items: &[&str]) -> Vec<String> {
    items.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn the_search_sample_is_read() {
    let rows = ROWS.concat();
    let body =
        envelope(&format!("<count>3</count><hasMoreRecords>false</hasMoreRecords><data>{rows}</data>"));
    let keys = keys(&body);
    assert_eq!(keys.iter().map(|it| it.id.0.as_str()).collect::<Vec<_>>(), ["3473802", "3617002", "3714801"]);
    let [first, second, third] = keys.as_slice() else { panic!("three rows") };
    assert!(first.value.as_ref().unwrap().is("381cb3fe-6d7d-41f7-9142-26e6e14c56ee"));
    assert_eq!((first.title(), first.used(), first.limit()), ("", Some(0), Some(Limit::Unlimited)));
    assert_eq!(first.fields.get(FieldId::OWNER), Some(&Value::Nothing));
    assert_eq!(second.title(), "Update from APIfim owner1");
    assert_eq!(second.fields.refs(FieldId::OWNER), [Ref::of("364812443")]);
    // Left out because it is empty, which is something that was told.
    assert_eq!(second.fields.get(LICENCES), Some(&Value::Codes(Vec::new())));
    assert_eq!(third.fields.codes(LICENCES), ["PC_LICENSE"]);
    assert_eq!(third.fields.refs(FieldId::OWNER), [Ref::of("381715587")]);
    assert_eq!(third.fields.get(FieldId::CREATED), moment("2021-05-19T10:57:48Z").as_ref());
    assert_eq!(third.fields.text(TYPE), "UNLIMITED");
    assert_eq!(third.fields.number(NETWORK), Some(0));
    assert_eq!((third.fields.flag(APPLY), third.fields.flag(SELF_PATCH)), (Some(false), Some(false)));
    assert!(keys.iter().all(|it| !it.disabled && it.ended.is_none() && it.fields.text(STATUS) == "ACTIVE"));
}

/// Every field of the XSD (6.1) that the console shows.
#[test]
fn every_field_of_the_schema_is_read() {
    let key = key(
        "<AgentActKey><id>7</id><uuid>u-1</uuid><activationKey>g-1</activationKey><status>INACTIVE</status>
         <countPurchased>50</countPurchased><countUsed>12</countUsed><datePurchased>2021-05-13T15:19:31Z</datePurchased>
         <dateLastUsed>2021-06-01T00:00:00Z</dateLastUsed><type>COUNT_TIME_LIMITED</type>
         <expireDate>2027-12-06T23:05:42Z</expireDate><title><![CDATA[a & <b> ]]></title><networkId>4</networkId>
         <isDisabled>true</isDisabled><applyOnAgents>true</applyOnAgents>
         <modules><list><ActivationKeyModule><license>VM_LICENSE</license></ActivationKeyModule>
         <ActivationKeyModule><license>GAV</license></ActivationKeyModule></list></modules>
         <tags><list><Tag><id>103180087</id><name>Tag2</name></Tag><Tag><id>5</id></Tag></list></tags>
         <agents><list /></agents><suspendSelfPatch>true</suspendSelfPatch><binaryMappings><list/></binaryMappings>
         <ownerId>9</ownerId></AgentActKey>",
    );
    assert_eq!((key.disabled, key.ended), (true, Some(Ended::Inactive)));
    assert_eq!((key.used(), key.limit()), (Some(12), Some(Limit::Of(50))));
    assert_eq!(key.title(), "a & <b> ");
    for (field, want) in [
        (UUID, text("u-1")),
        (STATUS, text("INACTIVE")),
        (TYPE, text("COUNT_TIME_LIMITED")),
        (LAST_USED, moment("2021-06-01T00:00:00Z").unwrap()),
        (FieldId::EXPIRES, moment("2027-12-06T23:05:42Z").unwrap()),
        (NETWORK, Value::Number(4)),
        (APPLY, Value::Flag(true)),
        (SELF_PATCH, Value::Flag(true)),
        (LICENCES, Value::Codes(codes(&["VM_LICENSE", "GAV"]))),
        (
            TAGS,
            Value::Refs(vec![
                Ref { id: "103180087".to_owned(), name: Some("Tag2".to_owned()) },
                Ref::of("5"),
            ]),
        ),
        (FieldId::OWNER, Value::Ref(Ref::of("9"))),
    ] {
        assert_eq!(key.fields.get(field), Some(&want), "{}", field.0);
    }
}

/// 6.2: the same answer in JSON, with booleans either way, and numbers as numbers or texts.
#[test]
fn json_and_xml_read_as_one() {
    let row = |flag: Json, number: Json| {
        json!({
            "id": number, "activationKey": "3fcd9610-7fa0-4242-b2b7-2d4b24484d3c", "status": "ACTIVE",
            "countPurchased": 0, "countUsed": 0, "datePurchased": "2021-05-19T10:57:48Z", "type": "UNLIMITED",
            "title": "Owner", "networkId": 0, "isDisabled": flag, "applyOnAgents": flag,
            "modules": { "list": [{ "ActivationKeyModule": { "license": "PC_LICENSE" } }] },
            "suspendSelfPatch": flag, "ownerId": 381_715_587
        })
    };
    let want = key(ROWS[2]);
    for (flag, number) in [(json!(false), json!(3_714_801)), (json!("false"), json!("3714801"))] {
        let body = json!({ "ServiceResponse": {
            "responseCode": "SUCCESS", "count": 1, "hasMoreRecords": "true", "lastId": 3_714_801,
            "data": [{ "AgentActKey": row(flag, number) }],
        } });
        let page = decoded::<AnswerWire>(&body.to_string()).unwrap().response;
        assert_eq!(page.next(), Some("3714801"));
        let got = keys(&body.to_string()).pop().unwrap();
        assert_eq!((got.id, got.fields), (want.id.clone(), want.fields.clone()));
    }
}

/// 6.2: two ways to say that there is nothing.
#[test]
fn no_hit_is_read_either_way() {
    for inner in ["<count>0</count>", "<count>0</count><hasMoreRecords>false</hasMoreRecords><data/>"] {
        let page = decoded::<AnswerWire>(&envelope(inner)).unwrap().response;
        assert!(page.next().is_none() && !page.has_more() && keys(&envelope(inner)).is_empty(), "{inner}");
    }
    let json =
        r#"{"ServiceResponse":{"responseCode":"SUCCESS","count":0,"hasMoreRecords":"false","data":[]}}"#;
    assert!(keys(json).is_empty());
}

#[test]
fn what_cannot_be_read_is_an_error_and_never_a_blank() {
    let with = |part: &str| {
        let row = format!("<AgentActKey><id>1</id>{part}</AgentActKey>");
        let page = decoded::<AnswerWire>(&envelope(&format!("<data>{row}</data>"))).unwrap().response;
        let wire = page.data.into_iter().flatten().find_map(|it| it.key).unwrap();
        wire.into_key().err()
    };
    assert_eq!(with(""), None);
    for (part, field) in [
        ("<isDisabled>maybe</isDisabled>", "isDisabled"),
        ("<countUsed>many</countUsed>", "countUsed"),
        ("<countPurchased>-1</countPurchased>", "countPurchased"),
        ("<datePurchased>then</datePurchased>", "datePurchased"),
        ("<expireDate>2021-13-01</expireDate>", "expireDate"),
        ("<tags><list><Label><id>1</id></Label></list></tags>", "tags"),
        ("<modules><list><ActivationKeyModule/></list></modules>", "modules"),
    ] {
        assert_eq!(with(part), Some(field), "{part}");
    }
    assert_eq!(with("<modules/><tags><list/></tags><expireDate>2021-12-01</expireDate>"), None);
    // An unknown word for the state is no key that works.
    assert_eq!(
        key("<AgentActKey><id>1</id><status>PAUSED</status></AgentActKey>").ended,
        Some(Ended::Inactive)
    );
    for body in ["", "<html></html>", "{}", "{\"ServiceResponse\":", "<ServiceResponse><data>"] {
        assert!(decoded::<AnswerWire>(body).is_err(), "{body}");
    }
}

/// A client that is asked for requests alone, after it has read `key`.
fn client_that_read(row: &str) -> Client {
    let mut world = World::new();
    let network = world.network.clone();
    let timer = world.timer.clone();
    let anybody = std::rc::Rc::new(crate::systems::qualys_gateway::fixtures::Anybody);
    let client = std::rc::Rc::new(Client::new(crate::http::Http::new("https://h/", network, timer, anybody)));
    let reader = std::rc::Rc::clone(&client);
    let res = world
        .start(async move { reader.get(&KeyId("3617002".to_owned()), &Cancel::new()).await.map(|_| ()) });
    world.ok(0, &envelope(&format!("<count>1</count><data>{row}</data>")));
    res.take().unwrap_or_else(|err| panic!("{err}"));
    drop(world);
    std::rc::Rc::into_inner(client).unwrap()
}

fn nobody() -> Client {
    let world = World::new();
    let anybody = std::rc::Rc::new(crate::systems::qualys_gateway::fixtures::Anybody);
    Client::new(crate::http::Http::new("https://h/", world.network.clone(), world.timer.clone(), anybody))
}

/// Method, path, whether it is a write, and the body without the blanks between elements.
#[track_caller]
fn shape(request: &Request) -> (Method, &str, bool, String) {
    assert_eq!(request.headers, [("X-Requested-With", "Latchkey".to_owned())]);
    let body = match &request.body {
        None => String::new(),
        Some(body @ Body::Xml(text)) => {
            assert_eq!(body.content_type(), "text/xml");
            let text = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap();
            text.lines().map(str::trim).collect()
        }
        Some(_) => panic!("XML was expected"),
    };
    (request.method, &request.path, request.kind == crate::http::Kind::Write, body)
}

fn in_data(fields: &str) -> String {
    format!("<ServiceRequest><data><AgentActKey>{fields}</AgentActKey></data></ServiceRequest>")
}

/// The create sample of seed 002: the same elements, in the order of the schema. Its count of 0 says what its type
/// says already.
#[test]
fn the_create_sample_is_sent() {
    let new = Fields::new()
        .with(FieldId::TITLE, text("Owner"))
        .with(TYPE, text("UNLIMITED"))
        .with(FieldId::OWNER, Value::Ref(Ref::of("364812443")))
        .with(LICENCES, Value::Codes(codes(&["PC_LICENSE"])));
    let request = nobody().request(&Call::Create(new));
    let want = in_data(
        "<type>UNLIMITED</type><title>Owner</title><modules><list><ActivationKeyModule><license>PC_LICENSE</license>\
         </ActivationKeyModule></list></modules><ownerId>364812443</ownerId>",
    );
    assert_eq!(shape(&request), (Method::Post, "qps/rest/1.0/create/ca/agentactkey/", true, want));
}

#[test]
fn a_create_sends_everything_it_was_told() {
    let new = Fields::new()
        .with(FieldId::TITLE, text("a & <b>"))
        .with(TYPE, text("COUNT_TIME_LIMITED"))
        .with(FieldId::LIMIT, Value::Limit(Limit::Of(50)))
        .with(FieldId::EXPIRES, moment("2027-12-06T23:05:42Z").unwrap())
        .with(NETWORK, Value::Number(4))
        .with(TAGS, Value::Refs(vec![Ref::of("7"), Ref::of("8")]));
    let request = nobody().request(&Call::Create(new));
    let want = in_data(
        "<countPurchased>50</countPurchased><type>COUNT_TIME_LIMITED</type><expireDate>2027-12-06T23:05:42Z</expireDate>\
         <title>a &amp; &lt;b&gt;</title><networkId>4</networkId>\
         <tags><list><Tag><id>7</id></Tag><Tag><id>8</id></Tag></list></tags>",
    );
    assert_eq!(shape(&request).3, want);
}

/// The update sample of seed 002 sends lists, and its answer has no module left. Here items go in and out.
#[test]
fn an_update_sends_its_differences_and_its_type_and_never_a_list() {
    let client = client_that_read(ROWS[1]);
    let change = Change(vec![
        (FieldId::TITLE, Delta::Set(text("Update from APIfim owner1"))),
        (FieldId::OWNER, Delta::Set(Value::Ref(Ref::of("364812443")))),
        (LICENCES, Delta::List { add: codes(&["FIM"]), remove: codes(&["PC_LICENSE"]) }),
        (TAGS, Delta::List { add: codes(&["103180087"]), remove: Vec::new() }),
        (APPLY, Delta::Set(Value::Flag(true))),
    ]);
    let request = client.request(&Call::Update(KeyId("3617002".to_owned()), change));
    let want = in_data(
        "<type>UNLIMITED</type><title>Update from APIfim owner1</title><applyOnAgents>true</applyOnAgents>\
         <modules><add><ActivationKeyModule><license>FIM</license></ActivationKeyModule></add>\
         <remove><ActivationKeyModule><license>PC_LICENSE</license></ActivationKeyModule></remove></modules>\
         <tags><add><Tag><id>103180087</id></Tag></add></tags><ownerId>364812443</ownerId>",
    );
    assert!(!want.contains("<list>"));
    assert_eq!(shape(&request), (Method::Post, "qps/rest/1.0/update/ca/agentactkey/3617002", true, want));
}

/// 6.1, "Required": the type always, and with it what it needs.
#[test]
fn a_change_repeats_the_limits_its_type_needs() {
    let limited = ROWS[1].replace("<countPurchased>0<", "<countPurchased>50<").replace(
        "<type>UNLIMITED</type>",
        "<type>COUNT_TIME_LIMITED</type><expireDate>2027-12-06T23:05:42Z</expireDate>",
    );
    let client = client_that_read(&limited);
    let id = KeyId("3617002".to_owned());
    let body = |call: Call| shape(&client.request(&call)).3;
    assert_eq!(
        body(Call::Switch(id.clone(), false)),
        in_data(
            "<countPurchased>50</countPurchased><type>COUNT_TIME_LIMITED</type>\
             <expireDate>2027-12-06T23:05:42Z</expireDate><isDisabled>true</isDisabled>"
        )
    );
    let update = |changes: Vec<(FieldId, Delta)>| body(Call::Update(id.clone(), Change(changes)));
    assert_eq!(update(vec![(TYPE, Delta::Set(text("UNLIMITED")))]), in_data("<type>UNLIMITED</type>"));
    assert_eq!(
        update(vec![
            (TYPE, Delta::Set(text("COUNT_LIMITED"))),
            (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(60))))
        ]),
        in_data("<countPurchased>60</countPurchased><type>COUNT_LIMITED</type>")
    );
    // What was asked for is sent, so that what came of it can be shown.
    let asked = update(vec![
        (TYPE, Delta::Set(text("UNLIMITED"))),
        (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(1)))),
    ]);
    assert_eq!(asked, in_data("<countPurchased>1</countPurchased><type>UNLIMITED</type>"));
    assert_eq!(
        update(vec![(NETWORK, Delta::Set(Value::Nothing)), (FieldId::TITLE, Delta::Set(text("")))]),
        in_data(
            "<countPurchased>50</countPurchased><type>COUNT_TIME_LIMITED</type>\
             <expireDate>2027-12-06T23:05:42Z</expireDate><title></title><networkId>0</networkId>"
        )
    );
}

/// The answer to the update sample: neither count nor end nor modules are there, though all were sent.
#[test]
fn what_the_type_drops_is_asked_against_got() {
    let asked = Fields::new()
        .with(FieldId::TITLE, text("Update from APIfim owner1"))
        .with(TYPE, text("UNLIMITED"))
        .with(FieldId::LIMIT, Value::Limit(Limit::Of(1)))
        .with(FieldId::EXPIRES, moment("2021-12-06T23:05:42Z").unwrap())
        .with(LICENCES, Value::Codes(codes(&["FIM"])))
        .with(FieldId::OWNER, Value::Ref(Ref::of("364812443")));
    let differ = compare(&MANIFEST, &asked, &key(ROWS[1]));
    let fields: Vec<FieldId> = differ.iter().map(|it| it.field).collect();
    assert_eq!(fields, [FieldId::LIMIT, FieldId::EXPIRES, LICENCES]);
    assert!(fields.iter().all(|it| MANIFEST.field(*it).unwrap().may_differ.is_some()));
}

/// The operations of section 6, each with its method and path.
#[test]
fn every_operation_has_its_path() {
    let client = nobody();
    let id = KeyId("5".to_owned());
    let get = client.request(&Call::Get(id.clone()));
    assert_eq!(shape(&get), (Method::Get, "qps/rest/1.0/get/ca/agentactkey/5", false, String::new()));
    let delete = client.request(&Call::Delete(id.clone()));
    let empty = "<ServiceRequest></ServiceRequest>".to_owned();
    assert_eq!(shape(&delete), (Method::Post, "qps/rest/1.0/delete/ca/agentactkey/5", true, empty));
    let search = client.request(&Call::Search(question("")));
    let all = "<ServiceRequest><preferences><limitResults>1000</limitResults></preferences></ServiceRequest>"
        .to_owned();
    assert_eq!(shape(&search), (Method::Post, "qps/rest/1.0/search/ca/agentactkey/", false, all));
}

/// 6.5. The values of both keys are in the body that is sent, and in no copied command.
#[test]
fn agents_move_by_the_values_of_both_keys_which_no_command_shows() {
    let mut scene = with_keys(2);
    scene.service.state.borrow_mut().agents = vec![(1, 1)];
    let act = move_all(1, 2);
    let curl = scene.client.curl(&Call::Act(act.clone())).unwrap();
    assert!(curl.contains("VALUE-OF-KEY-1") && curl.contains("X-Requested-With"), "{curl}");
    assert!(!curl.contains(&value(1)) && !curl.contains(&value(2)), "{curl}");
    let journal = scene.journal.clone();
    assert_eq!(scene.write(async move { journal.act(&act, |_| ()).await }), ("done", 1));
    let log = scene.service.log.borrow();
    let sent = log.iter().find(|it| it.starts_with('!')).unwrap();
    assert!(sent.starts_with("!POST qps/rest/1.0/cak/ca/changeactkey <?xml"), "{sent}");
    assert_eq!(criteria(sent), [("activationKey".to_owned(), "EQUALS".to_owned(), value(1))]);
    let new_key = format!("<ChangeActKey>\n      <newActivationKey>{}</newActivationKey>", value(2));
    assert!(sent.contains(&new_key), "{sent}");
}

fn move_all(from: u64, to: u64) -> Act {
    let to_value = SecretText(Secret::new(value(to)));
    Act::MoveMembers { from: KeyId(from.to_string()), to: KeyId(to.to_string()), to_value }
}

fn question(query: &str) -> SearchRequest {
    let order = Order::TITLE;
    SearchRequest { query: query.to_owned(), order, descending: false, page: 0, size: 2_000 }
}

fn ask(scene: &mut Qps, query: &str) -> PageOf<Key> {
    let (client, query) = (scene.client.clone(), question(query));
    scene
        .run(async move { client.search(&query, &Cancel::new()).await })
        .unwrap_or_else(|err| panic!("{err}"))
}

fn ids(page: &PageOf<Key>) -> Vec<&str> {
    page.items.iter().map(|it| it.id.0.as_str()).collect()
}

/// 6.3: criteria and operators of the service, all of which hold; the rest runs here.
#[test]
fn the_service_is_asked_for_its_part_of_a_query() {
    #[track_caller]
    fn check(query: &str, sent: &[(&str, &str, &str)], found: &[&str]) {
        let mut scene = with_keys(9);
        let page = ask(&mut scene, query);
        let log = scene.service.log.borrow();
        let got = criteria(log.last().unwrap());
        let got: Vec<_> = got.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
        assert_eq!(got, sent, "{query}");
        assert_eq!(ids(&page), found, "{query}");
    }
    check("", &[], &["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    check("isDisabled: true", &[("isDisabled", "EQUALS", "true")], &["3", "6", "9"]);
    check(
        "NOT isDisabled: true AND id: [1, 2, 3]",
        &[("isDisabled", "EQUALS", "false"), ("id", "IN", "1,2,3")],
        &["1", "2"],
    );
    check("id: 5", &[("id", "EQUALS", "5")], &["5"]);
    check(
        "NOT id: 5 AND id > 3 AND id < 8",
        &[("id", "NOT EQUALS", "5"), ("id", "LESSER", "8"), ("id", "GREATER", "3")],
        &["4", "6", "7"],
    );
    check("id >= 8", &[("id", "GREATER", "7")], &["8", "9"]);
    check(
        &format!("activationKey: `{}`", value(4).to_uppercase()),
        &[("activationKey", "EQUALS", &value(4))],
        &["4"],
    );
    // A part of a value, a title and an owner are looked for here, and so is one of several alternatives.
    check("activationKey: 00000004", &[], &["4"]);
    check("title: \"key 0007\"", &[], &["7"]);
    check("isDisabled: true AND title: 0006", &[("isDisabled", "EQUALS", "true")], &["6"]);
    check("isDisabled: true OR title: 0001", &[], &["1", "3", "6", "9"]);
    check("owner: 17", &[], &[]);
}

/// The service's count is of keys with a count, so one without has none here either.
#[test]
fn a_key_without_a_count_is_not_below_a_count() {
    let mut scene = with_keys(3);
    for key in scene.service.state.borrow_mut().keys.iter_mut().filter(|it| it.id == 2) {
        (key.kind, key.count) = ("COUNT_LIMITED".to_owned(), 5);
    }
    assert_eq!(ids(&ask(&mut scene, "title: key AND (countPurchased < 9 OR title: nothing)")), ["2"]);
}

/// 6.3: `id GREATER lastId` until there is no more; a lower end of the query's own is one with it.
#[test]
fn pages_follow_one_another_by_the_last_id() {
    let mut scene = with_keys(25);
    scene.service.state.borrow_mut().page = 10;
    let page = ask(&mut scene, "id > 2");
    assert_eq!((page.items.len(), page.total), (23, 23));
    assert!(matches!(page.coverage, Coverage::Held { complete: true, loaded: 23, .. }));
    let log = scene.service.log.borrow();
    let starts: Vec<_> = log.iter().map(|it| criteria(it)).collect();
    let greater = |id: &str| vec![("id".to_owned(), "GREATER".to_owned(), id.to_owned())];
    assert_eq!(starts, [greater("2"), greater("12"), greater("22")]);
    assert!(log.iter().all(|it| it.contains("<limitResults>1000</limitResults>")));
}

#[test]
fn a_page_without_a_last_id_goes_on_from_its_last_row() {
    let mut scene = with_keys(25);
    scene.service.state.borrow_mut().page = 10;
    scene.service.state.borrow_mut().without_last_id = true;
    let page = ask(&mut scene, "");
    assert_eq!(page.items.len(), 25);
}

/// Each key comes with all its agents, so a page of them may be more than can be read.
#[test]
fn less_is_asked_for_when_a_page_is_too_large() {
    let mut scene = with_keys(25);
    (scene.service.state.borrow_mut().page, scene.service.state.borrow_mut().bears) = (10, 100);
    assert_eq!(ask(&mut scene, "").items.len(), 25);
    let limits = |scene: &Qps| {
        let log = scene.service.log.borrow_mut().drain(..).collect::<String>();
        log.split("<limitResults>")
            .skip(1)
            .map(|it| it.split('<').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(limits(&scene), ["1000", "250", "62", "62", "62"]);
    scene.service.state.borrow_mut().bears = 1;
    scene.client.forget();
    let (client, query) = (scene.client.clone(), question(""));
    let answer = scene.run(async move { client.search(&query, &Cancel::new()).await });
    assert_eq!(answer.err().map(|it| it.kind), Some(ErrorKind::Malformed));
    assert_eq!(limits(&scene), ["62", "15", "3"]);
}

#[test]
fn no_hit_is_an_empty_and_complete_list() {
    let mut scene = with_keys(0);
    let page = ask(&mut scene, "");
    assert!(page.items.is_empty() && matches!(page.coverage, Coverage::Held { complete: true, .. }));
}

/// The newest keys are those with the highest ids, read without reading all again.
#[test]
fn the_newest_are_the_highest_ids() {
    let mut scene = with_keys(230);
    scene.service.state.borrow_mut().page = 50;
    let newest = |scene: &mut Qps| {
        let client = scene.client.clone();
        let keys = scene.run(async move { client.newest(50, &Cancel::new()).await }).unwrap_or_default();
        let calls = scene.service.log.borrow_mut().drain(..).count();
        (keys.first().map(|it| it.id.0.clone()), keys.len(), calls)
    };
    assert_eq!(newest(&mut scene), (Some("230".to_owned()), 50, 5));
    assert_eq!(newest(&mut scene), (Some("230".to_owned()), 50, 1));
    let first = scene.service.state.borrow().keys.first().cloned().unwrap();
    scene.service.state.borrow_mut().keys.push(super::fixtures::Stored { id: 1_000, ..first });
    assert_eq!(newest(&mut scene), (Some("1000".to_owned()), 50, 2));
}

#[test]
fn agents_of_a_key_are_listed_page_by_page_and_counted_by_one_call() {
    let mut scene = with_keys(3);
    scene.service.state.borrow_mut().page = 10;
    scene.service.state.borrow_mut().agents = (1..=25).map(|id| (id, 1 + id % 2)).collect();
    let (client, id) = (scene.client.clone(), KeyId("2".to_owned()));
    let members = scene.run(async move { client.members(&id, &Cancel::new()).await }).unwrap_or_default();
    assert_eq!(members.len(), 13);
    let first = members.first().unwrap();
    assert_eq!((first.id.as_str(), first.name.as_str(), first.place.as_str()), ("1", "host 1", "10.0.0.1"));
    assert_eq!((first.device.as_str(), first.since), ("uuid-1", Timestamp::parse("2021-05-13T15:19:31Z")));
    assert_eq!(first.seen, Timestamp::parse("2026-11-20T10:00:00Z"));
    scene.service.log.borrow_mut().clear();
    let (client, id) = (scene.client.clone(), KeyId("2".to_owned()));
    assert_eq!(scene.run(async move { client.count_members(&id, &Cancel::new()).await }).ok(), Some(13));
    let log = scene.service.log.borrow();
    assert_eq!(log.len(), 1);
    let call = log.first().unwrap();
    assert!(call.starts_with("POST qps/rest/2.0/count/am/hostasset "), "{call}");
    let pair = |field: &str, value: &str| (field.to_owned(), "EQUALS".to_owned(), value.to_owned());
    assert_eq!(criteria(call), [pair("tagName", "Cloud Agent"), pair("activationKey", &value(2))]);
}

#[test]
fn tags_without_a_rule_are_offered_first() {
    let mut scene = with_keys(1);
    let offers = |scene: &mut Qps, picker, typed: &'static str| {
        let client = scene.client.clone();
        let offers =
            scene.run(async move { client.offers(picker, typed, &Cancel::new()).await }).unwrap_or_default();
        offers.into_iter().map(|it| (it.id, it.name, !it.note.is_empty())).collect::<Vec<_>>()
    };
    let offer = |id: &str, name: &str, noted| (id.to_owned(), name.to_owned(), noted);
    let want = [offer("7", "a & b", false), offer("9", "plain", false), offer("8", "by rule", true)];
    assert_eq!(offers(&mut scene, TAG_OFFERS, " a&b "), want);
    let asked = scene.service.log.borrow().last().cloned().unwrap();
    assert!(asked.contains("<Criteria field=\"name\" operator=\"CONTAINS\">a&amp;b</Criteria>"), "{asked}");

    scene.service.state.borrow_mut().keys.iter_mut().for_each(|it| it.owner = "364812443".to_owned());
    assert_eq!(offers(&mut scene, OWNERS, ""), [offer("364812443", "364812443", false)]);
    assert_eq!(
        offers(&mut scene, OWNERS, "36"),
        [offer("36", "36", false), offer("364812443", "364812443", false)]
    );
    assert_eq!(offers(&mut scene, OWNERS, "x"), []);
}

#[test]
fn the_version_is_a_test_of_the_connection() {
    let mut scene = with_keys(0);
    let client = scene.client.clone();
    assert_eq!(scene.run(async move { client.version(&Cancel::new()).await }), Ok("2.5.0.0".to_owned()));
    assert_eq!(scene.service.log.borrow().as_slice(), ["GET qps/rest/portal/version "]);
}

/// The form: which limits are asked for follows from the type (6.1, "Required").
#[test]
fn the_type_decides_about_the_limits() {
    let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap();
    let problems = |draft: &Draft| {
        let res = read_draft(&MANIFEST, draft, None, now).err().unwrap_or_default();
        res.into_iter().map(|it| (it.field, it.problem)).collect::<Vec<_>>()
    };
    let draft = |kind: &str| Draft::default().with_text(TYPE, kind);
    assert_eq!(problems(&Draft::default()), [(TYPE, Problem::Missing)]);
    assert_eq!(problems(&draft("UNLIMITED")), []);
    assert_eq!(problems(&draft("COUNT_LIMITED")), [(FieldId::LIMIT, Problem::Missing)]);
    assert_eq!(problems(&draft("TIME_LIMITED")), [(FieldId::EXPIRES, Problem::Missing)]);
    let both = [(FieldId::LIMIT, Problem::Missing), (FieldId::EXPIRES, Problem::Missing)];
    assert_eq!(problems(&draft("COUNT_TIME_LIMITED")), both);
    assert_eq!(problems(&draft("SOMETHING")), [(TYPE, Problem::NotOffered)]);
    let whole = draft("COUNT_TIME_LIMITED")
        .with_text(FieldId::LIMIT, "50")
        .with_text(FieldId::EXPIRES, "2027-01-01T10:00")
        .with_text(FieldId::OWNER, "abc");
    assert_eq!(problems(&whole), [(FieldId::OWNER, Problem::NotANumber)]);
    // A limit that does not apply is neither checked nor sent.
    let left_over = whole.clone().with_text(TYPE, "UNLIMITED").with_text(FieldId::OWNER, "17");
    let fields = read_draft(&MANIFEST, &left_over, None, now).unwrap();
    assert!(fields.get(FieldId::LIMIT).is_none() && fields.get(FieldId::EXPIRES).is_none());
    let owned = key(ROWS[1]);
    let cleared = Draft::of(&MANIFEST, &owned).with_text(FieldId::OWNER, "");
    assert_eq!(read_draft(&MANIFEST, &cleared, Some(&owned), now).unwrap_err().len(), 1);
}

fn create(scene: &mut Qps, title: &str) -> Outcome {
    let new = Fields::new().with(FieldId::TITLE, text(title)).with(TYPE, text("UNLIMITED"));
    let journal = scene.journal.clone();
    scene.run(async move { journal.create(&new, |_| ()).await })
}

/// Creates, and says how it ended, with how many keys there are and how many writes arrived.
fn created(fault: Option<Fault>, refuses: Option<&'static str>) -> (&'static str, usize, usize) {
    let mut scene = with_keys(3);
    scene.service.faults.borrow_mut().extend(fault);
    scene.service.state.borrow_mut().refuses = refuses;
    let outcome = create(&mut scene, "new & <b>");
    if let Outcome::Done { key: Some(key), .. } = &outcome {
        assert_eq!((key.id.0.as_str(), key.title()), ("4", "new & <b>"));
    }
    let keys = scene.service.state.borrow().keys.len();
    (crate::systems::testing::word(&outcome), keys, scene.service.writes())
}

#[test]
fn a_create_ends_as_created_or_not_created() {
    assert_eq!(created(None, None), ("done", 4, 1));
    assert_eq!(created(Some(Fault::DropAfter), None), ("done", 4, 1));
    assert_eq!(created(Some(Fault::DropBefore), None), ("not done", 3, 0));
    assert_eq!(created(Some(Fault::Status(500)), None), ("not done", 3, 0));
    assert_eq!(created(Some(Fault::Status(400)), None), ("refused", 3, 0));
    // Under HTTP 200.
    assert_eq!(created(None, Some("INVALID_REQUEST")), ("refused", 3, 1));
    assert_eq!(created(None, Some("UNAUTHORIZED")), ("refused", 3, 1));
    assert_eq!(created(None, Some("INTERNAL_ERROR")), ("not done", 3, 1));
}

/// A title that is taken is no conflict in this API but an invalid request.
#[test]
fn a_create_that_the_browser_repeated_is_found() {
    let mut scene = with_keys(3);
    scene.service.state.borrow_mut().repeats = true;
    let Outcome::Done { key: Some(key), notices, .. } = create(&mut scene, "new") else {
        panic!("it was created")
    };
    assert_eq!((key.id.0.as_str(), notices.as_slice()), ("4", [Notice::LookedUp].as_slice()));
}

/// The answer that is kept to be looked at holds no value of a key.
#[test]
fn the_raw_answer_of_a_create_is_masked() {
    let mut scene = with_keys(0);
    let Outcome::Done { raw, .. } = create(&mut scene, "a") else { panic!("it was created") };
    assert!(raw.contains("<AgentActKey>") && !raw.contains(&value(1)), "{raw}");
}

/// A write under a fault, with what was there afterwards.
fn under<T: PartialEq + std::fmt::Debug>(
    write: impl Fn(&mut Qps) -> (&'static str, usize),
    seen: impl Fn(&Qps) -> T,
    before: &T,
    after: &T,
) {
    for (fault, refuses, word, writes, happened) in [
        (None, None, "done", 1, true),
        (Some(Fault::DropAfter), None, "done", 1, true),
        (Some(Fault::DropBefore), None, "not done", 0, false),
        (Some(Fault::Status(503)), None, "not done", 0, false),
        (Some(Fault::Status(400)), None, "refused", 0, false),
        (None, Some("INVALID_REQUEST"), "refused", 1, false),
        (None, Some("INSUFFICIENT_PERMISSION"), "refused", 1, false),
        (None, Some("LIMIT_EXCEEDED"), "refused", 1, false),
        (None, Some("INTERNAL_ERROR"), "not done", 1, false),
    ] {
        let mut scene = with_keys(3);
        scene.service.state.borrow_mut().agents = vec![(71, 2), (72, 2)];
        scene.service.faults.borrow_mut().extend(fault);
        scene.service.state.borrow_mut().refuses = refuses;
        assert_eq!(write(&mut scene), (word, writes), "{fault:?} {refuses:?}");
        assert_eq!(&seen(&scene), if happened { after } else { before }, "{fault:?} {refuses:?}");
    }
}

#[test]
fn an_update_stands_every_fault() {
    let write = |scene: &mut Qps| {
        let (journal, client) = (scene.journal.clone(), scene.client.clone());
        scene.write(async move {
            let read = client
                .get(&KeyId("1".to_owned()), &Cancel::new())
                .await
                .unwrap_or_else(|err| panic!("{err}"));
            let draft = Draft::of(&MANIFEST, &read)
                .with_text(FieldId::TITLE, "mine")
                .with(LICENCES, Input::List(codes(&["FIM"])));
            let wanted = read_draft(&MANIFEST, &draft, Some(&read), Timestamp(0)).unwrap();
            let change = plan_change(&MANIFEST, &read, &wanted);
            journal.update(PlannedUpdate { read: &read, wanted: &wanted, change: &change }, |_| ()).await
        })
    };
    let seen = |scene: &Qps| {
        let state = scene.service.state.borrow();
        let first = state.keys.first().unwrap();
        (first.title.clone(), first.modules.clone())
    };
    under(write, seen, &("key 0001".to_owned(), Vec::new()), &("mine".to_owned(), codes(&["FIM"])));
}

#[test]
fn a_switch_stands_every_fault() {
    let write = |scene: &mut Qps| {
        let journal = scene.journal.clone();
        scene.write(async move { journal.set_enabled(&KeyId("1".to_owned()), false, |_| ()).await })
    };
    under(write, |scene| scene.service.state.borrow().keys.first().unwrap().disabled, &false, &true);
}

#[test]
fn a_delete_stands_every_fault() {
    let write = |scene: &mut Qps| {
        let journal = scene.journal.clone();
        scene.write(async move { journal.delete(&KeyId("1".to_owned()), |_| ()).await })
    };
    under(write, |scene| scene.service.state.borrow().keys.len(), &3, &2);
}

#[test]
fn a_key_with_agents_is_not_deleted_and_the_service_says_why() {
    let mut scene = with_keys(3);
    scene.service.state.borrow_mut().agents = vec![(71, 2)];
    let journal = scene.journal.clone();
    let outcome = scene.run(async move { journal.delete(&KeyId("2".to_owned()), |_| ()).await });
    let Outcome::Refused(err) = outcome else { panic!("it has agents") };
    assert_eq!((err.kind, err.message.as_deref()), (ErrorKind::Invalid, Some("It has agents.")));
}

#[test]
fn a_move_stands_every_fault() {
    let write = |scene: &mut Qps| {
        let journal = scene.journal.clone();
        scene.write(async move { journal.act(&move_all(2, 3), |_| ()).await })
    };
    let seen = |scene: &Qps| scene.service.state.borrow().agents.clone();
    under(write, seen, &vec![(71, 2), (72, 2)], &vec![(71, 3), (72, 3)]);
}

#[test]
fn a_move_that_takes_its_time_is_waited_for() {
    let mut scene = with_keys(3);
    scene.service.state.borrow_mut().agents = vec![(71, 2)];
    scene.service.state.borrow_mut().moves_after = 3;
    let journal = scene.journal.clone();
    let outcome = scene.run(async move { journal.act(&move_all(2, 3), |_| ()).await });
    assert!(matches!(outcome, Outcome::Done { notices, .. } if notices.is_empty()));
    assert_eq!(scene.service.state.borrow().agents, [(71, 3)]);
}

#[test]
fn a_move_from_a_key_without_agents_or_to_an_unknown_key_changes_nothing() {
    let mut scene = with_keys(3);
    let journal = scene.journal.clone();
    let outcome = scene.run(async move { journal.act(&move_all(2, 3), |_| ()).await });
    assert!(matches!(outcome, Outcome::Done { notices, .. } if notices == [Notice::AlreadySo]));
    scene.service.state.borrow_mut().agents = vec![(71, 2)];
    let journal = scene.journal.clone();
    assert_eq!(scene.write(async move { journal.act(&move_all(2, 99), |_| ()).await }), ("gone", 1));
    let journal = scene.journal.clone();
    assert_eq!(scene.write(async move { journal.act(&move_all(99, 2), |_| ()).await }), ("gone", 0));
}

#[test]
fn the_system_is_registered() {
    assert_eq!(System::parse("qualys-qps"), Some(SYSTEM));
}
