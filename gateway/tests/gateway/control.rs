//! The control interface: faults, the log, raw keys, reset.

use serde_json::{Value, json};

use crate::support::{CREATE, MANAGE, gateway};

#[tokio::test]
async fn without_control_the_path_is_404() {
    use clap::Parser as _;
    let options = latchkey_gateway::Options::try_parse_from(["gateway"]).unwrap();
    let app = latchkey_gateway::App::open(&options).unwrap();
    let router = latchkey_gateway::app_router(&app);
    let gateway = crate::support::Gateway { router, token: String::new() };
    for path in ["/_control", "/_control/", "/_control/switches", "/_control/reset"] {
        for method in ["GET", "POST", "PATCH", "DELETE"] {
            gateway.call(method, path, Value::Null).await.expect(404);
        }
    }
}

#[tokio::test]
async fn a_fault_applies_to_what_it_matches_after_its_skip_and_its_times() {
    let gateway = gateway(&["--keys", "1"]).await;
    gateway
        .fault(json!({
            "match": {"method": "POST", "path": MANAGE}, "fault": "status", "status": 503,
            "headers": {"Retry-After": "2"}, "body": "busy", "times": 2, "skip": 1
        }))
        .await;
    gateway.call("POST", CREATE, json!({})).await.expect(200);
    gateway.call("GET", &format!("{MANAGE}/1"), Value::Null).await.expect(404);
    for status in [200, 503, 503, 200] {
        let answer = gateway.call("POST", MANAGE, json!({})).await.expect(status);
        if status == 503 {
            assert_eq!((answer.text(), answer.header("retry-after")), ("busy", Some("2")));
        }
    }
    let planned = gateway.call("GET", "/_control/faults", Value::Null).await.expect(200).json();
    assert_eq!((&planned[0]["applied"], &planned[0]["skipped"]), (&json!(2), &json!(1)));
    gateway.call("DELETE", "/_control/faults", Value::Null).await.expect(204);
    assert_eq!(gateway.call("GET", "/_control/faults", Value::Null).await.json(), json!([]));
}

