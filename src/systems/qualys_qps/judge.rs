//! Whether an answer is an error, by its `responseCode` and not by its status (reference `qualys.md`, 6.4).

use serde::Deserialize;

use super::wire::{Scalar, decoded};
use crate::http::{ApiError, ErrorKind, Request, ResponseHeaders, error};

/// Characters of a message that are shown, as `http` has it.
const LONGEST: usize = 500;

#[derive(Deserialize)]
struct HeadWire {
    #[serde(rename = "ServiceResponse")]
    response: ResponseWire,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseWire {
    response_code: String,
    response_error_details: Option<DetailsWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DetailsWire {
    error_message: Option<Scalar>,
    error_resolution: Option<Scalar>,
}

/// The error that an answer holds, whatever its status; `None` for a success, and for what is no answer of this API:
/// there the status says it all.
///
/// Errors come with HTTP 200 or with a status of their own; both are in use.
pub(super) fn judge(request: &Request, status: u16, body: &str) -> Option<ApiError> {
    if is_success(body) {
        return None;
    }
    let base = || error::read(request, status, &ResponseHeaders::default(), body);
    let Ok(HeadWire { response }) = decoded::<HeadWire>(body) else {
        // The other family of calls answers a limit, and some conflicts, in its own envelope (section 5).
        let message = between(body, "<TEXT>", "</TEXT>")?;
        return (body.contains("<SIMPLE_RETURN") && !(200..300).contains(&status))
            .then(|| ApiError { message: Some(message), ..base() });
    };
    let code = response.response_code.trim();
    if code == "SUCCESS" {
        return None;
    }
    let details = response.response_error_details;
    let message = details
        .and_then(|it| words(it.error_message, it.error_resolution))
        .unwrap_or_else(|| code.to_owned());
    let base = base();
    let kind = kind_of(code, &message).unwrap_or(match base.kind {
        // A code without a status of its own: a refusal, since the answer is one of the API.
        ErrorKind::Malformed => ErrorKind::Invalid,
        kind => kind,
    });
    Some(ApiError { kind, message: Some(message.chars().take(LONGEST).collect()), ..base })
}

/// Most answers are successes, and large ones; their code stands first, so nothing else is read here.
fn is_success(body: &str) -> bool {
    let starts = |mark: &str, good: &str| {
        body.split_once(mark).is_some_and(|(_, rest)| rest.trim_start().starts_with(good))
    };
    match body.trim_start().starts_with('{') {
        true => starts("\"responseCode\":", "\"SUCCESS\""),
        false => starts("<responseCode>", "SUCCESS<"),
    }
}

/// Codes of 6.4. `None` for a code that no document names.
fn kind_of(code: &str, message: &str) -> Option<ErrorKind> {
    Some(match code {
        "INVALID_CREDENTIALS" => {
            ErrorKind::Unauthorized { expired: message.to_ascii_lowercase().contains("expired") }
        }
        // About the account and not about the sign-in: signing in again would not help.
        "UNAUTHORIZED" | "INSUFFICIENT_PERMISSION" => ErrorKind::Forbidden,
        "INVALID_REQUEST" => ErrorKind::Invalid,
        "OBJECT_NOT_FOUND" => ErrorKind::NotFound,
        "LIMIT_EXCEEDED" => ErrorKind::RateLimited,
        // Nobody knows then what became of a write, so it is looked up.
        _ if code.contains("INTERNAL") || code.contains("SERVER") => ErrorKind::Server,
        _ => return None,
    })
}

/// What happened and what to do about it, as one text.
fn words(message: Option<Scalar>, resolution: Option<Scalar>) -> Option<String> {
    let part = |it: Option<Scalar>| Some(it?.0.trim().to_owned()).filter(|it| !it.is_empty());
    match (part(message), part(resolution)) {
        (Some(message), Some(resolution)) => {
            let stop = if message.ends_with(['.', '!', '?']) { " " } else { ". " };
            Some([&message, stop, &resolution].concat())
        }
        (one, other) => one.or(other),
    }
}

fn between(text: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = text.split_once(start)?;
    let (inner, _) = rest.split_once(end)?;
    let inner = quick_xml::escape::unescape(inner).ok()?;
    Some(inner.trim().chars().take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    fn request() -> Request {
        Request::write(Method::Post, "qps/rest/1.0/update/ca/agentactkey/5")
    }

    fn xml(code: &str, message: &str, resolution: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ServiceResponse>\n  <responseCode>{code}</responseCode>\n  \
             <responseErrorDetails>\n    <errorMessage>{message}</errorMessage>\n    \
             <errorResolution>{resolution}</errorResolution>\n  </responseErrorDetails>\n</ServiceResponse>"
        )
    }

    fn json(code: &str, message: &str) -> String {
        format!(
            r#"{{"ServiceResponse":{{"responseCode":"{code}","responseErrorDetails":{{"errorMessage":"{message}"}}}}}}"#
        )
    }

    /// Every row of 6.4, under HTTP 200 and under a status of its own.
    #[test]
    fn each_code_has_its_kind_whatever_the_status() {
        for (code, kind) in [
            ("INVALID_CREDENTIALS", ErrorKind::Unauthorized { expired: false }),
            ("UNAUTHORIZED", ErrorKind::Forbidden),
            ("INSUFFICIENT_PERMISSION", ErrorKind::Forbidden),
            ("INVALID_REQUEST", ErrorKind::Invalid),
            ("OBJECT_NOT_FOUND", ErrorKind::NotFound),
            ("LIMIT_EXCEEDED", ErrorKind::RateLimited),
            ("INTERNAL_ERROR", ErrorKind::Server),
        ] {
            for status in [200, 400, 401, 500] {
                for body in [xml(code, "no", ""), json(code, "no")] {
                    let error = judge(&request(), status, &body);
                    let got = error.map(|it| (it.kind, it.status, it.message));
                    assert_eq!(got, Some((kind, Some(status), Some("no".to_owned()))), "{code} {status}");
                }
            }
        }
    }

    #[test]
    fn a_code_of_no_document_is_judged_by_its_status() {
        for (status, kind) in
            [(200, ErrorKind::Invalid), (404, ErrorKind::NotFound), (503, ErrorKind::Server)]
        {
            let error = judge(&request(), status, &xml("STRANGE", "", ""));
            let got = error.map(|it| (it.kind, it.message));
            assert_eq!(got, Some((kind, Some("STRANGE".to_owned()))), "{status}");
        }
    }

    #[test]
    fn a_success_is_left_alone() {
        for body in [
            "<ServiceResponse><responseCode>SUCCESS</responseCode></ServiceResponse>",
            "<ServiceResponse><responseCode><![CDATA[SUCCESS]]></responseCode></ServiceResponse>",
            r#"{"ServiceResponse":{"count":1,"responseCode":"SUCCESS"}}"#,
            r#" {"ServiceResponse": {"responseCode": "SUCCESS"}}"#,
        ] {
            assert_eq!(judge(&request(), 200, body), None, "{body}");
        }
    }

    /// A title is free text and may hold anything.
    #[test]
    fn a_success_inside_an_error_counts_for_nothing() {
        let body = xml("INVALID_REQUEST", "&lt;responseCode&gt;SUCCESS&lt;/responseCode&gt;", "");
        assert_eq!(judge(&request(), 200, &body).map(|it| it.kind), Some(ErrorKind::Invalid));
    }

    #[test]
    fn the_words_are_what_happened_and_what_to_do() {
        let check = |message: &str, resolution: &str, want: &str| {
            let error = judge(&request(), 200, &xml("INVALID_REQUEST", message, resolution));
            assert_eq!(error.and_then(|it| it.message).as_deref(), Some(want));
        };
        check("Failed", "Try it so.", "Failed. Try it so.");
        check("Bad value (abc).", "Give a number.", "Bad value (abc). Give a number.");
        check("<![CDATA[a & b]]>", "", "a & b");
        check("", "Give a number.", "Give a number.");
    }

    #[test]
    fn a_token_that_is_over_asks_for_another_sign_in() {
        let error = judge(&request(), 200, &xml("INVALID_CREDENTIALS", "The token has expired", ""));
        assert_eq!(error.map(|it| it.kind), Some(ErrorKind::Unauthorized { expired: true }));
    }

    /// Section 5: 1965 is the rate and 1960 the concurrency; another 409 is a conflict, and is not sent again.
    #[test]
    fn a_409_of_the_other_family_keeps_its_kind_and_gets_its_words() {
        for (code, kind) in
            [("1965", ErrorKind::RateLimited), ("1960", ErrorKind::RateLimited), ("999", ErrorKind::Conflict)]
        {
            let body = format!(
                "<?xml version=\"1.0\"?><!DOCTYPE SIMPLE_RETURN SYSTEM \"https://h/x.dtd\"><SIMPLE_RETURN><RESPONSE>\
                 <CODE>{code}</CODE><TEXT>Not now &amp; not here</TEXT><ITEM_LIST><ITEM><KEY>SECONDS_TO_WAIT</KEY>\
                 <VALUE>21</VALUE></ITEM></ITEM_LIST></RESPONSE></SIMPLE_RETURN>"
            );
            let error = judge(&request(), 409, &body);
            let got = error.map(|it| (it.kind, it.message, it.retry_after_secs));
            assert_eq!(got, Some((kind, Some("Not now & not here".to_owned()), Some(21))), "{code}");
        }
    }

    #[test]
    fn what_is_no_answer_of_this_api_is_left_to_its_status() {
        for body in [
            "",
            "<html><TEXT>x</TEXT></html>",
            r#"{"status":401,"message":"JWT expired"}"#,
            "<ServiceResp",
            "ok",
        ] {
            assert_eq!(judge(&request(), 401, body), None, "{body}");
        }
        assert_eq!(judge(&request(), 200, "<SIMPLE_RETURN><TEXT>x</TEXT></SIMPLE_RETURN>"), None);
    }
}
