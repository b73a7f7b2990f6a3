//! How a job and its items stand, as texts in the store. They hold ids and what the service said, never the value of
//! a key. What cannot be read counts as not there: then an item waits, and is looked at before anything is sent.

use serde_json::Value as Json;

use super::value_text::{self, object, read_value, text, texts, value};
use super::{Failure, ItemState, Skip};
use crate::domain::{FieldId, KeyId, Timestamp};
use crate::journal::Notice;
use crate::systems::{Asked, Manifest};

/// A job as a whole.
pub(super) struct Head {
    pub(super) began: Timestamp,
    pub(super) ended: Option<Timestamp>,
    pub(super) paused: bool,
    pub(super) stopped: bool,
    pub(super) watched: bool,
    pub(super) address: Option<String>,
}

pub(super) fn head(head: &Head) -> String {
    let pairs = vec![
        ("began", Json::from(head.began.0)),
        ("ended", head.ended.map(|it| it.0).into()),
        ("paused", head.paused.into()),
        ("stopped", head.stopped.into()),
        ("watched", head.watched.into()),
        ("address", head.address.clone().into()),
    ];
    object(pairs).to_string()
}

pub(super) fn read_head(text: &str) -> Option<Head> {
    let json: Json = serde_json::from_str(text).ok()?;
    let flag = |name: &str| json.get(name).and_then(Json::as_bool).unwrap_or_default();
    Some(Head {
        began: Timestamp(json.get("began")?.as_i64()?),
        ended: json.get("ended").and_then(Json::as_i64).map(Timestamp),
        paused: flag("paused"),
        stopped: flag("stopped"),
        watched: flag("watched"),
        address: json.get("address").and_then(value_text::text),
    })
}

/// An item as it was read.
pub(super) struct ItemRead {
    pub(super) state: ItemState,
    pub(super) before: Option<Vec<KeyId>>,
    pub(super) is_looked_up: bool,
}

pub(super) fn item(state: &ItemState, before: Option<&[KeyId]>, is_looked_up: bool) -> String {
    let mut pairs: Vec<(&str, Json)> = vec![("state", word(state).into())];
    match state {
        ItemState::Waiting | ItemState::Sent => {
            if let Some(before) = before {
                pairs.push(("before", before.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().into()));
            }
            if is_looked_up {
                pairs.push(("looked_up", true.into()));
            }
        }
        ItemState::Done { key, asked, notices } => {
            pairs.push(("key", key.as_ref().map(|it| it.0.clone()).into()));
            pairs.push(("asked", asked.iter().map(asked_json).collect::<Vec<_>>().into()));
            pairs.push(("notices", notices.iter().map(|it| notice(*it)).collect::<Vec<_>>().into()));
        }
        ItemState::Failed(why) | ItemState::Unknown(why) => {
            pairs.push(("code", why.code.clone().into()));
            pairs.push(("status", why.status.into()));
            pairs.push(("message", why.message.clone().into()));
            if let Some(before) = before {
                pairs.push(("before", before.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().into()));
            }
        }
        ItemState::Skipped(skip) => {
            pairs.push(("why", skip_word(skip).into()));
            if let Skip::Moved(fields) = skip {
                pairs.push(("fields", fields.iter().map(|it| it.0).collect::<Vec<_>>().into()));
            }
        }
    }
    object(pairs).to_string()
}

pub(super) fn read_item(record: &str, manifest: &Manifest) -> Option<ItemRead> {
    let json: Json = serde_json::from_str(record).ok()?;
    let word = json.get("state")?.as_str()?;
    let failure = || {
        let status = json.get("status").and_then(Json::as_u64).and_then(|it| u16::try_from(it).ok());
        Some(Failure { code: text(json.get("code")?)?, status, message: text(json.get("message")?)? })
    };
    let state = match word {
        "waiting" => ItemState::Waiting,
        "sent" => ItemState::Sent,
        "done" => ItemState::Done {
            key: json.get("key").and_then(text).map(KeyId),
            asked: json.get("asked")?.as_array()?.iter().filter_map(|it| read_asked(it, manifest)).collect(),
            notices: json.get("notices")?.as_array()?.iter().filter_map(read_notice).collect(),
        },
        "failed" => ItemState::Failed(failure()?),
        "unknown" => ItemState::Unknown(failure()?),
        "skipped" => ItemState::Skipped(read_skip(&json, manifest)?),
        _ => return None,
    };
    let before = json.get("before").and_then(texts).map(|it| it.into_iter().map(KeyId).collect());
    let is_looked_up = json.get("looked_up").and_then(Json::as_bool).unwrap_or_default();
    Some(ItemRead { state, before, is_looked_up })
}

/// The state of an item in one word.
pub(super) fn word(state: &ItemState) -> &'static str {
    match state {
        ItemState::Waiting => "waiting",
        ItemState::Sent => "sent",
        ItemState::Done { .. } => "done",
        ItemState::Failed(_) => "failed",
        ItemState::Unknown(_) => "unknown",
        ItemState::Skipped(_) => "skipped",
    }
}

pub(super) fn skip_word(skip: &Skip) -> &'static str {
    match skip {
        Skip::AlreadySo => "already_so",
        Skip::Gone => "gone",
        Skip::Moved(_) => "moved",
        Skip::Cancelled => "cancelled",
    }
}

fn read_skip(json: &Json, manifest: &Manifest) -> Option<Skip> {
    Some(match json.get("why")?.as_str()? {
        "already_so" => Skip::AlreadySo,
        "gone" => Skip::Gone,
        "cancelled" => Skip::Cancelled,
        "moved" => {
            let names = json.get("fields").and_then(texts).unwrap_or_default();
            Skip::Moved(names.iter().filter_map(|it| field(manifest, it)).collect())
        }
        _ => return None,
    })
}

fn field(manifest: &Manifest, name: &str) -> Option<FieldId> {
    manifest.fields.iter().map(|it| it.id).find(|it| it.0 == name)
}

pub(super) fn asked_json(it: &Asked) -> Json {
    object(vec![("field", it.field.0.into()), ("asked", value(&it.asked)), ("got", value(&it.got))])
}

fn read_asked(json: &Json, manifest: &Manifest) -> Option<Asked> {
    let field = field(manifest, json.get("field")?.as_str()?)?;
    Some(Asked { field, asked: read_value(json.get("asked")?)?, got: read_value(json.get("got")?)? })
}

pub(super) fn notice(it: Notice) -> String {
    let word = match it {
        Notice::LookedUp => "looked_up",
        Notice::AlreadySo => "already_so",
        Notice::Contended => "contended",
        Notice::SeveralMatch(count) => return ["several_match:", &count.to_string()].concat(),
        Notice::NotReadBack => "not_read_back",
        Notice::NotYetSeen => "not_yet_seen",
        Notice::SecretLost => "secret_lost",
    };
    word.to_owned()
}

fn read_notice(json: &Json) -> Option<Notice> {
    let word = json.as_str()?;
    if let Some(count) = word.strip_prefix("several_match:") {
        return Some(Notice::SeveralMatch(count.parse().ok()?));
    }
    Some(match word {
        "looked_up" => Notice::LookedUp,
        "already_so" => Notice::AlreadySo,
        "contended" => Notice::Contended,
        "not_read_back" => Notice::NotReadBack,
        "not_yet_seen" => Notice::NotYetSeen,
        "secret_lost" => Notice::SecretLost,
        _ => return None,
    })
}
