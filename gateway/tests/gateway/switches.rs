//! Each switch, as a start option and through the control interface.

use serde_json::{Value, json};

use crate::support::{Answer, CREATE, Gateway, MANAGE, gateway};

/// Start options and control take the same names and the same values, and each value reads back as it was given.
#[tokio::test]
async fn every_switch_is_an_option_and_a_field() {
    let plain = gateway(&[]).await;
    let all: &[(&str, &[Value])] = &[
        ("paging", &[json!("honoured"), json!("ignored"), json!("refused")]),
        ("max-limit", &[json!(200), json!(1)]),
        ("over-limit", &[json!("clamp"), json!("refuse")]),
        ("licence-substitution", &[json!("pc-to-pa"), json!("pc-to-sca"), json!("none")]),
        ("tags-echo", &[json!("full"), json!("empty")]),
        ("tags-shape", &[json!("ids"), json!("objects")]),
        ("duplicate-titles", &[json!("refuse"), json!("allow")]),
        ("create-status", &[json!(200), json!(201)]),
        ("toggle", &[json!("plain"), json!("refuse-enabled")]),
        ("cors", &[json!("off"), json!("on")]),
        ("rate-limit", &[json!("off"), json!(5)]),
        ("rate-window", &[json!(3600), json!(60)]),
        ("rate-headers", &[json!("on"), json!("off")]),
        ("concurrency", &[json!("off"), json!(2)]),
        ("latency", &[json!("off"), json!(1)]),
        ("error-body", &[json!("json"), json!("text"), json!("legacy")]),
        ("success-text", &[json!("plain"), json!("json-string"), json!("json-object")]),
        ("token-prefix", &[json!("both"), json!("old"), json!("new")]),
        ("token-lifetime", &[json!(14400), json!(30)]),
        ("date-form", &[json!("seconds"), json!("nanos")]),
        ("solifyn-limit-status", &[json!(409), json!(400), json!(403)]),
        ("solifyn-conflict-status", &[json!(409), json!(400), json!(403)]),
        ("solifyn-verify", &[json!("mixed"), json!("valid-false"), json!("not-found")]),
        ("solifyn-verify-success", &[json!("call"), json!("valid")]),
        ("solifyn-read-only-verify", &[json!("allow"), json!("refuse")]),
        ("solifyn-patch-null", &[json!("clear"), json!("refuse"), json!("ignore")]),
        ("solifyn-unknown-fields", &[json!("ignore"), json!("refuse")]),
        ("solifyn-limit-below-use", &[json!("allow"), json!("refuse")]),
        ("solifyn-past-expiry", &[json!("allow"), json!("refuse")]),
        ("solifyn-product-without-keys", &[json!("allow"), json!("refuse")]),
        ("solifyn-instances-count", &[json!("current"), json!("ever"), json!("absent")]),
        ("solifyn-issued", &[json!("null"), json!("filled")]),
        ("solifyn-developer-calls", &[json!("allow"), json!("refuse")]),
        ("solifyn-last-used", &[json!("shown"), json!("absent")]),
        ("solifyn-customer-filters", &[json!("ignore"), json!("honour")]),
        ("solifyn-over-limit", &[json!("refuse"), json!("clamp")]),
        ("solifyn-messages", &[json!("by-kind"), json!("string"), json!("array")]),
        ("solifyn-rate-limit", &[json!("off"), json!(5)]),
        ("solifyn-rate-window", &[json!(60), json!(5)]),
        ("solifyn-retry-after", &[json!("on"), json!("off")]),
        ("qps-text", &[json!("escaped"), json!("cdata")]),
        ("qps-empty-result", &[json!("bare"), json!("full")]),
        ("qps-error-status", &[json!("ok"), json!("http")]),
        ("qps-list-on-update", &[json!("wipes"), json!("sets"), json!("ignored")]),
        ("qps-type-on-update", &[json!("required"), json!("optional")]),
        ("qps-search-fields", &[json!("documented"), json!("owner"), json!("all")]),
        ("qps-requested-with", &[json!("required"), json!("optional")]),
        ("qps-bearer", &[json!("accepted"), json!("refused")]),
        ("qps-access", &[json!("granted"), json!("denied")]),
        ("qps-json-booleans", &[json!("strings"), json!("booleans")]),
        ("qps-agents-shown", &[json!(25), json!("off"), json!(1)]),
        ("qps-agent-tag", &[json!("optional"), json!("required")]),
        ("qps-change-delay", &[json!("off"), json!(10)]),
        ("qps-networks", &[json!("on"), json!("off")]),
        ("qps-rate-limit", &[json!("off"), json!(5)]),
        ("qps-rate-window", &[json!(3600), json!(60)]),
        ("qps-rate-headers", &[json!("on"), json!("off")]),
        ("qps-concurrency", &[json!("off"), json!(2)]),
        ("qlik-config", &[json!("current"), json!("before-2026")]),
        ("qlik-error-status", &[json!("number"), json!("text"), json!("absent")]),
        ("qlik-trace-id", &[json!("on"), json!("off")]),
        ("qlik-member-list", &[json!("refuse"), json!("own")]),
        ("qlik-backslash", &[json!("both"), json!("one"), json!("two")]),
        ("qlik-over-maximum", &[json!(400), json!(403), json!(401)]),
        ("qlik-key-limit", &[json!(403), json!(400), json!(401)]),
        ("qlik-no-permission", &[json!(401), json!(403), json!(400)]),
        ("qlik-foreign-subject", &[json!("nobody"), json!("admins"), json!("everyone")]),
        ("qlik-scim-keys", &[json!("admins"), json!("everyone"), json!("nobody")]),
        ("qlik-admin-own-delete", &[json!("delete"), json!("revoke")]),
        ("qlik-revoked-delete", &[json!("delete"), json!("refuse")]),
        ("qlik-over-limit", &[json!("refuse"), json!("clamp")]),
        ("qlik-lost-cursor", &[json!("refuse"), json!("empty")]),
        ("qlik-unknown-fields", &[json!("refuse"), json!("ignore")]),
        ("qlik-event-names", &[json!("current"), json!("legacy")]),
        ("qlik-product-info", &[json!("json"), json!("missing")]),
        ("qlik-deprecation", &[json!("off"), json!("on")]),
        ("qlik-rate-limits", &[json!("on"), json!("off")]),
        ("qlik-tier-1", &[json!(1000), json!(1)]),
        ("qlik-tier-2", &[json!(100), json!(1)]),
        ("qlik-rate-window", &[json!(300), json!(60)]),
        ("qlik-retry-after", &[json!("off"), json!(13)]),
        ("qlik-rate-headers", &[json!("on"), json!("off")]),
    ];
    let defaults = plain.call("GET", "/_control/switches", Value::Null).await.expect(200).json();
    assert_eq!(defaults.as_object().unwrap().len(), all.len());
    for &(name, values) in all {
        assert_eq!(defaults[name], values[0], "default of {name}");
        for value in values {
            let reply =
                plain.call("PATCH", "/_control/switches", json!({name: value})).await.expect(200).json();
            assert_eq!(reply[name], *value);
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let started = gateway(&[&format!("--{name}={text}")]).await;
            let read = started.call("GET", "/_control/switches", Value::Null).await.expect(200).json();
            assert_eq!(read[name], *value);
        }
        plain.call("PATCH", "/_control/switches", json!({name: values[0]})).await.expect(200);
    }
}

