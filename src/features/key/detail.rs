//! What a key is, on the screen.

use leptos::prelude::*;

use crate::domain::{Ended, FieldId, Key, Limit, Standing, Value};
use crate::features::curl::CurlDetails;
use crate::features::install::InstallCommands;
use crate::features::key_actions::extras;
use crate::features::key_json;
use crate::features::key_text;
use crate::features::key_value::KeyValue;
use crate::features::workspace::{Overlay, Workspace};
use crate::i18n::t;
use crate::systems::{ActionKind, Call, Draft, FieldKind, FieldSpec, Manifest, Removal, SecretPolicy};
use crate::ui::{Badge, Button, ButtonKind, CopyButton, Definition, Definitions, Icon, Meter};

/// Everything about a key.
#[component]
pub fn KeyDetail(
    /// The key as read.
    key: Key,
) -> impl IntoView {
    let manifest = expect_context::<Workspace>().manifest();
    let call = Call::Get(key.id.clone());
    let installs = manifest.can(ActionKind::Install);
    let install = key.value.clone().filter(|_| installs).map(|value| view! { <InstallCommands value /> });
    let json = key_json::key_json(manifest, &key);
    view! {
        {state(manifest, &key)}
        {facts(manifest, &key)}
        {lacks(manifest)}
        {install}
        <CurlDetails call=Signal::stored(Some(call)) />
        <div class="button-row">
            <CopyButton value=move || json.clone() name=t::key_copy_json() text=t::key_copy_json() />
        </div>
    }
    .into_any()
}

/// The state in one word, why, and what to do about it.
fn state(manifest: &Manifest, key: &Key) -> AnyView {
    let standing = Standing::of(key, key_text::now());
    let reason = key_text::state_reason(manifest, &standing);
    let text = [&*reason, " ", key_text::state_next_step(manifest, &standing)].concat();
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

/// The fields the manifest shows. The state stands above them, and the title is the dialog's.
fn facts(manifest: &Manifest, key: &Key) -> AnyView {
    let is_fact =
        |it: &&FieldSpec| it.shown && it.id != FieldId::TITLE && !matches!(it.kind, FieldKind::State);
    let fact = |spec: &'static FieldSpec| {
        let value = fact(manifest, spec, key);
        view! { <Definition term=(spec.label)()>{value}</Definition> }.into_any()
    };
    let facts: Vec<AnyView> = manifest.fields.iter().filter(is_fact).map(fact).collect();
    view! { <Definitions>{facts}</Definitions> }.into_any()
}

/// What stands in one field.
fn fact(manifest: &Manifest, spec: &'static FieldSpec, key: &Key) -> AnyView {
    let value = key.fields.get(spec.id);
    match (spec.kind, value) {
        (FieldKind::Secret, _) => secret(manifest, key),
        (FieldKind::Id, _) => key_id(key.id.0.clone()),
        (FieldKind::Usage, Some(_)) => usage(spec, key),
        (FieldKind::Codes(codes), Some(Value::Codes(items))) if !items.is_empty() => {
            let line = |it: &String| view! { <li>{key_text::code_text(codes, it)}</li> }.into_any();
            let lines: Vec<AnyView> = items.iter().map(line).collect();
            view! { <ul class="plain-list">{lines}</ul> }.into_any()
        }
        (_, Some(Value::Day(_) | Value::Moment(_))) => moment(spec, key),
        _ => key_text::field_text(manifest, key, spec.id).into_any(),
    }
}

/// A day or a moment, and how far away it is.
fn moment(spec: &FieldSpec, key: &Key) -> AnyView {
    let now = key_text::now();
    let (absolute, relative) = match key.fields.get(spec.id) {
        Some(Value::Day(day)) => {
            let (absolute, relative) = key_text::expires_text(Some(crate::domain::Expiry::Day(*day)), now);
            (t::key_utc(&absolute), relative)
        }
        Some(Value::Moment(at)) if spec.id == FieldId::EXPIRES => {
            key_text::expires_text(Some(crate::domain::Expiry::At(*at)), now)
        }
        Some(Value::Moment(at)) => key_text::moment_text(Some(*at), now),
        _ => key_text::moment_text(None, now),
    };
    let relative = (!relative.is_empty()).then(|| view! { <span class="muted">" · " {relative}</span> });
    view! { {absolute} {relative} }.into_any()
}

