//! What a reader can arrange of a list.

use crate::domain::FieldId;
use crate::page::SIZES;
use crate::systems::{FieldKind, FieldSpec, GroupBy, Manifest};

/// The narrowest column, in CSS pixels: a control fits into it.
pub(in super::super) const MIN_WIDTH: u32 = 64;

/// The widest.
pub(in super::super) const MAX_WIDTH: u32 = 960;

/// By how much a key or a button changes a width.
pub(in super::super) const STEP: u32 = 16;

/// Everything the reader arranged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Layout {
    /// Every field that can be a column, in the order of the reader. The first one names the row: it stays where it is
    /// and is always shown.
    pub(in super::super) columns: Vec<Column>,
    /// How close the rows stand.
    pub(in super::super) density: Density,
    /// How one goes through the rows.
    pub(in super::super) mode: Mode,
    /// Rows a page, where the address does not say; `None` for the usual number.
    pub(in super::super) size: Option<u64>,
    /// What the rows are grouped by.
    pub(in super::super) group: Option<GroupBy>,
}

/// A field as a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Column {
    /// The field.
    pub(in super::super) field: FieldId,
    /// Whether it is shown.
    pub(in super::super) shown: bool,
    /// Its width in CSS pixels, where the reader set one.
    pub(in super::super) width: Option<u32>,
}

/// How close the rows stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Density {
    /// As many rows as can be read.
    Compact,
    /// As the console comes.
    #[default]
    Normal,
    /// With air between them.
    Roomy,
}

/// How one goes through the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Mode {
    /// Page by page.
    #[default]
    Paged,
    /// All rows below each other.
    Continuous,
}

/// The name of a grouping by month where it is kept. No field is called so.
const BY_MONTH: &str = "expires-month";

impl Density {
    /// All of them, the closest first.
    pub(in super::super) const ALL: [Self; 3] = [Self::Compact, Self::Normal, Self::Roomy];

    /// Its name where it is kept, and on the screen's attributes.
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Normal => "normal",
            Self::Roomy => "roomy",
        }
    }

    pub(in super::super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl Mode {
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Paged => "paged",
            Self::Continuous => "continuous",
        }
    }

    pub(in super::super) fn parse(name: &str) -> Option<Self> {
        [Self::Paged, Self::Continuous].into_iter().find(|it| it.name() == name)
    }
}

/// The name of a grouping where it is kept.
pub(in super::super) fn group_name(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Field(field) => field.0,
        GroupBy::ExpiryMonth => BY_MONTH,
    }
}

/// What the rows of a system can be grouped by, in the order of its fields: what many keys share.
pub(in super::super) fn groupings(manifest: &'static Manifest) -> Vec<GroupBy> {
    let of = |spec: &FieldSpec| match spec.kind {
        _ if !spec.shown => None,
        _ if spec.id == FieldId::EXPIRES => Some(GroupBy::ExpiryMonth),
        FieldKind::State
        | FieldKind::Choice(_)
        | FieldKind::Codes(_)
        | FieldKind::Person
        | FieldKind::Pick(_)
        | FieldKind::Refs => Some(GroupBy::Field(spec.id)),
        _ => None,
    };
    manifest.fields.iter().filter_map(of).collect()
}

/// The grouping of that name, if the rows of the system can be grouped so.
pub(in super::super) fn grouping(manifest: &'static Manifest, name: &str) -> Option<GroupBy> {
    groupings(manifest).into_iter().find(|it| group_name(*it) == name)
}

/// Whether a field can be a column: it is among what is shown of a key, and something stands in it.
fn can_be_column(manifest: &Manifest, spec: &FieldSpec) -> bool {
    match spec.kind {
        FieldKind::Push => false,
        // A row has one value to show; another secret field is one of a form.
        FieldKind::Secret => spec.id == FieldId::VALUE,
        _ => spec.shown || manifest.columns.contains(&spec.id),
    }
}

impl Layout {
    /// A list as the system's manifest has it.
    pub(in super::super) fn of(manifest: &'static Manifest) -> Self {
        let mut res = Self {
            columns: Vec::new(),
            density: Density::default(),
            mode: Mode::default(),
            size: None,
            group: None,
        };
        res.complete(manifest);
        res
    }

    /// Makes sense of columns that were kept: unknown fields and second mentions go, new fields come at the end, and
    /// the first one is what names the row.
    pub(super) fn complete(&mut self, manifest: &'static Manifest) {
        let mut columns: Vec<Column> = Vec::new();
        let head = manifest.columns.first().copied();
        let known = std::mem::take(&mut self.columns);
        let kept = |field: FieldId| known.iter().find(|it| it.field == field).copied();
        let first = head.map(|field| Column { shown: true, ..kept(field).unwrap_or(new(field, true)) });
        let rest = known.iter().copied();
        // A field that the kept columns do not know is of a later console: it is shown where the manifest shows it.
        let by_default = manifest.columns.iter().map(|it| new(*it, true));
        let others = manifest.fields.iter().map(|it| new(it.id, false));
        for column in first.into_iter().chain(rest).chain(by_default).chain(others) {
            let spec = manifest.field(column.field);
            let fits = spec.is_some_and(|it| can_be_column(manifest, it));
            if fits && !columns.iter().any(|it| it.field == column.field) {
                let width = column.width.map(|it| it.clamp(MIN_WIDTH, MAX_WIDTH));
                columns.push(Column { width, ..column });
            }
        }
        self.columns = columns;
        self.size = self.size.filter(|it| SIZES.contains(it));
    }

