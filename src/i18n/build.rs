//! Turns the message catalogue into typed functions, so that a missing message or a missing
//! placeholder is a compile error and not a blank on the screen.
//!
//! The catalogue is `src/i18n/en.txt` and, for the words of one key system, `en.txt` in that system's folder.
//!
//! Format: one message a line, `area.name = text with {placeholder}`.
//! A `#` line above a message becomes its documentation. A pair `name.one` and `name.other` is a
//! plural: one function that takes the number `n`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

const CATALOGUE: &str = "src/i18n/en.txt";
const SYSTEMS: &str = "src/systems";

fn main() {
    println!("cargo::rerun-if-changed=src/i18n/build.rs");
    if let Err(problem) = generate() {
        println!("cargo::error={problem}");
        process::exit(1);
    }
}

fn generate() -> Result<(), String> {
    let mut messages = BTreeMap::new();
    for path in catalogues()? {
        println!("cargo::rerun-if-changed={path}");
        let source = fs::read_to_string(&path).map_err(|err| format!("{path}: {err}"))?;
        parse(&path, &source, &mut messages)?;
    }
    let out = env::var("OUT_DIR").map_err(|err| err.to_string())?;
    fs::write(Path::new(&out).join("messages.rs"), write_module(&messages)?).map_err(|err| err.to_string())
}

/// The common catalogue and those of the systems, in a fixed order.
fn catalogues() -> Result<Vec<String>, String> {
    // A new system is noticed by its folder.
    println!("cargo::rerun-if-changed={SYSTEMS}");
    let folders = fs::read_dir(SYSTEMS).map_err(|err| format!("{SYSTEMS}: {err}"))?;
    let mut res: Vec<String> = folders
        .filter_map(Result::ok)
        .map(|it| it.path().join("en.txt"))
        .filter(|it| it.is_file())
        .map(|it| it.to_string_lossy().into_owned())
        .collect();
    res.sort();
    res.insert(0, CATALOGUE.to_owned());
    Ok(res)
}

struct Message {
    doc: String,
    text: String,
}

fn parse(path: &str, source: &str, messages: &mut BTreeMap<String, Message>) -> Result<(), String> {
    let mut doc = String::new();
    for (line_idx, line) in source.lines().enumerate() {
        let at = format!("{path}:{}", line_idx + 1);
        let line = line.trim();
        if line.is_empty() {
            doc.clear();
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            doc = comment.trim().to_owned();
            continue;
        }
        let (name, text) = line.split_once(" = ").ok_or_else(|| format!("{at}: expected `name = text`"))?;
        let valid = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '.' || it == '_';
        if !name.chars().all(valid) {
            return Err(format!("{at}: a name holds lower-case letters, digits, dots and underscores"));
        }
        let message = Message { doc: std::mem::take(&mut doc), text: text.trim().to_owned() };
        if messages.insert(name.to_owned(), message).is_some() {
            return Err(format!("{at}: `{name}` stands twice"));
        }
    }
    Ok(())
}

/// Splits a text at its placeholders: literal, placeholder, literal, …
fn pieces(text: &str) -> Result<Vec<(String, Option<String>)>, String> {
    let mut res = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').ok_or_else(|| format!("unclosed `{{` in `{text}`"))?;
        res.push((literal.to_owned(), Some(name.to_owned())));
        rest = tail;
    }
    res.push((rest.to_owned(), None));
    Ok(res)
}

fn placeholders(text: &str) -> Result<Vec<String>, String> {
    let mut res: Vec<String> = Vec::new();
    for (_, name) in pieces(text)? {
        match name {
            Some(name) if !res.contains(&name) => res.push(name),
            _ => {}
        }
    }
    Ok(res)
}

/// The body of a function: the parts in order, joined by one shared helper, so that each message
/// costs a call and its text and nothing else.
fn join(text: &str) -> Result<String, String> {
    let mut parts = Vec::new();
    for (literal, name) in pieces(text)? {
        if !literal.is_empty() {
            parts.push(format!("{literal:?}"));
        }
        parts.extend(name);
    }
    Ok(format!("join(&[{}])", parts.join(", ")))
}

fn write_module(messages: &BTreeMap<String, Message>) -> Result<String, String> {
    let mut res = String::new();
    for (name, message) in messages {
        if let Some(base) = name.strip_suffix(".one") {
            let other = format!("{base}.other");
            let other = messages.get(&other).ok_or_else(|| format!("`{name}` has no `{other}`"))?;
            write_plural(&mut res, base, message, other)?;
            continue;
        }
        if name.strip_suffix(".other").is_some_and(|base| messages.contains_key(&format!("{base}.one"))) {
            continue;
        }
        write_doc(&mut res, message);
        let function = name.replace('.', "_");
        let names = placeholders(&message.text)?;
        let written = if names.is_empty() {
            writeln!(res, "pub fn {function}() -> &'static str {{ {:?} }}", message.text)
        } else {
            let params: Vec<String> = names.iter().map(|it| format!("{it}: &str")).collect();
            writeln!(res, "pub fn {function}({}) -> String {{ {} }}", params.join(", "), join(&message.text)?)
        };
        written.map_err(|err| err.to_string())?;
    }
    Ok(res)
}

fn write_doc(res: &mut String, message: &Message) {
    let doc = if message.doc.is_empty() { String::new() } else { format!("{} ", message.doc) };
    // Nothing of it is meant as a link.
    let text = message.text.replace(['[', ']', '<', '>'], "").replace("://", ":\\//");
    res.push_str(&format!("#[doc = {:?}]\n", format!("{doc}“{text}”")));
}

fn write_plural(res: &mut String, base: &str, one: &Message, other: &Message) -> Result<(), String> {
    let mut names = placeholders(&other.text)?;
    for name in placeholders(&one.text)? {
        if !names.contains(&name) {
            return Err(format!("`{base}.one` has `{{{name}}}`, which `{base}.other` has not"));
        }
    }
    names.retain(|it| it != "n");
    write_doc(res, other);
    let params: String = names.iter().map(|it| format!(", {it}: &str")).collect();
    writeln!(
        res,
        "pub fn {}(count: u64{params}) -> String {{ let n = &*number(count); let _ = n; match plural(count) {{ Plural::One => {}, Plural::Other => {} }} }}",
        base.replace('.', "_"),
        join(&one.text)?,
        join(&other.text)?
    )
    .map_err(|err| err.to_string())
}
