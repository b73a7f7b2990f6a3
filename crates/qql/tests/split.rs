//! Filters and splits of random queries, compared with a plain reading of the rules.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use common::*;
use proptest::prelude::*;
use qql::{
    Clause, Clock, Criterion, CriterionOp, Expr, FieldSpec, FieldType, Filter, Logic, Op, Ops, Place, Run,
    Schema, Split, Value, ValueKind,
};

/// Noon of the first day of 1970, so that small numbers are dates nearby.
const CLOCK: Clock = Clock { now_ms: DAY / 2, offset_minutes: 0 };
const DAY: i64 = 86_400_000;

const WORDS: &[&str] =
    &["prod", "Production", "web", "WEB", "v1.2.3", "O'Brien", "Ärzte", "straße", "50", GUID, "7781808c"];
const GUID: &str = "7781808c-1234-4abc-8def-000000000001";
const GUIDS: &[&str] =
    &[GUID, "7781808C-1234-4ABC-8DEF-000000000002", "aaaaaaaa-1234-4abc-8def-000000000003", "aaaa"];
const OWNERS: &[&str] = &["ann", "Ann", "bob smith"];

// ---- Rows ----

fn text() -> impl Strategy<Value = String> {
    let gaps = prop::sample::select(vec![" ", "-", ", ", "/", "  ", "(", "."]);
    prop::collection::vec((prop::sample::select(WORDS), gaps), 0..4)
        .prop_map(|parts| parts.iter().map(|(word, gap)| format!("{word}{gap}")).collect::<String>())
}

fn row() -> impl Strategy<Value = Row> {
    let date = prop_oneof![
        (-3_i32..4).prop_map(Val::Day),
        (-6_i64..7).prop_map(|half| Val::Moment(half * DAY / 2)),
        prop::sample::select(vec!["1970-01-02", "1970-01-01T23:59:59.999", "1969-12-31", ""])
            .prop_map(Val::of),
    ];
    let keys = (
        any::<bool>(),
        prop::collection::vec(-2_i64..4, 0..3),
        0_i64..5,
        prop::option::of(prop::sample::select(GUIDS)),
    );
    let rest = (
        prop::option::of(text()),
        prop::sample::subsequence(LICENCE_VALUES, 0..=3),
        prop::option::of(date),
        prop::option::of(prop::sample::select(OWNERS)),
        prop::collection::vec((prop::option::of(text()), prop::option::of(0_i64..3)), 0..3),
    );
    (keys, rest).prop_map(|((disabled, limits, id, guid), (title, licences, date, owner, tags))| {
        let mut row = Row::default();
        let mut add = |field, value| row.values.push((field, value));
        add(DISABLED, Val::Boolean(disabled));
        limits.into_iter().for_each(|it| add(LIMIT, Val::Integer(it)));
        add(ID, Val::Integer(id));
        guid.into_iter().for_each(|it| add(KEY, Val::of(it)));
        title.into_iter().for_each(|it| add(TITLE, Val::Text(it)));
        licences.into_iter().for_each(|it| add(LICENCES, Val::of(it)));
        date.into_iter().for_each(|it| add(EXPIRES, it));
        owner.into_iter().for_each(|it| add(OWNER, Val::of(it)));
        for (name, id) in tags {
            let mut part = Row::default();
            name.into_iter().for_each(|it| part.values.push((TAG_NAME, Val::Text(it))));
            id.into_iter().for_each(|it| part.values.push((TAG_ID, Val::Integer(it))));
            row.parts.push((TAGS, part));
        }
        row
    })
}

// ---- Queries ----

fn quoted(plain: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (plain, 0..4).prop_map(|(text, quote)| match quote {
        1 => format!("`{text}`"),
        2 if !text.contains('\'') => format!("'{text}'"),
        _ => format!("\"{text}\""),
    })
}

/// The value of a clause about a list of things, one of them, or none.
fn listed(item: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => item.clone(),
        1 => prop::collection::vec(item, 1..4).prop_map(|items| format!("[{}]", items.join(", "))),
        1 => Just("\"\"".to_owned()),
    ]
}

fn ordered(name: &'static str, item: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    prop_oneof![
        (prop::sample::select(vec![">", "<", ">=", "<=", "=", ":"]), item.clone())
            .prop_map(move |(op, value)| format!("{name} {op} {value}")),
        listed(item.clone()).prop_map(move |value| format!("{name}: {value}")),
        (item.clone(), item, any::<bool>()).prop_map(move |(low, high, is_square)| {
            let (open, close) = if is_square { ('[', ']') } else { ('(', ')') };
            format!("{name}: {open}{low} .. {high}{close}")
        }),
    ]
}

