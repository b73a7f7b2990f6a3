//! The server's own words, found in whatever shape an error body has.
//!
//! The order is that of reference `qualys.md`, section 10: JSON `message`, `error`, `errorCode`,
//! `_error.message`, `authentication_exceptions`, then plain text. HTML is never shown: it comes from
//! something between us and the API, and its words are not about the call.

use serde_json::Value;

/// Characters of a message that are shown; the raw text is there for the rest.
const LONGEST: usize = 500;

/// The message in an error body, if it has one a reader can use.
pub(super) fn find(content_type: Option<&str>, body: &str) -> Option<String> {
    let body = body.trim();
    let message = match serde_json::from_str::<Value>(body) {
        Ok(value) => from_json(&value),
        Err(_) => plain(content_type, body),
    }?;
    Some(message.chars().take(LONGEST).collect())
}

fn from_json(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let nested = || fields.get("_error")?.get("message").and_then(words);
            let field = |name: &str| fields.get(name).and_then(words);
            field("message")
                .or_else(|| field("error"))
                .or_else(|| field("errorCode"))
                .or_else(nested)
                .or_else(|| field("authentication_exceptions"))
        }
        Value::Array(items) => joined(items.iter().filter_map(from_json)),
        Value::String(_) => words(value),
        _ => None,
    }
}

/// Text, numbers and lists of them as one line. Anything else is no message: the next shape is tried.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|it| !it.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => joined(items.iter().filter_map(words)),
        Value::Object(fields) => fields.get("message").and_then(words),
        Value::Null | Value::Bool(_) => None,
    }
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    Some(parts.join("; ")).filter(|it| !it.is_empty())
}

/// A body that is not JSON: a sentence, unless it is markup or JSON that was cut off.
fn plain(content_type: Option<&str>, body: &str) -> Option<String> {
    let says_markup = content_type.is_some_and(|it| {
        let it = it.to_ascii_lowercase();
        it.contains("html") || it.contains("xml")
    });
    let is_markup = body.starts_with('<') || (says_markup && body.contains('<'));
    let is_cut_json = body.starts_with(['{', '[', '"']);
    let readable = !body.is_empty() && !is_markup && !is_cut_json;
    readable.then(|| body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, want: Option<&str>) {
        assert_eq!(find(None, body).as_deref(), want, "{body}");
    }

    #[test]
    fn shapes_are_tried_in_the_documented_order() {
        // Each line drops the shape that won the line before.
        check(
            r#"{"authentication_exceptions":[["f"]],"_error":{"message":"e"},"errorCode":"c","error":"b","message":"a"}"#,
            Some("a"),
        );
        check(
            r#"{"authentication_exceptions":[["f"]],"_error":{"message":"e"},"errorCode":"c","error":"b"}"#,
            Some("b"),
        );
        check(r#"{"authentication_exceptions":[["f"]],"_error":{"message":"e"},"errorCode":"c"}"#, Some("c"));
        check(r#"{"authentication_exceptions":[["f"]],"_error":{"message":"e"}}"#, Some("e"));
        check(r#"{"authentication_exceptions":[["f"]]}"#, Some("f"));
        check("The key has active agents", Some("The key has active agents"));
    }

    #[test]
    fn documented_bodies_read_as_their_words() {
        check(r#"{"status":401,"error":"Unauthorized","message":"JWT expired"}"#, Some("JWT expired"));
        check(
            r#"{"authentication_exceptions":[["Authentication Failure: 1 errors, 0 successes"]]}"#,
            Some("Authentication Failure: 1 errors, 0 successes"),
        );
        check(r#"{"message":["title is blank","limit is 0"]}"#, Some("title is blank; limit is 0"));
        check(r#"{"errorCode":4012}"#, Some("4012"));
        check(r#"{"error":{"code":7,"message":"nested"}}"#, Some("nested"));
        check(r#"[{"message":"one"},{"error":"two"},3]"#, Some("one; two"));
        check(r#""Not allowed""#, Some("Not allowed"));
    }

    #[test]
    fn a_shape_of_the_wrong_type_gives_way_to_the_next() {
        check(r#"{"message":null,"error":"b"}"#, Some("b"));
        check(r#"{"message":"  ","error":"b"}"#, Some("b"));
        check(r#"{"message":true,"error":[],"errorCode":"c"}"#, Some("c"));
        check(r#"{"_error":"no object","authentication_exceptions":["f"]}"#, Some("f"));
        check(r#"{"message":[null,{}]}"#, None);
    }

    #[test]
    fn what_says_nothing_is_no_message() {
        for body in ["", "  \n", "{}", "[]", "null", "true", "17", r#"{"status":500}"#] {
            check(body, None);
        }
    }

    #[test]
    fn cut_json_and_markup_are_never_shown() {
        check(r#"{"message":"JWT exp"#, None);
        check(r#"["a","#, None);
        check("<!DOCTYPE html><title>502</title>", None);
        check("  <html>", None);
        check("<SIMPLE_RETURN><CODE>1965</CODE></SIMPLE_RETURN>", None);
        assert_eq!(find(Some("text/html; charset=utf-8"), "Bad <b>gateway</b>"), None);
        assert_eq!(find(Some("text/html"), "Bad gateway").as_deref(), Some("Bad gateway"));
    }

    #[test]
    fn long_messages_are_cut_at_a_character() {
        assert_eq!(find(None, &"ü".repeat(600)).map(|it| it.chars().count()), Some(LONGEST));
    }
}
