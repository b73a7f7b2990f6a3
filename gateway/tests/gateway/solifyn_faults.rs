//! Faults on every Solifyn write, and what the log keeps of it.

use serde_json::{Value, json};

use crate::solifyn::{LICENSES, solifyn};
use crate::support::Gateway;

const DEVICE: &str = "7f3a1b2c-4d5e-6f7a-8b9c-0d1e2f3a4b5c";

async fn everything(gateway: &Gateway) -> Vec<Value> {
    let mut res = Vec::new();
    for kind in ["licenses", "instances", "products", "customers", "api-keys"] {
        let mut all = gateway.call("GET", &format!("/_control/solifyn/{kind}"), Value::Null).await.json();
        for record in all.as_array_mut().unwrap() {
            record.as_object_mut().unwrap().remove("lastUsedAt");
        }
        res.push(all);
    }
    res
}

/// Every write but the invitation, whose record no control call shows.
fn writes() -> Vec<(&'static str, String, Value)> {
    let issue =
        json!({"productId": "prod_hyQQhhNzfEuvv", "customerId": "cust_3r2FgHXp9", "key": "SECRET-TEXT"});
    let license = format!("{LICENSES}/lic_hyQQhhNzfEuvv");
    let activate = json!({"key": "A184-99C2-8CBE", "deviceIdentifier": "new"});
    let product = json!({"name": "x", "price": 1, "currency": "USD", "taxCategory": "saas"});
    vec![
        ("POST", LICENSES.to_owned(), issue),
        ("PATCH", license.clone(), json!({"status": "DISABLED"})),
        ("POST", format!("{license}/toggle"), Value::Null),
        ("PATCH", format!("{license}/instances/{DEVICE}"), json!({"instanceName": "new"})),
        ("POST", format!("{license}/instances/{DEVICE}"), json!({"instanceName": "new"})),
        ("DELETE", format!("{LICENSES}/instances/{DEVICE}"), Value::Null),
        ("POST", format!("{LICENSES}/activate"), activate),
        ("POST", format!("{LICENSES}/deactivate/{DEVICE}"), json!({"key": "A184-99C2-8CBE"})),
        ("POST", "/v1/products".to_owned(), product),
        ("PATCH", "/v1/products/prod_hyQQhhNzfEuvv".to_owned(), json!({"name": "new"})),
        ("DELETE", "/v1/products/prod_hyQQhhNzfEuvv".to_owned(), Value::Null),
        ("POST", "/v1/products/prod_hyQQhhNzfEuvv/unarchive".to_owned(), Value::Null),
        ("POST", "/v1/customers".to_owned(), json!({"email": "new@one.example", "name": "x"})),
        ("PATCH", "/v1/customers/cust_3r2FgHXp9".to_owned(), json!({"name": "new"})),
        ("POST", "/v1/developer/api-keys".to_owned(), json!({"name": "new"})),
        ("DELETE", "/v1/developer/api-keys/key_startReadOnly".to_owned(), Value::Null),
    ]
}

#[tokio::test]
async fn a_dropped_write_happened_or_not_and_the_log_knows() {
    for (method, path, body) in writes() {
        let gateway = solifyn(&[]).await;
        gateway.put_sample().await;
        for (fault, is_done) in [("drop-before", false), ("drop-after-write", true)] {
            gateway.call("DELETE", "/_control/log", Value::Null).await.expect(204);
            gateway.fault(json!({"match": {"method": method, "path": path}, "fault": fault})).await;
            let before = everything(&gateway).await;
            assert!(gateway.call(method, &path, body.clone()).await.is_dropped, "{method} {path}");
            assert_eq!(everything(&gateway).await != before, is_done, "{method} {path} {fault}");
            let log = gateway.log().await;
            assert_eq!(log.len(), 1);
            let entry = &log[0];
            assert_eq!(
                (&entry["method"], &entry["path"], &entry["status"], &entry["fault"], &entry["committed"]),
                (&json!(method), &json!(path), &Value::Null, &json!(fault), &json!(is_done))
            );
        }
    }
}

#[tokio::test]
async fn a_read_or_a_refusal_is_no_committed_write() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    gateway.call("DELETE", "/_control/log", Value::Null).await.expect(204);
    let verify = json!({"key": "A184-99C2-8CBE", "productId": "prod_hyQQhhNzfEuvv"});
    gateway.call("POST", &format!("{LICENSES}/verify"), verify).await.expect(200);
    gateway.call("GET", LICENSES, Value::Null).await.expect(200);
    gateway.call("POST", LICENSES, json!({})).await.expect(400);
    gateway.call("POST", "/v1/customers/cust_3r2FgHXp9/share", Value::Null).await.expect(201);
    let committed: Vec<_> = gateway.log().await.iter().map(|entry| entry["committed"] == true).collect();
    assert_eq!(committed, [false, false, false, true]);
}

#[tokio::test]
async fn other_faults_work_as_well() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let toggle = format!("{LICENSES}/lic_hyQQhhNzfEuvv/toggle");
    let fault = |more: Value| {
        let mut fault = json!({"match": {"path": "/v1/licenses/*"}});
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fault
    };
    gateway.fault(fault(json!({"fault": "status", "status": 502, "body": "bad gateway"}))).await;
    assert_eq!(gateway.call("POST", &toggle, Value::Null).await.expect(502).text(), "bad gateway");
    assert_eq!(gateway.license("lic_hyQQhhNzfEuvv").await["status"], "ACTIVE");
    gateway.fault(fault(json!({"fault": "wrong-json"}))).await;
    assert!(gateway.call("POST", &toggle, Value::Null).await.expect(200).json().get("key").is_none());
    assert_eq!(gateway.license("lic_hyQQhhNzfEuvv").await["status"], "DISABLED");
    gateway.fault(fault(json!({"fault": "cut-body"}))).await;
    let cut = gateway.call("POST", &toggle, Value::Null).await;
    assert!(serde_json::from_slice::<Value>(&cut.bytes).is_err());
    assert_eq!(gateway.license("lic_hyQQhhNzfEuvv").await["status"], "ACTIVE");
}

#[tokio::test]
async fn the_log_holds_no_license_key_and_no_api_key() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    for (method, path, body) in writes() {
        gateway.call(method, &path, body).await;
    }
    gateway.call_raw("POST", LICENSES, "{\"key\": \"SECRET-TEXT\"").await.expect(400);
    let log = gateway.log().await;
    let text = json!(log).to_string();
    for secret in ["SECRET-TEXT", "A184-99C2-8CBE", "fyn_key_"] {
        assert!(!text.contains(secret), "the log shows {secret}");
    }
    let issue = log.iter().find(|entry| entry["path"] == LICENSES).unwrap();
    assert_eq!(issue["body"]["key"], "[redacted]");
    assert_eq!(issue["body"]["productId"], "prod_hyQQhhNzfEuvv");
}
