use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::{Reading, is_blank, read, stands};
use super::titles::{Titles, settle};
use super::{Ignored, ImportPlan, LONGEST_CELL, LeftOut, Line, MOST_ROWS, Mapping, Match, Options};
use super::{Refusal, Row, Verdict, Why};
use crate::domain::{FieldId, Key, KeyId, Timestamp};
use crate::files::{Cell, Sheet};
use crate::systems::{
    Draft, FieldError, FieldKind, FieldSpec, Manifest, Maximum, Use, exceeded, plan_change, read_draft,
};

/// What this reader may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct May {
    /// Make keys.
    pub create: bool,
    /// Change keys.
    pub edit: bool,
}

/// Everything a plan is made of.
#[derive(Clone)]
pub struct Setting {
    /// What the system can do.
    pub manifest: &'static Manifest,
    /// The file.
    pub sheet: Arc<Sheet>,
    /// What its columns mean.
    pub mapping: Mapping,
    /// What the reader chose.
    pub options: Options,
    /// The keys that are there, without their values where that is possible.
    pub keys: Arc<[Key]>,
    /// Which of them were read one by one, so that what they do not tell is not there.
    pub read: Arc<BTreeSet<KeyId>>,
    /// The largest values that the account allows a new key.
    pub maxima: Arc<[Maximum]>,
    /// What this reader may do.
    pub may: May,
    /// Now.
    pub now: Timestamp,
    /// The number of the first row, as the reader counts.
    pub first: Line,
}

/// Compares a file with the keys that are there, so many rows at a time.
pub struct Planner {
    setting: Setting,
    /// What the columns mean, in their order.
    columns: Vec<(usize, &'static FieldSpec)>,
    targets: Vec<Target>,
    next: usize,
    res: ImportPlan,
}

/// What a row is about.
#[derive(Clone)]
enum Target {
    Nothing,
    New,
    Key(usize),
    Nobody(Refusal),
}

impl Planner {
    /// Finds the key of each row.
    #[must_use]
    pub fn new(setting: Setting) -> Self {
        let field = |(column, id)| Some((column, setting.manifest.field(id)?));
        // A column in which nothing stands tells nothing of any key: lists leave fields out, and so do files made of
        // them. Blank cells that shall take something away stand beside others.
        let is_told = |(column, _): &(usize, &FieldSpec)| {
            setting.sheet.rows.iter().any(|it| !is_blank(it.get(*column)))
        };
        let columns: Vec<_> = setting.mapping.columns().filter_map(field).filter(is_told).collect();
        let targets = targets(&setting);
        Self { setting, columns, targets, next: 0, res: ImportPlan::default() }
    }

    /// Keys that have to be read one by one first: the file says something of them that the list does not tell.
    #[must_use]
    pub fn unread(&self) -> Vec<KeyId> {
        let mut res: Vec<KeyId> = Vec::new();
        for (target, cells) in self.targets.iter().zip(&self.setting.sheet.rows) {
            if let Target::Key(at) = target
                && let Some(key) = self.setting.keys.get(*at)
                && self.is_untold(key, cells)
            {
                res.push(key.id.clone());
            }
        }
        res
    }

    fn is_untold(&self, key: &Key, cells: &[Cell]) -> bool {
        let untold = |(column, spec): &(usize, &'static FieldSpec)| {
            let asked = self.setting.options.clear_blanks || !is_blank(cells.get(*column));
            asked && spec.edit != Use::No && key.fields.get(spec.id).is_none()
        };
        self.columns.iter().any(untold) && !self.setting.read.contains(&key.id)
    }

    /// How many rows were compared.
    #[must_use]
    pub fn done(&self) -> usize {
        self.next
    }

    /// Compares further rows, at most `count`. Whether any are left.
    pub fn go_on(&mut self, count: usize) -> bool {
        let end = self.next.saturating_add(count).min(self.targets.len());
        while self.next < end {
            self.row(self.next);
            self.next += 1;
        }
        self.next < self.targets.len()
    }

    /// The plan; rows that were not compared yet are.
    #[must_use]
    pub fn finish(mut self) -> ImportPlan {
        self.go_on(usize::MAX);
        settle(&self.setting, &mut self.res);
        self.res
    }

    fn row(&mut self, at: usize) {
        let (Some(target), Some(cells)) = (self.targets.get(at), self.setting.sheet.rows.get(at)) else {
            return;
        };
        let line = self.setting.line(at);
        let mut ignored = Vec::new();
        let (title, verdict) = match target {
            Target::Nothing => {
                self.res.blank += 1;
                return;
            }
            Target::Nobody(refusal) => (self.setting.title_at(at), Verdict::Refused(vec![refusal.clone()])),
            Target::New => (self.setting.title_at(at), self.create(cells, &mut ignored)),
            Target::Key(key) => match self.setting.keys.get(*key) {
                Some(key) => (key.title().trim().to_owned(), self.change(key, cells, &mut ignored)),
                None => return,
            },
        };
        self.res.rows.push(Row { line, title, verdict, ignored });
    }

