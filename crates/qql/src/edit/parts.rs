//! Changing a clause: its field, its operator, its value.

use super::change::{fix, grown};
use super::check::{Want, checked};
use super::{Edit, NewClause, NewValue};
use crate::error::Fix;
use crate::expr::Join;
use crate::expr::{Clause, Expr, Op, Value, ValueKind};
use crate::node::Parse;
use crate::outline::{Item, ItemId, ItemKind, Outline};
use crate::quote::{is_field_name, quote_value};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// All of them give no changes where all is as it should be.
impl Outline {
    /// Names another field. `None` for what is neither a clause nor a nested query, and for a text that is no name.
    pub fn set_field(&self, parse: &Parse, id: ItemId, field: &str) -> Option<Edit> {
        let old = match &self.item(id)?.kind {
            ItemKind::Clause(clause) => &clause.field,
            ItemKind::Nested { field, .. } => field,
            ItemKind::Group { .. } | ItemKind::Opaque => return None,
        };
        let changes = if old.text == field { Vec::new() } else { Vec::from([fix(old.range.clone(), field)]) };
        if is_field_name(field) { self.replace(parse, id, changes) } else { None }
    }

    /// Asks with another operator. `None` for what is no clause.
    pub fn set_op(&self, parse: &Parse, id: ItemId, op: Op) -> Option<Edit> {
        let clause = self.clause(id)?;
        let changes = self.op_change(id, clause, op)?;
        self.replace(parse, id, changes.into_iter().collect())
    }

    /// Asks for another value. `None` for what is no clause and for a value that cannot be written.
    pub fn set_value(&self, parse: &Parse, id: ItemId, value: &NewValue) -> Option<Edit> {
        let clause = self.clause(id)?;
        let change = value_change(parse, &clause.value, value)?;
        self.replace(parse, id, change.into_iter().collect())
    }

    /// Changes `NOT`, field, operator and value at once, each only where it differs. A part with errors is replaced
    /// as a whole. `None` for groups and nested queries, for an item of a second `NOT`, and for a clause that cannot
    /// be written.
    pub fn set_clause(&self, parse: &Parse, id: ItemId, clause: &NewClause) -> Option<Edit> {
        let item = self.item(id)?;
        if item.kind == ItemKind::Opaque {
            return self.set_text(parse, id, &clause.text()?);
        }
        let old = self.clause(id)?;
        clause.text()?;
        let detail = self.detail(id)?;
        let mut changes = Vec::new();
        match &detail.not {
            Some(not) if !clause.negated => changes.push(fix(not.start..old.range.start, "")),
            None if clause.negated => changes.push(fix(old.range.start..old.range.start, "NOT ")),
            _ => {}
        }
        if old.field.text != clause.field {
            // Two changes at one place would be one.
            match changes.last_mut().filter(|change| change.range.end == old.field.range.start) {
                Some(change) => {
                    change.range.end = old.field.range.end;
                    change.replacement.push_str(&clause.field);
                }
                None => changes.push(fix(old.field.range.clone(), &clause.field)),
            }
        }
        changes.extend(self.op_change(id, old, clause.op)?);
        changes.extend(value_change(parse, &old.value, &clause.value)?);
        self.replace(parse, id, changes)
    }

    /// Replaces the text of any item, or of the whole query for the root. Terms that the text joins get parentheses
    /// where they would mix with those beside them. `None` for a blank text, and for one that would swallow what
    /// stands beside the item.
    pub fn set_text(&self, parse: &Parse, id: ItemId, text: &str) -> Option<Edit> {
        let text = text.trim();
        let item = self.item(id)?;
        let term = self.detail(id)?.term.clone();
        let new = crate::parse(text);
        let is_mixed = match new.expr() {
            Some(Expr::Or(_)) => self.span(parse, id).is_some_and(|span| 1 < span.old.len()),
            Some(Expr::And(_)) => self.is_commented(id),
            _ => false,
        };
        let is_inside_not = item.parent.and_then(|it| self.item(it)).is_some_and(|it| self.is_not_not(it));
        let text = match is_mixed || (is_inside_not && matches!(new.expr(), Some(Expr::And(_) | Expr::Or(_))))
        {
            true if self.parent_join(id) != Some(Join::Or) || self.is_commented(id) || is_inside_not => {
                ["(", text, ")"].concat()
            }
            _ => text.to_string(),
        };
        if text.is_empty() {
            return None;
        }
        let changes = match parse.source().get(term.clone())? == text {
            true => Vec::new(),
            false => Vec::from([fix(term.clone(), &text)]),
        };
        let focus = grown(&item.range, &changes);
        let want = match self.is_commented(id) {
            true => Want::Term(grown(&term, &changes)),
            false => Want::Whole(focus),
        };
        checked(parse, &item.range, changes, want)
    }