#[tokio::test]
async fn an_unknown_switch_or_value_changes_nothing() {
    let gateway = gateway(&[]).await;
    let before = gateway.call("GET", "/_control/switches", Value::Null).await.json();
    for body in [
        json!({"pageing": "ignored"}),
        json!({"paging": "ignored", "max-limit": "x"}),
        json!({"max-limit": 0}),
        json!({"paging": "IGNORED"}),
        json!({"rate-limit": 0}),
        json!({"rate-limit": -1}),
        json!({"create-status": 202}),
        json!({"cors": true}),
        json!([]),
    ] {
        gateway.call("PATCH", "/_control/switches", body).await.expect(400);
        assert_eq!(gateway.call("GET", "/_control/switches", Value::Null).await.json(), before);
    }
}

async fn ids(gateway: &Gateway, body: Value) -> Vec<i64> {
    let page = gateway.search(body).await;
    page["content"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn paging() {
    let gateway = gateway(&["--keys", "9"]).await;
    let page = |number: u32| json!({"limit": 4, "pageNumber": number});
    assert_ne!(ids(&gateway, page(0)).await, ids(&gateway, page(1)).await);
    assert_eq!(ids(&gateway, page(2)).await.len(), 1);
    gateway.switch(json!({"paging": "ignored"})).await;
    assert_eq!(ids(&gateway, page(0)).await, ids(&gateway, page(1)).await);
    gateway.switch(json!({"paging": "refused"})).await;
    gateway.refused("POST", MANAGE, page(0), 400, "pageNumber").await;
    gateway.refused("POST", MANAGE, json!({"pageSize": 4}), 400, "pageSize").await;
    gateway.refused("POST", MANAGE, json!({"other": 4}), 400, "other").await;
    gateway.search(json!({"limit": 4, "sortOrder": "DSC", "orderBy": "TITLE", "query": ""})).await;
}

#[tokio::test]
async fn limits() {
    let gateway = gateway(&["--keys", "9", "--max-limit", "5"]).await;
    for limit in [json!(6), json!(5_000_000_000_i64)] {
        assert_eq!(gateway.search(json!({"limit": limit})).await["pageSize"], 5);
    }
    assert_eq!(gateway.search(json!({})).await["pageSize"], 5);
    gateway.switch(json!({"over-limit": "refuse"})).await;
    gateway.refused("POST", MANAGE, json!({"limit": 6}), 400, "more than 5").await;
    gateway.refused("POST", MANAGE, json!({"limit": 5_000_000_000_i64}), 400, "more than 5").await;
    assert_eq!(gateway.search(json!({"limit": 5})).await["pageSize"], 5);
}

#[tokio::test]
async fn licence_substitution() {
    let gateway = gateway(&[]).await;
    let body = json!({"licenses": ["VM", "PC", "ZZZ", "VM"]});
    for (value, licenses) in [
        ("pc-to-pa", json!(["VM", "PA", "ZZZ"])),
        ("pc-to-sca", json!(["VM", "SCA", "ZZZ"])),
        ("none", json!(["VM", "PC", "ZZZ"])),
    ] {
        gateway.switch(json!({"licence-substitution": value})).await;
        let key = gateway.create(body.clone()).await;
        assert_eq!(key["licenses"], licenses);
        // What was asked for can be taken away again under the same name.
        let path = format!("{CREATE}/{}", key["id"]);
        gateway.call("PATCH", &path, json!({"removeLicenses": ["PC"]})).await.expect(200);
        assert_eq!(gateway.get(&key["id"]).await["licenses"], json!(["VM", "ZZZ"]));
        gateway.call("PATCH", &path, json!({"addLicenses": ["PC"]})).await.expect(200);
        assert_eq!(gateway.get(&key["id"]).await["licenses"], licenses);
    }
}

#[tokio::test]
async fn tags() {
    let gateway = gateway(&["--tags-echo", "empty"]).await;
    let key = gateway.create(json!({"tags": [7_340_001, 5]})).await;
    assert_eq!(key["tags"], json!([]));
    assert_eq!(gateway.get(&key["id"]).await["tags"], json!([7_340_001, 5]));
    gateway.switch(json!({"tags-shape": "objects", "tags-echo": "full"})).await;
    let objects = json!([{"id": 7_340_001, "name": "Cloud Agent"}, {"id": 5, "name": "Tag 5"}]);
    assert_eq!(gateway.get(&key["id"]).await["tags"], objects);
    assert_eq!(gateway.create(json!({"tags": [7_340_001, 5]})).await["tags"], objects);
}

#[tokio::test]
async fn duplicate_titles() {
    let gateway = gateway(&[]).await;
    gateway.create(json!({"title": "one"})).await;
    let other = gateway.create(json!({"title": "two"})).await["id"].clone();
    let path = format!("{CREATE}/{other}");
    gateway.refused("POST", CREATE, json!({"title": "one"}), 409, "title").await;
    gateway.refused("PATCH", &path, json!({"title": "one", "networkId": 5}), 409, "title").await;
    gateway.call("PATCH", &path, json!({"title": "two"})).await.expect(200);
    for blank in ["", "  "] {
        gateway.create(json!({"title": blank})).await;
        gateway.create(json!({"title": blank})).await;
    }
    gateway.switch(json!({"duplicate-titles": "allow"})).await;
    gateway.create(json!({"title": "one"})).await;
    // A title that became a duplicate does not stand in the way of other changes.
    gateway.switch(json!({"duplicate-titles": "refuse"})).await;
    let twin = gateway.stored().await.last().unwrap()["id"].clone();
    gateway.call("PATCH", &format!("{CREATE}/{twin}"), json!({"networkId": 5})).await.expect(200);
}

#[tokio::test]
async fn create_status_and_date_form() {
    let gateway = gateway(&["--create-status", "201", "--date-form", "nanos"]).await;
    let created = gateway.call("POST", CREATE, json!({})).await.expect(201).json();
    let got = gateway.get(&created["id"]).await;
    assert_eq!(got["datePurchased"], created["datePurchased"]);
    assert_eq!(got["datePurchased"].as_str().unwrap().len(), 29);
    assert_eq!(gateway.search(json!({})).await["content"][0]["datePurchased"], got["datePurchased"]);
}

#[tokio::test]
async fn a_toggle_that_only_enables() {
    let gateway = gateway(&["--toggle", "refuse-enabled"]).await;
    gateway.plant(json!([{"id": 7}, {"id": 8, "isDisabled": true}])).await;
    gateway.refused("PATCH", &format!("{MANAGE}/7"), Value::Null, 400, "enabled already").await;
    let answer = gateway.call("PATCH", &format!("{MANAGE}/8"), Value::Null).await.expect(200);
    assert_eq!(answer.text(), "Successfully enabled activation key");
    gateway.refused("PATCH", &format!("{MANAGE}/8"), Value::Null, 400, "enabled already").await;
}

#[tokio::test]
async fn cors() {
    let gateway = gateway(&[]).await;
    let has_cors =
        |answer: &Answer| answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
    let preflight = gateway.call("OPTIONS", MANAGE, Value::Null).await.expect(405);
    assert!(!has_cors(&preflight) && !has_cors(&gateway.call("POST", MANAGE, json!({})).await));
    gateway.switch(json!({"cors": "on"})).await;
    let preflight = gateway.call("OPTIONS", &format!("{MANAGE}/5"), Value::Null).await.expect(204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("Authorization"));
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("PATCH"));
    for answer in
        [gateway.call("POST", MANAGE, json!({})).await, gateway.call("GET", "/caui/x", Value::Null).await]
    {
        assert!(has_cors(&answer), "{}", answer.status);
    }
}

#[tokio::test]
async fn rate_limit() {
    let gateway = gateway(&["--rate-limit", "3", "--rate-window", "60"]).await;
    for remaining in ["2", "1", "0"] {
        let answer = gateway.call("POST", MANAGE, json!({})).await.expect(200);
        assert_eq!(answer.header("x-ratelimit-limit"), Some("3"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(remaining));
        assert_eq!(answer.header("x-ratelimit-window-sec"), Some("60"));
        assert_eq!(answer.header("x-ratelimit-towait-sec"), None);
    }
    let before = gateway.stored().await;
    let answer = gateway.call("POST", CREATE, json!({})).await.expect(429);
    let wait: u32 = answer.header("x-ratelimit-towait-sec").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(before, gateway.stored().await);
    // Sign-in is exempt.
    gateway.sign_in().await;
    gateway.switch(json!({"rate-headers": "off", "rate-limit": 1})).await;
    for status in [200, 429] {
        let answer = gateway.call("POST", MANAGE, json!({})).await.expect(status);
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("x-ratelimit")));
    }
    // The next window is open again.
    gateway.switch(json!({"rate-window": 1, "rate-headers": "on"})).await;
    gateway.call("POST", MANAGE, json!({})).await.expect(200);
    while gateway.call("POST", MANAGE, json!({})).await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn concurrency() {
    let gateway = gateway(&["--concurrency", "1"]).await;
    let answer = gateway.call("POST", MANAGE, json!({})).await.expect(200);
    assert_eq!(answer.header("x-concurrencylimit-limit"), Some("1"));
    gateway.plant(json!((0..300).map(|id| json!({"id": id + 1})).collect::<Vec<_>>())).await;
    // Two at a time: one of a pair is refused sooner or later, and one alone never is.
    let refused = async {
        loop {
            let body = || json!({"limit": 200});
            let (one, other) =
                tokio::join!(gateway.call("POST", MANAGE, body()), gateway.call("POST", MANAGE, body()));
            let statuses = [one.status.as_u16(), other.status.as_u16()];
            if statuses.contains(&429) {
                assert!(statuses.contains(&200));
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), refused).await.unwrap();
    gateway.call("POST", MANAGE, json!({})).await.expect(200);
}

#[tokio::test]
async fn error_bodies() {
    let gateway = gateway(&[]).await;
    let path = format!("{MANAGE}/5");
    let message = "There is no activation key 5.";
    let answer = gateway.call("GET", &path, Value::Null).await.expect(404);
    assert_eq!(answer.text(), format!(r#"{{"status":404,"error":"Not Found","message":"{message}"}}"#));
    gateway.switch(json!({"error-body": "text"})).await;
    let answer = gateway.call("GET", &path, Value::Null).await.expect(404);
    assert_eq!(answer.text(), message);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    gateway.switch(json!({"error-body": "legacy"})).await;
    let answer = gateway.call("GET", &path, Value::Null).await.expect(404);
    assert_eq!(answer.json(), json!({"_error": {"message": message}}));
}

#[tokio::test]
async fn success_texts() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 7})).await;
    let text = "Successfully updated activation key";
    for (value, body, kind) in [
        ("plain", text.to_owned(), "text/plain; charset=utf-8"),
        ("json-string", format!("\"{text}\""), "application/json"),
        ("json-object", format!("{{\"message\":\"{text}\"}}"), "application/json"),
    ] {
        gateway.switch(json!({"success-text": value})).await;
        let answer = gateway.call("PATCH", &format!("{CREATE}/7"), json!({})).await.expect(200);
        assert_eq!((answer.text(), answer.header("content-type")), (body.as_str(), Some(kind)));
    }
}

#[tokio::test]
async fn token_prefix() {
    let gateway = gateway(&["--keys", "5"]).await;
    for (value, old, new) in [("both", 200, 200), ("old", 200, 400), ("new", 400, 200)] {
        gateway.switch(json!({"token-prefix": value})).await;
        for (prefix, status) in [("", old), ("qualys.agent.", new)] {
            for rest in ["activationKey.isDisabled: false", "activationKey.id > 0", "activationKey: a"] {
                let query = json!({"query": format!("{prefix}{rest}")});
                gateway.call("POST", MANAGE, query).await.expect(status);
            }
        }
    }
}

/// What a call does is done before the wait, so that a client that leaves in it finds it done.
#[tokio::test]
async fn latency() {
    const MS: u64 = 200;
    let gateway = gateway(&["--latency", "200"]).await;
    let start = std::time::Instant::now();
    gateway.call("POST", MANAGE, json!({})).await.expect(200);
    assert!(start.elapsed() >= std::time::Duration::from_millis(MS));
    gateway.switch(json!({"latency": "off"})).await;
    gateway.call("POST", MANAGE, json!({})).await.expect(200);
}
