//! What every system keeps to itself: values of keys in paths and errors, ids that are paths, ways that lead elsewhere.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::rc::Rc;

use futures_util::future::{FutureExt as _, LocalBoxFuture};

use super::qualys_gateway::fixtures::Anybody;
use super::{Act, Call, Client, Order, SearchRequest, SecretText, System};
use crate::domain::{FieldId, Fields, KeyId, Secret, Value};
use crate::http::testing::{World, answer};
use crate::http::{ApiError, Authority, Cancel, Cancelled, Credential, ErrorKind, Holder, Http};

const BASE: &str = "https://h/";
const VALUE: &str = "12ba12bc-effd-12e3-1234-12345ac12345";

fn client(system: &str, world: &World) -> Client {
    client_of(system, world, Rc::new(Anybody))
}

fn client_of(system: &str, world: &World, authority: Rc<dyn Authority>) -> Client {
    let http = Http::new(BASE, world.network.clone(), world.timer.clone(), authority);
    Client::new(System::parse(system).unwrap(), http)
}

fn id(text: &str) -> KeyId {
    KeyId(text.to_owned())
}

/// An id comes from an answer, or is typed.
#[test]
fn an_id_is_one_step_of_a_path_in_every_system() {
    for (system, folder) in [
        ("qualys-gateway", "caui/v1/activation-keys/manage/"),
        ("solifyn", "v1/licenses/"),
        ("qlik-cloud", "api/v1/api-keys/"),
    ] {
        let world = World::new();
        let client = client(system, &world);
        let curl = client.curl(&Call::Get(id("a/../b?c#d"))).unwrap();
        assert!(curl.contains(&[BASE, folder, "a%2F..%2Fb%3Fc%23d'"].concat()), "{curl}");
    }
    let remove = Act::RemoveMember { key: id("lic_1"), member: "../../customers/c".to_owned() };
    let curl = client("solifyn", &World::new()).curl(&Call::Act(remove)).unwrap();
    assert!(curl.contains("v1/licenses/instances/..%2F..%2Fcustomers%2Fc'"), "{curl}");
}

#[test]
fn an_id_that_leads_elsewhere_is_not_sent() {
    for system in ["qualys-gateway", "qualys-qps", "solifyn", "qlik-cloud"] {
        for odd in ["", " ", ".", ".."] {
            let mut world = World::new();
            let client = client(system, &world);
            let read = world.start(async move { client.get(&id(odd), &Cancel::new()).await.map(|_| ()) });
            let sent: Vec<String> =
                world.network.urls().into_iter().filter(|it| !it.ends_with("users/me")).collect();
            assert_eq!(sent, Vec::<String>::new(), "{system} {odd:?}");
            if world.network.count() == 0 {
                let failed = read.take().unwrap_err();
                assert_eq!((failed.kind, failed.sent), (ErrorKind::Invalid, false), "{system} {odd:?}");
            }
        }
    }
}

/// The value of a key that was pasted where an id belongs once went into the path.
#[test]
fn a_value_that_is_typed_for_an_id_gets_into_no_path() {
    let mut world = World::new();
    let client = client("qualys-qps", &world);
    let curl = client.curl(&Call::Get(id(VALUE))).unwrap();
    assert!(!curl.contains("12ba12bc"), "{curl}");
    let read = world.start(async move { client.get(&id(VALUE), &Cancel::new()).await.map(|_| ()) });
    let failed = read.take().unwrap_err();
    assert_eq!((world.network.count(), failed.kind), (0, ErrorKind::Invalid));
    assert!(!format!("{failed:?}{failed}").contains("12ba12bc"), "{failed:?}");
}

/// A refusal that repeats what it refuses, in words that are too long to be kept whole.
fn echo(value: &str) -> String {
    let odd = value.replace('-', r"\u002d");
    let words = ["no such key: ", value, " ", &"x".repeat(470), value].concat();
    let rest = [odd.as_str(), value].concat().repeat(200);
    ["{\"message\":\"", &words, "\",\"more\":\"", &rest, "\"}"].concat()
}

#[track_caller]
fn check_error(failed: &ApiError, value: &str) {
    let start: String = value.chars().take(8).collect();
    assert!(!format!("{failed:?}").contains(&start), "{failed:?}");
    assert!(failed.raw.contains("•••"), "the answer repeated it: {failed:?}");
}

#[test]
fn a_value_that_is_checked_is_in_no_error() {
    let mut world = World::new();
    let client = client("solifyn", &world);
    let typed = Fields::new().with(FieldId::VALUE, Value::Text("CUSTOM-ACME-11".to_owned()));
    let asked = world.start(async move { client.verify(&typed, &Cancel::new()).await.map(|_| ()) });
    world.reply(0, answer(400, &[], &echo("CUSTOM-ACME-11")));
    check_error(&asked.take().unwrap_err(), "CUSTOM-ACME-11");
}

