//! The older form of answer under `/api/2.0/fo`: networks, and the `SIMPLE_RETURN` of refused calls.
//!
//! Its documents start with a document type, as all recorded ones do.

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::answer::escaped;
use super::refusal::{Code, Refusal};
use crate::app::App;
use crate::switches::OnOff;

/// The networks of the demo subscription. Keys of the demo data refer to them.
pub(super) const NETWORKS: [(i64, &str); 6] = [
    (0, "Global Default Network"),
    (64_000, "Plant floor"),
    (64_001, "Data centre A"),
    (64_002, "Data centre B"),
    (64_003, "Branch offices"),
    (64_004, "Acquired: Müller & Söhne"),
];

/// A document of this family, written already.
#[derive(Debug, Clone)]
pub(super) struct FoAnswer(pub(super) String);

impl IntoResponse for FoAnswer {
    /// An empty answer that carries the document to the layer.
    fn into_response(self) -> Response {
        let mut res = StatusCode::OK.into_response();
        res.extensions_mut().insert(self);
        res
    }
}

/// `GET` or `POST /api/2.0/fo/network/` with `action=list` and perhaps `ids=1,2`.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<FoAnswer, Refusal> {
    let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
    let mut parameters = pairs(query.unwrap_or_default().as_bytes());
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        parameters.extend(pairs(&body));
    }
    let parameter =
        |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    if let Some((name, _)) =
        parameters.iter().find(|(name, _)| !matches!(name.as_str(), "action" | "ids" | "echo_request"))
    {
        return Err(Refusal::invalid(format!("There is no parameter {name}."), ""));
    }
    if parameter("action") != Some("list") {
        return Err(Refusal::invalid("The parameter action has to be list.", ""));
    }
    if app.switches().qps.qps_networks == OnOff::Off {
        let message = "The subscription has no network support.";
        return Err(Refusal::new(Code::Unauthorized, message, ""));
    }
    let ids: Option<HashSet<i64>> = match parameter("ids") {
        Some(text) => {
            let ids = text.split(',').map(|id| id.trim().parse().ok()).collect::<Option<_>>();
            Some(ids.ok_or_else(|| Refusal::invalid("The parameter ids holds no number.", ""))?)
        }
        None => None,
    };
    let mut rows = String::new();
    for (id, name) in NETWORKS.iter().filter(|(id, _)| ids.as_ref().is_none_or(|ids| ids.contains(id))) {
        rows.push_str(&format!("      <NETWORK>\n        <ID>{id}</ID>\n        <NAME><![CDATA[{name}]]></NAME>\n      </NETWORK>\n"));
    }
    let list = if rows.is_empty() {
        String::new()
    } else {
        format!("    <NETWORK_LIST>\n{rows}    </NETWORK_LIST>\n")
    };
    Ok(FoAnswer(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE NETWORK_LIST_OUTPUT>\n<NETWORK_LIST_OUTPUT>\n  <RESPONSE>\n    \
         <DATETIME>{:.0}</DATETIME>\n{list}  </RESPONSE>\n</NETWORK_LIST_OUTPUT>\n",
        Timestamp::now()
    )))
}

/// The answer of a call that reached a limit: 1965 for the rate, with the seconds to wait, 1960 for too many at once
/// (reference, section 5).
pub(super) fn blocked(wait: Option<u64>, base: &str) -> String {
    let (code, text, items) = match wait {
        Some(seconds) => {
            let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
            let text = format!(
                "This API cannot be run again for another {hours} hours, {minutes} minutes, and {rest} seconds."
            );
            let items = format!(
                "    <ITEM_LIST>\n      <ITEM>\n        <KEY>SECONDS_TO_WAIT</KEY>\n        <VALUE>{seconds}</VALUE>\n      \
                 </ITEM>\n    </ITEM_LIST>\n"
            );
            (1965, text, items)
        }
        None => {
            (1960, "This API cannot be run again until running calls have ended.".to_owned(), String::new())
        }
    };
    document(Some(code), &text, &items, base, Timestamp::now())
}

/// The answer of any other refused call of this family.
/// The code for a wrong password is the one known; the others are left out.
pub(super) fn simple_return(refusal: &Refusal, base: &str, now: Timestamp) -> String {
    let code = match refusal.code {
        Code::InvalidCredentials => Some(2000),
        _ => None,
    };
    document(code, &refusal.message, "", base, now)
}

fn document(code: Option<u32>, text: &str, items: &str, base: &str, now: Timestamp) -> String {
    let code = code.map(|code| format!("    <CODE>{code}</CODE>\n")).unwrap_or_default();
    let place = escaped(&format!("{base}/api/2.0/simple_return.dtd")).replace('"', "&quot;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE SIMPLE_RETURN SYSTEM \"{place}\">\n<SIMPLE_RETURN>\n  \
         <RESPONSE>\n    <DATETIME>{now:.0}</DATETIME>\n{code}    <TEXT>{}</TEXT>\n{items}  </RESPONSE>\n</SIMPLE_RETURN>\n",
        escaped(text)
    )
}
