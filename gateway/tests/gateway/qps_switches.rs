//! Each QPS switch.

use std::time::Duration;

use serde_json::{Value, json};

use crate::qps::{
    CHANGE, COUNT, CREATE, HOSTS, KEYS, assert_code, call, key, post, search, text, texts, tight,
};
use crate::support::{Folder, Gateway, gateway};

#[tokio::test]
async fn text_in_sections() {
    let gateway = gateway(&["--qps-text", "cdata"]).await;
    gateway.plant(json!({"id": 5, "title": "a & b", "tags": [7_340_002]})).await;
    let answer = post(&gateway, KEYS, "").await;
    assert_eq!(text(&answer, "title"), "<![CDATA[a & b]]>");
    assert_eq!(text(&answer, "name"), "<![CDATA[Production]]>");
    assert_eq!(text(&answer, "type"), "UNLIMITED", "words of the API are no free text");
}

#[tokio::test]
async fn empty_results() {
    let gateway = gateway(&[]).await;
    let body =
        |answer: crate::support::Answer| tight(answer.text()).split_once(".xsd\">").unwrap().1.to_owned();
    let bare = "<responseCode>SUCCESS</responseCode><count>0</count></ServiceResponse>";
    let full = "<responseCode>SUCCESS</responseCode><count>0</count><hasMoreRecords>false</hasMoreRecords><data/></ServiceResponse>";
    for path in [KEYS, HOSTS] {
        gateway.switch(json!({"qps-empty-result": "bare"})).await;
        assert_eq!(body(post(&gateway, path, "").await), bare);
        gateway.switch(json!({"qps-empty-result": "full"})).await;
        assert_eq!(body(post(&gateway, path, "").await), full);
        let reply = call(&gateway, "POST", path, "", &[("accept", "application/json")]).await.json();
        let envelope = json!({"responseCode": "SUCCESS", "count": 0, "hasMoreRecords": "false", "data": []});
        assert_eq!(reply, json!({"ServiceResponse": envelope}));
    }
}

#[tokio::test]
async fn error_statuses() {
    let gateway = gateway(&["--qps-error-status", "http"]).await;
    for (path, more, status, code) in [
        (KEYS, ("authorization", "Basic eDp5"), 401, "INVALID_CREDENTIALS"),
        (KEYS, ("x-requested-with", ""), 400, "INVALID_REQUEST"),
        (KEYS, ("content-type", "text/plain"), 400, "INVALID_REQUEST"),
        ("/qps/rest/1.0/get/ca/agentactkey/5", ("accept", "*/*"), 404, "OBJECT_NOT_FOUND"),
    ] {
        let answer = call(&gateway, "POST", path, "<ServiceRequest/>", &[more]).await.expect(status);
        assert_code(&answer, code);
    }
    let json = [("accept", "application/json")];
    let answer = call(&gateway, "POST", "/qps/rest/1.0/get/ca/agentactkey/5", "", &json).await.expect(404);
    let reply = &answer.json()["ServiceResponse"];
    assert_eq!(reply["responseCode"], "OBJECT_NOT_FOUND");
    assert!(reply["responseErrorDetails"]["errorMessage"].as_str().unwrap().contains('5'));
}

#[tokio::test]
async fn list_on_update() {
    let gateway = gateway(&[]).await;
    let body = key(
        "<type>UNLIMITED</type><modules><list><ActivationKeyModule><license>FIM</license></ActivationKeyModule></list></modules>\
         <tags><list><Tag><id>7340003</id></Tag></list></tags>",
    );
    for (value, licenses, tags) in [
        ("wipes", json!([]), json!([])),
        ("sets", json!(["FIM"]), json!([7_340_003])),
        ("ignored", json!(["VM"]), json!([7_340_002])),
    ] {
        gateway.switch(json!({"qps-list-on-update": value})).await;
        gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
        gateway.switch(json!({"qps-list-on-update": value})).await;
        gateway.plant(json!({"id": 5, "licenses": ["VM"], "tags": [7_340_002]})).await;
        assert_code(&post(&gateway, "/qps/rest/1.0/update/ca/agentactkey/5", &body).await, "SUCCESS");
        let seen = gateway.get(&json!(5)).await;
        assert_eq!((&seen["licenses"], &seen["tags"]), (&licenses, &tags), "{value}");
        // On create `list` always names the members, as the printed sample shows.
        let created = post(&gateway, CREATE, &body).await;
        assert_eq!(text(&created, "license"), "FIM", "{value}");
    }
}

#[tokio::test]
async fn type_on_update() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 5, "countPurchased": 9, "expireDate": "2030-01-01"})).await;
    let update =
        async || post(&gateway, "/qps/rest/1.0/update/ca/agentactkey/5", &key("<title>new</title>")).await;
    assert_code(&update().await, "INVALID_REQUEST");
    gateway.switch(json!({"qps-type-on-update": "optional"})).await;
    let answer = update().await;
    assert_eq!(
        (text(&answer, "title"), text(&answer, "type")),
        ("new".to_owned(), "COUNT_TIME_LIMITED".to_owned())
    );
    // A create needs it either way.
    assert_code(&post(&gateway, CREATE, &key("<title>x</title>")).await, "INVALID_REQUEST");
}

