//! One saved query.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::{UNDO, short};
use crate::features::saved_queries::SavedQueries;
use crate::features::saved_queries::entry::{read_name, read_query};
use crate::features::saved_queries::set::Saved;
use crate::i18n::t;
use crate::page::is_redacted;
use crate::platform::dom;
use crate::ui::{Badge, Button, CopyButton, Icon, Menu, MenuItem, TextField, Tone, icon};

/// Moves the focus once the page shows what was just done.
pub(super) fn focus_later(id: String) {
    request_animation_frame(move || {
        dom::focus_by_id(&id);
    });
}

/// The id of a control in a row. It goes by the row's place, as the row does.
fn control(place: usize, what: &str) -> String {
    ["saved-", &place.to_string(), "-", what].concat()
}

#[derive(Clone, Copy)]
struct Ctx {
    saved: SavedQueries,
    query: StoredValue<Saved>,
    place: usize,
    renaming: RwSignal<Option<String>>,
}

impl Ctx {
    fn id(self) -> String {
        self.query.with_value(|it| it.id.clone())
    }

    fn name(self) -> String {
        self.query.with_value(|it| it.name.clone())
    }

    /// Moves the query, and the focus with it.
    fn step(self, up: bool) {
        let inside = dom::focused_id();
        let what = inside.as_deref().and_then(|it| it.strip_prefix(&control(self.place, "")));
        let what = what.unwrap_or("run").to_owned();
        if let Some(place) = self.saved.step(&self.id(), up) {
            focus_later(control(place, &what));
        }
    }

    fn remove(self) {
        self.saved.remove(&self.id());
        focus_later(UNDO.to_owned());
    }

    fn end_renaming(self) {
        self.renaming.set(None);
        focus_later(control(self.place, "more"));
    }
}

/// A saved query with what can be done with it.
#[component]
pub(super) fn Row(
    saved: SavedQueries,
    query: Saved,
    /// From 0.
    place: usize,
    /// How many rows there are.
    count: Memo<usize>,
    is_default: bool,
    /// Its name is being changed.
    is_renamed: bool,
    renaming: RwSignal<Option<String>>,
) -> impl IntoView {
    let ctx = Ctx { saved, query: StoredValue::new(query.clone()), place, renaming };
    let on_keydown = move |ev: KeyboardEvent| {
        let up = match ev.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        if ev.alt_key() {
            ev.prevent_default();
            ctx.step(up);
        }
    };
    let body = match is_renamed {
        true => rename(ctx),
        false => shown(ctx, &query, is_default, count),
    };
    view! { <li class="saved-row" on:keydown=on_keydown>{body}</li> }.into_any()
}

fn shown(ctx: Ctx, query: &Saved, is_default: bool, count: Memo<usize>) -> AnyView {
    let Saved { name, query: text, .. } = query.clone();
    let redacted = is_redacted(&text);
    let text_of_run = text.clone();
    let run = move |_| ctx.saved.take(text_of_run.clone());
    view! {
        <div class="saved-what">
            <p class="saved-head">
                <span class="saved-title">{name.clone()}</span>
                {is_default.then(|| view! { <Badge tone=Tone::Info icon=Icon::Check text=t::saved_is_default() /> })}
                {redacted.then(|| view! { <Badge tone=Tone::Warning text=t::saved_is_redacted() /> })}
            </p>
            <code class="saved-query">{short(&text)}</code>
        </div>
        <div class="saved-tools">
            <button
                class="button"
                type="button"
                id=control(ctx.place, "run")
                aria-label=t::saved_run_what(&name)
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                on:click=run
            >
                {icon(Icon::Search)}
                <span class="button-text">{t::saved_run()}</span>
            </button>
            {step_button(ctx, true, Signal::derive(move || ctx.place == 0))}
            {step_button(ctx, false, Signal::derive(move || ctx.place + 1 >= count.get()))}
            <CopyButton value=move || link(ctx) name=t::saved_link(&name) />
            <Menu
                name=t::saved_more(&name)
                id=control(ctx.place, "more")
                items=UnsyncCallback::new(move |()| items(ctx, is_default, redacted))
            />
        </div>
    }
    .into_any()
}

