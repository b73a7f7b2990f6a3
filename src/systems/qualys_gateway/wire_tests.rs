//! Every sample body of the two documents is read, and every request sample is written.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;

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
    assert_eq!(key.limit, Limit::Unlimited);
    assert_eq!(key.kind, KeyKind::Unlimited);
    assert_eq!(key.created, Timestamp::parse("2025-09-08T18:40:11Z"));
    assert_eq!(key.creator_name, "John Doe");
    assert_eq!(key.network, Some(0));
    assert_eq!(key.tags, Some(Vec::new()));
    assert_eq!(key.licences, ["VM", "PA"]);
    assert_eq!(key.apply_to_existing, Some(false));
    assert!(key.value.is("123456-1a2b-1a2b-1a2b-12ab12b2b123"));
}

#[test]
fn the_create_sample_is_read_with_nine_fractional_digits() {
    let key = read(CREATE_SAMPLE);
    assert_eq!(key.limit, Limit::Of(100));
    assert_eq!(key.kind, KeyKind::CountTime);
    assert_eq!(key.expires, Date::parse("2026-09-08"));
    assert_eq!(key.created, Timestamp::parse("2025-09-08T19:43:45.378Z"));
    assert_eq!(key.licences, ["PM", "VM", "SCA"]);
}

#[test]
fn the_search_sample_is_read_and_its_rows_tell_less() {
    let page: PageWire = serde_json::from_str(SEARCH_SAMPLE).unwrap();
    assert_eq!((page.page_size, page.total_count), (Some(5), Some(745)));
    let keys: Vec<Key> = page.content.into_iter().map(|it| it.into_key().unwrap()).collect();
    assert_eq!(keys.len(), 2);
    assert!(
        keys.iter().all(|it| it.tags.is_none() && it.network.is_none() && it.apply_to_existing.is_none())
    );
}

#[test]
fn the_create_request_sample_is_written() {
    let new = NewKey {
        title: "Test Activation Key".to_owned(),
        network: Some(123_456),
        expires: Date::parse("2026-09-08"),
        limit: Some(100),
        licences: ["VM", "PC", "PM"].map(str::to_owned).to_vec(),
        tags: vec![123_456],
    };
    assert_eq!(
        serde_json::to_string(&CreateWire::of(&new)).unwrap(),
        r#"{"title":"Test Activation Key","networkId":123456,"expireDate":"2026-09-08","maxAgentsAllowed":100,"licenses":["VM","PC","PM"],"tags":[123456]}"#
    );
    assert_eq!(serde_json::to_string(&CreateWire::of(&NewKey::default())).unwrap(), "{}");
}

#[test]
fn the_update_request_sample_is_written() {
    let change = Change {
        title: Some("string".to_owned()),
        network: Some(123_456),
        expires: Some(None),
        limit: Some(Limit::Of(100)),
        add_licences: vec!["PM".to_owned()],
        remove_licences: vec!["SCA".to_owned()],
        add_tags: vec![123_456],
        remove_tags: vec![345_678],
        apply_to_existing: Some(true),
    };
    assert_eq!(
        serde_json::to_string(&UpdateWire::of(&change)).unwrap(),
        r#"{"title":"string","networkId":123456,"removeExpireDate":true,"maxAgentsAllowed":100,"applyToExistingAgents":true,"addLicenses":["PM"],"removeLicenses":["SCA"],"addTags":[123456],"removeTags":[345678]}"#
    );
    assert_eq!(serde_json::to_string(&UpdateWire::of(&Change::default())).unwrap(), "{}");
    let unlimited = Change { limit: Some(Limit::Unlimited), ..Change::default() };
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
    let tags: Vec<(u64, Option<String>)> = key.tags.unwrap().into_iter().map(|it| (it.id, it.name)).collect();
    assert_eq!(tags, [(7, None), (8, Some("Lab".to_owned())), (9, None)]);
}

#[test]
fn every_spelling_of_the_key_type_is_read_and_an_unknown_one_is_kept() {
    for (text, kind) in [
        ("Count Limited", KeyKind::Count),
        ("TIME_LIMITED", KeyKind::Time),
        ("count time limited", KeyKind::CountTime),
        ("Seats", KeyKind::Other("Seats".to_owned())),
    ] {
        assert_eq!(KeyKind::from_wire(text), kind);
    }
}

#[test]
fn a_date_that_cannot_be_read_is_named_and_never_blank() {
    let wire: KeyWire = serde_json::from_str(r#"{"id":1,"expireDate":"soon"}"#).unwrap();
    assert_eq!(wire.into_key().err(), Some("expireDate"));
    let wire: KeyWire = serde_json::from_str(r#"{"id":1,"datePurchased":"2025-09-08"}"#).unwrap();
    assert_eq!(wire.into_key().err(), Some("datePurchased"));
}
