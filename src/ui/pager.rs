//! Steps through the pages of a list.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::{Icon, IconButton, id};
use crate::i18n::t;
use crate::platform::intl;

/// The page sizes offered.
pub const PAGE_SIZES: [u32; 4] = [25, 50, 100, 200];

/// A step of the pager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To page 1.
    First,
    /// One back.
    Previous,
    /// One on.
    Next,
    /// To the last page.
    Last,
}

impl Step {
    /// Where the step leads, or `None` where it leads nowhere. Pages count from 1. With the last page
    /// unknown, one can always go on, and never to the last.
    pub fn target(self, page: u32, last: Option<u32>) -> Option<u32> {
        match self {
            Self::First => (page > 1).then_some(1),
            Self::Previous => (page > 1).then(|| (page - 1).min(last.unwrap_or(u32::MAX)).max(1)),
            Self::Next => last.is_none_or(|last| page < last).then(|| page.saturating_add(1)),
            Self::Last => last.filter(|last| page < *last),
        }
    }

    fn of_key(key: &str) -> Option<Self> {
        match key {
            "Home" => Some(Self::First),
            "PageUp" => Some(Self::Previous),
            "PageDown" => Some(Self::Next),
            "End" => Some(Self::Last),
            _ => None,
        }
    }
}

/// First, previous, next, last, the range in words, and the page size.
///
/// Buttons that lead nowhere stay, `aria-disabled`, so that the focus is never lost. With the focus on
/// one of them, Home, Page Up, Page Down and End work too.
#[component]
pub fn Pager(
    /// The page shown, from 1.
    #[prop(into)]
    page: Signal<u32>,
    /// The last page; `None` while unknown.
    #[prop(into)]
    last: Signal<Option<u32>>,
    /// The rows shown, in words ("1–25 of 745").
    #[prop(into)]
    text: Signal<String>,
    /// Rows a page.
    #[prop(into)]
    size: Signal<u32>,
    /// The person asked for a page.
    #[prop(into)]
    on_page: UnsyncCallback<(u32,)>,
    /// The person asked for another size; go back to a page that exists.
    #[prop(into)]
    on_size: UnsyncCallback<(u32,)>,
    /// Whether all rows are in one list, where that can be chosen, and the reader chose.
    #[prop(optional_no_strip)]
    whole: Option<(Signal<bool>, UnsyncCallback<(bool,)>)>,
) -> impl IntoView {
    let size_id = id::unique("page-size");
    let go = move |step: Step| {
        if let Some(target) = step.target(page.get_untracked(), last.get_untracked()) {
            on_page.run((target,));
        }
    };
    let button = move |step: Step, name: &'static str, icon: Icon| {
        let disabled = Signal::derive(move || step.target(page.get(), last.get()).is_none());
        view! { <IconButton name icon disabled on_click=move || go(step) /> }
    };
    let on_keydown = move |ev: KeyboardEvent| {
        if let Some(step) = Step::of_key(&ev.key()) {
            ev.prevent_default();
            go(step);
        }
    };
    let sizes = PAGE_SIZES.map(|it| {
        view! {
            <option value=it.to_string() prop:selected=move || size.get() == it>
                {intl::number(u64::from(it))}
            </option>
        }
    });
    let on_change = move |ev| {
        if let Ok(size) = event_target_value(&ev).parse() {
            on_size.run((size,));
        }
    };
    let is_whole = move || whole.is_some_and(|it| it.0.get());
    let switch = whole.map(|(is_on, on_change)| {
        let id = id::unique("page-whole");
        view! {
            <div class="pager-whole">
                <input
                    class="choice-box"
                    type="checkbox"
                    id=id.clone()
                    prop:checked=move || is_on.get()
                    on:change=move |ev| on_change.run((event_target_checked(&ev),))
                />
                <label for=id>{t::ui_page_whole()}</label>
            </div>
        }
    });
    view! {
        <nav class="pager" aria-label=t::ui_pages()>
            {switch}
            <div class="pager-size" hidden=is_whole>
                <label for=size_id.clone()>{t::ui_page_size()}</label>
                <select class="input select" id=size_id on:change=on_change>{sizes.into_iter().collect_view()}</select>
            </div>
            <p class="pager-text" role="status">{move || text.get()}</p>
            <div class="pager-steps" hidden=is_whole on:keydown=on_keydown>
                {button(Step::First, t::ui_page_first(), Icon::First)}
                {button(Step::Previous, t::ui_page_previous(), Icon::ChevronStart)}
                {button(Step::Next, t::ui_page_next(), Icon::ChevronEnd)}
                {button(Step::Last, t::ui_page_last(), Icon::Last)}
            </div>
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn steps_stay_inside_the_pages() {
        assert_eq!(Step::First.target(1, Some(30)), None);
        assert_eq!(Step::Previous.target(1, Some(30)), None);
        assert_eq!(Step::Next.target(1, Some(30)), Some(2));
        assert_eq!(Step::Last.target(1, Some(30)), Some(30));
        assert_eq!(Step::First.target(30, Some(30)), Some(1));
        assert_eq!(Step::Previous.target(30, Some(30)), Some(29));
        assert_eq!(Step::Next.target(30, Some(30)), None);
        assert_eq!(Step::Last.target(30, Some(30)), None);
    }

    #[test]
    fn an_unknown_last_page_lets_one_go_on_but_not_to_the_end() {
        assert_eq!(Step::Next.target(7, None), Some(8));
        assert_eq!(Step::Last.target(7, None), None);
    }

    #[test]
    fn a_page_beyond_the_end_leads_back_inside() {
        assert_eq!(Step::Previous.target(9, Some(3)), Some(3));
        assert_eq!(Step::Next.target(9, Some(3)), None);
        assert_eq!(Step::Previous.target(2, Some(0)), Some(1));
    }
}
