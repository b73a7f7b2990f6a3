//! QPS searches: criteria, operators, pages, `fields=`, hosts, tags and networks.

use serde_json::{Value, json};

use crate::qps::{CHANGE, COUNT, HOSTS, KEYS, assert_code, call, key, post, search, text, texts};
use crate::support::{Answer, Gateway, gateway};

async fn ids(gateway: &Gateway, criteria: &[(&str, &str, &str)]) -> Vec<String> {
    let answer = post(gateway, KEYS, &search(criteria, "")).await.expect(200);
    assert_code(&answer, "SUCCESS");
    texts(&answer, "id")
}

async fn five_keys() -> Gateway {
    let gateway = gateway(&["--qps-search-fields", "all"]).await;
    gateway
        .plant(json!([
            {"id": 1, "title": "Alpha One", "activationKey": "aa-1", "countPurchased": 5, "ownerId": 70},
            {"id": 2, "title": "alpha two", "activationKey": "aa-2", "countPurchased": 10, "isDisabled": true},
            {"id": 3, "activationKey": "bb-1"},
            {"id": 4, "title": "Beta", "activationKey": "bb-2", "expireDate": "2030-01-01", "ownerId": 71},
            {"id": 5, "title": "100% 'x' _", "activationKey": "cc-1", "countPurchased": 7, "expireDate": "2030-01-01"}
        ]))
        .await;
    gateway
}

#[tokio::test]
async fn each_operator_of_each_field() {
    let gateway = five_keys().await;
    for (field, operator, value, hits) in [
        ("id", "EQUALS", "3", "3"),
        ("id", "NOT EQUALS", "3", "1245"),
        ("id", "GREATER", "3", "45"),
        ("id", "LESSER", "3", "12"),
        ("id", "IN", "1, 4,9", "14"),
        ("activationKey", "EQUALS", "aa-1", "1"),
        ("activationKey", "EQUALS", "AA-1", ""),
        ("activationKey", "NOT EQUALS", "aa-1", "2345"),
        ("activationKey", "CONTAINS", "B-", "34"),
        // Keys without a count have none to compare.
        ("countPurchased", "EQUALS", "7", "5"),
        ("countPurchased", "NOT EQUALS", "7", "12"),
        ("countPurchased", "GREATER", "5", "25"),
        ("countPurchased", "LESSER", "10", "15"),
        ("countPurchased", "IN", "5,7", "15"),
        ("isDisabled", "EQUALS", "true", "2"),
        ("isDisabled", "NOT EQUALS", "true", "1345"),
        ("isDisabled", "EQUALS", "false", "1345"),
        ("ownerId", "EQUALS", "70", "1"),
        ("ownerId", "NOT EQUALS", "70", "2345"),
        ("ownerId", "GREATER", "70", "4"),
        ("title", "CONTAINS", "alpha", "12"),
        ("title", "EQUALS", "Alpha One", "1"),
        ("title", "CONTAINS", "%", "5"),
        ("title", "CONTAINS", "'x' _", "5"),
        ("isEnabled", "EQUALS", "1", "1345"),
        ("isEnabled", "EQUALS", "0", "2"),
        ("isEnabled", "EQUALS", "true", "1345"),
    ] {
        let got = ids(&gateway, &[(field, operator, value)]).await.concat();
        assert_eq!(got, hits, "{field} {operator} {value}");
    }
    assert_eq!(
        ids(&gateway, &[("isDisabled", "EQUALS", "false"), ("id", "GREATER", "3")]).await.concat(),
        "45"
    );
}

