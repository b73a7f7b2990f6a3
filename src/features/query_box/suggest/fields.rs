//! Proposals of names, comparisons and joins.

use std::ops::Range;

use qql::{FieldType, Op};

use super::offer::{Ask, Group, Offer};
use crate::domain::order;
use crate::features::query_box::language::QueryField;
use crate::i18n::t;

/// A word from the catalogue.
type Word = fn() -> &'static str;

/// The fields that fit what is typed.
pub(super) struct Fields {
    pub(super) groups: Vec<Group>,
    /// What is typed is the beginning of a name.
    pub(super) is_name: bool,
    /// What is typed is a name.
    pub(super) is_exact: bool,
}

/// The field that a name in a query means, with or without what may stand in front of it.
pub(super) fn find<'a>(fields: &'a [QueryField], outer: Option<&str>, name: &str) -> Option<&'a QueryField> {
    let named = |name: &str| fields.iter().find(|it| it.name == name);
    let inner = outer.and_then(|outer| named(&[outer, ".", name].concat()));
    let ends = |it: &&QueryField| name.strip_suffix(it.name).is_some_and(|it| it.ends_with('.'));
    inner.or_else(|| named(name)).or_else(|| fields.iter().filter(ends).max_by_key(|it| it.name.len()))
}

/// The fields by section, those that begin with what is typed first.
pub(super) fn field_groups(
    ask: &Ask<'_>,
    replace: &Range<usize>,
    outer: Option<&str>,
    has_op: bool,
    before_term: bool,
) -> Fields {
    let typed = ask.typed(replace).to_lowercase();
    let outer = outer.map(|it| [it, "."].concat());
    let mut ranked: Vec<(u8, &str, &QueryField)> = Vec::new();
    for field in ask.fields {
        // Inside of a nested query the parts have short names.
        let name = outer.as_deref().and_then(|it| field.name.strip_prefix(it)).unwrap_or(field.name);
        if let Some(rank) = rank(&typed, name, field.label) {
            ranked.push((rank, name, field));
        }
    }
    order::sort_by_key(&mut ranked, |it| it.0);
    let best = ranked.first().map_or(u8::MAX, |it| it.0);
    let is_exact = has_op && ranked.iter().any(|it| it.1.eq_ignore_ascii_case(&typed));
    let offer = |(_, name, field): &(u8, &str, &QueryField)| {
        let note = [field.label, " · ", type_word(field.kind)].concat();
        let (text, behind) = match (has_op, field.kind) {
            (true, _) => ((*name).to_owned(), ""),
            (false, FieldType::Object) => ([name, ": ("].concat(), ")"),
            (false, _) if before_term => ([name, ": "].concat(), " AND "),
            (false, _) => ([name, ": "].concat(), ""),
        };
        Offer::part(*name, note, replace.clone(), text).more().behind(behind)
    };
    let section = |title: &'static str, is_in: &dyn Fn(&QueryField) -> bool| {
        Group::new(title, ranked.iter().filter(|it| is_in(it.2)).map(offer).collect())
    };
    let mut groups = match ask.language.all_here() {
        Some(_) => vec![section(t::query_suggest_fields(), &|_| true)],
        None => vec![
            section(t::query_suggest_on_service(), &|it| it.on_service),
            section(t::query_suggest_here(), &|it| !it.on_service),
        ],
    };
    // The section of the best one comes first.
    let best_here = ranked.first().is_some_and(|it| !it.2.on_service);
    if !typed.is_empty() && best_here {
        groups.reverse();
    }
    if !has_op && "not".starts_with(&typed) {
        let not = Offer::part("NOT", t::query_suggest_not(), replace.clone(), "NOT ").more();
        groups.push(Group::new(t::query_suggest_joins(), vec![not]));
    }
    Fields { groups, is_name: !typed.is_empty() && best <= BEGINS, is_exact }
}

/// The last rank of what begins as it is typed.
const BEGINS: u8 = 2;

/// How well a field fits, 0 best; none where it does not.
fn rank(typed: &str, name: &str, label: &str) -> Option<u8> {
    let (name, label) = (name.to_lowercase(), label.to_lowercase());
    if typed.is_empty() || name.starts_with(typed) {
        return Some(0);
    }
    if label.starts_with(typed) {
        return Some(1);
    }
    let part = |text: &str, ends: fn(char) -> bool| text.split(ends).any(|it| it.starts_with(typed));
    if part(&name, |it| it == '.') || part(&label, char::is_whitespace) {
        return Some(BEGINS);
    }
    // One letter is in nearly everything.
    (1 < typed.len() && (name.contains(typed) || label.contains(typed))).then_some(BEGINS + 1)
}

fn type_word(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => t::query_type_text(),
        FieldType::Keyword => t::query_type_keyword(),
        FieldType::Id => t::query_type_id(),
        FieldType::Integer => t::query_type_integer(),
        FieldType::Boolean => t::query_type_boolean(),
        FieldType::Date => t::query_type_date(),
        FieldType::Guid => t::query_type_guid(),
        FieldType::Object => t::query_type_object(),
    }
}

/// The comparisons that a field's type knows.
pub(super) fn op_group(ask: &Ask<'_>, field: Option<&QueryField>) -> Option<Group> {
    let kind = field?.kind;
    let ops: &[(Op, Word)] = match kind {
        FieldType::Object => return None,
        FieldType::Text => &[(Op::Match, t::query_suggest_op_words)],
        FieldType::Guid => &[(Op::Match, t::query_suggest_op_begins)],
        FieldType::Integer => &[
            (Op::Match, t::query_suggest_op_is),
            (Op::Gt, t::query_op_above),
            (Op::Ge, t::query_op_at_least),
            (Op::Lt, t::query_op_below),
            (Op::Le, t::query_op_at_most),
        ],
        FieldType::Date => &[
            (Op::Match, t::query_suggest_op_on),
            (Op::Gt, t::query_suggest_op_after),
            (Op::Ge, t::query_suggest_op_from),
            (Op::Lt, t::query_suggest_op_before),
            (Op::Le, t::query_suggest_op_until),
        ],
        FieldType::Keyword | FieldType::Id | FieldType::Boolean => &[(Op::Match, t::query_suggest_op_is)],
    };
    let offer = |(op, word): &(Op, Word)| {
        Offer::part(op.symbol(), word(), ask.at..ask.at, [op.symbol(), " "].concat()).more()
    };
    Some(Group::new(t::query_suggest_operators(), ops.iter().map(offer).collect()))
}

/// `AND` and `OR`, as far as they begin with what is typed.
pub(super) fn join_group(ask: &Ask<'_>, replace: &Range<usize>, before_term: bool) -> Option<Group> {
    let typed = ask.typed(replace).to_ascii_uppercase();
    let joins: [(&str, Word); 2] = [("AND", t::query_suggest_and), ("OR", t::query_suggest_or)];
    let offer = |(join, word): &(&str, Word)| {
        // In front of a term the blank behind the join is there already, or is put there.
        let text = if before_term { (*join).to_owned() } else { [join, " "].concat() };
        let offer = Offer::part(*join, word(), replace.clone(), text);
        if before_term { offer } else { offer.more() }
    };
    let offers: Vec<Offer> = joins.iter().filter(|it| it.0.starts_with(&typed)).map(offer).collect();
    (!offers.is_empty()).then(|| Group::new(t::query_suggest_joins(), offers))
}
