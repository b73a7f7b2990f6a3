//! Demo data: products, customers, licenses and devices of a small software house, the same for the same number, seed
//! and day. Dates are counted from the day given.

use std::collections::HashSet;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::shapes::{Customer, Instance, Instant, License, Product, Status};
use super::{customers, ids, products, records};
use crate::random::{Random, guid};

/// Name, price, pricing type, whether it has keys, device limit, hours, whether it is archived.
type ProductRow = (&'static str, i64, &'static str, bool, Option<i64>, Option<i64>, bool);
const PRODUCTS: [ProductRow; 12] = [
    ("Fieldnote Pro", 79, "one_time", true, Some(3), None, false),
    ("Fieldnote Team", 19, "renewal", true, Some(10), Some(720), false),
    ("Fieldnote Trial", 0, "one_time", true, Some(1), Some(336), false),
    ("Lumen CAD", 249, "renewal", true, Some(2), Some(8_760), false),
    ("Lumen CAD Floating", 1_490, "renewal", true, None, Some(8_760), false),
    ("Signal Relay Server", 990, "one_time", true, Some(1), None, false),
    ("Tidewater Analytics", 0, "usage_based", true, None, None, false),
    ("Größentabelle für Händler", 15, "one_time", true, Some(5), Some(2_160), false),
    ("Fieldnote Classic (2019)", 49, "one_time", true, Some(2), None, true),
    ("Icon pack", 12, "one_time", false, None, None, false),
    ("Onboarding workshop", 480, "one_time", false, None, None, false),
    ("Lumen CAD Beta", 0, "one_time", true, Some(1), Some(24), true),
];
const FIRST_NAMES: [&str; 14] = [
    "Amara", "Bjørn", "Chloé", "Dmitri", "Esther", "Farid", "Giulia", "Hana", "İlker", "Joanna", "Kenji",
    "Lucía", "Mihai", "Nkechi",
];
const LAST_NAMES: [&str; 14] = [
    "Okafor",
    "Lindqvist",
    "Dubois",
    "Sokolov",
    "van der Berg",
    "Haddad",
    "Rossi",
    "Suzuki",
    "Yılmaz",
    "Kowalska",
    "Nakamura",
    "Álvarez",
    "Popescu",
    "O'Brien",
];
const DEVICES: [&str; 10] = [
    "MacBook Pro 16\"",
    "ThinkPad X1",
    "build-agent-07",
    "Surface Studio",
    "Workstation Halle 3",
    "デザイン端末 2",
    "srv-cad-01.example.net",
    "iMac (reception)",
    "Dell Precision",
    "spare laptop",
];

/// Fills an empty store: `count` licenses and what they need.
pub(super) fn fill(connection: &Connection, count: u32, seed: u64, today: Date) -> rusqlite::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let mut random = Random(seed ^ 0x50_4c_59_46);
    let clock =
        Clock { midnight: today.to_zoned(TimeZone::UTC).map(|day| day.timestamp()).unwrap_or_default() };
    let products: Vec<Product> =
        PRODUCTS.iter().enumerate().map(|(idx, row)| product(&mut random, idx, row, &clock)).collect();
    for product in &products {
        records::insert(connection, product)?;
    }
    let n_customers = (count / 4).clamp(4, 400);
    let customers: Vec<Customer> = (0..n_customers).map(|idx| customer(&mut random, idx, &clock)).collect();
    for customer in &customers {
        records::insert(connection, customer)?;
    }
    let mut keys = HashSet::new();
    for idx in 0..count {
        let (license, n_devices) = license(&mut random, idx, &products, &customers, &mut keys, &clock);
        records::insert(connection, &license)?;
        for device in 0..n_devices {
            records::insert(connection, &instance(&mut random, &license, device, &clock))?;
        }
        let former = if random.below(3) == 0 { random.below(4) } else { 0 };
        records::add_activations::<License>(connection, &license.id, n_devices + former)?;
    }
    Ok(())
}

/// Moments counted from the day.
struct Clock {
    midnight: jiff::Timestamp,
}

