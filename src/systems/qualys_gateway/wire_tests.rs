//! Every sample body of the two documents is read, and every request sample is written.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::domain::KeyId;
use crate::http::{Method, Request, Response, ResponseHeaders};

fn read(json: &str) -> Key {
    serde_json::from_str::<KeyWire>(json).unwrap().into_key().unwrap()
}

/// Release notes, "Get Activation Key Details". The printed curly quotes around the title are a typo of the
/// page, written here as straight ones.
const GET_SAMPLE: &str = r#"{
    "id": 123456, "title": "Activation_key_title_01", "activationKey": "123456-1a2b-1a2b-1a2b-12ab12b2b123",
    "networkId": 0, "countUsed": 0, "countPurchased": 0, "datePurchased": "2025-09-08T18:40:11",
    "firstName": "John", "lastName": "Doe", "userName": "<username>", "keyType": "Unlimited",
    "expireDate": null, "isDisabled": false, "licenses": ["VM", "PA"], "tags": [], "applyToExistingAgents": false
}"#;

/// "Create Activation Key", both documents. The printed curly quotes and the missing comma before
/// `isDisabled` are typos of the pages.
const CREATE_SAMPLE: &str = r#"{
    "id": 123456, "title": "Test Activation Key", "activationKey": "12ba12bc-effd-12e3-1234-12345ac12345",
    "networkId": 123456, "countUsed": 0, "countPurchased": 100, "datePurchased": "2025-09-08T19:43:45.378378608",
    "firstName": "John", "lastName": "Doe", "userName": "<username>", "keyType": "Count Time Limited",
    "expireDate": "2026-09-08", "isDisabled": false, "licenses": ["PM", "VM", "SCA"], "tags": [],
    "applyToExistingAgents": false
}"#;

/// "Search Activation Keys"; two of the five rows, one with licences and one without.
const SEARCH_SAMPLE: &str = r#"{
    "pageSize": 5, "totalCount": 745, "noOfPages": 149, "content": [
    { "id": 12345678, "title": "activation_key_title_1", "activationKey": "123456-1a2b-1a2b-1a2b-12ab12b2b123",
      "countUsed": 0, "countPurchased": 0, "datePurchased": "2025-01-09T18:01:02", "firstName": "John",
      "lastName": "Doe", "userName": "<username01>", "keyType": "Unlimited", "isDisabled": false,
      "expireDate": null, "licenses": ["PM", "VM", "FIM", "PA", "EDR"] },
    { "id": 23456789, "title": "activation_key_title_2", "activationKey": "123456-1a2b-1a2b-1a2b-12ab12b2b122",
      "countUsed": 0, "countPurchased": 0, "datePurchased": "2025-01-29T12:26:26", "firstName": "John",
      "lastName": "Doe", "userName": "<username01>", "keyType": "Unlimited", "isDisabled": false,
      "expireDate": null, "licenses": [] } ] }"#;

#[test]
fn the_get_sample_is_read() {
    let key = read(GET_SAMPLE);
    assert_eq!(key.id, KeyId("123456".to_owned()));
    assert_eq!(key.limit(), Some(Limit::Unlimited));
    assert_eq!(key.fields.text(TYPE), "Unlimited");
    assert_eq!(key.created(), Timestamp::parse("2025-09-08T18:40:11Z"));
    let creator = Ref { id: "<username>".to_owned(), name: Some("John Doe".to_owned()) };
    assert_eq!(key.fields.refs(FieldId::CREATOR), [creator]);
    assert_eq!(key.fields.number(NETWORK), Some(0));
    assert_eq!(key.fields.get(TAGS), Some(&Value::Refs(Vec::new())));
    assert_eq!(key.fields.codes(LICENCES), ["VM", "PA"]);
    assert_eq!(key.fields.flag(APPLY), Some(false));
    assert!(key.value.unwrap().is("123456-1a2b-1a2b-1a2b-12ab12b2b123"));
}

#[test]
fn the_create_sample_is_read_with_nine_fractional_digits() {
    let key = read(CREATE_SAMPLE);
    assert_eq!(key.limit(), Some(Limit::Of(100)));
    assert_eq!(key.fields.text(TYPE), "CountTime");
    assert_eq!(key.fields.get(FieldId::EXPIRES), Date::parse("2026-09-08").map(Value::Day).as_ref());
    assert_eq!(key.created(), Timestamp::parse("2025-09-08T19:43:45.378Z"));
    assert_eq!(key.fields.codes(LICENCES), ["PM", "VM", "SCA"]);
}

