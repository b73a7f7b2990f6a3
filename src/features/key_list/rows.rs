//! One row a key.

use leptos::prelude::*;

use crate::domain::{Date, Key, KeyDraft, KeyId, Limit, Standing};
use crate::features::key_text;
use crate::features::workspace::{Overlay, Workspace};
use crate::i18n::t;
use crate::platform::{clipboard, clock, intl, task};
use crate::ui::{Badge, Icon, Menu, MenuItem, Meter, SecretField, Toasts, Tone};

/// How long a revealed value stays on the screen, in milliseconds.
const REVEAL_MS: u32 = 30_000;

/// The one key whose value is shown, if any.
#[derive(Clone, Copy)]
pub(super) struct Revealed {
    id: RwSignal<Option<KeyId>>,
    /// Counts reveals, so that the clock of an earlier one does not hide a later one.
    count: StoredValue<u64>,
}

impl Revealed {
    pub(super) fn new() -> Self {
        Self { id: RwSignal::new(None), count: StoredValue::new(0) }
    }

    /// Hides whatever is shown: on another page, and when the window is left.
    pub(super) fn hide(self) {
        self.count.try_update_value(|it| *it += 1);
        self.id.try_set(None);
    }

    fn toggle(self, id: &KeyId) {
        let shown = self.id.with_untracked(|it| it.as_ref() == Some(id));
        self.hide();
        if shown {
            return;
        }
        self.id.set(Some(id.clone()));
        let count = self.count.get_value();
        task::spawn(async move {
            clock::sleep(REVEAL_MS).await;
            if self.count.try_get_value() == Some(count) {
                self.hide();
            }
        });
    }
}

/// What every row needs.
#[derive(Clone)]
pub(super) struct RowContext {
    pub(super) workspace: Workspace,
    pub(super) toasts: Toasts,
    pub(super) revealed: Revealed,
    pub(super) today: Date,
}

/// All that a row shows of a key, as one text.
pub(super) fn face(key: &Key) -> String {
    let limit = match key.limit {
        Limit::Unlimited => String::new(),
        Limit::Of(limit) => limit.to_string(),
    };
    let parts = [
        key.id.0.clone(),
        key.title.clone(),
        key.value.masked(),
        key.disabled.to_string(),
        key.used.to_string(),
        limit,
        key_text::kind_word(&key.kind),
        key.licences.join(","),
        key.created.map(|it| it.0.to_string()).unwrap_or_default(),
        key.expires.map(|it| it.to_string()).unwrap_or_default(),
        key_text::creator_text(key),
    ];
    parts.join("\n")
}

/// The row of a key.
pub(super) fn row(key: &Key, ctx: &RowContext) -> AnyView {
    let standing = Standing::of(key, ctx.today);
    let title = key_text::title_or_placeholder(key);
    let open = {
        let (workspace, id) = (ctx.workspace.clone(), key.id.clone());
        move |_| workspace.open(Overlay::Key(id.clone()))
    };
    let limit = match key.limit {
        Limit::Unlimited => None,
        Limit::Of(limit) => Some(limit),
    };
    let (expires, relative) = key_text::expires_text(key.expires, ctx.today);
    let (created, created_relative) = key_text::moment_text(key.created, ctx.today);
    let created_day = key.created.and_then(|it| it.date()).map_or(created.clone(), intl::date);
    let (creator, login) = creator(key);
    view! {
        <tr role="row" data-state=state_name(&standing)>
            <th role="rowheader" scope="row" data-label=t::list_column_title()>
                <button type="button" class="row-title" aria-label=t::list_open(&title) on:click=open>
                    {title.clone()}
                </button>
            </th>
            <td role="cell" data-label=t::list_column_key()>{secret(key, &title, ctx)}</td>
            <td role="cell" data-label=t::list_column_state()>
                <Badge
                    tone=key_text::state_tone(&standing)
                    icon=key_text::state_icon(&standing)
                    text=key_text::state_word(&standing)
                />
                " "
                {sub(note(&standing))}
            </td>
            <td role="cell" data-label=t::list_column_used()>
                <Meter
                    label=t::list_agents(&title)
                    used=key.used
                    limit=Signal::stored(limit)
                    text=key_text::usage_text(key.used, key.limit)
                />
            </td>
            <td role="cell" data-label=t::list_column_type()>{key_text::kind_word(&key.kind)}</td>
            <td role="cell" data-label=t::list_column_licences()>{licences(&key.licences)}</td>
            <td role="cell" data-label=t::list_column_created()>
                <span class="cell-nowrap" title=created>{created_day}</span>
                " "
                {sub(created_relative)}
            </td>
            <td role="cell" data-label=t::list_column_expires()>
                <span class="cell-nowrap">{expires}</span>
                " "
                {sub(relative)}
            </td>
            <td role="cell" data-label=t::list_column_creator()>
                {creator}
                " "
                {sub(login)}
            </td>
            <td role="cell" class="cell-actions">{actions(key, &title, ctx)}</td>
        </tr>
    }
    .into_any()
}

