//! What the Solifyn API refuses and with which body, and what survives a restart.

use serde_json::{Value, json};

use crate::solifyn::{KEY, LICENSES, READ_KEY, sample, solifyn};
use crate::support::{Folder, Gateway, Program};

const ID: &str = "/v1/licenses/lic_hyQQhhNzfEuvv";

async fn everything(gateway: &Gateway) -> Vec<Value> {
    let mut res = Vec::new();
    for kind in ["licenses", "instances", "products", "customers"] {
        res.push(
            gateway.call("GET", &format!("/_control/solifyn/{kind}"), Value::Null).await.expect(200).json(),
        );
    }
    res
}

/// A refusal has the NestJS body, says why, and changes nothing.
async fn refused(gateway: &Gateway, method: &str, path: &str, body: Value, status: u16, reason: &str) {
    let before = everything(gateway).await;
    let answer = gateway.call(method, path, body.clone()).await;
    assert_eq!(answer.status.as_u16(), status, "{method} {path} {body}: {}", answer.text());
    let fields = answer.json();
    assert_eq!(fields["statusCode"], json!(status));
    assert_eq!(fields["error"], json!(answer.status.canonical_reason().unwrap()));
    assert_eq!(fields.as_object().unwrap().len(), 3);
    assert!(fields["message"].to_string().contains(reason), "{method} {path} {body}: {fields}");
    assert!(everything(gateway).await == before, "{method} {path} {body} changed the store");
}

