//! Demo keys: what an organisation's keys look like after some years, the same for the same number, seed and day.
//!
//! Dates are counted from the day given, so that there is always a key that expires tomorrow.

use std::collections::HashSet;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::licences;
use super::stored::{FIRST_ID, Status, StoredKey};
use crate::random::{Random, guid};
use crate::switches::LicenceSubstitution;

const TEAMS: [&str; 16] = [
    "Platform",
    "Retail",
    "Payments",
    "Data Science",
    "Field Service",
    "HR",
    "Finance",
    "SecOps",
    "Network",
    "Logistics",
    "Customer Care",
    "Research",
    "Legal",
    "Marketing",
    "Plant Control",
    "Identity",
];
const SITES: [&str; 16] = [
    "Hamburg",
    "Zürich",
    "Lyon",
    "Singapore",
    "Austin",
    "São Paulo",
    "Osaka",
    "Leeds",
    "Pune",
    "Gdańsk",
    "Toronto",
    "Malmö",
    "Dublin",
    "Brno",
    "Valencia",
    "Nairobi",
];
const PLATFORMS: [&str; 10] = [
    "Windows Server",
    "Windows 11",
    "RHEL 9",
    "Ubuntu 24.04",
    "macOS",
    "SLES 15",
    "Debian 12",
    "AIX",
    "EKS nodes",
    "golden image",
];
const PURPOSES: [&str; 10] = [
    "production",
    "staging",
    "pilot",
    "DMZ",
    "VDI",
    "kiosks",
    "build agents",
    "jump hosts",
    "disaster recovery",
    "acquisition",
];
/// Titles that try a screen: long, not Latin, right to left, with marks a query or a page could trip over.
const ODD_TITLES: [&str; 10] = [
    "本社サーバー群 — 本番環境",
    "Ключ для филиала № 7",
    "مفتاح مركز البيانات",
    "Straßenmeisterei Süd & West <ausgemustert?>",
    "R&D \"blue\" cluster: `canary` (do not use)",
    "🔑 Break glass",
    "Key for every laptop that was handed out before the merger and has not been reinstalled since, kept until the last of them comes back from the field",
    "Donaudampfschifffahrtsgesellschaftskapitänsarbeitsplatzrechneraktivierungsschlüssel",
    "test",
    "0042",
];
const CREATORS: [(&str, &str, &str); 7] = [
    ("Maya", "Okafor", "demo_mo1"),
    ("Jonas", "Lindqvist", "demo_jl2"),
    ("Priya", "Raman", "demo_pr"),
    ("Łukasz", "Żak", "demo_lz4"),
    ("Chloé", "Dubois-Martin", "demo_cd"),
    ("Kenji", "Sato", "demo_ks3"),
    ("Service", "Account", "demo_svc_rollout"),
];
const LICENCE_MIXES: [&[&str]; 12] = [
    &["VM"],
    &["VM", "PA"],
    &["PM", "VM", "FIM", "PA", "EDR"],
    &["VM", "FIM", "EDR"],
    &[],
    &["PM", "VM", "SCA"],
    &["VM", "SwCA"],
    &["VM", "PA", "PAF"],
    &["VM", "CAPS"],
    &["PM", "VM", "MTG", "ISL"],
    &["FIM", "EDR"],
    // A code that no page explains; it must be kept.
    &["VM", "GAV"],
];
/// Tags that exist in the demo subscription.
pub(crate) const TAGS: [(i64, &str); 12] = [
    (7_340_001, "Cloud Agent"),
    (7_340_002, "Production"),
    (7_340_003, "Staging"),
    (7_340_010, "Business unit: Retail"),
    (7_340_011, "Business unit: Finance"),
    (7_340_020, "Site: Hamburg"),
    (7_340_021, "Site: Zürich"),
    (7_340_022, "Site: Singapore"),
    (7_340_030, "Internet facing"),
    (7_340_031, "PCI scope"),
    (7_340_032, "Medical devices"),
    (7_340_040, "Decommission 2026"),
];

/// The name of a tag; one that is not in the demo subscription is called after its number.
pub(crate) fn tag_name(id: i64) -> String {
    TAGS.iter()
        .find(|(known, _)| *known == id)
        .map_or_else(|| format!("Tag {id}"), |(_, name)| (*name).to_owned())
}

/// `count` keys for a seed, seen from a day.
pub(super) fn keys(count: u32, seed: u64, today: Date) -> impl Iterator<Item = StoredKey> {
    let mut random = Random(seed);
    let mut titles = HashSet::new();
    let mut id = FIRST_ID;
    (0..count).map(move |idx| {
        id += 1 + random.below(40);
        let mut key = key(&mut random, id, idx, today);
        // Ours are unique, as the vendor's screen asks for; blank titles may repeat.
        if !key.title.is_empty() && !titles.insert(key.title.clone()) {
            key.title = format!("{} #{}", key.title, idx + 1);
            titles.insert(key.title.clone());
        }
        key
    })
}