#[tokio::test]
async fn criteria_that_are_refused() {
    let gateway = five_keys().await;
    for (field, operator, value, message, resolution) in [
        (
            "id",
            "EQUALS",
            "abc123",
            "Criteria: Invalid value format for criteria 'id' (abc123).",
            "Specify criteria value(s) as Long.",
        ),
        ("id", "IN", "1,x", "Invalid value format", "Long"),
        ("id", "IN", "", "Invalid value format", "Long"),
        (
            "isDisabled",
            "EQUALS",
            "undefined",
            "Criteria: Invalid value format for criteria 'isDisabled' (undefined).",
            "Values expected: true, false.",
        ),
        ("isDisabled", "EQUALS", "1", "Invalid value format", "Values expected: true, false."),
        ("id", "CONTAINS", "1", "Invalid operator 'CONTAINS'", "LESSER"),
        ("id", "NOT_EQUALS", "1", "Invalid operator", "NOT EQUALS"),
        ("id", "equals", "1", "Invalid operator", "EQUALS"),
        ("activationKey", "GREATER", "a", "Invalid operator", "CONTAINS"),
        ("activationKey", "EQUALS", " ", "Invalid value format", "value"),
        ("isDisabled", "GREATER", "true", "Invalid operator", "NOT EQUALS"),
        ("networkId", "EQUALS", "1", "Invalid field 'networkId'", "countPurchased"),
    ] {
        let answer = post(&gateway, KEYS, &search(&[(field, operator, value)], "")).await.expect(200);
        assert_code(&answer, "INVALID_REQUEST");
        let plain = |name: &str| text(&answer, name).replace("&apos;", "'");
        assert!(plain("errorMessage").contains(message), "{field} {operator} {value}: {}", answer.text());
        assert!(
            plain("errorResolution").contains(resolution),
            "{field} {operator} {value}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn criteria_are_bounded() {
    let gateway = five_keys().await;
    let long = |count: usize| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(ids(&gateway, &[("id", "IN", &long(5_000))]).await.concat(), "12345");
    assert_eq!(ids(&gateway, &[("id", "GREATER", "2"); 100]).await.concat(), "345");
    for criteria in [&[("id", "IN", long(5_001).as_str())][..], &[("id", "GREATER", "2"); 101]] {
        assert_code(&post(&gateway, KEYS, &search(criteria, "")).await.expect(200), "INVALID_REQUEST");
    }
}

#[tokio::test]
async fn pages_by_last_id_by_offset_and_by_first_id() {
    let gateway = gateway(&["--keys", "250"]).await;
    let first = post(&gateway, KEYS, "<ServiceRequest/>").await.expect(200);
    assert_eq!(text(&first, "count"), "100", "the documented page size");
    let page = async |criteria: &[(&str, &str, &str)], preferences: &str| {
        let answer = post(&gateway, KEYS, &search(criteria, preferences)).await.expect(200);
        let count: usize = text(&answer, "count").parse().unwrap();
        let rows = answer.text().matches("<AgentActKey>").count();
        assert_eq!(count, rows, "count is that of the page");
        let ids: Vec<i64> = answer
            .text()
            .split("<AgentActKey>")
            .skip(1)
            .map(|row| {
                row.split("</id>").next().unwrap().trim().strip_prefix("<id>").unwrap().parse().unwrap()
            })
            .collect();
        (ids, text(&answer, "hasMoreRecords"), texts(&answer, "lastId"))
    };
    let size = "<limitResults>60</limitResults>";
    let mut by_last_id = Vec::new();
    let mut last = 0;
    loop {
        let (mut ids, more, last_id) = page(&[("id", "GREATER", &last.to_string())], size).await;
        last = *ids.last().unwrap();
        by_last_id.append(&mut ids);
        if more == "false" {
            assert!(last_id.is_empty(), "the last page has no lastId");
            break;
        }
        assert_eq!(last_id, [last.to_string()]);
    }
    assert_eq!(by_last_id.len(), 250);
    assert!(by_last_id.is_sorted());
    let mut by_offset = Vec::new();
    for start in [1, 61, 121, 181, 241] {
        let (mut ids, more, _) =
            page(&[], &format!("{size}<startFromOffset>{start}</startFromOffset>")).await;
        assert_eq!(more, (start < 241).to_string());
        by_offset.append(&mut ids);
    }
    assert_eq!(by_offset, by_last_id);
    let third = by_last_id[2];
    let (from, ..) =
        page(&[], &format!("<startFromId>{third}</startFromId><limitResults>2</limitResults>")).await;
    assert_eq!(from, by_last_id[2..4]);
    let (whole, more, _) = page(&[], "<limitResults>1000</limitResults>").await;
    assert_eq!((whole.len(), more.as_str()), (250, "false"));
    for bad in [
        "<limitResults>0</limitResults>",
        "<limitResults>1001</limitResults>",
        "<limitResults>x</limitResults>",
        "<startFromOffset>0</startFromOffset>",
        "<startFromId>-1</startFromId>",
        "<limit>5</limit>",
    ] {
        assert_code(&post(&gateway, KEYS, &search(&[], bad)).await.expect(200), "INVALID_REQUEST");
    }
}

#[tokio::test]
async fn fields_limit_the_rows() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!({"id": 7, "title": "t", "licenses": ["VM"], "tags": [7_340_002], "countUsed": 1}))
        .await;
    let answer =
        post(&gateway, &format!("{KEYS}?fields=title,tags.list.Tag.name,nothing"), "<ServiceRequest/>").await;
    let row = answer.text().split_once("<AgentActKey>").unwrap().1.split_once("</AgentActKey>").unwrap().0;
    let row: String = row.split_whitespace().collect();
    assert_eq!(row, "<title>t</title><tags><list><Tag><name>Production</name></Tag></list></tags>");
    let path = format!("{HOSTS}/?fields=name,agentInfo.agentId,agentInfo.platform");
    let reply =
        call(&gateway, "POST", &path, "<ServiceRequest/>", &[("accept", "application/json")]).await.json();
    let host = &reply["ServiceResponse"]["data"][0]["HostAsset"];
    assert_eq!(host.as_object().unwrap().keys().collect::<Vec<_>>(), ["agentInfo", "name"]);
    assert_eq!(host["agentInfo"].as_object().unwrap().keys().collect::<Vec<_>>(), ["agentId", "platform"]);
}

