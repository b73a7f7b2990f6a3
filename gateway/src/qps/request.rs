//! `ServiceRequest`: one shape for what comes as XML and what comes as JSON (reference, section 6.2).

use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::criteria::Raw;
use super::refusal::Refusal;
use super::xml::{self, Node};

/// What a call asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    /// The criteria, all of which have to hold.
    pub(super) criteria: Vec<Raw>,
    pub(super) window: Window,
    /// The one element in `data`.
    pub(super) data: Option<Node>,
}

/// `preferences`: which rows of all that meet the criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// At most this many rows: 1 to 1000.
    pub(super) limit: u32,
    /// Rows left out before the first.
    pub(super) skip: u64,
    /// The smallest id wanted.
    pub(super) from_id: Option<i64>,
}

/// The documented page size when none is asked for, and the largest.
const DEFAULT_LIMIT: u32 = 100;
const LARGEST_LIMIT: u32 = 1_000;

impl Default for Window {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, skip: 0, from_id: None }
    }
}

/// Reads a body. An empty one is an empty request.
///
/// # Errors
/// `INVALID_REQUEST` for another content type and anything that is not the envelope.
pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Request, Refusal> {
    if body.trim_ascii().is_empty() {
        return Ok(Request::default());
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/xml");
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let root = match kind.as_str() {
        // A plain `curl --data` says it sends a form; the vendor's samples always name XML.
        "text/xml" | "application/xml" => xml::read(body)
            .map_err(|reason| Refusal::invalid(reason, "Send a well-formed ServiceRequest."))?,
        "application/json" => from_json(body)?,
        _ => {
            let resolution = "Send text/xml, application/xml or application/json.";
            return Err(Refusal::invalid("The content type is not taken.", resolution));
        }
    };
    if root.name != "ServiceRequest" {
        return Err(Refusal::invalid("The request is no ServiceRequest.", "Send a ServiceRequest."));
    }
    let mut res = Request::default();
    for part in root.children {
        match part.name.as_str() {
            "filters" => res.criteria = part.children.iter().map(criterion).collect::<Result<_, _>>()?,
            "preferences" => res.window = window(&part)?,
            "data" => {
                let mut children = part.children.into_iter();
                res.data = children.next();
                if children.next().is_some() {
                    return Err(Refusal::invalid(
                        "The request has more than one object.",
                        "Send one object.",
                    ));
                }
            }
            other => return Err(unknown_element("ServiceRequest", other)),
        }
    }
    Ok(res)
}

/// A refusal of an element that a misspelling may have made.
pub(super) fn unknown_element(parent: &str, name: &str) -> Refusal {
    Refusal::invalid(
        format!("There is no element '{name}' in {parent}."),
        "Check the spelling of the element.",
    )
}

fn criterion(node: &Node) -> Result<Raw, Refusal> {
    if node.name != "Criteria" {
        return Err(unknown_element("filters", &node.name));
    }
    // In JSON what XML writes as attributes and text are three fields.
    let part = |name: &str| {
        node.attribute(name)
            .map(str::to_owned)
            .or_else(|| node.child(name).map(|child| child.word().to_owned()))
    };
    let (Some(field), Some(operator)) = (part("field"), part("operator")) else {
        let resolution = "Specify field and operator of each criteria.";
        return Err(Refusal::invalid("Criteria: field or operator is missing.", resolution));
    };
    let value = node.child("value").map_or_else(|| node.text.clone(), |child| child.text.clone());
    Ok(Raw { field, operator, value })
}

fn window(preferences: &Node) -> Result<Window, Refusal> {
    let mut res = Window::default();
    for part in &preferences.children {
        let number = || {
            let number = part.word().parse::<i64>().ok().filter(|&number| number >= 1);
            let message = format!("Preferences: Invalid value for '{}' ({}).", part.name, part.word());
            number.ok_or_else(|| Refusal::invalid(message, "Specify a number from 1."))
        };
        match part.name.as_str() {
            "limitResults" => {
                let limit = u32::try_from(number()?).ok().filter(|&limit| limit <= LARGEST_LIMIT);
                res.limit = limit.ok_or_else(|| {
                    let message = format!("Preferences: Invalid value for 'limitResults' ({}).", part.word());
                    Refusal::invalid(message, format!("Specify a number from 1 to {LARGEST_LIMIT}."))
                })?;
            }
            "startFromOffset" => res.skip = number()?.unsigned_abs() - 1,
            "startFromId" => res.from_id = Some(number()?),
            other => return Err(unknown_element("preferences", other)),
        }
    }
    Ok(res)
}

fn from_json(body: &[u8]) -> Result<Node, Refusal> {
    // Its reader bounds the depth by itself.
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        Refusal::invalid(format!("The request is no JSON: {error}"), "Send a ServiceRequest.")
    })?;
    let mut root = Node::default();
    add_children(&mut root, value);
    let mut roots = root.children.into_iter();
    match (roots.next(), roots.next()) {
        (Some(root), None) => Ok(root),
        _ => Err(Refusal::invalid("The request is no ServiceRequest.", "Send a ServiceRequest.")),
    }
}

/// The names whose array is one element with all that its members hold; any other array is an element a member.
const COLLECTIONS: [&str; 7] = ["data", "list", "set", "add", "remove", "update", "filters"];

fn add_children(parent: &mut Node, value: Value) {
    let Value::Object(fields) = value else {
        parent.text = match value {
            Value::String(text) => text,
            Value::Bool(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        };
        return;
    };
    for (name, value) in fields {
        match value {
            // A field that is null is a field left out.
            Value::Null => {}
            Value::Array(items) if COLLECTIONS.contains(&name.as_str()) => {
                let mut node = Node { name, ..Node::default() };
                items.into_iter().for_each(|item| add_children(&mut node, item));
                parent.children.push(node);
            }
            Value::Array(items) => items.into_iter().for_each(|item| parent.children.push(one(&name, item))),
            value => parent.children.push(one(&name, value)),
        }
    }
}

fn one(name: &str, value: Value) -> Node {
    let mut node = Node { name: name.to_owned(), ..Node::default() };
    add_children(&mut node, value);
    node
}
