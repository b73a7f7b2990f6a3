//! The three steps, and where they stand.

use leptos::prelude::*;

use crate::i18n::t;
use crate::ui::{Icon, icon};

/// What became of the new key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It can be read any time, or there is none.
    NoNeed,
    /// The reader said that it is stored.
    Stored,
    /// It was shown, and the reader did not say that it is stored.
    NotSaid,
    /// It was lost with the answer.
    Lost,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Done,
    /// It did not go as it should, and one can go on all the same.
    Attention,
    Now,
    Later,
}

/// The second step in words.
pub(super) fn value_step(kept: Kept) -> (Stand, &'static str) {
    match kept {
        Kept::NoNeed => (Stand::Done, t::regenerate_value_readable()),
        Kept::Stored => (Stand::Done, t::regenerate_value_stored()),
        Kept::NotSaid => (Stand::Attention, t::regenerate_value_not_said()),
        Kept::Lost => (Stand::Attention, t::regenerate_value_lost()),
    }
}

/// The steps as a list.
pub(super) fn list(steps: Vec<(Stand, String)>) -> AnyView {
    let line = |(stand, text): (Stand, String)| {
        let (drawn, word, name) = match stand {
            Stand::Done => (Icon::Success, t::regenerate_step_done(), "done"),
            Stand::Attention => (Icon::Warning, t::regenerate_step_attention(), "attention"),
            Stand::Now => (Icon::ChevronEnd, t::regenerate_step_now(), "now"),
            Stand::Later => (Icon::Clock, t::regenerate_step_later(), "later"),
        };
        let current = (stand == Stand::Now).then_some("step");
        view! {
            <li class="step" data-step=name aria-current=current>
                {icon(drawn)}
                <span class="step-word">{word}</span>
                <span>{text}</span>
            </li>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = steps.into_iter().map(line).collect();
    view! { <ol class="steps" aria-label=t::regenerate_steps()>{lines}</ol> }.into_any()
}
