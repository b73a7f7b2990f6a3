//! Query semantics: SQL against a plain evaluation of the same rows, and what is refused where.

use qql::{Clause, Expr, Op, Value as QueryValue, ValueKind};
use serde_json::{Value, json};

use crate::support::{Gateway, MANAGE, gateway};

/// All ids that a query finds, over all pages.
async fn found(gateway: &Gateway, query: &str) -> Vec<i64> {
    let mut res = Vec::new();
    for page in 0.. {
        let body = json!({"limit": 200, "pageNumber": page, "query": query});
        let answer = gateway.call("POST", MANAGE, body).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        let reply = answer.json();
        let rows = reply["content"].as_array().unwrap();
        res.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
        if rows.is_empty() {
            assert_eq!(reply["totalCount"], res.len(), "{query}");
            break;
        }
    }
    res
}

/// The plain evaluation: the documented meaning, row by row.
fn holds(expr: &Expr, row: &Value) -> bool {
    match expr {
        Expr::And(parts) => parts.iter().all(|part| holds(part, row)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, row)),
        Expr::Not(inner) => !holds(inner, row),
        Expr::Nested { .. } => panic!("not served"),
        Expr::Clause(clause) => clause_holds(clause, row),
    }
}

fn clause_holds(clause: &Clause, row: &Value) -> bool {
    let field = clause.field.text.trim_start_matches("qualys.agent.");
    let number = |name: &str| row[name].as_i64().unwrap();
    match (field, clause.op) {
        ("activationKey", _) => any(&clause.value, &|value| {
            let guid = row["activationKey"].as_str().unwrap().to_lowercase();
            let wanted = text(value).to_lowercase();
            if matches!(value.kind, ValueKind::Exact(_)) { guid == wanted } else { guid.starts_with(&wanted) }
        }),
        ("activationKey.isDisabled", _) => {
            any(&clause.value, &|value| text(value).eq_ignore_ascii_case("true") == row["isDisabled"])
        }
        (_, op) => {
            let own = number(if field == "activationKey.id" { "id" } else { "countPurchased" });
            any(&clause.value, &|value| match (&value.kind, op) {
                (ValueKind::Range { low, high, inclusive: true }, _) => int(low) <= own && own <= int(high),
                (ValueKind::Range { low, high, inclusive: false }, _) => int(low) < own && own < int(high),
                (_, Op::Match | Op::Eq) => own == int(value),
                (_, Op::Gt) => own > int(value),
                (_, Op::Lt) => own < int(value),
                (_, Op::Ge) => own >= int(value),
                (_, Op::Le) => own <= int(value),
            })
        }
    }
}

fn any(value: &QueryValue, holds: &dyn Fn(&QueryValue) -> bool) -> bool {
    match &value.kind {
        ValueKind::List(items) => items.iter().any(holds),
        _ => holds(value),
    }
}

fn text(value: &QueryValue) -> &str {
    match &value.kind {
        ValueKind::Words(text) | ValueKind::Quoted(text) | ValueKind::Exact(text) => text.trim(),
        other => panic!("{other:?}"),
    }
}

fn int(value: &QueryValue) -> i64 {
    text(value).parse().unwrap()
}

async fn check(gateway: &Gateway, rows: &[Value], query: &str) -> usize {
    let expr = qql::parse(query).expr().unwrap_or_else(|| panic!("{query} has errors"));
    let expected: Vec<i64> =
        rows.iter().filter(|row| holds(&expr, row)).map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(found(gateway, query).await, expected, "{query}");
    expected.len()
}

