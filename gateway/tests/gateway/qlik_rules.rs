//! What the Qlik calls refuse, who may do what, and that a refusal changes nothing.

use serde_json::{Value, json};

use crate::qlik::{ADMIN, DAY, KEYS, MEMBER, PROVIDER, path_of, problem, seconds, tenant};

#[tokio::test]
async fn a_create_with_wrong_input_is_refused_with_a_pointer() {
    let gateway = tenant(&[]).await;
    for (body, pointer) in [
        (json!({}), "/description"),
        (json!({"description": null}), "/description"),
        (json!({"description": " "}), "/description"),
        (json!({"description": 5}), "/description"),
        (json!({"description": "d", "expiry": "7 days"}), "/expiry"),
        (json!({"description": "d", "expiry": "P0D"}), "/expiry"),
        (json!({"description": "d", "expiry": "-P1D"}), "/expiry"),
        (json!({"description": "d", "expiry": ""}), "/expiry"),
        (json!({"description": "d", "expiry": "PT24H1S"}), "/expiry"),
        (json!({"description": "d", "expiry": "P9999Y"}), "/expiry"),
        (json!({"description": "d", "expiry": 7}), "/expiry"),
        (json!({"description": "d", "subType": "robot"}), "/subType"),
        (json!({"description": "d", "sub": []}), "/sub"),
        (json!({"description": "d", "sub": format!("SCIM\\{PROVIDER}")}), "/sub"),
        (json!({"description": "d", "subType": "externalClient"}), "/sub"),
        (json!({"description": "d", "subType": "externalClient", "sub": ADMIN}), "/sub"),
        (json!({"description": "d", "subType": "externalClient", "sub": "SCIM\\none"}), "/sub"),
        (json!({"description": "d", "expirey": "P1D"}), "/expirey"),
        (json!({"description": "d", "a/b~c": 1}), "/a~1b~0c"),
    ] {
        let answer = gateway.call("POST", KEYS, body.clone()).await;
        let problem = problem(answer, 400, "API-KEYS-1");
        assert_eq!(problem["source"], json!({"pointer": pointer}), "{body}");
    }
    let all = gateway.call("POST", KEYS, json!({"sub": 1, "subType": "x", "y": 1})).await.expect(400).json();
    assert_eq!(all["errors"].as_array().unwrap().len(), 4, "all that is wrong is said at once");
    for body in ["", "{", "[]", "\"x\"", &"[".repeat(5_000)] {
        problem(gateway.call_raw("POST", KEYS, body.to_owned()).await, 400, "API-KEYS-1");
    }
    assert_eq!(gateway.stored_qlik().await, [] as [Value; 0]);
    assert_eq!(gateway.read("/api/v1/audits").await["data"], json!([]));
}

#[tokio::test]
async fn a_list_with_wrong_input_is_refused_with_its_parameter() {
    let gateway = tenant(&[]).await;
    let key = gateway.new_key(json!({"description": "d"})).await;
    let both = format!("startingAfter={0}&endingBefore={0}", key["id"].as_str().unwrap());
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("sort=expiry", "sort"),
        ("sort=--created", "sort"),
        ("status=Active", "status"),
        ("startingAfter=none", "startingAfter"),
        (&both, "endingBefore"),
    ] {
        let answer = gateway.call("GET", &format!("{KEYS}?{query}"), Value::Null).await;
        assert_eq!(problem(answer, 400, "API-KEYS-1")["source"], json!({"parameter": parameter}), "{query}");
    }
}