fn clause() -> impl Strategy<Value = String> {
    let of = |name: &'static str, value: BoxedStrategy<String>| {
        listed(value).prop_map(move |value| format!("{name}: {value}")).boxed()
    };
    let pick = |from: &'static [&'static str]| prop::sample::select(from).prop_map(str::to_owned);
    let words = prop::collection::vec(
        pick(&[
            "pro",
            "production",
            "WEB",
            "we",
            "ärz",
            "STRASSE",
            "straße",
            "7781808c-12",
            "4abc",
            "1.2",
            "v1",
            "o'b",
            "5",
        ]),
        1..3,
    )
    .prop_map(|words| words.join(" "));
    let title = prop_oneof![words.clone(), quoted(words.clone()), quoted(text()), Just("'-'".to_owned())];
    let guid = prop_oneof![quoted(pick(GUIDS)), pick(&["7781808c", "778", "AAAA", "1234", GUID])];
    let number = (-3_i64..5).prop_map(|it| it.to_string());
    let date = pick(&[
        "1970-01-01",
        "'1970-01-02'",
        "1969-12-30",
        "now",
        "now-1d",
        "now+36h",
        "\"1970-01-01T12:00\"",
        "now-1M+4w",
    ]);
    let spoken = pick(&["in 2 days", "'next 1 week'", "last 3 days", "today", "Yesterday", "1 days ago"]);
    prop_oneof![
        2 => of("activationKey.isDisabled", pick(&["true", "\"false\"", "FALSE"]).boxed()),
        3 => ordered("activationKey.countPurchased", number.clone()),
        3 => ordered("qualys.agent.activationKey.id", number.clone()),
        2 => of("activationKey", guid.boxed()),
        3 => of("title", title.clone().boxed()),
        2 => of("licenses", prop_oneof![pick(&["vm", "PA", "x"]), quoted(pick(&["VM", "pm"]))].boxed()),
        2 => ordered("expires", date),
        2 => of("expires", spoken.boxed()),
        1 => of("owner", prop_oneof![pick(&["ann", "bob smith"]), quoted(pick(OWNERS))].boxed()),
        1 => (title, number, prop::sample::select(vec!["AND", "OR", "AND NOT"]))
            .prop_map(|(name, id, join)| format!("tags: (name: {name} {join} id: {id})")),
    ]
}

fn query() -> impl Strategy<Value = String> {
    clause().prop_recursive(4, 16, 4, |inner| {
        let chain = |join: &'static str| {
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(move |terms| format!("({})", terms.join(join)))
        };
        prop_oneof![
            3 => chain(" AND "),
            2 => chain(" OR "),
            2 => inner.clone().prop_map(|inner| format!("NOT {inner}")),
            1 => (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("{a} OR {b} AND {c}")),
        ]
    })
}

/// Any part of the operators of each field for the server.
fn fields() -> impl Strategy<Value = Vec<FieldSpec<'static>>> {
    const EACH: [Ops; 10] = [
        Ops::MATCH,
        Ops::EXACT,
        Ops::LIST,
        Ops::RANGE,
        Ops::GT,
        Ops::LT,
        Ops::GE,
        Ops::LE,
        Ops::NOT,
        Ops::CONTAINS,
    ];
    let ops = prop::sample::subsequence(&EACH, 0..=EACH.len())
        .prop_map(|ops| ops.iter().fold(Ops::NONE, |all, it| all.and(*it)));
    // A lot of the servers answer everything, else few queries would be sent as a whole.
    let ops = prop_oneof![ops, Just(EACH.iter().fold(Ops::NONE, |all, it| all.and(*it)))];
    let places = prop::collection::vec((prop::bool::weighted(0.7), ops), FIELDS.len());
    places.prop_map(|places| {
        FIELDS
            .iter()
            .zip(places)
            .map(|(field, (is_server, server_ops))| {
                let place = if is_server { Place::Server } else { Place::Browser };
                // The dates of a criteria server are not part of the reading below.
                FieldSpec { place, server_ops, ..*field }
            })
            .collect()
    })
}

// ---- The rules, read plainly ----

