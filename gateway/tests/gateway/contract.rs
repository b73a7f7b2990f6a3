//! Every sample body of the documents is taken and produced, printed typos aside.
//!
//! The samples are release notes 2.5 (get, search, create, update, toggle, delete) and the create page of the guide.
//! Typos each test leaves aside are named in it.

use serde_json::{Value, json};

use crate::support::{CREATE, MANAGE, gateway};

/// The reply holds exactly these fields in this order: the order is no promise of JSON, but of the printed samples.
#[track_caller]
fn assert_same(text: &str, expected: &Value) {
    let got: Value = serde_json::from_str(text).unwrap();
    assert_eq!(got, *expected);
}

/// Typo left aside: curly quotes around the title. The path of the printed request names another id than the reply.
#[tokio::test]
async fn get_sample() {
    let gateway = gateway(&[]).await;
    let sample = json!({
        "id": 123456,
        "title": "Activation_key_title_01",
        "activationKey": "123456-1a2b-1a2b-1a2b-12ab12b2b123",
        "networkId": 0,
        "countUsed": 0,
        "countPurchased": 0,
        "datePurchased": "2025-09-08T18:40:11",
        "firstName": "John",
        "lastName": "Doe",
        "userName": "<username>",
        "keyType": "Unlimited",
        "expireDate": null,
        "isDisabled": false,
        "licenses": ["VM", "PA"],
        "tags": [],
        "applyToExistingAgents": false
    });
    let mut fields = sample.clone();
    fields.as_object_mut().unwrap().remove("keyType");
    gateway.plant(fields).await;
    let answer = gateway.call("GET", &format!("{MANAGE}/123456"), Value::Null).await.expect(200);
    assert_same(answer.text(), &sample);
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

/// The printed reply has page size 5 although the printed request asks for 200, so it answers another request: this
/// test sends 5. The GUIDs of three rows are the same, and none is well formed; both are served as they are.
#[tokio::test]
async fn search_sample() {
    let gateway = gateway(&[]).await;
    let row = |id: i64, title: &str, guid_end: &str, created: &str, user: &str, licenses: &[&str]| {
        json!({
            "id": id,
            "title": title,
            "activationKey": format!("123456-1a2b-1a2b-1a2b-12ab12b2b12{guid_end}"),
            "countUsed": 0,
            "countPurchased": 0,
            "datePurchased": created,
            "firstName": "John",
            "lastName": "Doe",
            "userName": user,
            "keyType": "Unlimited",
            "isDisabled": false,
            "expireDate": null,
            "licenses": licenses
        })
    };
    let content = [
        row(
            12_345_678,
            "activation_key_title_1",
            "3",
            "2025-01-09T18:01:02",
            "<username01>",
            &["PM", "VM", "FIM", "PA", "EDR"],
        ),
        row(23_456_789, "activation_key_title_2", "2", "2025-01-29T12:26:26", "<username01>", &[]),
        row(
            34_567_891,
            "activation_key_title3",
            "4",
            "2025-01-29T09:41:04",
            "<username01>",
            &["VM", "FIM", "EDR"],
        ),
        row(456_789_123, "activation_key_title4", "4", "2025-01-29T09:46:07", "<username01>", &[]),
        row(567_891_234, "activation_key_title5", "4", "2024-08-14T18:08:36", "username01", &[]),
    ];
    let mut planted: Vec<Value> = content.to_vec();
    for idx in 0..740 {
        planted.push(json!({"id": 600_000_000 + idx, "title": format!("activation_key_title6 {idx:04}")}));
    }
    planted.push(json!({"id": 700_000_000, "title": "a disabled one", "isDisabled": true}));
    for fields in &mut planted {
        fields.as_object_mut().unwrap().remove("keyType");
    }
    gateway.plant(json!(planted)).await;

    let request = |limit: u32| json!({"limit": limit, "sortOrder": "ASC", "orderBy": "TITLE", "query": "activationKey.isDisabled:false"});
    let answer = gateway.call("POST", MANAGE, request(5)).await.expect(200);
    assert_same(
        answer.text(),
        &json!({"pageSize": 5, "totalCount": 745, "noOfPages": 149, "content": content}),
    );

    let as_printed = gateway.search(request(200)).await;
    assert_eq!(as_printed["pageSize"], 200);
    assert_eq!(as_printed["noOfPages"], 4);
    assert_eq!(as_printed["content"].as_array().unwrap().len(), 200);
}

/// Typos left aside: curly quotes around the title and a missing comma behind `expireDate` in the reply; two quotes
/// in front of the printed request body. Id, GUID, time and user are the gateway's own.
#[tokio::test]
async fn create_sample() {
    let gateway = gateway(&["--licence-substitution", "pc-to-sca", "--tags-echo", "empty"]).await;
    let request = json!({
        "title": "Test Activation Key",
        "networkId": 123456,
        "expireDate": "2026-09-08",
        "maxAgentsAllowed": 100,
        "licenses": ["VM", "PC", "PM"],
        "tags": [123456]
    });
    let answer = gateway.call("POST", CREATE, request).await.expect(200);
    let mut reply = answer.json();
    let expected = json!({
        "id": reply["id"],
        "title": "Test Activation Key",
        "activationKey": reply["activationKey"],
        "networkId": 123456,
        "countUsed": 0,
        "countPurchased": 100,
        "datePurchased": reply["datePurchased"],
        "firstName": "Demo",
        "lastName": "Administrator",
        "userName": "demo",
        "keyType": "Count Time Limited",
        "expireDate": "2026-09-08",
        "isDisabled": false,
        "licenses": ["PM", "VM", "SCA"],
        "tags": [],
        "applyToExistingAgents": false
    });
    assert_same(answer.text(), &expected);

    let created = reply["datePurchased"].as_str().unwrap().to_owned();
    let (seconds, nanos) = created.split_once('.').unwrap();
    assert_eq!((seconds.len(), nanos.len()), (19, 9), "{created}");
    assert!(nanos.bytes().all(|byte| byte.is_ascii_digit()), "{created}");
    let guid = reply["activationKey"].as_str().unwrap();
    assert_eq!(guid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{guid}");

    // Get shows the tag that create did not echo, and the time without the fraction.
    let got = gateway.get(&reply["id"]).await;
    reply["tags"] = json!([123456]);
    reply["datePurchased"] = json!(seconds);
    assert_eq!(got, reply);
}

/// Typos left aside: a space in the printed path, a curly quote behind it, two quotes in front of the body.
#[tokio::test]
async fn update_sample() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!({
            "id": 123456, "title": "before", "expireDate": "2026-09-08", "countPurchased": 20, "countUsed": 5,
            "licenses": ["VM", "SCA"], "tags": [345678, 9]
        }))
        .await;
    let request = json!({
        "title": "string",
        "networkId": 123456,
        "removeExpireDate": true,
        "maxAgentsAllowed": 100,
        "applyToExistingAgents": true,
        "addLicenses": ["PM"],
        "removeLicenses": ["SCA"],
        "addTags": [123456],
        "removeTags": [345678]
    });
    let answer = gateway.call("PATCH", &format!("{CREATE}/123456"), request).await.expect(200);
    assert_eq!(answer.text(), "Successfully updated activation key");
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    let key = gateway.get(&json!(123456)).await;
    assert_eq!(key["title"], "string");
    assert_eq!(key["networkId"], 123456);
    assert_eq!(key["expireDate"], Value::Null);
    assert_eq!(key["countPurchased"], 100);
    assert_eq!(key["keyType"], "Count Limited");
    assert_eq!(key["applyToExistingAgents"], true);
    assert_eq!(key["licenses"], json!(["PM", "VM"]));
    assert_eq!(key["tags"], json!([9, 123456]));
    assert_eq!(key["isDisabled"], false);
}

