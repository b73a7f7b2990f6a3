//! Saving the query in the box.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::row::focus_later;
use super::short;
use crate::features::saved_queries::SavedQueries;
use crate::features::saved_queries::entry::{read_name, read_query};
use crate::features::saved_queries::set::Saved;
use crate::i18n::t;
use crate::ui::{Banner, Button, ButtonKind, CopyButton, TextField, Tone, effect};

/// The id of the name's field.
const NAME: &str = "saved-name";

/// The id of the button that replaces a query of the same name.
const REPLACE: &str = "saved-replace";

/// The query in the box with a field for its name.
#[component]
pub(super) fn SaveQuery(saved: SavedQueries) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    // The saved query of the same name that would be replaced.
    let asked = RwSignal::new(None::<Saved>);
    effect(move |_| {
        name.track();
        error.set(None);
        asked.set(None);
    });
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        ev.stop_propagation();
        let wanted = match read_name(&name.get_untracked()) {
            Ok(it) => it,
            Err(wrong) => {
                error.set(Some(wrong.text()));
                return focus_later(NAME.to_owned());
            }
        };
        if let Some(taken) = saved.set_now().by_name(&wanted) {
            asked.set(Some(taken.clone()));
            return focus_later(REPLACE.to_owned());
        }
        match saved.save(&wanted) {
            Ok(()) => {
                name.set(String::new());
                focus_later(NAME.to_owned());
            }
            Err(why) => error.set(Some(why)),
        }
    };
    let body = move || {
        let text = saved.text.get();
        if text.trim().is_empty() {
            return view! { <p class="muted">{t::saved_blank()}</p> }.into_any();
        }
        let was_redacted = match read_query(&text) {
            Ok((_, was_redacted)) => was_redacted,
            Err(wrong) => {
                let why = t::saved_cannot(&wrong.text());
                return view! { <code class="saved-query">{short(&text)}</code> <p>{why}</p> }.into_any();
            }
        };
        let warning =
            was_redacted.then(|| view! { <Banner tone=Tone::Warning>{t::saved_will_redact()}</Banner> });
        view! {
            <code class="saved-query">{short(&text)}</code>
            {warning}
            {move || known(saved)}
            <form class="saved-form" novalidate on:submit=submit>
                <TextField label=t::saved_name() value=name error id=NAME />
                <Button kind=ButtonKind::Primary submit=true>{t::saved_save()}</Button>
                <CopyButton value=move || link(saved) name=t::saved_link_here() text=t::saved_link_here() />
            </form>
            {move || asked.get().map(|it| question(saved, it, name, asked))}
        }
        .into_any()
    };
    view! {
        <section class="saved-part" aria-labelledby="saved-save-title">
            <h3 id="saved-save-title">{t::saved_save_title()}</h3>
            {body}
        </section>
    }
    .into_any()
}

/// The address of the query in the box. Where a key's value was taken out of it, that is said.
fn link(saved: SavedQueries) -> String {
    let (link, was_redacted) = saved.link(&saved.text.get_untracked());
    if was_redacted {
        saved.say(Tone::Warning, t::saved_link_redacted().to_owned(), Vec::new());
    }
    link
}

/// What is known of the query in the box: that it is saved, or that it is another one by now.
fn known(saved: SavedQueries) -> Option<AnyView> {
    let source = saved.source.get()?;
    if !source.is_changed {
        return Some(view! { <p>{t::saved_same(&source.name)}</p> }.into_any());
    }
    let update = move || {
        if let Err(why) = saved.update(&source.id) {
            saved.say(Tone::Danger, why, Vec::new());
        }
    };
    let name = source.name.clone();
    Some(
        view! {
            <p class="row">
                <span>{t::saved_changed(&name)}</span>
                <Button on_click=update>{t::saved_update(&name)}</Button>
            </p>
        }
        .into_any(),
    )
}

/// Asks before another query of that name is replaced.
fn question(
    saved: SavedQueries,
    taken: Saved,
    name: RwSignal<String>,
    asked: RwSignal<Option<Saved>>,
) -> AnyView {
    let Saved { id, name: old, query, .. } = taken;
    let replace = move |_| {
        if let Err(why) = saved.update(&id) {
            saved.say(Tone::Danger, why, Vec::new());
        }
        asked.set(None);
        name.set(String::new());
        focus_later(NAME.to_owned());
    };
    let keep = move || {
        asked.set(None);
        focus_later(NAME.to_owned());
    };
    let actions = {
        let old = old.clone();
        ViewFn::from(move || {
            let label = t::saved_replace(&old);
            let replace = replace.clone();
            view! {
                <button class="button" type="button" id=REPLACE on:click=replace>
                    <span class="button-text">{label}</span>
                </button>
                <Button kind=ButtonKind::Quiet on_click=keep>{t::ui_cancel()}</Button>
            }
            .into_any()
        })
    };
    view! {
        <Banner tone=Tone::Warning title=t::saved_taken(&old) actions>
            <code class="saved-query">{short(&query)}</code>
        </Banner>
    }
    .into_any()
}
