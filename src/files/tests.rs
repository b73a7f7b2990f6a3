#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use futures_executor::block_on;
use proptest::prelude::*;

use super::*;
use crate::domain::{Date, Timestamp};

/// Any cell, and often one that looks like a formula, a number, a quote or a line.
fn cell() -> impl Strategy<Value = Cell> {
    let texts = prop_oneof![
        r#"[='+\-@＝ \t\r\n",;0-9a-b]{0,8}"#,
        ".{0,12}",
        Just("none".to_owned()),
        Just("sep=;".to_owned()),
        Just("007".to_owned()),
        Just("_x000D_".to_owned()),
    ];
    prop_oneof![
        Just(Cell::Empty),
        texts.clone().prop_map(Cell::Text),
        (-9_007_199_254_740_992_i64..9_007_199_254_740_992)
            .prop_map(|it| Cell::Number(it.to_string().parse().unwrap_or_default())),
        // Fractions that any reader of JSON gets right to the last digit; keys have none at all.
        (-1_000_000_i32..1_000_000).prop_map(|it| Cell::Number(f64::from(it) / 4.0)),
        any::<bool>().prop_map(Cell::Flag),
        (0_i64..60_000).prop_map(|it| Date::from_day_number(it).map_or(Cell::Empty, Cell::Day)),
        (0_i64..4_000_000_000_000).prop_map(|it| Cell::Moment(Timestamp(it))),
        prop::collection::vec(texts.prop_map(|it| list::item(&it, None)), 0..3).prop_map(Cell::List),
    ]
}

fn sheets() -> impl Strategy<Value = Sheet> {
    (1_usize..5).prop_flat_map(|width| {
        let rows = prop::collection::vec(prop::collection::vec(cell(), 0..=width), 0..6);
        rows.prop_map(move |rows| Sheet {
            name: "keys".to_owned(),
            head: (0..width).map(|it| ["=h", &it.to_string()].concat()).collect(),
            rows,
        })
    })
}

/// The texts of a table, each row as wide as the head.
fn texts(sheet: &Sheet) -> Vec<Vec<String>> {
    let wide = |row: &Vec<Cell>| {
        let mut res: Vec<String> = row.iter().map(|it| it.text().into_owned()).collect();
        res.resize(sheet.head.len(), String::new());
        res
    };
    sheet.rows.iter().map(wide).collect()
}

fn there_and_back(kind: Kind, sheet: &Sheet) -> Result<Sheet, ReadError> {
    let bytes = block_on(write(kind, sheet)).unwrap_or_default();
    block_on(read(&["keys.", kind.extension()].concat(), bytes))
}

proptest! {
    #[test]
    fn csv_reads_back_as_the_very_same_texts(sheet in sheets()) {
        let back = there_and_back(Kind::Csv, &sheet).expect("our own file");
        prop_assert_eq!(&back.head, &sheet.head);
        prop_assert_eq!(texts(&back), texts(&sheet));
    }

    #[test]
    fn json_reads_back_as_the_very_same_cells(sheet in sheets()) {
        let back = there_and_back(Kind::Json, &sheet);
        let Ok(back) = back else {
            // Nothing was told, so there is no name either.
            prop_assert!(texts(&sheet).iter().flatten().all(String::is_empty));
            return Ok(());
        };
        // Columns stand in the order in which rows first tell them.
        prop_assert_eq!(back.rows.len(), sheet.rows.len());
        for (row, was) in back.rows.iter().zip(&sheet.rows) {
            for (at, name) in sheet.head.iter().enumerate() {
                let place = back.head.iter().position(|it| it == name);
                let got = place.and_then(|it| row.get(it)).unwrap_or(&Cell::Empty);
                let was = was.get(at).unwrap_or(&Cell::Empty);
                match was {
                    Cell::Number(_) | Cell::Flag(_) | Cell::List(_) => prop_assert_eq!(got, was),
                    _ => prop_assert_eq!(got.text(), was.text()),
                }
            }
        }
    }

    #[test]
    fn no_file_breaks_the_readers(bytes in prop::collection::vec(any::<u8>(), 0..200), text in r#"[\[\]{}",:;ab1\n'= \\]{0,60}"#) {
        for kind in Kind::ALL {
            let name = ["x.", kind.extension()].concat();
            let _any = block_on(read(&name, bytes.clone()));
            let _any = block_on(read(&name, text.clone().into_bytes()));
        }
    }

    /// No cell of a written file starts as a formula does, numbers aside.
    #[test]
    fn nothing_in_a_csv_file_runs(text in r#"[='+\-@＝ \t\r\nab]{0,8}"#) {
        let sheet = Sheet { head: vec!["a".to_owned()], rows: vec![vec![Cell::Text(text)]], ..Sheet::default() };
        let written = String::from_utf8(csv::write(&sheet)).expect("text");
        let line = written.split_once("\r\n").map_or("", |it| it.1);
        let cell = line.strip_prefix('"').unwrap_or(line);
        let seen = cell.trim_start();
        prop_assert!(!seen.starts_with(['=', '+', '-', '@', '＝']), "{:?}", line);
        prop_assert!(!cell.starts_with(['\t']), "{:?}", line);
    }
}

#[test]
fn too_much_is_refused() {
    let row = vec![Cell::Empty];
    let sheet = Sheet { head: vec!["a".to_owned()], rows: vec![row; MOST_ROWS + 1], ..Sheet::default() };
    assert_eq!(block_on(write(Kind::Csv, &sheet)), Err(WriteError::TooManyRows));
    let bytes = csv::write(&sheet);
    let err = block_on(read("a.csv", bytes)).err();
    assert_eq!(err, Some(ReadError::at(ReadProblem::TooManyRows, MOST_ROWS + 2, 1)));
    let err = block_on(read("a.csv", vec![b'a'; MOST_BYTES + 1])).err();
    assert_eq!(err, Some(ReadError::whole(ReadProblem::TooLarge)));
}

/// Natively there is no second module: it is said, and nothing else is affected.
#[test]
fn without_the_second_module_spreadsheets_are_refused_and_the_rest_works() {
    let sheet = Sheet { head: vec!["a".to_owned()], rows: vec![vec![Cell::Flag(true)]], ..Sheet::default() };
    assert_eq!(block_on(write(Kind::Xlsx, &sheet)), Err(WriteError::NotLoaded));
    let err = block_on(read("a.xlsx", b"PK\x03\x04".to_vec())).err();
    assert_eq!(err, Some(ReadError::whole(ReadProblem::NotLoaded)));
    assert!(there_and_back(Kind::Csv, &sheet).is_ok());
}
