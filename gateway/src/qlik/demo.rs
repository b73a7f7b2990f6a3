//! Demo data: what a tenant looks like after some years, the same for the same number, seed and day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Transaction};

use super::audit::{self, Kind};
use super::config::{self, Config};
use super::keys::{self, StoredKey, SubType};
use super::people::{self, Provider, User};
use super::{ADMIN, MEMBER};
use crate::random::{Random, guid};

const DAY: i64 = 86_400_000;

/// Names with what stands for them in addresses.
const FIRST_NAMES: [(&str, &str); 14] = [
    ("Maya", "maya"),
    ("Jonas", "jonas"),
    ("Priya", "priya"),
    ("Łukasz", "lukasz"),
    ("Chloé", "chloe"),
    ("Kenji", "kenji"),
    ("Amira", "amira"),
    ("Sven", "sven"),
    ("Beatriz", "beatriz"),
    ("Owen", "owen"),
    ("Yuki", "yuki"),
    ("Thandi", "thandi"),
    ("İbrahim", "ibrahim"),
    ("Zoë", "zoe"),
];
const LAST_NAMES: [(&str, &str); 12] = [
    ("Okafor", "okafor"),
    ("Lindqvist", "lindqvist"),
    ("Raman", "raman"),
    ("Żak", "zak"),
    ("Dubois-Martin", "dubois"),
    ("Sato", "sato"),
    ("Haddad", "haddad"),
    ("Müller", "mueller"),
    ("Oliveira", "oliveira"),
    ("Price", "price"),
    ("Nkosi", "nkosi"),
    ("O'Brien", "obrien"),
];
const USES: [&str; 12] = [
    "Nightly reload",
    "CI pipeline",
    "Terraform",
    "App migration",
    "Usage report",
    "qlik-cli",
    "Data load",
    "Monitoring probe",
    "Space clean-up",
    "Embedded portal",
    "Backup of apps",
    "User provisioning",
];
const PLACES: [&str; 10] = [
    "production",
    "staging",
    "sandbox",
    "Hamburg",
    "finance team",
    "São Paulo",
    "laptop",
    "build server",
    "migration 2026",
    "partner access",
];
/// Descriptions that try a screen: not Latin, right to left, long, with marks a query or a page could trip over.
const ODD_DESCRIPTIONS: [&str; 7] = [
    "本番リロード用キー",
    "مفتاح التقارير اليومية",
    "R&D \"blue\" <script> `canary` {{IDP-ID}}",
    "🔑 Break glass",
    "test",
    "Key that was made for the consultants of the first roll-out and has been handed on from one project to the next ever since, ask before revoking",
    "SCIM\\\\old",
];
const PROVIDERS: [(&str, &str, &str, &str, bool); 4] = [
    ("65f0b1d4c3a2918070605041", "OIDC", "azureAD", "Employees (Entra ID)", true),
    ("65f0b1d4c3a2918070605042", "OIDC", "okta", "Subsidiaries (Okta)", true),
    ("65f0b1d4c3a2918070605043", "SAML", "adfs", "Old ADFS", false),
    ("65f0b1d4c3a2918070605044", "jwtAuth", "external", "Portal tokens", true),
];
const LIFETIMES: [i64; 6] = [1, 7, 30, 90, 180, 365];

/// Fills empty tables. A tenant with keys also has users and a configuration that somebody has widened.
pub(super) fn fill(
    transaction: &Transaction<'_>,
    count: u32,
    seed: u64,
    today: Date,
) -> rusqlite::Result<()> {
    let midnight = today.to_zoned(TimeZone::UTC).map_or(0, |day| day.timestamp().as_millisecond());
    let mut random = Random(seed);
    for (id, protocol, provider, description, active) in PROVIDERS {
        let provider = Provider {
            id: id.to_owned(),
            protocol: protocol.to_owned(),
            provider: provider.to_owned(),
            description: description.to_owned(),
            active,
            interactive: protocol != "jwtAuth",
            created: midnight - 700 * DAY,
        };
        people::put_provider(transaction, &provider)?;
    }
    let users = users(count, midnight);
    for user in &users {
        people::put_user(transaction, user)?;
    }
    let widened =
        Config { max_keys_per_user: 25, max_api_key_expiry: "P365D".to_owned(), ..Config::default() };
    config::save(transaction, &if count == 0 { Config::default() } else { widened })?;
    let mut all: Vec<StoredKey> =
        (0..count).map(|idx| key(&mut random, i64::from(idx), &users, midnight)).collect();
    all.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
    for key in &all {
        keys::put(transaction, key)?;
    }
    events(transaction, &all, midnight)
}

