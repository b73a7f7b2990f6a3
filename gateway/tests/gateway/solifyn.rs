//! The Solifyn API against its documents: every printed sample and every documented row.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use crate::support::{Answer, Gateway, gateway};

pub(crate) const KEY: &str = "fyn_key_demo";
pub(crate) const READ_KEY: &str = "fyn_key_demo_read";
pub(crate) const LICENSES: &str = "/v1/licenses";

/// The gateway with the Solifyn key that may do everything.
pub(crate) async fn solifyn(arguments: &[&str]) -> Gateway {
    Gateway { token: KEY.to_owned(), ..gateway(arguments).await }
}

/// The printed license sample of the page on creating one, to the letter.
pub(crate) fn sample() -> Value {
    json!({
        "id": "lic_hyQQhhNzfEuvv",
        "key": "A184-99C2-8CBE",
        "status": "ACTIVE",
        "businessId": "biz_345TUESrCDPvrb",
        "productId": "prod_hyQQhhNzfEuvv",
        "paymentId": "pay_3r2FgHXp9",
        "customerId": "cust_3r2FgHXp9",
        "activationLimit": 3,
        "activationMessage": "Thank you! Your license is now active.",
        "expiryHours": 720,
        "expiresAt": "2027-01-01T00:00:00.000Z",
        "filters": null,
        "archived": false,
        "createdAt": "2026-05-11T01:12:25.764Z",
        "updatedAt": "2026-05-18T09:45:37.166Z",
    })
}

impl Gateway {
    /// Puts a record into the store past the rules.
    pub(crate) async fn put(&self, kind: &str, fields: Value) -> Value {
        self.call("POST", &format!("/_control/solifyn/{kind}"), fields).await.expect(201).json()
    }

    /// The printed sample with one device, its product and its customer.
    pub(crate) async fn put_sample(&self) {
        let product = json!({
            "id": "prod_hyQQhhNzfEuvv", "internalId": "0b51c2a8-6f1e-4c0b-9d53-2f3a1e8d7c90",
            "name": "Enterprise SaaS Plan", "hasLicenseKey": true, "activationLimit": 3, "expiryHours": 720,
            "activationMessage": "Thank you! Your license is now active.",
        });
        self.put("products", product).await;
        let customer = json!({"id": "cust_3r2FgHXp9", "memberId": "mem_123", "email": "customer@example.com", "name": "John Doe"});
        self.put("customers", customer).await;
        let mut license = sample();
        license["devices"] = json!([{
            "id": "7f3a1b2c-4d5e-6f7a-8b9c-0d1e2f3a4b5c", "instanceId": "machine-ID-abc123",
            "instanceName": "MacBook Pro 16\"", "ipAddress": "203.0.113.42",
            "activatedAt": "2026-05-15T10:30:00.000Z", "lastSeenAt": "2026-05-18T08:00:00.000Z",
        }]);
        self.put("licenses", license).await;
    }

    pub(crate) async fn license(&self, id: &str) -> Value {
        self.call("GET", &format!("{LICENSES}/{id}"), Value::Null).await.expect(200).json()
    }

    pub(crate) async fn call_as(&self, key: &str, method: &str, path: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !key.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let text = if body.is_null() { String::new() } else { body.to_string() };
        self.send(request.body(Body::from(text)).unwrap()).await
    }
}

fn device() -> Value {
    json!({
        "id": "7f3a1b2c-4d5e-6f7a-8b9c-0d1e2f3a4b5c",
        "licenseId": "lic_hyQQhhNzfEuvv",
        "instanceId": "machine-ID-abc123",
        "instanceName": "MacBook Pro 16\"",
        "ipAddress": "203.0.113.42",
        "activatedAt": "2026-05-15T10:30:00.000Z",
        "lastSeenAt": "2026-05-18T08:00:00.000Z",
    })
}

fn is_moment(value: &Value) -> bool {
    let text = value.as_str().unwrap();
    text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}

#[tokio::test]
async fn the_printed_license_is_listed_and_got() {
    let gateway = solifyn(&[]).await;
    assert_eq!(gateway.call("GET", LICENSES, Value::Null).await.expect(200).json(), json!([]));
    gateway.put_sample().await;
    let mut wanted = sample();
    wanted["instancesCount"] = json!(1);
    assert_eq!(gateway.license("lic_hyQQhhNzfEuvv").await, wanted);
    // A bare array; parameters change nothing.
    let list = gateway.call("GET", &format!("{LICENSES}?limit=0&status=REVOKED"), Value::Null).await;
    assert_eq!(list.expect(200).json(), json!([wanted]));
}

