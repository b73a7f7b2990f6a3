//! Faults, the log, the control calls, demo data and restarts of the Qlik API.

use serde_json::{Value, json};

use crate::qlik::{ADMIN, DAY, KEYS, MEMBER, PROVIDER, path_of, seconds, tenant};
use crate::support::{Folder, Program};

#[tokio::test]
async fn each_write_can_be_lost_before_or_after_it_happened() {
    let gateway = tenant(&["--prefix", "/qlik/eu"]).await;
    let config = format!("{KEYS}/configs/{}", gateway.tenant_id().await);
    for (fault, is_written) in [("drop-before", false), ("drop-after-write", true)] {
        gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
        let key = gateway.plant_qlik(json!({"description": "old"})).await;
        let other = gateway.plant_qlik(json!({"sub": MEMBER})).await;
        let replace = |path: &str, value: Value| json!([{"op": "replace", "path": path, "value": value}]);
        let writes = [
            ("POST", KEYS.to_owned(), json!({"description": "lost"})),
            ("PATCH", path_of(&key), replace("/description", json!("new"))),
            ("PATCH", config.clone(), replace("/max_keys_per_user", json!(9))),
            ("DELETE", path_of(&other), Value::Null),
            ("DELETE", path_of(&key), Value::Null),
        ];
        for (method, path, body) in &writes {
            let wanted = json!({"match": {"method": method, "path": path}, "fault": fault});
            gateway.fault(wanted).await;
            gateway.call("DELETE", "/_control/log", Value::Null).await.expect(204);
            let before = (gateway.stored_qlik().await, gateway.read("/_control/qlik/config").await);
            let answer = gateway.call(method, &format!("/qlik/eu{path}"), body.clone()).await;
            assert!(answer.is_dropped, "{fault} {method} {path}");
            let after = (gateway.stored_qlik().await, gateway.read("/_control/qlik/config").await);
            assert_eq!(before != after, is_written, "{fault} {method} {path}");
            let log = gateway.log().await;
            assert_eq!(log.len(), 1);
            assert_eq!((&log[0]["fault"], &log[0]["committed"]), (&json!(fault), &json!(is_written)));
            assert_eq!((&log[0]["status"], &log[0]["body"]), (&Value::Null, body));
        }
    }
    // A refused write is no committed one.
    gateway.fault(json!({"match": {"path": KEYS}, "fault": "drop-after-write"})).await;
    assert!(gateway.call("POST", KEYS, json!({})).await.is_dropped);
    assert_eq!(gateway.log().await.last().unwrap()["committed"], false);
}

#[tokio::test]
async fn the_log_tells_committed_writes_from_refused_ones() {
    let gateway = tenant(&[]).await;
    let key = gateway.new_key(json!({"description": "d"})).await;
    gateway.read(KEYS).await;
    gateway.call("POST", KEYS, json!({})).await.expect(400);
    gateway.call("DELETE", &path_of(&key), Value::Null).await.expect(204);
    let log = gateway.log().await;
    let committed: Vec<_> = log.iter().rev().take(4).rev().map(|entry| entry["committed"].clone()).collect();
    assert_eq!(committed, [true, false, false, true]);
    assert!(!json!(log).to_string().contains("demo-qlik"));
}

#[tokio::test]
async fn control_calls_plant_what_no_call_makes() {
    let gateway = tenant(&[]).await;
    let key = gateway
        .plant_qlik(json!({
            "description": "planted", "sub": "left-the-company", "revoked": true,
            "created": "2020-01-01T00:00:00Z", "expiry": "2021-01-01T00:00:00Z"
        }))
        .await;
    let seen = gateway.read(&path_of(&key)).await;
    assert_eq!((&seen["status"], &seen["created"]), (&json!("revoked"), &json!("2020-01-01T00:00:00.000Z")));
    let path = format!("/_control/qlik/keys/{}", key["id"].as_str().unwrap());
    gateway.call("PATCH", &path, json!({"revoked": false, "sub": ADMIN})).await.expect(200);
    assert_eq!(gateway.read(&path_of(&key)).await["status"], "expired");
    gateway.call("PATCH", &path, json!({"expiry": "2999-01-01T00:00:00Z"})).await.expect(200);
    let token = gateway.read(&format!("{path}/token")).await["token"].as_str().unwrap().to_owned();
    gateway.with_token(&token).read(KEYS).await;
    for body in [json!({"colour": "red"}), json!({"id": "x"}), json!({"expiry": "soon"}), json!([])] {
        gateway.call("PATCH", &path, body).await.expect(400);
    }
    gateway.call("PATCH", "/_control/qlik/keys/x", json!({})).await.expect(404);
    let twice = json!([{"description": "a"}, {"id": key["id"]}]);
    gateway.call("POST", "/_control/qlik/keys", twice).await.expect(400);
    assert_eq!(gateway.stored_qlik().await.len(), 1);

    let user = gateway.call("POST", "/_control/qlik/users", json!({"name": "New"})).await.expect(201).json();
    let path = format!("/_control/qlik/users/{}", user["id"].as_str().unwrap());
    gateway.call("PATCH", &path, json!({"roles": ["King"]})).await.expect(400);
    gateway.call("PATCH", &path, json!({"status": "gone"})).await.expect(400);
    gateway.call("PATCH", &path, json!({"status": "deleted"})).await.expect(200);
    gateway
        .call("GET", &format!("/api/v1/users/{}", user["id"].as_str().unwrap()), Value::Null)
        .await
        .expect(404);
    let path = format!("/_control/qlik/identity-providers/{PROVIDER}");
    gateway.call("PATCH", &path, json!({"active": false})).await.expect(200);
    assert_eq!(gateway.read(&format!("/api/v1/identity-providers/{PROVIDER}")).await["active"], false);
    gateway.call("POST", "/_control/qlik/identity-providers", json!({"description": "X"})).await.expect(201);
    for body in [
        json!({}),
        json!({"advanceSeconds": "1"}),
        json!({"now": "x"}),
        json!({"now": "9500-01-01T00:00:00Z"}),
    ] {
        gateway.call("POST", "/_control/qlik/clock", body).await.expect(400);
    }
}

