//! What is written to a file and read again, untouched, changes nothing: for any key of any system.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use futures_executor::block_on;
use proptest::prelude::*;

use super::tests::now;
use super::*;
use crate::domain::{Date, Ended, Fields, Key, Limit, Ref, Secret, Timestamp, Value};
use crate::files::{self, Cell, Kind, Sheet};
use crate::systems::cells::{Values, cell_of, columns, head};
use crate::systems::manifest::FieldKind;
use crate::systems::{Manifest, System};

/// Text that is hard on files: formulas, dividers, quotes, words that mean something, several scripts.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"[='+\-@ \n",;()\\0-9a]{0,8}"#,
        "[a-zA-Zäß日本 .]{1,12}",
        Just("none".to_owned()),
        Just("007".to_owned()),
        Just("true".to_owned()),
        Just("2027-01-31".to_owned()),
        Just("unlimited".to_owned()),
    ]
}

fn refs() -> impl Strategy<Value = Ref> {
    ("[0-9a-z-]{1,6}", proptest::option::of(texts())).prop_map(|(id, name)| Ref { id, name })
}

fn value(kind: FieldKind) -> BoxedStrategy<Value> {
    let nothing = Just(Value::Nothing);
    let moment = || (1_500_000_000_000_i64..2_500_000_000_000).prop_map(|it| Value::Moment(Timestamp(it)));
    match kind {
        FieldKind::State | FieldKind::Secret | FieldKind::Id | FieldKind::Push => nothing.boxed(),
        FieldKind::Text { .. } => texts().prop_map(Value::Text).boxed(),
        FieldKind::Number { .. } | FieldKind::Hours { .. } => {
            prop_oneof![nothing, (0_i64..10_000_000).prop_map(Value::Number)].boxed()
        }
        FieldKind::Usage => (0_i64..1_000_000).prop_map(Value::Number).boxed(),
        FieldKind::Limit { .. } => prop_oneof![
            Just(Value::Limit(Limit::Unlimited)),
            (0_u64..2_000_000).prop_map(|it| Value::Limit(Limit::Of(it)))
        ]
        .boxed(),
        FieldKind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        FieldKind::Day { .. } => {
            let day = (0_i64..30_000).prop_map(|it| Value::Day(Date::from_day_number(it).unwrap()));
            prop_oneof![nothing, day].boxed()
        }
        FieldKind::Moment { .. } => prop_oneof![nothing, moment()].boxed(),
        FieldKind::Duration { .. } => Just(Value::Text("P30D".to_owned())).boxed(),
        FieldKind::Choice(choices) => {
            let codes: Vec<&str> = choices.iter().map(|it| it.code).collect();
            proptest::sample::select(codes).prop_map(|it| Value::Text(it.to_owned())).boxed()
        }
        FieldKind::Codes(codes) => {
            let known: Vec<&str> = codes.known.iter().map(|it| it.code).collect();
            let code = prop_oneof![
                proptest::sample::select(known).prop_map(str::to_owned),
                Just("NEW".to_owned()),
                Just("PC".to_owned())
            ];
            prop::collection::vec(code, 0..5).prop_map(Value::Codes).boxed()
        }
        FieldKind::Refs => prop::collection::vec(refs(), 0..4).prop_map(Value::Refs).boxed(),
        FieldKind::Pick(_) | FieldKind::Person => prop_oneof![nothing, refs().prop_map(Value::Ref)].boxed(),
    }
}

/// Keys of a system: what each tells, whether it is switched off, whether the system ended it.
type Told = (Fields, bool, bool);

fn account() -> impl Strategy<Value = (System, Vec<Told>)> {
    let systems: Vec<System> = System::all().collect();
    proptest::sample::select(systems).prop_flat_map(|system| {
        let specs = system.manifest().fields;
        let fields: Vec<_> = specs.iter().map(|it| proptest::option::of(value(it.kind))).collect();
        let fields = fields.prop_map(move |values| {
            let told = specs.iter().zip(values).filter_map(|(spec, value)| Some((spec.id, value?)));
            told.collect::<Fields>()
        });
        (Just(system), prop::collection::vec((fields, any::<bool>(), any::<bool>()), 1..6))
    })
}

