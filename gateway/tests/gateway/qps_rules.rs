//! QPS: who may call, what create, update and delete take and refuse, and what the reader of requests refuses.

use serde_json::{Value, json};

use crate::qps::{CREATE, KEYS, assert_code, call, key, post, text, texts};
use crate::support::{Folder, Gateway, gateway};

const GET: &str = "/qps/rest/1.0/get/ca/agentactkey";
const UPDATE: &str = "/qps/rest/1.0/update/ca/agentactkey";
const DELETE: &str = "/qps/rest/1.0/delete/ca/agentactkey";

/// Asserts that a call is refused with a code and a reason, and that it changed nothing.
async fn refused(gateway: &Gateway, path: &str, body: &str, code: &str, reason: &str) {
    let before = gateway.stored().await;
    let answer = post(gateway, path, body).await.expect(200);
    assert_code(&answer, code);
    let words = format!("{} {}", text(&answer, "errorMessage"), texts(&answer, "errorResolution").concat());
    assert!(words.replace("&apos;", "'").contains(reason), "{body}: `{words}` does not say `{reason}`");
    assert!(!answer.text().contains("<data") && !answer.text().contains("<count>"), "{}", answer.text());
    assert!(before == gateway.stored().await, "{body} changed the store");
}

#[tokio::test]
async fn who_may_call() {
    let gateway = gateway(&[]).await;
    let bearer = format!("Bearer {}", gateway.token);
    for (authorization, code) in [
        (bearer.as_str(), "SUCCESS"),
        ("Basic ZGVtbzpkZW1v", "SUCCESS"),
        ("basic ZGVtbzpkZW1v", "SUCCESS"),
        ("Basic ZGVtbzp3cm9uZw==", "INVALID_CREDENTIALS"),
        ("Basic ZGVtbw==", "INVALID_CREDENTIALS"),
        ("Basic !", "INVALID_CREDENTIALS"),
        ("Bearer x.y.z", "INVALID_CREDENTIALS"),
        ("demo", "INVALID_CREDENTIALS"),
        ("", "INVALID_CREDENTIALS"),
    ] {
        let answer = call(&gateway, "POST", KEYS, "", &[("authorization", authorization)]).await.expect(200);
        assert_code(&answer, code);
        if code != "SUCCESS" {
            assert_eq!(text(&answer, "errorMessage"), "Authentication failed");
            assert_eq!(text(&answer, "errorResolution"), "Verify both, user and password credentials.");
        }
    }
    gateway.call("POST", "/_control/tokens/expire", Value::Null).await.expect(204);
    let answer = call(&gateway, "POST", KEYS, "", &[("authorization", &bearer)]).await.expect(200);
    assert_code(&answer, "INVALID_CREDENTIALS");
    let answer = call(&gateway, "POST", KEYS, "", &[("x-requested-with", "")]).await.expect(200);
    assert_code(&answer, "INVALID_REQUEST");
    assert!(text(&answer, "errorMessage").contains("X-Requested-With"));
}

#[tokio::test]
async fn paths_and_methods() {
    let gateway = gateway(&["--prefix", "/qualys/eu1"]).await;
    gateway.plant(json!({"id": 5})).await;
    for path in
        ["/qps/rest/1.0/search/ca/agentactkey", KEYS, "/qualys/eu1/qps/rest/1.0/search/ca/agentactkey/"]
    {
        assert_code(&post(&gateway, path, "").await.expect(200), "SUCCESS");
    }
    // The schema is named as the caller sees it.
    let answer = post(&gateway, "/qualys/eu1/qps/rest/1.0/search/ca/agentactkey", "").await;
    assert!(
        answer.text().contains("\"http://qualysapi.qualys.com/qualys/eu1/qps/xsd/1.0/ca/agentactkey.xsd\"")
    );
    // Not documented for keys.
    for path in [
        "/qps/rest/1.0/count/ca/agentactkey",
        "/qps/rest/1.0/delete/ca/agentactkey",
        "/qps",
        "/qps/rest/2.0/search/ca/agentactkey",
    ] {
        let answer = post(&gateway, path, "<ServiceRequest/>").await.expect(404);
        assert_code(&answer, "INVALID_REQUEST");
    }
    assert_code(&call(&gateway, "GET", KEYS, "", &[]).await.expect(405), "INVALID_REQUEST");
    assert_code(
        &call(&gateway, "DELETE", &format!("{DELETE}/5"), "", &[]).await.expect(405),
        "INVALID_REQUEST",
    );
    let answer = post(&gateway, "/api/2.0/fo/asset/host/", "").await.expect(404);
    assert!(answer.text().contains("<SIMPLE_RETURN>"));
    assert_code(&post(&gateway, &format!("{GET}/x"), "").await, "INVALID_REQUEST");
    assert_code(&post(&gateway, &format!("{GET}/6"), "").await, "OBJECT_NOT_FOUND");
    let big = "x".repeat((1 << 20) + 1);
    assert_code(&post(&gateway, KEYS, &big).await.expect(413), "INVALID_REQUEST");
}