async fn count(gateway: &Gateway, criteria: &[(&str, &str, &str)]) -> i64 {
    let answer = post(gateway, COUNT, &search(criteria, "")).await.expect(200);
    assert_code(&answer, "SUCCESS");
    text(&answer, "count").parse().unwrap()
}

#[tokio::test]
async fn the_hosts_of_a_key() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!([
            {"id": 1, "activationKey": "one", "title": "First", "countUsed": 5, "activeAgents": 3, "tags": [7_340_002, 7_340_030]},
            {"id": 2, "activationKey": "two", "countUsed": 130}
        ]))
        .await;
    let of = |key: &'static str| [("tagName", "EQUALS", "Cloud Agent"), ("activationKey", "EQUALS", key)];
    assert_eq!(count(&gateway, &of("one")).await, 5);
    assert_eq!(count(&gateway, &of("two")).await, 130);
    assert_eq!(count(&gateway, &[]).await, 135);
    let answer = post(&gateway, HOSTS, &search(&of("one"), "")).await.expect(200);
    assert!(answer.text().contains("/qps/xsd/2.0/am/hostasset.xsd"));
    assert_eq!(texts(&answer, "status").iter().filter(|status| *status == "STATUS_ACTIVE").count(), 3);
    assert_eq!(texts(&answer, "status").iter().filter(|status| *status == "STATUS_INACTIVE").count(), 2);
    assert_eq!(texts(&answer, "activationId"), vec!["one"; 5]);
    assert_eq!(texts(&answer, "title"), vec!["First"; 5]);
    // A key gives its agents only tags without a rule.
    let host = texts(&answer, "TagSimple").len() / 5;
    assert_eq!(host, 2);
    assert!(answer.text().contains("<name>Production</name>") && !answer.text().contains("Internet facing"));
    // A key shows the agents that hosts have.
    let seen = call(&gateway, "GET", "/qps/rest/1.0/get/ca/agentactkey/1", "", &[]).await;
    assert_eq!(texts(&seen, "uuid"), texts(&answer, "agentId"));
    let first = texts(&seen, "AgentAsset")[0].split("</id>").next().unwrap().trim().replace("<id>", "");
    let one = call(&gateway, "GET", &format!("/qps/rest/2.0/get/am/hostasset/{first}"), "", &[]).await;
    assert_code(&one, "SUCCESS");
    assert_eq!(text(&one, "agentId"), texts(&answer, "agentId")[0]);
    assert_code(
        &call(&gateway, "GET", "/qps/rest/2.0/get/am/hostasset/1", "", &[]).await,
        "OBJECT_NOT_FOUND",
    );

    let page = post(&gateway, HOSTS, &search(&of("two"), "")).await.expect(200);
    assert_eq!((text(&page, "count").as_str(), text(&page, "hasMoreRecords").as_str()), ("100", "true"));
    let last = text(&page, "lastId");
    let rest = [("activationKey", "EQUALS", "two"), ("id", "GREATER", last.as_str())];
    let page = post(&gateway, HOSTS, &search(&rest, "")).await.expect(200);
    assert_eq!((text(&page, "count").as_str(), text(&page, "hasMoreRecords").as_str()), ("30", "false"));

    let name = texts(&answer, "dnsHostName")[0].clone();
    for (field, operator, value, hits) in [
        ("name", "EQUALS", name.as_str(), 1),
        ("name", "CONTAINS", name.to_uppercase().as_str(), 1),
        ("netbiosName", "EQUALS", name.to_uppercase().as_str(), 1),
        ("tagName", "EQUALS", "Production", 5),
        ("tagName", "NOT EQUALS", "Production", 130),
        ("tagId", "EQUALS", "7340002", 5),
        ("tagId", "NOT EQUALS", "7340002", 130),
        ("qwebHostId", "EQUALS", text(&one, "qwebHostId").as_str(), 1),
        ("address", "EQUALS", text(&one, "address").as_str(), 1),
        ("agentUuid", "EQUALS", text(&one, "agentId").as_str(), 1),
        ("trackingMethod", "IN", "IP,QAGENT", 135),
        ("trackingMethod", "EQUALS", "IP", 0),
        ("created", "LESSER", "2020-01-01T00:00:00Z", 0),
        ("lastCheckedIn", "GREATER", "2020-01-01T00:00:00Z", 135),
    ] {
        assert_eq!(count(&gateway, &[(field, operator, value)]).await, hits, "{field} {operator} {value}");
    }
}