fn holds(expr: &Expr, row: &Row, outer: Option<&str>) -> bool {
    match expr {
        Expr::And(terms) => terms.iter().all(|term| holds(term, row, outer)),
        Expr::Or(terms) => terms.iter().any(|term| holds(term, row, outer)),
        Expr::Not(inner) => !holds(inner, row, outer),
        Expr::Nested { field, inner, .. } => {
            row.parts.iter().any(|(_, part)| holds(inner, part, Some(&field.text)))
        }
        Expr::Clause(clause) => {
            let name = clause.field.text.trim_start_matches("qualys.agent.");
            let name = outer.map_or(name.to_owned(), |outer| format!("{outer}.{name}"));
            let field = FIELDS.iter().find(|it| it.name == name).unwrap();
            value_holds(field, clause.op, &clause.value, row)
        }
    }
}

fn value_holds(field: &FieldSpec<'_>, op: Op, value: &Value, row: &Row) -> bool {
    match &value.kind {
        ValueKind::List(items) => items.iter().any(|item| value_holds(field, op, item, row)),
        ValueKind::Range { low, high, inclusive } => {
            let (above, below) = if *inclusive { (Op::Ge, Op::Le) } else { (Op::Gt, Op::Lt) };
            row.of(field.id)
                .any(|it| one_holds(field.kind, above, low, it) && one_holds(field.kind, below, high, it))
        }
        _ if value.text().unwrap().trim().is_empty() => {
            row.of(field.id).all(|it| matches!(it, Val::Text(text) if text.trim().is_empty()))
        }
        _ => row.of(field.id).any(|it| one_holds(field.kind, op, value, it)),
    }
}

fn one_holds(kind: FieldType, op: Op, value: &Value, it: &Val) -> bool {
    let wanted = value.text().unwrap();
    let is_exact = matches!(value.kind, ValueKind::Exact(_));
    match (kind, it) {
        (FieldType::Integer, Val::Integer(it)) => compares(op, it.cmp(&wanted.trim().parse().unwrap())),
        (FieldType::Boolean, Val::Boolean(it)) => wanted.to_lowercase() == it.to_string(),
        (FieldType::Date, it) => date_holds(op, wanted, it),
        (FieldType::Id, Val::Text(it)) => it == wanted,
        (FieldType::Keyword, Val::Text(it)) if is_exact => it == wanted,
        (FieldType::Keyword, Val::Text(it)) => it.to_lowercase() == wanted.to_lowercase(),
        (FieldType::Guid, Val::Text(it)) if is_exact => it.to_lowercase() == wanted.to_lowercase(),
        (FieldType::Guid, Val::Text(it)) => it.to_lowercase().starts_with(&wanted.to_lowercase()),
        (FieldType::Text, Val::Text(it)) if is_exact => it == wanted,
        (FieldType::Text, Val::Text(it)) => {
            let (words, wanted_words) = (words(it), query_words(wanted));
            if wanted_words.is_empty() {
                return it.contains(wanted.trim());
            }
            if let ValueKind::Quoted(_) = value.kind {
                let is_here =
                    |place: &[String]| place.iter().zip(&wanted_words).all(|(word, it)| word.starts_with(it));
                return words.windows(wanted_words.len()).any(is_here);
            }
            wanted_words.iter().all(|it| words.iter().any(|word| word.starts_with(it)))
        }
        _ => panic!("{kind:?} {it:?}"),
    }
}

fn compares(op: Op, order: std::cmp::Ordering) -> bool {
    match op {
        Op::Match | Op::Eq => order.is_eq(),
        Op::Gt => order.is_gt(),
        Op::Lt => order.is_lt(),
        Op::Ge => order.is_ge(),
        Op::Le => order.is_le(),
    }
}

/// First and last moment of what the queries above write. All records are days or half days.
fn date_holds(op: Op, wanted: &str, it: &Val) -> bool {
    let (first, last) = match wanted {
        "1970-01-01" => (0, DAY - 1),
        "1970-01-02" => (DAY, 2 * DAY - 1),
        "1969-12-30" => (-2 * DAY, -DAY - 1),
        "now" => (DAY / 2, DAY / 2),
        "now-1d" => (-DAY, -1),
        "now+36h" => (2 * DAY, 2 * DAY),
        "1970-01-01T12:00" => (DAY / 2, DAY / 2 + 59_999),
        // 1969-12-01 and 28 days.
        "now-1M+4w" => (-3 * DAY, -2 * DAY - 1),
        "in 2 days" => (DAY / 2, 3 * DAY - 1),
        "next 1 week" => (DAY / 2, 8 * DAY - 1),
        "last 3 days" => (-3 * DAY, DAY / 2),
        "today" => (0, DAY - 1),
        "Yesterday" | "1 days ago" => (-DAY, -1),
        _ => panic!("{wanted}"),
    };
    let (it, unit) = match it {
        Val::Day(day) => (i64::from(*day), DAY),
        Val::Moment(it) => (*it, 1),
        Val::Text(text) => match text.as_str() {
            "1970-01-02" => (1, DAY),
            "1970-01-01T23:59:59.999" => (DAY - 1, 1),
            "1969-12-31" => (-1, DAY),
            _ => return false,
        },
        it => panic!("{it:?}"),
    };
    let (first, last) = (first.div_euclid(unit), last.div_euclid(unit));
    match op {
        Op::Match | Op::Eq => first <= it && it <= last,
        Op::Gt => last < it,
        Op::Lt => it < first,
        Op::Ge => first <= it,
        Op::Le => it <= last,
    }
}