    /// The columns that are shown, in their order.
    pub(in super::super) fn shown(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|it| it.shown)
    }

    /// Whether a column can be hidden and moved: all but the one that names the row.
    pub(in super::super) fn is_free(&self, field: FieldId) -> bool {
        self.place(field).is_some_and(|it| it > 0)
    }

    /// Shows or hides a column.
    pub(in super::super) fn show(&mut self, field: FieldId, shown: bool) {
        if self.is_free(field)
            && let Some(column) = self.columns.iter_mut().find(|it| it.field == field)
        {
            column.shown = shown;
        }
    }

    /// Moves a column one place up or down; its new place, or `None` where it cannot go.
    pub(in super::super) fn step(&mut self, field: FieldId, up: bool) -> Option<usize> {
        let from = self.place(field)?;
        let to = if up { from.checked_sub(1)? } else { from + 1 };
        self.put(field, to)
    }

    /// Moves a column to a place; its new place, or `None` where it cannot go.
    pub(in super::super) fn put(&mut self, field: FieldId, to: usize) -> Option<usize> {
        let from = self.place(field).filter(|it| *it > 0)?;
        if to == 0 || to >= self.columns.len() || from == to {
            return None;
        }
        let column = self.columns.remove(from);
        self.columns.insert(to, column);
        Some(to)
    }

    /// Gives a column a width, as near as it may be, or takes its own away.
    pub(in super::super) fn set_width(&mut self, field: FieldId, width: Option<u32>) {
        if let Some(column) = self.columns.iter_mut().find(|it| it.field == field) {
            column.width = width.map(|it| it.clamp(MIN_WIDTH, MAX_WIDTH));
        }
    }

    fn place(&self, field: FieldId) -> Option<usize> {
        self.columns.iter().position(|it| it.field == field)
    }
}

fn new(field: FieldId, shown: bool) -> Column {
    Column { field, shown, width: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::System;
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::{APPLY, LICENCES, NETWORK, TAGS, TYPE};

    fn names(layout: &Layout) -> Vec<&'static str> {
        layout.shown().map(|it| it.field.0).collect()
    }

    #[test]
    fn a_list_begins_as_its_manifest_has_it_and_every_shown_field_can_join() {
        for manifest in System::all().map(System::manifest) {
            let layout = Layout::of(manifest);
            let columns: Vec<&str> = manifest.columns.iter().map(|it| it.0).collect();
            assert_eq!(names(&layout), columns, "{}", manifest.id);
            for spec in manifest.fields {
                let is_there = layout.columns.iter().any(|it| it.field == spec.id);
                let is_odd = matches!(spec.kind, FieldKind::Push | FieldKind::Secret);
                assert!(is_there || !spec.shown || is_odd, "{} {}", manifest.id, spec.id.0);
            }
        }
        let layout = Layout::of(&MANIFEST);
        for field in [NETWORK, TAGS, FieldId::ID] {
            assert!(layout.columns.iter().any(|it| it.field == field && !it.shown));
        }
        assert!(!layout.columns.iter().any(|it| it.field == APPLY));
    }

    #[test]
    fn columns_are_shown_hidden_and_moved_but_for_the_one_that_names_the_row() {
        let mut layout = Layout::of(&MANIFEST);
        layout.show(FieldId::TITLE, false);
        assert_eq!(layout.step(FieldId::TITLE, false), None);
        assert_eq!(layout.put(FieldId::STATE, 0), None);
        assert_eq!(layout.step(FieldId::VALUE, true), None);
        layout.show(FieldId::VALUE, false);
        layout.show(TAGS, true);
        assert_eq!(layout.step(FieldId::STATE, false), Some(3));
        assert_eq!(
            names(&layout),
            ["title", "used", "state", TYPE.0, LICENCES.0, "created", "expires", "creator", TAGS.0]
        );
        let last = layout.columns.len() - 1;
        assert_eq!(layout.put(FieldId::STATE, last), Some(last));
        assert_eq!(layout.step(FieldId::STATE, false), None);
        assert_eq!(layout.put(FieldId::STATE, last + 1), None);
        assert_eq!(layout.columns.len(), Layout::of(&MANIFEST).columns.len());
    }

    #[test]
    fn widths_stay_between_their_bounds() {
        let mut layout = Layout::of(&MANIFEST);
        let mut set = |width| {
            layout.set_width(FieldId::STATE, width);
            layout.columns.iter().find(|it| it.field == FieldId::STATE).and_then(|it| it.width)
        };
        assert_eq!(set(Some(0)), Some(MIN_WIDTH));
        assert_eq!(set(Some(u32::MAX)), Some(MAX_WIDTH));
        assert_eq!(set(Some(200)), Some(200));
        assert_eq!(set(None), None);
    }

    #[test]
    fn groups_are_offered_for_what_many_keys_share() {
        let names: Vec<&str> = groupings(&MANIFEST).into_iter().map(group_name).collect();
        assert_eq!(names, ["state", TYPE.0, BY_MONTH, "creator", LICENCES.0, TAGS.0]);
        assert_eq!(grouping(&MANIFEST, BY_MONTH), Some(GroupBy::ExpiryMonth));
        assert_eq!(grouping(&MANIFEST, "title"), None);
        for manifest in System::all().map(System::manifest) {
            assert!(manifest.field(FieldId(BY_MONTH)).is_none());
        }
    }
}
