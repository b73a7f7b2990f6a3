#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use futures_executor::block_on;
use proptest::prelude::*;

use super::*;
use crate::domain::{Fields, Secret};
use crate::files::{self, Kind, Sheet};
use crate::systems::{Draft, System};

/// As every system spells one; none of them has a bullet.
const VALUE: &str = "12ba12bc-effd-12e3-1234-12345ac12345";

fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap()
}

/// Text that is hard on files: formulas, dividers, words that mean something.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"[='+\-@ \t\r\n",;()\\0-9a]{0,8}"#,
        ".{1,12}",
        Just("none".to_owned()),
        Just("true".to_owned())
    ]
}

fn refs() -> impl Strategy<Value = Ref> {
    (texts(), proptest::option::of(texts())).prop_map(|(id, name)| Ref { id, name })
}

/// Anything that a field of a kind may hold.
fn value(kind: FieldKind) -> BoxedStrategy<Value> {
    let nothing = Just(Value::Nothing);
    match kind {
        FieldKind::State | FieldKind::Secret | FieldKind::Id | FieldKind::Push => nothing.boxed(),
        FieldKind::Text { .. } => texts().prop_map(Value::Text).boxed(),
        FieldKind::Number { .. } | FieldKind::Hours { .. } => {
            prop_oneof![nothing, any::<i64>().prop_map(Value::Number)].boxed()
        }
        FieldKind::Usage => (0_i64..1_000_000).prop_map(Value::Number).boxed(),
        FieldKind::Limit { .. } => prop_oneof![
            Just(Value::Limit(Limit::Unlimited)),
            any::<u64>().prop_map(|it| Value::Limit(Limit::Of(it)))
        ]
        .boxed(),
        FieldKind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        FieldKind::Day { .. } => prop_oneof![
            nothing,
            (0_i64..80_000).prop_map(|it| Value::Day(Date::from_day_number(it).unwrap()))
        ]
        .boxed(),
        FieldKind::Moment { .. } => {
            prop_oneof![nothing, (0_i64..4_000_000_000_000).prop_map(|it| Value::Moment(Timestamp(it)))]
                .boxed()
        }
        FieldKind::Duration { .. } => Just(Value::Text("P30D".to_owned())).boxed(),
        FieldKind::Choice(choices) => {
            let codes: Vec<&str> = choices.iter().map(|it| it.code).collect();
            proptest::sample::select(codes).prop_map(|it| Value::Text(it.to_owned())).boxed()
        }
        FieldKind::Codes(_) => prop::collection::vec(texts(), 0..4).prop_map(Value::Codes).boxed(),
        FieldKind::Refs => prop::collection::vec(refs(), 0..4).prop_map(Value::Refs).boxed(),
        FieldKind::Pick(_) | FieldKind::Person => prop_oneof![nothing, refs().prop_map(Value::Ref)].boxed(),
    }
}

/// A key of any system with anything in its fields; a key itself cannot be printed.
fn keys() -> impl Strategy<Value = (System, String, Fields)> {
    let systems: Vec<System> = System::all().collect();
    proptest::sample::select(systems).prop_flat_map(|system| {
        let specs = system.manifest().fields;
        let fields: Vec<_> = specs.iter().map(|it| proptest::option::of(value(it.kind))).collect();
        (fields, texts()).prop_map(move |(values, id)| {
            let told = specs.iter().zip(values).filter_map(|(spec, value)| Some((spec.id, value?)));
            (system, id, told.collect())
        })
    })
}

fn sheet(manifest: &'static Manifest, key: &Key, values: Values) -> Sheet {
    let columns: Vec<_> = columns(manifest).collect();
    Sheet {
        name: String::new(),
        head: columns.iter().map(|it| head(it).to_owned()).collect(),
        rows: vec![columns.iter().map(|it| cell_of(it, key, now(), values)).collect()],
    }
}

/// What a form shows of a field that a key tells.
fn shown(manifest: &'static Manifest, key: &Key, spec: &FieldSpec) -> Option<Input> {
    // `Draft::of` has the fields of the form alone, so those of two forms are asked.
    let edited = Draft::of(manifest, key);
    let like = Draft::like(manifest, key);
    edited.get(spec.id).or_else(|| like.get(spec.id)).cloned()
}

proptest! {
    #[test]
    fn a_key_reads_back_from_every_kind_of_file_as_its_form_shows_it((system, id, fields) in keys()) {
        let value = Some(Secret::new(VALUE.to_owned()));
        let key = Key { value, fields, ..Key::new(id) };
        let manifest = system.manifest();
        let written = sheet(manifest, &key, Values::Masked);
        for kind in [Kind::Csv, Kind::Json] {
            let bytes = block_on(files::write(kind, &written)).unwrap();
            let read = block_on(files::read(&["a.", kind.extension()].concat(), bytes)).unwrap();
            for spec in columns(manifest) {
                let place = read.head.iter().position(|it| it == head(spec));
                let cell = place.and_then(|it| read.rows.first()?.get(it)).cloned().unwrap_or_default();
                let input = input_of(spec, &cell);
                let is_formed = manifest.form(true).chain(manifest.form(false)).any(|it| it.id == spec.id);
                match spec.kind {
                    FieldKind::Secret => prop_assert_eq!(input, Ok(None)),
                    FieldKind::Id => {
                        let told = Some(key.id.0.trim()).filter(|_| !key.id.0.is_empty());
                        prop_assert_eq!(input, Ok(told.map(|it| Input::Text(it.to_owned()))));
                    }
                    _ if !is_formed => prop_assert!(input.is_ok(), "{} {:?}", spec.id.0, cell),
                    _ => {
                        let input = input.map_err(|it| TestCaseError::fail(format!("{} {cell:?} {it:?}", spec.id.0)))?;
                        let was = shown(manifest, &key, spec);
                        // A blank input and none are one to a draft, but not to a plan: blank is told.
                        let is_told = key.fields.get(spec.id).is_some_and(|it| *it != Value::Text(String::new()));
                        prop_assert!(input.is_none() || is_told);
                        let mut draft = Draft::default();
                        draft.set(spec.id, input.unwrap_or(Input::Text(String::new())));
                        prop_assert_eq!(draft.get(spec.id).cloned(), was, "{} in {:?}", spec.id.0, kind);
                    }
                }
            }
        }
    }
}

