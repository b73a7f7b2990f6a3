//! Pages by cursor: which rows, and the links to the neighbours.

use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};
use serde_json::{Map, Value, json};

use super::errors::{Problem, Refusal};
use super::switches::LostCursor;
use crate::switches::OverLimit;

/// A condition in SQL with its values, to which more can be added.
#[derive(Debug, Clone, Default)]
pub(super) struct Condition {
    terms: Vec<String>,
    values: Vec<SqlValue>,
}

impl Condition {
    /// Adds a term; each `?` in it takes one of the values.
    pub(super) fn and(&mut self, sql: impl Into<String>, values: impl IntoIterator<Item = SqlValue>) {
        self.terms.push(format!("({})", sql.into()));
        self.values.extend(values);
    }

    fn sql(&self) -> String {
        if self.terms.is_empty() { "TRUE".to_owned() } else { self.terms.join(" AND ") }
    }
}

/// Where a page starts or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) id: String,
    /// Whether the page ends before the row, and does not start after it.
    pub(super) is_before: bool,
}

/// Which rows are wanted. The table has a text column `id`, by which ties are broken.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) table: &'static str,
    pub(super) condition: Condition,
    /// A column or an expression.
    pub(super) sort: String,
    pub(super) is_descending: bool,
    pub(super) limit: u32,
    pub(super) cursor: Option<Cursor>,
}

/// The rows of a page, and whether there are more on either side.
#[derive(Debug)]
pub(super) struct Found<T> {
    pub(super) rows: Vec<T>,
    /// The ids of the first and the last row.
    ends: Option<(String, String)>,
    has_before: bool,
    has_after: bool,
}

/// Reads a page. `None` when there is no row with the cursor's id.
///
/// # Errors
/// What the database says.
pub(super) fn select<T>(
    connection: &Connection,
    wanted: &Wanted,
    from_row: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<Found<T>>> {
    let Wanted { table, condition, sort, is_descending, limit, cursor } = wanted;
    if let Some(cursor) = cursor {
        let sql = format!("SELECT TRUE FROM {table} WHERE id = ?");
        let is_there: Option<bool> = connection.query_row(&sql, [&cursor.id], |row| row.get(0)).optional()?;
        if is_there.is_none() {
            return Ok(None);
        }
    }
    let is_before = cursor.as_ref().is_some_and(|cursor| cursor.is_before);
    let beyond = |is_before: bool| {
        let sign = if *is_descending == is_before { ">" } else { "<" };
        format!("({sort}, id) {sign} (SELECT {sort}, id FROM {table} WHERE id = ?)")
    };
    let mut ours = condition.clone();
    if let Some(cursor) = cursor {
        ours.and(beyond(is_before), [SqlValue::from(cursor.id.clone())]);
    }
    // Before a cursor the nearest rows are the last ones, so they are read backwards.
    let direction = if *is_descending == is_before { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT * FROM {table} WHERE {} ORDER BY {sort} {direction}, id {direction} LIMIT {limit}",
        ours.sql()
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement
        .query_map(params_from_iter(&ours.values), |row| Ok((row.get::<_, String>("id")?, from_row(row)?)))?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    if is_before {
        rows.reverse();
    }
    let ends = rows.first().zip(rows.last()).map(|(first, last)| (first.0.clone(), last.0.clone()));
    let is_any = |id: &str, is_before: bool| {
        let mut there = condition.clone();
        there.and(beyond(is_before), [SqlValue::from(id.to_owned())]);
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {})", there.sql());
        connection.query_row(&sql, params_from_iter(&there.values), |row| row.get::<_, bool>(0))
    };
    let (has_before, has_after) = match &ends {
        Some((first, last)) => (is_any(first, true)?, is_any(last, false)?),
        None => (false, false),
    };
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Some(Found { rows, ends, has_before, has_after }))
}