#[tokio::test]
async fn wrong_fields_are_400_with_every_problem_in_an_array() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let answer = gateway
        .call("POST", LICENSES, json!({"productId": 5, "activationLimit": 0, "expiryHours": "x"}))
        .await;
    assert_eq!(
        answer.expect(400).json(),
        json!({"statusCode": 400, "error": "Bad Request", "message": [
            "productId must be a string", "customerId should not be empty",
            "activationLimit must not be less than 1", "expiryHours must be an integer number",
        ]})
    );
    let create = |more: Value| {
        let mut body = json!({"productId": "prod_hyQQhhNzfEuvv", "customerId": "cust_3r2FgHXp9"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let verify = format!("{LICENSES}/verify");
    let activate = format!("{LICENSES}/activate");
    let long = "x".repeat(256);
    for (method, path, body, reason) in [
        ("POST", LICENSES, create(json!({"key": " "})), "key should not be empty"),
        ("POST", LICENSES, create(json!({"key": long})), "key must be shorter"),
        (
            "POST",
            LICENSES,
            create(json!({"activationLimit": 1.5})),
            "activationLimit must be an integer number",
        ),
        ("POST", LICENSES, create(json!({"expiryHours": -1})), "expiryHours must not be less than 1"),
        ("POST", LICENSES, create(json!({"expiryHours": 1e9})), "9999"),
        ("POST", LICENSES, create(json!({"expiryHours": 1e10})), "expiryHours must not be greater"),
        ("POST", LICENSES, json!([]), "not a JSON object"),
        (
            "PATCH",
            ID,
            json!({"status": "REVOKED"}),
            "status must be one of the following values: ACTIVE, DISABLED",
        ),
        ("PATCH", ID, json!({"status": "EXPIRED"}), "status must be one of"),
        ("PATCH", ID, json!({"expiresAt": "2027-01-01"}), "expiresAt must be a valid ISO 8601"),
        ("PATCH", ID, json!({"expiresAt": 5}), "expiresAt must be a valid ISO 8601"),
        ("PATCH", ID, json!({"activationLimit": true}), "activationLimit must be an integer"),
        ("POST", &verify, json!({"key": "x"}), "productId should not be empty"),
        ("POST", &activate, json!({"key": "x", "name": 1}), "name must be a string"),
        ("POST", "/v1/customers", json!({"email": "nobody", "name": "x"}), "email must be an email"),
        ("POST", "/v1/customers", json!({"email": "a@b.example"}), "name should not be empty"),
        (
            "POST",
            "/v1/customers",
            json!({"email": "a@b.example", "name": "x".repeat(101)}),
            "name must be shorter",
        ),
        (
            "POST",
            "/v1/customers",
            json!({"email": "a@b.example", "name": "x", "phone": "1".repeat(31)}),
            "phone must be",
        ),
        (
            "POST",
            "/v1/customers",
            json!({"email": "a@b.example", "name": "x", "metadata": []}),
            "metadata must be an object",
        ),
        ("PATCH", "/v1/customers/cust_3r2FgHXp9", json!({"username": "x".repeat(101)}), "username must be"),
        (
            "POST",
            "/v1/products",
            json!({"name": "x", "price": "1", "currency": "USD"}),
            "taxCategory should not be empty",
        ),
        ("POST", "/v1/products", json!({"taxCategory": "food"}), "taxCategory must be one of"),
        (
            "PATCH",
            "/v1/products/prod_hyQQhhNzfEuvv",
            json!({"hasLicenseKey": "yes"}),
            "hasLicenseKey must be a boolean",
        ),
        ("POST", "/v1/developer/api-keys", json!({"allowWrite": "no"}), "allowWrite must be a boolean"),
    ] {
        refused(&gateway, method, path, body, 400, reason).await;
    }
    // No JSON at all is told in one string.
    let answer = gateway.call_raw("POST", LICENSES, "{\"key\": \"A184\"").await.expect(400).json();
    assert!(answer["message"].as_str().unwrap().starts_with("Unexpected token"), "{answer}");
    let deep = format!("{{\"metadata\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    gateway.call_raw("PATCH", "/v1/customers/cust_3r2FgHXp9", deep).await.expect(400);
    let large = format!("{{\"key\":\"{}\"}}", "x".repeat(1 << 20));
    let answer = gateway.call_raw("POST", LICENSES, large).await.expect(413).json();
    assert_eq!(answer["statusCode"], 413);
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    gateway
        .put("licenses", json!({"id": "lic_other", "businessId": "biz_other", "key": "OTHER", "devices": 1}))
        .await;
    gateway.put("products", json!({"id": "prod_other", "businessId": "biz_other"})).await;
    gateway.put("customers", json!({"id": "cust_other", "businessId": "biz_other"})).await;
    for id in ["lic_x", "lic_other"] {
        let path = format!("{LICENSES}/{id}");
        for (method, path, body) in [
            ("GET", path.clone(), Value::Null),
            ("PATCH", path.clone(), json!({"status": "ACTIVE"})),
            ("POST", format!("{path}/toggle"), Value::Null),
            ("GET", format!("{path}/instances"), Value::Null),
            ("GET", format!("{LICENSES}/instances/{id}"), Value::Null),
            ("GET", format!("{path}/instances/device-1"), Value::Null),
            ("PATCH", format!("{path}/instances/device-1"), json!({})),
        ] {
            refused(&gateway, method, &path, body, 404, "License not found").await;
        }
    }
    let other = gateway.call("GET", "/_control/solifyn/instances", Value::Null).await.json();
    let other = other.as_array().unwrap().iter().find(|device| device["licenseId"] == "lic_other").unwrap();
    let other = format!("{LICENSES}/instances/{}", other["id"].as_str().unwrap());
    let create = |product: &str, customer: &str| json!({"productId": product, "customerId": customer});
    for (method, path, body, reason) in [
        ("DELETE", other, Value::Null, "Instance not found"),
        ("GET", format!("{ID}/instances/x"), Value::Null, "Instance not found"),
        ("POST", format!("{LICENSES}/deactivate/x"), json!({"key": "A184-99C2-8CBE"}), "Instance not found"),
        ("POST", format!("{LICENSES}/deactivate/device-1"), json!({"key": "OTHER"}), "License not found"),
        (
            "POST",
            format!("{LICENSES}/activate"),
            json!({"key": "x", "deviceIdentifier": "d"}),
            "License not found",
        ),
        ("POST", LICENSES.to_owned(), create("prod_x", "cust_3r2FgHXp9"), "Product not found"),
        ("POST", LICENSES.to_owned(), create("prod_other", "cust_3r2FgHXp9"), "Product not found"),
        ("POST", LICENSES.to_owned(), create("prod_hyQQhhNzfEuvv", "cust_x"), "Customer not found"),
        ("POST", LICENSES.to_owned(), create("prod_hyQQhhNzfEuvv", "cust_other"), "Customer not found"),
        ("GET", "/v1/products/prod_other".to_owned(), Value::Null, "Product not found"),
        ("DELETE", "/v1/products/prod_x".to_owned(), Value::Null, "Product not found"),
        ("GET", "/v1/customers/cust_other".to_owned(), Value::Null, "Customer not found"),
        ("POST", "/v1/customers/cust_x/share".to_owned(), Value::Null, "Customer not found"),
        ("GET", "/v1/unknown".to_owned(), Value::Null, "nothing at this path"),
    ] {
        refused(&gateway, method, &path, body, 404, reason).await;
    }
    refused(&gateway, "DELETE", ID, Value::Null, 405, "method").await;
    let list = gateway.call("GET", LICENSES, Value::Null).await.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(gateway.call("GET", "/v1/customers", Value::Null).await.json()["total_count"], 1);
    assert_eq!(gateway.call("GET", "/v1/products", Value::Null).await.json()["pagination"]["total_count"], 1);
}

#[tokio::test]
async fn only_a_good_key_gets_in() {
    let gateway = solifyn(&["--solifyn-key", "fyn_key_mine"]).await;
    gateway.put("api-keys", json!({"apiKey": "fyn_key_revoked", "status": "REVOKED"})).await;
    gateway.put("api-keys", json!({"apiKey": "fyn_key_over", "expiresAt": "2020-01-01T00:00:00.000Z"})).await;
    for key in ["", KEY, "fyn_key_revoked", "fyn_key_over"] {
        for path in [LICENSES, "/v1/products", "/v1/customers", "/v1/developer/api-keys", ID] {
            let answer = gateway.call_as(key, "GET", path, Value::Null).await.expect(401).json();
            assert_eq!(
                answer,
                json!({"statusCode": 401, "message": "Unauthorized", "error": "Unauthorized"})
            );
        }
        let verify = format!("{LICENSES}/verify");
        gateway.call_as(key, "POST", &verify, json!({"key": "x", "productId": "y"})).await.expect(401);
    }
    gateway.call_as("fyn_key_mine", "GET", LICENSES, Value::Null).await.expect(200);
}

/// Made keys end with the tokens of the other systems; those of the start options are the account.
#[tokio::test]
async fn made_keys_expire_with_the_tokens() {
    let gateway = solifyn(&[]).await;
    gateway.put("api-keys", json!({"apiKey": "fyn_key_made"})).await;
    gateway.call_as("fyn_key_made", "GET", LICENSES, Value::Null).await.expect(200);
    gateway.call("POST", "/_control/tokens/expire", Value::Null).await.expect(204);
    gateway.call_as("fyn_key_made", "GET", LICENSES, Value::Null).await.expect(401);
    gateway.call_as(KEY, "GET", LICENSES, Value::Null).await.expect(200);
    // The account itself can be shut out by hand.
    let list = gateway.call("GET", "/_control/solifyn/api-keys", Value::Null).await.json();
    assert_eq!(list[0]["name"], "Administration");
    let path = format!("/_control/solifyn/api-keys/{}", list[0]["id"].as_str().unwrap());
    gateway.call("PATCH", &path, json!({"status": "REVOKED"})).await.expect(200);
    gateway.call_as(KEY, "GET", LICENSES, Value::Null).await.expect(401);
    gateway.call("PATCH", &path, json!({"status": "ACTIVE"})).await.expect(200);
    gateway.call_as(KEY, "GET", LICENSES, Value::Null).await.expect(200);
}

#[tokio::test]
async fn a_read_only_key_reads_and_verifies_alone() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let before = everything(&gateway).await;
    for path in [LICENSES, ID, "/v1/products", "/v1/customers", "/v1/developer/api-keys"] {
        gateway.call_as(READ_KEY, "GET", path, Value::Null).await.expect(200);
    }
    let verify = json!({"key": "A184-99C2-8CBE", "productId": "prod_hyQQhhNzfEuvv"});
    gateway.call_as(READ_KEY, "POST", &format!("{LICENSES}/verify"), verify).await.expect(200);
    let device = "7f3a1b2c-4d5e-6f7a-8b9c-0d1e2f3a4b5c";
    for (method, path) in [
        ("POST", LICENSES.to_owned()),
        ("PATCH", ID.to_owned()),
        ("POST", format!("{ID}/toggle")),
        ("PATCH", format!("{ID}/instances/{device}")),
        ("POST", format!("{ID}/instances/{device}")),
        ("DELETE", format!("{LICENSES}/instances/{device}")),
        ("POST", format!("{LICENSES}/activate")),
        ("POST", format!("{LICENSES}/deactivate/{device}")),
        ("POST", "/v1/products".to_owned()),
        ("PATCH", "/v1/products/prod_hyQQhhNzfEuvv".to_owned()),
        ("DELETE", "/v1/products/prod_hyQQhhNzfEuvv".to_owned()),
        ("POST", "/v1/products/prod_hyQQhhNzfEuvv/unarchive".to_owned()),
        ("POST", "/v1/customers".to_owned()),
        ("PATCH", "/v1/customers/cust_3r2FgHXp9".to_owned()),
        ("POST", "/v1/customers/cust_3r2FgHXp9/share".to_owned()),
        ("POST", "/v1/developer/api-keys".to_owned()),
        ("DELETE", "/v1/developer/api-keys/key_startOption".to_owned()),
    ] {
        let answer = gateway.call_as(READ_KEY, method, &path, json!({})).await.expect(403).json();
        assert_eq!(
            (&answer["statusCode"], &answer["error"]),
            (&json!(403), &json!("Forbidden")),
            "{method} {path}"
        );
    }
    assert!(everything(&gateway).await == before);
    let made =
        gateway.call("POST", "/v1/developer/api-keys", json!({"name": "r", "allowWrite": false})).await;
    let made = made.expect(201).json();
    gateway.call_as(made["apiKey"].as_str().unwrap(), "POST", LICENSES, json!({})).await.expect(403);
}

#[tokio::test]
async fn conflicts_are_409() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let create =
        json!({"productId": "prod_hyQQhhNzfEuvv", "customerId": "cust_3r2FgHXp9", "key": "A184-99C2-8CBE"});
    refused(&gateway, "POST", LICENSES, create, 409, "already exists").await;
    gateway.call("PATCH", ID, json!({"activationLimit": 1})).await.expect(200);
    let activate = json!({"key": "A184-99C2-8CBE", "deviceIdentifier": "two"});
    refused(&gateway, "POST", &format!("{LICENSES}/activate"), activate, 409, "limit reached").await;
    gateway.put("licenses", json!({"id": "lic_r", "status": "REVOKED"})).await;
    refused(&gateway, "POST", &format!("{LICENSES}/lic_r/toggle"), Value::Null, 409, "revoked").await;
    refused(&gateway, "PATCH", &format!("{LICENSES}/lic_r"), json!({"status": "ACTIVE"}), 409, "revoked")
        .await;
}

#[tokio::test]
async fn a_license_that_is_not_good_activates_nothing() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    for (fields, reason) in [
        (json!({"status": "DISABLED"}), "disabled"),
        (json!({"status": "REVOKED"}), "revoked"),
        (json!({"status": "ACTIVE", "expiresAt": "2020-01-01T00:00:00.000Z"}), "expired"),
    ] {
        gateway.call("PATCH", "/_control/solifyn/licenses/lic_hyQQhhNzfEuvv", fields).await.expect(200);
        let body = json!({"key": "A184-99C2-8CBE", "deviceIdentifier": "new"});
        refused(&gateway, "POST", &format!("{LICENSES}/activate"), body, 403, reason).await;
        let body = json!({"key": "A184-99C2-8CBE", "productId": "prod_hyQQhhNzfEuvv"});
        let answer = gateway.call("POST", &format!("{LICENSES}/verify"), body).await.expect(200).json();
        assert_eq!((&answer["success"], &answer["valid"]), (&json!(true), &json!(false)));
        assert_eq!(answer["license"]["id"], "lic_hyQQhhNzfEuvv");
    }
    for (key, product) in [("x", "prod_hyQQhhNzfEuvv"), ("A184-99C2-8CBE", "prod_x")] {
        let body = json!({"key": key, "productId": product});
        refused(&gateway, "POST", &format!("{LICENSES}/verify"), body, 404, "License not found").await;
    }
}

