//! What the calls refuse, and that a refusal changes nothing.

use serde_json::{Value, json};

use crate::support::{CREATE, MANAGE, gateway};

#[tokio::test]
async fn a_create_without_any_field_makes_a_blank_unlimited_key() {
    let gateway = gateway(&[]).await;
    let key = gateway.create(json!({})).await;
    assert_eq!(key["title"], "");
    assert_eq!(key["keyType"], "Unlimited");
    assert_eq!(key["countPurchased"], 0);
    assert_eq!(key["expireDate"], Value::Null);
    assert_eq!(key["networkId"], 0);
    assert_eq!(key["licenses"], json!([]));
    let second = gateway.create(json!({"title": null, "expireDate": null})).await;
    assert_ne!(second["id"], key["id"]);
    assert_ne!(second["activationKey"], key["activationKey"]);
}

#[tokio::test]
async fn the_type_follows_from_the_limits() {
    let gateway = gateway(&[]).await;
    for (body, key_type) in [
        (json!({}), "Unlimited"),
        (json!({"maxAgentsAllowed": 1}), "Count Limited"),
        (json!({"expireDate": "2030-01-01"}), "Time Limited"),
        (json!({"maxAgentsAllowed": 1_000_000, "expireDate": "2030-01-01"}), "Count Time Limited"),
    ] {
        assert_eq!(gateway.create(body).await["keyType"], key_type);
    }
}

#[tokio::test]
async fn a_create_with_wrong_input_is_refused() {
    let gateway = gateway(&[]).await;
    for (body, reason) in [
        (json!({"maxAgentsAllowed": 0}), "1 to 1000000"),
        (json!({"maxAgentsAllowed": 1_000_001}), "1 to 1000000"),
        (json!({"maxAgentsAllowed": -1}), "1 to 1000000"),
        (json!({"maxAgentsAllowed": 1.5}), "invalid type"),
        (json!({"maxAgentsAllowed": "5"}), "invalid type"),
        (json!({"maxAgentsAllowed": 1e30}), "invalid type"),
        (json!({"expireDate": "2026-02-29"}), "YYYY-MM-DD"),
        (json!({"expireDate": "2026-13-01"}), "YYYY-MM-DD"),
        (json!({"expireDate": "2026-1-1"}), "YYYY-MM-DD"),
        (json!({"expireDate": "20260101"}), "YYYY-MM-DD"),
        (json!({"expireDate": "2026-01-01T00:00:00"}), "YYYY-MM-DD"),
        (json!({"expireDate": "01/02/2026"}), "YYYY-MM-DD"),
        (json!({"expireDate": "２０２６-01-01"}), "YYYY-MM-DD"),
        (json!({"expireDate": ""}), "YYYY-MM-DD"),
        (json!({"expireDate": 20260101}), "invalid type"),
        (json!({"title": 5}), "invalid type"),
        (json!({"networkId": -1}), "networkId"),
        (json!({"networkId": "1"}), "invalid type"),
        (json!({"licenses": "VM"}), "invalid type"),
        (json!({"licenses": [1]}), "invalid type"),
        (json!({"licenses": ["VM", " "]}), "blank"),
        (json!({"tags": ["1"]}), "invalid type"),
        (json!({"tags": [0]}), "tag"),
        (json!({"isDisabled": true}), "unknown field"),
        (json!([]), "object"),
        (json!(["title"]), "object"),
        (json!("title"), "object"),
    ] {
        gateway.refused("POST", CREATE, body, 400, reason).await;
    }
    gateway.refused("POST", CREATE, Value::Null, 400, "object").await;
    assert_eq!(gateway.stored().await.len(), 0);
}