#[tokio::test]
async fn demo_data_is_the_same_for_the_same_seed_and_covers_every_state() {
    let gateway = tenant(&["--keys", "120"]).await;
    let first = gateway.stored_qlik().await;
    gateway.pass(1_000_000).await;
    gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
    assert_eq!(gateway.stored_qlik().await, first);
    assert_eq!(gateway.read("/_control/qlik/clock").await["offsetSeconds"], 0);
    gateway.call("POST", "/_control/reset", json!({"seed": 2})).await.expect(204);
    assert_ne!(gateway.stored_qlik().await, first);
    for status in ["active", "expired", "revoked"] {
        let page = gateway.read(&format!("{KEYS}?status={status}&limit=100")).await;
        assert!(page["data"].as_array().unwrap().len() > 5, "{status}");
    }
    // Nothing is from the future, whatever the seed, and some key is over by the end of tomorrow.
    for seed in 3..12 {
        gateway.call("POST", "/_control/reset", json!({"seed": seed})).await.expect(204);
        let now = seconds(&gateway.read("/_control/qlik/clock").await["now"]);
        let stored = gateway.stored_qlik().await;
        assert!(stored.iter().all(|key| seconds(&key["lastUpdated"]) < now), "{seed}");
        let left = |key: &Value| seconds(&key["expiry"]) - now;
        assert!(stored.iter().any(|key| (1..=2 * DAY).contains(&left(key))), "{seed}");
    }
    // The two users with tokens have keys, and room for more.
    for user in [gateway.with_token("demo-qlik-admin"), gateway.member()] {
        user.new_key(json!({"description": "one more", "expiry": "P90D"})).await;
    }
    assert!(!gateway.read("/api/v1/audits").await["data"].as_array().unwrap().is_empty());
    let scim = gateway.stored_qlik().await.iter().filter(|key| key["subType"] == "externalClient").count();
    assert!(scim > 0);
}

#[test]
fn a_restart_keeps_keys_tokens_and_the_clock() {
    let folder = Folder::new("qlik-restart");
    let store = folder.0.join("store.db");
    let arguments = ["--store", store.to_str().unwrap(), "--control", "--qlik-token", "secret-one"];
    let program = Program::start(&arguments);
    let (status, body) = program.call("POST", KEYS, "secret-one", r#"{"description":"kept"}"#).unwrap();
    assert_eq!(status, 201, "{body}");
    let key: Value = serde_json::from_str(&body).unwrap();
    let token = key["token"].as_str().unwrap();
    assert_eq!(
        program.call("POST", "/_control/qlik/clock", "", r#"{"advanceSeconds":3600}"#).unwrap().0,
        200
    );
    program.kill();
    let program = Program::start(&arguments);
    let path = path_of(&key);
    assert_eq!(program.call("GET", &path, token, "").unwrap().0, 200);
    let (_, clock) = program.call("GET", "/_control/qlik/clock", "", "").unwrap();
    assert!(clock.contains("3600"), "{clock}");
    // A day on, by the same clock, the key is over.
    assert_eq!(
        program.call("POST", "/_control/qlik/clock", "", r#"{"advanceSeconds":86400}"#).unwrap().0,
        200
    );
    assert_eq!(program.call("GET", &path, token, "").unwrap().0, 401);
    assert!(program.call("GET", &path, "secret-one", "").unwrap().1.contains("expired"));
}