#[tokio::test]
async fn search_fields() {
    let gateway = gateway(&[]).await;
    for (value, owner, title) in [
        ("documented", "INVALID_REQUEST", "INVALID_REQUEST"),
        ("owner", "SUCCESS", "INVALID_REQUEST"),
        ("all", "SUCCESS", "SUCCESS"),
    ] {
        gateway.switch(json!({"qps-search-fields": value})).await;
        assert_code(&post(&gateway, KEYS, &search(&[("ownerId", "EQUALS", "1")], "")).await, owner);
        assert_code(&post(&gateway, KEYS, &search(&[("title", "CONTAINS", "x")], "")).await, title);
        assert_code(&post(&gateway, KEYS, &search(&[("isEnabled", "EQUALS", "1")], "")).await, title);
        assert_code(&post(&gateway, KEYS, &search(&[("id", "EQUALS", "1")], "")).await, "SUCCESS");
    }
}

#[tokio::test]
async fn requested_with_and_bearer() {
    let gateway = gateway(&["--qps-requested-with", "optional", "--qps-bearer", "refused"]).await;
    assert_code(&call(&gateway, "POST", KEYS, "", &[("x-requested-with", "")]).await, "SUCCESS");
    let bearer = format!("Bearer {}", gateway.token);
    assert_code(
        &call(&gateway, "POST", KEYS, "", &[("authorization", &bearer)]).await,
        "INVALID_CREDENTIALS",
    );
}

#[tokio::test]
async fn access() {
    let gateway = gateway(&["--qps-access", "denied"]).await;
    for path in [KEYS, HOSTS, CREATE] {
        let answer = post(&gateway, path, "").await.expect(200);
        assert_code(&answer, "UNAUTHORIZED");
        let message = "You are not authorized to access the application through the API.";
        assert_eq!(text(&answer, "errorMessage"), message);
        let resolution = "If you think this is an error, please contact your account manager.";
        assert_eq!(text(&answer, "errorResolution"), resolution);
        // Who is not known is told that first.
        let answer = call(&gateway, "POST", path, "", &[("authorization", "")]).await;
        assert_code(&answer, "INVALID_CREDENTIALS");
    }
    gateway.switch(json!({"qps-error-status": "http"})).await;
    post(&gateway, KEYS, "").await.expect(403);
    // The gateway API is another one.
    gateway.search(json!({})).await;
}

#[tokio::test]
async fn json_booleans() {
    let gateway = gateway(&["--qps-json-booleans", "booleans"]).await;
    gateway.plant(json!({"id": 5})).await;
    let reply = call(&gateway, "POST", KEYS, "", &[("accept", "application/json")]).await.json();
    assert_eq!(reply["ServiceResponse"]["data"][0]["AgentActKey"]["isDisabled"], false);
    assert_eq!(reply["ServiceResponse"]["hasMoreRecords"], "false", "always a string, as recorded");
}

#[tokio::test]
async fn agents_shown() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 5, "countUsed": 40})).await;
    for (value, shown) in [(json!(25), 25), (json!(1), 1), (json!("off"), 40)] {
        gateway.switch(json!({"qps-agents-shown": value})).await;
        assert_eq!(texts(&post(&gateway, KEYS, "").await, "AgentAsset").len(), shown);
    }
}

#[tokio::test]
async fn agent_tag() {
    let gateway = gateway(&["--qps-agent-tag", "required"]).await;
    let key = ("activationKey", "EQUALS", "x");
    let tag = ("tagName", "EQUALS", "Cloud Agent");
    for path in [HOSTS, COUNT] {
        assert_code(&post(&gateway, path, &search(&[key], "")).await, "INVALID_REQUEST");
        assert_code(
            &post(&gateway, path, &search(&[key, ("tagName", "EQUALS", "Production")], "")).await,
            "INVALID_REQUEST",
        );
        assert_code(&post(&gateway, path, &search(&[key, tag], "")).await, "SUCCESS");
    }
}

fn change(from: &str, to: &str) -> String {
    format!(
        "<ServiceRequest><filters><Criteria field=\"activationKey\" operator=\"EQUALS\">{from}</Criteria></filters>\
         <data><ChangeActKey><newActivationKey>{to}</newActivationKey></ChangeActKey></data></ServiceRequest>"
    )
}

