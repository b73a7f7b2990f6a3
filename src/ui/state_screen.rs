//! What stands in the place of a list that has nothing to show.

use leptos::prelude::*;

use super::{Icon, Spinner, icon};

/// Why there is nothing to show. Each looks different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// The answer is on its way.
    Loading,
    /// There is nothing yet.
    Empty,
    /// There is something, but nothing that matches.
    NoMatch,
    /// The answer did not come, or was an error.
    Failed,
}

impl StateKind {
    fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Empty => "empty",
            Self::NoMatch => "no-match",
            Self::Failed => "failed",
        }
    }

    fn drawing(self) -> AnyView {
        match self {
            Self::Loading => view! { <Spinner /> }.into_any(),
            Self::Empty => icon(Icon::Key),
            Self::NoMatch => icon(Icon::Search),
            Self::Failed => icon(Icon::Danger),
        }
    }
}

/// Loading, empty, no match, or failed: a drawing, a title, a text, and what to do next.
#[component]
pub fn StateScreen(
    /// Which of the four.
    kind: StateKind,
    /// The situation in a few words.
    #[prop(into)]
    title: Signal<String>,
    /// The reason, or the next step; empty for none.
    #[prop(optional, into)]
    text: Signal<String>,
    /// Another drawing.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Buttons, and details such as a status and a request id.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    // A failure holds the error's own alert; an alert around it would be read twice.
    let role = (kind != StateKind::Failed).then_some("status");
    view! {
        <div class="state" data-kind=kind.name() role=role>
            <div class="state-icon">{icon.map_or_else(|| kind.drawing(), super::icon)}</div>
            <h2 class="state-title">{move || title.get()}</h2>
            <p class="state-text">{move || text.get()}</p>
            {children.map(|it| view! { <div class="state-actions">{it()}</div> })}
        </div>
    }
    .into_any()
}