/// At an end it keeps the focus and does nothing.
fn step_button(ctx: Ctx, up: bool, at_end: Signal<bool>) -> AnyView {
    let name = ctx.name();
    let (what, label, drawn) = match up {
        true => ("up", t::saved_up(&name), Icon::SortUp),
        false => ("down", t::saved_down(&name), Icon::SortDown),
    };
    view! {
        <button
            class="icon-button"
            type="button"
            id=control(ctx.place, what)
            aria-label=label.clone()
            title=label
            aria-keyshortcuts=if up { "Alt+ArrowUp" } else { "Alt+ArrowDown" }
            aria-disabled=move || at_end.get().then_some("true")
            on:click=move |_| ctx.step(up)
        >
            {icon(drawn)}
        </button>
    }
    .into_any()
}

/// The address of the query. What was taken out of it is not in there either, and that is said.
fn link(ctx: Ctx) -> String {
    let query = ctx.query.with_value(|it| it.query.clone());
    if is_redacted(&query) {
        ctx.saved.say(Tone::Warning, t::saved_link_redacted().to_owned(), Vec::new());
    }
    ctx.saved.link(&query).0
}

fn items(ctx: Ctx, is_default: bool, redacted: bool) -> Vec<MenuItem> {
    let mut res = Vec::new();
    let rename = move || {
        ctx.renaming.set(Some(ctx.id()));
        focus_later(control(ctx.place, "name"));
    };
    res.push(MenuItem::new(t::saved_rename(), Icon::Pencil, rename));
    let choose = move |on: bool| {
        ctx.saved.choose(on.then(|| ctx.id()).as_deref());
        focus_later(control(ctx.place, "more"));
    };
    if is_default {
        res.push(MenuItem::new(t::saved_default_off(), Icon::Close, move || choose(false)));
    } else if !redacted {
        // A query that finds nothing is no way to open a list.
        res.push(MenuItem::new(t::saved_default_on(), Icon::Check, move || choose(true)));
    }
    let now = ctx.saved.text.get_untracked();
    let is_other = ctx.query.with_value(|it| it.query.trim() != now.trim());
    if is_other && read_query(&now).is_ok() {
        let update = move || {
            if let Err(why) = ctx.saved.update(&ctx.id()) {
                ctx.saved.say(Tone::Danger, why, Vec::new());
            }
            focus_later(control(ctx.place, "more"));
        };
        res.push(MenuItem::new(t::saved_update_here(), Icon::Refresh, update).note(short(&now)));
    }
    res.push(MenuItem::new(t::saved_remove(), Icon::Trash, move || ctx.remove()).apart().danger());
    res
}

/// The form of another name. Escape leaves it, and not the dialog.
fn rename(ctx: Ctx) -> AnyView {
    let name = RwSignal::new(ctx.name());
    let error = RwSignal::new(None::<String>);
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        ev.stop_propagation();
        let wanted = match read_name(&name.get_untracked()) {
            Ok(it) => it,
            Err(wrong) => return error.set(Some(wrong.text())),
        };
        let set = ctx.saved.set_now();
        if set.by_name(&wanted).is_some_and(|it| it.id != ctx.id()) {
            return error.set(Some(t::saved_taken(&wanted)));
        }
        if wanted != ctx.name() {
            ctx.saved.rename(&ctx.id(), &wanted);
        }
        ctx.end_renaming();
    };
    let on_keydown = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" && !ev.is_composing() {
            ev.prevent_default();
            ev.stop_propagation();
            ctx.end_renaming();
        }
    };
    view! {
        <form class="saved-form" novalidate on:submit=submit on:keydown=on_keydown>
            <TextField
                label=t::saved_new_name(&ctx.name())
                value=name
                error
                id=control(ctx.place, "name")
            />
            <Button submit=true>{t::saved_rename_done()}</Button>
            <Button on_click=move || ctx.end_renaming()>{t::ui_cancel()}</Button>
        </form>
    }
    .into_any()
}