#[tokio::test]
async fn a_license_is_issued_with_200_and_everything_in_it() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let body = json!({
        "productId": "prod_hyQQhhNzfEuvv", "customerId": "cust_3r2FgHXp9", "activationLimit": 5,
        "expiryHours": 48, "key": "ABCD-EFGH",
    });
    let made = gateway.call("POST", LICENSES, body).await.expect(200).json();
    let moment = |name: &str| made[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(["createdAt", "updatedAt", "expiresAt"].iter().all(|name| is_moment(&made[*name])), "{made}");
    assert_eq!(moment("expiresAt").duration_since(moment("createdAt")).as_hours(), 48);
    assert!(made["id"].as_str().unwrap().starts_with("lic_"));
    for (name, value) in [
        ("key", json!("ABCD-EFGH")),
        ("status", json!("ACTIVE")),
        ("businessId", json!("biz_345TUESrCDPvrb")),
        ("productId", json!("prod_hyQQhhNzfEuvv")),
        ("customerId", json!("cust_3r2FgHXp9")),
        ("paymentId", Value::Null),
        ("activationLimit", json!(5)),
        ("activationMessage", json!("Thank you! Your license is now active.")),
        ("expiryHours", json!(48)),
        ("instancesCount", json!(0)),
        ("filters", Value::Null),
        ("archived", json!(false)),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
    assert_eq!(made.as_object().unwrap().len(), 16);
    assert_eq!(gateway.license(made["id"].as_str().unwrap()).await, made);

    // What is left out comes from the product; the key is three groups of four upper-case hex characters.
    let body = json!({"productId": "0b51c2a8-6f1e-4c0b-9d53-2f3a1e8d7c90", "customerId": "mem_123"});
    let made = gateway.call("POST", LICENSES, body).await.expect(200).json();
    assert_eq!((&made["activationLimit"], &made["expiryHours"]), (&json!(3), &json!(720)));
    assert_eq!(
        (&made["productId"], &made["customerId"]),
        (&json!("prod_hyQQhhNzfEuvv"), &json!("cust_3r2FgHXp9"))
    );
    let key = made["key"].as_str().unwrap();
    assert!(key.split('-').count() == 3 && key.split('-').all(|group| group.len() == 4), "{key}");
    assert!(key.chars().all(|c| matches!(c, '0'..='9' | 'A'..='F' | '-')), "{key}");
}

#[tokio::test]
async fn status_limit_and_end_are_changed() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let path = format!("{LICENSES}/lic_hyQQhhNzfEuvv");
    let body = json!({"status": "DISABLED", "activationLimit": 9, "expiresAt": "2030-02-03T04:05:06+02:00"});
    let changed = gateway.call("PATCH", &path, body).await.expect(200).json();
    let mut wanted = sample();
    wanted["instancesCount"] = json!(1);
    wanted["status"] = json!("DISABLED");
    wanted["activationLimit"] = json!(9);
    wanted["expiresAt"] = json!("2030-02-03T02:05:06.000Z");
    assert_ne!(changed["updatedAt"], wanted["updatedAt"]);
    wanted["updatedAt"] = changed["updatedAt"].clone();
    assert_eq!(changed, wanted);
    for status in ["ACTIVE", "DISABLED", "ACTIVE"] {
        let toggled = gateway.call("POST", &format!("{path}/toggle"), Value::Null).await.expect(200).json();
        assert_eq!(toggled["status"], status);
        assert_eq!(gateway.license("lic_hyQQhhNzfEuvv").await, toggled);
    }
}

