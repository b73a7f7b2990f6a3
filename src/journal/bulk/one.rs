//! One item of a plan: carried out, or looked up after nobody knows whether it was.

use std::cell::Cell;
use std::rc::Rc;

use crate::domain::{Ended, FieldId, Fields, Key, KeyId, Ref, Value};
use crate::http::{ApiError, ErrorKind};
use crate::journal::lookup::SETTLED_LOOKS;
use crate::journal::update::is_push_alone;
use crate::journal::writes::Writes;
use crate::journal::{Notice, Outcome, PlannedUpdate, Step};
use crate::systems::key_values::looks_like_key_value;
use crate::systems::{Asked, Change, Delta, FieldKind, Manifest};

use super::{Failure, Item, ItemState, Skip, Wanted};

/// What an attempt led to.
pub(super) enum Verdict {
    /// The item has its end.
    Settled(ItemState),
    /// Nothing came of it, and trying again later may help.
    Again {
        /// It may have been sent: it is looked up first.
        sent: bool,
        err: ApiError,
    },
    /// The reader signed out.
    SignedOut,
    /// Looking showed that what was sent never came about: it has its turn again.
    NotThere,
}

/// What is known of an item from earlier attempts.
pub(super) struct Past {
    /// It was sent before, and looked up.
    pub(super) sent: bool,
    /// The newest keys before that, for a create.
    pub(super) before: Option<Vec<KeyId>>,
}

/// Carries out an item that waits. `sent` tells whether a call left.
pub(super) async fn carry_out(
    writes: &Writes,
    item: &Item,
    past: Past,
    sent: &Rc<Cell<bool>>,
    step: &dyn Fn(Step),
) -> Verdict {
    let outcome = match &item.wanted {
        Wanted::Created(new) => writes.create(new, past.before, step).await,
        _ => {
            let Some(before) = &item.before else { return failed("invalid", None) };
            match &item.wanted {
                Wanted::Enabled(on) => writes.set_enabled(&before.id, *on, step).await,
                Wanted::Removed => match check_removal(writes, before).await {
                    Ok(()) => writes.delete(&before.id, step).await,
                    Err(verdict) => return *verdict,
                },
                Wanted::Changed(change) => update(writes, before, change, step).await,
                Wanted::Created(_) => return failed("invalid", None),
            }
        }
    };
    judge(item, outcome, sent.get(), past.sent)
}

/// A change that was planned on a key of which the id alone was known is planned on how it is now.
async fn update(writes: &Writes, before: &Key, change: &Change, step: &dyn Fn(Step)) -> Outcome {
    let read;
    let before = if before.fields.is_empty() {
        match writes.read(&before.id).await {
            Ok(now) => {
                read = now;
                &read
            }
            Err(err) if err.kind == ErrorKind::NotFound => return Outcome::Gone,
            Err(err) => return Outcome::Refused(err),
        }
    } else {
        before
    };
    let wanted = changed(writes.manifest(), &before.fields, change);
    writes.update(PlannedUpdate { read: before, wanted: &wanted, change }, step).await
}

/// A key is removed as the reader saw it: one that changed since may be in use by now.
async fn check_removal(writes: &Writes, before: &Key) -> Result<(), Box<Verdict>> {
    let skip = |why: Skip| Err(Box::new(Verdict::Settled(ItemState::Skipped(why))));
    let now = match writes.read(&before.id).await {
        Ok(now) => now,
        Err(err) if err.kind == ErrorKind::NotFound => return skip(Skip::AlreadySo),
        Err(err) => return Err(Box::new(refused(err, false))),
    };
    if now.ended == Some(Ended::Revoked) {
        return skip(Skip::AlreadySo);
    }
    if before.fields.is_empty() {
        return Ok(());
    }
    let mut fields = writes.moved(before, &now);
    // More machines on a key that has some are nothing new; the first ones are.
    let used = |it: &Key| it.used().unwrap_or(0);
    if used(before) == 0 && used(&now) > 0 {
        fields.push(FieldId::USED);
    }
    if fields.is_empty() { Ok(()) } else { skip(Skip::Moved(fields)) }
}

/// Finds out what became of an item that was sent when the tab died.
pub(super) async fn look_up(writes: &Writes, item: &Item, before: &[KeyId], step: &dyn Fn(Step)) -> Verdict {
    if let Wanted::Created(new) = &item.wanted {
        return match writes.look_up_created(new, before, step).await {
            Ok(Some(outcome)) => judge(item, outcome, true, true),
            Ok(None) => Verdict::NotThere,
            Err(err) => unknown(err),
        };
    }
    let Some(planned) = &item.before else { return failed("invalid", None) };
    if let Wanted::Changed(change) = &item.wanted
        && is_push_alone(writes.manifest(), change)
    {
        // A push leaves nothing to see, and must not be made twice unasked.
        return Verdict::Settled(ItemState::Unknown(Failure::of_code("unseen")));
    }
    for look in 0..SETTLED_LOOKS {
        let now = match writes.look(&planned.id, step).await {
            Ok(now) => now,
            Err(err) => return unknown(err),
        };
        if let Some(state) = came_about(writes.manifest(), item, planned, now) {
            return Verdict::Settled(state);
        }
        writes.pause_before_look(look).await;
    }
    Verdict::NotThere
}

