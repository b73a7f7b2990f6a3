//! The button, the notes below the query, and the dialog.

mod recents;
mod row;
mod rows;
mod save;
mod transfer;

use leptos::prelude::*;

use self::recents::Recents;
use self::rows::Rows;
use self::save::SaveQuery;
use self::transfer::Transfer;
use super::file::system_name;
use super::handle::{Said, SavedQueries};
use crate::i18n::t;
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, Tone, memo};

/// Opens the saved queries.
#[component]
pub fn SavedButton(
    /// The saved queries of this query box.
    saved: SavedQueries,
) -> impl IntoView {
    let open = move || {
        saved.said.set(None);
        saved.open.set(true);
    };
    view! { <Button icon=Icon::Bookmark on_click=open>{t::saved_open()}</Button> }.into_any()
}

/// What the reader should know about the query in the box: that the list opened with it, or that it is no longer
/// what was saved.
#[component]
pub fn SavedNotes(
    /// The saved queries of this query box.
    saved: SavedQueries,
) -> impl IntoView {
    let opening = memo(move |_| {
        let set = saved.set();
        let opening = set.opening()?;
        saved.applied.with(|it| it.trim() == opening.query.trim()).then(|| opening.name.clone())
    });
    let changed = memo(move |_| saved.source.get().filter(|it| it.is_changed));
    let default_note = move || {
        opening.get().map(|name| {
            let all = move || saved.take(String::new());
            view! {
                <span>{t::saved_default_note(&name)}</span>
                " "
                <Button kind=ButtonKind::Quiet on_click=all>{t::saved_default_clear()}</Button>
            }
        })
    };
    let changed_note = move || {
        changed.get().map(|source| {
            let id = source.id.clone();
            let update = move || {
                // Done or not, the notes say so: it is no longer changed, or the dialog tells why it is.
                if let Err(why) = saved.update(&id) {
                    saved.say(Tone::Danger, why, Vec::new());
                    saved.open.set(true);
                }
            };
            view! {
                <span>{t::saved_changed(&source.name)}</span>
                " "
                <Button kind=ButtonKind::Quiet on_click=update>{t::saved_update(&source.name)}</Button>
            }
        })
    };
    // What was done from here is said here; the dialog says the rest.
    let done = move || saved.said.get().filter(|_| !saved.open.get()).map(|it| said_text(&it));
    view! {
        <div class="saved-notes" role="status">
            <div class="saved-note">{default_note}</div>
            <div class="saved-note">{changed_note}</div>
            <div class="saved-note">{done}</div>
        </div>
    }
    .into_any()
}

fn said_text(said: &Said) -> String {
    let mut lines = vec![said.title.as_str()];
    lines.extend(said.lines.iter().map(String::as_str));
    lines.join(" ")
}

/// Everything about the saved queries of one system.
#[component]
pub fn SavedDialog(
    /// The saved queries of this query box.
    saved: SavedQueries,
) -> impl IntoView {
    let title = t::saved_title(&system_name(saved.system));
    view! {
        <Dialog
            open=saved.open
            on_close=move || saved.closed()
            title=Signal::stored(title)
            size=DialogSize::Large
            footer=|| view! { <DialogCancel label=t::ui_close() /> }
        >
            {move || troubles(saved)}
            <SaveQuery saved />
            {said(saved)}
            <Rows saved />
            <Recents saved />
            <Transfer saved />
            <p class="field-hint">{t::saved_where()}</p>
        </Dialog>
    }
    .into_any()
}

fn troubles(saved: SavedQueries) -> AnyView {
    let banner = |it: String| view! { <Banner tone=Tone::Warning>{it}</Banner> }.into_any();
    saved.troubles().into_iter().map(banner).collect::<Vec<AnyView>>().into_any()
}

/// The place of what was just done, with the way back. It stands in the page from the start, so that it is heard.
fn said(saved: SavedQueries) -> AnyView {
    let banner = move || {
        saved.said.get().map(|it| {
            let Said { tone, title, lines, has_undo } = it;
            let undo = has_undo.then(|| ViewFn::from(move || undo_button(saved)));
            let lines: Vec<AnyView> =
                lines.into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
            let list = (!lines.is_empty()).then(|| view! { <ul>{lines}</ul> });
            match undo {
                Some(actions) => view! { <Banner tone actions>{title}</Banner> }.into_any(),
                None => view! { <Banner tone title>{list}</Banner> }.into_any(),
            }
        })
    };
    view! { <div aria-live="polite">{banner}</div> }.into_any()
}

/// The id of the button that brings a deleted query back.
const UNDO: &str = "saved-undo";

fn undo_button(saved: SavedQueries) -> AnyView {
    let undo = move |_| {
        saved.undo();
        row::focus_later(rows::HEADING.to_owned());
    };
    view! {
        <button class="button" type="button" id=UNDO on:click=undo>
            <span class="button-text">{t::saved_undo()}</span>
        </button>
    }
    .into_any()
}

/// A query in one line; what is longer ends in an ellipsis.
fn short(query: &str) -> String {
    const LONGEST: usize = 160;
    let line = query.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST - 1).chain(['…']).collect()
}
