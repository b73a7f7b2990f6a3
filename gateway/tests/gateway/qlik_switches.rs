//! Each Qlik switch changes what it says.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::qlik::{ADMIN, KEYS, MEMBER, PROVIDER, path_of, problem, tenant};

#[tokio::test]
async fn before_2026_a_toggle_and_a_role_decide() {
    let gateway = tenant(&["--qlik-config", "before-2026"]).await;
    let path = format!("{KEYS}/configs/{}", gateway.tenant_id().await);
    assert_eq!(gateway.read(&path).await["api_keys_enabled"], false);
    let body = || json!({"description": "d"});
    problem(gateway.call("POST", KEYS, body()).await, 403, "API-KEYS-3");
    let toggle = |value: bool| json!([{"op": "replace", "path": "/api_keys_enabled", "value": value}]);
    gateway.call("PATCH", &path, toggle(true)).await.expect(204);
    let key = gateway.new_key(body()).await;
    let holder = gateway.with_token(key["token"].as_str().unwrap());
    holder.read(KEYS).await;
    gateway.call("PATCH", &path, toggle(false)).await.expect(204);
    problem(holder.call("GET", KEYS, Value::Null).await, 401, "LOGIN-2");
    gateway.call("PATCH", &path, toggle(true)).await.expect(204);
    let user = format!("/_control/qlik/users/{MEMBER}");
    gateway.call("PATCH", &user, json!({"roles": [], "canManageApiKeys": true})).await.expect(200);
    problem(gateway.member().call("POST", KEYS, body()).await, 403, "API-KEYS-3");
    gateway
        .call("PATCH", &user, json!({"roles": ["Developer"], "canManageApiKeys": false}))
        .await
        .expect(200);
    gateway.member().new_key(body()).await;
}

#[tokio::test]
async fn now_the_permission_decides_even_for_old_keys() {
    let gateway = tenant(&[]).await;
    let key = gateway.member().new_key(json!({"description": "d"})).await;
    let user = format!("/_control/qlik/users/{MEMBER}");
    gateway.call("PATCH", &user, json!({"canManageApiKeys": false})).await.expect(200);
    let old = gateway.with_token(key["token"].as_str().unwrap());
    for (status, number) in [(json!(401), 401), (json!("403"), 403)] {
        gateway.switch(json!({"qlik-no-permission": status})).await;
        problem(gateway.member().call("POST", KEYS, json!({})).await, number, "LOGIN-2");
        problem(old.call("GET", "/api/v1/users/me", Value::Null).await, number, "LOGIN-2");
        gateway.member().call("GET", "/api/v1/users/me", Value::Null).await.expect(301);
    }
}

#[tokio::test]
async fn errors_write_their_status_and_trace_as_told() {
    let gateway = tenant(&[]).await;
    for (switch, status) in [("number", json!(404)), ("text", json!("404")), ("absent", Value::Null)] {
        gateway.switch(json!({"qlik-error-status": switch})).await;
        for path in [&format!("{KEYS}/x"), "/api/v1/nothing"] {
            let body = gateway.call("GET", path, Value::Null).await.expect(404).json();
            assert_eq!(body["errors"][0]["status"], status);
            assert!(body["traceId"].is_string());
        }
    }
    gateway.switch(json!({"qlik-trace-id": "off"})).await;
    let body = gateway.call("GET", &format!("{KEYS}/x"), Value::Null).await.expect(404).json();
    assert!(body.get("traceId").is_none());
}

