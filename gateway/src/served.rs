//! The headers of a site: those the console is to be hosted with, and what a test takes away or puts in their place.

use std::path::Path;
use std::sync::{PoisonError, RwLock};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use hosting::{Part, Site};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What differs from a well-hosted console. Each change replaces all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Changes {
    /// Headers that no answer has.
    pub(crate) remove: Vec<String>,
    /// Headers that every answer has with this value.
    pub(crate) set: std::collections::BTreeMap<String, String>,
    /// Origins that may frame the console, beside those of its `config.json`.
    pub(crate) portals: Vec<String>,
    /// Whether frames without an origin of their own (a sandbox without `allow-same-origin`) may load the files.
    pub(crate) opaque_frames: bool,
}

impl Changes {
    /// Refuses names and values that are none.
    ///
    /// # Errors
    /// A sentence about the first.
    pub(crate) fn checked(self) -> Result<Self, String> {
        let name = |name: &String| {
            HeaderName::try_from(name.as_str())
                .map(|_| ())
                .map_err(|_| format!("`{name}` is no name of a header"))
        };
        self.remove.iter().chain(self.set.keys()).try_for_each(name)?;
        for value in self.set.values().chain(&self.portals) {
            HeaderValue::try_from(value.as_str())
                .map_err(|_| format!("`{value}` is no value of a header"))?;
        }
        Ok(self)
    }
}

/// What is changed now.
#[derive(Debug, Default)]
pub(crate) struct Served(RwLock<Changes>);

impl Served {
    /// The changes as they stand.
    pub(crate) fn changes(&self) -> Changes {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces them.
    pub(crate) fn replace(&self, changes: Changes) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = changes;
    }

    /// Sets the headers of a part. Reads the portals anew each time: a test may change the file.
    pub(crate) fn dress(&self, headers: &mut HeaderMap, part: Part, folder: &Path) {
        let mut site = Site { portals: portals(folder), ..Site::default() };
        site.portals.extend(self.changes().portals);
        for header in hosting::headers(part, &site) {
            let name = HeaderName::try_from(header.name).ok();
            if let Some((name, value)) = name.zip(HeaderValue::try_from(header.value.as_ref()).ok()) {
                headers.insert(name, value);
            }
        }
    }

    /// Makes the changes of the moment to a finished answer.
    pub(crate) fn change(&self, headers: &mut HeaderMap) {
        let changes = self.changes();
        if changes.opaque_frames {
            // Such a frame is of no site at all: whatever it loads comes from elsewhere.
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
        }
        for name in &changes.remove {
            headers.remove(name.as_str());
        }
        for (name, value) in &changes.set {
            let name = HeaderName::try_from(name.as_str()).ok();
            if let Some((name, value)) = name.zip(HeaderValue::try_from(value.as_str()).ok()) {
                headers.insert(name, value);
            }
        }
    }
}

/// The origins `config.json` names; none when it is unusable, which the console itself tells.
fn portals(folder: &Path) -> Vec<String> {
    let text = std::fs::read(folder.join("config.json")).unwrap_or_default();
    let config: Value = serde_json::from_slice(&text).unwrap_or_default();
    let all = config.get("portals").and_then(Value::as_array).into_iter().flatten();
    // An origin has no blank and no `;`, with which a text could end the list and say more.
    let is_origin = |it: &&str| !it.contains([' ', ';', ',', '\'', '*']) && it.contains("://");
    all.filter_map(Value::as_str).filter(is_origin).map(str::to_owned).collect()
}