#[tokio::test]
async fn requests_that_cannot_be_read() {
    let gateway = gateway(&[]).await;
    let deep = format!("<ServiceRequest>{}{}</ServiceRequest>", "<a>".repeat(40), "</a>".repeat(40));
    for (body, reason) in [
        ("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><ServiceRequest>&a;</ServiceRequest>", "document type"),
        ("<!DOCTYPE x SYSTEM 'file:///etc/hostname'><ServiceRequest/>", "document type"),
        ("<ServiceRequest>&undefined;</ServiceRequest>", "entity"),
        (deep.as_str(), "deep"),
        ("<ServiceRequest>", "early"),
        ("plain", "XML"),
        ("<Other/>", "ServiceRequest"),
        ("<ServiceRequest><filter/></ServiceRequest>", "'filter'"),
        ("<ServiceRequest><filters><criteria/></filters></ServiceRequest>", "'criteria'"),
        ("<ServiceRequest><filters><Criteria field='id'>1</Criteria></filters></ServiceRequest>", "operator"),
    ] {
        let reason = if body == "plain" { "outside" } else { reason };
        refused(&gateway, KEYS, body, "INVALID_REQUEST", reason).await;
    }
    for (kind, body) in [
        ("application/json", "{\"ServiceRequest\":"),
        ("application/json", "[]"),
        ("application/json", "{}"),
        ("application/json", "{\"data\":{}}"),
        ("application/x-www-form-urlencoded", "<ServiceRequest/>"),
    ] {
        let answer = call(&gateway, "POST", KEYS, body, &[("content-type", kind)]).await.expect(200);
        assert_code(&answer, "INVALID_REQUEST");
    }
    let nested = format!("{}1{}", "{\"ServiceRequest\":".repeat(500), "}".repeat(500));
    let answer =
        call(&gateway, "POST", KEYS, &nested, &[("content-type", "application/json")]).await.expect(200);
    assert_code(&answer, "INVALID_REQUEST");
    // What is no harm is taken.
    let body = "\u{feff}<?xml version='1.0' encoding='utf-8'?><!-- all --><ServiceRequest xmlns='urn:any'></ServiceRequest>";
    assert_code(&post(&gateway, KEYS, body).await, "SUCCESS");
    assert_code(
        &call(
            &gateway,
            "POST",
            KEYS,
            "<ServiceRequest/>",
            &[("content-type", "application/xml; charset=UTF-8")],
        )
        .await,
        "SUCCESS",
    );
}