/// A second, quieter line in a cell; nothing when there is nothing to say.
fn sub(text: String) -> AnyView {
    if text.is_empty() {
        return ().into_any();
    }
    view! { <span class="cell-sub">{text}</span> }.into_any()
}

/// What the state's word does not say yet, in a few words.
fn note(standing: &Standing) -> String {
    let mut parts: Vec<String> = Vec::new();
    if standing.disabled {
        parts.push(t::list_note_disabled().to_owned());
    }
    if let Some(days) = standing.days_left {
        let when = intl::relative_days(days);
        if standing.expired() {
            parts.push(t::list_note_expired(&when));
        } else if standing.expires_soon() {
            parts.push(t::list_note_expires(&when));
        }
    }
    if standing.full {
        parts.push(t::list_note_full().to_owned());
    } else if standing.nearly_full {
        parts.push(t::list_note_nearly_full().to_owned());
    }
    parts.join(", ")
}

/// The maker's name, and the account on the second line where there are both.
fn creator(key: &Key) -> (String, String) {
    match (key.creator_name.trim(), key.creator_login.trim()) {
        ("", login) => (login.to_owned(), String::new()),
        (name, login) => (name.to_owned(), login.to_owned()),
    }
}

fn state_name(standing: &Standing) -> &'static str {
    use crate::domain::State;
    match standing.state {
        State::Active => "active",
        State::Disabled => "disabled",
        State::Expired => "expired",
        State::Full => "full",
    }
}

fn secret(key: &Key, title: &str, ctx: &RowContext) -> AnyView {
    let revealed = ctx.revealed;
    let (id, toggled, value) = (key.id.clone(), key.id.clone(), key.value.clone());
    view! {
        <SecretField
            what=t::list_key_of(title)
            masked=key.value.masked()
            revealed=Signal::derive(move || revealed.id.with(|it| it.as_ref() == Some(&id)))
            on_toggle=move || revealed.toggle(&toggled)
            value=UnsyncCallback::new(move |()| value.expose().to_owned())
        />
    }
    .into_any()
}

fn licences(codes: &[String]) -> AnyView {
    if codes.is_empty() {
        return view! { <span class="muted">{t::list_none()}</span> }.into_any();
    }
    let chips: Vec<AnyView> =
        codes.iter().map(|it| view! { <li class="code-chip">{it.clone()}</li> }.into_any()).collect();
    view! { <ul class="codes">{chips}</ul> }.into_any()
}

fn actions(key: &Key, title: &str, ctx: &RowContext) -> AnyView {
    let (key, ctx) = (key.clone(), ctx.clone());
    let items = move || {
        let open = |overlay: Overlay| {
            let workspace = ctx.workspace.clone();
            UnsyncCallback::new(move |()| workspace.open(overlay.clone()))
        };
        let enabling = key.disabled;
        let (label, icon) = match enabling {
            true => (t::list_action_enable(), Icon::Power),
            false => (t::list_action_disable(), Icon::Ban),
        };
        let (id, toasts) = (key.id.0.clone(), ctx.toasts);
        let copy_id = move || {
            let id = id.clone();
            // The menu closes, and what belongs to it ends.
            task::spawn_detached(async move {
                match clipboard::copy(&id).await {
                    Ok(()) => toasts.push(Tone::Success, t::list_copied_id(), None),
                    // An id is no secret: where the browser refuses to copy, it can be read off.
                    Err(_) => toasts.push(Tone::Warning, &id, None),
                }
            });
        };
        vec![
            MenuItem::new(t::list_action_open(), Icon::Pencil, open(Overlay::Key(key.id.clone()))),
            MenuItem::new(label, icon, open(Overlay::SetEnabled(Box::new(key.clone()), enabling))),
            MenuItem::new(
                t::list_action_duplicate(),
                Icon::Duplicate,
                open(Overlay::Create(KeyDraft::like(&key))),
            ),
            MenuItem::new(t::list_action_copy_id(), Icon::Copy, copy_id),
            MenuItem::new(t::list_action_delete(), Icon::Trash, open(Overlay::Delete(Box::new(key.clone()))))
                .danger(),
        ]
    };
    view! { <Menu name=t::list_actions(title) items=UnsyncCallback::new(move |()| items()) /> }.into_any()
}