#[tokio::test]
async fn a_fault_path_may_end_in_a_star_and_leave_out_the_prefix() {
    let gateway = gateway(&["--prefix", "/qualys/eu1"]).await;
    for wanted in ["*", "/caui/*", "/qualys/*", MANAGE, "/qualys/eu1/caui/v1/activation-keys/manage"] {
        gateway.fault(json!({"match": {"path": wanted}, "fault": "status", "status": 500})).await;
        let path = format!("/qualys/eu1{MANAGE}");
        gateway.call("POST", &path, json!({})).await.expect(500);
        gateway.call("POST", &path, json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn a_fault_that_makes_no_sense_is_refused() {
    let gateway = gateway(&[]).await;
    for body in [
        json!({}),
        json!({"fault": "explode"}),
        json!({"fault": "status"}),
        json!({"fault": "status", "status": 99}),
        json!({"fault": "delay"}),
        json!({"fault": "drop-before", "times": 0}),
        json!({"fault": "drop-before", "status": 500}),
        json!({"fault": "drop-before", "matches": {}}),
        json!({"fault": "status", "status": 500, "headers": {"a b": "x"}}),
    ] {
        gateway.call("POST", "/_control/faults", body.clone()).await.expect(400);
    }
    assert_eq!(gateway.call("GET", "/_control/faults", Value::Null).await.json(), json!([]));
}

#[tokio::test]
async fn drops_and_their_traces_in_the_log() {
    let gateway = gateway(&[]).await;
    gateway.call("DELETE", "/_control/log", Value::Null).await.expect(204);
    for (fault, keys) in [("drop-before", 0), ("drop-after-write", 1)] {
        gateway.fault(json!({"match": {"path": CREATE}, "fault": fault})).await;
        assert!(gateway.call("POST", CREATE, json!({"title": fault})).await.is_dropped);
        assert_eq!(gateway.stored().await.len(), keys);
    }
    // A write that is refused is no committed write, and its answer can be lost all the same.
    gateway.fault(json!({"fault": "drop-after-write"})).await;
    assert!(gateway.call("POST", CREATE, json!({"maxAgentsAllowed": 0})).await.is_dropped);
    let log = gateway.log().await;
    let traces: Vec<_> =
        log.iter().map(|entry| (&entry["status"], &entry["fault"], &entry["committed"])).collect();
    assert_eq!(
        traces,
        [
            (&Value::Null, &json!("drop-before"), &json!(false)),
            (&Value::Null, &json!("drop-after-write"), &json!(true)),
            (&Value::Null, &json!("drop-after-write"), &json!(false)),
        ]
    );
    assert_eq!(log[1]["body"], json!({"title": "drop-after-write"}));
}

#[tokio::test]
async fn wrong_json_keeps_the_write() {
    let gateway = gateway(&[]).await;
    gateway.fault(json!({"fault": "wrong-json"})).await;
    let answer = gateway.call("POST", CREATE, json!({})).await.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.json().get("activationKey").is_none());
    gateway.fault(json!({"fault": "wrong-json", "body": "{\"content\":[{\"id\":"})).await;
    let answer = gateway.call("POST", MANAGE, json!({})).await.expect(200);
    assert!(serde_json::from_slice::<Value>(&answer.bytes).is_err());
    assert_eq!(gateway.stored().await.len(), 1);
}

/// The store is looked at while the call is under way: the write is there before the answer, or only after the wait.
#[tokio::test(flavor = "current_thread")]
async fn a_delay_waits_before_or_after_the_write() {
    let gateway = gateway(&[]).await;
    for when in ["before", "after"] {
        gateway
            .fault(json!({"match": {"path": CREATE}, "fault": "delay", "delay_ms": 300, "delay": when}))
            .await;
        let start = std::time::Instant::now();
        let mut call = std::pin::pin!(gateway.call("POST", CREATE, json!({"title": when})));
        let mut first_seen = None;
        let answer = loop {
            let stored = async { gateway.stored().await.iter().any(|key| key["title"] == when) };
            tokio::select! {
                biased;
                answer = &mut call => break answer,
                is_stored = stored => if is_stored && first_seen.is_none() { first_seen = Some(start.elapsed()) },
            }
        };
        answer.expect(200);
        let delay = std::time::Duration::from_millis(300);
        assert!(start.elapsed() >= delay);
        match when {
            "before" => assert!(first_seen.is_none_or(|seen| seen >= delay), "{first_seen:?}"),
            _ => assert!(first_seen.is_some(), "the write was never seen while its answer waited"),
        }
    }
}

#[tokio::test]
async fn the_log_holds_no_secret() {
    let gateway = gateway(&[]).await;
    gateway
        .form("/auth?password=in-the-query", "username=demo&password=s3cret-word&token=true")
        .await
        .expect(401);
    let nested = json!({"title": "t", "password": "s3cret-word", "inner": [{"clientSecret": "s3cret-word"}]});
    gateway.call("POST", CREATE, nested).await.expect(400);
    gateway.call_raw("POST", CREATE, "{\"password\": \"s3cret-word\"").await.expect(400);
    let log = gateway.log().await;
    let text = json!(log).to_string();
    for secret in ["s3cret-word", "in-the-query", &gateway.token] {
        assert!(!text.contains(secret), "the log shows a secret");
    }
    assert_eq!(log[1]["body"], json!({"username": "demo", "password": "[redacted]", "token": "true"}));
    assert_eq!(log[1]["path"], "/auth");
    assert_eq!(log[2]["body"]["title"], "t");
    assert_eq!(log.iter().map(|entry| entry["sequence"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(log.iter().all(|entry| entry["done"] == true && entry["time"].as_str().unwrap().ends_with('Z')));
}

#[tokio::test]
async fn reset_starts_afresh() {
    let gateway = gateway(&["--keys", "4", "--max-limit", "50"]).await;
    let fresh = gateway.stored().await;
    gateway.create(json!({})).await;
    gateway.switch(json!({"max-limit": 7})).await;
    gateway.fault(json!({"fault": "drop-before"})).await;
    gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
    assert_eq!(gateway.stored().await, fresh);
    assert_eq!(gateway.call("GET", "/_control/switches", Value::Null).await.json()["max-limit"], 50);
    assert_eq!(gateway.log().await, [] as [Value; 0]);
    assert_eq!(gateway.call("GET", "/_control/faults", Value::Null).await.json(), json!([]));
    // The session goes on.
    gateway.call("POST", "/_control/reset", json!({"keys": 9, "seed": 2})).await.expect(204);
    assert_eq!(gateway.search(json!({})).await["totalCount"], 9);
    gateway.call("POST", "/_control/reset", json!({"key": 9})).await.expect(400);
}

#[tokio::test]
async fn raw_keys_pass_the_rules_but_not_their_types() {
    let gateway = gateway(&[]).await;
    let key = gateway.plant(json!({"title": "full", "countUsed": 9, "countPurchased": 5, "datePurchased": "2020-01-02T03:04:05.6"})).await;
    assert_eq!(key["activeAgents"], 9);
    assert_eq!(key["datePurchased"], "2020-01-02T03:04:05.600000000");
    let path = format!("/_control/keys/{}", key["id"]);
    let changed = gateway
        .call("PATCH", &path, json!({"title": "behind", "isDisabled": true, "expireDate": "2020-01-01"}))
        .await;
    assert_eq!(changed.expect(200).json()["title"], "behind");
    assert_eq!(gateway.get(&key["id"]).await["isDisabled"], true);
    for body in [
        json!({"titel": "x"}),
        json!({"countUsed": "9"}),
        json!({"id": 1}),
        json!({"datePurchased": "x"}),
        json!(5),
    ] {
        gateway.call("PATCH", &path, body).await.expect(400);
    }
    gateway.call("PATCH", "/_control/keys/12", json!({})).await.expect(404);
    gateway.call("PATCH", "/_control/keys/x", json!({})).await.expect(400);
    gateway.call("POST", "/_control/keys", json!([{"id": 50}, {"id": key["id"]}])).await.expect(400);
    assert_eq!(gateway.stored().await.len(), 1);
}