#[tokio::test]
async fn text_that_is_no_json_is_refused() {
    let gateway = gateway(&["--keys", "1"]).await;
    let id = gateway.stored().await[0]["id"].clone();
    for (method, path) in
        [("POST", MANAGE.to_owned()), ("POST", CREATE.to_owned()), ("PATCH", format!("{CREATE}/{id}"))]
    {
        for body in
            [&b"{"[..], b"{\"title\":\"a\",}", b"{\"title\":\"\xff\"}", b"{\"title\":\"a\"} x", b"null"]
        {
            let answer = gateway.call_raw(method, &path, body.to_vec()).await;
            assert_eq!(answer.status, 400, "{method} {path} {body:?}");
        }
    }
    let twice = gateway.call_raw("POST", CREATE, r#"{"title":"a","title":"b"}"#).await.expect(400);
    assert!(twice.json()["message"].as_str().unwrap().contains("duplicate"));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_413() {
    let gateway = gateway(&[]).await;
    let title = "a".repeat(1 << 20);
    gateway.refused("POST", CREATE, json!({"title": title}), 413, "larger").await;
    gateway.create(json!({"title": "a".repeat((1 << 20) - 50)})).await;
}

#[tokio::test]
async fn another_content_type_is_a_415() {
    let gateway = gateway(&[]).await;
    let request = axum::http::Request::post(CREATE)
        .header("authorization", format!("Bearer {}", gateway.token))
        .header("content-type", "text/plain")
        .body(axum::body::Body::from("{}"));
    gateway.send(request.unwrap()).await.expect(415);
}

#[tokio::test]
async fn ids_and_methods_are_checked() {
    let gateway = gateway(&["--keys", "2"]).await;
    for (method, base) in [("GET", MANAGE), ("PATCH", MANAGE), ("DELETE", MANAGE), ("PATCH", CREATE)] {
        let body = if base == CREATE { json!({}) } else { Value::Null };
        gateway.refused(method, &format!("{base}/1"), body.clone(), 404, "1").await;
        for id in ["abc", "1e3", "99999999999999999999", "%20", "1%2F2", "%ff"] {
            gateway.refused(method, &format!("{base}/{id}"), body.clone(), 400, "not a number").await;
        }
    }
    for (method, path) in [
        ("PUT", format!("{MANAGE}/1")),
        ("POST", format!("{MANAGE}/1")),
        ("GET", MANAGE.to_owned()),
        ("PATCH", MANAGE.to_owned()),
        ("GET", CREATE.to_owned()),
        ("PATCH", CREATE.to_owned()),
        ("DELETE", CREATE.to_owned()),
        ("GET", format!("{CREATE}/1")),
    ] {
        gateway.refused(method, &path, Value::Null, 405, "method").await;
    }
    let answer = gateway.call("PUT", MANAGE, Value::Null).await.expect(405);
    assert!(answer.header("allow").unwrap().contains("POST"));
}

#[tokio::test]
async fn an_update_with_wrong_input_is_refused() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!({"id": 7, "countUsed": 10, "countPurchased": 20, "licenses": ["VM"], "tags": [1], "expireDate": "2030-01-01"}))
        .await;
    let path = format!("{CREATE}/7");
    for (body, reason) in [
        (json!({"maxAgentsAllowed": 9}), "10 agents"),
        (json!({"maxAgentsAllowed": 10}), "10 agents"),
        (json!({"maxAgentsAllowed": 0}), "1 to 1000000"),
        (json!({"maxAgentsAllowed": 1_000_001}), "1 to 1000000"),
        (json!({"maxAgentsAllowed": 50, "removeMaxAgentsAllowed": true}), "exclude"),
        (json!({"expireDate": "2030-01-02", "removeExpireDate": true}), "exclude"),
        (json!({"expireDate": "2030-02-30"}), "YYYY-MM-DD"),
        (json!({"removeExpireDate": "true"}), "invalid type"),
        (json!({"applyToExistingAgents": 1}), "invalid type"),
        (json!({"addLicenses": ["PM"], "removeLicenses": ["PM"]}), "same value"),
        (json!({"addTags": [5], "removeTags": [5]}), "same value"),
        (json!({"addTags": [0]}), "tag"),
        (json!({"licenses": ["VM"]}), "unknown field"),
        (json!({"isDisabled": true}), "unknown field"),
        // The first fields are fine, and still nothing is kept of them.
        (json!({"title": "new", "networkId": 3, "maxAgentsAllowed": 10}), "10 agents"),
    ] {
        gateway.refused("PATCH", &path, body, 400, reason).await;
    }
}

#[tokio::test]
async fn an_update_changes_what_it_names_alone() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!({"id": 7, "title": "t", "countUsed": 10, "countPurchased": 20, "licenses": ["VM", "GAV"], "tags": [1, 2],
            "expireDate": "2030-01-01", "networkId": 4}))
        .await;
    let steps = [
        (json!({}), json!({})),
        (json!({"title": ""}), json!({"title": ""})),
        (json!({"maxAgentsAllowed": 11}), json!({"countPurchased": 11})),
        (json!({"removeMaxAgentsAllowed": true}), json!({"countPurchased": 0, "keyType": "Time Limited"})),
        (json!({"removeMaxAgentsAllowed": false, "removeExpireDate": false}), json!({})),
        (json!({"expireDate": "2028-02-29"}), json!({"expireDate": "2028-02-29"})),
        (json!({"removeExpireDate": true}), json!({"expireDate": null, "keyType": "Unlimited"})),
        (json!({"addLicenses": ["XYZ", "PC", "VM"]}), json!({"licenses": ["VM", "PA", "GAV", "XYZ"]})),
        (json!({"removeLicenses": ["PC", "absent"]}), json!({"licenses": ["VM", "GAV", "XYZ"]})),
        (json!({"addTags": [3, 1], "removeTags": [2, 99]}), json!({"tags": [1, 3]})),
        (json!({"networkId": 0}), json!({"networkId": 0})),
        (json!({"applyToExistingAgents": true}), json!({"applyToExistingAgents": true})),
    ];
    let mut expected = gateway.get(&json!(7)).await;
    for (body, changes) in steps {
        gateway.call("PATCH", &format!("{CREATE}/7"), body.clone()).await.expect(200);
        for (name, value) in changes.as_object().unwrap() {
            expected[name] = value.clone();
        }
        assert_eq!(gateway.get(&json!(7)).await, expected, "after {body}");
    }
}