#[tokio::test]
async fn devices_are_listed_got_changed_and_removed() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let (license, id) = ("lic_hyQQhhNzfEuvv", "7f3a1b2c-4d5e-6f7a-8b9c-0d1e2f3a4b5c");
    for path in [format!("{LICENSES}/{license}/instances"), format!("{LICENSES}/instances/{license}")] {
        assert_eq!(gateway.call("GET", &path, Value::Null).await.expect(200).json(), json!([device()]));
    }
    for name in [id, "machine-ID-abc123"] {
        let path = format!("{LICENSES}/{license}/instances/{name}");
        assert_eq!(gateway.call("GET", &path, Value::Null).await.expect(200).json(), device());
    }
    let path = format!("{LICENSES}/{license}/instances/{id}");
    for (method, body) in
        [("PATCH", json!({"instanceName": "Desk"})), ("POST", json!({"ipAddress": "198.51.100.7"}))]
    {
        let mut wanted = gateway.call("GET", &path, Value::Null).await.json();
        wanted.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        assert_eq!(gateway.call(method, &path, body).await.expect(200).json(), wanted);
        assert_eq!(gateway.call("GET", &path, Value::Null).await.json(), wanted);
    }
    let removed = gateway.call("DELETE", &format!("{LICENSES}/instances/{id}"), Value::Null).await;
    assert_eq!(removed.expect(200).json()["id"], id);
    assert_eq!(gateway.license(license).await["instancesCount"], 0);
    gateway.call("DELETE", &format!("{LICENSES}/instances/{id}"), Value::Null).await.expect(404);
}

/// `verify`, `activate`, `deactivate` and `instances` are no ids, and one path shape has two meanings.
#[tokio::test]
async fn fixed_segments_win_over_ids() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    // These would all be "the license with that id" if an id could be called so.
    for id in ["verify", "activate", "instances"] {
        gateway.put("licenses", json!({"id": id, "devices": 1})).await;
    }
    let body = json!({"key": "A184-99C2-8CBE", "productId": "prod_hyQQhhNzfEuvv"});
    let answer = gateway.call("POST", &format!("{LICENSES}/verify"), body).await.expect(200).json();
    assert_eq!(answer["valid"], true);
    let instances = format!("{LICENSES}/instances/lic_hyQQhhNzfEuvv");
    assert_eq!(gateway.call("GET", &instances, Value::Null).await.expect(200).json(), json!([device()]));
    let toggle = gateway.call("POST", &format!("{LICENSES}/instances/toggle"), Value::Null).await;
    assert!(toggle.status.is_client_error());
    assert_eq!(
        gateway.call("GET", "/_control/solifyn/licenses/instances", Value::Null).await.json()["status"],
        "ACTIVE"
    );
    // A license id is no device id, and the other way round.
    gateway.call("DELETE", &instances, Value::Null).await.expect(404);
    let device = format!("{LICENSES}/instances/7f3a1b2c-4d5e-6f7a-8b9c-0d1e2f3a4b5c");
    gateway.call("GET", &device, Value::Null).await.expect(404);
    gateway.call("DELETE", &device, Value::Null).await.expect(200);
}

#[tokio::test]
async fn a_program_verifies_activates_and_deactivates() {
    let gateway = solifyn(&[]).await;
    gateway.put_sample().await;
    let body = json!({"key": "A184-99C2-8CBE", "productId": "prod_hyQQhhNzfEuvv"});
    assert_eq!(
        gateway.call("POST", &format!("{LICENSES}/verify"), body).await.expect(200).json(),
        json!({"success": true, "valid": true, "license": {
            "id": "lic_hyQQhhNzfEuvv", "key": "A184-99C2-8CBE", "status": "ACTIVE", "activationLimit": 3,
            "activationMessage": "Thank you! Your license is now active.", "expiresAt": "2027-01-01T00:00:00.000Z",
            "product": {"id": "prod_hyQQhhNzfEuvv", "name": "Enterprise SaaS Plan", "digitalLink": null},
        }})
    );
    // `name` is required in one document and optional in another.
    for body in [
        json!({"key": "A184-99C2-8CBE", "deviceIdentifier": "two", "name": "Second"}),
        json!({"key": "A184-99C2-8CBE", "deviceIdentifier": "three"}),
    ] {
        let made =
            gateway.call("POST", &format!("{LICENSES}/activate"), body.clone()).await.expect(200).json();
        assert_eq!(
            (&made["licenseId"], &made["instanceId"]),
            (&json!("lic_hyQQhhNzfEuvv"), &body["deviceIdentifier"])
        );
        assert_eq!(made["instanceName"], body["name"]);
        assert!(
            is_moment(&made["activatedAt"])
                && is_moment(&made["lastSeenAt"])
                && made.as_object().unwrap().len() == 7
        );
    }
    assert_eq!(gateway.license("lic_hyQQhhNzfEuvv").await["instancesCount"], 3);
    // A known device takes no further slot, though all are taken.
    let again = json!({"key": "A184-99C2-8CBE", "deviceIdentifier": "two"});
    let again = gateway.call("POST", &format!("{LICENSES}/activate"), again).await.expect(200).json();
    assert_eq!(again["instanceName"], "Second");
    for instance in ["two", again["id"].as_str().unwrap()] {
        let path = format!("{LICENSES}/deactivate/{instance}");
        let answer = gateway.call("POST", &path, json!({"key": "A184-99C2-8CBE"})).await;
        match instance {
            "two" => assert_eq!(answer.expect(200).json(), json!({"success": true})),
            _ => drop(answer.expect(404)),
        }
    }
    assert_eq!(gateway.license("lic_hyQQhhNzfEuvv").await["instancesCount"], 2);
}