#[tokio::test]
async fn a_plain_users_list_is_refused_or_his_own() {
    let gateway = tenant(&[]).await;
    gateway.plant_qlik(json!([{}, {"sub": MEMBER}])).await;
    gateway.switch(json!({"qlik-member-list": "own"})).await;
    for (query, found) in [("", 1), (&*format!("?sub={MEMBER}"), 1), (&format!("?sub={ADMIN}"), 0)] {
        let page = gateway.member().read(&format!("{KEYS}{query}")).await;
        assert_eq!(page["data"].as_array().unwrap().len(), found, "{query}");
    }
    assert_eq!(gateway.read(KEYS).await["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn backslashes_of_a_scim_subject() {
    let gateway = tenant(&[]).await;
    let (one, two) = (format!("SCIM\\{PROVIDER}"), format!("SCIM\\\\{PROVIDER}"));
    for (switch, taken, shown) in
        [("both", [true, true], &one), ("one", [true, false], &one), ("two", [false, true], &two)]
    {
        gateway.switch(json!({"qlik-backslash": switch})).await;
        for (sub, is_taken) in [&one, &two].into_iter().zip(taken) {
            let body = json!({"description": "s", "subType": "externalClient", "sub": sub});
            let answer = gateway.call("POST", KEYS, body).await;
            if is_taken {
                assert_eq!(answer.expect(201).json()["sub"], **shown, "{switch}");
            } else {
                problem(answer, 400, "API-KEYS-1");
            }
        }
    }
}

#[tokio::test]
async fn statuses_of_the_two_limits() {
    let gateway = tenant(&[]).await;
    for status in [403, 400] {
        gateway.switch(json!({"qlik-over-maximum": status, "qlik-key-limit": status})).await;
        let body = json!({"description": "d", "expiry": "P2D"});
        problem(gateway.call("POST", KEYS, body).await, status, "API-KEYS-1");
        gateway.config(json!({"max_keys_per_user": 0})).await;
        problem(gateway.call("POST", KEYS, json!({"description": "d"})).await, status, "API-KEYS-3");
    }
}

#[tokio::test]
async fn who_may_create_keys_for_others() {
    let gateway = tenant(&["--qlik-foreign-subject", "admins", "--qlik-scim-keys", "everyone"]).await;
    let key = gateway.new_key(json!({"description": "for him", "sub": MEMBER})).await;
    assert_eq!((&key["sub"], &key["createdByUser"]), (&json!(MEMBER), &json!(ADMIN)));
    assert_eq!(gateway.member().read(&path_of(&key)).await["description"], "for him");
    let unknown = json!({"description": "d", "sub": "nobody"});
    problem(gateway.call("POST", KEYS, unknown).await, 400, "API-KEYS-1");
    let body = json!({"description": "d", "sub": ADMIN});
    problem(gateway.member().call("POST", KEYS, body).await, 403, "API-KEYS-3");
    let scim =
        || json!({"description": "s", "subType": "externalClient", "sub": format!("SCIM\\{PROVIDER}")});
    gateway.member().new_key(scim()).await;
    gateway.switch(json!({"qlik-scim-keys": "nobody"})).await;
    problem(gateway.call("POST", KEYS, scim()).await, 403, "API-KEYS-3");
}

#[tokio::test]
async fn two_ways_to_delete() {
    let gateway = tenant(&["--qlik-admin-own-delete", "revoke", "--qlik-revoked-delete", "refuse"]).await;
    let (own, other) = (
        gateway.new_key(json!({"description": "a"})).await,
        gateway.member().new_key(json!({"description": "m"})).await,
    );
    for key in [&own, &other] {
        gateway.call("DELETE", &path_of(key), Value::Null).await.expect(204);
        assert_eq!(gateway.read(&path_of(key)).await["status"], "revoked");
    }
    problem(gateway.member().call("DELETE", &path_of(&other), Value::Null).await, 403, "API-KEYS-3");
    assert_eq!(gateway.stored_qlik().await.len(), 2);
}

#[tokio::test]
async fn limits_cursors_and_unknown_fields() {
    let gateway = tenant(&["--qlik-over-limit", "clamp", "--qlik-unknown-fields", "ignore"]).await;
    gateway.plant_qlik(json!(vec![json!({}); 101])).await;
    let page = gateway.read(&format!("{KEYS}?limit=5000")).await;
    assert_eq!(page["data"].as_array().unwrap().len(), 100);
    gateway.config(json!({"max_keys_per_user": 200})).await;
    gateway.new_key(json!({"description": "d", "nonsense": 1})).await;
    gateway.switch(json!({"qlik-lost-cursor": "empty"})).await;
    let page = gateway.read(&format!("{KEYS}?startingAfter=gone")).await;
    assert_eq!((&page["data"], page["links"].as_object().unwrap().len()), (&json!([]), 1));
}

#[tokio::test]
async fn names_of_events_product_info_and_deprecation() {
    let gateway = tenant(&[]).await;
    gateway.new_key(json!({"description": "d"})).await;
    gateway.switch(json!({"qlik-event-names": "legacy", "qlik-product-info": "missing"})).await;
    let events = gateway.read("/api/v1/audits?eventType=com.qlik.api-key.created").await;
    assert_eq!(events["data"][0]["eventType"], "com.qlik.api-key.created");
    let probe = Request::get("/resources/autogenerated/product-info.json").body(Body::empty()).unwrap();
    problem(gateway.send(probe).await, 404, "API-KEYS-4");
    let answer = gateway.call("GET", KEYS, Value::Null).await.expect(200);
    assert!(answer.header("deprecation").is_none());
    gateway.switch(json!({"qlik-deprecation": "on"})).await;
    let answer = gateway.call("GET", KEYS, Value::Null).await.expect(200);
    for name in ["deprecation", "sunset", "link"] {
        assert!(answer.header(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn rate_limits_as_told() {
    let gateway = tenant(&["--qlik-tier-1", "1", "--qlik-rate-window", "60"]).await;
    gateway.switch(json!({"qlik-retry-after": 13})).await;
    gateway.read(KEYS).await;
    let refused = gateway.call("GET", KEYS, Value::Null).await.expect(429);
    assert_eq!(refused.header("retry-after"), Some("13"));
    let detail = "You need to wait 13 seconds until limit is lifted.";
    assert_eq!(
        refused.json(),
        json!({"errors": [{"code": "HTTP-429", "title": "API rate limit reached.", "detail": detail}]})
    );
    gateway.pass(14).await;
    gateway.read(KEYS).await;
    gateway.switch(json!({"qlik-rate-headers": "off"})).await;
    let answer = gateway.call("GET", KEYS, Value::Null).await.expect(200);
    assert!(answer.header("ratelimit-limit").is_none());
    gateway.switch(json!({"qlik-rate-limits": "off"})).await;
    for _ in 0..5 {
        gateway.read(KEYS).await;
    }
}

#[tokio::test]
async fn another_origin_is_let_in_by_the_switch() {
    let gateway = tenant(&["--cors", "on"]).await;
    let preflight = Request::options(KEYS).body(Body::empty()).unwrap();
    let answer = gateway.send(preflight).await.expect(204);
    assert!(answer.header("access-control-allow-headers").unwrap().contains("Qlik-Api-Version"));
    let answer = gateway.call("GET", KEYS, Value::Null).await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-expose-headers").unwrap().contains("X-B3-Traceid"));
}