#[test]
fn the_search_sample_is_read_and_its_rows_tell_less() {
    let (status, headers, text) = (200, ResponseHeaders::default(), SEARCH_SAMPLE.to_owned());
    let response = Response { status, headers, text };
    let request = Request::read(Method::Post, "keys");
    let (page, rows): (PageWire, Vec<KeyWire>) =
        futures_executor::block_on(response.json_list(&request, "content")).unwrap();
    assert_eq!((page.page_size, page.total_count), (Some(5), Some(745)));
    let keys: Vec<Key> = rows.into_iter().map(|it| it.into_key().unwrap()).collect();
    assert_eq!(keys.len(), 2);
    let tells_less = |it: &Key| [TAGS, NETWORK, APPLY].iter().all(|field| it.fields.get(*field).is_none());
    assert!(keys.iter().all(tells_less));
}

#[test]
fn the_create_request_sample_is_written() {
    let new = Fields::new()
        .with(FieldId::TITLE, Value::Text("Test Activation Key".to_owned()))
        .with(NETWORK, Value::Number(123_456))
        .with(FieldId::EXPIRES, Value::Day(Date::parse("2026-09-08").unwrap()))
        .with(FieldId::LIMIT, Value::Limit(Limit::Of(100)))
        .with(LICENCES, Value::Codes(["VM", "PC", "PM"].map(str::to_owned).to_vec()))
        .with(TAGS, Value::Refs(vec![Ref::of("123456")]));
    assert_eq!(
        serde_json::to_string(&CreateWire::of(&new)).unwrap(),
        r#"{"title":"Test Activation Key","networkId":123456,"expireDate":"2026-09-08","maxAgentsAllowed":100,"licenses":["VM","PC","PM"],"tags":[123456]}"#
    );
    assert_eq!(serde_json::to_string(&CreateWire::of(&Fields::new())).unwrap(), "{}");
}

#[test]
fn the_update_request_sample_is_written() {
    let list =
        |add: &str, remove: &str| Delta::List { add: vec![add.to_owned()], remove: vec![remove.to_owned()] };
    let change = Change(vec![
        (FieldId::TITLE, Delta::Set(Value::Text("string".to_owned()))),
        (NETWORK, Delta::Set(Value::Number(123_456))),
        (FieldId::EXPIRES, Delta::Set(Value::Nothing)),
        (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(100)))),
        (LICENCES, list("PM", "SCA")),
        (TAGS, list("123456", "345678")),
        (APPLY, Delta::Set(Value::Flag(true))),
    ]);
    assert_eq!(
        serde_json::to_string(&UpdateWire::of(&change)).unwrap(),
        r#"{"title":"string","networkId":123456,"removeExpireDate":true,"maxAgentsAllowed":100,"applyToExistingAgents":true,"addLicenses":["PM"],"removeLicenses":["SCA"],"addTags":[123456],"removeTags":[345678]}"#
    );
    assert_eq!(serde_json::to_string(&UpdateWire::of(&Change::default())).unwrap(), "{}");
    let unlimited = Change(vec![(FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Unlimited)))]);
    assert_eq!(
        serde_json::to_string(&UpdateWire::of(&unlimited)).unwrap(),
        r#"{"removeMaxAgentsAllowed":true}"#
    );
}

#[test]
fn the_search_request_sample_is_written() {
    let body = SearchWire {
        limit: 200,
        sort_order: "ASC",
        order_by: "TITLE",
        query: "activationKey.isDisabled:false",
        page_number: None,
    };
    assert_eq!(
        serde_json::to_string(&body).unwrap(),
        r#"{"limit":200,"sortOrder":"ASC","orderBy":"TITLE","query":"activationKey.isDisabled:false"}"#
    );
}

#[test]
fn tags_are_read_as_numbers_and_as_objects() {
    let key = read(r#"{"id":1,"tags":[7,{"id":8,"name":"Lab"},{"id":9}]}"#);
    let lab = Ref { id: "8".to_owned(), name: Some("Lab".to_owned()) };
    assert_eq!(key.fields.refs(TAGS), [Ref::of("7"), lab, Ref::of("9")]);
}

#[test]
fn every_spelling_of_the_key_type_is_read_and_an_unknown_one_is_kept() {
    for (text, code) in [
        ("Count Limited", "Count"),
        ("TIME_LIMITED", "Time"),
        ("count time limited", "CountTime"),
        ("Seats", "Seats"),
    ] {
        assert_eq!(read_type(text), code);
    }
}

#[test]
fn a_date_that_cannot_be_read_is_named_and_never_blank() {
    let wire: KeyWire = serde_json::from_str(r#"{"id":1,"expireDate":"soon"}"#).unwrap();
    assert_eq!(wire.into_key().err(), Some("expireDate"));
    let wire: KeyWire = serde_json::from_str(r#"{"id":1,"datePurchased":"2025-09-08"}"#).unwrap();
    assert_eq!(wire.into_key().err(), Some("datePurchased"));
}
