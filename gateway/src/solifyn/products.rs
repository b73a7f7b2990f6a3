//! Products: the list with its filters, get, create, change, archive, unarchive (reference, section 4).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use rusqlite::{Connection, Transaction};
use serde_json::{Map, Value, json};

use super::auth::{Reader, Writer};
use super::body::{Field, Fields};
use super::query::Query;
use super::records;
use super::shapes::{Instant, Product};
use super::switches::{PatchNull, SolifynOverLimit};
use super::{BUSINESS, committed, ids};
use crate::app::App;
use crate::reply::Failure;

/// The documented page sizes: when none is asked for, and the largest.
const DEFAULT_LIMIT: usize = 10;
const MOST: usize = 100;

const TAX_CATEGORIES: [&str; 4] = ["digital_products", "saas", "physical_products", "service"];
const PERMISSIONS: [&str; 5] = ["pull", "triage", "push", "maintain", "admin"];

/// What a field holds.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Number,
    Whole,
    Flag,
    OneOf(&'static [&'static str]),
    Object,
    List,
}

/// The fields that create and change take, as the document has them.
/// `expiryHours` and `activationMessage` are not among them, though a product has both.
const WRITABLE: [(&str, Kind); 30] = [
    ("name", Kind::Text),
    ("description", Kind::Text),
    ("price", Kind::Number),
    ("currency", Kind::Text),
    ("imageUrl", Kind::Text),
    ("taxCategory", Kind::OneOf(&TAX_CATEGORIES)),
    ("discount", Kind::Number),
    ("hasLicenseKey", Kind::Flag),
    ("hasDigitalDelivery", Kind::Flag),
    ("hasGithubAccess", Kind::Flag),
    ("githubRepo", Kind::Text),
    ("githubPermission", Kind::OneOf(&PERMISSIONS)),
    ("hasDiscordAccess", Kind::Flag),
    ("discordGuildId", Kind::Text),
    ("discordRoleId", Kind::Text),
    ("isTaxInclusive", Kind::Flag),
    ("activationLimit", Kind::Whole),
    ("brandId", Kind::Text),
    ("billingPeriod", Kind::Whole),
    ("trialPeriodDays", Kind::Whole),
    ("expirationDays", Kind::Whole),
    ("statementDescriptor", Kind::Text),
    ("payWhatYouWant", Kind::Flag),
    ("metadata", Kind::Object),
    ("customFields", Kind::List),
    ("stock", Kind::Whole),
    ("isListed", Kind::Flag),
    ("isFree", Kind::Flag),
    ("addons", Kind::List),
    ("entitlementIds", Kind::List),
];
/// Taken by create, but no part of a product's answer.
const ASIDE: [&str; 2] = ["addons", "entitlementIds"];