fn key(random: &mut Random, id: i64, idx: u32, today: Date) -> StoredKey {
    let (first_name, last_name, user_name) = random.one_of(&CREATORS).copied().unwrap_or_default();
    let age_days = 1 + random.below(2_000);
    let created = moved(today, (-age_days).days());
    let seconds = random.below(86_400);
    let nanos = random.below(1_000_000_000);
    let (has_limit, has_expiry) = (random.below(100) < 60, random.below(100) < 55);
    let count_purchased =
        if has_limit { [5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 20_000] } else { [0; 10] };
    let count_purchased = random.one_of(&count_purchased).copied().unwrap_or_default();
    let count_used = used(random, count_purchased);
    StoredKey {
        id,
        title: title(random, idx, created.year()),
        activation_key: guid(random.wide()),
        network_id: if random.below(4) == 0 { 64_000 + random.below(5) } else { 0 },
        count_used,
        active_agents: if random.below(8) == 0 { 0 } else { count_used - random.below(count_used / 5 + 1) },
        count_purchased,
        date_purchased: format!(
            "{created}T{:02}:{:02}:{:02}.{nanos:09}",
            seconds / 3_600,
            seconds / 60 % 60,
            seconds % 60
        ),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        user_name: user_name.to_owned(),
        expire_date: has_expiry.then(|| expiry(random, idx, today)),
        is_disabled: random.below(100) < 14,
        licenses: licences::stored(
            random
                .one_of(&LICENCE_MIXES)
                .into_iter()
                .flat_map(|mix| mix.iter().map(|code| (*code).to_owned())),
            LicenceSubstitution::None,
        ),
        tags: tags(random),
        apply_to_existing_agents: random.below(10) == 0,
        ..of_qps(id, count_used, today)
    }
}

/// What only the QPS API shows. Its numbers are drawn apart, so that they do not move those of the other fields.
fn of_qps(id: i64, count_used: i64, today: Date) -> StoredKey {
    let mut random = Random(id.unsigned_abs() ^ 0x51_50_53);
    let last_used = moved(today, (-random.below(90)).days());
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    let part = |number: i64| i8::try_from(number).unwrap_or_default();
    let owner = random.below(10);
    StoredKey {
        uuid: (random.below(3) == 0).then(|| guid(random.wide())),
        status: if random.below(25) == 0 { Status::Inactive } else { Status::Active },
        date_last_used: (count_used > 0).then(|| last_used.at(part(hour), part(minute), part(second), 0)),
        suspend_self_patch: random.below(12) == 0,
        // Users of the subscription have neighbouring numbers; some keys have no owner.
        owner_id: (owner < 7).then_some(364_812_440 + owner),
        ..StoredKey::blank(id)
    }
}

fn title(random: &mut Random, idx: u32, year: i16) -> String {
    // Every sixteenth key is odd, and every fortieth blank, so that the first page already has both.
    if idx % 16 == 7 {
        return random.one_of(&ODD_TITLES).map(|title| (*title).to_owned()).unwrap_or_default();
    }
    if idx % 40 == 12 {
        return String::new();
    }
    let team = random.one_of(&TEAMS).copied().unwrap_or_default();
    let site = random.one_of(&SITES).copied().unwrap_or_default();
    let platform = random.one_of(&PLATFORMS).copied().unwrap_or_default();
    let purpose = random.one_of(&PURPOSES).copied().unwrap_or_default();
    match random.below(5) {
        0 => format!("{team} {site} {platform}"),
        1 => format!("{site} {purpose} {year}"),
        2 => format!("{team} - {platform} - {purpose}"),
        3 => format!("{platform} {purpose}, {site} ({year})"),
        _ => format!("{team} {purpose} {year}"),
    }
}

/// Used agents: none, some, nearly all, all. A key without a limit has any number.
fn used(random: &mut Random, limit: i64) -> i64 {
    if limit == 0 {
        return if random.below(4) == 0 { 0 } else { random.below(3_000) };
    }
    match random.below(10) {
        0 | 1 => 0,
        2 => limit,
        3 | 4 => limit - random.below(limit / 10 + 1),
        _ => random.below(limit + 1),
    }
}

/// Expiry days: every fifth within the next 30 days (the first of them today), the rest past and future.
fn expiry(random: &mut Random, idx: u32, today: Date) -> Date {
    let days = match random.below(5) {
        0 => i64::from(idx) % 31,
        1 => -1 - random.below(900),
        _ => 31 + random.below(1_100),
    };
    moved(today, days.days())
}

fn tags(random: &mut Random) -> Vec<i64> {
    let mut res: Vec<i64> = Vec::new();
    for _ in 0..random.below(4) {
        match random.one_of(&TAGS) {
            Some((id, _)) if !res.contains(id) => res.push(*id),
            Some(_) | None => {}
        }
    }
    res
}

/// A day some days away. The calendar ends in year 9999, which no clock here reaches.
fn moved(day: Date, by: Span) -> Date {
    day.saturating_add(by)
}
