//! The five meanings a colour may have. A tone never stands alone: an icon and a word go with it.

use super::Icon;

/// What a badge, a banner or a toast means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// No judgement.
    #[default]
    Neutral,
    /// Worth knowing.
    Info,
    /// As it should be, or done.
    Success,
    /// Needs attention soon.
    Warning,
    /// Failed, refused, or destructive.
    Danger,
}

impl Tone {
    /// The value of `data-tone`, which the style sheets colour by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The icon of a message with this tone.
    pub fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => Icon::Info,
            Self::Success => Icon::Success,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::Danger,
        }
    }
}
