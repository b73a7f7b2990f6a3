//! Each Solifyn switch.

use serde_json::{Value, json};

use crate::solifyn::{LICENSES, READ_KEY, solifyn};
use crate::support::{Answer, Gateway};

const ID: &str = "/v1/licenses/lic_hyQQhhNzfEuvv";

fn create(more: Value) -> Value {
    let mut body = json!({"productId": "prod_hyQQhhNzfEuvv", "customerId": "cust_3r2FgHXp9"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn verify(gateway: &Gateway, key: &str) -> Answer {
    let body = json!({"key": key, "productId": "prod_hyQQhhNzfEuvv"});
    gateway.call("POST", &format!("{LICENSES}/verify"), body).await
}

async fn with_sample() -> Gateway {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    gateway
}

#[tokio::test]
async fn limit_and_conflict_status() {
    let gateway = with_sample().await;
    gateway.call("PATCH", ID, json!({"activationLimit": 1})).await.expect(200);
    gateway.put("licenses", json!({"id": "lic_r", "status": "REVOKED"})).await;
    let full = json!({"key": "A184-99C2-8CBE", "deviceIdentifier": "new"});
    for status in [400, 403, 409] {
        gateway.switch(json!({"solifyn-limit-status": status})).await;
        gateway.call("POST", &format!("{LICENSES}/activate"), full.clone()).await.expect(status);
    }
    for status in [400, 403, 409] {
        gateway.switch(json!({"solifyn-conflict-status": status})).await;
        gateway.call("POST", LICENSES, create(json!({"key": "A184-99C2-8CBE"}))).await.expect(status);
        gateway.call("POST", &format!("{LICENSES}/lic_r/toggle"), Value::Null).await.expect(status);
        gateway.call("PATCH", &format!("{LICENSES}/lic_r"), json!({})).await.expect(status);
    }
}

#[tokio::test]
async fn verify_answers() {
    let gateway = with_sample().await;
    gateway
        .put("licenses", json!({"key": "OFF", "status": "DISABLED", "productId": "prod_hyQQhhNzfEuvv"}))
        .await;
    for (value, off, unknown) in [("mixed", 200, 404), ("valid-false", 200, 200), ("not-found", 404, 404)] {
        gateway.switch(json!({"solifyn-verify": value})).await;
        assert_eq!(verify(&gateway, "A184-99C2-8CBE").await.expect(200).json()["valid"], true);
        for (key, status) in [("OFF", off), ("x", unknown)] {
            let answer = verify(&gateway, key).await.expect(status).json();
            assert!(status == 404 || answer["valid"] == false);
        }
    }
    gateway.switch(json!({"solifyn-verify": "valid-false"})).await;
    for (value, success) in [("call", true), ("valid", false)] {
        gateway.switch(json!({"solifyn-verify-success": value})).await;
        let wanted = json!({"success": success, "valid": false, "license": null});
        assert_eq!(verify(&gateway, "x").await.json(), wanted);
        assert_eq!(verify(&gateway, "A184-99C2-8CBE").await.json()["success"], true);
    }
    for (value, status) in [("allow", 200), ("refuse", 403)] {
        gateway.switch(json!({"solifyn-read-only-verify": value})).await;
        let body = json!({"key": "x", "productId": "y"});
        gateway.call_as(READ_KEY, "POST", &format!("{LICENSES}/verify"), body).await.expect(status);
    }
}

#[tokio::test]
async fn a_null_in_a_patch() {
    for (value, status, limit, name) in [
        ("clear", 200, Value::Null, Value::Null),
        ("refuse", 400, json!(3), json!("John Doe")),
        ("ignore", 200, json!(3), json!("John Doe")),
    ] {
        let gateway = with_sample().await;
        gateway.switch(json!({"solifyn-patch-null": value})).await;
        gateway.call("PATCH", ID, json!({"activationLimit": null, "expiresAt": null})).await.expect(status);
        let license = gateway.license("lic_hyQQhhNzfEuvv").await;
        assert_eq!(license["activationLimit"], limit, "{value}");
        assert_eq!(license["expiresAt"].is_null(), limit.is_null(), "{value}");
        let path = format!("{ID}/instances/machine-ID-abc123");
        gateway.call("PATCH", &path, json!({"ipAddress": null})).await.expect(status);
        let device = gateway.call("GET", &path, Value::Null).await.json();
        assert_eq!(device["ipAddress"].is_null(), limit.is_null(), "{value}");
        let path = "/v1/customers/cust_3r2FgHXp9";
        gateway.call("PATCH", path, json!({"name": null})).await.expect(status);
        assert_eq!(gateway.call("GET", path, Value::Null).await.json()["name"], name, "{value}");
        // A status is never null.
        gateway.call("PATCH", ID, json!({"status": null})).await.expect(200);
    }
}

#[tokio::test]
async fn unknown_fields() {
    let gateway = with_sample().await;
    let body = create(json!({"status": "DISABLED", "metadata": {}}));
    let made = gateway.call("POST", LICENSES, body.clone()).await.expect(200).json();
    assert_eq!(made["status"], "ACTIVE");
    gateway.switch(json!({"solifyn-unknown-fields": "refuse"})).await;
    let answer = gateway.call("POST", LICENSES, body).await.expect(400).json();
    assert_eq!(
        answer["message"],
        json!(["property metadata should not exist", "property status should not exist"])
    );
    gateway.call("POST", LICENSES, create(json!({"key": "K"}))).await.expect(200);
    gateway.call("PATCH", ID, json!({"expiryHours": 5})).await.expect(400);
}

#[tokio::test]
async fn what_may_be_refused() {
    let gateway = with_sample().await;
    gateway.put("products", json!({"id": "prod_none", "hasLicenseKey": false})).await;
    gateway.put("licenses", json!({"id": "lic_two", "devices": 2})).await;
    let without_keys = json!({"productId": "prod_none", "customerId": "cust_3r2FgHXp9"});
    for (name, method, path, body) in [
        ("solifyn-limit-below-use", "PATCH", "/v1/licenses/lic_two", json!({"activationLimit": 1})),
        ("solifyn-past-expiry", "PATCH", ID, json!({"expiresAt": "2020-01-01T00:00:00.000Z"})),
        ("solifyn-product-without-keys", "POST", LICENSES, without_keys),
    ] {
        for (value, status) in [("allow", 200), ("refuse", 400)] {
            gateway.switch(json!({name: value})).await;
            gateway.call(method, path, body.clone()).await.expect(status);
        }
    }
}

#[tokio::test]
async fn instances_count_and_nulls_of_an_issued_license() {
    let gateway = with_sample().await;
    gateway.put("licenses", json!({"id": "lic_c", "devices": 1, "activations": 4, "key": "C"})).await;
    let body = json!({"key": "C", "deviceIdentifier": "more"});
    gateway.call("POST", &format!("{LICENSES}/activate"), body).await.expect(200);
    gateway.call("POST", &format!("{LICENSES}/deactivate/device-1"), json!({"key": "C"})).await.expect(200);
    for (value, count) in [("current", json!(1)), ("ever", json!(5)), ("absent", Value::Null)] {
        gateway.switch(json!({"solifyn-instances-count": value})).await;
        let license = gateway.license("lic_c").await;
        assert_eq!(license["instancesCount"], count);
        assert_eq!(license.as_object().unwrap().contains_key("instancesCount"), value != "absent");
    }
    for (value, n_nulls) in [("null", 2), ("filled", 0)] {
        gateway.switch(json!({"solifyn-issued": value})).await;
        let made = gateway.call("POST", LICENSES, create(json!({}))).await.expect(200).json();
        assert_eq!(
            made.as_object().unwrap().values().filter(|value| value.is_null()).count(),
            n_nulls,
            "{made}"
        );
    }
}

#[tokio::test]
async fn the_customers_list_and_the_largest_page() {
    let gateway = solifyn(&[]).await;
    for (email, name) in [("ann@one.example", "Ann"), ("bob@two.example", "Bob"), ("cy@one.example", "Cy")] {
        gateway.put("customers", json!({"email": email, "name": name})).await;
    }
    for (query, ignored, honoured) in [
        ("?query=ONE.example", 3, 2),
        ("?query=bob", 3, 1),
        ("?email=Cy@one.example", 3, 1),
        ("?limit=2", 3, 2),
        ("?limit=2&page=2", 3, 1),
        ("", 3, 3),
    ] {
        for (value, count) in [("ignore", ignored), ("honour", honoured)] {
            gateway.switch(json!({"solifyn-customer-filters": value})).await;
            let list =
                gateway.call("GET", &format!("/v1/customers{query}"), Value::Null).await.expect(200).json();
            assert_eq!(list["items"].as_array().unwrap().len(), count, "{query} {value}");
        }
    }
    let paged = gateway.call("GET", "/v1/customers?limit=2", Value::Null).await.json();
    assert_eq!(paged["total_count"], 3);
    gateway.switch(json!({"solifyn-over-limit": "clamp"})).await;
    gateway.call("GET", "/v1/products?limit=101", Value::Null).await.expect(200);
}

#[tokio::test]
async fn the_calls_on_api_keys_may_take_no_api_key() {
    let gateway = solifyn(&[]).await;
    let keys = "/v1/developer/api-keys";
    for (value, list, create, delete) in [("refuse", 401, 401, 401), ("allow", 200, 201, 200)] {
        gateway.switch(json!({"solifyn-developer-calls": value})).await;
        gateway.call("GET", keys, Value::Null).await.expect(list);
        gateway.call("POST", keys, json!({"name": "new"})).await.expect(create);
        gateway.call("DELETE", &format!("{keys}/key_startReadOnly"), Value::Null).await.expect(delete);
        gateway.call("GET", LICENSES, Value::Null).await.expect(200);
    }
}

#[tokio::test]
async fn when_a_key_was_used_last() {
    let gateway = solifyn(&[]).await;
    for (value, is_shown) in [("shown", true), ("absent", false)] {
        gateway.switch(json!({"solifyn-last-used": value})).await;
        let list = gateway.call("GET", "/v1/developer/api-keys", Value::Null).await.expect(200).json();
        assert_eq!(list[0]["lastUsedAt"].is_string(), is_shown);
        // The other key was never used.
        assert!(!list[1].as_object().unwrap().contains_key("lastUsedAt"));
    }
}

#[tokio::test]
async fn messages_are_strings_or_arrays() {
    let gateway = solifyn(&[]).await;
    for (value, checks, other) in [("by-kind", true, false), ("string", false, false), ("array", true, true)]
    {
        gateway.switch(json!({"solifyn-messages": value})).await;
        let answer = gateway.call("POST", LICENSES, json!({})).await.expect(400).json();
        assert_eq!(answer["message"].is_array(), checks, "{value}");
        assert!(answer["message"].to_string().contains("customerId should not be empty"));
        let answer = gateway.call("GET", ID, Value::Null).await.expect(404).json();
        assert_eq!(answer["message"].is_array(), other, "{value}");
        assert!(answer["message"].to_string().contains("License not found"));
    }
}

#[tokio::test]
async fn a_rate_limit_of_its_own() {
    let gateway = solifyn(&[]).await;
    for (value, has_header) in [("on", true), ("off", false)] {
        let patch = json!({"solifyn-rate-limit": 2, "solifyn-rate-window": 60, "solifyn-retry-after": value});
        gateway.switch(patch).await;
        for status in [200, 200, 429, 429] {
            let answer = gateway.call("GET", LICENSES, Value::Null).await.expect(status);
            assert_eq!(answer.header("retry-after").is_some(), status == 429 && has_header);
            if status == 429 {
                let wait = answer.header("retry-after").map(|wait| wait.parse::<u64>().unwrap());
                assert!(wait.is_none_or(|wait| (1..=60).contains(&wait)));
                assert_eq!(answer.json()["statusCode"], 429);
            }
        }
    }
    // The other systems go on, and so does everything once the switch is off.
    gateway.call("GET", "/caui/v1/activation-keys/manage/1", Value::Null).await.expect(401);
    gateway.switch(json!({"solifyn-rate-limit": "off"})).await;
    gateway.call("GET", LICENSES, Value::Null).await.expect(200);
}

#[tokio::test]
async fn cors_is_one_for_all() {
    let gateway = solifyn(&["--cors", "on"]).await;
    gateway.call_as("", "OPTIONS", LICENSES, Value::Null).await.expect(204);
    let answer = gateway.call("GET", LICENSES, Value::Null).await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}
