//! Reads a query on standard input.
//!
//! - `--print`: parses it and writes the text of the tree, byte for byte.
//! - `--errors`: writes the errors as a JSON array; exit code 1 when there are any.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut text = String::new();
    if std::io::stdin().read_to_string(&mut text).is_err() {
        return fail("the query is not UTF-8 text");
    }
    let parse = qql::parse(&text);
    let mode = std::env::args().nth(1);
    let (output, is_good) = match mode.as_deref() {
        Some("--print") => (parse.text(), true),
        Some("--errors") => (errors_json(parse.errors()), parse.errors().is_empty()),
        _ => return fail("usage: qql --print | --errors"),
    };
    if std::io::stdout().write_all(output.as_bytes()).is_err() {
        return fail("cannot write the output");
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fail(message: &str) -> ExitCode {
    // Nothing is left to tell when standard error is gone too.
    let told = std::io::stderr().write_all([message, "\n"].concat().as_bytes());
    ExitCode::from(if told.is_ok() { 2 } else { 3 })
}

fn errors_json(errors: &[qql::SyntaxError]) -> String {
    let items: Vec<String> = errors.iter().map(error_json).collect();
    format!("[{}]\n", items.join(","))
}

fn error_json(error: &qql::SyntaxError) -> String {
    let fix = error.fix.as_ref().map_or_else(
        || String::from("null"),
        |fix| {
            let qql::Fix { range, replacement } = fix;
            format!(
                r#"{{"start":{},"end":{},"replacement":{}}}"#,
                range.start,
                range.end,
                json_string(replacement)
            )
        },
    );
    format!(
        r#"{{"start":{},"end":{},"kind":{},"expected":{},"message":{},"fix":{fix}}}"#,
        error.range.start,
        error.range.end,
        json_string(error.kind.code()),
        json_string(error.expected.code()),
        json_string(error.kind.message()),
    )
}

fn json_string(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            c if c.is_control() => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}