#[tokio::test]
async fn patches_beyond_the_documented_ones_are_refused() {
    let gateway = tenant(&[]).await;
    let key = gateway.new_key(json!({"description": "d"})).await;
    let config = format!("{KEYS}/configs/{}", gateway.tenant_id().await);
    let replace = |path: &str, value: Value| json!([{"op": "replace", "path": path, "value": value}]);
    let (before, settings) = (gateway.stored_qlik().await, gateway.read(&config).await);
    for (path, body, pointer) in [
        (&path_of(&key), json!([{"op": "add", "path": "/description", "value": "x"}]), "/0/op"),
        (&path_of(&key), json!([{"op": "replace", "value": "x"}]), "/0/path"),
        (&path_of(&key), json!([{"op": "replace", "path": "/description"}]), "/0/value"),
        (&path_of(&key), replace("/expiry", json!("P9D")), "/0/path"),
        (&path_of(&key), replace("/status", json!("active")), "/0/path"),
        (&path_of(&key), replace("/sub", json!(MEMBER)), "/0/path"),
        (&path_of(&key), replace("/description", json!("")), "/0/value"),
        (&path_of(&key), replace("/description", json!(5)), "/0/value"),
        (&path_of(&key), json!(["x"]), "/0"),
        (&config, replace("/max_keys_per_user", json!(1001)), "/0/value"),
        (&config, replace("/max_keys_per_user", json!(-1)), "/0/value"),
        (&config, replace("/max_keys_per_user", json!("5")), "/0/value"),
        (&config, replace("/max_api_key_expiry", json!("1 day")), "/0/value"),
        (&config, replace("/scim_externalClient_expiry", json!("P0D")), "/0/value"),
        (&config, replace("/api_keys_enabled", json!(true)), "/0/path"),
        (&config, replace("/other", json!(1)), "/0/path"),
    ] {
        let answer = gateway.call("PATCH", path, body.clone()).await;
        assert_eq!(problem(answer, 400, "API-KEYS-1")["source"], json!({"pointer": pointer}), "{body}");
    }
    // The second operation is wrong, so the first has no effect either.
    let half = json!([
        {"op": "replace", "path": "/max_keys_per_user", "value": 9},
        {"op": "replace", "path": "/max_keys_per_user", "value": "x"},
    ]);
    gateway.call("PATCH", &config, half).await.expect(400);
    for body in [json!({}), json!([])] {
        problem(gateway.call("PATCH", &path_of(&key), body).await, 400, "API-KEYS-1");
    }
    assert_eq!((gateway.stored_qlik().await, gateway.read(&config).await), (before, settings));
}

#[tokio::test]
async fn durations_count_by_the_calendar_up_to_the_maximum() {
    let gateway = tenant(&[]).await;
    gateway.config(json!({"max_api_key_expiry": "P1Y", "max_keys_per_user": 50})).await;
    gateway.call("POST", "/_control/qlik/clock", json!({"now": "2027-01-31T12:00:00Z"})).await.expect(200);
    for (expiry, date) in [
        ("P7D", "2027-02-07T12:00"),
        ("PT24H", "2027-02-01T12:00"),
        ("P1M", "2027-02-28T12:00"),
        ("P1W", "2027-02-07T12:00"),
        ("P12M", "2028-01-31T12:00"),
        ("P365D", "2028-01-31T12:00"),
        ("P1DT1H1M", "2027-02-01T13:01"),
    ] {
        let key = gateway.new_key(json!({"description": "d", "expiry": expiry})).await;
        let text = key["expiry"].as_str().unwrap();
        assert!(text.starts_with(date), "{expiry}: {text}");
    }
    for expiry in ["P366D", "P1Y1D", "P13M"] {
        let body = json!({"description": "d", "expiry": expiry});
        let detail = problem(gateway.call("POST", KEYS, body).await, 400, "API-KEYS-1")["detail"].clone();
        assert!(detail.as_str().unwrap().contains("P1Y"), "{detail}");
    }
    // Left out means the maximum, each subject type its own.
    let key = gateway.new_key(json!({"description": "d"})).await;
    assert!(key["expiry"].as_str().unwrap().starts_with("2028-01-31"));
    let sub = format!("SCIM\\{PROVIDER}");
    let scim = json!({"description": "d", "subType": "externalClient", "sub": sub});
    let scim = gateway.new_key(scim).await;
    assert_eq!(seconds(&scim["expiry"]) - seconds(&scim["created"]), 365 * DAY);
    let body = json!({"description": "d", "subType": "externalClient", "sub": sub, "expiry": "P366D"});
    problem(gateway.call("POST", KEYS, body).await, 400, "API-KEYS-1");
    // Keys keep what they have when the maximum shrinks.
    gateway.config(json!({"max_api_key_expiry": "PT1H"})).await;
    assert_eq!(gateway.read(&path_of(&key)).await["expiry"], key["expiry"]);
}