const SEPARATORS: &[char] =
    &[',', '-', ';', '?', '@', '$', '%', '&', '/', '\\', '(', ')', '[', ']', '{', '}', ' '];

/// What stands from the beginning of each word on, in lower case. A word begins behind a separator, but not inside a
/// GUID.
fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    let ends_at = |idx: usize| chars.get(idx).is_none_or(|it| SEPARATORS.contains(it));
    let mut words = Vec::new();
    let mut free_from = 0;
    for (idx, letter) in chars.iter().enumerate() {
        let is_start = idx == 0 || SEPARATORS.contains(&chars[idx - 1]);
        if !is_start || SEPARATORS.contains(letter) || idx < free_from {
            continue;
        }
        let rest: String = chars[idx..].iter().collect();
        if GUIDS.iter().any(|it| it.len() == GUID.len() && rest.starts_with(&it.to_lowercase()))
            && ends_at(idx + GUID.len())
        {
            free_from = idx + GUID.len();
        }
        words.push(rest);
    }
    words
}

/// The words of a query: what stands between separators, but a GUID and the beginning of one as one word.
fn query_words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let text = text.trim_start_matches(SEPARATORS);
    if text.is_empty() {
        return Vec::new();
    }
    let guids = || GUIDS.iter().map(|it| it.to_lowercase()).filter(|it| it.len() == GUID.len());
    let run = text.split(|it| it != '-' && SEPARATORS.contains(&it)).next().unwrap().trim_end_matches('-');
    let word = text.split(SEPARATORS).next().unwrap().to_owned();
    let whole = guids().find(|it| run == it || run.starts_with(&format!("{it}-")));
    let has_place = |(it, like): (char, char)| if like == '-' { it == '-' } else { it.is_ascii_hexdigit() };
    let is_start = (9..=GUID.len()).contains(&run.len()) && run.chars().zip(GUID.chars()).all(has_place);
    let start = is_start.then(|| run.to_owned());
    let word = whole.or(start).unwrap_or(word);
    let rest = query_words(&text[word.len()..]);
    [word].into_iter().chain(rest).collect()
}

// ---- Servers ----

/// Whether the server may be asked this, and what it answers.
fn check_full(expr: &Expr, is_negated: bool, schema: &Schema<'_>, outer: Option<&str>) {
    match expr {
        Expr::And(terms) | Expr::Or(terms) => {
            terms.iter().for_each(|term| check_full(term, is_negated, schema, outer));
        }
        Expr::Not(inner) => check_full(inner, !is_negated, schema, outer),
        Expr::Nested { field, inner, .. } => {
            let spec = schema.field(&field.text).unwrap();
            assert!(spec.place == Place::Server && spec.server_ops.has(Ops::MATCH));
            assert!(!is_negated || spec.server_ops.has(Ops::NOT));
            check_full(inner, is_negated, schema, Some(&field.text));
        }
        Expr::Clause(Clause { field, op, value, .. }) => {
            let name = outer.map_or(field.text.clone(), |outer| format!("{outer}.{}", field.text));
            let spec = schema.field(&name).unwrap();
            assert_eq!(spec.place, Place::Server);
            assert!(!is_negated || spec.server_ops.has(Ops::NOT));
            let is_text =
                matches!(spec.kind, FieldType::Text | FieldType::Keyword | FieldType::Id | FieldType::Guid);
            let needed = match (op, &value.kind) {
                (Op::Gt, _) => Ops::GT,
                (Op::Lt, _) => Ops::LT,
                (Op::Ge, _) => Ops::GE,
                (Op::Le, _) => Ops::LE,
                (_, ValueKind::List(_)) => Ops::LIST,
                (_, ValueKind::Range { .. }) => Ops::RANGE,
                (_, ValueKind::Exact(_)) if is_text => Ops::EXACT,
                _ => Ops::MATCH,
            };
            assert!(spec.server_ops.has(needed));
            assert!(spec.kind != FieldType::Date || !format!("{value:?}").contains("now"));
        }
    }
}