#[tokio::test]
async fn agents_move_to_another_key() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!([
            {"id": 1, "activationKey": "one", "countUsed": 6, "activeAgents": 4, "tags": [7_340_002]},
            {"id": 2, "activationKey": "two", "countUsed": 3},
            {"id": 3, "activationKey": "three"}
        ]))
        .await;
    let change = |criteria: &[(&str, &str, &str)], key: &str| {
        let data =
            format!("<data><ChangeActKey><newActivationKey>{key}</newActivationKey></ChangeActKey></data>");
        search(criteria, "").replace("<preferences></preferences>", &data)
    };
    let used = async || {
        let keys = gateway.stored().await;
        let number = |key: &Value, name: &str| key[name].as_i64().unwrap();
        keys.iter().map(|key| (number(key, "countUsed"), number(key, "activeAgents"))).collect::<Vec<_>>()
    };
    let moved = async |criteria: &[(&str, &str, &str)], key: &str| {
        let answer = post(&gateway, CHANGE, &change(criteria, key)).await.expect(200);
        assert_code(&answer, "SUCCESS");
        text(&answer, "count")
    };
    // By id, out of the middle of the agents of a key: the first four report, so two of these three do.
    let hosts = post(&gateway, HOSTS, &search(&[("activationKey", "EQUALS", "one")], "")).await;
    let ids = texts(&hosts, "qwebHostId")
        .iter()
        .map(|id| id.parse::<i64>().unwrap() - 4_000_000)
        .collect::<Vec<_>>();
    let wanted = format!("{},{},{}", ids[2], ids[3], ids[4]);
    assert_eq!(moved(&[("id", "IN", &wanted)], "three").await, "3");
    assert_eq!(used().await, [(3, 2), (3, 3), (3, 2)]);
    assert_eq!(count(&gateway, &[("activationKey", "EQUALS", "three")]).await, 3);
    // By key: all that are left, with a slash at the end of the path as the guide prints it.
    let body = change(&[("activationKey", "EQUALS", "one")], "two");
    assert_eq!(text(&post(&gateway, &format!("{CHANGE}/"), &body).await, "count"), "3");
    assert_eq!(used().await, [(0, 0), (6, 5), (3, 2)]);
    // By tag: the agents keep the tags of their first key. Those that are there already stay.
    assert_eq!(moved(&[("tagName", "EQUALS", "Production")], "two").await, "3");
    assert_eq!(moved(&[("tagName", "EQUALS", "Production")], "two").await, "0");
    assert_eq!(used().await, [(0, 0), (9, 7), (0, 0)]);
    assert_eq!(moved(&[("tagName", "NOT EQUALS", "Production"), ("id", "GREATER", "0")], "one").await, "3");
    assert_eq!(used().await, [(3, 3), (6, 4), (0, 0)]);
    // A key without active agents can be deleted now.
    let answer = post(&gateway, "/qps/rest/1.0/delete/ca/agentactkey/3", "<ServiceRequest/>").await;
    assert_code(&answer, "SUCCESS");

    let before = gateway.stored().await;
    for (criteria, key, code) in [
        (&[("activationKey", "EQUALS", "one")][..], "nowhere", "OBJECT_NOT_FOUND"),
        (&[], "two", "INVALID_REQUEST"),
        (&[("activationKey", "CONTAINS", "one")], "two", "INVALID_REQUEST"),
        (&[("tagName", "IN", "a")], "two", "INVALID_REQUEST"),
        (&[("id", "CONTAINS", "1")], "two", "INVALID_REQUEST"),
        (&[("name", "EQUALS", "one")], "two", "INVALID_REQUEST"),
        (&[("activationKey", "EQUALS", "one")], "", "INVALID_REQUEST"),
    ] {
        let answer = post(&gateway, CHANGE, &change(criteria, key)).await.expect(200);
        assert_code(&answer, code);
    }
    assert_code(&post(&gateway, CHANGE, &key("")).await, "INVALID_REQUEST");
    assert_eq!(gateway.stored().await, before);
}