#[tokio::test]
async fn the_type_governs() {
    let gateway = gateway(&[]).await;
    let limits = "<countPurchased>5</countPurchased><expireDate>2030-12-06T23:05:42Z</expireDate>";
    for (kind, count, expires) in [
        ("UNLIMITED", "0", None),
        ("COUNT_LIMITED", "5", None),
        ("TIME_LIMITED", "0", Some("2030-12-06T23:05:42Z")),
        ("COUNT_TIME_LIMITED", "5", Some("2030-12-06T23:05:42Z")),
    ] {
        let answer = post(&gateway, CREATE, &key(&format!("<type>{kind}</type>{limits}"))).await;
        let seen = (text(&answer, "type"), text(&answer, "countPurchased"), texts(&answer, "expireDate"));
        let expected = expires.map(str::to_owned).into_iter().collect::<Vec<_>>();
        assert_eq!(seen, (kind.to_owned(), count.to_owned(), expected));
        // Back to no limit, whatever else is sent.
        let path = format!("{UPDATE}/{}", text(&answer, "id"));
        let answer = post(&gateway, &path, &key(&format!("<type>UNLIMITED</type>{limits}"))).await;
        assert_eq!(
            (text(&answer, "type"), text(&answer, "countPurchased")),
            ("UNLIMITED".into(), "0".into())
        );
        assert!(texts(&answer, "expireDate").is_empty());
        // And to every limit; a later update that leaves them out keeps them.
        let kind = "<type>COUNT_TIME_LIMITED</type>";
        assert_code(&post(&gateway, &path, &key(&format!("{kind}{limits}"))).await, "SUCCESS");
        let answer = post(&gateway, &path, &key(kind)).await;
        assert_eq!(
            (text(&answer, "countPurchased"), text(&answer, "expireDate")),
            ("5".into(), "2030-12-06T23:05:42Z".into())
        );
    }
    for (fields, reason) in [
        ("", "type is missing"),
        ("<type>Unlimited</type>", "COUNT_LIMITED"),
        ("<type>COUNT_LIMITED</type>", "countPurchased is missing"),
        ("<type>COUNT_LIMITED</type><countPurchased>0</countPurchased>", "countPurchased is missing"),
        ("<type>COUNT_LIMITED</type><countPurchased>x</countPurchased>", "'countPurchased' (x)"),
        ("<type>TIME_LIMITED</type>", "expireDate is missing"),
        ("<type>TIME_LIMITED</type><expireDate>2030-12-06</expireDate>", "'expireDate'"),
        ("<type>TIME_LIMITED</type><expireDate>2030-02-30T00:00:00Z</expireDate>", "'expireDate'"),
        ("<type>COUNT_TIME_LIMITED</type><countPurchased>1</countPurchased>", "expireDate is missing"),
        ("<type>UNLIMITED</type><isDisabled>1</isDisabled>", "true, false"),
        ("<type>UNLIMITED</type><status>ENABLED</status>", "ACTIVE, INACTIVE"),
        ("<type>UNLIMITED</type><ownerId>x</ownerId>", "'ownerId' (x)"),
        ("<type>UNLIMITED</type><networkId>-1</networkId>", "'networkId'"),
        ("<type>UNLIMITED</type><titel>x</titel>", "'titel'"),
        ("<type>UNLIMITED</type><modules><list><Tag><id>1</id></Tag></list></modules>", "'Tag'"),
        ("<type>UNLIMITED</type><modules><list><ActivationKeyModule/></list></modules>", "no license"),
        ("<type>UNLIMITED</type><modules><delete/></modules>", "'delete'"),
        ("<type>UNLIMITED</type><tags><add><Tag><name>nowhere</name></Tag></add></tags>", "'nowhere'"),
        ("<type>UNLIMITED</type><tags><update><Tag><id>1</id></Tag></update></tags>", "cannot be updated"),
    ] {
        refused(&gateway, CREATE, &key(fields), "INVALID_REQUEST", reason).await;
    }
    let other = "<ServiceRequest><data><AgentActKey/><AgentActKey/></data></ServiceRequest>";
    for body in ["<ServiceRequest/>", "<ServiceRequest><data><Tag/></data></ServiceRequest>", other] {
        assert_code(&post(&gateway, CREATE, body).await, "INVALID_REQUEST");
    }
}

#[tokio::test]
async fn collections_are_added_to_taken_from_and_replaced() {
    let gateway = gateway(&[]).await;
    let fields = json!({"id": 5, "licenses": ["VM", "PA"], "tags": [7_340_002]});
    gateway.plant(fields).await;
    let module = |code: &str| format!("<ActivationKeyModule><license>{code}</license></ActivationKeyModule>");
    let update = async |fields: &str| {
        let body = key(&format!("<type>UNLIMITED</type>{fields}"));
        let answer = post(&gateway, &format!("{UPDATE}/5/"), &body).await.expect(200);
        assert_code(&answer, "SUCCESS");
        texts(&answer, "license")
    };
    let modules = |how: &str, codes: &[&str]| {
        let codes: String = codes.iter().map(|code| module(code)).collect();
        format!("<modules><{how}>{codes}</{how}></modules>")
    };
    assert_eq!(update("<title>same</title>").await, ["VM_LICENSE", "PC_LICENSE"]);
    assert_eq!(update(&modules("add", &["FIM", "VM_LICENSE"])).await, ["VM_LICENSE", "FIM", "PC_LICENSE"]);
    assert_eq!(update(&modules("remove", &["PC_LICENSE", "PM"])).await, ["VM_LICENSE", "FIM"]);
    assert_eq!(update(&modules("set", &["SWCA", "GAV"])).await, ["SWCA", "GAV"]);
    assert_eq!(gateway.get(&json!(5)).await["licenses"], json!(["SwCA", "GAV"]));
    // By name, as a public client sends tags.
    update("<tags><add><Tag><name>Staging</name></Tag></add></tags>").await;
    assert_eq!(gateway.get(&json!(5)).await["tags"], json!([7_340_002, 7_340_003]));
    update("<tags><remove><TagSimple><id>7340002</id></TagSimple></remove></tags>").await;
    assert_eq!(gateway.get(&json!(5)).await["tags"], json!([7_340_003]));
    update("<tags><set/></tags>").await;
    assert_eq!(gateway.get(&json!(5)).await["tags"], json!([]));
}