#[tokio::test]
async fn products_are_filtered_sorted_and_paged() {
    let gateway = solifyn(&[]).await;
    for (idx, (name, price, kind, status)) in [
        ("Beta plan", 30, "renewal", "ACTIVE"),
        ("alpha Plan", 20, "one_time", "ACTIVE"),
        ("Gamma", 10, "usage_based", "ARCHIVED"),
    ]
    .into_iter()
    .enumerate()
    {
        let created = format!("2026-01-0{}T00:00:00.000Z", idx + 1);
        let fields = json!({"id": format!("prod_{idx}"), "name": name, "price": price, "pricingType": kind, "status": status, "createdAt": created});
        gateway.put("products", fields).await;
    }
    for (query, ids, total, max_page) in [
        ("", "012", 3, 1),
        ("?query=PLAN", "01", 2, 1),
        ("?id=prod_2", "2", 1, 1),
        ("?pricingType=one_time", "1", 1, 1),
        ("?is_archived=true", "2", 1, 1),
        ("?is_archived=false", "01", 2, 1),
        ("?is_recurring=true", "0", 1, 1),
        ("?is_recurring=false", "12", 2, 1),
        ("?sorting=name", "102", 3, 1),
        ("?sorting=-name", "201", 3, 1),
        ("?sorting=price_amount", "210", 3, 1),
        ("?sorting=-price_amount", "012", 3, 1),
        ("?sorting=created_at", "012", 3, 1),
        ("?sorting=-created_at", "210", 3, 1),
        ("?limit=2", "01", 3, 2),
        ("?limit=2&page=2", "2", 3, 2),
        ("?limit=2&page=3", "", 3, 2),
        ("?limit=100&query=nothing", "", 0, 0),
    ] {
        let answer =
            gateway.call("GET", &format!("/v1/products{query}"), Value::Null).await.expect(200).json();
        let got: String = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| &item["id"].as_str().unwrap()[5..])
            .collect();
        assert_eq!(got, ids, "{query}");
        assert_eq!(answer["pagination"], json!({"total_count": total, "max_page": max_page}), "{query}");
    }
    for query in
        ["?limit=101", "?limit=0", "?page=0", "?page=x", "?sorting=id", "?sorting=-", "?is_archived=1"]
    {
        let answer =
            gateway.call("GET", &format!("/v1/products{query}"), Value::Null).await.expect(400).json();
        assert!(answer["message"].is_array(), "{query}");
    }
    // Ten a page unless asked otherwise.
    for idx in 0..12 {
        gateway.put("products", json!({"name": format!("More {idx}")})).await;
    }
    let answer = gateway.call("GET", "/v1/products", Value::Null).await.json();
    assert_eq!(
        (answer["items"].as_array().unwrap().len(), &answer["pagination"]["max_page"]),
        (10, &json!(2))
    );
}