/// Calls on agents hold the values of keys, which no reader of the screen typed.
#[test]
fn values_that_calls_on_agents_hold_are_in_no_error() {
    let key = format!(
        "<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><data><AgentActKey><id>1</id>\
         <activationKey>{VALUE}</activationKey><status>ACTIVE</status><type>UNLIMITED</type></AgentActKey></data>\
         </ServiceResponse>"
    );
    for kind in ["members", "count", "move"] {
        let mut world = World::new();
        let client = client("qualys-qps", &world);
        let to = "22ba12bc-effd-12e3-1234-12345ac12345";
        let act =
            Act::MoveMembers { from: id("1"), to: id("2"), to_value: SecretText(Secret::new(to.to_owned())) };
        let asked = world.start(async move {
            match kind {
                "members" => client.members(&id("1"), &Cancel::new()).await.map(|_| ()),
                "count" => client.count_members(&id("1"), &Cancel::new()).await.map(|_| ()),
                _ => client.perform(&act).await,
            }
        });
        world.ok(0, &key);
        world.reply(1, answer(400, &[], &echo(VALUE)));
        let failed = asked.take().unwrap_err();
        check_error(&failed, VALUE);
        assert!(!format!("{failed:?}").contains("22ba12bc"));
    }
}

/// Answers every call in the same way; with some systems a call is preceded by another.
fn refuse_all(world: &mut World, status: u16, body: &str) {
    let mut answered = 0;
    while answered < world.network.count() {
        world.reply(answered, answer(status, &[], body));
        answered += 1;
    }
}

/// A service may quote the record that stands in the way, which nobody sent.
#[test]
fn a_value_that_was_not_sent_is_in_no_error() {
    const LICENCE: &str = "A184-99C2-8CBE";
    const TOKEN: &str = "eyJhbGciOiJIUzUxMiJ9.eyJqdGkiOiJhYmMifQ.Zm9vYmFy_-x";
    for (system, value) in [
        ("qualys-gateway", VALUE),
        ("qualys-gateway", TOKEN),
        ("qualys-qps", VALUE),
        ("solifyn", LICENCE),
        ("qlik-cloud", TOKEN),
    ] {
        let mut world = World::new();
        let client = client(system, &world);
        let read = world.start(async move { client.get(&id("1"), &Cancel::new()).await.map(|_| ()) });
        let body = format!(r#"{{"message":"In the way: {value}.","record":{{"id":7,"key":"{value}"}}}}"#);
        refuse_all(&mut world, 400, &body);
        let failed = read.take().unwrap_err();
        check_error(&failed, value);
        assert!(failed.raw.contains(r#""id":7"#), "{system}: the rest stays: {failed:?}");
    }
}

/// The ids of Qlik's keys look like the values of Qualys' keys, and are none.
#[test]
fn an_id_stays_in_an_error() {
    let mut world = World::new();
    let client = client("qlik-cloud", &world);
    let read = world.start(async move { client.get(&id("1"), &Cancel::new()).await.map(|_| ()) });
    refuse_all(&mut world, 404, &format!(r#"{{"message":"There is no {VALUE}."}}"#));
    assert!(read.take().unwrap_err().raw.contains(VALUE));
}

/// A copied search once held the value that was searched for.
#[test]
fn a_search_for_a_value_is_copied_without_it() {
    let check = |system: &str, query: &str, value: &str| {
        let (query, order) = (query.to_owned(), Order::TITLE);
        let search = Call::Search(SearchRequest { query, order, descending: false, page: 0, size: 25 });
        let client = client(system, &World::new());
        let lines = client.command_lines(&search).into_iter().map(|it| it.text).collect::<String>();
        let shown = [client.curl(&search), client.body(&search), Some(lines)];
        assert!(!shown.iter().flatten().any(|it| it.contains(value)), "{shown:?}");
        shown.into_iter().flatten().collect::<String>()
    };
    let gateway = check("qualys-gateway", &["activationKey: ", VALUE].concat(), "12ba12bc");
    assert!(gateway.contains("removed"), "{gateway}");
    check("qualys-qps", &["activationKey: ", VALUE, " AND title: a"].concat(), "12ba12bc");
    check("qlik-cloud", "description: eyJhbGciOiJIUzM4NCJ9", "eyJ");
    check("solifyn", "key: `ABCD-EFGH`", "ABCD-EFGH");
    let plain = check("qualys-gateway", "activationKey.isDisabled: true", VALUE);
    assert!(plain.contains("isDisabled"), "{plain}");
}

/// A reader whose credential says whose it is.
struct Named;

impl Authority for Named {
    fn credential(&self) -> Option<Credential> {
        Anybody.credential()
    }

    fn rejected(&self, _used: &Credential) {}

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        async { Ok(()) }.boxed_local()
    }

    fn holder(&self) -> Holder {
        Holder { user: Some("64ef/1".to_owned()), tenant: Some("t-1".to_owned()) }
    }
}

/// The documented way to oneself is a redirection, and on an origin of several connections it may lead to another one.
#[test]
fn nothing_is_followed_where_the_credential_says_whose_it_is() {
    let mut world = World::new();
    let client = client_of("qlik-cloud", &world, Rc::new(Named));
    let _asked = world.start(async move { client.settings(&Cancel::new()).await.map(|_| ()) });
    world.reply(0, answer(403, &[], ""));
    let want = ["users/64ef%2F1", "api-keys/configs/t-1"].map(|it| [BASE, "api/v1/", it].concat());
    assert_eq!(world.network.urls(), want);
    assert!(world.network.0.borrow().iter().all(|it| !it.call.follows));
}