/// The end of an item that was sent, if the key shows it.
fn came_about(manifest: &Manifest, item: &Item, planned: &Key, now: Option<Key>) -> Option<ItemState> {
    let done = |asked| {
        let (key, notices) = (Some(planned.id.clone()), vec![Notice::LookedUp]);
        Some(ItemState::Done { key, asked, notices })
    };
    let Some(now) = now else {
        let is_removal = item.wanted == Wanted::Removed;
        return if is_removal { done(Vec::new()) } else { Some(ItemState::Failed(Failure::of_code("gone"))) };
    };
    match &item.wanted {
        Wanted::Enabled(on) => (now.disabled != *on).then(|| done(Vec::new())).flatten(),
        Wanted::Removed => (now.ended == Some(Ended::Revoked)).then(|| done(Vec::new())).flatten(),
        Wanted::Changed(change) => {
            let wanted = changed(manifest, &planned.fields, change);
            // Services substitute: a field that is neither as before nor as asked was changed all the same. Of a key
            // that was picked unseen nothing is known before, so it has to be as asked.
            let seen = !planned.fields.is_empty();
            let asked = crate::systems::compare_change(manifest, &wanted, change, &now);
            let moved = |field: FieldId| {
                let spec = manifest.field(field);
                let text = |key: &Key| {
                    let value = key.fields.get(field).zip(spec);
                    value.map(|(value, spec)| crate::systems::comparable(spec, value))
                };
                text(planned) != text(&now)
            };
            let came = if seen { change.0.iter().any(|(it, _)| moved(*it)) } else { asked.is_empty() };
            came.then(|| done(asked)).flatten()
        }
        Wanted::Created(_) => None,
    }
}

/// The fields of a change as they shall be.
pub(super) fn changed(manifest: &Manifest, before: &Fields, change: &Change) -> Fields {
    let one = |(field, delta): &(FieldId, Delta)| {
        let value = match delta {
            Delta::Set(value) => value.clone(),
            Delta::List { add, remove } => list(manifest, *field, before.get(*field), add, remove),
        };
        (*field, value)
    };
    change.0.iter().map(one).collect()
}

fn list(
    manifest: &Manifest,
    field: FieldId,
    before: Option<&Value>,
    add: &[String],
    remove: &[String],
) -> Value {
    let kind = manifest.field(field).map(|it| it.kind);
    if let Some(FieldKind::Codes(_)) = kind {
        let old = if let Some(Value::Codes(it)) = before { it.as_slice() } else { &[] };
        let kept = old.iter().filter(|it| !remove.contains(it));
        return Value::Codes(kept.chain(add).cloned().collect());
    }
    let old = if let Some(Value::Refs(it)) = before { it.as_slice() } else { &[] };
    let kept = old.iter().filter(|it| !remove.contains(&it.id)).cloned();
    Value::Refs(kept.chain(add.iter().map(|it| Ref::of(it.as_str()))).collect())
}

/// The state that an outcome leads to. `sent` tells whether a call left, now or (`before`) earlier.
fn judge(item: &Item, outcome: Outcome, sent: bool, before: bool) -> Verdict {
    let skip = |why: Skip| Verdict::Settled(ItemState::Skipped(why));
    match outcome {
        Outcome::Done { notices, .. } if notices.contains(&Notice::AlreadySo) && !sent && !before => {
            skip(Skip::AlreadySo)
        }
        Outcome::Done { key, asked, mut notices, .. } => {
            if notices.contains(&Notice::AlreadySo) {
                // It was this one's own doing, or nobody can tell the difference.
                notices.retain(|it| *it != Notice::AlreadySo && *it != Notice::LookedUp);
                notices.push(Notice::LookedUp);
            }
            // Nobody watches a job of many keys: a value that is told this once is gone with the answer.
            let is_told_once = key.as_ref().is_some_and(|it| it.value.is_some());
            let key = key.map(|it| it.id).or_else(|| item.key().cloned());
            if item.is_new() && !is_told_once {
                notices.retain(|it| *it != Notice::SecretLost);
            }
            Verdict::Settled(ItemState::Done { key, asked, notices })
        }
        Outcome::NotDone(err) if is_way_down(&err) => Verdict::Again { sent: false, err },
        Outcome::NotDone(err) => Verdict::Settled(ItemState::Failed(Failure::of("not_done", &err))),
        Outcome::Refused(err) => refused(err, sent),
        Outcome::Moved { fields, .. } if !sent => skip(Skip::Moved(fields)),
        Outcome::Moved { .. } => failed("contended", None),
        Outcome::Gone if item.wanted == Wanted::Removed => skip(Skip::AlreadySo),
        Outcome::Gone if !sent => skip(Skip::Gone),
        Outcome::Gone => failed("gone", None),
        Outcome::Abandoned(err) => unknown(err),
    }
}

