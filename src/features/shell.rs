//! The console of someone who is signed in: header, banners, the page, and the dialogs over it.

use leptos::prelude::*;

use super::connection_status::{ConnectionStatus, Reachability};
use super::connections::{Here, Overview, Switcher, sign_out};
use super::create::CreateDialog;
use super::delete::DeleteDialog;
use super::frame::Frame;
use super::key::KeyDialog;
use super::key_list::KeyList;
use super::session_watch::{SessionBanner, TimeLeft, seconds_left};
use super::set_enabled::SetEnabledDialog;
use super::sign_in::SignInDialog;
use super::workspace::Workspace;
use crate::i18n::t;
use crate::platform::dom;
use crate::session::{Connection, Info, Session, Sessions};
use crate::ui::{Announcer, Button, ButtonKind, Icon, LiveRegion, ToastHost, Toasts, icon};

/// Everything around and over the key list of one connection. Dropped as a whole at sign-out and at a move
/// to another connection, and with it all it knows.
#[component]
pub fn Shell(
    /// Whose session it is, and where.
    info: Info,
    /// The way to the server.
    reachability: Reachability,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let sessions = expect_context::<Sessions>();
    let here = expect_context::<Here>();
    let workspace = expect_context::<Workspace>();
    let (toasts, announcer) = messages();
    here.hold(move || workspace.overlay.try_get_untracked().is_some_and(|it| it.is_some()));

    let secs = seconds_left(&session);
    let renewing = RwSignal::new(false);
    let leave = {
        let connection = info.connection.clone();
        UnsyncCallback::from(move || sign_out(&sessions, here, &connection))
    };
    dom::set_title(&[&*info.connection.name, " · ", t::app_name()].concat());

    let Info { user, .. } = info;
    let tools = move || {
        view! {
            <TimeLeft secs />
            {who(&user)}
            <Button kind=ButtonKind::Quiet icon=Icon::SignOut on_click=leave>{t::shell_sign_out()}</Button>
        }
        .into_any()
    };
    let renew = move || renewing.set(true);
    let banner = view! { <SessionBanner session=session.clone() secs on_renew=renew /> };
    view! {
        <Frame place=switcher tools>
            <div class="shell-banners">
                <ConnectionStatus status=reachability />
                {banner}
            </div>
            <KeyList />
        </Frame>
        {dialogs()}
        <SignInDialog session asked=renewing on_sign_out=leave insists=true />
        <ToastHost toasts />
        <LiveRegion announcer />
    }
    .into_any()
}

/// The same around the page of all connections. Each session is warned about and renewed by its name; none
/// of them stops the work with the others.
#[component]
pub fn AllShell() -> impl IntoView {
    let sessions = expect_context::<Sessions>();
    let (toasts, announcer) = messages();
    dom::set_title(&[t::connections_all(), " · ", t::app_name()].concat());

    // The connection whose session is being renewed.
    let renewing = RwSignal::new(None::<String>);
    let renew = UnsyncCallback::new(move |it: Connection| renewing.set(Some(it.id)));
    let banners = sessions.all().into_iter().map(|it| banner(it, renew)).collect_view();
    let renewals = sessions.all().into_iter().map(|it| renewal(it, renewing)).collect_view();
    view! {
        <Frame place=switcher>
            <div class="shell-banners">{banners}</div>
            {all_page(renew)}
        </Frame>
        {renewals}
        <ToastHost toasts />
        <LiveRegion announcer />
    }
    .into_any()
}

/// What stands on the page of all connections.
fn all_page(on_renew: UnsyncCallback<Connection>) -> AnyView {
    view! {
        <div class="page-head">
            <h1>{t::connections_all()}</h1>
        </div>
        <Overview on_renew />
    }
    .into_any()
}

fn banner(session: Session, renew: UnsyncCallback<Connection>) -> AnyView {
    let secs = seconds_left(&session);
    let connection = session.connection().clone();
    let on_renew = move || renew.run(connection.clone());
    view! { <SessionBanner session secs on_renew named=true /> }.into_any()
}

fn renewal(session: Session, renewing: RwSignal<Option<String>>) -> AnyView {
    let (sessions, here) = (expect_context::<Sessions>(), expect_context::<Here>());
    let connection = session.connection().clone();
    let asked = RwSignal::new(false);
    let id = connection.id.clone();
    Effect::new(move |_| {
        if renewing.with(|it| it.as_ref() == Some(&id)) {
            renewing.set(None);
            asked.set(true);
        }
    });
    let leave = move || {
        asked.set(false);
        sign_out(&sessions, here, &connection);
    };
    view! { <SignInDialog session asked on_sign_out=leave insists=false /> }.into_any()
}

/// What every page inside speaks through.
fn messages() -> (Toasts, Announcer) {
    let messages = (Toasts::new(), Announcer::new());
    provide_context(messages.0);
    provide_context(messages.1);
    messages
}

fn switcher() -> AnyView {
    view! { <Switcher /> }.into_any()
}

/// The user's name; a token need not say it.
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
