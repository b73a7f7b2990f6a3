//! Proposals of values.

use std::ops::Range;

use qql::cursor::Inside;
use qql::{FieldType, Op, quote_value};

use super::offer::{Ask, Group, Insert, Offer};
use super::plain::unquoted;
use crate::domain::order;
use crate::features::query_box::language::QueryField;
use crate::i18n::t;
use crate::platform::intl;

/// Values seen among the keys that are proposed.
const MOST: usize = 30;

/// Days of a relative date where none are typed.
const DAYS: &str = "30";

/// The values that fit what is typed.
pub(super) struct Values {
    pub(super) groups: Vec<Group>,
    /// What is typed is one of them.
    pub(super) is_exact: bool,
}

/// All values of a field that are known, those that begin with what is typed first.
pub(super) fn value_groups(
    ask: &Ask<'_>,
    field: &QueryField,
    op: Op,
    inside: Inside,
    replace: &Range<usize>,
) -> Values {
    let typed = unquoted(ask.typed(replace).trim()).to_lowercase();
    let whole = unquoted(ask.part(replace).trim());
    let is_equal = matches!(op, Op::Match | Op::Eq);
    let closed: Vec<(String, String)> = match (field.kind, field.values.is_empty()) {
        (FieldType::Boolean, true) => [("true", t::query_true()), ("false", t::query_false())]
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .to_vec(),
        _ => field.values.iter().map(|it| (it.value.clone(), it.label.clone())).collect(),
    };
    let mut is_exact = closed.iter().any(|it| it.0.eq_ignore_ascii_case(whole));
    let mut groups = vec![Group::new(field.label, fitting(&closed, &typed, replace))];
    if field.kind == FieldType::Date {
        groups
            .push(Group::new(t::query_suggest_dates(), dates(ask, field, is_equal, inside, &typed, replace)));
    }
    let is_seen =
        !matches!(field.kind, FieldType::Guid | FieldType::Boolean | FieldType::Date | FieldType::Object);
    if is_seen && is_equal && field.values.is_empty() {
        let seen = (ask.seen)(field.name);
        let note = |count: u64| t::query_suggest_seen_keys(count);
        let fits = |it: &(String, u64)| field.kind != FieldType::Integer || it.0.parse::<i64>().is_ok();
        let pairs: Vec<(String, String)> =
            seen.values.into_iter().filter(fits).map(|it| (it.0, note(it.1))).collect();
        is_exact |= pairs.iter().any(|it| it.0.eq_ignore_ascii_case(whole));
        let mut offers = fitting(&pairs, &typed, replace);
        offers.truncate(MOST);
        groups.push(Group::new(t::query_suggest_seen(&intl::number(seen.keys)), offers));
    }
    Values { groups, is_exact }
}

/// The values that begin with what is typed, then those of which a word does.
fn fitting(values: &[(String, String)], typed: &str, replace: &Range<usize>) -> Vec<Offer> {
    let ends = |it: char| !it.is_alphanumeric();
    let rank = |value: &str, note: &str| {
        let (value, note) = (value.to_lowercase(), note.to_lowercase());
        match () {
            () if value.starts_with(typed) => Some(0),
            () if note.starts_with(typed) => Some(1),
            () => value.split(ends).any(|it| it.starts_with(typed)).then_some(2),
        }
    };
    let offer = |(value, note): &(String, String)| {
        let rank = rank(value, note)?;
        let text = quote_value(value)?;
        let note = if value.eq_ignore_ascii_case(note) { "" } else { note };
        Some((rank, Offer::part(value, note, replace.clone(), text)))
    };
    let mut res: Vec<(u8, Offer)> = values.iter().filter_map(offer).collect();
    order::sort_by_key(&mut res, |it| it.0);
    res.into_iter().map(|it| it.1).collect()
}

/// Days and spans: relative ones, with the number that is typed, and one to pick.
fn dates(
    ask: &Ask<'_>,
    field: &QueryField,
    is_equal: bool,
    inside: Inside,
    typed: &str,
    replace: &Range<usize>,
) -> Vec<Offer> {
    let number: String = typed
        .chars()
        .skip_while(|it| !it.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(4)
        .collect();
    let n = if number.is_empty() { DAYS } else { &number };
    let mut forms: Vec<(String, String)> = Vec::new();
    if is_equal && inside == Inside::Clause {
        forms.extend([
            (["in ", n, " days"].concat(), t::query_suggest_date_in(n)),
            (["last ", n, " days"].concat(), t::query_suggest_date_last(n)),
            ("today".to_owned(), t::query_suggest_date_today().to_owned()),
            (["[now .. now+", n, "d]"].concat(), t::query_suggest_date_in(n)),
        ]);
    }
    forms.extend([
        (["now+", n, "d"].concat(), t::query_suggest_date_plus(n)),
        (["now-", n, "d"].concat(), t::query_suggest_date_minus(n)),
    ]);
    let op = if is_equal { ": " } else { " > " };
    let is_typed = |form: &str| {
        let form = form.trim_start_matches('[').to_lowercase();
        // A number alone is the number of any of them; a date is none of them.
        form.starts_with(typed) || (!number.is_empty() && number.len() < 4 && number == typed)
    };
    let mut res: Vec<Offer> = forms
        .into_iter()
        .filter(|it| is_typed(&it.0) && ask.is_good(&[field.name, op, &it.0].concat()))
        .map(|(form, note)| Offer::part(form.clone(), note, replace.clone(), form))
        .collect();
    let day = t::query_suggest_day();
    if typed.is_empty() || typed.starts_with(|it: char| it.is_ascii_digit()) {
        res.push(Offer { code: day.to_owned(), note: String::new(), insert: Insert::Day(replace.clone()) });
    }
    res
}