/// Fixtures: what no call of the API makes.
#[tokio::test]
async fn control_makes_what_no_call_can() {
    let gateway = solifyn(&[]).await;
    let fixtures = json!([
        {"id": "lic_revoked", "status": "REVOKED"},
        {"id": "lic_archived", "archived": true},
        {"id": "lic_expired", "expiresAt": "2020-01-01T00:00:00.000Z", "createdAt": "2019-12-31T00:00:00.000Z"},
        {"id": "lic_paid", "paymentId": "pay_1"},
        {"id": "lic_full", "activationLimit": 2, "devices": 2, "activations": 5},
        {"id": "lic_whole", "nonNull": true, "key": "WHOLE"},
        {"id": "lic_null"},
    ]);
    assert_eq!(gateway.put("licenses", fixtures).await.as_array().unwrap().len(), 7);
    let nulls = async |id: &str| {
        let license = gateway.license(id).await;
        license.as_object().unwrap().values().filter(|value| value.is_null()).count()
    };
    assert_eq!((nulls("lic_whole").await, nulls("lic_null").await, nulls("lic_paid").await), (0, 8, 7));
    assert_eq!(gateway.license("lic_whole").await["filters"], json!({}));
    assert_eq!(gateway.license("lic_revoked").await["status"], "REVOKED");
    assert_eq!(gateway.license("lic_archived").await["archived"], true);
    assert_eq!(gateway.license("lic_full").await["instancesCount"], 2);
    for (kind, body) in [
        ("licenses", json!({"stauts": "ACTIVE"})),
        ("licenses", json!({"status": "EXPIRED"})),
        ("licenses", json!({"id": "lic_null"})),
        ("licenses", json!({"key": "WHOLE"})),
        ("licenses", json!([{"id": "lic_new"}, {"id": "lic_null"}])),
        ("licenses", json!({"devices": -1})),
        ("licenses", json!({"devices": [{"instanceId": "a"}, {"instanceId": "a"}]})),
        ("instances", json!({"licenseId": "lic_x"})),
        ("products", json!({"nam": "x"})),
        ("customers", json!({"email": 5})),
        ("api-keys", json!({"hash": "x"})),
        ("licenses", json!(5)),
    ] {
        gateway.call("POST", &format!("/_control/solifyn/{kind}"), body).await.expect(400);
    }
    gateway.call("GET", "/_control/solifyn/keys", Value::Null).await.expect(404);
    gateway.call("PATCH", "/_control/solifyn/licenses/lic_x", json!({})).await.expect(404);
    let list = gateway.call("GET", LICENSES, Value::Null).await.json();
    assert_eq!(list.as_array().unwrap().len(), 7);
    let removed = gateway.call("DELETE", "/_control/solifyn/licenses/lic_full", Value::Null).await;
    removed.expect(204);
    assert_eq!(gateway.call("GET", "/_control/solifyn/instances", Value::Null).await.json(), json!([]));
    gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
    assert_eq!(gateway.call("GET", LICENSES, Value::Null).await.json(), json!([]));
}