#[tokio::test]
async fn hand_written_queries() {
    let gateway = gateway(&["--keys", "300"]).await;
    let rows = gateway.stored().await;
    let id = rows[17]["id"].as_i64().unwrap();
    let guid = rows[42]["activationKey"].as_str().unwrap();
    let start = &guid[..8];
    let queries = [
        "activationKey.isDisabled:true".to_owned(),
        "activationKey.isDisabled: \"true\"".to_owned(),
        "activationKey.isDisabled: 'FALSE'".to_owned(),
        "qualys.agent.activationKey.isDisabled: false".to_owned(),
        "NOT activationKey.isDisabled: true".to_owned(),
        "not not activationKey.isDisabled: true".to_owned(),
        "activationKey.isDisabled: [true, false]".to_owned(),
        format!("activationKey.id: {id}"),
        format!("activationKey.id = {id}"),
        format!("activationKey.id >= {id} and activationKey.id < {}", id + 500),
        format!("activationKey.id: [{id}, 5, {}]", rows[3]["id"]),
        "activationKey.countPurchased: 0".to_owned(),
        "activationKey.countPurchased: [50 .. 250]".to_owned(),
        "activationKey.countPurchased: (50 .. 250)".to_owned(),
        "activationKey.countPurchased: [250 .. 50]".to_owned(),
        "activationKey.countPurchased > 100".to_owned(),
        "activationKey.countPurchased <= -5".to_owned(),
        "activationKey.countPurchased: \"100\"".to_owned(),
        format!("activationKey: {guid}"),
        format!("activationKey:{}", guid.to_uppercase()),
        format!("activationKey: \"{start}\""),
        format!("activationKey: `{guid}`"),
        format!("activationKey: `{start}`"),
        format!("activationKey: {}", &guid[4..12]),
        format!("activationKey: [{start}, a, \"0\"]"),
        format!("NOT activationKey: [{start}, a, \"0\"]"),
        // A wildcard of SQL is a plain character here.
        "activationKey: \"%\"".to_owned(),
        "activationKey: \"_\"".to_owned(),
        "activationKey: \"' OR 1=1 --\"".to_owned(),
        // AND before OR, and parentheses before both.
        "activationKey.isDisabled: true OR activationKey.countPurchased: 0 AND activationKey: a".to_owned(),
        "(activationKey.isDisabled: true OR activationKey.countPurchased: 0) AND activationKey: a".to_owned(),
        "NOT (activationKey.isDisabled: true OR activationKey.countPurchased: 0) AND NOT activationKey: a"
            .to_owned(),
        "NOT activationKey.isDisabled: true AND activationKey.countPurchased: 0".to_owned(),
    ];
    for query in &queries {
        check(&gateway, &rows, query).await;
    }
    assert_eq!(check(&gateway, &rows, &format!("activationKey: {guid}")).await, 1);
    assert_eq!(check(&gateway, &rows, &format!("activationKey: `{start}`")).await, 0);
}

/// Small numbers, the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn random_query(random: &mut Random, rows: &[Value], depth: usize) -> String {
    let kind = if depth == 0 { 9 } else { random.below(10) };
    let inner = |random: &mut Random| random_query(random, rows, depth.saturating_sub(1));
    match kind {
        0 | 1 => format!("{} AND {}", inner(random), inner(random)),
        2 | 3 => format!("{} OR {}", inner(random), inner(random)),
        4 => format!("NOT ({})", inner(random)),
        5 => format!("({} or {}) and {}", inner(random), inner(random), inner(random)),
        _ => random_clause(random, rows),
    }
}

fn random_clause(random: &mut Random, rows: &[Value]) -> String {
    let prefix = ["", "qualys.agent."][random.below(2)];
    let row = &rows[random.below(rows.len())];
    let (id, count, guid) = (&row["id"], &row["countPurchased"], row["activationKey"].as_str().unwrap());
    let sign = [":", "=", ">", "<", ">=", "<=", ": "][random.below(7)];
    let rest = match random.below(8) {
        0 => format!("activationKey.isDisabled: {}", ["true", "false", "\"true\""][random.below(3)]),
        1 => format!("activationKey.id {sign} {id}"),
        2 => format!("activationKey.countPurchased{sign}{count}"),
        3 => format!("activationKey.countPurchased: [{} .. {count}]", random.below(500)),
        4 => format!("activationKey.id: ({} .. {id})", rows[0]["id"]),
        5 => format!("activationKey: {}", &guid[..random.below(guid.len()) + 1]),
        6 => format!("activationKey.id: [{id}, {}]", rows[random.below(rows.len())]["id"]),
        _ => format!("activationKey: [`{guid}`, {}]", &guid[..1]),
    };
    format!("{prefix}{rest}")
}

#[tokio::test]
async fn generated_queries() {
    let gateway = gateway(&["--keys", "120", "--seed", "9"]).await;
    let rows = gateway.stored().await;
    let mut random = Random(2026);
    let mut sizes = Vec::new();
    for _ in 0..400 {
        let query = random_query(&mut random, &rows, 4);
        sizes.push(check(&gateway, &rows, &query).await);
    }
    // The queries are no use when they all find everything or nothing.
    assert!(sizes.iter().filter(|&&size| size > 0 && size < 120).count() > 150);
}

