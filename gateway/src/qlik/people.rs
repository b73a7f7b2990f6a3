//! Users and identity providers as the store keeps them. Only the control interface changes them.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::TENANT;
use super::keys::time;
use super::page::Base;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct User {
    /// 24 hexadecimal digits.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    /// The id at the identity provider.
    pub(super) subject: String,
    /// `active`, `invited`, `disabled` or `deleted`.
    pub(super) status: String,
    /// Names from [`ROLES`].
    pub(super) roles: Vec<String>,
    /// The permission *Manage API keys*.
    pub(super) can_manage_api_keys: bool,
    /// Milliseconds since 1970.
    #[serde(with = "time")]
    pub(super) created: i64,
}

/// The roles of the tenant: id, name, level.
pub(super) const ROLES: [(&str, &str, &str); 5] = [
    ("605a1c2d151382ffc8369a01", "TenantAdmin", "admin"),
    ("605a1c2d151382ffc8369a02", "Developer", "user"),
    ("605a1c2d151382ffc8369a03", "AnalyticsAdmin", "admin"),
    ("605a1c2d151382ffc8369a04", "SharedSpaceCreator", "user"),
    ("605a1c2d151382ffc8369a05", "Steward", "user"),
];

impl User {
    pub(super) fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role == name)
    }

    /// The documented fields.
    pub(super) fn reply(&self, base: &Base) -> Value {
        let roles = ROLES.iter().filter(|(_, name, _)| self.has_role(name));
        let roles =
            roles.map(|(id, name, level)| json!({"id": id, "name": name, "type": "default", "level": level}));
        json!({
            "id": self.id,
            "tenantId": TENANT,
            "name": self.name,
            "email": self.email,
            "subject": self.subject,
            "status": self.status,
            "assignedRoles": roles.collect::<Vec<_>>(),
            "assignedGroups": [],
            "createdAt": time::text(self.created),
            "lastUpdatedAt": time::text(self.created),
            "links": {"self": {"href": base.href(&format!("/api/v1/users/{}", self.id))}},
        })
    }
}

/// An identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Provider {
    pub(super) id: String,
    /// `OIDC`, `SAML` or `jwtAuth`.
    pub(super) protocol: String,
    /// `okta`, `azureAD`, `generic` and so on.
    pub(super) provider: String,
    pub(super) description: String,
    pub(super) active: bool,
    pub(super) interactive: bool,
    /// Milliseconds since 1970.
    #[serde(with = "time")]
    pub(super) created: i64,
}

impl Provider {
    /// The documented fields that all kinds share.
    pub(super) fn reply(&self) -> Value {
        json!({
            "id": self.id,
            "tenantIds": [TENANT],
            "protocol": self.protocol,
            "provider": self.provider,
            "description": self.description,
            "active": self.active,
            "interactive": self.interactive,
            "created": time::text(self.created),
            "lastUpdated": time::text(self.created),
        })
    }
}

pub(super) const USERS: &str = "qlik_user";
pub(super) const PROVIDERS: &str = "qlik_provider";

pub(super) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    // SQLite folds the case of ASCII alone, so folded copies are kept for the filter.
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS qlik_user (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, subject TEXT NOT NULL,
            name_folded TEXT NOT NULL, email_folded TEXT NOT NULL, subject_folded TEXT NOT NULL,
            status TEXT NOT NULL, roles TEXT NOT NULL, can_manage INTEGER NOT NULL, created INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE IF NOT EXISTS qlik_provider (
            id TEXT PRIMARY KEY, protocol TEXT NOT NULL, provider TEXT NOT NULL, description TEXT NOT NULL,
            active INTEGER NOT NULL, interactive INTEGER NOT NULL, created INTEGER NOT NULL
        ) STRICT;",
    )
}

/// Adds a user, or replaces the one with its id.
pub(super) fn put_user(connection: &Connection, user: &User) -> rusqlite::Result<()> {
    let roles = serde_json::to_string(&user.roles)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    connection
        .prepare_cached(
            "REPLACE INTO qlik_user VALUES (:id, :name, :email, :subject, :name_folded, :email_folded, \
             :subject_folded, :status, :roles, :can_manage, :created)",
        )?
        .execute(named_params! {
            ":id": user.id,
            ":name": user.name,
            ":email": user.email,
            ":subject": user.subject,
            ":name_folded": user.name.to_lowercase(),
            ":email_folded": user.email.to_lowercase(),
            ":subject_folded": user.subject.to_lowercase(),
            ":status": user.status,
            ":roles": roles,
            ":can_manage": user.can_manage_api_keys,
            ":created": user.created,
        })
        .map(|_| ())
}

pub(super) fn find_user(connection: &Connection, id: &str) -> rusqlite::Result<Option<User>> {
    connection
        .prepare_cached("SELECT * FROM qlik_user WHERE id = ?1")?
        .query_row([id], user_from_row)
        .optional()
}

pub(super) fn all_users(connection: &Connection) -> rusqlite::Result<Vec<User>> {
    connection.prepare("SELECT * FROM qlik_user ORDER BY id")?.query_map([], user_from_row)?.collect()
}

/// The number of users who can call at all; the tenant's rate limit follows from it.
pub(super) fn count_users(connection: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT COUNT(*) FROM qlik_user WHERE status = 'active'";
    let count: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

pub(super) fn user_from_row(row: &Row<'_>) -> rusqlite::Result<User> {
    let roles: String = row.get("roles")?;
    Ok(User {
        id: row.get("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        subject: row.get("subject")?,
        status: row.get("status")?,
        roles: serde_json::from_str(&roles).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
        })?,
        can_manage_api_keys: row.get("can_manage")?,
        created: row.get("created")?,
    })
}

/// Adds an identity provider, or replaces the one with its id.
pub(super) fn put_provider(connection: &Connection, provider: &Provider) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "REPLACE INTO qlik_provider VALUES (:id, :protocol, :provider, :description, :active, \
             :interactive, :created)",
        )?
        .execute(named_params! {
            ":id": provider.id,
            ":protocol": provider.protocol,
            ":provider": provider.provider,
            ":description": provider.description,
            ":active": provider.active,
            ":interactive": provider.interactive,
            ":created": provider.created,
        })
        .map(|_| ())
}

pub(super) fn find_provider(connection: &Connection, id: &str) -> rusqlite::Result<Option<Provider>> {
    connection
        .prepare_cached("SELECT * FROM qlik_provider WHERE id = ?1")?
        .query_row([id], provider_from_row)
        .optional()
}

pub(super) fn all_providers(connection: &Connection) -> rusqlite::Result<Vec<Provider>> {
    let mut statement = connection.prepare("SELECT * FROM qlik_provider ORDER BY id")?;
    statement.query_map([], provider_from_row)?.collect()
}

pub(super) fn provider_from_row(row: &Row<'_>) -> rusqlite::Result<Provider> {
    Ok(Provider {
        id: row.get("id")?,
        protocol: row.get("protocol")?,
        provider: row.get("provider")?,
        description: row.get("description")?,
        active: row.get("active")?,
        interactive: row.get("interactive")?,
        created: row.get("created")?,
    })
}