/// The number of rows that meet a condition.
///
/// # Errors
/// What the database says.
pub(super) fn count(connection: &Connection, table: &str, condition: &Condition) -> rusqlite::Result<u64> {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE {}", condition.sql());
    let count: i64 = connection.query_row(&sql, params_from_iter(&condition.values), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// A cursor that leads nowhere: refused, or an empty page.
pub(super) fn or_lost<T>(
    found: Option<Found<T>>,
    rule: LostCursor,
    names: CursorNames,
) -> Result<Found<T>, Refusal> {
    match (found, rule) {
        (Some(found), _) => Ok(found),
        (None, LostCursor::Empty) => {
            Ok(Found { rows: Vec::new(), ends: None, has_before: false, has_after: false })
        }
        (None, LostCursor::Refuse) => {
            Err(Problem::parameter(names.after, "There is nothing with the id of this cursor.").into())
        }
    }
}

/// What a resource calls its two cursors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CursorNames {
    pub(super) after: &'static str,
    pub(super) before: &'static str,
}

/// The query of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Decodes a query text.
    pub(super) fn new(text: &str) -> Self {
        Self { pairs: form_urlencoded::parse(text.as_bytes()).into_owned().collect() }
    }

    /// The first value of a parameter; an empty one counts as left out.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// `limit`, from 1 to 100.
    pub(super) fn limit(&self, default: u32, over: OverLimit) -> Result<u32, Problem> {
        const MOST: i64 = 100;
        let wrong = |detail: &str| Err(Problem::parameter("limit", detail));
        match self.get("limit").map(str::parse::<i64>) {
            None => Ok(default),
            Some(Err(_)) => wrong("`limit` is not a number."),
            Some(Ok(limit)) if limit < 1 => wrong("`limit` is less than 1."),
            Some(Ok(limit)) if limit > MOST && over == OverLimit::Refuse => {
                wrong("`limit` is more than 100.")
            }
            Some(Ok(limit)) => Ok(u32::try_from(limit.min(MOST)).unwrap_or(default)),
        }
    }

    /// The cursor, if one is given.
    pub(super) fn cursor(&self, names: CursorNames) -> Result<Option<Cursor>, Problem> {
        let cursor = |id: &str, is_before| Some(Cursor { id: id.to_owned(), is_before });
        match (self.get(names.after), self.get(names.before)) {
            (Some(_), Some(_)) => Err(Problem::parameter(
                names.before,
                format!("`{}` and `{}` exclude each other.", names.after, names.before),
            )),
            (Some(id), None) => Ok(cursor(id, false)),
            (None, Some(id)) => Ok(cursor(id, true)),
            (None, None) => Ok(None),
        }
    }

    /// `sort`: a field with `+` or `-` in front, or neither. A `+` that was not escaped arrives as a space.
    /// Returns the field's column and whether the order is descending.
    pub(super) fn sort(
        &self,
        default: &str,
        fields: &[(&'static str, &'static str)],
    ) -> Result<(&'static str, bool), Problem> {
        let text = self.get("sort").unwrap_or(default);
        let (name, is_descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text.strip_prefix(['+', ' ']).unwrap_or(text), false),
        };
        match fields.iter().find(|(field, _)| *field == name) {
            Some((_, column)) => Ok((column, is_descending)),
            None => Err(Problem::parameter("sort", "There is no such field to sort by.")),
        }
    }

    /// The text with one cursor put in the place of any other.
    fn with_cursor(&self, names: CursorNames, cursor: Option<(&str, &str)>) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| {
            cursor.is_none() || (name.as_str() != names.after && name.as_str() != names.before)
        });
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(cursor)).finish()
    }
}

/// Where the caller reached us: scheme, host and prefix, so that links lead back the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    origin: String,
    prefix: String,
}

impl Base {
    /// Reads the address from the request; `full_path` is its path with the prefix, `path` without.
    pub(super) fn of(parts: &Parts, full_path: &str, listen: std::net::SocketAddr) -> Self {
        let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
        let is_plain = |host: &&str| {
            host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']' | '_'))
        };
        let host = host.filter(is_plain).map_or_else(|| listen.to_string(), str::to_owned);
        // Behind a proxy that ends TLS, links must not fall back to plain HTTP.
        let is_tls = text(HeaderName::from_static("x-forwarded-proto")) == Some("https");
        let scheme = if is_tls { "https" } else { "http" };
        let prefix = full_path.strip_suffix(parts.uri.path()).unwrap_or_default();
        Self { origin: format!("{scheme}://{host}"), prefix: prefix.to_owned() }
    }

    /// The absolute address of a path.
    pub(super) fn href(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }

    /// The address of a path on this origin, for `Location`.
    pub(super) fn location(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The `links` of a page: `self` always, the neighbours where there are any.
    pub(super) fn links<T>(&self, path: &str, query: &Query, names: CursorNames, found: &Found<T>) -> Value {
        let link = |cursor| {
            let query = query.with_cursor(names, cursor);
            let mark = if query.is_empty() { "" } else { "?" };
            json!({"href": format!("{}{mark}{query}", self.href(path))})
        };
        let mut res = Map::from_iter([("self".to_owned(), link(None))]);
        if let Some((first, last)) = &found.ends {
            if found.has_after {
                res.insert("next".to_owned(), link(Some((names.after, last))));
            }
            if found.has_before {
                res.insert("prev".to_owned(), link(Some((names.before, first))));
            }
        }
        Value::Object(res)
    }
}