#[tokio::test]
async fn tags() {
    const TAGS: &str = "/qps/rest/2.0/search/am/tag";
    let gateway = gateway(&[]).await;
    let answer = post(&gateway, TAGS, "<ServiceRequest/>").await.expect(200);
    assert_eq!(text(&answer, "count"), "12");
    assert!(answer.text().contains("/qps/xsd/2.0/am/tag.xsd"));
    let find = async |criteria: &[(&str, &str, &str)]| {
        texts(&post(&gateway, TAGS, &search(criteria, "")).await.expect(200), "name")
    };
    assert_eq!(
        find(&[("name", "CONTAINS", "unit")]).await,
        ["Business unit: Retail", "Business unit: Finance"]
    );
    assert_eq!(find(&[("id", "EQUALS", "7340031")]).await, ["PCI scope"]);
    assert_eq!(find(&[("ruleType", "NOT EQUALS", "STATIC")]).await.len(), 5);
    let page = post(
        &gateway,
        TAGS,
        &search(&[], "<limitResults>5</limitResults><startFromOffset>6</startFromOffset>"),
    )
    .await;
    assert_eq!((text(&page, "count").as_str(), text(&page, "hasMoreRecords").as_str()), ("5", "true"));
    assert_eq!(text(&page, "lastId"), texts(&page, "id")[4]);
    let one = call(&gateway, "GET", "/qps/rest/2.0/get/am/tag/7340020", "", &[]).await.expect(200);
    assert_eq!(
        (text(&one, "name"), text(&one, "ruleType")),
        ("Site: Hamburg".to_owned(), "NETWORK_RANGE".to_owned())
    );
    assert_code(&call(&gateway, "GET", "/qps/rest/2.0/get/am/tag/5", "", &[]).await, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn networks() {
    const NETWORKS: &str = "/api/2.0/fo/network/";
    let gateway = gateway(&[]).await;
    let list = |answer: &Answer| (texts(answer, "ID"), texts(answer, "NAME"));
    let answer = call(&gateway, "GET", &format!("{NETWORKS}?action=list"), "", &[]).await.expect(200);
    let (ids, names) = list(&answer);
    assert_eq!(
        (ids.len(), ids[0].as_str(), names[0].as_str()),
        (6, "0", "<![CDATA[Global Default Network]]>")
    );
    assert!(answer.text().contains("<!DOCTYPE NETWORK_LIST_OUTPUT"));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = call(&gateway, "POST", NETWORKS, "action=list&ids=64001,64003", &form).await.expect(200);
    assert_eq!(list(&answer).0, ["64001", "64003"]);
    for query in ["", "?action=create", "?action=list&ids=x", "?action=list&name=x"] {
        let answer = call(&gateway, "GET", &format!("{NETWORKS}{query}"), "", &[]).await.expect(400);
        assert!(answer.text().contains("<SIMPLE_RETURN>") && !text(&answer, "TEXT").is_empty());
    }
    let answer = call(&gateway, "GET", NETWORKS, "", &[("authorization", "Basic eDp5")]).await.expect(401);
    assert_eq!(text(&answer, "CODE"), "2000");
}
