//! The Qlik API against its documents: the calls, their answers and headers, pages, statuses by the clock.

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use serde_json::{Value, json};

use crate::support::{Answer, Gateway, gateway};

pub(crate) const KEYS: &str = "/api/v1/api-keys";
pub(crate) const ADMIN: &str = "64ef645a3b7009d55dee5a2b";
pub(crate) const MEMBER: &str = "64ef645a3b7009d55dee5a2c";
pub(crate) const PROVIDER: &str = "65f0b1d4c3a2918070605041";
pub(crate) const DAY: i64 = 86_400;

/// The gateway as the tenant administrator sees it.
pub(crate) async fn tenant(arguments: &[&str]) -> Gateway {
    let mut res = gateway(arguments).await;
    res.token = "demo-qlik-admin".to_owned();
    res
}

impl Gateway {
    /// The same gateway with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { router: self.router.clone(), token: token.to_owned() }
    }

    /// The same gateway as the plain user sees it.
    pub(crate) fn member(&self) -> Self {
        self.with_token("demo-qlik-user")
    }

    pub(crate) async fn read(&self, path: &str) -> Value {
        self.call("GET", path, Value::Null).await.expect(200).json()
    }

    /// Creates a key and gives back the whole answer.
    pub(crate) async fn new_key(&self, body: Value) -> Value {
        self.call("POST", KEYS, body).await.expect(201).json()
    }

    pub(crate) async fn plant_qlik(&self, fields: Value) -> Value {
        self.call("POST", "/_control/qlik/keys", fields).await.expect(201).json()
    }

    pub(crate) async fn stored_qlik(&self) -> Vec<Value> {
        self.read("/_control/qlik/keys").await.as_array().unwrap().clone()
    }

    pub(crate) async fn config(&self, fields: Value) {
        self.call("PATCH", "/_control/qlik/config", fields).await.expect(200);
    }

    pub(crate) async fn pass(&self, seconds: i64) {
        let body = json!({"advanceSeconds": seconds});
        self.call("POST", "/_control/qlik/clock", body).await.expect(200);
    }

    pub(crate) async fn tenant_id(&self) -> String {
        self.read("/_control/qlik/tenant").await["tenantId"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn path_of(key: &Value) -> String {
    format!("{KEYS}/{}", key["id"].as_str().unwrap())
}

pub(crate) fn seconds(value: &Value) -> i64 {
    value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
}

/// Asserts the documented shape of an error body and gives back its only entry.
#[track_caller]
pub(crate) fn problem(answer: Answer, status: u16, code: &str) -> Value {
    let body = answer.expect(status).json();
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{body}");
    assert_eq!(errors[0]["code"], code, "{body}");
    assert!(errors[0]["title"].is_string());
    errors[0].clone()
}

#[tokio::test]
async fn create_answers_the_documented_fields_and_the_token_once() {
    let gateway = tenant(&[]).await;
    let answer =
        gateway.call("POST", KEYS, json!({"description": "CI", "expiry": "PT12H"})).await.expect(201);
    let key = answer.json();
    let mut names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let mut documented = [
        "id",
        "tenantId",
        "description",
        "status",
        "sub",
        "subType",
        "expiry",
        "createdByUser",
        "created",
        "lastUpdated",
        "token",
    ];
    documented.sort_unstable();
    assert_eq!(names, documented);
    assert_eq!(key["tenantId"].as_str().unwrap().len(), 32);
    assert_eq!((&key["status"], &key["subType"]), (&json!("active"), &json!("user")));
    assert_eq!((&key["sub"], &key["createdByUser"]), (&json!(ADMIN), &json!(ADMIN)));
    assert_eq!(seconds(&key["expiry"]) - seconds(&key["created"]), 12 * 3_600);
    let token = key["token"].as_str().unwrap();
    let parts: Vec<_> = token.split('.').collect();
    assert!(token.starts_with("eyJ") && parts.len() == 3);
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(&claims).unwrap(),
        json!({
            "aud": "qlik.api", "iss": "qlik.api/api-keys", "jti": key["id"], "sub": ADMIN,
            "subType": "user", "tenantId": key["tenantId"]
        })
    );
    let mut shown = key.clone();
    shown.as_object_mut().unwrap().remove("token");
    assert_eq!(gateway.read(&path_of(&key)).await, shown);
    assert_eq!(gateway.read(KEYS).await["data"], json!([shown]));
    // Neither the store nor the log nor the events know the token.
    for path in ["/_control/qlik/keys", "/_control/log", "/api/v1/audits"] {
        let text = gateway.call("GET", path, Value::Null).await.expect(200).text().to_owned();
        assert!(!text.contains(parts[2]) && !text.contains("demo-qlik"), "{path}");
    }
}

/// The values that the page of `qlik api-key create` prints.
#[tokio::test]
async fn create_takes_the_printed_values() {
    let gateway = tenant(&[]).await;
    gateway.config(json!({"max_api_key_expiry": "P30D"})).await;
    let body = json!({
        "description": "Text that describes the API key", "expiry": "P7D",
        "sub": "64ef645a3b7009d55dee5a2b", "subType": "user"
    });
    let key = gateway.new_key(body).await;
    assert_eq!((&key["sub"], &key["subType"]), (&json!(ADMIN), &json!("user")));
    assert_eq!(seconds(&key["expiry"]) - seconds(&key["created"]), 7 * DAY);
    // Left out: the caller, a user's key, the longest expiry; for SCIM that of SCIM.
    let key = gateway.member().new_key(json!({"description": "d"})).await;
    assert_eq!((&key["sub"], &key["subType"]), (&json!(MEMBER), &json!("user")));
    assert_eq!(seconds(&key["expiry"]) - seconds(&key["created"]), 30 * DAY);
    let sub = format!("SCIM\\\\{PROVIDER}");
    let scim = json!({"description": "d", "sub": sub, "subType": "externalClient"});
    let key = gateway.new_key(scim).await;
    assert_eq!(
        (&key["sub"], &key["subType"]),
        (&json!(format!("SCIM\\{PROVIDER}")), &json!("externalClient"))
    );
    assert_eq!(seconds(&key["expiry"]) - seconds(&key["created"]), 365 * DAY);
    let wrong =
        json!({"description": "d", "sub": format!("SCIM\\{{{{IDP-ID}}}}"), "subType": "externalClient"});
    problem(gateway.call("POST", KEYS, wrong).await, 400, "API-KEYS-1");
}

#[tokio::test]
async fn a_created_token_calls_until_its_key_is_expired_revoked_or_deleted() {
    let gateway = tenant(&[]).await;
    for end in ["expired", "revoked", "deleted", "round"] {
        let key = gateway.new_key(json!({"description": end, "expiry": "PT1H"})).await;
        let holder = gateway.with_token(key["token"].as_str().unwrap());
        assert_eq!(holder.read(&path_of(&key)).await["description"], end);
        match end {
            "expired" => {
                gateway.pass(3_599).await;
                holder.read(KEYS).await;
                gateway.pass(2).await;
                assert_eq!(gateway.read(&path_of(&key)).await["status"], "expired");
            }
            "revoked" => {
                let path = format!("/_control/qlik/keys/{}", key["id"].as_str().unwrap());
                gateway.call("PATCH", &path, json!({"revoked": true})).await.expect(200);
            }
            "deleted" => drop(holder.call("DELETE", &path_of(&key), Value::Null).await.expect(204)),
            _ => drop(gateway.call("POST", "/_control/tokens/expire", Value::Null).await.expect(204)),
        }
        problem(holder.call("GET", KEYS, Value::Null).await, 401, "LOGIN-2");
        gateway.read(KEYS).await;
    }
    let failed = gateway.read("/api/v1/audits?eventType=com.qlik.core.api-key.validation.failed").await;
    assert_eq!(failed["data"].as_array().unwrap().len(), 3, "a deleted key is no longer known");
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_refused() {
    let gateway = tenant(&[]).await;
    let key = gateway.new_key(json!({"description": "k"})).await;
    let token = key["token"].as_str().unwrap();
    let (start, signature) = token.rsplit_once('.').unwrap();
    let other: String = signature.chars().rev().collect();
    for token in ["", "x", "demo-qlik-admin2", &format!("{start}.{other}"), start, &format!("{start}.")] {
        problem(gateway.with_token(token).call("GET", KEYS, Value::Null).await, 401, "LOGIN-2");
    }
    let bare = Request::get(KEYS).body(Body::empty()).unwrap();
    problem(gateway.send(bare).await, 401, "LOGIN-2");
    let basic = Request::get(KEYS).header(header::AUTHORIZATION, "Basic ZGVtbzpkZW1v").body(Body::empty());
    problem(gateway.send(basic.unwrap()).await, 401, "LOGIN-2");
}

#[tokio::test]
async fn pages_lead_forwards_and_backwards_in_every_order() {
    let gateway = tenant(&["--keys", "90"]).await;
    for sort in ["created", "-created", "%2Bsub", "+status", "-description", "createdByUser", "-status"] {
        let all = gateway.read(&format!("{KEYS}?limit=100&sort={sort}")).await;
        let all: Vec<_> = all["data"].as_array().unwrap().iter().map(|key| key["id"].clone()).collect();
        assert_eq!(all.len(), 90);
        let mut path = format!("{KEYS}?limit=40&sort={sort}");
        let (mut seen, mut last) = (Vec::new(), Value::Null);
        for (number, size) in [40, 40, 10].into_iter().enumerate() {
            last = gateway.read(&path).await;
            let links = &last["links"];
            let keys = last["data"].as_array().unwrap();
            assert_eq!(keys.len(), size);
            assert_eq!((links.get("prev").is_some(), links.get("next").is_some()), (number > 0, number < 2));
            seen.extend(keys.iter().map(|key| key["id"].clone()));
            path = links["next"]["href"].as_str().unwrap_or_default().replace("http://127.0.0.1:8787", "");
        }
        assert_eq!(seen, all, "{sort}");
        let back = last["links"]["prev"]["href"].as_str().unwrap().replace("http://127.0.0.1:8787", "");
        let back = gateway.read(&back).await;
        let ids: Vec<_> = back["data"].as_array().unwrap().iter().map(|key| key["id"].clone()).collect();
        assert_eq!(ids, all[40..80], "{sort}");
    }
    assert_eq!(gateway.read(KEYS).await["data"].as_array().unwrap().len(), 20);
    let newest = gateway.read(&format!("{KEYS}?limit=2")).await;
    assert!(seconds(&newest["data"][0]["created"]) >= seconds(&newest["data"][1]["created"]));
}

#[tokio::test]
async fn filters_choose_by_status_subject_and_creator() {
    let gateway = tenant(&[]).await;
    let now = gateway.read("/_control/qlik/clock").await["now"].clone();
    gateway
        .plant_qlik(json!([
            {"description": "active"},
            {"description": "over", "expiry": now},
            {"description": "revoked and over", "revoked": true, "expiry": now},
            {"description": "scim", "sub": format!("SCIM\\{PROVIDER}"), "subType": "externalClient"},
            {"description": "member", "sub": MEMBER, "createdByUser": MEMBER},
        ]))
        .await;
    for (query, found) in [
        ("status=active", 3),
        ("status=expired", 1),
        ("status=revoked", 1),
        (&format!("sub={MEMBER}"), 1),
        (&format!("sub=SCIM%5C{PROVIDER}"), 1),
        (&format!("sub=SCIM%5C%5C{PROVIDER}"), 1),
        (&format!("createdByUser={ADMIN}"), 4),
        (&format!("createdByUser={ADMIN}&status=active"), 2),
        ("sub=nobody", 0),
        ("nonsense=1", 5),
    ] {
        let page = gateway.read(&format!("{KEYS}?{query}")).await;
        assert_eq!(page["data"].as_array().unwrap().len(), found, "{query}");
        assert_eq!(page["links"].as_object().unwrap().len(), 1, "{query}");
    }
}

#[tokio::test]
async fn links_stay_on_the_origin_and_the_prefix_of_the_call() {
    let gateway = tenant(&["--keys", "30", "--prefix", "/qlik/eu"]).await;
    let request = |path: &str, host: &str, proto: &str| {
        Request::get(path)
            .header(header::AUTHORIZATION, "Bearer demo-qlik-admin")
            .header(header::HOST, host)
            .header("x-forwarded-proto", proto)
            .body(Body::empty())
            .unwrap()
    };
    for (host, proto, origin) in [
        ("localhost:9", "", "http://localhost:9"),
        ("keys.example", "https", "https://keys.example"),
        ("a b", "", "http://127.0.0.1:8787"),
    ] {
        let path = format!("/qlik/eu{KEYS}?limit=10&sort=%2Bdescription&status=active");
        let links = gateway.send(request(&path, host, proto)).await.expect(200).json()["links"].clone();
        assert_eq!(links["self"]["href"], format!("{origin}{path}"));
        let next = links["next"]["href"].as_str().unwrap();
        assert!(next.starts_with(&format!("{origin}{path}&startingAfter=")), "{next}");
    }
    let me = gateway.send(request("/qlik/eu/api/v1/users/me", "h", "")).await.expect(301);
    let location = me.header("location").unwrap();
    assert_eq!(location, format!("/qlik/eu/api/v1/users/{ADMIN}"));
    assert_eq!(gateway.read(location).await["id"], ADMIN);
}

#[tokio::test]
async fn the_configuration_has_the_documented_defaults_and_changes_by_patch() {
    let gateway = tenant(&[]).await;
    let path = format!("{KEYS}/configs/{}", gateway.tenant_id().await);
    assert_eq!(
        gateway.read(&path).await,
        json!({"max_keys_per_user": 5, "max_api_key_expiry": "PT24H", "scim_externalClient_expiry": "P365D"})
    );
    let change = json!([
        {"op": "replace", "path": "/max_keys_per_user", "value": 1000},
        {"op": "replace", "path": "/max_api_key_expiry", "value": "P2Y"},
        {"op": "replace", "path": "/scim_externalClient_expiry", "value": "P10D"},
    ]);
    let answer = gateway.call("PATCH", &path, change).await.expect(204);
    assert!(answer.bytes.is_empty());
    assert_eq!(
        gateway.member().read(&path).await,
        json!({"max_keys_per_user": 1000, "max_api_key_expiry": "P2Y", "scim_externalClient_expiry": "P10D"})
    );
    let events = gateway.read("/api/v1/audits").await;
    assert_eq!(events["data"][0]["eventType"], "com.qlik.core.api-keys-config.updated");
    problem(gateway.member().call("PATCH", &path, json!([])).await, 403, "API-KEYS-3");
    let other = format!("{KEYS}/configs/other");
    problem(gateway.call("GET", &other, Value::Null).await, 404, "API-KEYS-4");
    problem(gateway.call("PATCH", &other, json!([])).await, 404, "API-KEYS-4");
}

#[tokio::test]
async fn patch_renames_and_nothing_else() {
    let gateway = tenant(&[]).await;
    let key = gateway.new_key(json!({"description": "old"})).await;
    gateway.pass(60).await;
    let change = json!([{"op": "replace", "path": "/description", "value": "new"}]);
    assert!(gateway.call("PATCH", &path_of(&key), change).await.expect(204).bytes.is_empty());
    let renamed = gateway.read(&path_of(&key)).await;
    assert_eq!(renamed["description"], "new");
    assert_eq!((&renamed["expiry"], &renamed["created"]), (&key["expiry"], &key["created"]));
    assert!(seconds(&renamed["lastUpdated"]) >= seconds(&key["created"]) + 60);
}

#[tokio::test]
async fn the_neighbours_answer() {
    let gateway = tenant(&["--keys", "60"]).await;
    let tenant = gateway.call("GET", "/api/v1/tenants/me", Value::Null).await.expect(302);
    let tenant = gateway.read(tenant.header("location").unwrap()).await;
    assert_eq!(tenant["id"], gateway.tenant_id().await);
    for field in ["name", "hostnames", "region", "status"] {
        assert!(!tenant[field].is_null(), "{field}");
    }
    let me = gateway.read(&format!("/api/v1/users/{ADMIN}")).await;
    assert_eq!(me["tenantId"], tenant["id"]);
    assert_eq!(me["assignedRoles"][0]["name"], "TenantAdmin");
    let csrf = gateway.call("GET", "/api/v1/csrf-token", Value::Null).await.expect(204);
    assert!(csrf.header("qlik-csrf-token").is_some_and(|token| token.len() == 32));
    let probe = Request::get("/resources/autogenerated/product-info.json").body(Body::empty()).unwrap();
    let probe = gateway.send(probe).await.expect(200).json();
    assert_eq!(probe, json!({"composition": {"deploymentType": ""}}));
    let providers = gateway.read("/api/v1/identity-providers?active=false").await;
    assert_eq!(providers["data"].as_array().unwrap().len(), 1);
    for path in ["/api/v1/identity-providers", "/api/v1/audits"] {
        problem(gateway.member().call("GET", path, Value::Null).await, 403, "API-KEYS-3");
    }
    for path in ["/api/v1/users/x", "/api/v1/tenants/x", "/api/v1/identity-providers/x", "/api/v1/audits/x"] {
        problem(gateway.call("GET", path, Value::Null).await, 404, "API-KEYS-4");
    }
}

#[tokio::test]
async fn users_are_filtered_counted_and_paged() {
    let gateway = tenant(&["--keys", "60"]).await;
    let name = |text: &str| {
        format!("/api/v1/users?totalResults=true&filter={}", text.replace(' ', "%20").replace('"', "%22"))
    };
    let all = gateway.read("/api/v1/users?totalResults=true").await["totalResults"].as_u64().unwrap();
    assert!(all > 5);
    assert!(gateway.read("/api/v1/users").await.get("totalResults").is_none());
    for (filter, found) in [
        (&*format!("id eq \"{ADMIN}\""), 1),
        (&format!("ID EQ \"{ADMIN}\" or id eq \"{MEMBER}\""), 2),
        (&format!("(id eq \"{ADMIN}\" or id eq \"{MEMBER}\") and status eq \"active\""), 2),
        ("name co \"MAYA\" and email co \"okafor\"", 1),
        ("name co \"łUK\"", 1),
        ("assignedRoles.name eq \"tenantadmin\"", 1),
        ("not (assignedRoles.name eq \"TenantAdmin\")", all - 1),
        ("name eq \"nobody\"", 0),
    ] {
        assert_eq!(gateway.read(&name(filter)).await["totalResults"], found, "{filter}");
    }
    for filter in [
        "id",
        "id eq",
        "id eq x",
        "id co \"x\"",
        "(id eq \"x\"",
        "id eq \"x\" id",
        "not id eq \"x\"",
        "x eq \"1\"",
        "id eq \"x",
    ] {
        let problem = problem(gateway.call("GET", &name(filter), Value::Null).await, 400, "API-KEYS-1");
        assert_eq!(problem["source"], json!({"parameter": "filter"}), "{filter}");
    }
    let deep = format!("{}id eq \"x\"{}", "(".repeat(100), ")".repeat(100));
    problem(gateway.call("GET", &name(&deep), Value::Null).await, 400, "API-KEYS-1");
    let first = gateway.read("/api/v1/users?limit=4&sort=-name").await;
    let strip = |link: &Value| link["href"].as_str().unwrap().replace("http://127.0.0.1:8787", "");
    let second = gateway.read(&strip(&first["links"]["next"])).await;
    assert_ne!(first["data"], second["data"]);
    assert_eq!(gateway.read(&strip(&second["links"]["prev"])).await["data"], first["data"]);
    let slim = gateway.read("/api/v1/users?fields=id,name&limit=1").await;
    assert_eq!(slim["data"][0].as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn events_tell_what_happened_and_are_kept_90_days() {
    let gateway = tenant(&[]).await;
    let key = gateway.new_key(json!({"description": "first"})).await;
    let change = json!([{"op": "replace", "path": "/description", "value": "second"}]);
    gateway.call("PATCH", &path_of(&key), change).await.expect(204);
    gateway.call("DELETE", &path_of(&key), Value::Null).await.expect(204);
    let types = |page: &Value| -> Vec<String> {
        let events = page["data"].as_array().unwrap().iter();
        events
            .map(|event| event["eventType"].as_str().unwrap().rsplit('.').next().unwrap().to_owned())
            .collect()
    };
    let page = gateway.read("/api/v1/audits?limit=2").await;
    assert_eq!(types(&page), ["deleted", "updated"]);
    let next = page["links"]["next"]["href"].as_str().unwrap().replace("http://127.0.0.1:8787", "");
    let rest = gateway.read(&next).await;
    assert_eq!(types(&rest), ["created"]);
    let event = &rest["data"][0];
    assert_eq!(
        event["data"],
        json!({"id": key["id"], "sub": ADMIN, "subType": "user", "description": "first", "expiry": key["expiry"]})
    );
    assert_eq!((&event["userId"], &event["tenantId"]), (&json!(ADMIN), &key["tenantId"]));
    let one = gateway.read(&format!("/api/v1/audits/{}", event["id"].as_str().unwrap())).await;
    assert_eq!(one, *event);
    let time = event["eventTime"].as_str().unwrap();
    for (query, found) in [
        ("source=com.qlik/api-keys", 3),
        ("source=other", 0),
        ("eventType=com.qlik.core.api-key.updated", 1),
        (&format!("userId={ADMIN}"), 3),
        ("userId=nobody", 0),
        (&format!("eventTime={time}/2999-01-01T00:00:00Z"), 3),
        ("eventTime=2000-01-01T00:00:00Z/2001-01-01T00:00:00Z", 0),
        (&format!("id={},x", event["id"].as_str().unwrap()), 1),
    ] {
        assert_eq!(types(&gateway.read(&format!("/api/v1/audits?{query}")).await).len(), found, "{query}");
    }
    gateway.pass(90 * DAY + 60).await;
    assert_eq!(types(&gateway.read("/api/v1/audits").await).len(), 0);
    problem(gateway.call("GET", "/api/v1/audits?eventTime=x", Value::Null).await, 400, "API-KEYS-1");
}

#[tokio::test]
async fn answers_carry_the_headers_seen() {
    let gateway = tenant(&[]).await;
    let answer = gateway.call("GET", KEYS, Value::Null).await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-b3-traceid").unwrap().len(), 32);
    assert_eq!(answer.header("ratelimit-limit"), Some("5000"));
    assert_eq!(answer.header("ratelimit-remaining"), Some("4999"));
    assert!(answer.header("ratelimit-reset").is_some());
    let refused = gateway.call("GET", &format!("{KEYS}/x"), Value::Null).await.expect(404);
    assert_eq!(refused.json()["traceId"], refused.header("x-b3-traceid").unwrap());
    assert_eq!(refused.json()["errors"][0]["status"], 404);
    // What the gateway refuses by itself has the same shape, under a prefix, too.
    problem(gateway.call("PUT", KEYS, Value::Null).await, 405, "HTTP-405");
    problem(gateway.call("GET", "/api/v1/nothing", Value::Null).await, 404, "HTTP-404");
    problem(gateway.call_raw("POST", KEYS, " ".repeat(1 << 21)).await, 413, "HTTP-413");
}