/// `{items, pagination}`, filtered, in order, cut into pages. Without `is_archived` both sorts are listed.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    _: Reader,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = Query::new(query.as_deref());
    let mut problems = Vec::new();
    let is_archived = query.flag("is_archived", &mut problems);
    let is_recurring = query.flag("is_recurring", &mut problems);
    let page = query.whole("page", 1, &mut problems);
    let mut limit = query.whole("limit", DEFAULT_LIMIT, &mut problems);
    if limit > MOST {
        match app.switches().solifyn.solifyn_over_limit {
            SolifynOverLimit::Refuse => problems.push(format!("limit must not be greater than {MOST}")),
            SolifynOverLimit::Clamp => limit = MOST,
        }
    }
    let sorting = query.get("sorting").unwrap_or_default();
    let (by, is_descending) = match sorting.strip_prefix('-') {
        Some(by) => (by, true),
        None => (sorting, false),
    };
    if !["", "created_at", "name", "price_amount"].contains(&by) || sorting == "-" {
        let all = "created_at, -created_at, name, -name, price_amount, -price_amount";
        problems.push(format!("sorting must be one of the following values: {all}"));
    }
    if !problems.is_empty() {
        return Err(Failure::checks(problems));
    }

    let words: Vec<String> =
        query.get("query").unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
    let mut items = app.store.read(records::all::<Product>).await?;
    items.retain(|product| {
        let name = product.text("name").unwrap_or_default().to_lowercase();
        is_ours(product)
            && words.iter().all(|word| name.contains(word.as_str()))
            && query.get("id").is_none_or(|id| product.text("id") == Some(id))
            && query.get("pricingType").is_none_or(|kind| product.text("pricingType") == Some(kind))
            && is_archived.is_none_or(|wanted| (product.text("status") == Some("ARCHIVED")) == wanted)
            && is_recurring.is_none_or(|wanted| (product.text("pricingType") == Some("renewal")) == wanted)
    });
    match by {
        "created_at" => items.sort_by_key(|product| product.text("createdAt").map(str::to_owned)),
        "name" => items.sort_by_key(|product| product.text("name").map(str::to_lowercase)),
        "price_amount" => items.sort_by(|one, other| price(one).total_cmp(&price(other))),
        _ => {}
    }
    if is_descending {
        items.reverse();
    }
    let total = items.len();
    let items: Vec<_> =
        items.into_iter().skip((page - 1).saturating_mul(limit)).take(limit).map(shown).collect();
    let pagination = json!({"total_count": total, "max_page": total.div_ceil(limit)});
    Ok(Json(json!({"items": items, "pagination": pagination})).into_response())
}

pub(super) async fn get(
    State(app): State<Arc<App>>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let product = app.store.read(move |connection| Ok(find(connection, &id))).await??;
    Ok(Json(shown(product)).into_response())
}

pub(super) async fn create(State(app): State<Arc<App>>, _: Writer, body: Bytes) -> Result<Response, Failure> {
    let mut fields = Fields::read(&body)?;
    // A null is as good as absent here: a blank product has the nulls already.
    let given = written(&mut fields, PatchNull::Ignore);
    for name in ["name", "price", "currency", "taxCategory"] {
        if !given.contains_key(name) {
            fields.problem(format!("{name} should not be empty"));
        }
    }
    fields.done(app.switches().solifyn.solifyn_unknown_fields)?;
    let mut product = blank(ids::public("prod")?, ids::uuid()?, Instant::now());
    let is_recurring = given.contains_key("billingPeriod");
    product.0.extend(given);
    if is_recurring {
        // Create takes no pricing type: what is billed again and again renews.
        product.0.insert("pricingType".to_owned(), json!("renewal"));
    }
    let write = move |transaction: &Transaction<'_>| {
        records::insert(transaction, &product)?;
        Ok::<_, Failure>(product)
    };
    let product = app.store.write(write).await?;
    Ok(committed((StatusCode::CREATED, Json(shown(product)))))
}

pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let mut fields = Fields::read(&body)?;
    let given = written(&mut fields, switches.solifyn_patch_null);
    fields.done(switches.solifyn_unknown_fields)?;
    changed(&app, id, given, "Product updated successfully").await
}

pub(super) async fn archive(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let given = Map::from_iter([("status".to_owned(), json!("ARCHIVED"))]);
    changed(&app, id, given, "Product archived successfully").await
}

pub(super) async fn unarchive(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let given = Map::from_iter([("status".to_owned(), json!("ACTIVE"))]);
    changed(&app, id, given, "Product unarchived successfully").await
}

/// A product by its public id, or by its internal UUID.
///
/// # Errors
/// 404 when there is none.
pub(super) fn find(connection: &Connection, id: &str) -> Result<Product, Failure> {
    let found = match records::find::<Product>(connection, id)? {
        Some(product) => Some(product),
        None => records::find_alias::<Product>(connection, id)?,
    };
    found.filter(is_ours).ok_or_else(|| Failure::new(StatusCode::NOT_FOUND, "Product not found"))
}

