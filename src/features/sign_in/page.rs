//! The page of someone who is not signed in.

use leptos::prelude::*;

use super::draft::{Draft, PASSWORD_ID, USER_ID};
use super::form::{attempt, fields, send};
use super::platforms::platforms;
use crate::features::frame::Frame;
use crate::i18n::t;
use crate::platform::dom;
use crate::session::{Config, Connection, Session};
use crate::ui::{Button, ButtonKind, Choice, Select};

/// Asks who signs in, and where.
#[component]
pub fn SignInPage(
    /// The connections on offer.
    config: Config,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let first = config.connections.first().map(|it| it.id.clone()).unwrap_or_default();
    let draft = Draft::new(&first, "");
    let attempt = attempt(session, move || draft.reset(""));
    let picker = picker(&config, draft.connection);
    let chosen = move || config.connection(&draft.connection.get_untracked()).cloned();
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        send(draft, attempt, chosen());
    };
    dom::set_title(&[t::sign_in_title(), " · ", t::app_name()].concat());
    // The page may have been drawn long after it was loaded, when the browser no longer heeds `autofocus`.
    request_animation_frame(move || {
        let field = if draft.user.try_get_untracked().is_some_and(|it| it.is_empty()) {
            USER_ID
        } else {
            PASSWORD_ID
        };
        dom::focus_by_id(field);
    });
    view! {
        <Frame>
            <div class="shell-card panel">
                <h1>{t::sign_in_title()}</h1>
                <form class="form" novalidate on:submit=on_submit>
                    {picker}
                    {fields(draft, attempt)}
                    <Button kind=ButtonKind::Primary submit=true pending=attempt.pending>{t::sign_in_submit()}</Button>
                </form>
                {platforms()}
            </div>
        </Frame>
    }
    .into_any()
}

/// A list to choose from, or one line when there is nothing to choose.
fn picker(config: &Config, value: RwSignal<String>) -> AnyView {
    if let [only] = config.connections.as_slice() {
        return view! { <p class="muted">{only.name.clone()}</p> }.into_any();
    }
    let options: Vec<Choice> = config.connections.iter().map(choice).collect();
    view! { <Select label=t::sign_in_connection() value options=options /> }.into_any()
}

fn choice(connection: &Connection) -> Choice {
    Choice::new(connection.id.clone(), connection.name.clone())
}