    /// The draft of a row: what stands in its cells, over what stands there already. The rest is refused or ignored.
    fn fill(
        &self,
        key: Option<&Key>,
        cells: &[Cell],
        draft: &mut Draft,
        ignored: &mut Vec<Ignored>,
    ) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (column, spec) in &self.columns {
            let cell = cells.get(*column).unwrap_or(&Cell::Empty);
            let mut ignore = |why| {
                ignored.push(Ignored { column: *column, field: spec.id, stands: stands(spec, cell), why });
            };
            let mut refuse = |why| {
                let field = Some(spec.id);
                refusals.push(Refusal { column: Some(*column), field, stands: stands(spec, cell), why });
            };
            if is_blank(Some(cell)) && (key.is_none() || !self.setting.options.clear_blanks) {
                continue;
            }
            match read(spec, cell, key, self.setting.now) {
                _ if cell.text().chars().nth(LONGEST_CELL).is_some() => refuse(Why::TooLong),
                Reading::Stays => {}
                Reading::KeyValue if key.is_none() && spec.create != Use::No => refuse(Why::KeyValue),
                Reading::KeyValue => ignore(LeftOut::KeyValue),
                Reading::Fixed if key.is_some() => ignore(LeftOut::Fixed),
                Reading::Fixed => {}
                Reading::NotForNew => ignore(LeftOut::NotForNew),
                Reading::Wrong(problem) => refuse(Why::Field(problem)),
                Reading::Input(input) => draft.set(spec.id, input),
            }
        }
        for (column, spec) in &self.columns {
            if draft.get(spec.id).is_some() && !spec.applies_to(draft) {
                let cell = cells.get(*column).unwrap_or(&Cell::Empty);
                let stays = || matches!(read(spec, cell, key, self.setting.now), Reading::Stays);
                if is_blank(Some(cell)) || stays() {
                    continue;
                }
                let (stands, why) = (stands(spec, cell), LeftOut::DoesNotApply);
                ignored.push(Ignored { column: *column, field: spec.id, stands, why });
            }
        }
        refusals
    }

    fn create(&self, cells: &[Cell], ignored: &mut Vec<Ignored>) -> Verdict {
        let Setting { manifest, now, maxima, may, .. } = &self.setting;
        let mut draft = Draft::default();
        let mut refusals = self.fill(None, cells, &mut draft, ignored);
        if !may.create {
            refusals.insert(0, about(None, Why::CannotCreate));
        }
        let mut errors = exceeded(manifest, &draft, maxima, *now);
        let fields = read_draft(manifest, &draft, None, *now).map_err(|it| errors.extend(it));
        self.add(&mut refusals, errors, cells);
        match fields {
            Ok(fields) if refusals.is_empty() => Verdict::Create(fields),
            _ => Verdict::Refused(refusals),
        }
    }

    fn change(&self, key: &Key, cells: &[Cell], ignored: &mut Vec<Ignored>) -> Verdict {
        let Setting { manifest, now, may, .. } = &self.setting;
        if self.is_untold(key, cells) {
            return Verdict::Refused(vec![about(None, Why::Unread)]);
        }
        let before = Draft::of(manifest, key);
        let mut draft = before.clone();
        let mut refusals = self.fill(Some(key), cells, &mut draft, ignored);
        if refusals.is_empty() && draft.tidied(manifest) == before.tidied(manifest) {
            return Verdict::Same(key.id.clone());
        }
        let wanted = match read_draft(manifest, &draft, Some(key), *now) {
            Ok(wanted) => Some(wanted),
            Err(errors) => {
                self.add(&mut refusals, errors, cells);
                None
            }
        };
        let change = wanted.map(|it| plan_change(manifest, key, &it)).unwrap_or_default();
        if refusals.is_empty() && change.is_empty() {
            return Verdict::Same(key.id.clone());
        }
        if !may.edit {
            refusals.insert(0, about(None, Why::CannotChange));
        }
        if !refusals.is_empty() {
            return Verdict::Refused(refusals);
        }
        Verdict::Change(Box::new(Key { value: None, ..key.clone() }), change)
    }

