use super::{FieldSpec, Words};
use crate::i18n::t;

/// What can be done with a key or beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionKind {
    /// Make a key.
    Create,
    /// Change its settings.
    Edit,
    /// Make another like it.
    Duplicate,
    /// Switch it on.
    Enable,
    /// Switch it off.
    Disable,
    /// Remove it.
    Delete,
    /// Take it back: it stays, and no longer works.
    Revoke,
    /// Replace it by a new one, and remove the old one after.
    Regenerate,
    /// Show what it has enrolled.
    Members,
    /// Give one of these another name.
    RenameMember,
    /// Take one of these off.
    RemoveMember,
    /// Give all of these to another key.
    MoveMembers,
    /// Install commands for machines.
    Install,
    /// Ask whether a key is valid.
    Verify,
    /// Settings of the whole account.
    Settings,
    /// Make something a new key points at.
    AddOffer,
}

impl ActionKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 16] = [
        Self::Create,
        Self::Edit,
        Self::Duplicate,
        Self::Enable,
        Self::Disable,
        Self::Delete,
        Self::Revoke,
        Self::Regenerate,
        Self::Members,
        Self::RenameMember,
        Self::RemoveMember,
        Self::MoveMembers,
        Self::Install,
        Self::Verify,
        Self::Settings,
        Self::AddOffer,
    ];

    /// Whether it does nothing but change something. Settings are worth reading too.
    #[must_use]
    pub fn changes(self) -> bool {
        !matches!(self, Self::Members | Self::Install | Self::Verify | Self::Settings)
    }

    /// What it is called where actions are compared.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Create => t::matrix_create(),
            Self::Edit => t::matrix_edit(),
            Self::Duplicate => t::matrix_duplicate(),
            Self::Enable => t::matrix_enable(),
            Self::Disable => t::matrix_disable(),
            Self::Delete => t::matrix_delete(),
            Self::Revoke => t::matrix_revoke(),
            Self::Regenerate => t::matrix_regenerate(),
            Self::Members => t::matrix_members(),
            Self::RenameMember => t::matrix_rename_member(),
            Self::RemoveMember => t::matrix_remove_member(),
            Self::MoveMembers => t::matrix_move_members(),
            Self::Install => t::matrix_install(),
            Self::Verify => t::matrix_verify(),
            Self::Settings => t::matrix_settings(),
            Self::AddOffer => t::matrix_add_offer(),
        }
    }
}

/// Something that can be done.
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// Its effect on the machines and products behind the key, in words, said before it is done.
    pub effect: Words,
}

/// Something that cannot be done here although other systems can.
pub struct Lack {
    /// What.
    pub kind: ActionKind,
    /// Why, and what to do instead.
    pub why: Words,
}

/// What the things are called that a key has enrolled.
#[derive(Clone, Copy)]
pub struct MembersSpec {
    /// Several of them, as a heading.
    pub title: Words,
    /// None there.
    pub none: Words,
}

/// What a check of a key asks for.
#[derive(Clone, Copy)]
pub struct VerifySpec {
    /// Fields of its form; the key itself is a field of the kind of secrets, and kept nowhere.
    pub fields: &'static [FieldSpec],
}

/// A setting of the whole account: a field like a key's, with what it is about.
pub struct SettingSpec {
    /// The field: its label, kind and bounds.
    pub field: FieldSpec,
    /// What it does, in words.
    pub about: Words,
}
