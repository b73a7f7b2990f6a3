//! What is proposed at a place of the text.

use std::ops::Range;

use qql::cursor::{Context, Wanted, context};
use qql::{Parse, parse};

use super::fields::{field_groups, find, join_group, op_group};
use super::plain::plain_group;
use super::values::value_groups;
use crate::features::query_box::language::{Language, QueryField};
use crate::i18n::t;
use crate::systems::SeenValues;

/// Recent queries that are proposed.
const MOST_RECENT: usize = 5;

/// What a proposal does when it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Insert {
    /// Puts a text in place of some bytes; the caret goes behind it.
    Part {
        range: Range<usize>,
        text: String,
        /// What follows behind the caret.
        behind: &'static str,
        /// There is more to propose then.
        more: bool,
    },
    /// Lets the person pick a day for these bytes.
    Day(Range<usize>),
    /// Is the whole query, and runs.
    Query(String),
}

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// What is written.
    pub(super) code: String,
    /// What it is, in words; may be empty.
    pub(super) note: String,
    pub(super) insert: Insert,
}

impl Offer {
    pub(super) fn part(
        code: impl Into<String>,
        note: impl Into<String>,
        range: Range<usize>,
        text: impl Into<String>,
    ) -> Self {
        let insert = Insert::Part { range, text: text.into(), behind: "", more: false };
        Self { code: code.into(), note: note.into(), insert }
    }

    /// The same; with it there is more to propose.
    pub(super) fn more(mut self) -> Self {
        if let Insert::Part { more, .. } = &mut self.insert {
            *more = true;
        }
        self
    }

    /// The same with a text behind the caret.
    pub(super) fn behind(mut self, text: &'static str) -> Self {
        if let Insert::Part { behind, .. } = &mut self.insert {
            *behind = text;
        }
        self
    }
}

/// Proposals of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) title: String,
    pub(super) offers: Vec<Offer>,
}

impl Group {
    pub(super) fn new(title: impl Into<String>, offers: Vec<Offer>) -> Self {
        Self { title: title.into(), offers }
    }
}

/// All that is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// Never empty ones.
    pub(super) groups: Vec<Group>,
    /// The first one is what is being typed, and the text as it stands cannot run: Enter takes it.
    pub(super) is_obvious: bool,
}

impl Offers {
    pub(super) fn all(&self) -> impl Iterator<Item = &Offer> {
        self.groups.iter().flat_map(|it| it.offers.iter())
    }

    pub(super) fn count(&self) -> usize {
        self.groups.iter().map(|it| it.offers.len()).sum()
    }
}

/// What the proposals are made of.
pub(super) struct Ask<'a> {
    pub(super) parse: &'a Parse,
    pub(super) text: &'a str,
    /// The byte of the caret.
    pub(super) at: usize,
    /// The text can run as it stands.
    pub(super) runs: bool,
    pub(super) language: &'static dyn Language,
    pub(super) fields: &'a [QueryField],
    pub(super) seen: &'a dyn Fn(&'static str) -> SeenValues,
    pub(super) recent: &'a [String],
}

impl Ask<'_> {
    /// The part of the text.
    pub(super) fn part(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// What of `range` stands in front of the caret.
    pub(super) fn typed(&self, range: &Range<usize>) -> &str {
        self.text.get(range.start..self.at).unwrap_or_default()
    }

    /// Whether a query is without any fault.
    pub(super) fn is_good(&self, query: &str) -> bool {
        let parse = parse(query);
        parse.errors().is_empty() && self.language.problems(&parse).is_empty()
    }
}

/// Everything that is proposed at the caret.
pub(super) fn offers(ask: &Ask<'_>) -> Offers {
    let Context { wanted, replace, outer } = context(ask.parse, ask.at);
    let mut groups = Vec::new();
    let typed = ask.typed(&replace);
    let mut is_exact = false;
    match &wanted {
        Wanted::Nothing => {}
        Wanted::Field { has_op, plain, before_term } => {
            let fields = field_groups(ask, &replace, outer.as_deref(), *has_op, *before_term);
            let plain = plain_group(ask, plain);
            // What may become a field's name comes first, else what may become a value.
            let is_name = fields.is_name;
            is_exact = fields.is_exact;
            if is_name {
                groups.extend(fields.groups);
                groups.extend(plain);
            } else {
                groups.extend(plain);
                groups.extend(fields.groups);
            }
        }
        Wanted::Op { field } => groups.extend(op_group(ask, find(ask.fields, outer.as_deref(), field))),
        Wanted::Value { field, op, inside } => {
            if let Some(field) = find(ask.fields, outer.as_deref(), field) {
                let found = value_groups(ask, field, *op, *inside, &replace);
                is_exact = found.is_exact;
                groups.extend(found.groups);
            }
            groups.extend(join_in_words(ask, &replace));
        }
        Wanted::Join { before_term } => {
            is_exact = ["and", "or"].iter().any(|it| it.eq_ignore_ascii_case(typed));
            groups.extend(join_group(ask, &replace, *before_term));
        }
    }
    groups.retain(|it| !it.offers.is_empty());
    let is_written = matches!(wanted, Wanted::Field { .. } | Wanted::Value { .. } | Wanted::Join { .. });
    let is_obvious = is_written && !ask.runs && !typed.trim().is_empty() && !is_exact && !groups.is_empty();
    let recent = recent_group(ask);
    // A query that was run before is never what Enter takes unasked.
    let is_obvious = is_obvious && recent.is_none();
    groups.splice(0..0, recent);
    Offers { groups, is_obvious }
}

/// The queries that were run before and begin with the text.
fn recent_group(ask: &Ask<'_>) -> Option<Group> {
    let typed = ask.text.trim();
    // Behind the text alone: elsewhere somebody is mending it.
    if !ask.text.get(ask.at..).unwrap_or_default().trim().is_empty() {
        return None;
    }
    let begins = |it: &&String| {
        it.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed)) && it.trim() != typed
    };
    let offer =
        |it: &String| Offer { code: it.clone(), note: String::new(), insert: Insert::Query(it.clone()) };
    let offers: Vec<Offer> = ask.recent.iter().filter(begins).take(MOST_RECENT).map(offer).collect();
    (!offers.is_empty()).then(|| Group::new(t::query_suggest_recent(), offers))
}

/// `AND` and `OR` where the last of several unquoted words may become one.
fn join_in_words(ask: &Ask<'_>, value: &Range<usize>) -> Option<Group> {
    let typed = ask.typed(value);
    let (before, word) = typed.rsplit_once(char::is_whitespace)?;
    let is_end = ask.at == value.end && !before.trim().is_empty() && !word.is_empty();
    let range = ask.at - word.len()..ask.at;
    if is_end && !typed.starts_with(['"', '\'', '`']) { join_group(ask, &range, false) } else { None }
}