#[tokio::test]
async fn a_product_is_made_changed_archived_and_brought_back() {
    let gateway = solifyn(&[]).await;
    let body = json!({
        "name": "Enterprise SaaS Plan", "price": 99, "currency": "USD", "taxCategory": "saas",
        "hasLicenseKey": true, "activationLimit": 5, "billingPeriod": 30, "addons": [],
    });
    let made = gateway.call("POST", "/v1/products", body).await.expect(201).json();
    for (name, value) in [
        ("name", json!("Enterprise SaaS Plan")),
        ("status", json!("ACTIVE")),
        ("pricingType", json!("renewal")),
        ("activationLimit", json!(5)),
        ("expiryHours", Value::Null),
        ("isPermanentlyDeleted", json!(false)),
        ("businessId", json!("biz_345TUESrCDPvrb")),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
    // The documented fields: 38 that are required, and `description`.
    assert_eq!(made.as_object().unwrap().len(), 39, "{made}");
    let path = format!("/v1/products/{}", made["id"].as_str().unwrap());
    assert_eq!(gateway.call("GET", &path, Value::Null).await.expect(200).json(), made);
    for (method, path, body, field, value) in [
        ("PATCH", path.clone(), json!({"name": "New"}), "name", "New"),
        ("DELETE", path.clone(), Value::Null, "status", "ARCHIVED"),
        ("POST", format!("{path}/unarchive"), Value::Null, "status", "ACTIVE"),
    ] {
        let answer = gateway.call(method, &path, body).await.expect(200).json();
        assert!(answer["message"].is_string() && answer.as_object().unwrap().len() == 1, "{answer}");
        let path = path.trim_end_matches("/unarchive");
        assert_eq!(gateway.call("GET", path, Value::Null).await.expect(200).json()[field], value);
    }
}

#[tokio::test]
async fn customers_are_listed_made_by_address_changed_and_invited() {
    let gateway = solifyn(&[]).await;
    let empty = gateway.call("GET", "/v1/customers", Value::Null).await.expect(200).json();
    assert_eq!(empty, json!({"items": [], "total_count": 0}));
    let body = json!({
        "email": "customer@gmail.com", "name": "John Doe", "phone": "+1234567890", "username": "johndoe",
        "metadata": {"customKey": "customValue"},
    });
    let made = gateway.call("POST", "/v1/customers", body.clone()).await.expect(201).json();
    for name in ["email", "name", "phone", "username", "metadata"] {
        assert_eq!(made[name], body[name], "{name}");
    }
    assert!(is_moment(&made["createdAt"]) && is_moment(&made["updatedAt"]));
    // The same address again, in other letters, is the same customer.
    let again = json!({"email": "Customer@gmail.com", "name": "Jane"});
    let again = gateway.call("POST", "/v1/customers", again).await.expect(201).json();
    assert_eq!(
        (&again["id"], &again["name"], &again["phone"]),
        (&made["id"], &json!("Jane"), &made["phone"])
    );
    let list = gateway.call("GET", "/v1/customers", Value::Null).await.expect(200).json();
    assert_eq!(list, json!({"items": [again], "total_count": 1}));

    let path = format!("/v1/customers/{}", made["id"].as_str().unwrap());
    let answer = gateway.call("PATCH", &path, json!({"username": "jane"})).await.expect(200).json();
    assert_eq!(answer, json!({"message": "Customer updated successfully"}));
    assert_eq!(gateway.call("GET", &path, Value::Null).await.expect(200).json()["username"], "jane");
    let invite = gateway.call("POST", &format!("{path}/share"), Value::Null).await.expect(201).json();
    assert!(invite["token"].as_str().unwrap().len() > 20 && is_moment(&invite["expiresAt"]), "{invite}");
}

#[tokio::test]
async fn an_api_key_is_shown_once_works_and_ends() {
    let gateway = solifyn(&[]).await;
    let body = json!({"name": "Production Key"});
    let made = gateway.call("POST", "/v1/developer/api-keys", body).await.expect(201).json();
    let text = made["apiKey"].as_str().unwrap();
    assert!(text.starts_with("fyn_key_"));
    assert_eq!(
        (&made["prefix"], &made["status"], &made["allowWrite"]),
        (&json!("fyn"), &json!("ACTIVE"), &json!(true))
    );
    let days = |name: &str| made[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(days("expiresAt").duration_since(days("createdAt")).as_hours(), 10 * 365 * 24);
    gateway
        .call_as(text, "POST", "/v1/customers", json!({"email": "a@b.example", "name": "A"}))
        .await
        .expect(201);

    let list = gateway.call("GET", "/v1/developer/api-keys", Value::Null).await.expect(200);
    assert!(!list.text().contains(text) && !list.text().contains("hash") && !list.text().contains("apiKey"));
    let list = list.json();
    let ours = list.as_array().unwrap().iter().find(|key| key["id"] == made["id"]).unwrap();
    assert!(is_moment(&ours["lastUsedAt"]), "{ours}");
    assert_eq!(list.as_array().unwrap().len(), 3);
    let path = format!("/v1/developer/api-keys/{}", made["id"].as_str().unwrap());
    let answer = gateway.call("DELETE", &path, Value::Null).await.expect(200);
    assert!(answer.bytes.is_empty());
    gateway.call_as(text, "GET", LICENSES, Value::Null).await.expect(401);
    gateway.call("DELETE", &path, Value::Null).await.expect(404);
}
