//! Taking key values out of a query that is to be kept or sent on.

use qql::ast::Term;
use qql::{Node, Parse};

use super::{holds_key_value, named_field};

/// What stands in the place of a key's value: an exact text that no field has, so that the clause parses and
/// finds nothing.
pub const REMOVED: &str = "`‹removed›`";

/// A field that the reader of every system may name, for a query of which nothing can be kept.
const ANY_FIELD: &str = "title";

/// Whether a key's value was taken out of this query.
#[must_use]
pub fn is_redacted(query: &str) -> bool {
    query.contains(REMOVED)
}

/// The query without the key values in it; `None` where it holds none.
///
/// Each value that is one, or might be, is replaced by [`REMOVED`], and the rest of the query stays byte for byte.
/// In a text with errors nobody knows where a value ends, so nothing of it is kept.
#[must_use]
pub fn redacted(query: &str) -> Option<String> {
    if !holds_key_value(query) {
        return None;
    }
    let parse = qql::parse(query);
    let res = if parse.errors().is_empty() { replaced(&parse, query) } else { None };
    // Whatever the tree does not show as a value (a comment, a name) leaves nothing of the query.
    let res = res.filter(|it| !holds_key_value(it));
    Some(res.unwrap_or_else(|| {
        let field = named_field(query).unwrap_or(ANY_FIELD);
        [field, ": ", REMOVED].concat()
    }))
}

/// The text with every value replaced that must not stay.
fn replaced(parse: &Parse, query: &str) -> Option<String> {
    let mut places = Vec::new();
    collect(parse.root(), &mut places);
    let (mut res, mut at) = (String::with_capacity(query.len()), 0);
    for (range, text) in places {
        res.push_str(query.get(at..range.start)?);
        res.push_str(&text);
        at = range.end;
    }
    res.push_str(query.get(at..)?);
    Some(res)
}

/// What is replaced by what, in the order of the text.
type Places = Vec<(std::ops::Range<usize>, String)>;

/// The depth of a tree is bounded, so recursion over it is safe.
fn collect(node: Node<'_>, places: &mut Places) {
    match Term::cast(node) {
        Some(Term::Clause(clause)) => {
            let (Some(field), Some(value)) = (clause.field(), clause.value()) else { return };
            if is_secret(field.text()) || holds_key_value(value.node().text()) {
                places.push((value.range(), REMOVED.to_owned()));
            }
        }
        // A value has no parts, so this asks for one in a form that no document names.
        Some(Term::Nested(nested)) if nested.field().is_some_and(|it| is_secret(it.text())) => {
            let field = nested.field().map(Node::text).unwrap_or_default();
            places.push((nested.range(), [field, ": ", REMOVED].concat()));
        }
        _ if node.is_leaf() => places.extend(comment(node)),
        _ => node.children().for_each(|it| collect(it, places)),
    }
}

/// A part of the query that is switched off, with the join beside it.
fn comment(leaf: Node<'_>) -> Option<(std::ops::Range<usize>, String)> {
    let inner = leaf.text().strip_prefix("/*")?.strip_suffix("*/")?;
    let clause = inner.trim();
    let joins = ["AND ", "OR ", "and ", "or "];
    let clause = joins.iter().find_map(|it| clause.strip_prefix(it)).unwrap_or(clause);
    let joins = [" AND", " OR", " and", " or"];
    let clause = joins.iter().find_map(|it| clause.strip_suffix(it)).unwrap_or(clause).trim();
    let (before, after) = inner.split_once(clause)?;
    Some((leaf.range(), ["/*", before, &redacted(clause)?, after, "*/"].concat()))
}