/// Fields left out stay, and what nobody sets may be sent back.
#[tokio::test]
async fn update_changes_what_it_names() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!({"id": 5, "title": "t", "ownerId": 7, "networkId": 64_000, "activationKey": "k"}))
        .await;
    let before = gateway.stored().await[0].clone();
    let path = format!("{UPDATE}/5");
    let fields = "<activationKey>other</activationKey><type>UNLIMITED</type><countUsed>9</countUsed><agents><list/></agents>";
    assert_code(&post(&gateway, &path, &key(fields)).await, "SUCCESS");
    assert_eq!(gateway.stored().await[0], before);
    let fields = "<id>5</id><type>UNLIMITED</type><title/><status>INACTIVE</status><isDisabled>true</isDisabled>\
                  <applyOnAgents>true</applyOnAgents><suspendSelfPatch>true</suspendSelfPatch><ownerId>8</ownerId>";
    let answer = post(&gateway, &path, &key(fields)).await;
    assert!(texts(&answer, "title").is_empty(), "a blank title is left out");
    for (name, value) in [
        ("status", "INACTIVE"),
        ("isDisabled", "true"),
        ("applyOnAgents", "true"),
        ("suspendSelfPatch", "true"),
        ("ownerId", "8"),
        ("networkId", "64000"),
    ] {
        assert_eq!(text(&answer, name), value);
    }
    assert_eq!(gateway.get(&json!(5)).await["isDisabled"], true);
    let same = "<type>UNLIMITED</type>";
    refused(&gateway, &format!("{UPDATE}/6"), &key(same), "OBJECT_NOT_FOUND", "6").await;
    refused(&gateway, UPDATE, &key(&format!("<id>6</id>{same}")), "OBJECT_NOT_FOUND", "6").await;
    refused(&gateway, UPDATE, &key(same), "INVALID_REQUEST", "id is missing").await;
    refused(&gateway, &path, &key(&format!("<id>6</id>{same}")), "INVALID_REQUEST", "another one").await;
    refused(&gateway, &format!("{UPDATE}/x"), &key(same), "INVALID_REQUEST", "no number").await;
}

#[tokio::test]
async fn titles_are_unique_over_both_apis() {
    let gateway = gateway(&[]).await;
    gateway.create(json!({"title": "taken"})).await;
    let body = key("<title>taken</title><type>UNLIMITED</type>");
    refused(&gateway, CREATE, &body, "INVALID_REQUEST", "title").await;
    gateway.switch(json!({"duplicate-titles": "allow"})).await;
    assert_code(&post(&gateway, CREATE, &body).await, "SUCCESS");
}

#[tokio::test]
async fn a_key_with_active_agents_stays() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!([{"id": 5, "countUsed": 2, "activeAgents": 1}, {"id": 6, "countUsed": 2, "activeAgents": 0}])).await;
    refused(&gateway, &format!("{DELETE}/5"), "<ServiceRequest/>", "INVALID_REQUEST", "1 active agents")
        .await;
    refused(&gateway, &format!("{DELETE}/7"), "<ServiceRequest/>", "OBJECT_NOT_FOUND", "7").await;
    refused(&gateway, &format!("{DELETE}/6"), "<other/>", "INVALID_REQUEST", "ServiceRequest").await;
    let answer =
        post(&gateway, &format!("{DELETE}/6"), "<ServiceRequest></ServiceRequest>").await.expect(200);
    assert_code(&answer, "SUCCESS");
    assert_eq!((text(&answer, "count"), text(&answer, "id")), ("1".to_owned(), "6".to_owned()));
    assert_eq!(gateway.stored().await.len(), 1);
    let blocks = gateway.call("GET", "/_control/qps/agents", Value::Null).await.expect(200).json();
    assert_eq!(blocks.as_array().unwrap().len(), 1, "agents go with their key");
}

