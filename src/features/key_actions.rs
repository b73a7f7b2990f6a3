//! What some systems can do with a key beyond what all can: for the menu of a row, and for the details.

use super::workspace::Overlay;
use crate::domain::Key;
use crate::i18n::t;
use crate::systems::{ActionKind, Manifest};
use crate::ui::Icon;

/// Something further that can be done with a key.
pub struct Extra {
    /// Which of the actions.
    pub kind: ActionKind,
    /// What its button says.
    pub label: &'static str,
    /// Its icon.
    pub icon: Icon,
    /// The dialog that does it.
    pub overlay: Overlay,
}

/// What can be done with a key beyond what all systems can; nothing where the manifest has none of it.
#[must_use]
pub fn extras(manifest: &Manifest, key: &Key) -> Vec<Extra> {
    let mut res = Vec::new();
    let mut offer = |kind, label, icon, overlay: fn(Box<Key>) -> Overlay| {
        if manifest.can(kind) {
            res.push(Extra { kind, label, icon, overlay: overlay(Box::new(key.clone())) });
        }
    };
    if let Some(members) = manifest.members {
        offer(ActionKind::Members, (members.title)(), Icon::Full, Overlay::Members);
        offer(ActionKind::MoveMembers, t::move_open(), Icon::ChevronEnd, Overlay::MoveMembers);
    }
    if manifest.can(ActionKind::Create) {
        offer(ActionKind::Regenerate, t::regenerate_open(), Icon::Refresh, Overlay::Regenerate);
    }
    res
}

/// What can be done beside the keys of a system, for the tools above the list.
#[must_use]
pub fn tools(manifest: &Manifest) -> Vec<Extra> {
    let mut res = Vec::new();
    if manifest.verify.is_some() && manifest.can(ActionKind::Verify) {
        let label = t::verify_open();
        res.push(Extra { kind: ActionKind::Verify, label, icon: Icon::Check, overlay: Overlay::Verify });
    }
    if !manifest.settings.is_empty() && manifest.can(ActionKind::Settings) {
        let label = t::settings_open();
        res.push(Extra { kind: ActionKind::Settings, label, icon: Icon::Pencil, overlay: Overlay::Settings });
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::manifest::Action;
    use crate::systems::{qualys_gateway, solifyn};

    fn kinds(extras: &[Extra]) -> Vec<ActionKind> {
        extras.iter().map(|it| it.kind).collect()
    }

    #[test]
    fn a_system_offers_what_its_manifest_has_and_nothing_else() {
        let key = Key::new("7");
        assert!(extras(&qualys_gateway::MANIFEST, &key).is_empty());
        assert!(tools(&qualys_gateway::MANIFEST).is_empty());
        assert_eq!(kinds(&extras(&solifyn::MANIFEST, &key)), [ActionKind::Members]);
        assert_eq!(kinds(&tools(&solifyn::MANIFEST)), [ActionKind::Verify]);
    }

    #[test]
    fn nothing_is_moved_where_nothing_can_be_counted() {
        let effect = t::key_none;
        let actions: &'static [Action] = vec![
            Action { kind: ActionKind::MoveMembers, effect },
            Action { kind: ActionKind::Regenerate, effect },
        ]
        .leak();
        let manifest = Manifest { actions, members: None, ..solifyn::MANIFEST };
        assert!(extras(&manifest, &Key::new("7")).is_empty());
    }
}