/// The end of a change that a dialog watched: there whoever asked tries again, and nothing else does.
pub(super) fn watched_end(item: &Item, outcome: &Outcome, sent: bool) -> ItemState {
    let done = |key: Option<&Key>, asked: &[Asked], notices: &[Notice]| {
        let key = key.map(|it| it.id.clone()).or_else(|| item.key().cloned());
        ItemState::Done { key, asked: asked.to_vec(), notices: notices.to_vec() }
    };
    match outcome {
        Outcome::Done { notices, .. } if notices.contains(&Notice::AlreadySo) && !sent => {
            ItemState::Skipped(Skip::AlreadySo)
        }
        Outcome::Done { key, asked, notices, .. } => done(key.as_deref(), asked, notices),
        Outcome::NotDone(err) => ItemState::Failed(Failure::of("not_done", err)),
        Outcome::Refused(err) => ItemState::Failed(Failure::of(code(err.kind), err)),
        Outcome::Moved { fields, .. } if !sent => ItemState::Skipped(Skip::Moved(fields.clone())),
        Outcome::Moved { .. } => ItemState::Failed(Failure::of_code("contended")),
        Outcome::Gone if !sent => ItemState::Skipped(Skip::Gone),
        Outcome::Gone => ItemState::Failed(Failure::of_code("gone")),
        Outcome::Abandoned(err) => ItemState::Unknown(Failure::of(unknown_code(err), err)),
    }
}

/// The service refused it, or could not be asked beforehand.
fn refused(err: ApiError, sent: bool) -> Verdict {
    match err.kind {
        ErrorKind::Cancelled => Verdict::SignedOut,
        _ if is_held(&err) => Verdict::Again { sent: false, err },
        // A refusal for its sign-in or its rate changed nothing.
        ErrorKind::Unauthorized { .. } | ErrorKind::RateLimited => Verdict::Again { sent: false, err },
        ErrorKind::Offline
        | ErrorKind::Network
        | ErrorKind::TimedOut
        | ErrorKind::Server
        | ErrorKind::Malformed => Verdict::Again { sent, err },
        _ => failed(code(err.kind), Some(&err)),
    }
}

fn unknown(err: ApiError) -> Verdict {
    match err.kind {
        ErrorKind::Cancelled => Verdict::SignedOut,
        ErrorKind::Unauthorized { .. } | ErrorKind::RateLimited => Verdict::Again { sent: true, err },
        _ => Verdict::Settled(ItemState::Unknown(Failure::of(unknown_code(&err), &err))),
    }
}

/// Why nobody knows: the service did not tell, or another create may have made what was found.
fn unknown_code(err: &ApiError) -> &'static str {
    if err.kind == ErrorKind::Conflict && err.status.is_none() { "ambiguous" } else { "unseen" }
}

fn failed(code: &str, err: Option<&ApiError>) -> Verdict {
    let failure = err.map_or_else(|| Failure::of_code(code), |err| Failure::of(code, err));
    Verdict::Settled(ItemState::Failed(failure))
}

/// Whether a change was held here, where nothing may be changed at the moment: the service never saw it.
pub(super) fn is_held(err: &ApiError) -> bool {
    err.kind == ErrorKind::Forbidden && err.status.is_none()
}

/// Whether a lost call says something about the way to the service, and nothing about the call.
fn is_way_down(err: &ApiError) -> bool {
    matches!(err.kind, ErrorKind::Offline | ErrorKind::Network | ErrorKind::TimedOut)
}

/// A word for a kind of error: what failures are grouped by.
pub(super) fn code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Offline => "offline",
        ErrorKind::Network => "network",
        ErrorKind::TimedOut => "timed_out",
        ErrorKind::Cancelled => "cancelled",
        ErrorKind::Unauthorized { .. } => "unauthorized",
        ErrorKind::Forbidden => "forbidden",
        ErrorKind::NotFound => "not_found",
        ErrorKind::Conflict => "conflict",
        ErrorKind::Invalid => "invalid",
        ErrorKind::TooLarge => "too_large",
        ErrorKind::RateLimited => "rate_limited",
        ErrorKind::Server => "server",
        ErrorKind::Malformed => "malformed",
    }
}

impl Failure {
    /// A failure without an answer.
    pub(super) fn of_code(code: &str) -> Self {
        Self { code: code.to_owned(), status: None, message: String::new() }
    }

    /// A failure by what the service said, without anything in it that looks like the value of a key.
    pub(super) fn of(code: &str, err: &ApiError) -> Self {
        let message = err.message.as_deref().map(without_values).unwrap_or_default();
        Self { code: code.to_owned(), status: err.status, message }
    }
}

/// A text of the service without words of the shape of a key's value or a token, and not longer than a screen shows.
pub(super) fn without_values(text: &str) -> String {
    const LONGEST: usize = 500;
    const GONE: &str = "•••";
    let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
    let words = text.split_whitespace().map(|it| if looks_like_key_value(it) { GONE } else { it });
    words.collect::<Vec<_>>().join(" ")
}
