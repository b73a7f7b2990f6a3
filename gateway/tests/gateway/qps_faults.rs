//! Faults on each QPS write: what was lost, and whether it happened.

use serde_json::{Value, json};

use crate::qps::{CHANGE, CREATE, KEYS, assert_code, call, key, post, text};
use crate::support::gateway;

const UPDATE: &str = "/qps/rest/1.0/update/ca/agentactkey";
const UPDATE_5: &str = "/qps/rest/1.0/update/ca/agentactkey/5";
const DELETE_5: &str = "/qps/rest/1.0/delete/ca/agentactkey/5";

#[tokio::test]
async fn a_dropped_write_happened_when_the_log_says_so() {
    let change = "<ServiceRequest><filters><Criteria field=\"activationKey\" operator=\"EQUALS\">six</Criteria></filters>\
                  <data><ChangeActKey><newActivationKey>five</newActivationKey></ChangeActKey></data></ServiceRequest>";
    let update = key("<id>5</id><type>UNLIMITED</type><title>changed</title>");
    let create = key("<type>UNLIMITED</type>");
    for (path, body) in [
        (CREATE, create.as_str()),
        (UPDATE, update.as_str()),
        (UPDATE_5, update.as_str()),
        (DELETE_5, "<ServiceRequest/>"),
        (CHANGE, change),
    ] {
        for fault in ["drop-before", "drop-after-write", "cut-body", "status", "delay"] {
            let gateway = gateway(&[]).await;
            let keys = json!([{"id": 5, "activationKey": "five"}, {"id": 6, "activationKey": "six", "countUsed": 2}]);
            gateway.plant(keys).await;
            let before = gateway.stored().await;
            gateway.call("DELETE", "/_control/log", Value::Null).await.expect(204);
            let mut fields = json!({"match": {"method": "POST", "path": path}, "fault": fault});
            match fault {
                "status" => fields["status"] = json!(503),
                "delay" => fields["delay_ms"] = json!(1),
                _ => {}
            }
            gateway.fault(fields).await;
            let answer = post(&gateway, path, body).await;
            assert_eq!(answer.is_dropped, fault.starts_with("drop"), "{path} {fault}");
            let is_committed = matches!(fault, "drop-after-write" | "cut-body" | "delay");
            let entry = gateway.log().await[0].clone();
            assert_eq!(entry["committed"], json!(is_committed), "{path} {fault}");
            assert_eq!((&entry["fault"], &entry["path"]), (&json!(fault), &json!(path)));
            assert_eq!(before != gateway.stored().await, is_committed, "{path} {fault}");
        }
    }
}

/// Reads and refused writes commit nothing, whatever their HTTP status.
#[tokio::test]
async fn only_writes_are_committed() {
    let gateway = gateway(&["--prefix", "/p"]).await;
    gateway.call("DELETE", "/_control/log", Value::Null).await.expect(204);
    post(&gateway, KEYS, "").await.expect(200);
    assert_code(&post(&gateway, CREATE, &key("")).await.expect(200), "INVALID_REQUEST");
    assert_code(&post(&gateway, DELETE_5, "").await.expect(200), "OBJECT_NOT_FOUND");
    post(&gateway, &format!("/p{CREATE}"), &key("<type>UNLIMITED</type>")).await.expect(200);
    let log = gateway.log().await;
    let committed: Vec<_> = log.iter().map(|entry| entry["committed"].as_bool().unwrap()).collect();
    assert_eq!(committed, [false, false, false, true]);
    assert_eq!(log[3]["path"], json!(format!("/p{CREATE}")));
}

/// A fault may name the path without its prefix, and the log keeps no password.
#[tokio::test]
async fn faults_and_the_log_over_a_prefix() {
    let gateway = gateway(&["--prefix", "/p"]).await;
    gateway.fault(json!({"match": {"path": "/qps/*"}, "fault": "status", "status": 500})).await;
    post(&gateway, &format!("/p{KEYS}"), "").await.expect(500);
    post(&gateway, &format!("/p{KEYS}"), "").await.expect(200);
    call(
        &gateway,
        "GET",
        "/p/api/2.0/fo/network/?action=list",
        "",
        &[("authorization", "Basic eDpzM2NyZXQtd29yZA==")],
    )
    .await
    .expect(401);
    let log = json!(gateway.log().await).to_string();
    assert!(!log.contains("ZGVtbzpkZW1v") && !log.contains("czNjcmV0"), "the log shows a secret");
}

#[tokio::test]
async fn cors() {
    let gateway = gateway(&["--cors", "on"]).await;
    let answer = call(&gateway, "OPTIONS", KEYS, "", &[("origin", "http://a")]).await.expect(204);
    assert!(answer.header("access-control-allow-headers").unwrap().contains("X-Requested-With"));
    let answer = post(&gateway, KEYS, "").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(text(&answer, "count"), "0");
    gateway.switch(json!({"cors": "off"})).await;
    assert_eq!(post(&gateway, KEYS, "").await.header("access-control-allow-origin"), None);
}