    fn parent_join(&self, id: ItemId) -> Option<Join> {
        self.item(id)?.parent.and_then(|parent| self.item(parent)).and_then(Item::join)
    }

    fn clause(&self, id: ItemId) -> Option<&Clause> {
        match &self.item(id)?.kind {
            ItemKind::Clause(clause) => Some(clause),
            _ => None,
        }
    }

    #[expect(clippy::option_option, reason = "no clause, no change and a change are three things")]
    fn op_change(&self, id: ItemId, clause: &Clause, op: Op) -> Option<Option<Fix>> {
        let range = self.detail(id)?.op.clone();
        Some((clause.op != op).then(|| fix(range, op.symbol())))
    }

    fn replace(&self, parse: &Parse, id: ItemId, changes: Vec<Fix>) -> Option<Edit> {
        let term = grown(&self.detail(id)?.term, &changes);
        let own = &self.item(id)?.range;
        let edit = checked(parse, own, changes, Want::Term(term))?;
        // What was a clause or a nested query has to be one still.
        let after = crate::parse(&edit.apply(parse.source()));
        let view = crate::outline(&after);
        let kind = &view.item(view.at(&edit.focus)?)?.kind;
        matches!(kind, ItemKind::Clause(_) | ItemKind::Nested { .. }).then_some(edit)
    }
}

/// The change that makes `new` of the value. What is the same already keeps its bytes: a value in other quotes, and
/// each item of a list.
#[expect(clippy::option_option, reason = "no spelling, no change and a change are three things")]
fn value_change(parse: &Parse, old: &Value, new: &NewValue) -> Option<Option<Fix>> {
    let source = |value: &Value| parse.source().get(value.range.clone()).map(String::from);
    let has =
        |value: &Value, text: &str| !matches!(value.kind, ValueKind::Exact(_)) && value.text() == Some(text);
    // An item of a list or a range that has this text as it is written there.
    let kept = |items: &[&Value], text: &str| {
        let item = items.iter().find(|item| item.text() == Some(text));
        item.map_or_else(|| quote_value(text), |item| source(item))
    };
    let text = match (&old.kind, new) {
        (_, NewValue::One(text)) if has(old, text) => return Some(None),
        (ValueKind::Exact(old), NewValue::Exact(text)) if old == text => return Some(None),
        (ValueKind::List(old), NewValue::List(items)) => {
            let is_same = old.len() == items.len()
                && old.iter().zip(items).all(|(old, item)| old.text() == Some(item.as_str()));
            if is_same {
                return Some(None);
            }
            new.text()?;
            let old: Vec<&Value> = old.iter().collect();
            let items: Vec<String> = items.iter().map(|item| kept(&old, item)).collect::<Option<_>>()?;
            ["[", &items.join(", "), "]"].concat()
        }
        (
            ValueKind::Range { low, high, inclusive },
            NewValue::Range { low: from, high: to, inclusive: is_closed },
        ) => {
            let is_same = low.text() == Some(from.as_str()) && high.text() == Some(to.as_str());
            if is_same && inclusive == is_closed {
                return Some(None);
            }
            let (open, close) = if *is_closed { ("[", "]") } else { ("(", ")") };
            [open, &kept(&[low], from)?, " .. ", &kept(&[high], to)?, close].concat()
        }
        _ => new.text()?,
    };
    let is_same = source(old).as_deref() == Some(&text);
    Some((!is_same).then(|| fix(old.range.clone(), &text)))
}
