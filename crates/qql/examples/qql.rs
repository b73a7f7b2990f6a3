//! Reads a query on standard input.
//!
//! - `--print`: parses it and writes the text of the tree, byte for byte.
//! - `--errors`: writes the syntax errors as a JSON array; exit code 1 when there are any.
//! - `--check`: the same, and what does not fit the activation keys when there are none.
//! - `--explain`: writes what it asks for in plain English. Values of secret fields are not repeated.
//! - `--split [full|criteria|one|nothing]`: writes the parts for a server and the browser as a JSON object.
//! - `--filter FILE.json`: writes the ids of the keys of the file that fulfil it, as a JSON array. The file is a JSON
//!   array of key objects as the API gives them, or a page with such an array in `content`.
//!   `--now MS` sets the clock: milliseconds since 1970 in UTC.

#[path = "qql/english.rs"]
mod english;
#[path = "qql/keys.rs"]
mod keys;

use english::English;
use keys::{Key, with_schema};
use qql::{Clock, Filter, Fix, Logic, Parse, Problem, Split};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::ops::Range;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    let mut text = String::new();
    if std::io::stdin().read_to_string(&mut text).is_err() {
        return fail("the query is not UTF-8 text");
    }
    let parse = qql::parse(&text);
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let res = match args.as_slice() {
        ["--print"] => Ok((parse.text(), true)),
        ["--errors"] => Ok(errors(&parse)),
        ["--explain"] => Ok((with_schema(|schema| qql::explain(&parse, schema, &English)) + "\n", true)),
        ["--check"] => now_ms().map(|now| check(&parse, now)),
        ["--split"] => split(&parse, Logic::Full),
        ["--split", logic] => match *logic {
            "full" => split(&parse, Logic::Full),
            "criteria" => split(&parse, Logic::Criteria),
            "one" => split(&parse, Logic::OnePerField),
            "nothing" => split(&parse, Logic::Nothing),
            _ => Err("the logic is full, criteria, one or nothing".to_owned()),
        },
        ["--filter", file] => now_ms().and_then(|now| filter(&parse, file, now)),
        ["--filter", file, "--now", ms] | ["--now", ms, "--filter", file] => ms
            .parse()
            .map_err(|_| "the time is no number".to_owned())
            .and_then(|now| filter(&parse, file, now)),
        _ => Err("usage: qql --print | --errors | --check | --explain | --split [LOGIC] | --filter FILE.json [--now MS]"
            .to_owned()),
    };
    let (output, is_good) = match res {
        Ok(it) => it,
        Err(message) => return fail(&message),
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

/// What a mode writes, and whether all is well.
type Output = Result<(String, bool), String>;

fn now_ms() -> Result<i64, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|it| it.to_string())?;
    i64::try_from(now.as_millis()).map_err(|it| it.to_string())
}

fn errors(parse: &Parse) -> (String, bool) {
    let items: Vec<Value> = parse.errors().iter().map(error_json).collect();
    let is_good = items.is_empty();
    (line(&Value::Array(items)), is_good)
}

fn check(parse: &Parse, now_ms: i64) -> (String, bool) {
    let Some(expr) = parse.expr() else { return errors(parse) };
    let clock = Clock { now_ms, offset_minutes: 0 };
    let problems = with_schema(|schema| qql::check(&expr, schema, clock));
    (line(&Value::Array(problems.iter().map(problem_json).collect())), problems.is_empty())
}

fn split(parse: &Parse, logic: Logic) -> Output {
    let split = with_schema(|schema| qql::split(parse, schema, logic));
    let Some(Split { server, criteria, rest, clauses }) = split else { return Ok(errors(parse)) };
    let criterion = |it: &qql::Criterion| {
        let field = with_schema(|schema| schema.by_id(it.field).map(|it| it.name.to_owned()));
        json!({ "field": field, "op": format!("{:?}", it.op), "values": it.values, "negated": it.negated })
    };
    let clause = |it: &qql::ClausePlace| {
        let (run, why) = (format!("{:?}", it.run), format!("{:?}", it.why));
        json!({ "start": it.range.start, "end": it.range.end, "run": run, "why": why })
    };
    let criteria: Vec<Value> = criteria.iter().map(criterion).collect();
    let clauses: Vec<Value> = clauses.iter().map(clause).collect();
    Ok((line(&json!({ "server": server, "criteria": criteria, "rest": rest, "clauses": clauses })), true))
}

fn filter(parse: &Parse, file: &str, now_ms: i64) -> Output {
    if !parse.errors().is_empty() {
        return Ok(errors(parse));
    }
    let text = std::fs::read_to_string(file).map_err(|it| it.to_string())?;
    let value: Value = serde_json::from_str(&text).map_err(|it| it.to_string())?;
    let keys = value.as_array().or_else(|| value.get("content")?.as_array());
    let keys = keys.ok_or("the file holds no array of keys")?;
    let filter = match parse.expr() {
        // A blank query finds everything.
        None => None,
        Some(expr) => {
            let clock = Clock { now_ms, offset_minutes: 0 };
            match with_schema(|schema| Filter::new(&expr, schema, clock)) {
                Ok(filter) => Some(filter),
                Err(problems) => {
                    let items = problems.iter().map(problem_json).collect();
                    return Ok((line(&Value::Array(items)), false));
                }
            }
        }
    };
    let is_found = |key: &&Value| filter.as_ref().is_none_or(|it| it.matches(&Key(key)));
    let ids = keys.iter().filter(is_found).filter_map(|key| key.get("id").cloned()).collect();
    Ok((line(&Value::Array(ids)), true))
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

fn error_json(error: &qql::SyntaxError) -> Value {
    let (kind, expected) = (error.kind.code(), error.expected.code());
    item(&error.range, kind, Some(expected), error.kind.message(), error.fix.as_ref())
}

fn problem_json(problem: &Problem) -> Value {
    item(&problem.range, problem.kind.code(), None, problem.kind.message(), problem.fix.as_ref())
}

fn item(range: &Range<usize>, kind: &str, expected: Option<&str>, message: &str, fix: Option<&Fix>) -> Value {
    let fix = fix
        .map(|fix| json!({ "start": fix.range.start, "end": fix.range.end, "replacement": fix.replacement }));
    json!({
        "start": range.start, "end": range.end, "kind": kind, "expected": expected, "message": message, "fix": fix
    })
}
