//! Details that one may open.

use leptos::html;
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
    /// Gets whether it is open, for what is costly to draw.
    #[prop(optional, into)]
    opened: Option<RwSignal<bool>>,
    /// What it opens.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let on_toggle = move |_| {
        if let (Some(opened), Some(node)) = (opened, node.get_untracked()) {
            opened.set(node.open());
        }
    };
    view! {
        <details class="disclosure" open=open node_ref=node on:toggle=on_toggle>
            <summary class="disclosure-line">{icon(Icon::ChevronEnd)} <span>{summary}</span></summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
    .into_any()
}
