//! A spreadsheet, written row after row.
//!
//! By hand: one sheet with texts, numbers, dates and six looks is a few hundred bytes of XML around the rows. The common
//! crate for it asks for the clock when it is made, which a module without imports has not got.

use std::io::{Cursor, Write as _};

use sheet::{Reader, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{Problem, Refusal};

/// Days from the spreadsheet's day 0 to 1970-01-01.
pub(crate) const EPOCH: i64 = 25_569;
/// Spreadsheets count a day that never was, 1900-02-29; from the day after it on they are right.
pub(crate) const FIRST_RIGHT: i64 = 61;
/// 9999-12-31.
const LAST: i64 = 2_958_465;
/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Looks of cells, as `STYLES` has them: texts stay texts when they are edited, and dates are written as ISO has them.
const TEXT: u32 = 1;
const GUARDED: u32 = 2;
const DAY: u32 = 3;
const MOMENT: u32 = 4;
const HEAD: u32 = 5;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;

const PACKAGE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

const PARTS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd&quot;T&quot;hh:mm:ss.000&quot;Z&quot;"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" quotePrefix="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;

/// Bytes of a sheet that are kept before they are packed.
const CHUNK: usize = 1 << 16;

/// The table as a spreadsheet of one sheet.
pub(crate) fn spreadsheet(table: &[u8]) -> Result<Vec<u8>, Refusal> {
    write(table).ok_or_else(|| Problem::Damaged.into())
}

fn write(table: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(table);
    let name = sheet_name(reader.text()?);
    let columns = reader.count()?;

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Without a clock: the same table gives the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(5))
        .last_modified_time(zip::DateTime::default());
    let workbook = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    for (path, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", &workbook),
        ("xl/_rels/workbook.xml.rels", PARTS),
        ("xl/styles.xml", STYLES),
    ] {
        zip.start_file(path, options).ok()?;
        zip.write_all(text.as_bytes()).ok()?;
    }

    zip.start_file("xl/worksheets/sheet1.xml", options).ok()?;
    // The head stays in sight, and can filter.
    let mut out = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>"#,
    );
    out.push_str(&format!(
        r#"<cols><col min="1" max="{}" width="24" customWidth="1"/></cols><sheetData><row r="1">"#,
        columns.max(1)
    ));
    for _ in 0..columns {
        text_cell(&mut out, HEAD, reader.text()?);
    }
    out.push_str("</row>");
    let mut row = 1_usize;
    while !reader.is_done() {
        row += 1;
        let cells = reader.count()?;
        out.push_str(&format!(r#"<row r="{row}">"#));
        for _ in 0..cells {
            cell(&mut out, reader.value()?);
        }
        out.push_str("</row>");
        if out.len() > CHUNK {
            zip.write_all(out.as_bytes()).ok()?;
            out.clear();
        }
    }
    out.push_str("</sheetData>");
    if let Some(last) = column_name(columns) {
        out.push_str(&format!(r#"<autoFilter ref="A1:{last}{row}"/>"#));
    }
    out.push_str("</worksheet>");
    zip.write_all(out.as_bytes()).ok()?;
    Some(zip.finish().ok()?.into_inner())
}

/// Writes a cell, behind the one before it.
fn cell(out: &mut String, value: Value<'_>) {
    match value {
        Value::Empty | Value::Text("") => out.push_str("<c/>"),
        Value::Number(it) if !it.is_finite() => out.push_str("<c/>"),
        Value::Number(it) => number(out, 0, it),
        Value::Flag(it) => {
            out.push_str(if it { r#"<c t="b"><v>1</v></c>"# } else { r#"<c t="b"><v>0</v></c>"# });
        }
        Value::Day(day) => {
            let serial = day.saturating_add(EPOCH);
            match is_right(serial) {
                true => number(out, DAY, serial as f64),
                false => text_cell(out, TEXT, &format!("day {day}")),
            }
        }
        Value::Moment(ms) => {
            let (day, rest) = (ms.div_euclid(DAY_MS).saturating_add(EPOCH), ms.rem_euclid(DAY_MS));
            match is_right(day) {
                true => number(out, MOMENT, day as f64 + rest as f64 / DAY_MS as f64),
                false => text_cell(out, TEXT, &format!("{ms} ms")),
            }
        }
        Value::Text(text) => {
            // What may be taken for something else when somebody edits it keeps its type.
            let look = if text.starts_with(char::is_alphanumeric) { TEXT } else { GUARDED };
            text_cell(out, look, text);
        }
    }
}

fn is_right(serial: i64) -> bool {
    (FIRST_RIGHT..=LAST).contains(&serial)
}

fn number(out: &mut String, look: u32, it: f64) {
    let cell = match look {
        0 => format!("<c><v>{it}</v></c>"),
        _ => format!(r#"<c s="{look}"><v>{it}</v></c>"#),
    };
    out.push_str(&cell);
}

fn text_cell(out: &mut String, look: u32, text: &str) {
    out.push_str(&format!(r#"<c s="{look}" t="inlineStr"><is><t xml:space="preserve">"#));
    escape(out, text);
    out.push_str("</t></is></c>");
}

/// A text in XML, with `_xHHHH_` for what XML cannot hold, and for what looks like that.
fn escape(out: &mut String, text: &str) {
    for (at, it) in text.char_indices() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(it),
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => out.push_str(&format!("_x{:04X}_", u32::from(it))),
            '_' if is_escape(text.get(at..).unwrap_or_default()) => out.push_str("_x005F_"),
            _ => out.push(it),
        }
    }
}

fn is_escape(text: &str) -> bool {
    let hex = text.strip_prefix("_x").and_then(|it| it.split_at_checked(4));
    hex.is_some_and(|(hex, rest)| rest.starts_with('_') && hex.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// The name of the sheet as spreadsheets allow it, in XML.
fn sheet_name(name: &str) -> String {
    let allowed = |it: &char| !it.is_control() && !"[]:*?/\\".contains(*it);
    let name: String = name.chars().filter(allowed).take(31).collect();
    let name = name.trim_matches(['\'', ' ']);
    let mut res = String::new();
    escape(&mut res, if name.is_empty() { "Sheet1" } else { name });
    res
}

/// The letters of the n-th column, from 1.
fn column_name(column: usize) -> Option<String> {
    let mut rest = column.checked_sub(1)?;
    let mut res = String::new();
    loop {
        res.insert(0, char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        match (rest / 26).checked_sub(1) {
            None => return Some(res),
            Some(next) => rest = next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        let names: Vec<_> = [0, 1, 26, 27, 52, 53, 702, 703].into_iter().map(column_name).collect();
        let expected =
            [None, Some("A"), Some("Z"), Some("AA"), Some("AZ"), Some("BA"), Some("ZZ"), Some("AAA")];
        assert_eq!(names, expected.map(|it| it.map(str::to_owned)));
    }

    #[test]
    fn a_sheet_has_a_name_that_is_allowed() {
        assert_eq!(sheet_name("a/b:c & d"), "abc &amp; d");
        assert_eq!(sheet_name("'*'"), "Sheet1");
        assert_eq!(sheet_name(&"x".repeat(40)).len(), 31);
    }
}
