//! The icons: strokes on a grid of 16, drawn with the colour of the text around them.
//!
//! An icon is never the only carrier of a meaning, so each one is hidden from assistive technology;
//! the name stands in the text or in the button's label.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A plus: add, create.
    Plus,
    /// A cross: close, remove.
    Close,
    /// A tick.
    Check,
    /// Two sheets: copy.
    Copy,
    /// An open eye: reveal.
    Eye,
    /// A struck eye: hide.
    EyeOff,
    /// An arrow head that points down: opens a list.
    ChevronDown,
    /// To the start of the line: previous. Mirrored in right-to-left pages.
    ChevronStart,
    /// To the end of the line: next. Mirrored in right-to-left pages.
    ChevronEnd,
    /// To the very start: first page. Mirrored in right-to-left pages.
    First,
    /// To the very end: last page. Mirrored in right-to-left pages.
    Last,
    /// Sorted upwards.
    SortUp,
    /// Sorted downwards.
    SortDown,
    /// Can be sorted.
    SortNone,
    /// A magnifier.
    Search,
    /// A triangle with an exclamation mark.
    Warning,
    /// A circle with an i.
    Info,
    /// A circle with an exclamation mark.
    Danger,
    /// A circle with a tick.
    Success,
    /// A key.
    Key,
    /// A clock: expires, waits.
    Clock,
    /// Two arrows in a circle: load again.
    Refresh,
    /// A pencil: edit.
    Pencil,
    /// A bin: delete.
    Trash,
    /// A power switch: enable.
    Power,
    /// A struck circle: disabled.
    Ban,
    /// Three dots: more actions.
    More,
    /// A funnel: filter.
    Filter,
    /// A door with an arrow: sign out.
    SignOut,
    /// Head and shoulders.
    User,
    /// A half-filled circle: colour theme.
    Theme,
    /// A gauge at its end: full.
    Full,
    /// Two brackets: code, curl.
    Code,
    /// Two overlapping plus sheets: duplicate.
    Duplicate,
    /// An arrow down to a line: save as a file.
    Download,
    /// An arrow up from a line: take in a file.
    Upload,
    /// A ribbon: saved for later.
    Bookmark,
    /// An arrow that turns back: undo.
    Undo,
    /// An arrow that turns forth: redo.
    Redo,
    /// Six dots: a handle to drag by.
    Grip,
    /// Two boxes on each other: a service.
    Server,
    /// A window: this browser.
    Screen,
    /// A frame with columns: how a list looks.
    Columns,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Plus => "M8 3v10M3 8h10",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Check => "M3 8.5l3.5 3.5L13 4.5",
            Self::Copy => "M6 5.5h7v8H6zM10 5.5v-3H3v8h3",
            Self::Eye => {
                "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 100 4 2 2 0 000-4z"
            }
            Self::EyeOff => {
                "M6 3.8c.6-.2 1.3-.3 2-.3 4 0 6.5 4.5 6.5 4.5s-.7 1.3-2 2.5M10 12.2c-.6.2-1.3.3-2 .3C4 12.5 1.5 8 1.5 8s.8-1.4 2.2-2.6M2.5 2.5l11 11"
            }
            Self::ChevronDown => "M4 6l4 4 4-4",
            Self::ChevronStart => "M10 3.5L5.5 8l4.5 4.5",
            Self::ChevronEnd => "M6 3.5L10.5 8 6 12.5",
            Self::First => "M12 3.5L7.5 8l4.5 4.5M4 3.5v9",
            Self::Last => "M4 3.5L8.5 8 4 12.5M12 3.5v9",
            Self::SortUp => "M8 13V3.5M4 7.5l4-4 4 4",
            Self::SortDown => "M8 3v9.5M4 8.5l4 4 4-4",
            Self::SortNone => "M5 6l3-3 3 3M5 10l3 3 3-3",
            Self::Search => "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3l3.7 3.7",
            Self::Warning => "M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.6v.1",
            Self::Info => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 7.4v3.6M8 5v.1",
            Self::Danger => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 4.8v3.8M8 11v.1",
            Self::Success => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM5.2 8.3l2 2 3.7-4.3",
            Self::Key => "M5.5 7a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM8 8l6-6M11 5l2 2",
            Self::Clock => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 4.5V8l2.5 1.5",
            Self::Refresh => {
                "M13.5 8a5.5 5.5 0 01-10 3.2M2.5 8a5.5 5.5 0 0110-3.2M12.5 1.8v3h-3M3.5 14.2v-3h3"
            }
            Self::Pencil => "M2.5 13.5l.8-3 7.7-7.7 2.2 2.2-7.7 7.7zM9.5 4.3l2.2 2.2",
            Self::Trash => "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4",
            Self::Power => "M8 1.8v5.7M4.7 3.8a5.2 5.2 0 106.6 0",
            Self::Ban => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM3.7 3.7l8.6 8.6",
            Self::More => "M3.5 8h.1M8 8h.1M12.5 8h.1",
            Self::Filter => "M2 3h12L9.5 8.5V13l-3-1.5v-3z",
            Self::SignOut => "M6.5 2.5h-4v11h4M6.5 8h7.5M11 5l3 3-3 3",
            Self::User => {
                "M8 2.2a2.9 2.9 0 100 5.8 2.9 2.9 0 000-5.8zM2.5 13.8c.5-2.6 2.7-3.8 5.5-3.8s5 1.2 5.5 3.8"
            }
            Self::Theme => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 2v12M10 2.3v11.4M12 3.5v9",
            Self::Full => "M2.2 12a6.2 6.2 0 1111.6 0M8 9.5l3.8-2",
            Self::Code => "M5.5 4L1.5 8l4 4M10.5 4l4 4-4 4",
            Self::Duplicate => "M6 5.5h7v8H6zM10 5.5v-3H3v8h3M9.5 7.5v4M7.5 9.5h4",
            Self::Download => "M8 2v7.5M4.5 6.5L8 10l3.5-3.5M3 13.5h10",
            Self::Upload => "M8 10V2.5M4.5 6L8 2.5 11.5 6M3 13.5h10",
            Self::Bookmark => "M4 2.5h8v11L8 10.5l-4 3z",
            Self::Undo => "M5.5 2.5l-3 3 3 3M2.5 5.5h7a4 4 0 010 8H6",
            Self::Redo => "M10.5 2.5l3 3-3 3M13.5 5.5h-7a4 4 0 000 8H10",
            Self::Grip => "M6 3.5h.1M10 3.5h.1M6 8h.1M10 8h.1M6 12.5h.1M10 12.5h.1",
            Self::Server => "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.1M5 11h.1",
            Self::Screen => "M2 3h12v10H2zM2 6h12",
            Self::Columns => "M2 3h12v10H2zM6 3v10M10 3v10",
        }
    }

    /// Whether the drawing points along the line, so that right-to-left pages mirror it.
    fn is_directed(self) -> bool {
        matches!(self, Self::ChevronStart | Self::ChevronEnd | Self::First | Self::Last | Self::SignOut)
    }
}

/// Draws an icon, one `em`-independent square of 16 CSS pixels.
pub fn icon(icon: Icon) -> AnyView {
    let class = if icon.is_directed() { "icon icon-directed" } else { "icon" };
    view! {
        <svg class=class viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
    .into_any()
}
