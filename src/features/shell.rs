//! The console of someone who is signed in: header, banners, the page, and the dialogs over it.

use leptos::prelude::*;

use super::all_keys::{Access, AllKeys, Source};
use super::bulk::{Bulk, BulkDialog, BulkPanel, BulkShort, ChangesDialog, PickedDialog};
use super::connection_status::{ConnectionStatus, Reachability};
use super::connections::{Here, Overview, Switcher, sign_out};
use super::create::CreateDialog;
use super::delete::DeleteDialog;
use super::embedded::{Embedded, HostBanner, HostSignedOut};
use super::export::ExportDialog;
use super::frame::Frame;
use super::import_keys::ImportDialog;
use super::key::KeyDialog;
use super::key_list::KeyList;
use super::members::MembersDialog;
use super::move_members::MoveMembersDialog;
use super::read_only::ReadOnlyBanner;
use super::regenerate::RegenerateDialog;
use super::session_watch::{SessionBanner, TimeLeft, seconds_left};
use super::set_enabled::SetEnabledDialog;
use super::settings::SettingsDialog;
use super::sign_in::SignInDialog;
use super::verify::VerifyDialog;
use super::workspace::{Overlay, Workspace};
use crate::domain::KeyId;
use crate::i18n::t;
use crate::platform::dom;
use crate::session::{Connection, Info, Session, SessionState, Sessions};
use crate::systems::Client;
use crate::ui::{Announcer, Button, ButtonKind, Icon, LiveRegion, ToastHost, Toasts, effect, icon, memo};

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
    if let Some(key) = here.take_key(&info.connection) {
        workspace.open(Overlay::Key(key));
    }
    here.hold(move || workspace.overlay.try_get_untracked().is_some_and(|it| it.is_some()));
    let embedded = expect_context::<Embedded>();
    embedded.close_by(UnsyncCallback::from(move || {
        workspace.overlay.try_set(None);
    }));

    let bulk = Bulk::new(&info.user);
    provide_context(bulk);
    bulk.follow(&workspace);

    // The portal that signs the reader in watches over the end, too.
    let by_host = session.is_signed_by_host();
    let secs = if by_host { Signal::stored(None) } else { seconds_left(&session) };
    let renewing = RwSignal::new(false);
    let leave = {
        let connection = info.connection.clone();
        UnsyncCallback::from(move || sign_out(&sessions, here, &connection))
    };
    dom::set_title(&[&*info.connection.name, " · ", t::app_name()].concat());

    let Info { user, .. } = info;
    let tools = move || {
        view! {
            <BulkShort />
            <TimeLeft secs />
            {who(&user)}
            <Button kind=ButtonKind::Quiet icon=Icon::SignOut on_click=leave>{t::shell_sign_out()}</Button>
        }
        .into_any()
    };
    let id = info.connection.id.clone();
    let renew =
        UnsyncCallback::from(move || if by_host { embedded.ask_again(&id) } else { renewing.set(true) });
    let banner = match by_host {
        true => view! { <HostBanner session=session.clone() /> }.into_any(),
        false => view! { <SessionBanner session=session.clone() secs on_renew=renew /> }.into_any(),
    };
    let again = match by_host {
        true => view! { <HostSignedOut session /> }.into_any(),
        false => view! { <SignInDialog session asked=renewing on_sign_out=leave insists=true /> }.into_any(),
    };
    view! {
        <Frame place=switcher tools>
            <div class="shell-banners">
                <ConnectionStatus status=reachability />
                {banner}
                <ReadOnlyBanner on_renew=renew />
            </div>
            <BulkPanel on_renew=renew />
            <KeyList />
        </Frame>
        {dialogs()}
        {again}
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
    let embedded = expect_context::<Embedded>();
    let by_host = sessions.all().iter().any(Session::is_signed_by_host);
    let renew = UnsyncCallback::new(move |it: Connection| match by_host {
        true => embedded.ask_again(&it.id),
        false => renewing.set(Some(it.id)),
    });
    if by_host {
        sessions.all().iter().for_each(|it| embedded.need(it.connection()));
    }
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

/// What stands on the page of all connections: their keys in one list, and who is signed in where.
fn all_page(on_renew: UnsyncCallback<Connection>) -> AnyView {
    let (sessions, here) = (expect_context::<Sessions>(), expect_context::<Here>());
    let states = sessions.states();
    // Another reader's calls are made anew, and his rows; the end of a session does not end its reader.
    let readers = memo(move |_| states.with(|it| readers(it)));
    let keys = move || {
        readers.track();
        let sources = sessions.all().into_iter().map(source).collect();
        let known = sessions.clone();
        let open = move |(id, key): (String, KeyId)| {
            if let Some(session) = known.by_id(&id) {
                here.open_key(session.connection(), key);
            }
        };
        let known = sessions.clone();
        let sign_in = move |(id,): (String,)| {
            if let Some(session) = known.by_id(&id) {
                here.go(here.place_of(session.connection()));
            }
        };
        view! { <AllKeys sources on_open=UnsyncCallback::new(open) on_sign_in=UnsyncCallback::new(sign_in) /> }
    };
    view! {
        {keys}
        <section class="stack" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{t::connections_sessions()}</h2>
            <Overview on_renew />
        </section>
    }
    .into_any()
}

/// Which reader is signed in at each connection, or was until the session ended.
fn readers(states: &[(Connection, SessionState)]) -> Vec<Option<u64>> {
    states.iter().map(|(_, state)| state.info().map(|it| it.reader)).collect()
}

/// A connection of the list, with calls of its own session.
fn source(session: Session) -> Source {
    let connection = session.connection().clone();
    let client = Client::new(connection.system, session.http());
    let state = session.state();
    let access = Signal::derive(move || match state.get() {
        SessionState::SignedOut => Access::SignedOut,
        SessionState::Active(_) => Access::Active,
        SessionState::Expired(_) => Access::Expired,
    });
    Source { connection, client, access }
}

fn banner(session: Session, renew: UnsyncCallback<Connection>) -> AnyView {
    if session.is_signed_by_host() {
        return view! { <HostBanner session /> }.into_any();
    }
    let secs = seconds_left(&session);
    let connection = session.connection().clone();
    let on_renew = move || renew.run(connection.clone());
    view! { <SessionBanner session secs on_renew named=true /> }.into_any()
}

fn renewal(session: Session, renewing: RwSignal<Option<String>>) -> AnyView {
    if session.is_signed_by_host() {
        return ().into_any();
    }
    let (sessions, here) = (expect_context::<Sessions>(), expect_context::<Here>());
    let connection = session.connection().clone();
    let asked = RwSignal::new(false);
    let id = connection.id.clone();
    effect(move |_| {
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
        <MembersDialog />
        <MoveMembersDialog />
        <RegenerateDialog />
        <VerifyDialog />
        <SettingsDialog />
        <ImportDialog />
        <ExportDialog />
        <BulkDialog />
        <PickedDialog />
        <ChangesDialog />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::domain::Secret;
    use crate::session::Config;

    /// The list once kept one reader's rows for the next, since somebody was signed in before and after.
    #[test]
    fn a_change_of_reader_at_one_connection_is_seen() {
        let text = r#"{"connections":[
            {"id":"a","name":"A","system":"solifyn","base_url":"/"},
            {"id":"b","name":"B","system":"solifyn","base_url":"/b"}]}"#;
        Owner::new().with(|| {
            let sessions = Sessions::new(&Config::read(text).unwrap());
            let states = sessions.states();
            let now = || states.with_untracked(|it| readers(it));
            let session = sessions.by_id("a").unwrap();
            let sign_in = |key: &str| session.use_token(&Secret::new(key.to_owned())).unwrap();
            assert_eq!(now(), [None, None]);
            sign_in("sk_live_first_1");
            let first = now();
            sign_in("sk_live_first_1");
            assert_eq!(now(), first);
            sign_in("sk_live_other_2");
            assert!(now() != first && now().last() == Some(&None), "{:?}", now());
        });
    }
}
