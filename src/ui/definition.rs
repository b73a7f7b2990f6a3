//! Pairs of a term and its value.

use leptos::prelude::*;

/// A list of [`Definition`]s in two columns; one column where it is narrow.
#[component]
pub fn Definitions(
    /// The pairs.
    children: Children,
) -> impl IntoView {
    view! { <dl class="definitions">{children()}</dl> }.into_any()
}

/// One pair.
#[component]
pub fn Definition(
    /// What it is called.
    #[prop(into)]
    term: String,
    /// What it is.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="definition">
            <dt>{term}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}
