//! Sign-in and tokens (reference, section 3).

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{CREATE, Gateway, MANAGE, gateway};

const NOT_AUTHENTICATED: &str = r#"{"status":401,"error":"Unauthorized","message":"Not authenticated"}"#;
const EXPIRED: &str = r#"{"status":401,"error":"Unauthorized","message":"JWT expired"}"#;

fn part(token: &str, idx: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(idx).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_has_the_documented_claims() {
    let gateway = gateway(&[]).await;
    assert_eq!(part(&gateway.token, 0), json!({"alg": "HS512"}));
    let claims = part(&gateway.token, 1);
    for (name, value) in [("sub", "demo"), ("iss", "qas"), ("aud", "qas"), ("usertype", "fo")] {
        assert_eq!(claims[name], value, "{name}");
    }
    for name in ["loginResponse", "ipAddress", "credentialType", "customerUuid"] {
        assert!(claims[name].is_string(), "{name}");
    }
    for name in ["portalUserId", "qwebUserId", "iat", "exp"] {
        assert!(claims[name].is_i64(), "{name}");
    }
    for name in ["successfulAuthenticationHandlers", "modulesAllowed"] {
        assert!(claims[name].is_array(), "{name}");
    }
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 4 * 3600);
    assert_eq!(claims["permissions"], Value::Null);
    let signature = URL_SAFE_NO_PAD.decode(gateway.token.split('.').nth(2).unwrap()).unwrap();
    assert_eq!(signature.len(), 64);

    let body = "username=demo&password=demo&token=true&permissions=true";
    let with_permissions = gateway.form("/auth", body).await.expect(201);
    assert!(part(with_permissions.text(), 1)["permissions"].is_array());
}

/// A public client pipes the payload to `base64 -d`, which refuses an unpadded text whose length is no multiple of 4.
#[tokio::test]
async fn a_payload_needs_no_padding_whatever_the_user_is_called() {
    for user in ["a", "bo", "eve", "demo_user"] {
        let gateway = gateway_of(user).await;
        for body in ["", "&permissions=true"] {
            let form = format!("username={user}&password=secret&token=true{body}");
            let token = gateway.form("/auth", &form).await.expect(201).text().to_owned();
            assert_eq!(token.split('.').nth(1).unwrap().len() % 4, 0, "{user}");
            assert_eq!(part(&token, 1)["sub"], user);
        }
    }
}

async fn gateway_of(user: &str) -> Gateway {
    use clap::Parser as _;
    let account = format!("{user}:secret");
    let options = latchkey_gateway::Options::try_parse_from(["gateway", "--account", &account]).unwrap();
    let app = latchkey_gateway::App::open(&options).unwrap();
    let router = latchkey_gateway::app_router(&app);
    Gateway { router, token: String::new() }
}

#[tokio::test]
async fn wrong_credentials_get_the_documented_body() {
    let gateway = gateway(&[]).await;
    for body in [
        "username=demo&password=wrong&token=true",
        "username=other&password=demo&token=true",
        "username=&password=",
    ] {
        let answer = gateway.form("/auth", body).await.expect(401);
        let text =
            "Authentication Failure: 1 errors, 0 successes:authenticationFailure.InvalidCredentialsException";
        assert_eq!(answer.json(), json!({"authentication_exceptions": [[text]]}));
    }
}

#[tokio::test]
async fn sign_in_takes_a_complete_form_alone() {
    let gateway = gateway(&[]).await;
    gateway.form("/auth", "username=demo&password=demo").await.expect(400);
    gateway.form("/auth", "username=demo&token=true").await.expect(400);
    gateway.form("/auth", "").await.expect(400);
    let json = json!({"username": "demo", "password": "demo", "token": true});
    gateway.call("POST", "/auth", json).await.expect(415);
    gateway.call("GET", "/auth", Value::Null).await.expect(405);
    let percent = "username=%64emo&password=dem%6F&token=true";
    gateway.form("/auth", percent).await.expect(201);
}

/// No documented or undocumented path answers without a valid token, and none changes anything.
#[tokio::test]
async fn every_call_needs_a_token() {
    let gateway = gateway(&["--keys", "1"]).await;
    let id = gateway.stored().await[0]["id"].clone();
    let calls = [
        ("GET", format!("{MANAGE}/{id}")),
        ("POST", MANAGE.to_owned()),
        ("POST", CREATE.to_owned()),
        ("PATCH", format!("{CREATE}/{id}")),
        ("PATCH", format!("{MANAGE}/{id}")),
        ("DELETE", format!("{MANAGE}/{id}")),
    ];
    let before = gateway.stored().await;
    let (signed, signature) = gateway.token.rsplit_once('.').unwrap();
    let (head, payload) = signed.split_once('.').unwrap();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let other = URL_SAFE_NO_PAD.encode(r#"{"sub":"demo","exp":99999999999,"sessionRound":0}"#);
    let wrong = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some("Basic ZGVtbzpkZW1v".to_owned()),
        Some(format!("Bearer {signed}.")),
        Some(format!("Bearer {none}.{payload}.")),
        Some(format!("Bearer {none}.{payload}.{signature}")),
        Some(format!("Bearer {head}.{other}.{signature}")),
        Some(format!("Bearer {}x", gateway.token)),
    ];
    for (method, path) in &calls {
        for value in &wrong {
            let mut request = Request::builder().method(*method).uri(path);
            if let Some(value) = value {
                request = request.header(header::AUTHORIZATION, value);
            }
            let answer = gateway.send(request.body(Body::empty()).unwrap()).await.expect(401);
            assert_eq!(answer.text(), NOT_AUTHENTICATED, "{method} {path} {value:?}");
        }
    }
    assert_eq!(before, gateway.stored().await);
}

#[tokio::test]
async fn tokens_of_an_ended_round_are_expired_and_new_ones_are_not() {
    let mut gateway = gateway(&[]).await;
    gateway.call("POST", "/_control/tokens/expire", Value::Null).await.expect(204);
    let answer = gateway.call("POST", MANAGE, json!({})).await.expect(401);
    assert_eq!(answer.text(), EXPIRED);
    gateway.switch(json!({"error-body": "legacy"})).await;
    assert_eq!(gateway.call("POST", MANAGE, json!({})).await.expect(401).text(), EXPIRED);
    gateway.token = gateway.sign_in().await;
    gateway.call("POST", MANAGE, json!({})).await.expect(200);
}

/// The clock of the machine decides, so this test waits for it: the second in which a one-second token ends.
#[tokio::test]
async fn a_token_ends_after_its_life() {
    let gateway = gateway(&["--token-lifetime", "1"]).await;
    let end = part(&gateway.token, 1)["exp"].as_i64().unwrap();
    let now = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        i64::try_from(since.unwrap().as_secs()).unwrap()
    };
    while now() < end {
        tokio::task::yield_now().await;
    }
    assert_eq!(gateway.call("POST", MANAGE, json!({})).await.expect(401).text(), EXPIRED);
}
