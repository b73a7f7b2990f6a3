//! Who is behind the ids that keys hold: people of the tenant, and identity providers.

use std::collections::BTreeMap;

use super::wire::{ProviderWire, UserWire, provider_of, subject};
use crate::domain::{Fields, order};
use crate::systems::Offer;

/// Ids that one call asks for; more would make its address too long for some proxies.
pub(super) const IDS_A_CALL: usize = 25;

/// What was learned about ids. A name that is not there was asked for and is not told.
#[derive(Clone, Default)]
pub(super) struct People {
    users: BTreeMap<String, Option<String>>,
    providers: Option<Vec<ProviderWire>>,
}

impl People {
    /// The name behind a subject, if it is known.
    pub(super) fn name(&self, sub: &str) -> Option<String> {
        if !is_provider(sub) {
            return self.users.get(sub).cloned().flatten();
        }
        let id = provider_of(sub);
        self.providers.as_ref()?.iter().find(|it| it.id == id).map(ProviderWire::name)
    }

    /// People among these subjects that were not asked for, each once.
    pub(super) fn unknown<'a>(&self, subs: impl Iterator<Item = &'a str>) -> Vec<String> {
        // A quote or a backslash is in no id of theirs, and would be code in a filter.
        let is_plain = |it: &&str| !it.is_empty() && !it.contains(['"', '\\']);
        let unknown = subs.filter(is_plain).filter(|it| !self.users.contains_key(*it));
        let mut res: Vec<String> = unknown.map(str::to_owned).collect();
        order::sort_by(&mut res, Ord::cmp);
        res.dedup();
        res
    }

    /// Takes in what was answered about `asked`.
    pub(super) fn learn(&mut self, asked: &[String], found: &[UserWire]) {
        for id in asked {
            let name = found.iter().find(|it| it.id == *id).and_then(UserWire::name);
            self.users.insert(id.clone(), name);
        }
    }

    /// Whether the providers still have to be asked for, to name one of these subjects.
    pub(super) fn wants_providers<'a>(&self, mut subs: impl Iterator<Item = &'a str>) -> bool {
        self.providers.is_none() && subs.any(is_provider)
    }

    pub(super) fn learn_providers(&mut self, providers: Vec<ProviderWire>) {
        self.providers = Some(providers);
    }
}

fn is_provider(sub: &str) -> bool {
    sub.starts_with("SCIM\\")
}

/// `id eq "a" or id eq "b"`.
pub(super) fn ids_filter(ids: &[String]) -> String {
    let terms: Vec<String> = ids.iter().map(|it| ["id eq \"", it, "\""].concat()).collect();
    terms.join(" or ")
}

/// People whose name or address holds what was typed, or whose id it is.
pub(super) fn typed_filter(typed: &str) -> String {
    let text = typed.replace('\\', "\\\\").replace('"', "\\\"");
    ["name co \"", &text, "\" or email co \"", &text, "\" or id eq \"", &text, "\""].concat()
}

impl UserWire {
    pub(super) fn offer(self) -> Offer {
        let name = self.name().unwrap_or_else(|| self.id.clone());
        Offer { name, note: self.email.unwrap_or_default(), id: self.id, defaults: Fields::new() }
    }
}

impl ProviderWire {
    fn name(&self) -> String {
        let said = [&self.description, &self.provider].into_iter().flatten().find(|it| !it.trim().is_empty());
        said.unwrap_or(&self.id).clone()
    }

    /// Whether it is meant by what was typed.
    pub(super) fn is_like(&self, typed: &str) -> bool {
        let typed = typed.trim().to_lowercase();
        let texts = [Some(&self.id), self.provider.as_ref(), self.description.as_ref()];
        texts.into_iter().flatten().any(|it| it.to_lowercase().contains(&typed))
            || subject(&self.id).to_lowercase() == typed
    }

    /// As the subject that is sent, which is shown too.
    pub(super) fn offer(&self) -> Offer {
        let id = subject(&self.id);
        Offer { name: self.name(), note: id.clone(), id, defaults: Fields::new() }
    }
}
