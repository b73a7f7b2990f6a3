//! Answers: the tree of a reply, the envelope around it, and the two ways to write it (reference, section 6.2).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::switches::{EmptyResult, JsonBooleans, TextForm};

/// A part of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Free text, which a switch puts into CDATA.
    Text(String),
    /// A word of the API: a code, a date, a GUID.
    Word(String),
    Number(i64),
    Flag(bool),
    /// Elements of different names, in the documented order.
    Fields(Vec<(&'static str, Self)>),
    /// Elements of one name. In JSON an array of objects with one field each.
    Items(&'static str, Vec<Self>),
}

impl Part {
    /// A word.
    pub(super) fn word(text: impl Into<String>) -> Self {
        Self::Word(text.into())
    }

    /// `<list>` around items of one name, as all collections have it.
    pub(super) fn list(name: &'static str, items: Vec<Self>) -> Self {
        Self::Fields(vec![("list", Self::Items(name, items))])
    }
}

/// What a call replies.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The schema the reply names, below `/qps/xsd/`.
    pub(super) schema: &'static str,
    /// Rows in this reply.
    pub(super) count: Option<usize>,
    /// Whether this is a page of a search: it says whether there is more, and where.
    pub(super) page: Option<Page>,
    /// The rows.
    pub(super) data: Option<Part>,
    /// Whether a write was committed.
    pub(super) is_committed: bool,
}

/// The end of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// The last id of the page, when another page follows.
    pub(super) last_id: Option<i64>,
}

impl IntoResponse for Answer {
    /// An empty answer that carries this one to the layer.
    fn into_response(self) -> Response {
        let mut res = StatusCode::OK.into_response();
        res.extensions_mut().insert(self);
        res
    }
}

/// How the caller and the switches want a reply.
#[derive(Debug, Clone)]
pub(super) struct Style {
    pub(super) is_json: bool,
    pub(super) text: TextForm,
    pub(super) booleans: JsonBooleans,
    pub(super) empty: EmptyResult,
    /// What stands before `/qps/xsd/` in the name of the schema.
    pub(super) base: String,
    /// The paths of `fields=`; no limit when empty.
    pub(super) fields: Vec<String>,
}

/// Writes a reply.
pub(super) fn write(answer: Answer, style: &Style) -> String {
    let Answer { schema, count, page, data, .. } = answer;
    let mut envelope = vec![("responseCode", Part::word("SUCCESS"))];
    if let Some(count) = count {
        envelope.push(("count", Part::Number(i64::try_from(count).unwrap_or(i64::MAX))));
    }
    let is_bare = page.is_some() && count == Some(0) && style.empty == EmptyResult::Bare;
    if let Some(page) = page.filter(|_| !is_bare) {
        envelope.push(("hasMoreRecords", Part::word(page.last_id.is_some().to_string())));
        if let Some(id) = page.last_id {
            envelope.push(("lastId", Part::Number(id)));
        }
    }
    if let Some(data) = data.filter(|_| !is_bare) {
        envelope.push(("data", limited(data, &style.fields)));
    }
    enveloped(envelope, schema, style)
}

/// Writes the reply of a refused call.
pub(super) fn write_refusal(
    code: &str,
    message: &str,
    resolution: &str,
    schema: &str,
    style: &Style,
) -> String {
    let mut details = vec![("errorMessage", Part::word(message))];
    if !resolution.is_empty() {
        details.push(("errorResolution", Part::word(resolution)));
    }
    let envelope = vec![("responseCode", Part::word(code)), ("responseErrorDetails", Part::Fields(details))];
    enveloped(envelope, schema, style)
}

fn enveloped(envelope: Vec<(&'static str, Part)>, schema: &str, style: &Style) -> String {
    if style.is_json {
        return json!({"ServiceResponse": to_json(&Part::Fields(envelope), style)}).to_string();
    }
    let location = escaped(&format!("{}/qps/xsd/{schema}.xsd", style.base)).replace('"', "&quot;");
    let mut res = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ServiceResponse \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"{location}\">\n"
    );
    for (name, part) in &envelope {
        to_xml(name, part, 1, style.text, &mut res);
    }
    res.push_str("</ServiceResponse>\n");
    res
}

