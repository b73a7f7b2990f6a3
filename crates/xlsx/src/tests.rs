#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use sheet::{Reader, Value, Writer};
use zip::write::SimpleFileOptions;

use crate::{Problem, Refusal, read, write};

/// A cell as a test has it.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Flag(bool),
    Day(i64),
    Moment(i64),
}

impl Cell {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Empty => Value::Empty,
            Self::Text(it) => Value::Text(it),
            Self::Number(it) => Value::Number(*it),
            Self::Flag(it) => Value::Flag(*it),
            Self::Day(it) => Value::Day(*it),
            Self::Moment(it) => Value::Moment(*it),
        }
    }

    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Empty => Self::Empty,
            Value::Text(it) => Self::Text(it.to_owned()),
            Value::Number(it) => Self::Number(it),
            Value::Flag(it) => Self::Flag(it),
            Value::Day(it) => Self::Day(it),
            Value::Moment(it) => Self::Moment(it),
        }
    }
}

fn table(head: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
    let head: Vec<String> = head.iter().map(|it| (*it).to_owned()).collect();
    let mut res = Writer::new("Keys", &head);
    for row in rows {
        res.row(row.len());
        row.iter().for_each(|it| res.value(it.value()));
    }
    res.finish()
}

fn rows(table: &[u8]) -> (Vec<String>, Vec<Vec<Cell>>) {
    let mut reader = Reader::new(table);
    assert_eq!(reader.text(), Some("Keys"));
    let head = (0..reader.count().unwrap()).map(|_| reader.text().unwrap().to_owned()).collect();
    let mut rows = Vec::new();
    while !reader.is_done() {
        rows.push((0..reader.count().unwrap()).map(|_| Cell::of(reader.value().unwrap())).collect());
    }
    (head, rows)
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"[='+\-@＝ \t\r\n"<>&;_xX0-9aF]{1,10}"#,
        ".{1,12}",
        "(_x[0-9A-Fa-f]{4}_){1,3}",
        Just("\u{0}\u{1f}\u{fffe}\u{ffff}\u{7f}\u{85}\u{2028}".to_owned()),
        Just("  a  ".to_owned()),
    ]
}

fn cells() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        texts().prop_map(Cell::Text),
        (-9_007_199_254_740_991_i64..9_007_199_254_740_991).prop_map(|it| Cell::Number(it as f64)),
        (-1e12_f64..1e12).prop_map(Cell::Number),
        any::<bool>().prop_map(Cell::Flag),
        (-20_000_i64..80_000).prop_map(Cell::Day),
        (-1_000_000_000_000_i64..6_000_000_000_000)
            .prop_filter("midnight reads back as a day", |it| it % 86_400_000 != 0)
            .prop_map(Cell::Moment),
    ]
}

proptest! {
    #[test]
    fn a_spreadsheet_reads_back_as_the_very_same_cells(
        rows_in in prop::collection::vec(prop::collection::vec(cells(), 3), 0..8), title in texts()
    ) {
        let title = if title.trim().is_empty() { "a".to_owned() } else { title };
        let file = write::spreadsheet(&table(&[&title, "b", "c"], &rows_in)).unwrap();
        let (head, mut got) = rows(&read::table(&file).unwrap());
        prop_assert_eq!(&head, &[title.as_str(), "b", "c"]);
        // Empty cells at the end of a row or of the table are not told.
        got.resize(rows_in.len(), Vec::new());
        for (got, was) in got.iter_mut().zip(&rows_in) {
            got.resize(3, Cell::Empty);
            prop_assert_eq!(got, was);
        }
    }

    #[test]
    fn no_bytes_break_the_module(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read::table(&bytes).is_err());
        let _any = write::spreadsheet(&bytes);
    }

    /// A file that was cut or changed on its way is refused or read, and nothing else.
    #[test]
    fn no_broken_file_breaks_the_module(at in 0_usize..3_000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut file = write::spreadsheet(&table(&["a"], &[vec![Cell::Text("x".to_owned())]])).unwrap();
        let at = at % file.len();
        match file.get_mut(at) {
            Some(_) if cut => file.truncate(at),
            Some(it) => *it = byte,
            None => {}
        }
        let _any = read::table(&file);
    }
}

/// A file with this as the XML of its sheet.
fn with_sheet(xml: &[u8]) -> Vec<u8> {
    let ours = write::spreadsheet(&table(&["a"], &[])).unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(ours)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let part = from.by_index_raw(at).unwrap();
        if part.name().unwrap() == "xl/worksheets/sheet1.xml" {
            to.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
            to.write_all(xml).unwrap();
        } else {
            to.raw_copy_file(part).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

fn sheet_of(rows: &str) -> Vec<u8> {
    with_sheet(
        format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
        )
        .as_bytes(),
    )
}

#[track_caller]
fn refused(file: &[u8], problem: Problem, row: u32, column: u32) {
    assert_eq!(read::table(file).err(), Some(Refusal { problem, row, column }));
}

const HEAD: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>"#;

#[test]
fn files_made_to_hurt_are_refused_with_their_reason() {
    // A gigabyte of nothing in a megabyte.
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    bomb.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..600 {
        bomb.write_all(&zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 4 << 20);
    refused(&bomb, Problem::TooLarge, 0, 0);

    refused(
        &sheet_of(&[HEAD, r#"<row r="900000"><c r="A900000"><v>1</v></c></row>"#].concat()),
        Problem::TooManyRows,
        900_000,
        1,
    );
    refused(&sheet_of(r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#), Problem::TooManyColumns, 1, 16_384);
    refused(
        &sheet_of(&[HEAD, r#"<row r="2"><c r="B2"><v>1</v></c></row>"#].concat()),
        Problem::ExtraCell,
        2,
        2,
    );
    refused(&sheet_of(r#"<row r="2"><c r="A2"><v>1</v></c></row>"#), Problem::NoHead, 1, 1);
    refused(&sheet_of(""), Problem::NoHead, 1, 1);
    refused(
        &sheet_of(&[HEAD, r#"<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>"#].concat()),
        Problem::Damaged,
        2,
        1,
    );
    let long =
        ["<row r=\"1\"><c t=\"inlineStr\"><is><t>", &"x".repeat(40_000), "</t></is></c></row>"].concat();
    refused(&sheet_of(&long), Problem::LongCell, 1, 1);
    refused(&with_sheet(b"<worksheet><sheetData><row><c"), Problem::Damaged, 0, 0);
    refused(b"PK\x03\x04 and nothing else", Problem::Damaged, 0, 0);
    // Entities that stand for each other are not followed.
    let laughs = b"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&b;</t></is></c></row></sheetData></worksheet>";
    refused(&with_sheet(laughs), Problem::Damaged, 0, 0);
}

#[test]
fn a_formula_of_another_program_is_its_stored_value_and_ours_is_a_text() {
    let file = sheet_of(&[HEAD, r#"<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>"#].concat());
    assert_eq!(rows(&read::table(&file).unwrap()).1, [vec![Cell::Number(2.0)]]);

    let ours = write::spreadsheet(&table(&["a"], &[vec![Cell::Text("=1+1".to_owned())]])).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(ours)).unwrap();
    let xml = std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(
        xml.contains(r#"<c s="2" t="inlineStr"><is><t xml:space="preserve">=1+1</t>"#)
            && !xml.contains("<f>"),
        "{xml}"
    );
}

#[test]
fn the_same_table_is_the_same_file() {
    let table = table(&["a"], &[vec![Cell::Moment(1)]]);
    assert_eq!(write::spreadsheet(&table), write::spreadsheet(&table));
}