/// The two users with tokens, and one for every six keys.
fn users(count: u32, midnight: i64) -> Vec<User> {
    let more = if count == 0 { 0 } else { (count / 6).max(10) };
    let person = |idx: u32| {
        let at = |length: usize, shift: u32| (idx.wrapping_mul(5).wrapping_add(shift) as usize) % length;
        let (first, login) = FIRST_NAMES.get(idx as usize % FIRST_NAMES.len()).copied().unwrap_or_default();
        let (last, family) = LAST_NAMES.get(at(LAST_NAMES.len(), idx / 14)).copied().unwrap_or_default();
        let number = if idx < 84 { String::new() } else { idx.to_string() };
        (format!("{first} {last}"), format!("{login}.{family}{number}"))
    };
    (0..more + 2)
        .map(|idx| {
            let (name, login) = person(idx);
            let (id, roles): (String, &[&str]) = match idx {
                0 => (ADMIN.to_owned(), &["TenantAdmin", "Developer"]),
                1 => (MEMBER.to_owned(), &["Developer", "SharedSpaceCreator"]),
                _ if idx % 9 == 5 => (format!("64ef645a3b7009d5{idx:08x}"), &["AnalyticsAdmin", "Developer"]),
                _ => (format!("64ef645a3b7009d5{idx:08x}"), &["Developer"]),
            };
            // Some people have left; their keys have not.
            let status = match idx % 12 {
                7 => "deleted",
                8 => "disabled",
                9 => "invited",
                _ => "active",
            };
            User {
                id,
                name,
                email: format!("{login}@demo.example"),
                subject: format!("auth0|{login}"),
                status: status.to_owned(),
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                can_manage_api_keys: idx % 10 != 6,
                created: midnight - (900 - i64::from(idx % 800)) * DAY,
            }
        })
        .collect()
}

fn key(random: &mut Random, idx: i64, users: &[User], midnight: i64) -> StoredKey {
    let lifetime = random.one_of(&LIFETIMES).copied().filter(|_| idx > 0).unwrap_or(30);
    // The first key expires tomorrow; of the others every fourth is over.
    let age = match idx {
        0 => lifetime - 2,
        _ if random.below(4) == 0 => lifetime + random.below(300),
        _ => random.below(lifetime),
    };
    // Yesterday at the latest, so that nothing is from the future early in the day.
    let created = midnight - (age + 1) * DAY + random.below(DAY);
    let owner = owner(random, idx, users);
    let is_scim = idx % 40 == 3;
    let provider = random.one_of(&PROVIDERS).map_or("", |provider| provider.0);
    let revoked = random.below(100) < 14;
    let touched = if revoked { random.below((age * DAY).max(1)) } else { 0 };
    StoredKey {
        id: guid(random.wide()),
        description: description(random, idx),
        revoked,
        sub: if is_scim { format!("SCIM\\{provider}") } else { owner.clone() },
        sub_type: if is_scim { SubType::ExternalClient } else { SubType::User },
        expiry: created + lifetime * DAY,
        created_by_user: if is_scim { ADMIN.to_owned() } else { owner },
        created,
        last_updated: created + touched,
        round: 0,
    }
}

/// The two users with tokens have a handful each, few enough for another; the rest is spread.
fn owner(random: &mut Random, idx: i64, users: &[User]) -> String {
    let other = random.one_of(users.get(2..).unwrap_or_default()).map(|user| user.id.clone());
    match idx {
        0 | 10 | 20 | 30 | 40 | 50 => ADMIN.to_owned(),
        1 | 11 | 21 | 31 => MEMBER.to_owned(),
        _ => other.unwrap_or_else(|| ADMIN.to_owned()),
    }
}

fn description(random: &mut Random, idx: i64) -> String {
    if idx % 16 == 7 {
        return random.one_of(&ODD_DESCRIPTIONS).map_or_else(String::new, |text| (*text).to_owned());
    }
    let part = |text: Option<&&str>| text.map_or_else(String::new, |text| (*text).to_owned());
    let (purpose, place) = (part(random.one_of(&USES)), part(random.one_of(&PLACES)));
    match random.below(3) {
        0 => purpose,
        1 => format!("{purpose}, {place}"),
        _ => format!("{purpose} ({place}) #{}", random.below(90) + 10),
    }
}

/// The events of the last 90 days, oldest first.
fn events(connection: &Connection, all: &[StoredKey], midnight: i64) -> rusqlite::Result<()> {
    let first = midnight - audit::KEPT + DAY;
    let mut events: Vec<(i64, Kind, &StoredKey, &str)> = Vec::new();
    for key in all {
        events.push((key.created, Kind::Created, key, &key.created_by_user));
        if key.revoked {
            events.push((key.last_updated, Kind::Updated, key, ADMIN));
        }
        if !key.revoked && key.expiry < midnight && key.sub_type == SubType::User {
            // Something still calls with the key the day after it expired.
            events.push((key.expiry + DAY / 2, Kind::ValidationFailed, key, &key.sub));
        }
    }
    events.retain(|(time, ..)| (first..midnight).contains(time));
    events.sort_by_key(|(time, ..)| *time);
    for (time, kind, key, user) in events {
        audit::of_key(connection, kind, key, user, time)?;
    }
    Ok(())
}