/// A day set through the gateway API has no time, and takes that of an earlier QPS date away.
#[tokio::test]
async fn dates_over_both_apis() {
    let gateway = gateway(&[]).await;
    let fields = "<type>TIME_LIMITED</type><expireDate>2030-12-06T23:05:42+02:00</expireDate>";
    let answer = post(&gateway, CREATE, &key(fields)).await;
    assert_eq!(text(&answer, "expireDate"), "2030-12-06T21:05:42Z");
    let id: Value = text(&answer, "id").parse().unwrap();
    assert_eq!(gateway.get(&id).await["expireDate"], "2030-12-06");
    let path = format!("{}/{id}", crate::support::CREATE);
    gateway.call("PATCH", &path, json!({"expireDate": "2031-01-01"})).await.expect(200);
    let answer = post(&gateway, &format!("{GET}/{id}"), "").await;
    assert_eq!(text(&answer, "expireDate"), "2031-01-01T00:00:00Z");
}

/// What JSON can hold and XML cannot is replaced, so that a reply is always XML.
#[tokio::test]
async fn titles_of_every_kind_are_written() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 5, "title": "a\u{1}b\r\n<]]>\u{1f511}\"&"})).await;
    let answer = post(&gateway, &format!("{GET}/5"), "").await;
    assert_eq!(text(&answer, "title"), "a\u{fffd}b&#13;\n&lt;]]&gt;\u{1f511}&quot;&amp;");
    gateway.switch(json!({"qps-text": "cdata"})).await;
    let answer = post(&gateway, &format!("{GET}/5"), "").await;
    assert_eq!(text(&answer, "title"), "<![CDATA[a\u{fffd}b\r\n<]]]]><![CDATA[>\u{1f511}\"&]]>");
}

#[tokio::test]
async fn planted_agents() {
    let gateway = gateway(&[]).await;
    gateway.plant(json!({"id": 5})).await;
    let path = "/_control/qps/agents";
    let planted = gateway
        .call("POST", path, json!({"keyId": 5, "name": "n", "active": false}))
        .await
        .expect(201)
        .json();
    assert_eq!((&planted[0]["firstId"], &planted[0]["name"]), (&json!(8_390_000), &json!("n")));
    let key = gateway.stored().await[0].clone();
    assert_eq!((&key["countUsed"], &key["activeAgents"]), (&json!(1), &json!(0)));
    for (body, status) in [
        (json!({"keyId": 6}), 404),
        (json!({"keyId": 5, "id": 8_390_000}), 400),
        (json!([{"keyId": 5, "id": 1}, {"keyId": 5, "id": 1}]), 400),
        (json!({"keyId": "5"}), 400),
        (json!({"keyId": 5, "colour": 1}), 400),
    ] {
        gateway.call("POST", path, body).await.expect(status);
    }
    assert_eq!(gateway.stored().await[0], key);
    // A number of agents set anew gives the key other agents; a reset forgets all.
    gateway.call("PATCH", "/_control/keys/5", json!({"countUsed": 7, "activeAgents": 7})).await.expect(200);
    let blocks = gateway.call("GET", path, Value::Null).await.json();
    assert_eq!((&blocks[0]["count"], &blocks[0]["active"]), (&json!(7), &json!(7)));
    gateway.call("POST", "/_control/reset", Value::Null).await.expect(204);
    assert_eq!(gateway.call("GET", path, Value::Null).await.json(), json!([]));
}

/// A file made before the QPS API was served has neither its columns nor its agents.
#[tokio::test]
async fn an_older_file_is_taken_over() {
    let folder = Folder::new("qps-older");
    let file = folder.0.join("old.db");
    let file = file.to_str().unwrap();
    {
        let old = gateway(&["--store", file]).await;
        old.plant(json!({"id": 5, "countUsed": 3})).await;
    }
    {
        let connection = rusqlite::Connection::open(file).unwrap();
        connection.execute_batch("DROP TABLE qps_agents; DROP TABLE qps_job;").unwrap();
        for column in ["expire_time", "uuid", "status", "date_last_used", "suspend_self_patch", "owner_id"] {
            connection.execute_batch(&format!("ALTER TABLE qualys_key DROP COLUMN {column}")).unwrap();
        }
    }
    let gateway = gateway(&["--store", file]).await;
    let answer = post(&gateway, &format!("{GET}/5"), "").await;
    assert_eq!((text(&answer, "status"), texts(&answer, "AgentAsset").len()), ("ACTIVE".to_owned(), 3));
}