#[tokio::test]
async fn demo_licenses_are_the_same_every_time_and_of_every_sort() {
    let stored = async |seed: &str| everything(&solifyn(&["--keys", "60", "--seed", seed]).await).await;
    assert_eq!(stored("3").await, stored("3").await);
    assert_ne!(stored("3").await, stored("4").await);
    let gateway = solifyn(&["--keys", "745"]).await;
    let list = gateway.call("GET", LICENSES, Value::Null).await.expect(200).json();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 745);
    let now = jiff::Timestamp::now();
    let end =
        |license: &Value| license["expiresAt"].as_str().map(|end| end.parse::<jiff::Timestamp>().unwrap());
    let count = |wanted: &dyn Fn(&Value) -> bool| list.iter().filter(|license| wanted(license)).count();
    for status in ["ACTIVE", "DISABLED", "REVOKED"] {
        assert!(count(&|license| license["status"] == status) > 20, "{status}");
    }
    assert!(count(&|license| license["archived"] == true) > 10, "archived");
    assert!(count(&|license| end(license).is_none()) > 50, "without an end");
    assert!(count(&|license| end(license).is_some_and(|end| end <= now)) > 50, "expired");
    let is_soon = |license: &Value| {
        end(license).is_some_and(|end| end > now && end.duration_since(now).as_hours() < 720)
    };
    assert!(count(&is_soon) > 30, "soon");
    assert!(count(&|license| license["activationLimit"].is_null()) > 20, "unlimited");
    assert!(count(&|license| license["instancesCount"] == license["activationLimit"]) > 30, "full");
    assert!(count(&|license| license["instancesCount"] == 0) > 50, "unused");
    assert!(count(&|license| license["paymentId"].is_null()) > 50, "by hand");
    let over = |license: &Value| {
        license["activationLimit"]
            .as_i64()
            .is_some_and(|limit| license["instancesCount"].as_i64().unwrap() > limit)
    };
    assert_eq!(count(&over), 0);
    let products = gateway.call("GET", "/v1/products?limit=100", Value::Null).await.json();
    let products = products["items"].as_array().unwrap();
    assert!(
        products.iter().any(|it| it["hasLicenseKey"] == false)
            && products.iter().any(|it| it["status"] == "ARCHIVED")
    );
}

