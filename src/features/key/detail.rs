//! What a key is, on the screen.

use leptos::prelude::*;

use crate::domain::{Field, Key, KeyDraft, Limit, Standing};
use crate::features::curl::CurlDetails;
use crate::features::install::InstallCommands;
use crate::features::key_text;
use crate::features::key_value::KeyValue;
use crate::features::workspace::{Overlay, Workspace};
use crate::i18n::t;
use crate::systems::Call;
use crate::ui::{Badge, Button, ButtonKind, CopyButton, Definition, Definitions, Icon, Meter};

/// Everything about a key.
#[component]
pub fn KeyDetail(
    /// The key as read.
    key: Key,
) -> impl IntoView {
    let call = Call::Get(key.id.clone());
    view! {
        {state(&key)}
        {facts(&key)}
        <InstallCommands value=key.value.clone() />
        <CurlDetails call=Signal::stored(Some(call)) />
    }
    .into_any()
}

/// The state in one word, why, and what to do about it.
fn state(key: &Key) -> AnyView {
    let standing = Standing::of(key, key_text::today());
    let text = [&*key_text::state_reason(&standing), " ", key_text::state_next_step(&standing)].concat();
    view! {
        <p class="key-state">
            <Badge
                tone=key_text::state_tone(&standing)
                icon=Some(key_text::state_icon(&standing))
                text=key_text::state_word(&standing)
            />
            <span>{text}</span>
        </p>
    }
    .into_any()
}

fn facts(key: &Key) -> AnyView {
    let today = key_text::today();
    let limit = match key.limit {
        Limit::Unlimited => None,
        Limit::Of(limit) => Some(limit),
    };
    let text = |term: &'static str, text: String| view! { <Definition term>{text}</Definition> }.into_any();
    let when = |term: &'static str, (absolute, relative): (String, String)| {
        let relative = (!relative.is_empty()).then(|| view! { <span class="muted">" · " {relative}</span> });
        view! { <Definition term>{absolute} {relative}</Definition> }.into_any()
    };
    let zone = |(day, relative): (String, String)| match relative.is_empty() {
        true => (day, relative),
        false => (t::key_utc(&day), relative),
    };
    let licences = match key.licences.is_empty() {
        true => t::key_none().into_any(),
        false => {
            let line = |it: &String| view! { <li>{key_text::licence_text(it)}</li> }.into_any();
            view! { <ul class="plain-list">{key.licences.iter().map(line).collect::<Vec<_>>()}</ul> }
                .into_any()
        }
    };
    // Built here: the children of a component may not borrow the key.
    let dates = [
        text(t::key_field_kind(), key_text::kind_word(&key.kind)),
        when(t::key_field_expires(), zone(key_text::expires_text(key.expires, today))),
        when(t::key_field_created(), key_text::moment_text(key.created, today)),
        text(t::key_field_creator(), key_text::creator_text(key)),
    ];
    let settings = [
        text(t::key_field_tags(), key_text::tags_text(key)),
        text(t::key_field_network(), key_text::network_text(key.network)),
        text(t::key_field_apply(), key_text::field_text(key, Field::ApplyToExisting)),
    ];
    let id = key.id.0.clone();
    let copied = id.clone();
    let (value, used) = (key.value.clone(), key.used);
    let usage = key_text::usage_text(key.used, key.limit);
    view! {
        <Definitions>
            <Definition term=t::key_field_value()>
                <KeyValue value what=t::key_value_what() />
            </Definition>
            <Definition term=t::key_field_used()>
                <Meter
                    label=t::key_field_used().to_owned()
                    used
                    limit
                    text=usage
                />
            </Definition>
            {dates}
            <Definition term=t::key_field_licences()>{licences}</Definition>
            {settings}
            <Definition term=t::key_field_id()>
                <span class="secret">
                    <code>{id}</code>
                    <CopyButton value=move || copied.clone() name=t::key_copy_id() />
                </span>
            </Definition>
        </Definitions>
    }
    .into_any()
}

/// What can be done with the key. `on_edit` opens the form in the same dialog.
pub(super) fn actions(workspace: &Workspace, key: &Key, on_edit: UnsyncCallback<()>) -> AnyView {
    let open = |overlay: Overlay| {
        let workspace = workspace.clone();
        UnsyncCallback::from(move || workspace.open(overlay.clone()))
    };
    let duplicate = open(Overlay::Create(KeyDraft::like(key)));
    let switch = open(Overlay::SetEnabled(Box::new(key.clone()), key.disabled));
    let delete = open(Overlay::Delete(Box::new(key.clone())));
    let (switch_icon, switch_word) = match key.disabled {
        true => (Icon::Power, t::key_enable()),
        false => (Icon::Ban, t::key_disable()),
    };
    view! {
        <Button kind=ButtonKind::Danger icon=Icon::Trash on_click=delete>{t::key_delete()}</Button>
        <Button icon=switch_icon on_click=switch>{switch_word}</Button>
        <Button icon=Icon::Duplicate on_click=duplicate>{t::key_duplicate()}</Button>
        <Button kind=ButtonKind::Primary icon=Icon::Pencil on_click=on_edit>{t::key_edit()}</Button>
    }
    .into_any()
}
