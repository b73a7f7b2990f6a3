//! A query text as an SQL condition, for the four documented tokens (reference, sections 1.6 and 2).
//!
//! Everything else is a 400 with the byte position: unknown tokens, syntax errors, values of the wrong kind, nested
//! queries. A GUID matches as a whole or by its beginning; between backticks as a whole only.

use qql::{Clause, Expr, Kind, Name, Op, Value, ValueKind};
use rusqlite::types::Value as SqlValue;

use super::stored::Condition;
use crate::reply::Failure;
use crate::switches::TokenPrefix;

/// How many values a query may hold; SQLite takes 32,766 in one statement and a million bytes of text.
const MOST_VALUES: usize = 5_000;
/// How deep the condition may go; SQLite takes 1,000 levels, and a clause and the statement have a few of their own.
const DEEPEST: usize = 900;
/// What the newer token spelling puts in front.
const NEW_PREFIX: &str = "qualys.agent.";

/// Translates a query text; `None` when it is blank.
///
/// # Errors
/// A 400 with the position of the first thing that cannot be evaluated.
pub(super) fn condition(text: &str, prefix: TokenPrefix) -> Result<Option<Condition>, Failure> {
    let parse = qql::parse(text);
    if let Some(error) = parse.errors().first() {
        return Err(refusal(error.kind.message(), error.range.start));
    }
    // The console's own extensions of the language: no document knows comments.
    if let Some(comment) = parse.leaves().find(|leaf| leaf.kind() == Kind::Comment) {
        return Err(refusal("The query holds a comment.", comment.range().start));
    }
    let Some(expr) = parse.expr() else { return Ok(None) };
    let mut translation = Translation { prefix, values: Vec::new() };
    let Sql { text, depth } = translation.expr(&expr, false)?;
    if depth > DEEPEST {
        return Err(refusal("The query is nested too deeply.", start(&expr)));
    }
    Ok(Some(Condition { sql: text, values: translation.values }))
}

/// A documented token.
#[derive(Debug, Clone, Copy)]
enum Token {
    CountPurchased,
    IsDisabled,
    Id,
    Guid,
}

/// A piece of a condition and how deep it is.
struct Sql {
    text: String,
    depth: usize,
}

impl Sql {
    /// A clause: its comparisons and calls are a few levels, which [`DEEPEST`] leaves room for.
    fn flat(text: String) -> Self {
        Self { text, depth: 1 }
    }
}

struct Translation {
    prefix: TokenPrefix,
    values: Vec<SqlValue>,
}

impl Translation {
    /// `is_negated` moves NOT down to the clauses, so that a long row of NOTs costs no depth. No column is ever NULL,
    /// so the two forms are the same.
    fn expr(&mut self, expr: &Expr, is_negated: bool) -> Result<Sql, Failure> {
        let (parts, joint) = match (expr, is_negated) {
            (Expr::Clause(clause), false) => return self.clause(clause),
            (Expr::Clause(clause), true) => {
                let Sql { text, depth } = self.clause(clause)?;
                return Ok(Sql { text: format!("NOT {text}"), depth: depth + 1 });
            }
            (Expr::Not(inner), _) => return self.expr(inner, !is_negated),
            (Expr::Nested { field, .. }, _) => {
                return Err(refusal("A nested query is not possible here.", field.range.start));
            }
            (Expr::And(parts), false) | (Expr::Or(parts), true) => (parts, " AND "),
            (Expr::Or(parts), false) | (Expr::And(parts), true) => (parts, " OR "),
        };
        let parts = parts.iter().map(|part| self.expr(part, is_negated));
        Ok(balanced(parts.collect::<Result<_, _>>()?, joint))
    }

    fn clause(&mut self, clause: &Clause) -> Result<Sql, Failure> {
        let token = self.token(&clause.field)?;
        let value = &clause.value;
        let sign = match clause.op {
            Op::Match | Op::Eq => return self.matches(token, value),
            Op::Gt => ">",
            Op::Lt => "<",
            Op::Ge => ">=",
            Op::Le => "<=",
        };
        let column = number_column(token)
            .ok_or_else(|| refusal("This field cannot be compared by size.", clause.field.range.start))?;
        let number = number(value)?;
        Ok(Sql::flat(format!("({column} {sign} {})", self.bind(SqlValue::Integer(number), value)?)))
    }

