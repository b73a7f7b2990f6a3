//! The QPS API: the printed samples of the notes of 2021, and what was recorded of its siblings.
//!
//! What the samples leave aside: the printed name of the schema is an older form than the one the same notes give for
//! the XSD, and GUIDs are broken over two lines by the page.

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Answer, Gateway, gateway};

pub(crate) const KEYS: &str = "/qps/rest/1.0/search/ca/agentactkey/";
pub(crate) const CREATE: &str = "/qps/rest/1.0/create/ca/agentactkey/";
pub(crate) const CHANGE: &str = "/qps/rest/1.0/cak/ca/changeactkey";
pub(crate) const HOSTS: &str = "/qps/rest/2.0/search/am/hostasset";
pub(crate) const COUNT: &str = "/qps/rest/2.0/count/am/hostasset";

/// A call as the samples make it, with further headers; an empty value leaves a header of the samples out.
pub(crate) async fn call(
    gateway: &Gateway,
    method: &str,
    path: &str,
    body: &str,
    more: &[(&str, &str)],
) -> Answer {
    let basic = format!("Basic {}", STANDARD.encode("demo:demo"));
    let usual = [
        ("host", "qualysapi.qualys.com"),
        ("authorization", basic.as_str()),
        ("x-requested-with", "curl"),
        ("content-type", "text/xml"),
    ];
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name)) {
        request = request.header(*name, *value);
    }
    for (name, value) in more.iter().filter(|(_, value)| !value.is_empty()) {
        request = request.header(*name, *value);
    }
    gateway.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

pub(crate) async fn post(gateway: &Gateway, path: &str, body: &str) -> Answer {
    call(gateway, "POST", path, body, &[]).await
}

/// The same in JSON both ways.
pub(crate) async fn post_json(gateway: &Gateway, path: &str, body: &Value) -> Value {
    let json = [("content-type", "application/json"), ("accept", "application/json")];
    let answer = call(gateway, "POST", path, &body.to_string(), &json).await.expect(200);
    assert_eq!(answer.header(header::CONTENT_TYPE), Some("application/json"));
    answer.json()
}

/// The texts of all elements with a name, in their order.
pub(crate) fn texts(answer: &Answer, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = answer.text().split(&open).skip(1);
    parts.filter_map(|part| part.split_once(&close).map(|(text, _)| text.to_owned())).collect()
}

/// The text of the only element with a name.
#[track_caller]
pub(crate) fn text(answer: &Answer, name: &str) -> String {
    let all = texts(answer, name);
    assert_eq!(all.len(), 1, "<{name}> in {}", answer.text());
    all[0].clone()
}

#[track_caller]
pub(crate) fn assert_code(answer: &Answer, code: &str) {
    assert_eq!(text(answer, "responseCode"), code, "{}", answer.text());
}

