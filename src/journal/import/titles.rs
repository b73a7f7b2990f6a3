//! Titles: which keys have one, and which rows would give one that is taken.

use std::collections::BTreeMap;

use super::{Count, ImportPlan, Line, Refusal, Setting, Verdict, Why};
use crate::domain::{FieldId, Key, KeyId, Value};

/// Keys by their titles, in lower case: two keys whose titles differ in case alone are told apart by nobody.
pub(super) struct Titles(BTreeMap<String, Vec<usize>>);

impl Titles {
    pub(super) fn of(keys: &[Key]) -> Self {
        let mut res: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, key) in keys.iter().enumerate() {
            let title = key.title().trim().to_lowercase();
            if !title.is_empty() {
                res.entry(title).or_default().push(at);
            }
        }
        Self(res)
    }

    /// Keys with this very title.
    pub(super) fn exactly(&self, keys: &[Key], title: &str) -> Vec<usize> {
        let has = |at: &usize| keys.get(*at).is_some_and(|it| it.title().trim() == title);
        self.like(title).iter().copied().filter(has).collect()
    }

    /// Keys with this title, whatever its case.
    fn like(&self, title: &str) -> &[usize] {
        self.0.get(&title.trim().to_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Refuses rows that would give a title which another key has, or which another row gives too.
pub(super) fn settle(setting: &Setting, plan: &mut ImportPlan) {
    if setting.options.allow_doubles {
        return;
    }
    let titles = Titles::of(&setting.keys);
    let mut given: BTreeMap<String, Vec<(usize, Line)>> = BTreeMap::new();
    for (at, row) in plan.rows.iter().enumerate() {
        if let Some(title) = new_title(&row.verdict) {
            given.entry(title.to_lowercase()).or_default().push((at, row.line));
        }
    }
    let mut refusals: Vec<(usize, Refusal)> = Vec::new();
    for rows in given.values() {
        for (at, line) in rows {
            let Some(row) = plan.rows.get(*at) else { continue };
            let Some(title) = new_title(&row.verdict) else { continue };
            let own = row.verdict.key();
            let keys = titles.like(title).iter().filter_map(|it| setting.keys.get(*it)).map(|it| &it.id);
            let used: Vec<KeyId> = keys.filter(|it| Some(*it) != own).cloned().collect();
            let others: Vec<Line> = rows.iter().map(|it| it.1).filter(|it| it != line).collect();
            let why = match (used.is_empty(), others.is_empty()) {
                (false, _) => Why::TitleUsed(used),
                (true, false) => Why::SameTitle(others),
                (true, true) => continue,
            };
            let column = setting.mapping.column(FieldId::TITLE);
            let (field, stands) = (Some(FieldId::TITLE), title.to_owned());
            refusals.push((*at, Refusal { column, field, stands, why }));
        }
    }
    for (at, refusal) in refusals {
        if let Some(row) = plan.rows.get_mut(at).filter(|it| it.verdict.count() != Count::Refused) {
            row.verdict = Verdict::Refused(vec![refusal]);
        }
    }
}

/// The title that a row gives to a key, without blanks around it.
fn new_title(verdict: &Verdict) -> Option<&str> {
    let title = match verdict {
        Verdict::Create(fields) => fields.get(FieldId::TITLE),
        Verdict::Change(_, change) => change.set(FieldId::TITLE),
        _ => None,
    };
    match title {
        Some(Value::Text(title)) => Some(title.trim()).filter(|it| !it.is_empty()),
        _ => None,
    }
}
