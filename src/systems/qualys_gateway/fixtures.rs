//! Keys for tests.

use crate::domain::{Key, KeyId, KeyKind, Limit, Secret};

/// An active or disabled key with the number `id`, no limit and no dates.
pub(crate) fn key(id: u64, disabled: bool) -> Key {
    Key {
        id: KeyId(id.to_string()),
        title: format!("key {id}"),
        value: Secret::new(format!("{id:08}-0000-4000-8000-000000000000")),
        used: 0,
        limit: Limit::Unlimited,
        kind: KeyKind::Unlimited,
        created: None,
        creator_name: String::new(),
        creator_login: "demo".to_owned(),
        expires: None,
        disabled,
        licences: Vec::new(),
        network: None,
        tags: None,
        apply_to_existing: None,
    }
}
