//! Several views of one thing, one at a time.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::id;

/// One tab and what it shows.
#[derive(Clone)]
pub struct Tab {
    /// What it is called.
    pub name: String,
    /// What it shows; built when it is chosen.
    pub panel: ViewFn,
}

impl Tab {
    /// A tab.
    pub fn new(name: impl Into<String>, panel: impl Into<ViewFn>) -> Self {
        Self { name: name.into(), panel: panel.into() }
    }
}

/// Tabs: one stop of the Tab key; arrows, Home and End choose.
#[component]
pub fn Tabs(
    /// What they are views of.
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
    /// Which one is shown, from 0.
    selected: RwSignal<usize>,
) -> impl IntoView {
    let base = StoredValue::new(id::unique("tab"));
    let count = tabs.len();
    let nodes: Vec<NodeRef<html::Button>> = tabs.iter().map(|_| NodeRef::new()).collect();
    let nodes = StoredValue::new(nodes);
    let names: Vec<String> = tabs.iter().map(|it| it.name.clone()).collect();
    let on_keydown = move |ev: KeyboardEvent| {
        let Some(target) = moved(&ev.key(), selected.get_untracked(), count) else { return };
        ev.prevent_default();
        selected.set(target);
        if let Some(tab) = nodes.with_value(|it| it.get(target).copied()).and_then(|it| it.get_untracked()) {
            // Refused only for an element that is gone.
            tab.focus().ok();
        }
    };
    let id_of = move |part: &str, idx: usize| base.with_value(|it| [it, part, &idx.to_string()].concat());
    let tab = move |(idx, name): (usize, String)| {
        let node = nodes.with_value(|it| it.get(idx).copied()).unwrap_or_default();
        let is_on = move || selected.get() == idx;
        view! {
            <button
                class="tab"
                type="button"
                role="tab"
                node_ref=node
                id=id_of("-", idx)
                aria-selected=move || if is_on() { "true" } else { "false" }
                aria-controls=move || is_on().then(|| id_of("-panel-", idx))
                tabindex=move || if is_on() { "0" } else { "-1" }
                on:click=move |_| selected.set(idx)
            >
                {name}
            </button>
        }
    };
    let panel = move || {
        let idx = selected.get();
        tabs.get(idx).map(|tab| {
            view! {
                <div class="tab-panel" role="tabpanel" tabindex="0" id=id_of("-panel-", idx) aria-labelledby=id_of("-", idx)>
                    {tab.panel.run()}
                </div>
            }
        })
    };
    view! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label=label on:keydown=on_keydown>
                {names.into_iter().enumerate().map(tab).collect_view()}
            </div>
            {panel}
        </div>
    }
    .into_any()
}

/// Where a key moves the selection; round at both ends.
pub(crate) fn moved(key: &str, from: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" | "ArrowDown" => Some(if from >= last { 0 } else { from + 1 }),
        "ArrowLeft" | "ArrowUp" => Some(if from == 0 { last } else { from - 1 }),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn arrows_go_round() {
        assert_eq!(moved("ArrowRight", 2, 3), Some(0));
        assert_eq!(moved("ArrowLeft", 0, 3), Some(2));
        assert_eq!(moved("End", 0, 3), Some(2));
        assert_eq!(moved("a", 0, 3), None);
        assert_eq!(moved("Home", 0, 0), None);
    }
}
