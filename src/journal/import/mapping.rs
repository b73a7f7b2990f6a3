use crate::domain::FieldId;
use crate::systems::manifest::Search;
use crate::systems::{FieldKind, FieldSpec, Manifest};

/// What the columns of a file mean: a field each, or nothing. No field stands twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(Vec<Option<FieldId>>);

/// Fields that a column can stand for. What is pushed along with a change is no setting of a key.
pub fn targets(manifest: &Manifest) -> impl Iterator<Item = &'static FieldSpec> {
    manifest.fields.iter().filter(|it| !matches!(it.kind, FieldKind::Push))
}

impl Mapping {
    /// What the headings say by themselves: names of fields first, then labels and headings, then other words for
    /// them. Case, blanks and punctuation make no difference. A heading that could mean two fields means none.
    #[must_use]
    pub fn guess(manifest: &Manifest, head: &[String]) -> Self {
        let mut res = Self(vec![None; head.len()]);
        let heads: Vec<String> = head.iter().map(|it| plain(it)).collect();
        for words in WORDS {
            for (column, heading) in heads.iter().enumerate() {
                if heading.is_empty() || res.field(column).is_some() {
                    continue;
                }
                let says = |it: &&FieldSpec| words(it).iter().any(|it| plain(it) == *heading);
                let mut meant = targets(manifest).filter(says);
                if let (Some(spec), None) = (meant.next(), meant.next())
                    && res.column(spec.id).is_none()
                {
                    res.set(column, Some(spec.id));
                }
            }
        }
        res
    }

    /// The field of a column.
    #[must_use]
    pub fn field(&self, column: usize) -> Option<FieldId> {
        self.0.get(column).copied().flatten()
    }

    /// The column of a field.
    #[must_use]
    pub fn column(&self, field: FieldId) -> Option<usize> {
        self.0.iter().position(|it| *it == Some(field))
    }

    /// Gives a column another meaning; a column that had it until now has none.
    pub fn set(&mut self, column: usize, field: Option<FieldId>) {
        for it in &mut self.0 {
            if field.is_some() && *it == field {
                *it = None;
            }
        }
        if let Some(slot) = self.0.get_mut(column) {
            *slot = field;
        }
    }

    /// Columns with their fields, where they have one.
    pub fn columns(&self) -> impl Iterator<Item = (usize, FieldId)> {
        self.0.iter().enumerate().filter_map(|(column, it)| it.map(|it| (column, it)))
    }

    /// Columns that mean nothing.
    pub fn unused(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(|(_, it)| it.is_none()).map(|(column, _)| column)
    }
}

/// What a field may be called, surest first.
const WORDS: &[fn(&FieldSpec) -> Vec<&'static str>] = &[
    |it| vec![it.id.0],
    |it| vec![(it.label)()],
    |it| vec![it.heading()],
    |it| match it.search {
        Search::Browser(name) | Search::Server { token: name, .. } => vec![name],
        Search::No => Vec::new(),
    },
    |it| it.refusal_words.to_vec(),
];

/// Letters and digits alone, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