fn usage(spec: &FieldSpec, key: &Key) -> AnyView {
    let used = key.used().unwrap_or(0);
    let limit = match key.limit() {
        Some(Limit::Of(limit)) => Some(limit),
        _ => None,
    };
    let text = key_text::usage_text(used, key.limit());
    view! { <Meter label=(spec.label)().to_owned() used limit text /> }.into_any()
}

/// The key's value, or why there is none.
fn secret(manifest: &Manifest, key: &Key) -> AnyView {
    if let Some(value) = key.value.clone() {
        return view! { <KeyValue value what=t::key_value_what() /> }.into_any();
    }
    let why = match manifest.secret {
        SecretPolicy::Always => t::key_not_told(),
        SecretPolicy::Once => t::key_value_once(),
        SecretPolicy::Never => t::key_value_never(),
    };
    view! { <span class="muted">{why}</span> }.into_any()
}

/// An id, with a button that copies it.
pub(in crate::features) fn key_id(id: String) -> AnyView {
    let copied = id.clone();
    view! {
        <span class="secret">
            <code>{id}</code>
            <CopyButton value=move || copied.clone() name=t::key_copy_id() />
        </span>
    }
    .into_any()
}

/// Actions that the dialog offers for other systems and this one has not got, each with what to do instead.
fn lacks(manifest: &Manifest) -> AnyView {
    const HERE: [ActionKind; 6] = [
        ActionKind::Edit,
        ActionKind::Duplicate,
        ActionKind::Enable,
        ActionKind::Disable,
        ActionKind::Delete,
        ActionKind::Revoke,
    ];
    let line = |kind: ActionKind| Some(view! { <p class="form-note">{manifest.lack(kind)?}</p> }.into_any());
    HERE.into_iter().filter_map(line).collect::<Vec<_>>().into_any()
}

/// What can be done with the key. `on_edit` opens the form in the same dialog.
pub(super) fn actions(workspace: &Workspace, key: &Key, on_edit: UnsyncCallback<()>) -> AnyView {
    let manifest = workspace.manifest();
    let open = |overlay: Overlay| {
        let workspace = workspace.clone();
        UnsyncCallback::from(move || workspace.open(overlay.clone()))
    };
    let button = |kind: ButtonKind, icon: Icon, word: &'static str, on_click: UnsyncCallback<()>| {
        view! { <Button kind icon on_click>{word}</Button> }.into_any()
    };
    let (removal, removes) = match workspace.client().removal(key) {
        Removal::Delete => (ActionKind::Delete, t::key_delete()),
        Removal::Revoke => (ActionKind::Revoke, t::key_revoke()),
    };
    let (switch, switch_icon, switches) = match key.disabled {
        true => (ActionKind::Enable, Icon::Power, t::key_enable()),
        false => (ActionKind::Disable, Icon::Ban, t::key_disable()),
    };
    // What was taken back or put away is switched on and off no more.
    let switchable = workspace.may(switch) && !matches!(key.ended, Some(Ended::Revoked | Ended::Archived));
    let revocable = removal != ActionKind::Revoke || key.ended != Some(Ended::Revoked);
    let remove = (workspace.may(removal) && revocable).then(|| {
        button(ButtonKind::Danger, Icon::Trash, removes, open(Overlay::Delete(Box::new(key.clone()))))
    });
    let switch = switchable.then(|| {
        let overlay = Overlay::SetEnabled(Box::new(key.clone()), key.disabled);
        button(ButtonKind::default(), switch_icon, switches, open(overlay))
    });
    let duplicate = workspace.may(ActionKind::Duplicate).then(|| {
        let overlay = Overlay::Create(Draft::like(manifest, key));
        button(ButtonKind::default(), Icon::Duplicate, t::key_duplicate(), open(overlay))
    });
    let edit = workspace
        .may(ActionKind::Edit)
        .then(|| button(ButtonKind::Primary, Icon::Pencil, t::key_edit(), on_edit));
    let extras: Vec<AnyView> = extras(manifest, key)
        .into_iter()
        .filter(|it| workspace.may(it.kind))
        .map(|it| button(ButtonKind::default(), it.icon, it.label, open(it.overlay)))
        .collect();
    view! { {remove} {extras} {switch} {duplicate} {edit} }.into_any()
}
