//! What create and update make of a key: all rules about the fields, none about the store.

use std::collections::HashSet;
use std::hash::Hash;

use jiff::civil::Date;

use super::licences;
use super::stored::StoredKey;
use super::wire::{CreateBody, UpdateBody};
use crate::reply::Failure;
use crate::switches::LicenceSubstitution;

/// The documented range of `maxAgentsAllowed`.
const MOST_AGENTS: i64 = 1_000_000;

/// Fills a new key with what a create asks for.
pub(super) fn created(
    blank: StoredKey,
    body: CreateBody,
    substitution: LicenceSubstitution,
) -> Result<StoredKey, Failure> {
    let CreateBody { title, network_id, expire_date, max_agents_allowed, licenses, tags } = body;
    Ok(StoredKey {
        title: title.unwrap_or_default(),
        network_id: network_id.map(network).transpose()?.unwrap_or(0),
        expire_date: expire_date.as_deref().map(date).transpose()?,
        count_purchased: max_agents_allowed.map(agent_limit).transpose()?.unwrap_or(0),
        licenses: licences::stored(codes("licenses", licenses)?, substitution),
        tags: merged(Vec::new(), tag_ids("tags", tags)?),
        ..blank
    })
}

/// Applies the differences of an update. Fields left out stay as they are.
pub(super) fn updated(
    key: StoredKey,
    body: UpdateBody,
    substitution: LicenceSubstitution,
) -> Result<StoredKey, Failure> {
    let mut res = key;
    if let Some(title) = body.title {
        res.title = title;
    }
    if let Some(id) = body.network_id {
        res.network_id = network(id)?;
    }
    match (body.expire_date, body.remove_expire_date.unwrap_or(false)) {
        (Some(_), true) => return Err(both("expireDate", "removeExpireDate")),
        // A day given here has no time, whatever the QPS API gave before.
        (Some(text), false) => (res.expire_date, res.expire_time) = (Some(date(&text)?), None),
        (None, true) => (res.expire_date, res.expire_time) = (None, None),
        (None, false) => {}
    }
    match (body.max_agents_allowed, body.remove_max_agents_allowed.unwrap_or(false)) {
        (Some(_), true) => return Err(both("maxAgentsAllowed", "removeMaxAgentsAllowed")),
        (Some(limit), false) => res.count_purchased = limit_above(agent_limit(limit)?, res.count_used)?,
        (None, true) => res.count_purchased = 0,
        (None, false) => {}
    }
    if let Some(apply) = body.apply_to_existing_agents {
        res.apply_to_existing_agents = apply;
    }

    let (add, remove) =
        (codes("addLicenses", body.add_licenses)?, codes("removeLicenses", body.remove_licenses)?);
    disjoint("addLicenses", &add, "removeLicenses", &remove)?;
    if !add.is_empty() || !remove.is_empty() {
        res.licenses
            .retain(|code| !remove.iter().any(|wanted| licences::removes(wanted, code, substitution)));
        let all = res.licenses.drain(..).map(|code| (code, LicenceSubstitution::None));
        let all = all.chain(add.into_iter().map(|code| (code, substitution)));
        // What is stored already was substituted when it came; only additions are now.
        let all: Vec<String> = all.flat_map(|(code, how)| licences::stored([code], how)).collect();
        res.licenses = licences::stored(all, LicenceSubstitution::None);
    }

    let (add, remove) = (tag_ids("addTags", body.add_tags)?, tag_ids("removeTags", body.remove_tags)?);
    disjoint("addTags", &add, "removeTags", &remove)?;
    res.tags.retain(|id| !remove.contains(id));
    res.tags = merged(res.tags, add);
    Ok(res)
}

/// A day that exists, as `YYYY-MM-DD` and nothing else.
fn date(text: &str) -> Result<Date, Failure> {
    let has_form = text.len() == 10
        && text.bytes().enumerate().all(|(idx, byte)| match idx {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    match text.parse() {
        Ok(date) if has_form => Ok(date),
        Ok(_) | Err(_) => Err(Failure::bad_request("`expireDate` is not a day as YYYY-MM-DD.")),
    }
}

fn agent_limit(limit: i64) -> Result<i64, Failure> {
    if !(1..=MOST_AGENTS).contains(&limit) {
        return Err(Failure::bad_request(format!("`maxAgentsAllowed` is not from 1 to {MOST_AGENTS}.")));
    }
    Ok(limit)
}

/// The document wants more than the installed agents, so an equal number is refused too.
fn limit_above(limit: i64, used: i64) -> Result<i64, Failure> {
    if limit <= used {
        return Err(Failure::bad_request(format!(
            "`maxAgentsAllowed` is not more than the {used} agents installed with this key."
        )));
    }
    Ok(limit)
}

fn network(id: i64) -> Result<i64, Failure> {
    if id < 0 {
        return Err(Failure::bad_request("`networkId` is negative."));
    }
    Ok(id)
}

fn codes(field: &str, codes: Option<Vec<String>>) -> Result<Vec<String>, Failure> {
    let codes = codes.unwrap_or_default();
    if codes.iter().any(|code| code.trim().is_empty()) {
        return Err(Failure::bad_request(format!("`{field}` holds a blank code.")));
    }
    Ok(codes)
}

fn tag_ids(field: &str, ids: Option<Vec<i64>>) -> Result<Vec<i64>, Failure> {
    let ids = ids.unwrap_or_default();
    if ids.iter().any(|&id| id < 1) {
        return Err(Failure::bad_request(format!("`{field}` holds a number that is no tag id.")));
    }
    Ok(ids)
}

fn merged(mut ids: Vec<i64>, more: Vec<i64>) -> Vec<i64> {
    for id in more {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// No document says what adding and removing the same value does, so it is refused.
fn disjoint<T: Eq + Hash>(
    add_field: &str,
    add: &[T],
    remove_field: &str,
    remove: &[T],
) -> Result<(), Failure> {
    let removed: HashSet<&T> = remove.iter().collect();
    if add.iter().any(|value| removed.contains(value)) {
        return Err(Failure::bad_request(format!("`{add_field}` and `{remove_field}` name the same value.")));
    }
    Ok(())
}

fn both(one: &str, other: &str) -> Failure {
    Failure::bad_request(format!("`{one}` and `{other}` exclude each other."))
}