fn criterion_holds(criterion: &Criterion, schema: &Schema<'_>, row: &Row) -> bool {
    let Criterion { field, op, values, negated } = criterion;
    let field = schema.by_id(*field).unwrap();
    let has = |ops: &[Ops]| ops.iter().any(|it| field.server_ops.has(*it));
    let (is_allowed, n_values) = match op {
        CriterionOp::Equals => (has(&[Ops::MATCH, Ops::EXACT]), 1),
        CriterionOp::In => (has(&[Ops::LIST]), values.len()),
        CriterionOp::Greater => (has(&[Ops::GT]), 1),
        CriterionOp::Less => (has(&[Ops::LT]), 1),
        CriterionOp::GreaterOrEqual => (has(&[Ops::GE]), 1),
        CriterionOp::LessOrEqual => (has(&[Ops::LE]), 1),
        CriterionOp::Contains => (has(&[Ops::CONTAINS]), 1),
        CriterionOp::StartsWith => (has(&[Ops::MATCH]), 1),
    };
    assert!(
        is_allowed && field.place == Place::Server && values.len() == n_values && n_values > 0,
        "{criterion:?}"
    );
    assert!(!negated || (*op == CriterionOp::Equals && has(&[Ops::NOT])), "{criterion:?}");
    let compare = |value: &Val, wanted: &String| match value {
        Val::Integer(it) => it.cmp(&wanted.parse().unwrap()),
        Val::Boolean(it) => it.cmp(&wanted.parse().unwrap()),
        Val::Text(it) if matches!(field.kind, FieldType::Keyword | FieldType::Guid) => {
            it.to_lowercase().cmp(&wanted.to_lowercase())
        }
        Val::Text(it) => it.cmp(wanted),
        it => panic!("{it:?}"),
    };
    let is_met = |value: &Val| {
        values.iter().any(|wanted| match (op, value) {
            (CriterionOp::Equals | CriterionOp::In, _) => compare(value, wanted).is_eq(),
            (CriterionOp::Greater, _) => compare(value, wanted).is_gt(),
            (CriterionOp::Less, _) => compare(value, wanted).is_lt(),
            (CriterionOp::GreaterOrEqual, _) => compare(value, wanted).is_ge(),
            (CriterionOp::LessOrEqual, _) => compare(value, wanted).is_le(),
            (CriterionOp::Contains, Val::Text(it)) => it.to_lowercase().contains(&wanted.to_lowercase()),
            (CriterionOp::StartsWith, Val::Text(it)) => it.to_lowercase().starts_with(&wanted.to_lowercase()),
            (_, it) => panic!("{it:?}"),
        })
    };
    row.of(field.id).any(is_met) != *negated
}

fn read(text: &str) -> Expr {
    let parse = qql::parse(text);
    assert_eq!(parse.errors(), &[], "{text}");
    parse.expr().unwrap()
}