    /// Takes in what the rules of the form say; a cell that was refused already is not refused twice.
    fn add(&self, refusals: &mut Vec<Refusal>, errors: Vec<FieldError>, cells: &[Cell]) {
        for FieldError { field, problem } in errors {
            if refusals.iter().any(|it| it.field == Some(field)) {
                continue;
            }
            let column = self.setting.mapping.column(field);
            let cell = column.and_then(|it| cells.get(it)).unwrap_or(&Cell::Empty);
            let stands = self.setting.manifest.field(field).map(|it| stands(it, cell)).unwrap_or_default();
            refusals.push(Refusal { column, field: Some(field), stands, why: Why::Field(problem) });
        }
    }
}

impl Setting {
    pub(super) fn line(&self, at: usize) -> Line {
        Line(self.first.0.saturating_add(at))
    }

    fn cell(&self, at: usize, field: FieldId) -> Option<(usize, String)> {
        let column = self.mapping.column(field)?;
        let cell = self.sheet.rows.get(at)?.get(column)?;
        Some((column, cell.text().trim().to_owned()))
    }

    fn title_at(&self, at: usize) -> String {
        let title = self.cell(at, FieldId::TITLE).map(|it| it.1).unwrap_or_default();
        title.chars().take(LONGEST_CELL).collect()
    }
}

fn about(field: Option<FieldId>, why: Why) -> Refusal {
    Refusal { column: None, field, stands: String::new(), why }
}

/// The key of each row, or why it has none.
fn targets(setting: &Setting) -> Vec<Target> {
    let mut ids: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, key) in setting.keys.iter().enumerate() {
        ids.entry(key.id.0.clone()).or_default().push(at);
    }
    let titles = Titles::of(&setting.keys);
    let mapped: Vec<usize> = setting.mapping.columns().map(|it| it.0).collect();
    let mut res: Vec<Target> = Vec::new();
    for (at, cells) in setting.sheet.rows.iter().enumerate().take(MOST_ROWS) {
        res.push(match mapped.iter().all(|it| is_blank(cells.get(*it))) {
            true => Target::Nothing,
            false => target(setting, at, &ids, &titles),
        });
    }
    one_row_a_key(setting, &mut res);
    res
}

fn target(setting: &Setting, at: usize, ids: &BTreeMap<String, Vec<usize>>, titles: &Titles) -> Target {
    let by = |field, (column, stands): (usize, String), why| {
        Target::Nobody(Refusal { column: Some(column), field: Some(field), stands, why })
    };
    match setting.options.matching {
        Match::New => Target::New,
        Match::Id => match setting.cell(at, FieldId::ID) {
            Some((column, id)) if !id.is_empty() => match ids.get(&id).map(Vec::as_slice) {
                Some([one, ..]) => Target::Key(*one),
                _ if setting.options.create_gone => Target::New,
                _ => by(FieldId::ID, (column, id), Why::UnknownKey),
            },
            _ => Target::New,
        },
        Match::Title => match setting.cell(at, FieldId::TITLE) {
            Some((column, title)) if !title.is_empty() => {
                match titles.exactly(&setting.keys, &title).as_slice() {
                    [] => Target::New,
                    [one] => Target::Key(*one),
                    several => {
                        let keys = several.iter().filter_map(|it| setting.keys.get(*it));
                        let ids = keys.map(|it| it.id.clone()).collect();
                        by(FieldId::TITLE, (column, title), Why::Ambiguous(ids))
                    }
                }
            }
            other => {
                let column = other.map(|it| it.0).or(setting.mapping.column(FieldId::TITLE));
                let (field, stands) = (Some(FieldId::TITLE), String::new());
                Target::Nobody(Refusal { column, field, stands, why: Why::NoTitle })
            }
        },
    }
}

/// Two rows about one key would undo each other: both are refused.
fn one_row_a_key(setting: &Setting, targets: &mut [Target]) {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, target) in targets.iter().enumerate() {
        if let Target::Key(key) = target {
            rows.entry(*key).or_default().push(at);
        }
    }
    for same in rows.into_values().filter(|it| it.len() > 1) {
        for at in &same {
            let others = same.iter().filter(|it| *it != at).map(|it| setting.line(*it)).collect();
            let field = match setting.options.matching {
                Match::Title => FieldId::TITLE,
                Match::Id | Match::New => FieldId::ID,
            };
            let (column, stands) =
                setting.cell(*at, field).map_or((None, String::new()), |it| (Some(it.0), it.1));
            if let Some(slot) = targets.get_mut(*at) {
                *slot =
                    Target::Nobody(Refusal { column, field: Some(field), stands, why: Why::SameKey(others) });
            }
        }
    }
}

/// Whether a field holds a key's value.
pub(super) fn is_secret(spec: &FieldSpec) -> bool {
    matches!(spec.kind, FieldKind::Secret)
}
