//! Demo keys: the same every time, and of every sort.

use std::collections::HashSet;

use serde_json::Value;

use crate::support::gateway;

#[tokio::test]
async fn the_same_seed_gives_the_same_keys() {
    let stored = async |seed: &str| gateway(&["--keys", "50", "--seed", seed]).await.stored().await;
    assert_eq!(stored("3").await, stored("3").await);
    assert_ne!(stored("3").await, stored("4").await);
}

#[tokio::test]
async fn there_are_keys_of_every_sort() {
    let gateway = gateway(&["--keys", "745"]).await;
    let keys = gateway.stored().await;
    let replies: Vec<Value> = {
        let mut res = Vec::new();
        for key in &keys {
            res.push(gateway.get(&key["id"]).await);
        }
        res
    };
    let today: jiff::civil::Date = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = |key: &Value| {
        let date: jiff::civil::Date = key["expireDate"].as_str()?.parse().unwrap();
        Some((date - today).get_days())
    };
    let number = |key: &Value, name: &str| key[name].as_i64().unwrap();
    let count = |wanted: &dyn Fn(&Value) -> bool| replies.iter().filter(|key| wanted(key)).count();

    for key_type in ["Unlimited", "Count Limited", "Time Limited", "Count Time Limited"] {
        assert!(count(&|key| key["keyType"] == key_type) > 50, "{key_type}");
    }
    assert!(count(&|key| days(key).is_some_and(|days| days < 0)) > 30, "expired");
    assert!(count(&|key| days(key).is_some_and(|days| (0..30).contains(&days))) > 30, "expires soon");
    assert!(count(&|key| days(key).is_some_and(|days| days > 30)) > 100, "expires later");
    assert!(count(&|key| key["expireDate"].is_null()) > 100, "never expires");
    let is_full = |key: &Value| {
        number(key, "countPurchased") > 0 && number(key, "countUsed") == number(key, "countPurchased")
    };
    assert!(count(&is_full) > 20, "full");
    let is_nearly_full = |key: &Value| {
        let limit = number(key, "countPurchased");
        limit > 0 && !is_full(key) && number(key, "countUsed") * 10 >= limit * 9
    };
    assert!(count(&is_nearly_full) > 20, "nearly full");
    assert!(count(&|key| number(key, "countUsed") == 0) > 50, "unused");
    assert!(count(&|key| key["isDisabled"] == true) > 50, "disabled");
    assert!(count(&|key| key["title"] == "") > 5, "blank");
    assert!(count(&|key| key["title"].as_str().unwrap().chars().count() > 60) >= 2, "long");
    assert!(count(&|key| !key["title"].as_str().unwrap().is_ascii()) > 50, "not ASCII");
    assert!(count(&|key| key["tags"] == serde_json::json!([])) > 50, "no tags");
    assert!(count(&|key| key["tags"].as_array().unwrap().len() > 1) > 50, "tags");
    let distinct = |name: &str| replies.iter().map(|key| key[name].to_string()).collect::<HashSet<_>>().len();
    assert!(distinct("userName") >= 5 && distinct("licenses") >= 10 && distinct("networkId") >= 3);
    assert_eq!(distinct("activationKey"), 745);

    for key in &keys {
        let (used, active, limit) =
            (number(key, "countUsed"), number(key, "activeAgents"), number(key, "countPurchased"));
        assert!((0..=used).contains(&active) && (limit == 0 || used <= limit), "{key}");
    }
    let titles: Vec<_> =
        keys.iter().map(|key| key["title"].as_str().unwrap()).filter(|title| !title.is_empty()).collect();
    assert_eq!(titles.iter().collect::<HashSet<_>>().len(), titles.len(), "titles repeat");
}