fn keys(told: Vec<Told>) -> Vec<Key> {
    let key = |(at, (fields, disabled, revoked)): (usize, Told)| Key {
        value: Some(Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned())),
        disabled,
        ended: revoked.then_some(Ended::Revoked),
        fields,
        ..Key::new((1_000 + at).to_string())
    };
    told.into_iter().enumerate().map(key).collect()
}

fn exported(manifest: &'static Manifest, keys: &[Key], values: Values) -> Sheet {
    let columns: Vec<_> = columns(manifest).collect();
    let row = |key: &Key| columns.iter().map(|it| cell_of(it, key, now(), values)).collect();
    Sheet {
        name: "Keys".to_owned(),
        head: columns.iter().map(|it| head(it).to_owned()).collect(),
        rows: keys.iter().map(row).collect(),
    }
}

/// The table as it comes back from a file. Spreadsheets are read by a program of their own, which runs in a browser
/// alone: here its rules are applied, and the journeys run it.
fn read_back(kind: Kind, written: &Sheet) -> Sheet {
    if kind == Kind::Xlsx {
        let cell = |it: &Cell| match it {
            Cell::List(_) => Cell::Text(it.text().into_owned()),
            Cell::Moment(moment) => match moment.date() {
                Some(day) if day.start() == *moment => Cell::Day(day),
                _ => it.clone(),
            },
            Cell::Text(text) if text.is_empty() => Cell::Empty,
            _ => it.clone(),
        };
        let rows = written.rows.iter().map(|it| it.iter().map(cell).collect()).collect();
        return Sheet { rows, ..written.clone() };
    }
    let bytes = block_on(files::write(kind, written)).unwrap();
    block_on(files::read(&["a.", kind.extension()].concat(), bytes)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_file_that_nobody_touched_changes_nothing(
        (system, told) in account(),
        clear_blanks in any::<bool>(),
        by_title in any::<bool>(),
        tells_values in any::<bool>(),
    ) {
        let manifest = system.manifest();
        let keys = keys(told);
        let values = if tells_values { Values::Told } else { Values::Masked };
        let written = exported(manifest, &keys, values);
        for kind in Kind::ALL {
            let sheet = read_back(kind, &written);
            let mapping = Mapping::guess(manifest, &sheet.head);
            let mut options = Options { clear_blanks, ..Options::of(&mapping) };
            prop_assert_eq!(options.matching, Match::Id);
            if by_title {
                options.matching = Match::Title;
            }
            let planner = Planner::new(Setting {
                manifest,
                sheet: Arc::new(sheet),
                mapping,
                options,
                keys: keys.clone().into(),
                read: Arc::new(keys.iter().map(|it| it.id.clone()).collect()),
                maxima: Arc::new([]),
                may: May { create: true, edit: true },
                now: now(),
                first: Line(2),
            });
            let plan = planner.finish();
            prop_assert_eq!(plan.rows.len(), keys.len());
            for row in &plan.rows {
                let kind_of = row.verdict.count();
                // A title that is blank or not alone names no key.
                let allowed = kind_of == Count::Same || (by_title && kind_of == Count::Refused);
                let seen = match &row.verdict {
                    Verdict::Change(_, change) => format!("{change:?}"),
                    Verdict::Refused(refusals) => format!("{refusals:?}"),
                    _ => String::new(),
                };
                prop_assert!(allowed, "{} {kind:?} line {}: {kind_of:?} {seen}", manifest.id, row.line.0);
                prop_assert_eq!(&row.ignored, &Vec::new(), "{} in {:?}", manifest.id, kind);
            }
        }
    }
}