/// A request of criteria, and of preferences in XML.
pub(crate) fn search(criteria: &[(&str, &str, &str)], preferences: &str) -> String {
    let criteria: String = criteria
        .iter()
        .map(|(field, operator, value)| {
            format!(r#"<Criteria field="{field}" operator="{operator}">{value}</Criteria>"#)
        })
        .collect();
    format!(
        "<ServiceRequest><filters>{criteria}</filters><preferences>{preferences}</preferences></ServiceRequest>"
    )
}

pub(crate) fn key(fields: &str) -> String {
    format!("<ServiceRequest><data><AgentActKey>{fields}</AgentActKey></data></ServiceRequest>")
}

/// Without the blanks between elements, which have no meaning.
pub(crate) fn tight(text: &str) -> String {
    let mut res = String::new();
    for line in text.lines() {
        res.push_str(line.trim());
    }
    res
}

#[track_caller]
fn assert_reply(answer: &Answer, envelope: &str) {
    let start = r#"<?xml version="1.0" encoding="UTF-8"?><ServiceResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://qualysapi.qualys.com/qps/xsd/1.0/ca/agentactkey.xsd">"#;
    assert_eq!(tight(answer.text()), format!("{start}{}</ServiceResponse>", tight(envelope)));
    assert_eq!(answer.header(header::CONTENT_TYPE), Some("application/xml"));
    assert_eq!(answer.header(header::X_FRAME_OPTIONS), Some("SAMEORIGIN"));
}

const OWNED: &str = "<AgentActKey>
    <id>3714801</id>
    <activationKey>3fcd9610-7fa0-4242-b2b7-2d4b24484d3c</activationKey>
    <status>ACTIVE</status>
    <countPurchased>0</countPurchased>
    <countUsed>0</countUsed>
    <datePurchased>2021-05-19T10:57:48Z</datePurchased>
    <type>UNLIMITED</type>
    <title>Owner</title>
    <networkId>0</networkId>
    <isDisabled>false</isDisabled>
    <applyOnAgents>false</applyOnAgents>
    <modules><list><ActivationKeyModule><license>PC_LICENSE</license></ActivationKeyModule></list></modules>
    <suspendSelfPatch>false</suspendSelfPatch>
    <ownerId>381715587</ownerId>
</AgentActKey>";

const UPDATED: &str = "<AgentActKey>
    <id>3617002</id>
    <activationKey>c89d05c2-d30e-4a59-aec3-453605266da5</activationKey>
    <status>ACTIVE</status>
    <countPurchased>0</countPurchased>
    <countUsed>0</countUsed>
    <datePurchased>2021-05-13T15:19:31Z</datePurchased>
    <type>UNLIMITED</type>
    <title>Update from APIfim owner1</title>
    <networkId>0</networkId>
    <isDisabled>false</isDisabled>
    <applyOnAgents>false</applyOnAgents>
    <suspendSelfPatch>false</suspendSelfPatch>
    <ownerId>364812443</ownerId>
</AgentActKey>";

/// The key the samples create, update and find again.
async fn plant_3617002(gateway: &Gateway, title: &str) {
    let fields = json!({
        "id": 3_617_002, "title": title, "activationKey": "c89d05c2-d30e-4a59-aec3-453605266da5",
        "datePurchased": "2021-05-13T15:19:31", "licenses": ["PA"], "ownerId": 364_812_443
    });
    gateway.plant(fields).await;
}

async fn plant_3714801(gateway: &Gateway) {
    let fields = json!({
        "id": 3_714_801, "title": "Owner", "activationKey": "3fcd9610-7fa0-4242-b2b7-2d4b24484d3c",
        "datePurchased": "2021-05-19T10:57:48", "licenses": ["PA"], "ownerId": 381_715_587
    });
    gateway.plant(fields).await;
}

#[tokio::test]
async fn create_sample() {
    let gateway = gateway(&[]).await;
    let answer = post(
        &gateway,
        CREATE,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ServiceRequest>
    <data>
        <AgentActKey>
            <title>Owner</title>
            <countPurchased>0</countPurchased>
            <type>UNLIMITED</type>
            <ownerId>364812443</ownerId>
            <modules>
                <list>
                    <ActivationKeyModule>
                        <license>PC_LICENSE</license>
                    </ActivationKeyModule>
                </list>
            </modules>
        </AgentActKey>
    </data>
</ServiceRequest>"#,
    )
    .await
    .expect(200);
    // Id, GUID and time are the gateway's own.
    let (id, guid) = (text(&answer, "id"), text(&answer, "activationKey"));
    let created = text(&answer, "datePurchased");
    assert!(created.len() == 20 && created.ends_with('Z'), "{created}");
    let row = OWNED
        .replace("3714801", &id)
        .replace("3fcd9610-7fa0-4242-b2b7-2d4b24484d3c", &guid)
        .replace("2021-05-19T10:57:48Z", &created)
        .replace("381715587", "364812443");
    assert_reply(&answer, &format!("<responseCode>SUCCESS</responseCode><count>1</count><data>{row}</data>"));
    // The gateway API shows the same key.
    let seen = gateway.get(&id.parse().unwrap()).await;
    assert_eq!((&seen["activationKey"], &seen["licenses"]), (&json!(guid), &json!(["PA"])));
}

#[tokio::test]
async fn update_sample() {
    let gateway = gateway(&[]).await;
    plant_3617002(&gateway, "Owner").await;
    let answer = post(
        &gateway,
        "/qps/rest/1.0/update/ca/agentactkey/",
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ServiceRequest>
   <data>
      <AgentActKey>
         <id>3617002</id>
         <title>Update from APIfim owner1</title>
          <status>ACTIVE</status>
         <countPurchased>1</countPurchased>
         <expireDate>2021-12-06T23:05:42Z</expireDate>
         <type>UNLIMITED</type>
         <ownerId>364812443</ownerId>
         <isDisabled>false</isDisabled>
         <modules>
            <list>
               <ActivationKeyModule>
                  <license>FIM</license>
               </ActivationKeyModule>
            </list>
         </modules>
          <tags>
            <list>
               <Tag>
                  <id>103180087</id>
                  <name>Tag2</name>
               </Tag>
            </list>
         </tags>
         <agents>
            <list />
         </agents>
      </AgentActKey>
   </data>
</ServiceRequest>"#,
    )
    .await
    .expect(200);
    assert_reply(
        &answer,
        &format!("<responseCode>SUCCESS</responseCode><count>1</count><data>{UPDATED}</data>"),
    );
}

#[tokio::test]
async fn search_sample() {
    let gateway = gateway(&[]).await;
    let first = json!({
        "id": 3_473_802, "activationKey": "381cb3fe-6d7d-41f7-9142-26e6e14c56ee",
        "datePurchased": "2021-04-20T11:52:57"
    });
    gateway.plant(first).await;
    let agent = |id: u32, uuid: &str, name: &str| json!({"keyId": 3_473_802, "id": id, "uuid": uuid, "name": name, "counted": false});
    let agents = json!([
        agent(8_409_005, "c67c64c9-0623-4d18-8de6-b2392f9464f3", "test_linux_1619075506543_49"),
        agent(8_390_993, "e450a841-c70a-4a89-a476-bd3681a8ffff", "test_windows_1618919635655_76"),
        agent(8_390_994, "a11f7007-0b1e-49e5-802b-d497203aae63", "test_windows_1618919641938_75"),
        agent(8_390_995, "b59ebf2e-4780-460f-80ed-130370ad13ee", "test_linux_1618919800790_0"),
    ]);
    gateway.call("POST", "/_control/qps/agents", agents).await.expect(201);
    plant_3617002(&gateway, "Update from APIfim owner1").await;
    gateway.call("PATCH", "/_control/keys/3617002", json!({"licenses": []})).await.expect(200);
    plant_3714801(&gateway).await;
    let answer = post(
        &gateway,
        KEYS,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<ServiceRequest>\n</ServiceRequest>\n",
    )
    .await
    .expect(200);
    let agents = "<agents><list>
        <AgentAsset><id>8409005</id><uuid>c67c64c9-0623-4d18-8de6-b2392f9464f3</uuid><name>test_linux_1619075506543_49</name></AgentAsset>
        <AgentAsset><id>8390993</id><uuid>e450a841-c70a-4a89-a476-bd3681a8ffff</uuid><name>test_windows_1618919635655_76</name></AgentAsset>
        <AgentAsset><id>8390994</id><uuid>a11f7007-0b1e-49e5-802b-d497203aae63</uuid><name>test_windows_1618919641938_75</name></AgentAsset>
        <AgentAsset><id>8390995</id><uuid>b59ebf2e-4780-460f-80ed-130370ad13ee</uuid><name>test_linux_1618919800790_0</name></AgentAsset>
    </list></agents>";
    let first = format!(
        "<AgentActKey>
            <id>3473802</id>
            <activationKey>381cb3fe-6d7d-41f7-9142-26e6e14c56ee</activationKey>
            <status>ACTIVE</status>
            <countPurchased>0</countPurchased>
            <countUsed>0</countUsed>
            <datePurchased>2021-04-20T11:52:57Z</datePurchased>
            <type>UNLIMITED</type>
            <networkId>0</networkId>
            <isDisabled>false</isDisabled>
            <applyOnAgents>false</applyOnAgents>
            {agents}
            <suspendSelfPatch>false</suspendSelfPatch>
        </AgentActKey>"
    );
    let envelope = format!(
        "<responseCode>SUCCESS</responseCode><count>3</count><hasMoreRecords>false</hasMoreRecords>\
         <data>{first}{UPDATED}{OWNED}</data>"
    );
    assert_reply(&answer, &envelope);
}

/// By GET as printed, and by POST as the guide allows.
#[tokio::test]
async fn get_sample() {
    let gateway = gateway(&[]).await;
    plant_3714801(&gateway).await;
    for (method, body) in [("GET", ""), ("POST", "<ServiceRequest/>")] {
        let path = "/qps/rest/1.0/get/ca/agentactkey/3714801";
        let answer = call(&gateway, method, path, body, &[("content-type", "")]).await.expect(200);
        assert_reply(
            &answer,
            &format!("<responseCode>SUCCESS</responseCode><count>1</count><data>{OWNED}</data>"),
        );
    }
}

/// Every part a reply can have, in the order of the XSD.
#[tokio::test]
async fn a_full_key_in_both_languages() {
    let gateway = gateway(&[]).await;
    gateway
        .plant(json!({
            "id": 5, "uuid": "0b7bd5ac-0a5b-4f0c-8a3a-1d1c8f6f2a11", "activationKey": "k", "status": "INACTIVE",
            "countPurchased": 9, "countUsed": 1, "datePurchased": "2021-05-13T15:19:31.5",
            "dateLastUsed": "2022-01-02T03:04:05", "expireDate": "2030-12-31", "expireTime": "23:05:42",
            "title": "<a & b>", "networkId": 64000, "isDisabled": true, "applyToExistingAgents": true,
            "licenses": ["VM", "PC", "SwCA", "EDR", "XYZ"], "tags": [7_340_002, 99], "suspendSelfPatch": true,
            "ownerId": 7
        }))
        .await;
    let path = "/qps/rest/1.0/get/ca/agentactkey/5";
    let answer = call(&gateway, "GET", path, "", &[]).await.expect(200);
    let (agent, uuid, name) =
        ("8390000", texts(&answer, "uuid")[1].clone(), texts(&answer, "name")[2].clone());
    let licences = ["VM_LICENSE", "PC_LICENSE", "SWCA", "EDR", "XYZ"];
    let modules: String = licences
        .iter()
        .map(|code| format!("<ActivationKeyModule><license>{code}</license></ActivationKeyModule>"))
        .collect();
    assert_reply(
        &answer,
        &format!(
            "<responseCode>SUCCESS</responseCode><count>1</count><data><AgentActKey><id>5</id>\
             <uuid>0b7bd5ac-0a5b-4f0c-8a3a-1d1c8f6f2a11</uuid><activationKey>k</activationKey>\
             <status>INACTIVE</status><countPurchased>9</countPurchased><countUsed>1</countUsed>\
             <datePurchased>2021-05-13T15:19:31Z</datePurchased><dateLastUsed>2022-01-02T03:04:05Z</dateLastUsed>\
             <type>COUNT_TIME_LIMITED</type><expireDate>2030-12-31T23:05:42Z</expireDate>\
             <title>&lt;a &amp; b&gt;</title><networkId>64000</networkId><isDisabled>true</isDisabled>\
             <applyOnAgents>true</applyOnAgents><modules><list>{modules}</list></modules>\
             <tags><list><Tag><id>7340002</id><name>Production</name></Tag><Tag><id>99</id><name>Tag 99</name></Tag>\
             </list></tags><agents><list><AgentAsset><id>{agent}</id><uuid>{uuid}</uuid><name>{name}</name>\
             </AgentAsset></list></agents><suspendSelfPatch>true</suspendSelfPatch><ownerId>7</ownerId>\
             </AgentActKey></data>"
        ),
    );
    let answer = call(&gateway, "GET", path, "", &[("accept", "application/json")]).await.expect(200);
    let module = |code: &str| json!({"ActivationKeyModule": {"license": code}});
    assert_eq!(
        answer.json(),
        json!({"ServiceResponse": {"responseCode": "SUCCESS", "count": 1, "data": [{"AgentActKey": {
            "id": 5, "uuid": "0b7bd5ac-0a5b-4f0c-8a3a-1d1c8f6f2a11", "activationKey": "k", "status": "INACTIVE",
            "countPurchased": 9, "countUsed": 1, "datePurchased": "2021-05-13T15:19:31Z",
            "dateLastUsed": "2022-01-02T03:04:05Z", "type": "COUNT_TIME_LIMITED",
            "expireDate": "2030-12-31T23:05:42Z", "title": "<a & b>", "networkId": 64000,
            "isDisabled": "true", "applyOnAgents": "true",
            "modules": {"list": licences.map(module)},
            "tags": {"list": [{"Tag": {"id": 7_340_002, "name": "Production"}}, {"Tag": {"id": 99, "name": "Tag 99"}}]},
            "agents": {"list": [{"AgentAsset": {"id": 8_390_000, "uuid": uuid, "name": name}}]},
            "suspendSelfPatch": "true", "ownerId": 7
        }}]}})
    );
}

/// JSON in and out, with collections as a public client writes them and as replies have them.
#[tokio::test]
async fn json_requests() {
    let gateway = gateway(&[]).await;
    let create = json!({"ServiceRequest": {"data": {"AgentActKey": {
        "title": "j", "type": "COUNT_LIMITED", "countPurchased": 5, "isDisabled": false,
        "modules": {"list": [{"ActivationKeyModule": {"license": "FIM"}}, {"ActivationKeyModule": {"license": "EDR"}}]},
        "tags": {"set": {"TagSimple": [{"id": 7_340_002}, {"id": 7_340_003}]}}
    }}}});
    let key = post_json(&gateway, CREATE, &create).await["ServiceResponse"]["data"][0]["AgentActKey"].clone();
    assert_eq!(key["modules"]["list"][1]["ActivationKeyModule"]["license"], "EDR");
    assert_eq!(key["tags"]["list"].as_array().unwrap().len(), 2);
    let search = json!({"ServiceRequest": {
        "filters": {"Criteria": [{"field": "id", "operator": "EQUALS", "value": key["id"]}, {"field": "isDisabled", "operator": "EQUALS", "value": "false"}]},
        "preferences": {"limitResults": 1}
    }});
    let reply = post_json(&gateway, KEYS, &search).await;
    assert_eq!(reply["ServiceResponse"]["hasMoreRecords"], "false");
    assert_eq!(reply["ServiceResponse"]["data"][0]["AgentActKey"], key);
}

#[tokio::test]
async fn the_version_of_the_portal() {
    let gateway = gateway(&[]).await;
    let answer = call(&gateway, "GET", "/qps/rest/portal/version", "", &[]).await.expect(200);
    assert_code(&answer, "SUCCESS");
    assert!(answer.text().contains("/qps/xsd/version.xsd"));
    assert_eq!(text(&answer, "CA-VERSION"), "2.5.0.0");
    assert!(answer.text().find("<Portal-Version>").unwrap() < answer.text().find("<QWeb-Version>").unwrap());
    let json = [("accept", "application/json")];
    let answer = call(&gateway, "GET", "/qps/rest/portal/version", "", &json).await.expect(200).json();
    assert_eq!(answer["ServiceResponse"]["data"][0]["Portal-Version"]["CA-VERSION"], "2.5.0.0");
}