#[tokio::test]
async fn a_key_with_active_agents_stays() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 7, "countUsed": 3})).await;
    let path = format!("{MANAGE}/7");
    gateway.refused("DELETE", &path, Value::Null, 409, "3 active agents").await;
    // Agents that no longer report still count as used, and do not stand in the way.
    gateway.call("PATCH", "/_control/keys/7", json!({"activeAgents": 0})).await.expect(200);
    assert_eq!(gateway.get(&json!(7)).await["countUsed"], 3);
    gateway.call("DELETE", &path, Value::Null).await.expect(200);
}

#[tokio::test]
async fn an_id_is_never_used_twice() {
    let gateway = gateway(&[]).await;
    let first = gateway.create(json!({})).await["id"].clone();
    gateway.call("DELETE", &format!("{MANAGE}/{first}"), Value::Null).await.expect(200);
    assert_ne!(gateway.create(json!({})).await["id"], first);
}

#[tokio::test]
async fn search_rows_lack_three_fields() {
    let gateway = gateway(&["--keys", "1"]).await;
    let row = gateway.search(json!({})).await["content"][0].clone();
    let mut key = gateway.get(&row["id"]).await;
    for name in ["networkId", "tags", "applyToExistingAgents"] {
        assert!(key.as_object_mut().unwrap().remove(name).is_some());
    }
    assert_eq!(row, key);
}

#[tokio::test]
async fn a_search_with_wrong_input_is_refused() {
    let gateway = gateway(&["--keys", "2"]).await;
    for body in [
        json!({"limit": 0}),
        json!({"limit": -1}),
        json!({"limit": "10"}),
        json!({"pageNumber": -1}),
        json!({"pageNumber": "0"}),
        json!({"sortOrder": "DESC"}),
        json!({"sortOrder": "asc"}),
        json!({"orderBy": "LICENSES"}),
        json!({"orderBy": "title"}),
        json!({"query": 5}),
        json!([]),
    ] {
        gateway.refused("POST", MANAGE, body, 400, "").await;
    }
}

#[tokio::test]
async fn pages_hold_every_key_once_in_all_orders() {
    let gateway = gateway(&["--keys", "137"]).await;
    for order in ["TITLE", "ACTIVATION_KEY", "AGENTS", "CREATED_ON", "STATUS", "EXPIRES"] {
        let mut both = Vec::new();
        for direction in ["ASC", "DSC"] {
            let mut rows = Vec::new();
            for page in 0..7 {
                let body = json!({"limit": 20, "pageNumber": page, "orderBy": order, "sortOrder": direction});
                let page = gateway.search(body).await;
                assert_eq!(
                    (&page["pageSize"], &page["totalCount"], &page["noOfPages"]),
                    (&json!(20), &json!(137), &json!(7))
                );
                rows.extend(page["content"].as_array().unwrap().clone());
            }
            assert_eq!(rows.len(), 137);
            let is_sorted = |first: &Value, second: &Value| sort_key(order, first) <= sort_key(order, second);
            if direction == "ASC" {
                assert!(rows.is_sorted_by(is_sorted), "{order}");
            } else {
                rows.reverse();
            }
            both.push(rows);
        }
        // One direction is the exact mirror of the other, ties included.
        assert_eq!(both[0], both[1], "{order}");
        let ids: std::collections::HashSet<_> = both[0].iter().map(|row| row["id"].as_i64()).collect();
        assert_eq!(ids.len(), 137);
    }
    let beyond = gateway.search(json!({"limit": 20, "pageNumber": 7})).await;
    assert_eq!((beyond["content"].clone(), beyond["totalCount"].clone()), (json!([]), json!(137)));
    gateway.search(json!({"limit": 200, "pageNumber": i64::MAX})).await;
}

/// Space, marks, digits, letters: the order that the printed sample of a search by title shows.
fn mark(letter: char) -> char {
    match (letter.is_whitespace(), letter.is_numeric(), letter.is_alphabetic()) {
        (true, _, _) => 'a',
        (_, true, _) => 'c',
        (_, _, true) => 'd',
        _ => 'b',
    }
}

fn sort_key(order: &str, row: &Value) -> (bool, i64, String) {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_lowercase();
    match order {
        "TITLE" => (
            false,
            0,
            text("title").chars().map(|letter| (mark(letter), letter)).flat_map(|(a, b)| [a, b]).collect(),
        ),
        "ACTIVATION_KEY" => (false, 0, text("activationKey")),
        "AGENTS" => (false, row["countUsed"].as_i64().unwrap(), String::new()),
        "CREATED_ON" => (false, 0, text("datePurchased")),
        "STATUS" => (row["isDisabled"].as_bool().unwrap(), 0, String::new()),
        _ => (row["expireDate"].is_null(), 0, text("expireDate")),
    }
}

#[tokio::test]
async fn an_empty_search_gives_ten_rows() {
    let gateway = gateway(&["--keys", "12"]).await;
    for body in [json!({}), Value::Null, json!({"query": "  "}), json!({"query": null, "limit": null})] {
        let page = gateway.search(body).await;
        assert_eq!(page["pageSize"], 10);
        assert_eq!(page["noOfPages"], 2);
        assert_eq!(page["content"].as_array().unwrap().len(), 10);
    }
}
