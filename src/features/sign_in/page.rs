//! The page of a connection nobody is signed in to.

use leptos::prelude::*;

use super::draft::Draft;
use super::form::{Attempt, attempt, fields, send};
use super::platforms::platforms;
use crate::features::connections::{Here, Switcher};
use crate::features::frame::Frame;
use crate::i18n::t;
use crate::platform::dom;
use crate::session::{Connection, Sessions};
use crate::systems::SignIn;
use crate::ui::{Button, ButtonKind, Choice, Select, effect, memo};

/// Asks who signs in, and where.
#[component]
pub fn SignInPage() -> impl IntoView {
    let sessions = expect_context::<Sessions>();
    let here = expect_context::<Here>();
    let connection = memo(move |_| here.connection());
    let Some(first) = connection.get_untracked() else { return ().into_any() };
    let draft = Draft::new(first.system, "");
    let attempt = attempt(move || draft.reset(""));
    follow(connection, draft, attempt, sessions.clone());

    // Someone who is signed in elsewhere finds the way back in the header.
    let switcher = sessions.is_anyone_in().then_some(|| view! { <Switcher /> }.into_any());
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        if let Some(connection) = connection.get_untracked() {
            send(draft, attempt, sessions.of(&connection));
        }
    };
    dom::set_title(&[t::sign_in_title(), " · ", t::app_name()].concat());
    // The page may have been drawn long after it was loaded, when the browser no longer heeds `autofocus`.
    // Asked for now: the page may be gone by then, and the draft with it.
    let field = draft.first_field();
    request_animation_frame(move || {
        dom::focus_by_id(field);
    });
    // The platforms are Qualys ones: those of systems that exchange a password for a token.
    let help =
        move || draft.ways.get().iter().any(|it| matches!(it, SignIn::Exchange { .. })).then(platforms);
    let card = view! {
        <div class="shell-card panel">
            <h1>{t::sign_in_title()}</h1>
            <form class="form" novalidate on:submit=on_submit>
                {picker(here, &first)}
                {fields(draft, attempt)}
                <Button kind=ButtonKind::Primary submit=true pending=attempt.pending>{t::sign_in_submit()}</Button>
            </form>
            {help}
        </div>
    };
    match switcher {
        Some(place) => view! { <Frame place>{card}</Frame> }.into_any(),
        None => view! { <Frame>{card}</Frame> }.into_any(),
    }
}

/// Another connection asks for other things: nothing typed for the last one is left, and a sign-in there that is
/// under way is given up.
fn follow(connection: Memo<Option<Connection>>, draft: Draft, attempt: Attempt, sessions: Sessions) {
    let give_up = move |at: &Connection| sessions.of(at).cancel_sign_in();
    on_cleanup({
        let give_up = give_up.clone();
        move || {
            if let Some(at) = connection.try_get_untracked().flatten() {
                give_up(&at);
            }
        }
    });
    effect(move |before: Option<Option<Connection>>| {
        let now = connection.get();
        if let Some(now) = &now
            && let Some(before) = before.filter(|it| it.as_ref() != Some(now))
        {
            before.iter().for_each(&give_up);
            draft.turn_to(now.system);
            attempt.clear();
        }
        now
    });
}

/// A list to choose from, or one line when there is nothing to choose.
fn picker(here: Here, shown: &Connection) -> AnyView {
    if !here.is_choice() {
        return view! { <p class="muted">{shown.name.clone()}</p> }.into_any();
    }
    let connections = here.connections();
    let options: Vec<Choice> = connections.iter().map(choice).collect();
    let value = RwSignal::new(shown.id.clone());
    // The header may lead elsewhere, too.
    effect(move |_| {
        if let Some(connection) = here.connection() {
            value.set(connection.id);
        }
    });
    effect(move |before: Option<String>| {
        let now = value.get();
        let chosen = connections.iter().find(|it| it.id == now);
        if let Some(chosen) = chosen
            && before.is_some_and(|it| it != now)
        {
            here.replace(here.place_of(chosen));
        }
        now
    });
    view! { <Select label=t::sign_in_connection() value options=options /> }.into_any()
}

fn choice(connection: &Connection) -> Choice {
    Choice::new(connection.id.clone(), connection.name.clone())
}
