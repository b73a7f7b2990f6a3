use super::kind::{Choice, FieldKind};
use super::{Counted, Words};
use crate::domain::FieldId;
use crate::systems::{Draft, Picker};

/// A field of a system's keys.
#[derive(Clone, Copy)]
pub struct FieldSpec {
    /// Its name.
    pub id: FieldId,
    /// Its label in forms, details and comparisons.
    pub label: Words,
    /// Its heading in the list, where that is shorter.
    pub column: Option<Words>,
    /// A line of help in forms.
    pub hint: Option<Words>,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it can be given for a new key.
    pub create: Use,
    /// Whether it can be changed.
    pub edit: Use,
    /// Whether it is among what is shown of a key.
    pub shown: bool,
    /// Where it can be searched.
    pub search: Search,
    /// Where it can be sorted by.
    pub sort: Sort,
    /// Whether two keys that agree in it can be taken for one when a lost create is looked up. Not for what the
    /// service may replace.
    pub identifies: bool,
    /// A blank is filled in by the service, from a default of its own.
    pub blank_is_default: bool,
    /// Whether it makes sense beside what else was chosen; a field that does not is neither shown nor sent.
    pub applies: Option<fn(&Draft) -> bool>,
    /// Words of the API that name it in a refusal, in lower case. Where there are none, its name and its label count.
    pub refusal_words: &'static [&'static str],
    /// Numbers of it that have a name: network 0 is the default network.
    pub named: &'static [Choice],
    /// What is counted, in words with the number: "1,000 agents".
    pub counted: Option<Counted>,
    /// Why the service may make something else of what was asked, where the documents know a reason.
    pub may_differ: Option<Words>,
    /// What queries take it for, where that is another thing than its kind says: an id that is a whole number.
    pub asked_as: Option<qql::FieldType>,
    /// The service keeps "none" as 0 and finds it so.
    pub none_is_zero: bool,
    /// Who offers things for a list of references.
    pub offers: Option<Picker>,
}

/// Whether a field can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// No.
    No,
    /// It may be left out.
    Optional,
    /// It has to be there.
    Required,
}

/// Where a field can be searched.
#[derive(Clone, Copy)]
pub enum Search {
    /// Nowhere.
    No,
    /// In the rows that were loaded, under this name.
    Browser(&'static str),
    /// By the service, under this name in queries; `ops` are the operators it takes.
    Server {
        /// The name in queries.
        token: &'static str,
        /// Operators the service takes; others run in the browser.
        ops: qql::Ops,
    },
}

/// Where a list can be sorted by a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Nowhere.
    No,
    /// In the rows that were loaded.
    Browser,
    /// By the service.
    Server,
}

impl FieldSpec {
    /// A field that is shown and otherwise absent; a manifest names what differs.
    #[must_use]
    pub const fn shown(id: FieldId, label: Words, kind: FieldKind) -> Self {
        Self {
            id,
            label,
            column: None,
            hint: None,
            kind,
            create: Use::No,
            edit: Use::No,
            shown: true,
            search: Search::No,
            sort: Sort::No,
            identifies: false,
            blank_is_default: false,
            applies: None,
            refusal_words: &[],
            named: &[],
            counted: None,
            may_differ: None,
            asked_as: None,
            none_is_zero: false,
            offers: None,
        }
    }

    /// The same with names for some of its numbers.
    #[must_use]
    pub const fn named(mut self, named: &'static [Choice]) -> Self {
        self.named = named;
        self
    }

    /// The same with words for what it counts.
    #[must_use]
    pub const fn counts(mut self, words: Counted) -> Self {
        self.counted = Some(words);
        self
    }

    /// The same with the reason why it may come out differently.
    #[must_use]
    pub const fn may_differ(mut self, why: Words) -> Self {
        self.may_differ = Some(why);
        self
    }

    /// The same, taken for a value of this type by queries.
    #[must_use]
    pub const fn asked_as(mut self, kind: qql::FieldType) -> Self {
        self.asked_as = Some(kind);
        self
    }

    /// The same, with "none" kept and found as 0 by the service.
    #[must_use]
    pub const fn none_is_zero(mut self) -> Self {
        self.none_is_zero = true;
        self
    }

    /// The same, with offers for what it may point at.
    #[must_use]
    pub const fn offers(mut self, picker: Picker) -> Self {
        self.offers = Some(picker);
        self
    }

    /// The same with a shorter heading in the list.
    #[must_use]
    pub const fn column(mut self, words: Words) -> Self {
        self.column = Some(words);
        self
    }

    /// The same with a line of help.
    #[must_use]
    pub const fn hint(mut self, words: Words) -> Self {
        self.hint = Some(words);
        self
    }

    /// The same in forms: for a new key, and for one that is edited.
    #[must_use]
    pub const fn form(mut self, create: Use, edit: Use) -> Self {
        self.create = create;
        self.edit = edit;
        self
    }

    /// The same, and part of what a lost create is recognised by.
    #[must_use]
    pub const fn identifies(mut self) -> Self {
        self.identifies = true;
        self
    }

    /// The same, with a blank filled in by the service.
    #[must_use]
    pub const fn defaulted(mut self) -> Self {
        self.blank_is_default = true;
        self
    }

    /// The same, not among what is shown of a key.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.shown = false;
        self
    }

    /// The same, searched in the rows that were loaded.
    #[must_use]
    pub const fn browser(mut self, name: &'static str) -> Self {
        self.search = Search::Browser(name);
        self
    }

    /// The same, searched by the service.
    #[must_use]
    pub const fn server(mut self, token: &'static str, ops: qql::Ops) -> Self {
        self.search = Search::Server { token, ops };
        self
    }

    /// The same, sortable.
    #[must_use]
    pub const fn sort(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
    }

    /// The same, named in refusals by these words, in lower case.
    #[must_use]
    pub const fn refused_as(mut self, words: &'static [&'static str]) -> Self {
        self.refusal_words = words;
        self
    }

    /// The same, only where it makes sense.
    #[must_use]
    pub const fn applies(mut self, when: fn(&Draft) -> bool) -> Self {
        self.applies = Some(when);
        self
    }

    /// Its heading in the list.
    #[must_use]
    pub fn heading(&self) -> &'static str {
        (self.column.unwrap_or(self.label))()
    }

    /// Whether it makes sense beside what else was chosen.
    #[must_use]
    pub fn applies_to(&self, draft: &Draft) -> bool {
        self.applies.is_none_or(|it| it(draft))
    }
}