/// A product with all documented fields and nothing set.
pub(super) fn blank(id: String, internal_id: String, now: Instant) -> Product {
    let mut fields = Map::new();
    for (name, kind) in WRITABLE.into_iter().filter(|(name, _)| !ASIDE.contains(name)) {
        let value = match kind {
            Kind::Flag => json!(name == "isListed"),
            Kind::List => json!([]),
            Kind::Text | Kind::Number | Kind::Whole | Kind::OneOf(_) | Kind::Object => Value::Null,
        };
        fields.insert(name.to_owned(), value);
    }
    let more = [
        ("id", json!(id)),
        ("internalId", json!(internal_id)),
        ("name", json!("Product")),
        ("price", json!(0)),
        ("currency", json!("USD")),
        ("taxCategory", json!("digital_products")),
        ("pricingType", json!("one_time")),
        ("status", json!("ACTIVE")),
        ("businessId", json!(BUSINESS)),
        ("createdAt", json!(now)),
        ("updatedAt", json!(now)),
        ("isPermanentlyDeleted", json!(false)),
        ("digitalLink", Value::Null),
        ("instructions", Value::Null),
        ("activationMessage", Value::Null),
        ("expiryHours", Value::Null),
    ];
    fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    Product(fields)
}

async fn changed(
    app: &App,
    id: String,
    given: Map<String, Value>,
    message: &'static str,
) -> Result<Response, Failure> {
    let write = move |transaction: &Transaction<'_>| {
        let mut product = find(transaction, &id)?;
        product.0.extend(given);
        product.0.insert("updatedAt".to_owned(), json!(Instant::now()));
        records::replace(transaction, &product)?;
        Ok::<_, Failure>(())
    };
    app.store.write(write).await?;
    Ok(committed(Json(json!({"message": message}))))
}

/// The documented fields that a body gives, checked.
fn written(fields: &mut Fields, null: PatchNull) -> Map<String, Value> {
    let mut res = Map::new();
    for (name, kind) in WRITABLE {
        let value = match kind {
            Kind::Text => value(fields.text(name, 5_000)),
            Kind::Whole => value(fields.whole(name, 0)),
            Kind::Flag => value(fields.flag(name)),
            Kind::Object => value(fields.object(name)),
            Kind::Number => other(fields, name, Value::is_number, "must be a number"),
            Kind::List => other(fields, name, Value::is_array, "must be an array"),
            Kind::OneOf(all) => {
                let problem = format!("must be one of the following values: {}", all.join(", "));
                let is_known = |value: &Value| value.as_str().is_some_and(|text| all.contains(&text));
                other(fields, name, is_known, &problem)
            }
        };
        let may_be_null = !matches!(kind, Kind::Flag | Kind::List)
            && !["name", "price", "currency", "taxCategory"].contains(&name);
        let null = if may_be_null { null } else { PatchNull::Ignore };
        let change = fields.change(name, value, null);
        if let super::body::Change::To(value) = change
            && !ASIDE.contains(&name)
        {
            res.insert(name.to_owned(), value.unwrap_or_default());
        }
    }
    res
}

fn value<T: Into<Value>>(field: Field<T>) -> Field<Value> {
    match field {
        Field::Absent => Field::Absent,
        Field::Null => Field::Null,
        Field::Is(value) => Field::Is(value.into()),
    }
}

fn other(
    fields: &mut Fields,
    name: &'static str,
    is_good: impl Fn(&Value) -> bool,
    problem: &str,
) -> Field<Value> {
    match fields.take(name) {
        Field::Is(value) if !is_good(&value) => {
            fields.problem(format!("{name} {problem}"));
            Field::Absent
        }
        field => field,
    }
}

fn shown(mut product: Product) -> Product {
    product.0.remove("internalId");
    product
}

fn is_ours(product: &Product) -> bool {
    product.text("businessId") == Some(BUSINESS)
}

fn price(product: &Product) -> f64 {
    product.0.get("price").and_then(Value::as_f64).unwrap_or_default()
}