/// `data` is an array in JSON, whatever it holds.
fn to_json(part: &Part, style: &Style) -> Value {
    match part {
        Part::Text(text) | Part::Word(text) => json!(text),
        Part::Number(number) => json!(number),
        Part::Flag(flag) => match style.booleans {
            JsonBooleans::Strings => json!(flag.to_string()),
            JsonBooleans::Booleans => json!(flag),
        },
        Part::Fields(fields) => {
            let fields = fields.iter().map(|(name, part)| {
                let value = match (to_json(part, style), *name) {
                    (value @ Value::Object(_), "data") => json!([value]),
                    (value, _) => value,
                };
                ((*name).to_owned(), value)
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Part::Items(name, items) => {
            Value::Array(items.iter().map(|item| json!({*name: to_json(item, style)})).collect())
        }
    }
}

fn to_xml(name: &str, part: &Part, depth: usize, form: TextForm, res: &mut String) {
    let indent = "  ".repeat(depth);
    let text = match part {
        Part::Fields(fields) => {
            if fields.is_empty() {
                res.push_str(&format!("{indent}<{name}/>\n"));
                return;
            }
            res.push_str(&format!("{indent}<{name}>\n"));
            for (name, part) in fields {
                to_xml(name, part, depth + 1, form, res);
            }
            res.push_str(&format!("{indent}</{name}>\n"));
            return;
        }
        Part::Items(item, items) => {
            let items = items.iter().map(|part| (*item, part.clone())).collect();
            return to_xml(name, &Part::Fields(items), depth, form, res);
        }
        Part::Text(text) if form == TextForm::Cdata => {
            // The end mark of a section cannot stand in one, so it is put on two.
            format!("<![CDATA[{}]]>", possible(text).replace("]]>", "]]]]><![CDATA[>"))
        }
        Part::Text(text) | Part::Word(text) => escaped(text),
        Part::Number(number) => number.to_string(),
        Part::Flag(flag) => flag.to_string(),
    };
    res.push_str(&format!("{indent}<{name}>{text}</{name}>\n"));
}

/// Text with the five entities, and carriage returns as numbers, which a reader would turn into line feeds otherwise.
pub(super) fn escaped(text: &str) -> String {
    let text = possible(text);
    quick_xml::escape::escape(text.as_str()).replace('\r', "&#13;")
}

/// XML cannot hold most control characters in any form; the JSON API can, so they are shown as replaced.
fn possible(text: &str) -> String {
    let is_possible = |letter: char| {
        matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..) && letter != '\u{fffe}'
    };
    text.chars().map(|letter| if is_possible(letter) { letter } else { '\u{fffd}' }).collect()
}

/// The rows with the wanted fields alone: paths of element names below a row, such as `agentInfo.agentId`.
fn limited(data: Part, wanted: &[String]) -> Part {
    match data {
        Part::Items(name, rows) if !wanted.is_empty() => {
            let wanted: Vec<Vec<&str>> = wanted.iter().map(|path| path.split('.').collect()).collect();
            let wanted: Vec<&[&str]> = wanted.iter().map(Vec::as_slice).collect();
            Part::Items(name, rows.into_iter().map(|row| pruned(row, &wanted)).collect())
        }
        other => other,
    }
}

fn pruned(part: Part, wanted: &[&[&str]]) -> Part {
    match part {
        Part::Fields(fields) => Part::Fields(
            fields
                .into_iter()
                .filter_map(|(name, part)| kept(name, part, wanted).map(|part| (name, part)))
                .collect(),
        ),
        Part::Items(name, items) => {
            Part::Items(name, items.into_iter().filter_map(|item| kept(name, item, wanted)).collect())
        }
        other => other,
    }
}

/// The part if a path ends at its name, what is left of it if a path goes on below, nothing otherwise.
fn kept(name: &str, part: Part, wanted: &[&[&str]]) -> Option<Part> {
    let rests: Vec<&[&str]> = wanted
        .iter()
        .filter_map(|path| path.split_first().filter(|(first, _)| **first == name).map(|(_, rest)| rest))
        .collect();
    if rests.is_empty() {
        return None;
    }
    if rests.iter().any(|rest| rest.is_empty()) { Some(part) } else { Some(pruned(part, &rests)) }
}
