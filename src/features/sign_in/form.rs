//! The fields of signing in, the same on the page and in the dialog.

use leptos::prelude::*;

use super::draft::{Draft, PASSWORD_ID, Proof, Refusal, TOKEN_ID, USER_ID, sign_in, token_text};
use crate::features::error_view::ErrorView;
use crate::http::ErrorKind;
use crate::i18n::t;
use crate::platform::dom;
use crate::session::{Connection, Session};
use crate::ui::{Banner, PasswordField, Submit, Tab, Tabs, TextField, Tone, submit};

/// One attempt to sign in.
pub(super) type Attempt = Submit<(Connection, Proof), (), Refusal>;

/// Prepares attempts; `done` is told when one worked.
pub(super) fn attempt(session: Session, done: impl Fn() + 'static) -> Attempt {
    let send = move |(connection, proof)| sign_in(session.clone(), connection, proof);
    submit(send, move |res: &Result<(), Refusal>| {
        if res.is_ok() {
            done();
        }
    })
}

/// Sends the draft, or moves the focus to the first field that is missing.
pub(super) fn send(draft: Draft, attempt: Attempt, connection: Option<Connection>) {
    match (draft.proof(), connection) {
        (Ok(proof), Some(connection)) => {
            attempt.run((connection, proof));
        }
        (Err(field), _) => request_animation_frame(move || {
            dom::focus_by_id(field);
        }),
        (Ok(_), None) => {}
    }
}

/// User and password, or a token, and why the last attempt did not work.
pub(super) fn fields(draft: Draft, attempt: Attempt) -> AnyView {
    let by_password = move || {
        view! {
            <div class="stack">
                <TextField
                    label=t::sign_in_user()
                    value=draft.user
                    error=draft.user_error()
                    id=USER_ID
                    autocomplete="username"
                />
                <PasswordField
                    label=t::sign_in_password()
                    value=draft.password
                    error=draft.password_error()
                    id=PASSWORD_ID
                    autofocus=!draft.user.get_untracked().is_empty()
                />
            </div>
        }
        .into_any()
    };
    let by_token = move || {
        view! {
            <PasswordField
                label=t::sign_in_token()
                value=draft.token
                error=draft.token_error()
                hint=t::sign_in_token_hint()
                id=TOKEN_ID
                autocomplete="off"
            />
        }
        .into_any()
    };
    let tabs =
        vec![Tab::new(t::sign_in_by_password(), by_password), Tab::new(t::sign_in_by_token(), by_token)];
    let refusal = move || attempt.outcome().and_then(|it| it.as_ref().as_ref().err().cloned()).map(refusal);
    view! {
        {refusal}
        <Tabs label=t::sign_in_way() tabs selected=draft.way />
    }
    .into_any()
}

fn refusal(refusal: Refusal) -> AnyView {
    match refusal {
        Refusal::Call(error) if matches!(error.kind, ErrorKind::Unauthorized { .. }) => {
            view! { <ErrorView error meaning=t::sign_in_refused() /> }.into_any()
        }
        Refusal::Call(error) => view! { <ErrorView error /> }.into_any(),
        Refusal::Token(problem) => {
            view! { <Banner tone=Tone::Danger>{token_text(problem)}</Banner> }.into_any()
        }
    }
}
