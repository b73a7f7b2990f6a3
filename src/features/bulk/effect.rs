//! What a plan does to those who use the keys, and what has to be done before it runs.

use leptos::prelude::*;

use crate::domain::{FieldId, Key};
use crate::features::key_text;
use crate::i18n::t;
use crate::journal::bulk::{Item, Kind, Wanted};
use crate::systems::{ActionKind, Manifest};
use crate::ui::TextField;

/// So many keys at most are removed by a button alone, where nothing uses them.
pub const FEW: usize = 5;

/// How much the keys of a plan are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Keys that something uses.
    pub used: u64,
    /// What uses them, all together.
    pub users: u64,
    /// Keys that nothing uses.
    pub unused: u64,
    /// Keys of which the service does not tell.
    pub untold: u64,
}

impl Use {
    /// Counts over these items.
    #[must_use]
    pub fn of(items: &[Item]) -> Self {
        let mut res = Self::default();
        for key in items.iter().filter_map(|it| it.before.as_ref()) {
            match key.used() {
                Some(0) => res.unused += 1,
                Some(users) => {
                    res.used += 1;
                    res.users = res.users.saturating_add(users);
                }
                None => res.untold += 1,
            }
        }
        res
    }

    /// In words: "12 keys with 3,481 agents; 4 keys have none." Blank where the service counts nothing.
    #[must_use]
    pub fn text(self, manifest: &Manifest) -> String {
        let Some(spec) = manifest.field(FieldId::USED) else { return String::new() };
        let mut parts = Vec::new();
        if self.used > 0 {
            parts.push(t::bulk_used(self.used, &key_text::counted_text(spec, self.users)));
        }
        if self.unused > 0 {
            parts.push(t::bulk_unused(self.unused));
        }
        if self.untold > 0 {
            parts.push(t::bulk_use_untold(self.untold));
        }
        parts.join(" ")
    }
}

/// What has to be done before a plan runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// A button is pressed.
    Press,
    /// The number of keys is typed.
    Count(usize),
}

impl Effort {
    /// Whether the number that is wanted is not typed yet; tracks.
    pub(super) fn is_left(self, answer: RwSignal<String>) -> bool {
        match self {
            Self::Press => false,
            Self::Count(count) => answer.with(|it| it.trim() != count.to_string()),
        }
    }

    /// The field for the number, where one is wanted.
    pub(super) fn field(self, answer: RwSignal<String>) -> Option<AnyView> {
        let Self::Count(count) = self else { return None };
        let label = t::ui_type_to_confirm(&count.to_string());
        Some(view! { <TextField label value=answer id="bulk-count" /> }.into_any())
    }
}

/// What has to be done before these items run: more where it cannot be undone and many or used keys are touched.
#[must_use]
pub fn effort(items: &[Item]) -> Effort {
    let removed: Vec<&Key> =
        items.iter().filter(|it| it.wanted == Wanted::Removed).filter_map(|it| it.before.as_ref()).collect();
    let is_used = removed.iter().any(|it| it.used().is_some_and(|used| used > 0));
    if removed.len() > FEW || is_used { Effort::Count(removed.len()) } else { Effort::Press }
}

/// The action of a manifest that says what a kind of plan does; several kinds have none of their own.
#[must_use]
pub fn action(kind: Kind, revokes: bool) -> Option<ActionKind> {
    match kind {
        Kind::Enable => Some(ActionKind::Enable),
        Kind::Disable => Some(ActionKind::Disable),
        Kind::Remove if revokes => Some(ActionKind::Revoke),
        Kind::Remove => Some(ActionKind::Delete),
        Kind::Change => Some(ActionKind::Edit),
        Kind::Create => Some(ActionKind::Duplicate),
        Kind::Import | Kind::Undo => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Value;
    use crate::systems::qualys_gateway::MANIFEST;

    fn item(used: Option<i64>, wanted: Wanted) -> Item {
        let mut key = Key::new("1");
        if let Some(used) = used {
            key.fields.set(FieldId::USED, Value::Number(used));
        }
        Item { before: Some(key), title: String::new(), wanted }
    }

    fn items(used: &[Option<i64>], wanted: &Wanted) -> Vec<Item> {
        used.iter().map(|it| item(*it, wanted.clone())).collect()
    }

    #[test]
    fn the_effect_is_told_in_words() {
        let all = items(&[Some(3_000), Some(481), Some(0), None], &Wanted::Removed);
        let text = Use::of(&all).text(&MANIFEST);
        assert!(text.contains("2 keys") && text.contains("3,481 agents"), "{text}");
        assert_eq!(Use::of(&[]).text(&MANIFEST), "");
    }

    #[test]
    fn effort_grows_with_what_cannot_be_undone() {
        let unused = [Some(0); FEW + 1];
        assert_eq!(effort(&items(&unused, &Wanted::Enabled(false))), Effort::Press);
        assert_eq!(effort(&items(&unused, &Wanted::Removed)), Effort::Count(FEW + 1));
        assert_eq!(effort(&items(&[Some(0); FEW], &Wanted::Removed)), Effort::Press);
        assert_eq!(effort(&items(&[Some(0), Some(1)], &Wanted::Removed)), Effort::Count(2));
        assert_eq!(effort(&items(&[None], &Wanted::Removed)), Effort::Press);
    }
}
