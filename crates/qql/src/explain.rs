//! What a query asks for, in words.
//!
//! The structure of the sentence is made here, from the outline; every word comes from a [`Phrases`].

mod clause;
mod phrase;

pub use self::phrase::{Phrase, Phrases};

use crate::expr::Join;
use crate::node::Parse;
use crate::outline::{Item, ItemId, ItemKind, Outline, outline};
use crate::schema::{FieldSpec, FieldType, Schema};
use alloc::string::String;
use alloc::vec::Vec;

/// How many values or parts of one kind are said before "and 5 more".
const MOST: usize = 12;

/// What a query asks for, as one sentence, and short ones about what is left out: muted clauses are said to be off,
/// parts with errors are named.
///
/// The values of [`FieldType::Guid`] fields are not repeated, as they are mostly secrets. A part with errors that
/// could hold one is not repeated either.
pub fn explain(parse: &Parse, schema: &Schema<'_>, phrases: &dyn Phrases) -> String {
    let view = outline(parse);
    let mut teller =
        Teller { source: parse.source(), view: &view, schema, phrases, muted: Vec::new(), lost: Vec::new() };
    let conditions = teller.children(view.root(), None, Depth::Top, false);
    let Teller { muted, lost, .. } = teller;
    let mut sentences = Vec::new();
    if let Some(said) = conditions {
        sentences.push(phrases.say(Phrase::Keys(&said.text)));
    } else if lost.is_empty() {
        sentences.push(phrases.say(Phrase::Everything));
    }
    if let Some(muted) = listed(phrases, &muted, None) {
        sentences.push(phrases.say(Phrase::Muted(&muted)));
    }
    if let Some(lost) = listed(phrases, &lost, None) {
        sentences.push(phrases.say(Phrase::NotUnderstood(&lost)));
    }
    sentences.join(" ")
}

struct Teller<'a> {
    source: &'a str,
    view: &'a Outline,
    schema: &'a Schema<'a>,
    phrases: &'a dyn Phrases,
    /// What is switched off.
    muted: Vec<String>,
    /// What is not understood.
    lost: Vec<String>,
}

/// What a condition stands in, which decides how it is set apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Top,
    /// One of the conditions of the sentence.
    First,
    /// Deeper.
    Inner,
}

/// Conditions in words.
struct Said {
    text: String,
    /// What joins them. `None` for one condition.
    join: Option<Join>,
}

impl<'a> Teller<'a> {
    /// The children of a group that run. `is_muted` is whether the group is told as a part that does not run, which
    /// all of it belongs to.
    fn children(
        &mut self,
        id: ItemId,
        outer: Option<&FieldSpec<'_>>,
        depth: Depth,
        is_muted: bool,
    ) -> Option<Said> {
        let item = self.view.item(id)?;
        let join = item.join().unwrap_or(Join::And);
        let inner = if depth == Depth::Top { Depth::First } else { Depth::Inner };
        let mut texts = Vec::new();
        let mut is_wide = false;
        for child in &item.children {
            let Some(it) = self.view.item(*child) else { continue };
            if it.muted && !is_muted {
                if let Some(said) = self.item(*child, it, outer, Depth::Inner, true) {
                    self.muted.push(said.text);
                }
                continue;
            }
            let Some(said) = self.item(*child, it, outer, inner, is_muted) else { continue };
            let is_simple = matches!(it.kind, ItemKind::Group { parens: false, .. }) && join == Join::Or;
            is_wide |= said.join.is_some();
            texts.push(match said.join {
                None => said.text,
                Some(Join::And) if is_simple && depth != Depth::Inner => said.text,
                Some(Join::Or) if depth == Depth::Top && join == Join::And => {
                    self.phrases.say(Phrase::Either(&said.text))
                }
                Some(_) => self.phrases.say(Phrase::Group(&said.text)),
            });
        }
        if let [only] = texts.as_mut_slice() {
            let text = core::mem::take(only);
            return Some(Said { text, join: None });
        }
        let text = joined(self.phrases, &texts, join, is_wide)?;
        Some(Said { text, join: Some(join) })
    }