#[tokio::test]
async fn the_keys_of_a_user_are_limited_while_they_are_active() {
    let gateway = tenant(&[]).await;
    let body = || json!({"description": "d", "expiry": "PT1H"});
    let mut keys = Vec::new();
    for _ in 0..5 {
        keys.push(gateway.new_key(body()).await);
    }
    problem(gateway.call("POST", KEYS, body()).await, 403, "API-KEYS-3");
    gateway.member().new_key(body()).await;
    gateway.call("DELETE", &path_of(&keys[0]), Value::Null).await.expect(204);
    gateway.new_key(body()).await;
    problem(gateway.call("POST", KEYS, body()).await, 403, "API-KEYS-3");
    gateway.pass(3_601).await;
    gateway.new_key(body()).await;
    gateway.config(json!({"max_keys_per_user": 0})).await;
    problem(gateway.call("POST", KEYS, body()).await, 403, "API-KEYS-3");
    assert_eq!(gateway.read(&format!("{KEYS}?status=active")).await["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_users_key_is_his_own_business_and_the_administrators() {
    let gateway = tenant(&[]).await;
    let member = gateway.member();
    let (own, foreign) = (
        member.new_key(json!({"description": "m"})).await,
        gateway.new_key(json!({"description": "a"})).await,
    );
    let change = || json!([{"op": "replace", "path": "/description", "value": "x"}]);
    problem(member.call("GET", &path_of(&foreign), Value::Null).await, 403, "API-KEYS-3");
    problem(member.call("PATCH", &path_of(&foreign), change()).await, 403, "API-KEYS-3");
    problem(member.call("DELETE", &path_of(&foreign), Value::Null).await, 403, "API-KEYS-3");
    for sub in [ADMIN, "nobody"] {
        let body = json!({"description": "d", "sub": sub});
        problem(member.call("POST", KEYS, body).await, 403, "API-KEYS-3");
    }
    let scim = json!({"description": "d", "subType": "externalClient", "sub": format!("SCIM\\{PROVIDER}")});
    problem(member.call("POST", KEYS, scim).await, 403, "API-KEYS-3");
    problem(member.call("GET", KEYS, Value::Null).await, 403, "API-KEYS-3");
    problem(member.call("GET", &format!("{KEYS}?sub={ADMIN}"), Value::Null).await, 403, "API-KEYS-3");
    let mine = member.read(&format!("{KEYS}?sub={MEMBER}")).await;
    assert_eq!(mine["data"].as_array().unwrap().len(), 1);
    gateway.call("PATCH", &path_of(&own), change()).await.expect(204);
    assert_eq!(member.read(&path_of(&own)).await["description"], "x");
}

#[tokio::test]
async fn the_owners_delete_deletes_and_the_administrators_revokes() {
    let gateway = tenant(&[]).await;
    let member = gateway.member();
    let key = member.new_key(json!({"description": "m"})).await;
    for _ in 0..2 {
        gateway.call("DELETE", &path_of(&key), Value::Null).await.expect(204);
        assert_eq!(gateway.read(&path_of(&key)).await["status"], "revoked");
    }
    // The owner can put the revoked key away.
    member.call("DELETE", &path_of(&key), Value::Null).await.expect(204);
    problem(gateway.call("GET", &path_of(&key), Value::Null).await, 404, "API-KEYS-4");
    problem(gateway.call("DELETE", &path_of(&key), Value::Null).await, 404, "API-KEYS-4");
    // An administrator who owns the key is its owner; so is the creator of a SCIM key.
    let scim = json!({"description": "s", "subType": "externalClient", "sub": format!("SCIM\\{PROVIDER}")});
    for body in [json!({"description": "a"}), scim] {
        let own = gateway.new_key(body).await;
        gateway.call("DELETE", &path_of(&own), Value::Null).await.expect(204);
        problem(gateway.call("GET", &path_of(&own), Value::Null).await, 404, "API-KEYS-4");
    }
}

#[tokio::test]
async fn a_scim_token_has_no_access_here_and_a_disabled_user_none_anywhere() {
    let gateway = tenant(&[]).await;
    let scim = json!({"description": "s", "subType": "externalClient", "sub": format!("SCIM\\{PROVIDER}")});
    let key = gateway.new_key(scim).await;
    let client = gateway.with_token(key["token"].as_str().unwrap());
    problem(client.call("GET", KEYS, Value::Null).await, 403, "API-KEYS-3");
    let own = gateway.member().new_key(json!({"description": "m"})).await;
    let path = format!("/_control/qlik/users/{MEMBER}");
    gateway.call("PATCH", &path, json!({"status": "disabled"})).await.expect(200);
    for holder in [gateway.member(), gateway.with_token(own["token"].as_str().unwrap())] {
        problem(holder.call("GET", "/api/v1/users/me", Value::Null).await, 401, "LOGIN-2");
    }
}

#[tokio::test]
async fn both_tiers_are_limited_apart_for_each_user() {
    let gateway = tenant(&[]).await;
    gateway.switch(json!({"qlik-tier-1": 3, "qlik-tier-2": 2, "qlik-rate-window": 60})).await;
    let read = async |status| gateway.call("GET", KEYS, Value::Null).await.expect(status);
    let write = async |status| gateway.call("POST", KEYS, json!({})).await.expect(status);
    for left in ["2", "1", "0"] {
        assert_eq!(read(200).await.header("ratelimit-remaining"), Some(left));
    }
    let refused = read(429).await;
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((59..=60).contains(&wait));
    let detail = format!("You need to wait {wait} seconds until limit is lifted.");
    let errors = json!([{"code": "HTTP-429", "title": "API rate limit reached.", "detail": detail}]);
    assert_eq!(refused.json(), json!({"errors": errors}));
    // The whole tier is blocked, the other one is not, and nor is the other user.
    let me = gateway.call("GET", "/api/v1/users/me", Value::Null).await;
    problem(me, 429, "HTTP-429");
    for status in [400, 400, 429] {
        write(status).await;
    }
    assert_eq!(gateway.stored_qlik().await.len(), 0);
    gateway.pass(wait - 2).await;
    read(429).await;
    gateway.pass(3).await;
    for _ in 0..3 {
        read(200).await;
    }
    read(429).await;
    // A clock that is put back leaves no block behind.
    gateway.pass(-DAY).await;
    read(200).await;
}

#[tokio::test]
async fn the_tenant_as_a_whole_is_limited_too() {
    let gateway = tenant(&[]).await;
    // Three users: the tenant may make one and a half times the calls of one user.
    gateway.call("POST", "/_control/qlik/users", json!({"name": "Third"})).await.expect(201);
    gateway.switch(json!({"qlik-tier-1": 4, "qlik-rate-window": 60})).await;
    for _ in 0..4 {
        gateway.read(KEYS).await;
    }
    let member = gateway.member();
    for _ in 0..2 {
        member.read(&format!("{KEYS}?sub={MEMBER}")).await;
    }
    problem(member.call("GET", &format!("{KEYS}?sub={MEMBER}"), Value::Null).await, 429, "HTTP-429");
}
