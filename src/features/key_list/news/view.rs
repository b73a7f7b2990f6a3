//! What changed, in one line above the rows and as a mark on each of them.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::difference::Difference;
use super::follow::{Mark, News};
use crate::domain::{KeyId, Timestamp};
use crate::features::key_text;
use crate::i18n::t;
use crate::platform::intl;
use crate::ui::{Badge, Icon, IconButton, Tone, icon, memo};

/// Titles that are told at most.
const NAMED: usize = 5;

/// A count in words.
type Say = fn(u64) -> String;

/// "2 new, 3 changed, 1 gone since 14:02 UTC".
fn summary(found: &Difference, now: Timestamp) -> String {
    // Of another day the time alone would mislead.
    let when = match found.since.date() == now.date() {
        true => intl::time(found.since),
        false => intl::date_time(found.since),
    };
    let new: Say = if found.is_all { t::news_new } else { t::news_came };
    let gone: Say = if found.is_all { t::news_gone } else { t::news_left };
    let count = |len: usize, say: Say| (len > 0).then(|| say(len as u64));
    let parts = [
        count(found.new.len(), new),
        count(found.changed.len(), t::news_changed),
        count(found.gone.len(), gone),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return t::news_nothing(&when);
    }
    t::news_since(&parts.join(", "), &when)
}

/// "Gone: Berlin, Paris and 3 more"; blank when none is.
fn gone(found: &Difference) -> String {
    let titles = names(&found.gone);
    match (titles.is_empty(), found.is_all) {
        (true, _) => titles,
        (false, true) => t::news_gone_names(&titles),
        (false, false) => t::news_left_names(&titles),
    }
}

fn names(gone: &BTreeMap<KeyId, String>) -> String {
    let titles = gone.values().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match gone.len().saturating_sub(NAMED) {
        0 => titles,
        more => t::news_more(more as u64, &titles),
    }
}

/// The line. It is there before it has words, so that a screen reader hears them.
pub(in super::super) fn news_line(news: News) -> AnyView {
    let found = news.found;
    let said = memo(move |_| {
        found.with(|it| it.as_ref().map(|it| (summary(it, key_text::now()), gone(it))).unwrap_or_default())
    });
    let is_told = move || found.with(Option::is_some);
    let words = move || {
        let (summary, gone) = said.get();
        let gone = (!gone.is_empty()).then(|| view! { <span class="news-gone">{gone}</span> });
        view! {
            <span>{summary}</span>
            " "
            {gone}
        }
    };
    view! {
        <div class="news" class:news-told=is_told>
            {move || is_told().then(|| icon(Icon::Info))}
            <p class="news-text" role="status">{words}</p>
            {move || {
                is_told().then(|| {
                    view! { <IconButton name=t::news_dismiss() icon=Icon::Close on_click=move || news.dismiss() /> }
                })
            }}
        </div>
    }
    .into_any()
}

/// What changed about a key, as a mark in its row.
pub(in super::super) fn row_mark(news: News, id: &KeyId) -> AnyView {
    let id = id.clone();
    let mark = memo(move |_| news.mark(&id));
    let badge = move || {
        let (drawn, text) = match mark.get()? {
            Mark::New { is_all: true } => (Icon::Plus, t::news_mark_new().to_owned()),
            Mark::New { is_all: false } => (Icon::Plus, t::news_mark_came().to_owned()),
            Mark::Changed(fields) => {
                let manifest = news.manifest.get_value();
                let labels = fields.iter().map(|it| manifest.label(*it)).collect::<Vec<_>>();
                (Icon::Pencil, t::news_mark_changed(&labels.join(", ")))
            }
        };
        Some(view! { <Badge tone=Tone::Info icon=drawn text /> })
    };
    view! { <span class="row-mark">{badge}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FieldId;

    fn id(n: usize) -> KeyId {
        KeyId(n.to_string())
    }

    #[test]
    fn what_changed_is_summed_up_in_one_line() {
        let noon = Timestamp(1_757_332_800_000);
        let mut found = Difference::none(noon, true);
        assert_eq!(summary(&found, noon), "Nothing changed since 12:00 UTC.");
        found.new.extend([id(1), id(2)]);
        found.changed.insert(id(3), vec![FieldId::STATE]);
        found.gone.extend((4..11).map(|it| (id(it), format!("key {it}"))));
        assert_eq!(summary(&found, noon), "2 new, 1 changed, 7 gone since 12:00 UTC.");
        assert_eq!(gone(&found), "Gone: key 10, key 4, key 5, key 6, key 7 and 2 more");
        let part = Difference { is_all: false, ..found };
        assert_eq!(
            summary(&part, noon.plus_secs(86_400)),
            "2 came into this list, 1 changed, 7 left this list since 2025-09-08 12:00 UTC."
        );
        assert!(gone(&part).starts_with("No longer in this list: key 10"));
    }
}