    fn item(
        &mut self,
        id: ItemId,
        item: &Item,
        outer: Option<&FieldSpec<'_>>,
        depth: Depth,
        is_muted: bool,
    ) -> Option<Said> {
        let one = |text: String| Some(Said { text, join: None });
        match &item.kind {
            ItemKind::Clause(clause) => match self.clause(clause, item.negated, outer) {
                Some(text) => one(text),
                None => self.lose(id, is_muted),
            },
            ItemKind::Opaque => self.lose(id, is_muted),
            ItemKind::Group { .. } => {
                let said = self.children(id, outer, depth, is_muted)?;
                if !item.negated {
                    return Some(said);
                }
                let text = match said.join {
                    Some(_) => self.phrases.say(Phrase::Group(&said.text)),
                    None => said.text,
                };
                one(self.phrases.say(Phrase::Not(&text)))
            }
            ItemKind::Nested { field, .. } => {
                let found = self.schema.inner_field(outer, &field.text);
                let Some(spec) = found.filter(|spec| spec.kind == FieldType::Object) else {
                    return self.lose(id, is_muted);
                };
                let said = self.children(id, Some(spec), Depth::Inner, is_muted)?;
                let field = self.phrases.field(spec);
                let conditions = match said.join {
                    Some(_) => self.phrases.say(Phrase::Group(&said.text)),
                    None => said.text,
                };
                let is_negated = item.negated;
                one(self.phrases.say(Phrase::Part { field: &field, conditions: &conditions, is_negated }))
            }
        }
    }

    /// Names a part that is not understood, or that is switched off and no condition.
    fn lose(&mut self, id: ItemId, is_muted: bool) -> Option<Said> {
        let term = self.view.detail(id)?.term.clone();
        let text = self.source.get(term)?;
        let text =
            if self.may_hold_secret(text) { self.phrases.say(Phrase::Hidden) } else { String::from(text) };
        if is_muted {
            return Some(Said { text, join: None }).filter(|said| !said.text.is_empty());
        }
        self.lost.push(text);
        None
    }

    /// Whether a text names a field with secrets, or has eight hexadecimal digits in a row.
    fn may_hold_secret(&self, text: &str) -> bool {
        let mut runs = text.split(|c: char| !c.is_ascii_hexdigit());
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.'));
        let is_secret =
            |word: &str| self.schema.field(word).is_some_and(|field| field.kind == FieldType::Guid);
        runs.any(|run| 8 <= run.len()) || words.any(is_secret)
    }
}

/// The texts with "and" or "or" between them. In halves, so that long queries take little more than linear work.
fn joined(phrases: &dyn Phrases, texts: &[String], join: Join, is_wide: bool) -> Option<String> {
    if texts.len() < 2 {
        return texts.first().cloned();
    }
    let (left, right) = texts.split_at(texts.len() / 2);
    let (left, right) = (joined(phrases, left, join, is_wide)?, joined(phrases, right, join, is_wide)?);
    Some(phrases.say(Phrase::Joined { left: &left, right: &right, join, is_wide }))
}

/// The texts with commas, and `last` between the last two. `None` when there are none.
fn listed(phrases: &dyn Phrases, texts: &[String], last: Option<Join>) -> Option<String> {
    let comma = |left: String, right: &str| phrases.say(Phrase::Listed { left: &left, right });
    let (shown, n_more) = match texts.len().checked_sub(MOST) {
        Some(n_more) if 0 < n_more => (texts.get(..MOST)?, n_more),
        _ => (texts, 0),
    };
    let (end, front) = shown.split_last()?;
    let Some(start) = front.iter().cloned().reduce(|left, right| comma(left, &right)) else {
        return Some(end.clone());
    };
    if 0 < n_more {
        return Some(comma(comma(start, end), &phrases.say(Phrase::More(n_more))));
    }
    Some(match last {
        Some(join) => phrases.say(Phrase::Joined { left: &start, right: end, join, is_wide: false }),
        None => comma(start, end),
    })
}