impl Clock {
    fn at(&self, milliseconds: i64) -> Instant {
        // A few years around today are far from the ends of the calendar.
        Instant(self.midnight.checked_add(SignedDuration::from_millis(milliseconds)).unwrap_or(self.midnight))
    }
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn product(random: &mut Random, idx: usize, row: &ProductRow, clock: &Clock) -> Product {
    let (name, price, pricing_type, has_keys, limit, hours, is_archived) = *row;
    let age = 1_500 - i64::try_from(idx).unwrap_or_default() * 90;
    let created = clock.at(-age * DAY + random.below(DAY));
    let mut res = products::blank(ids::public_of("prod", random.wide()), guid(random.wide()), created);
    let fields: Map<String, Value> = [
        ("name", json!(name)),
        ("description", json!(format!("{name}, for one workplace or many."))),
        ("price", json!(price)),
        ("currency", json!("EUR")),
        ("taxCategory", json!(if has_keys { "saas" } else { "digital_products" })),
        ("pricingType", json!(pricing_type)),
        ("billingPeriod", if pricing_type == "renewal" { json!(30) } else { Value::Null }),
        ("hasLicenseKey", json!(has_keys)),
        ("activationLimit", json!(limit)),
        ("expiryHours", json!(hours)),
        (
            "activationMessage",
            if has_keys { json!(format!("Thank you for choosing {name}.")) } else { Value::Null },
        ),
        ("status", json!(if is_archived { "ARCHIVED" } else { "ACTIVE" })),
        ("isFree", json!(price == 0)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    res.0.extend(fields);
    res
}

fn customer(random: &mut Random, idx: u32, clock: &Clock) -> Customer {
    let first = random.one_of(&FIRST_NAMES).copied().unwrap_or_default();
    let last = random.one_of(&LAST_NAMES).copied().unwrap_or_default();
    let plain: String = last.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let created = clock.at(-random.below(1_200 * DAY));
    let mut res = customers::blank(
        ids::public_of("cust", random.wide()),
        format!("{plain}.{idx}@customer{}.example", random.below(40)),
        created,
    );
    res.member_id = Some(ids::public_of("mem", random.wide()));
    // A few never gave a name.
    res.name = (random.below(25) != 0).then(|| format!("{first} {last}"));
    res.username = (random.below(3) == 0).then(|| format!("{plain}{idx}"));
    res.phone = (random.below(3) == 0).then(|| format!("+49 30 555{:04}", random.below(10_000)));
    if random.below(4) == 0 {
        res.metadata = Some(Map::from_iter([("crmId".to_owned(), json!(format!("C-{}", 10_000 + idx)))]));
    }
    res
}

/// A license and the number of its devices.
fn license(
    random: &mut Random,
    idx: u32,
    products: &[Product],
    customers: &[Customer],
    keys: &mut HashSet<String>,
    clock: &Clock,
) -> (License, i64) {
    let with_keys: Vec<&Product> = products.iter().filter(|product| product.flag("hasLicenseKey")).collect();
    let product = random.one_of(&with_keys).copied();
    let customer = random.one_of(customers);
    let mut key = ids::license_key_of(random.wide());
    while keys.contains(&key) {
        key = ids::license_key_of(random.wide());
    }
    if idx % 37 == 11 {
        key = format!(
            "CUSTOM-{}-{idx}",
            random.one_of(&["ACME", "Zürich", "pilot"]).copied().unwrap_or_default()
        );
    }
    keys.insert(key.clone());

    let hours = product.and_then(|product| product.whole("expiryHours"));
    // Licenses with an end are mostly young, so that some are good and some are over.
    let span = hours.map_or(1_100 * DAY, |hours| hours * HOUR * 2);
    let age = 1 + random.below(span);
    let created = clock.at(-age);
    let mut res = License::blank(ids::public_of("lic", random.wide()), key, created);
    res.product_id = product.and_then(|product| product.text("id")).map(str::to_owned);
    res.customer_id = customer.map(|customer| customer.id.clone());
    res.payment_id = (random.below(5) != 0).then(|| ids::public_of("pay", random.wide()));
    res.activation_limit = product.and_then(|product| product.whole("activationLimit"));
    if random.below(6) == 0 {
        res.activation_limit = random.one_of(&[1, 2, 5, 25, 100]).copied();
    }
    res.activation_message = product.and_then(|product| product.text("activationMessage")).map(str::to_owned);
    res.expiry_hours = hours;
    res.expires_at = hours.and_then(|hours| created.later(hours));
    // Every ninth ends within the next 30 days, the first of them soon.
    if idx % 9 == 4 {
        res.expires_at = Some(clock.at((i64::from(idx) % 30 + 1) * DAY + random.below(DAY)));
    }
    res.status = match random.below(100) {
        0..=11 => Status::Disabled,
        12..=17 => Status::Revoked,
        _ => Status::Active,
    };
    res.archived = random.below(25) == 0;
    res.updated_at = clock.at(-random.below(age));
    let most = res.activation_limit.unwrap_or(8).min(8);
    let n_devices = match random.below(10) {
        0..=3 => 0,
        4..=6 => random.below(most + 1),
        _ => most,
    };
    (res, n_devices)
}

fn instance(random: &mut Random, license: &License, idx: i64, clock: &Clock) -> Instance {
    let license_age = clock.midnight.duration_since(license.created_at.0).as_secs().saturating_mul(1_000);
    let age = 1 + random.below(license_age);
    let name = random.one_of(&DEVICES).copied().unwrap_or_default();
    Instance {
        id: guid(random.wide()),
        license_id: license.id.clone(),
        instance_id: Some(format!("machine-{idx}-{:08x}", random.next() & 0xffff_ffff)),
        instance_name: (random.below(8) != 0).then(|| name.to_owned()),
        ip_address: (random.below(8) != 0).then(|| format!("203.0.113.{}", 1 + random.below(254))),
        activated_at: clock.at(-age),
        last_seen_at: (random.below(6) != 0).then(|| clock.at(-random.below(age))),
    }
}