    fn matches(&mut self, token: Token, value: &Value) -> Result<Sql, Failure> {
        match &value.kind {
            ValueKind::List(items) => {
                let items = items.iter().map(|item| match item.kind {
                    ValueKind::List(_) | ValueKind::Range { .. } => {
                        Err(refusal("A list holds plain values.", item.range.start))
                    }
                    _ => self.matches(token, item),
                });
                let items = items.collect::<Result<Vec<_>, _>>()?;
                if items.is_empty() {
                    return Err(refusal("The list is empty.", value.range.start));
                }
                Ok(balanced(items, " OR "))
            }
            ValueKind::Range { low, high, inclusive } => {
                let column = number_column(token)
                    .ok_or_else(|| refusal("This field has no ranges.", value.range.start))?;
                let (above, below) = if *inclusive { (">=", "<=") } else { (">", "<") };
                let (lowest, highest) = (number(low)?, number(high)?);
                let lowest = self.bind(SqlValue::Integer(lowest), low)?;
                let highest = self.bind(SqlValue::Integer(highest), high)?;
                Ok(Sql::flat(format!("({column} {above} {lowest} AND {column} {below} {highest})")))
            }
            ValueKind::Words(text) | ValueKind::Quoted(text) | ValueKind::Exact(text) => match token {
                Token::Guid => self.guid(text, value).map(Sql::flat),
                Token::IsDisabled => {
                    let is_disabled = boolean(text, value)?;
                    let name = self.bind(SqlValue::Integer(is_disabled.into()), value)?;
                    Ok(Sql::flat(format!("(is_disabled = {name})")))
                }
                Token::CountPurchased | Token::Id => {
                    let column = number_column(token).unwrap_or("id");
                    let number = number(value)?;
                    let name = self.bind(SqlValue::Integer(number), value)?;
                    Ok(Sql::flat(format!("({column} = {name})")))
                }
            },
        }
    }

    fn guid(&mut self, text: &str, value: &Value) -> Result<String, Failure> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(refusal("The value is blank.", value.range.start));
        }
        let name = self.bind(SqlValue::Text(text), value)?;
        Ok(match value.kind {
            ValueKind::Exact(_) => format!("(lower(activation_key) = {name})"),
            _ => format!("(substr(lower(activation_key), 1, length({name})) = {name})"),
        })
    }

    /// Keeps a value and returns the name that stands for it in the SQL text.
    fn bind(&mut self, value: SqlValue, at: &Value) -> Result<String, Failure> {
        if self.values.len() >= MOST_VALUES {
            return Err(refusal("The query holds too many values.", at.range.start));
        }
        self.values.push(value);
        Ok(format!("?{}", self.values.len()))
    }

    fn token(&self, name: &Name) -> Result<Token, Failure> {
        let (rest, is_new) = match name.text.strip_prefix(NEW_PREFIX) {
            Some(rest) => (rest, true),
            None => (name.text.as_str(), false),
        };
        let token = match rest {
            "activationKey.countPurchased" => Some(Token::CountPurchased),
            "activationKey.isDisabled" => Some(Token::IsDisabled),
            "activationKey.id" => Some(Token::Id),
            "activationKey" => Some(Token::Guid),
            _ => None,
        };
        let is_known = match self.prefix {
            TokenPrefix::Both => true,
            TokenPrefix::Old => !is_new,
            TokenPrefix::New => is_new,
        };
        token.filter(|_| is_known).ok_or_else(|| {
            // The caller's own text comes last and cut short, as it can be anything.
            let shown: String = name.text.chars().take(80).collect();
            refusal(&format!("There is no search token `{shown}`."), name.range.start)
        })
    }
}

fn number_column(token: Token) -> Option<&'static str> {
    match token {
        Token::CountPurchased => Some("count_purchased"),
        Token::Id => Some("id"),
        Token::IsDisabled | Token::Guid => None,
    }
}

fn number(value: &Value) -> Result<i64, Failure> {
    let text = match &value.kind {
        ValueKind::Words(text) | ValueKind::Quoted(text) | ValueKind::Exact(text) => Some(text),
        ValueKind::List(_) | ValueKind::Range { .. } => None,
    };
    text.and_then(|text| text.trim().parse().ok())
        .ok_or_else(|| refusal("The value is not a whole number.", value.range.start))
}

fn boolean(text: &str, value: &Value) -> Result<bool, Failure> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("true") {
        return Ok(true);
    }
    if text.eq_ignore_ascii_case("false") {
        return Ok(false);
    }
    Err(refusal("The value is not `true` or `false`.", value.range.start))
}

/// Joins conditions as a balanced tree: a long row then stays within SQLite's depth.
fn balanced(mut parts: Vec<Sql>, joint: &str) -> Sql {
    while parts.len() > 1 {
        let mut halves = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(left) = rest.next() {
            halves.push(match rest.next() {
                Some(right) => Sql {
                    text: format!("({}{joint}{})", left.text, right.text),
                    depth: left.depth.max(right.depth) + 1,
                },
                None => left,
            });
        }
        parts = halves;
    }
    parts.pop().unwrap_or_else(|| Sql::flat("TRUE".to_owned()))
}

/// Where an expression begins, in bytes.
fn start(expr: &Expr) -> usize {
    let mut expr = expr;
    loop {
        expr = match expr {
            Expr::Clause(clause) => return clause.range.start,
            Expr::Nested { range, .. } => return range.start,
            Expr::Not(inner) => inner,
            Expr::And(parts) | Expr::Or(parts) => match parts.first() {
                Some(part) => part,
                None => return 0,
            },
        };
    }
}

fn refusal(message: &str, position: usize) -> Failure {
    Failure { position: Some(position), ..Failure::bad_request(message) }
}