fn check_split(text: &str, schema: &Schema<'_>, logic: Logic, rows: &[Row]) {
    let whole = read(text);
    let Split { server, criteria, rest, clauses } = qql::split(&qql::parse(text), schema, logic).unwrap();
    let context = format!("{logic:?} {text}\n{server:?} {criteria:?} {rest:?}");
    assert!(server.is_some() || rest.is_some());
    assert_eq!(rest.is_none(), clauses.iter().all(|it| it.run == Run::Server), "{context}");
    assert_eq!(server.is_none(), clauses.iter().all(|it| it.run == Run::Browser), "{context}");
    assert_eq!(criteria.is_empty(), logic == Logic::Full || server.is_none(), "{context}");
    assert!(clauses.is_sorted_by_key(|it| it.range.start));
    assert!(logic != Logic::Nothing || server.is_none());
    if logic == Logic::OnePerField {
        assert!(
            criteria
                .iter()
                .enumerate()
                .all(|(idx, it)| criteria[..idx].iter().all(|other| other.field != it.field))
        );
    }
    let has_contains = criteria.iter().any(|it| it.op == CriterionOp::Contains);
    let server = server.map(|it| read(&it));
    let rest = rest.map(|it| Filter::new(&read(&it), schema, CLOCK).unwrap());
    if let (Some(server), Logic::Full) = (&server, logic) {
        check_full(server, false, schema, None);
    }
    for row in rows {
        let in_text = server.as_ref().is_none_or(|it| holds(it, row, None));
        let in_server = match logic {
            Logic::Full => in_text,
            _ => criteria.iter().all(|it| criterion_holds(it, schema, row)),
        };
        let is_same_text = in_text == in_server || has_contains || rest.is_some();
        assert!(is_same_text, "the text is what the criteria say\n{context}\n{row:?}");
        let in_rest = rest.as_ref().is_none_or(|it| it.matches(row));
        assert_eq!(in_server && in_rest, holds(&whole, row, None), "{context}\n{row:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_does_what_the_rules_say(text in query(), rows in prop::collection::vec(row(), 1..12)) {
        let expr = read(&text);
        let schema = schema(&FIELDS);
        prop_assert!(qql::check(&expr, &schema, CLOCK).iter().all(|it| !it.kind.is_fatal()), "{}", text);
        let filter = Filter::new(&expr, &schema, CLOCK).unwrap();
        for row in &rows {
            prop_assert_eq!(filter.matches(row), holds(&expr, row, None), "{}\n{:?}", text, row);
        }
    }

    #[test]
    fn the_parts_have_the_rows_of_the_whole(
        text in query(),
        rows in prop::collection::vec(row(), 1..12),
        fields in fields(),
    ) {
        for logic in [Logic::Full, Logic::Criteria, Logic::OnePerField, Logic::Nothing] {
            check_split(&text, &schema(&fields), logic, &rows);
        }
    }

    #[test]
    fn no_text_and_no_value_makes_it_panic(text in soup(), rows in prop::collection::vec(row(), 1..3), ms: i64, offset: i32) {
        let parse = qql::parse(&text);
        let clock = Clock { now_ms: ms, offset_minutes: offset };
        for unknown in [Place::Nowhere, Place::Server] {
            let schema = Schema { unknown, ..schema(&FIELDS) };
            for logic in [Logic::Full, Logic::Criteria, Logic::OnePerField, Logic::Nothing] {
                prop_assert_eq!(qql::split(&parse, &schema, logic).is_none(), !parse.errors().is_empty());
            }
            let Some(expr) = parse.expr() else { continue };
            for problem in qql::check(&expr, &schema, clock) {
                prop_assert!(text.get(problem.range.clone()).is_some_and(|it| !it.is_empty()));
                if let Some(fix) = &problem.fix {
                    prop_assert!(qql::parse(&fix.apply(&text)).errors().is_empty(), "{} {:?}", text, fix);
                }
            }
            match Filter::new(&expr, &schema, clock) {
                Ok(filter) => rows.iter().for_each(|row| { filter.matches(row); }),
                Err(problems) => prop_assert!(!problems.is_empty() && problems.iter().all(|it| it.kind.is_fatal())),
            }
        }
    }
}

fn soup() -> impl Strategy<Value = String> {
    let names = FIELDS.map(|field| field.name);
    let name = prop_oneof![prop::sample::select(names.to_vec()).prop_map(str::to_owned), "[a-z.]{1,8}"];
    let value = prop_oneof![
        "[ -~é]{0,6}",
        any::<i64>().prop_map(|it| it.to_string()),
        "now[-+][0-9]{1,7}[smhdwMy]",
        "[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9])?",
        "'[^']{0,4}'",
        "\"\\PC{0,6}\"",
        "`[^`]{0,3}`",
    ];
    let value = prop_oneof![
        3 => value.clone(),
        1 => prop::collection::vec(value.clone(), 1..3).prop_map(|it| format!("[{}]", it.join(","))),
        1 => (value.clone(), value).prop_map(|(low, high)| format!("[{low} .. {high}]")),
    ];
    let op = prop::sample::select(vec![":", ":", ":", ">", "<=", "="]);
    let clause = (name, op, value).prop_map(|(name, op, value)| format!("{name} {op} {value}"));
    let join = prop::sample::select(vec![" AND ", " OR ", " AND NOT ", " OR (", ") AND "]);
    prop::collection::vec((clause, join), 1..4).prop_map(|parts| {
        parts
            .iter()
            .enumerate()
            .map(|(idx, (it, join))| if idx == 0 { it.clone() } else { format!("{join}{it}") })
            .collect()
    })
}
