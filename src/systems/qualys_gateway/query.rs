//! What the search endpoint can answer: four tokens in two spellings (reference `qualys.md`, 1.6).

use qql::{Expr, Op, ValueKind};

use crate::domain::{Key, Limit};

/// The documented tokens, in their older spelling, which both documents share.
const TOKENS: [&str; 4] =
    ["activationKey.isDisabled", "activationKey.countPurchased", "activationKey.id", "activationKey"];

/// What the newer spelling puts before each token.
pub(super) const NEW_PREFIX: &str = "qualys.agent.";

/// Which spelling of the tokens a platform takes. The two documents disagree, so it is found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    Old,
    New,
}

impl Spelling {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// The documented token behind either spelling.
pub(super) fn token(field: &str) -> Option<&'static str> {
    let bare = field.strip_prefix(NEW_PREFIX).unwrap_or(field);
    TOKENS.into_iter().find(|it| *it == bare)
}

/// The same query with every documented token in one spelling; all else stays byte for byte.
pub(super) fn respell(text: &str, spelling: Spelling) -> String {
    let Some(expr) = qql::parse(text).expr() else { return text.to_owned() };
    let mut names = Vec::new();
    collect_names(&expr, &mut names);
    let mut res = String::new();
    let mut end = 0;
    for (range, token) in names {
        res.push_str(text.get(end..range.start).unwrap_or_default());
        if spelling == Spelling::New {
            res.push_str(NEW_PREFIX);
        }
        res.push_str(token);
        end = range.end;
    }
    res.push_str(text.get(end..).unwrap_or_default());
    res
}

/// Whether the query names any documented token, so that its spelling can matter.
pub(super) fn has_token(text: &str) -> bool {
    let mut names = Vec::new();
    if let Some(expr) = qql::parse(text).expr() {
        collect_names(&expr, &mut names);
    }
    !names.is_empty()
}

fn collect_names(expr: &Expr, names: &mut Vec<(std::ops::Range<usize>, &'static str)>) {
    match expr {
        Expr::Clause(clause) => {
            if let Some(token) = token(&clause.field.text) {
                names.push((clause.field.range.clone(), token));
            }
        }
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|it| collect_names(it, names)),
        Expr::Not(inner) => collect_names(inner, names),
        Expr::Nested { inner, .. } => collect_names(inner, names),
    }
}

/// Whether the rows can be the answer to the query. A service that ignores a token it does not know
/// answers with all keys; a row that plainly contradicts the query gives that away.
pub(super) fn is_plausible(text: &str, rows: &[Key]) -> bool {
    let Some(expr) = qql::parse(text).expr() else { return true };
    rows.iter().all(|it| judge(&expr, it) != Some(false))
}

/// Three-valued: `None` where the documents do not say enough to judge.
fn judge(expr: &Expr, key: &Key) -> Option<bool> {
    match expr {
        Expr::And(parts) => all(parts.iter().map(|it| judge(it, key))),
        Expr::Or(parts) => all(parts.iter().map(|it| judge(it, key).map(|it| !it))).map(|it| !it),
        Expr::Not(inner) => judge(inner, key).map(|it| !it),
        Expr::Nested { .. } => None,
        Expr::Clause(clause) => {
            let text = match &clause.value.kind {
                ValueKind::Words(text) | ValueKind::Quoted(text) | ValueKind::Exact(text) => text.as_str(),
                ValueKind::List(_) | ValueKind::Range { .. } => return None,
            };
            if !matches!(clause.op, Op::Match | Op::Eq) {
                return None;
            }
            match token(&clause.field.text)? {
                "activationKey.isDisabled" => text.parse::<bool>().ok().map(|it| it == key.disabled),
                "activationKey.id" => Some(text == key.id.0),
                "activationKey.countPurchased" => {
                    let limit = match key.limit() {
                        None | Some(Limit::Unlimited) => 0,
                        Some(Limit::Of(limit)) => limit,
                    };
                    text.parse::<u64>().ok().map(|it| it == limit)
                }
                // A value may match by its beginning (section 2).
                "activationKey" => {
                    let head = key.value.as_ref()?.expose().as_bytes().get(..text.len());
                    Some(head.is_some_and(|it| it.eq_ignore_ascii_case(text.as_bytes())))
                }
                _ => None,
            }
        }
    }
}

/// `Some(false)` once any is false, `None` once any is unknown, else `Some(true)`.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut res = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => res = None,
            Some(true) => {}
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::key;
    use super::*;

    #[test]
    fn tokens_are_respelled_and_nothing_else() {
        let old = "activationKey.isDisabled: true  AND NOT (activationKey.id: 7 OR title: activationKey.id)";
        let new = "qualys.agent.activationKey.isDisabled: true  AND NOT (qualys.agent.activationKey.id: 7 OR title: activationKey.id)";
        assert_eq!(respell(old, Spelling::New), new);
        assert_eq!(respell(new, Spelling::Old), old);
        assert_eq!(respell("broken: (", Spelling::New), "broken: (");
    }

    #[test]
    fn a_row_that_contradicts_the_query_is_implausible() {
        let rows = [key(1, false), key(2, true)];
        assert!(!is_plausible("activationKey.isDisabled: true", &rows));
        assert!(is_plausible("activationKey.isDisabled: true", &rows[1..]));
        assert!(!is_plausible("NOT activationKey.isDisabled: true AND activationKey.id: 1", &rows));
        assert!(is_plausible("activationKey.id: 1 OR activationKey.id: 2", &rows));
        assert!(is_plausible("activationKey.id: [1, 2]", &rows));
        assert!(is_plausible("owner: somebody", &rows));
    }
}
