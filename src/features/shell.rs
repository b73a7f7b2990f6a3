//! The console of someone who is signed in: header, banners, the page, and the dialogs over it.

use leptos::prelude::*;

use super::connection_status::{ConnectionStatus, Reachability};
use super::create::CreateDialog;
use super::delete::DeleteDialog;
use super::frame::Frame;
use super::key::KeyDialog;
use super::key_list::KeyList;
use super::session_watch::{SessionBanner, TimeLeft, seconds_left};
use super::set_enabled::SetEnabledDialog;
use super::sign_in::SignInDialog;
use crate::i18n::t;
use crate::platform::storage::preferences;
use crate::platform::{dom, location};
use crate::session::{Info, Session};
use crate::ui::{Announcer, Button, ButtonKind, Icon, LiveRegion, ToastHost, Toasts, icon};

/// Everything around and over the key list. Dropped as a whole at sign-out, and with it all it knows.
#[component]
pub fn Shell(
    /// Whose session it is, and where.
    info: Info,
    /// The way to the server.
    reachability: Reachability,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let toasts = Toasts::new();
    let announcer = Announcer::new();
    provide_context(toasts);
    provide_context(announcer);

    let secs = seconds_left(&session);
    let renewing = RwSignal::new(false);
    let sign_out = UnsyncCallback::from(move || {
        session.sign_out();
        preferences::forget();
        // The address may hold a query; the next reader of this tab must not see it.
        location::replace("/");
    });
    dom::set_title(&[&*info.connection.name, " · ", t::app_name()].concat());

    let user = info.user.clone();
    let tools = move || {
        view! {
            <TimeLeft secs />
            {who(&user)}
            <Button kind=ButtonKind::Quiet icon=Icon::SignOut on_click=sign_out>{t::shell_sign_out()}</Button>
        }
        .into_any()
    };
    let renew = move || renewing.set(true);
    view! {
        <Frame place=info.connection.name.clone() tools>
            <div class="shell-banners">
                <ConnectionStatus status=reachability />
                <SessionBanner secs on_renew=renew />
            </div>
            <KeyList />
        </Frame>
        {dialogs()}
        <SignInDialog info asked=renewing on_sign_out=sign_out />
        <ToastHost toasts />
        <LiveRegion announcer />
    }
    .into_any()
}

/// The user's name; a pasted token need not say it.
fn who(user: &str) -> AnyView {
    if user.is_empty() {
        return ().into_any();
    }
    let label = t::shell_signed_in_as(user);
    view! {
        <span class="shell-user">
            {icon(Icon::User)}
            <span class="visually-hidden">{label}</span>
            <span aria-hidden="true">{user.to_owned()}</span>
        </span>
    }
    .into_any()
}

/// The dialogs over the page. Each shows itself when it is the workspace's overlay.
fn dialogs() -> AnyView {
    view! {
        <CreateDialog />
        <KeyDialog />
        <SetEnabledDialog />
        <DeleteDialog />
    }
    .into_any()
}