#[tokio::test]
async fn what_cannot_be_evaluated_is_refused_at_its_place() {
    let gateway = gateway(&["--keys", "2"]).await;
    for (query, position) in [
        // Comments are the console's own: nothing says that the service knows them.
        ("activationKey.isDisabled: true /* AND activationKey.id: 1 */", 31),
        ("/* activationKey.id: 1 */", 0),
        ("title: x", 0),
        ("activationKey.title: x", 0),
        ("activationKey.isDisabled: true AND activationkey.id: 5", 35),
        ("qualys.agent.activationKey.status: 5", 0),
        ("qualys.activationKey.id: 5", 0),
        ("activationKey.isDisabled: maybe", 26),
        ("activationKey.isDisabled > true", 0),
        ("activationKey.isDisabled: [true .. false]", 26),
        ("activationKey.id: abc", 18),
        ("activationKey.id: 99999999999999999999", 18),
        ("activationKey.id: 1.5", 18),
        ("activationKey.id: \"\"", 18),
        ("activationKey.id > [1, 2]", 19),
        ("activationKey > a", 0),
        ("activationKey: \" \"", 15),
        ("activationKey: [a .. b]", 15),
        ("activationKey: (isDisabled: true)", 0),
        ("activationKey.id: 5 AND (title: \"ü\" OR title: y)", 25),
    ] {
        let answer = gateway.call("POST", MANAGE, json!({"query": query})).await.expect(400).json();
        assert_eq!(answer["position"], position, "{query}: {answer}");
        assert!(!answer["message"].as_str().unwrap().is_empty());
    }
    // Syntax errors are found by the parser; here it only matters that they get a place in the text.
    for query in [
        "activationKey.id: \"5",
        "activationKey.id: 5 AND",
        "(activationKey.id: 5",
        "AND",
        "activationKey.id",
        ")",
        "`",
    ] {
        let answer = gateway.call("POST", MANAGE, json!({"query": query})).await.expect(400).json();
        assert!(answer["position"].as_u64().unwrap() <= query.len() as u64, "{query}: {answer}");
    }
    // In text form the place is in no field, so nothing else may change.
    gateway.switch(json!({"error-body": "legacy"})).await;
    gateway.call("POST", MANAGE, json!({"query": "title: x"})).await.expect(400);
}

/// Sizes that once met SQLite's own limits: each must be answered or refused as the caller's error, never as a 500.
#[tokio::test]
async fn huge_queries_are_answered_or_refused() {
    let gateway = gateway(&["--keys", "3"]).await;
    let clause = "activationKey.isDisabled: true";
    let wide = |count: usize, joint: &str| vec![clause; count].join(joint);
    let list = |count: usize| (0..count).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    for (query, status) in [
        (wide(4_000, " AND "), 200),
        (wide(4_000, " OR "), 200),
        (wide(6_000, " OR "), 400),
        (format!("activationKey.id: [{}]", list(5_000)), 200),
        (format!("activationKey.id: [{}]", list(5_001)), 400),
        (format!("{}{clause}", "NOT ".repeat(100)), 200),
        (format!("{}{clause}{}", "(".repeat(100), ")".repeat(100)), 200),
        (format!("{}{clause}", "(".repeat(100_000)), 400),
        (format!("{}{clause}", "NOT ".repeat(100_000)), 400),
    ] {
        let answer = gateway.call("POST", MANAGE, json!({"query": query})).await;
        assert_eq!(answer.status, status, "{}… {}", &query[..40], answer.text());
    }
    // Each level adds several to the depth of the condition; somewhere on the way it is too much for SQLite.
    let (mut nested, mut statuses) = (clause.to_owned(), Vec::new());
    for level in 1..=125 {
        nested = format!("({nested}) AND {} OR {}", wide(19, " AND "), wide(19, " OR "));
        if level % 12 != 0 {
            continue;
        }
        let answer = gateway.call("POST", MANAGE, json!({"query": nested})).await;
        assert!([200, 400].contains(&answer.status.as_u16()), "level {level}: {}", answer.text());
        statuses.push(answer.status.as_u16());
    }
    assert!(statuses.is_sorted() && statuses.contains(&200) && statuses.contains(&400), "{statuses:?}");
}
