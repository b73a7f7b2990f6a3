//! Details that one may open.

use leptos::prelude::*;

use super::{Icon, icon};

/// A line that opens what is below it; the browser's own `<details>`.
#[component]
pub fn Disclosure(
    /// The line.
    #[prop(into)]
    summary: String,
    /// Open from the start.
    #[prop(optional)]
    open: bool,
    /// What it opens.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary class="disclosure-line">{icon(Icon::ChevronEnd)} <span>{summary}</span></summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
    .into_any()
}
