//! The fields of signing in, the same on the page and in the dialog.

use leptos::prelude::*;

use super::draft::{Draft, PASSWORD_ID, Proof, Refusal, TOKEN_ID, USER_ID, sign_in, token_text};
use crate::features::error_view::ErrorView;
use crate::http::ErrorKind;
use crate::i18n::t;
use crate::platform::dom;
use crate::session::Session;
use crate::systems::SignIn;
use crate::ui::{Banner, PasswordField, Submit, Tab, Tabs, TextField, Tone, submit};

/// One attempt to sign in.
pub(super) type Attempt = Submit<(Session, Proof), (), Refusal>;

/// Prepares attempts; `done` is told when one worked.
pub(super) fn attempt(done: impl Fn() + 'static) -> Attempt {
    let send = |(session, proof)| sign_in(session, proof);
    submit(send, move |res: &Result<(), Refusal>| {
        if res.is_ok() {
            done();
        }
    })
}

/// Sends the draft, or moves the focus to the first field that is missing.
pub(super) fn send(draft: Draft, attempt: Attempt, session: Session) {
    match draft.proof() {
        Ok(proof) => {
            attempt.run((session, proof));
        }
        Err(field) => request_animation_frame(move || {
            dom::focus_by_id(field);
        }),
    }
}

/// What the system asks for, and why the last attempt did not work.
pub(super) fn fields(draft: Draft, attempt: Attempt) -> AnyView {
    let refusal = move || {
        let refused = attempt.outcome().and_then(|it| it.as_ref().as_ref().err().cloned());
        // What the reader gave up himself needs no word.
        refused.filter(|it| !it.is_cancelled()).map(refusal)
    };
    let ways = move || match draft.ways.get() {
        [only] => panel(only, draft),
        ways => {
            let tabs =
                ways.iter().map(|way| Tab::new(tab(way), move || panel(way, draft))).collect::<Vec<_>>();
            view! { <Tabs label=t::sign_in_way() tabs selected=draft.way /> }.into_any()
        }
    };
    view! {
        {refusal}
        {ways}
    }
    .into_any()
}

fn tab(way: &SignIn) -> &'static str {
    match way {
        SignIn::Exchange { .. } | SignIn::Basic => t::sign_in_by_password(),
        SignIn::Token { .. } => t::sign_in_by_token(),
    }
}

fn panel(way: &SignIn, draft: Draft) -> AnyView {
    match way {
        SignIn::Exchange { .. } => by_password(draft, ""),
        SignIn::Basic => by_password(draft, t::sign_in_basic_hint()),
        SignIn::Token { label, hint } => by_token(draft, label(), hint()),
    }
}

fn by_password(draft: Draft, hint: &'static str) -> AnyView {
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
                hint=hint
                id=PASSWORD_ID
                autofocus=!draft.user.get_untracked().is_empty()
            />
        </div>
    }
    .into_any()
}

fn by_token(draft: Draft, label: &'static str, hint: &'static str) -> AnyView {
    view! {
        <PasswordField
            label=label
            value=draft.token
            error=draft.token_error()
            hint=hint
            id=TOKEN_ID
            autocomplete="off"
        />
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
