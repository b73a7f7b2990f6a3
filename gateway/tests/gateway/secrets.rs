//! What `/_control/secrets` and `/_control/access` tell.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use crate::support::{Gateway, MANAGE, gateway};

async fn secrets(gateway: &Gateway) -> Value {
    gateway.call("GET", "/_control/secrets", Value::Null).await.expect(200).json()
}

fn has(list: &Value, text: &str) -> bool {
    list.as_array().unwrap().iter().any(|it| it == text)
}

#[tokio::test]
async fn all_that_is_secret_is_told() {
    let gateway = gateway(&["--keys", "2"]).await;
    let licenses = gateway.call("GET", "/_control/solifyn/licenses", Value::Null).await.expect(200).json();
    let told = secrets(&gateway).await;
    assert_eq!(told["password"], "demo");
    for token in
        [gateway.token.as_str(), "fyn_key_demo", "fyn_key_demo_read", "demo-qlik-admin", "demo-qlik-user"]
    {
        assert!(has(&told["tokens"], token), "{token}");
    }
    for key in gateway.stored().await {
        assert!(has(&told["keys"], key["activationKey"].as_str().unwrap()));
    }
    assert!(!licenses.as_array().unwrap().is_empty());
    for license in licenses.as_array().unwrap() {
        assert!(has(&told["keys"], license["key"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn a_value_that_is_gone_is_still_told_until_the_reset() {
    let gateway = gateway(&[]).await;
    let value = |n: u32| format!("{n:08}-0000-4000-8000-000000000000");
    for n in [1, 2] {
        gateway.plant(json!({"id": n, "activationKey": value(n)})).await;
    }
    gateway.call("PATCH", "/_control/keys/1", json!({"activationKey": value(3)})).await.expect(200);
    gateway.call("DELETE", &format!("{MANAGE}/2"), Value::Null).await.expect(200);
    let license = json!({"key": "AAAA-BBBB-CCCC"});
    let license = gateway.call("POST", "/_control/solifyn/licenses", license).await.expect(201).json();
    let path = format!("/_control/solifyn/licenses/{}", license["id"].as_str().unwrap());
    gateway.call("PATCH", &path, json!({"key": "DDDD-EEEE-FFFF"})).await.expect(200);
    gateway.call("DELETE", &path, Value::Null).await.expect(204);

    let keys = secrets(&gateway).await["keys"].clone();
    for key in [value(1), value(2), value(3), "AAAA-BBBB-CCCC".to_owned(), "DDDD-EEEE-FFFF".to_owned()] {
        assert!(has(&keys, &key), "{key}: {keys}");
    }
    gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
    assert_eq!(secrets(&gateway).await["keys"], json!([]));
}

#[tokio::test]
async fn a_token_that_is_told_once_is_noted() {
    let gateway = gateway(&["--qlik-token", "admin-of-the-tenant"]).await;
    let request = Request::post("/api/v1/api-keys")
        .header(header::AUTHORIZATION, "Bearer admin-of-the-tenant")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"description": "Nightly reload"}).to_string()));
    let key = gateway.send(request.unwrap()).await.expect(201).json();
    let planted = gateway.call("POST", "/_control/solifyn/api-keys", json!({})).await.expect(201).json();
    let tokens = secrets(&gateway).await["tokens"].clone();
    for token in [&key["token"], &planted["apiKey"]] {
        assert!(has(&tokens, token.as_str().unwrap()));
    }
}

#[tokio::test]
async fn the_access_log_has_whole_targets_and_no_authorization() {
    let gateway = gateway(&[]).await;
    gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
    let request = Request::get("/some/page?tab=2")
        .header(header::REFERER, "http://portal.example/keys?of=3")
        .header(header::AUTHORIZATION, "Bearer very-secret")
        .body(Body::empty());
    gateway.send(request.unwrap()).await.expect(404);
    let log = gateway.call("GET", "/_control/access", Value::Null).await.expect(200).json();
    assert_eq!(
        log,
        json!({
            "requests": ["GET /some/page?tab=2"],
            "headers": ["referer: http://portal.example/keys?of=3"]
        })
    );
}
