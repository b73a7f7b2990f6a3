//! Products and customers: licences name them by id alone.

use serde::Deserialize;

use crate::domain::{FieldId, Fields, Limit, Value, order};
use crate::i18n::t;
use crate::systems::Offer;

/// What was read of the two lists.
#[derive(Clone, Default)]
pub(super) struct Names {
    pub(super) products: Vec<ProductWire>,
    pub(super) customers: Vec<CustomerWire>,
}

/// A product (section 4), as far as a picker needs it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProductWire {
    pub(super) id: String,
    name: Option<String>,
    status: Option<String>,
    #[serde(default)]
    has_license_key: bool,
    activation_limit: Option<u64>,
    expiry_hours: Option<i64>,
    price: Option<serde_json::Number>,
    currency: Option<String>,
}

/// A customer (section 4).
#[derive(Clone, Deserialize)]
pub(super) struct CustomerWire {
    id: String,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
}

/// A page of products.
#[derive(Deserialize)]
pub(super) struct ProductsWire {
    #[serde(default)]
    pub(super) items: Vec<ProductWire>,
    pub(super) pagination: Option<PaginationWire>,
}

/// Where a page of products stands.
#[derive(Deserialize)]
pub(super) struct PaginationWire {
    pub(super) max_page: Option<u64>,
}

/// All customers.
#[derive(Deserialize)]
pub(super) struct CustomersWire {
    #[serde(default)]
    pub(super) items: Vec<CustomerWire>,
}

impl Names {
    pub(super) fn product(&self, id: &str) -> Option<String> {
        self.products.iter().find(|it| it.id == id).and_then(|it| it.name.clone())
    }

    pub(super) fn customer(&self, id: &str) -> Option<String> {
        let found = self.customers.iter().find(|it| it.id == id)?;
        found.name.clone().or_else(|| found.email.clone())
    }

    /// Products whose name or id holds what was typed; those that sell licence keys first.
    pub(super) fn products_like(&self, typed: &str) -> Vec<Offer> {
        let mut found: Vec<&ProductWire> =
            self.products.iter().filter(|it| holds(typed, &[it.name.as_deref(), Some(&it.id)])).collect();
        order::sort_by_key(&mut found, |it| !it.has_license_key || it.is_archived());
        found.into_iter().map(ProductWire::offer).collect()
    }

    /// Customers whose name, address or id holds what was typed.
    pub(super) fn customers_like(&self, typed: &str) -> Vec<Offer> {
        let found =
            |it: &&CustomerWire| holds(typed, &[it.name.as_deref(), it.email.as_deref(), Some(&it.id)]);
        let offer = |it: &CustomerWire| Offer {
            id: it.id.clone(),
            name: it.name.clone().or_else(|| it.email.clone()).unwrap_or_else(|| it.id.clone()),
            note: it.email.clone().unwrap_or_default(),
            defaults: Fields::new(),
        };
        self.customers.iter().filter(found).map(offer).collect()
    }
}

impl ProductWire {
    fn is_archived(&self) -> bool {
        self.status.as_deref() == Some("ARCHIVED")
    }

    fn offer(&self) -> Offer {
        let mut note = Vec::new();
        if let (Some(price), Some(currency)) = (&self.price, &self.currency) {
            note.push([&price.to_string(), " ", currency].concat());
        }
        if !self.has_license_key {
            note.push(t::solifyn_offer_no_licences().to_owned());
        }
        if self.is_archived() {
            note.push(t::solifyn_offer_archived().to_owned());
        }
        let mut defaults = Fields::new();
        if let Some(limit) = self.activation_limit {
            defaults.set(FieldId::LIMIT, Value::Limit(Limit::Of(limit)));
        }
        if let Some(hours) = self.expiry_hours {
            defaults.set(super::VALIDITY, Value::Number(hours));
        }
        Offer {
            id: self.id.clone(),
            name: self.name.clone().unwrap_or_else(|| self.id.clone()),
            note: note.join(", "),
            defaults,
        }
    }
}

fn holds(typed: &str, texts: &[Option<&str>]) -> bool {
    let typed = typed.trim().to_lowercase();
    texts.iter().flatten().any(|it| it.to_lowercase().contains(&typed))
}
