//! What a refusal says (reference `qlik.md`, sections 4 and 6).

use serde::Deserialize;
use serde_json::Value as Json;

use crate::http::{ApiError, Request, ResponseHeaders, error};

/// Characters of a message that are shown, as `http` has it.
const LONGEST: usize = 500;

/// The documented body. The entries' own `status`, a number here and a text there, says nothing that the status of
/// the answer does not say, so it is not read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorsWire {
    errors: Vec<ErrorWire>,
    trace_id: Option<Json>,
}

#[derive(Deserialize)]
struct ErrorWire {
    code: Option<Json>,
    title: Option<String>,
    detail: Option<String>,
    source: Option<SourceWire>,
}

#[derive(Deserialize)]
struct SourceWire {
    pointer: Option<String>,
    parameter: Option<String>,
}

impl ErrorWire {
    /// Title, detail and place in one sentence; the code where there is no title.
    fn words(&self) -> Option<String> {
        let title =
            self.title.clone().filter(|it| !it.trim().is_empty()).or_else(|| text(self.code.as_ref()?));
        let detail = self.detail.clone().filter(|it| !it.trim().is_empty());
        let place = self.source.as_ref().and_then(|it| it.pointer.as_ref().or(it.parameter.as_ref()));
        let mut res = match (title, detail) {
            (Some(title), Some(detail)) => [title.trim_end_matches(['.', ':']), ": ", &detail].concat(),
            (one, other) => one.or(other)?,
        };
        if let Some(place) = place {
            res = [&res, " (", place, ")"].concat();
        }
        Some(res)
    }
}

/// The error in an answer that is not a success; `None` where the body is another one.
pub(super) fn judge(request: &Request, status: u16, body: &str) -> Option<ApiError> {
    if (200..300).contains(&status) {
        return None;
    }
    let wire: ErrorsWire = serde_json::from_str(body).ok()?;
    let words: Vec<String> = wire.errors.iter().filter_map(ErrorWire::words).collect();
    if words.is_empty() {
        return None;
    }
    let message = words.join("; ").chars().take(LONGEST).collect();
    let trace = wire.trace_id.as_ref().and_then(text);
    let base = error::read(request, status, &ResponseHeaders::default(), body);
    Some(ApiError { message: Some(message), trace, ..base })
}

fn text(json: &Json) -> Option<String> {
    match json {
        Json::String(it) => {
            Some(it.trim().chars().take(LONGEST).collect::<String>()).filter(|it| !it.is_empty())
        }
        Json::Number(it) => Some(it.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{ErrorKind, Method};

    #[track_caller]
    fn check(status: u16, body: &str, want: Option<(ErrorKind, &str, Option<&str>)>) {
        let got = judge(&Request::write(Method::Post, "api/v1/api-keys"), status, body);
        let got =
            got.as_ref().map(|it| (it.kind, it.message.as_deref().unwrap_or_default(), it.trace.as_deref()));
        assert_eq!(got, want, "{body}");
    }

    #[test]
    fn documented_bodies_read_as_their_words() {
        check(
            429,
            r#"{"errors":[{"code":"HTTP-429","title":"API rate limit reached.","detail":"You need to wait 13 seconds until limit is lifted."}]}"#,
            Some((
                ErrorKind::RateLimited,
                "API rate limit reached: You need to wait 13 seconds until limit is lifted.",
                None,
            )),
        );
        check(
            401,
            r#"{"errors":[{"title":"Authorization required","code":"LOGIN-10","status":"401"}],"traceId":"00000000000000003a1f"}"#,
            Some((
                ErrorKind::Unauthorized { expired: false },
                "Authorization required",
                Some("00000000000000003a1f"),
            )),
        );
        check(
            403,
            r#"{"errors":[{"title":"Forbidden","code":"API-KEYS-3","status":403}],"traceId":7}"#,
            Some((ErrorKind::Forbidden, "Forbidden", Some("7"))),
        );
    }

    #[test]
    fn the_place_of_a_problem_is_said_and_several_are_joined() {
        check(
            400,
            r#"{"errors":[{"code":"A","title":"Invalid body","detail":"Too long","source":{"pointer":"/expiry"},"meta":{"x":1}},
                {"code":"B","title":"","source":{"parameter":"limit"}}]}"#,
            Some((ErrorKind::Invalid, "Invalid body: Too long (/expiry); B (limit)", None)),
        );
    }

    #[test]
    fn other_bodies_and_successes_are_left_to_their_status() {
        check(200, r#"{"errors":[{"title":"x"}]}"#, None);
        for body in ["", "<html>", "[]", "{}", r#"{"errors":[]}"#, r#"{"errors":"x"}"#, r#"{"errors":[{}]}"#]
        {
            check(500, body, None);
        }
    }
}