/// Whether a name in a query is that of a field that holds values.
fn is_secret(field: &str) -> bool {
    named_field(&[field, ":"].concat()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, want: &str) {
        let res = redacted(query).unwrap_or_default();
        assert_eq!(res, want, "{query}");
        assert!(!holds_key_value(&res), "{res}");
        assert!(qql::parse(&res).errors().is_empty(), "{res}");
        assert!(is_redacted(&res), "{res}");
        assert_eq!(redacted(&res), None, "twice is once");
    }

    const GUID: &str = "12ba12bc-effd-12e3-1234-12345ac12345";

    #[test]
    fn a_value_goes_and_the_rest_stays() {
        check(&format!("activationKey: {GUID}"), "activationKey: `‹removed›`");
        check(&format!("activationKey:\"{GUID}\""), "activationKey:`‹removed›`");
        check("qualys.agent.activationKey=12ba12bc", "qualys.agent.activationKey=`‹removed›`");
        check("ACTIVATIONKEY: `x`", "ACTIVATIONKEY: `‹removed›`");
        check("key: ABCD-EFGH", "key: `‹removed›`");
        check(
            &format!("title: web  and NOT (activationKey: {GUID} OR used > 3)"),
            "title: web  and NOT (activationKey: `‹removed›` OR used > 3)",
        );
    }

    #[test]
    fn each_of_several_clauses_is_looked_at() {
        check(
            &format!("activationKey: {GUID} OR key: ABCD OR title: {GUID} OR title: web"),
            "activationKey: `‹removed›` OR key: `‹removed›` OR title: `‹removed›` OR title: web",
        );
    }

    #[test]
    fn every_form_of_a_value_goes_whole() {
        check(&format!("activationKey: [{GUID}, abc]"), "activationKey: `‹removed›`");
        check("activationKey: [a .. b]", "activationKey: `‹removed›`");
        check(&format!("activationKey: (title: {GUID})"), "activationKey: `‹removed›`");
        check(&format!("title: [web, {GUID}]"), "title: `‹removed›`");
        check(&format!("title: web {GUID} berlin"), "title: `‹removed›`");
        check("title: eyJhbGciOiJIUzM4NCJ9.eyJzdWIi", "title: `‹removed›`");
        check(
            "title: \"Bearer eyJhbGciOiJIUzM4NCJ9.eyJzdWIi\" AND used > 3",
            "title: `‹removed›` AND used > 3",
        );
        check("title: activationKey 12ba12bc", "title: `‹removed›`");
    }

    #[test]
    fn a_clause_that_is_switched_off_is_looked_at_too() {
        check(
            &format!("title: web /* AND activationKey: {GUID} */"),
            "title: web /* AND activationKey: `‹removed›` */",
        );
        check("/* key: ABCD OR */ title: web", "/* key: `‹removed›` OR */ title: web");
        check("/* key: ABCD */", "/* key: `‹removed›` */");
        check(
            "key: ABCD /* OR activationKey: x */ AND used > 3",
            "key: `‹removed›` /* OR activationKey: `‹removed›` */ AND used > 3",
        );
        check("activationKey: /* title: */ ABCD", "activationKey: `‹removed›`");
        check("title: /* key: ABCD */ web", "key: `‹removed›`");
    }

    #[test]
    fn nothing_of_a_text_with_errors_is_kept() {
        check(GUID, "title: `‹removed›`");
        check("activationKey 12ba12bc", "activationKey: `‹removed›`");
        check("title: web AND (activationKey: ABCD-EFGH", "activationKey: `‹removed›`");
        check("title: web AND activationKey: \"ABCD", "activationKey: `‹removed›`");
        check("key ABCD-EFGH", "key: `‹removed›`");
        check("12ba12bc-effd-12e3: x", "title: `‹removed›`");
    }

    #[test]
    fn what_holds_no_value_is_left_alone() {
        for query in
            ["", "title: web", "expires: [2026-01-31 .. 2026-02-28]", "activationKey.isDisabled: true"]
        {
            assert_eq!(redacted(query), None, "{query}");
        }
    }

    #[test]
    fn what_follows_the_mark_is_judged() {
        for query in [
            "activationKey: `‹removed›` 12ba12bc",
            "activationKey: `‹removed›`12ba12bc",
            "activationKey: `‹removed›` , 12ba12bc",
            "activationKey: `‹removed›` ANDROID",
            "activationKey `‹removed›`",
            "activationKey: ‹removed›",
            "activationKey: `‹removed›` OR activationKey: 12ba12bc",
        ] {
            assert!(holds_key_value(query), "{query}");
        }
        for query in [
            "activationKey: `‹removed›` OR title: web",
            "(activationKey:`‹removed›`)",
            "(NOT activationKey:`‹removed›` ) and used > 3",
        ] {
            assert!(!holds_key_value(query), "{query}");
        }
    }
}