#[test]
fn a_value_is_in_no_cell_unless_it_is_asked_for() {
    for system in System::all() {
        let mut key = Key::new("7");
        key.value = Some(Secret::new(VALUE.to_owned()));
        let masked = sheet(system.manifest(), &key, Values::Masked);
        let told = sheet(system.manifest(), &key, Values::Told);
        let has = |sheet: &Sheet| sheet.rows.iter().flatten().filter(|it| it.text().contains(VALUE)).count();
        assert_eq!((has(&masked), has(&told)), (0, 1), "{}", system.id());
        assert!(masked.rows.iter().flatten().any(|it| *it == Cell::Text("12ba••••••••2345".to_owned())));
    }
}

#[test]
fn a_told_value_reads_back_and_a_masked_one_does_not() {
    let manifest = System::QUALYS_GATEWAY.manifest();
    let spec = manifest.field(FieldId::VALUE).unwrap();
    assert_eq!(input_of(spec, &Cell::Text(VALUE.to_owned())), Ok(Some(Input::Text(VALUE.to_owned()))));
    assert_eq!(input_of(spec, &Cell::Text("12ba••••••••2345".to_owned())), Ok(None));
    assert_eq!(input_of(spec, &Cell::Empty), Ok(None));
}

#[test]
fn nothing_no_limit_and_not_told_are_three_things() {
    let manifest = System::QUALYS_GATEWAY.manifest();
    let cell = |field, key: &Key| cell_of(manifest.field(field).unwrap(), key, now(), Values::Masked);
    let mut key = Key::new("7");
    assert_eq!((cell(FieldId::LIMIT, &key), cell(FieldId::EXPIRES, &key)), (Cell::Empty, Cell::Empty));
    key.fields.set(FieldId::LIMIT, Value::Limit(Limit::Unlimited));
    key.fields.set(FieldId::EXPIRES, Value::Nothing);
    assert_eq!(cell(FieldId::LIMIT, &key), Cell::Text("unlimited".to_owned()));
    assert_eq!(cell(FieldId::EXPIRES, &key), Cell::Text("none".to_owned()));
    for field in [FieldId::LIMIT, FieldId::EXPIRES] {
        let spec = manifest.field(field).unwrap();
        assert_eq!(input_of(spec, &cell(field, &key)), Ok(Some(Input::Text(String::new()))));
    }
}

#[test]
fn cells_are_read_as_spreadsheets_and_people_write_them() {
    let manifest = System::QUALYS_GATEWAY.manifest();
    let check = |field: &str, cell: Cell, expected: Result<&str, Problem>| {
        let spec = field_of_head(manifest, field).unwrap();
        let read = input_of(spec, &cell);
        assert_eq!(read, expected.map(|it| Some(Input::Text(it.to_owned()))), "{field} {cell:?}");
    };
    let text = |it: &str| Cell::Text(it.to_owned());
    check("limit", Cell::Number(10.0), Ok("10"));
    check("limit", text(" 10.0 "), Ok("10"));
    check("limit", text("ten"), Err(Problem::NotANumber));
    check("expires", Cell::Day(Date::parse("2027-01-31").unwrap()), Ok("2027-01-31"));
    check("expires", Cell::Moment(Timestamp::parse("2027-01-31T10:00:00Z").unwrap()), Ok("2027-01-31"));
    check("expires", text("31.01.2027"), Err(Problem::NotADate));
    check("title", Cell::Number(7.0), Ok("7"));
    check("title", Cell::Flag(true), Ok("true"));
    let flag = manifest.field(DISABLED).unwrap();
    assert_eq!(input_of(flag, &text("TRUE")), Ok(Some(Input::Flag(true))));
    assert_eq!(input_of(flag, &text("maybe")), Err(Problem::NotOffered));
    let tags = field_of_head(manifest, "tags").unwrap();
    let list = Ok(Some(Input::List(vec!["7".to_owned(), "8".to_owned()])));
    assert_eq!(input_of(tags, &text("Berlin (7), 8")), list);
    assert_eq!(input_of(tags, &text("Berlin (7")), Err(Problem::NotOffered));
}

#[test]
fn every_column_is_found_by_its_name_and_its_label() {
    for system in System::all() {
        let manifest = system.manifest();
        for spec in columns(manifest) {
            assert_eq!(field_of_head(manifest, head(spec)).map(|it| it.id), Some(spec.id));
            assert_eq!(
                field_of_head(manifest, &(spec.label)().to_uppercase()).map(|it| (it.label)()),
                Some((spec.label)())
            );
        }
        assert!(field_of_head(manifest, "no such field").is_none() && field_of_head(manifest, "-").is_none());
    }
}