#[tokio::test]
async fn a_prefix_serves_it_too_and_the_other_system_is_as_it_was() {
    let gateway = solifyn(&["--prefix", "/solifyn/eu1"]).await;
    gateway.put("licenses", sample()).await;
    gateway.call("GET", &format!("/solifyn/eu1{ID}"), Value::Null).await.expect(200);
    let answer = gateway.call("GET", "/solifyn/eu1/v1/licenses/x", Value::Null).await.expect(404).json();
    assert_eq!(answer["statusCode"], 404);
    let answer =
        gateway.call("GET", "/caui/v1/activation-keys/manage/1", Value::Null).await.expect(401).json();
    assert_eq!(answer["status"], 401);
}

#[test]
fn a_restart_keeps_licenses_and_keys_and_takes_the_address_of_a_device() {
    let folder = Folder::new("solifyn-restart");
    let store = folder.0.join("store.db");
    let arguments = ["--store", store.to_str().unwrap(), "--keys", "5", "--control"];
    let program = Program::start(&arguments);
    let sample = sample().to_string();
    assert_eq!(program.call("POST", "/_control/solifyn/licenses", "", &sample).unwrap().0, 201);
    let (_, made) = program.call("POST", "/v1/developer/api-keys", KEY, "{\"name\":\"kept\"}").unwrap();
    let made: Value = serde_json::from_str(&made).unwrap();
    let body = r#"{"key":"A184-99C2-8CBE","deviceIdentifier":"kept"}"#;
    let (status, device) = program.call("POST", "/v1/licenses/activate", KEY, body).unwrap();
    assert_eq!(status, 200, "{device}");
    assert_eq!(serde_json::from_str::<Value>(&device).unwrap()["ipAddress"], "127.0.0.1");
    program.kill();
    let program = Program::start(&arguments);
    let (status, list) = program.call("GET", LICENSES, made["apiKey"].as_str().unwrap(), "").unwrap();
    assert_eq!(status, 200, "{list}");
    let list: Vec<Value> = serde_json::from_str(&list).unwrap();
    assert_eq!((list.len(), &list[5]["instancesCount"]), (6, &json!(1)));
    // A text that was taken before the restart is taken after it.
    let product = list[0]["productId"].as_str().unwrap();
    let customer = list[0]["customerId"].as_str().unwrap();
    let body = json!({"productId": product, "customerId": customer, "key": "A184-99C2-8CBE"}).to_string();
    assert_eq!(program.call("POST", LICENSES, KEY, &body).unwrap().0, 409);
}