/// Typos left aside: a missing quote at the end of the printed address; the heading says "enable" and the reply
/// "disabled". The other sentence is not printed; the page says "and vice versa".
#[tokio::test]
async fn toggle_sample() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 1819838})).await;
    let path = format!("{MANAGE}/1819838");
    for (text, is_disabled) in
        [("Successfully disabled activation key", true), ("Successfully enabled activation key", false)]
    {
        let answer = gateway.call("PATCH", &path, Value::Null).await.expect(200);
        assert_eq!(answer.text(), text);
        assert_eq!(gateway.get(&json!(1819838)).await["isDisabled"], is_disabled);
    }
}

/// Typo left aside: a missing quote at the end of the printed address.
#[tokio::test]
async fn delete_sample() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 123456})).await;
    let path = format!("{MANAGE}/123456");
    let answer = gateway.call("DELETE", &path, Value::Null).await.expect(200);
    assert_eq!(answer.text(), "Successfully deleted activation key");
    gateway.refused("GET", &path, Value::Null, 404, "123456").await;
    gateway.refused("DELETE", &path, Value::Null, 404, "123456").await;
}

/// A public shell client asks for pages as `{"pageSize":100}` with an extra header.
#[tokio::test]
async fn the_public_client_gets_its_keys() {
    let gateway = gateway(&["--keys", "150"]).await;
    let page = gateway.search(json!({"pageSize": 100})).await;
    assert_eq!(page["pageSize"], 100);
    assert_eq!(page["content"].as_array().unwrap().len(), 100);
    assert!(page["content"][0]["licenses"].is_array());
}

#[tokio::test]
async fn the_calls_are_served_under_each_prefix_too() {
    let gateway = gateway(&["--keys", "3", "--prefix", "/qualys/eu1", "--prefix", "/other"]).await;
    for prefix in ["", "/qualys/eu1", "/other"] {
        gateway.form(&format!("{prefix}/auth"), "username=demo&password=demo&token=true").await.expect(201);
        let page = gateway.call("POST", &format!("{prefix}{MANAGE}"), json!({})).await.expect(200).json();
        assert_eq!(page["totalCount"], 3);
        gateway
            .refused("POST", &format!("{prefix}/caui/v2/activation-keys"), json!({}), 404, "nothing")
            .await;
        gateway.refused("PUT", &format!("{prefix}{MANAGE}"), json!({}), 405, "method").await;
    }
    gateway.refused("POST", &format!("/qualys/eu2{MANAGE}"), json!({}), 404, "nothing").await;
}