async fn used(gateway: &Gateway) -> Vec<i64> {
    gateway.stored().await.iter().map(|key| key["countUsed"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_change_that_happens_after_its_answer() {
    let gateway = gateway(&["--qps-change-delay", "50"]).await;
    gateway
        .plant(json!([{"id": 1, "activationKey": "one", "countUsed": 4}, {"id": 2, "activationKey": "two"}]))
        .await;
    let start = std::time::Instant::now();
    let answer = post(&gateway, CHANGE, &change("one", "two")).await;
    assert_code(&answer, "SUCCESS");
    assert_eq!(text(&answer, "count"), "4");
    let moved = async {
        while used(&gateway).await != [0, 4] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), moved).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(50));
    // A reset in between forgets it.
    gateway.switch(json!({"qps-change-delay": 1})).await;
    post(&gateway, CHANGE, &change("two", "one")).await;
    gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
    assert_eq!(used(&gateway).await, [] as [i64; 0]);
}

/// What was answered is not lost when the program ends before it happened.
#[tokio::test]
async fn a_change_put_off_survives_a_restart() {
    let folder = Folder::new("qps-change");
    let file = folder.0.join("store.db");
    let file = file.to_str().unwrap();
    {
        let gateway = gateway(&["--store", file, "--qps-change-delay", "4000000000"]).await;
        gateway
            .plant(
                json!([{"id": 1, "activationKey": "one", "countUsed": 4}, {"id": 2, "activationKey": "two"}]),
            )
            .await;
        assert_code(&post(&gateway, CHANGE, &change("one", "two")).await, "SUCCESS");
        assert_eq!(used(&gateway).await, [4, 0]);
    }
    assert_eq!(used(&gateway(&["--store", file]).await).await, [0, 4]);
}

#[tokio::test]
async fn a_subscription_without_networks() {
    let gateway = gateway(&["--qps-networks", "off"]).await;
    let answer = call(&gateway, "GET", "/api/2.0/fo/network/?action=list", "", &[]).await.expect(403);
    assert!(text(&answer, "TEXT").contains("network"));
}

#[tokio::test]
async fn rate_limit() {
    let gateway = gateway(&["--qps-rate-limit", "2", "--qps-rate-window", "60"]).await;
    // A call that is turned away at the door does not count.
    call(&gateway, "POST", KEYS, "", &[("authorization", "")]).await.expect(200);
    for remaining in ["1", "0"] {
        let answer = post(&gateway, KEYS, "").await.expect(200);
        assert_eq!(answer.header("x-ratelimit-limit"), Some("2"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(remaining));
        assert_eq!(answer.header("x-ratelimit-window-sec"), Some("60"));
        assert_eq!(answer.header("x-ratelimit-towait-sec"), None);
    }
    let blocked = post(&gateway, CREATE, &key("<type>UNLIMITED</type>")).await.expect(409);
    assert_eq!(blocked.header("content-type"), Some("text/xml"));
    let wait = blocked.header("x-ratelimit-towait-sec").unwrap();
    assert!((1..=60).contains(&wait.parse::<u32>().unwrap()));
    assert_eq!(
        (text(&blocked, "CODE"), text(&blocked, "KEY")),
        ("1965".to_owned(), "SECONDS_TO_WAIT".to_owned())
    );
    assert_eq!(text(&blocked, "VALUE"), wait);
    assert!(text(&blocked, "TEXT").starts_with("This API cannot be run again for another"));
    assert!(gateway.stored().await.is_empty());
    // The other API counts for itself.
    gateway.search(json!({})).await;
    gateway.switch(json!({"qps-rate-headers": "off", "qps-rate-limit": 1})).await;
    for status in [200, 409] {
        let answer = post(&gateway, KEYS, "").await.expect(status);
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("x-ratelimit")));
    }
    gateway.switch(json!({"qps-rate-window": 1})).await;
    post(&gateway, KEYS, "").await.expect(200);
    while post(&gateway, KEYS, "").await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn concurrency() {
    let gateway = gateway(&["--qps-concurrency", "1", "--keys", "300"]).await;
    let answer = post(&gateway, KEYS, "").await.expect(200);
    assert_eq!(answer.header("x-concurrency-limit-limit"), Some("1"));
    assert_eq!(answer.header("x-concurrency-limit-running"), Some("1"));
    let refused = async {
        loop {
            let body = search(&[("name", "CONTAINS", "nobody")], "");
            let (one, other) = tokio::join!(post(&gateway, COUNT, &body), post(&gateway, COUNT, &body));
            if let Some(refused) = [one, other].into_iter().find(|answer| answer.status == 409) {
                return refused;
            }
        }
    };
    let refused = tokio::time::timeout(Duration::from_secs(20), refused).await.unwrap();
    assert_eq!(text(&refused, "CODE"), "1960");
    post(&gateway, KEYS, "").await.expect(200);
}

/// Too many at once is said first when the window is used up too.
#[tokio::test]
async fn concurrency_comes_before_the_rate() {
    let gateway = gateway(&["--qps-concurrency", "1", "--qps-rate-limit", "1", "--keys", "300"]).await;
    let crowded = async {
        loop {
            // A new window: one of the two calls has it, and the other one neither window nor room.
            gateway.switch(json!({})).await;
            let body = search(&[("name", "CONTAINS", "nobody")], "");
            let (one, other) = tokio::join!(post(&gateway, COUNT, &body), post(&gateway, COUNT, &body));
            let refused = [one, other].into_iter().find(|answer| answer.status == 409).unwrap();
            if refused.header("x-concurrency-limit-running") == Some("2") {
                return refused;
            }
        }
    };
    let crowded = tokio::time::timeout(Duration::from_secs(20), crowded).await.unwrap();
    assert_eq!(text(&crowded, "CODE"), "1960");
    assert_eq!(crowded.header("x-ratelimit-remaining"), Some("0"));
}
