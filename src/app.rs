//! The shell and its providers; no logic.

use std::rc::Rc;

use leptos::prelude::*;

use crate::features::config_problem::ConfigProblemPage;
use crate::features::connection_status::Reachability;
use crate::features::shell::Shell;
use crate::features::sign_in::SignInPage;
use crate::features::theme::Appearance;
use crate::features::workspace::Workspace;
use crate::http::BrowserTimer;
use crate::i18n::t;
use crate::journal::Journal;
use crate::platform::task;
use crate::session::{Config, ConfigProblem, Info, Session, SessionState, load_config};
use crate::systems::Client;
use crate::ui::{StateKind, StateScreen};

/// Puts the app on the page.
pub fn mount() {
    mount_to_body(App);
}

/// The whole app: its settings first, then the sign-in or the console.
#[component]
fn App() -> impl IntoView {
    let session = Session::new();
    provide_context(session.clone());
    provide_context(Appearance::restore());

    let config = RwSignal::new(None::<Result<Config, ConfigProblem>>);
    task::spawn(async move {
        let res = load_config().await;
        if let Ok(config) = &res {
            session.restore(config);
        }
        config.try_set(Some(res));
    });
    let page = move || match config.get() {
        None => view! { <StateScreen kind=StateKind::Loading title=t::shell_starting() /> }.into_any(),
        Some(Err(problem)) => view! { <ConfigProblemPage problem /> }.into_any(),
        Some(Ok(config)) => view! { <Door config /> }.into_any(),
    };
    page.into_any()
}

/// The sign-in page or the console, by who is signed in. Another reader or connection gets a new console:
/// nothing of the old one stays.
#[component]
fn Door(config: Config) -> impl IntoView {
    let state = expect_context::<Session>().state();
    let inside = Memo::new_with_compare(
        move |_| match state.get() {
            SessionState::SignedOut => None,
            SessionState::Active(info) | SessionState::Expired(info) => Some(info),
        },
        |old, new| old.map(Option::as_ref).map(identity) != new.map(Option::as_ref).map(identity),
    );
    let page = move || match inside.get() {
        None => view! { <SignInPage config=config.clone() /> }.into_any(),
        Some(info) => view! { <Console info /> }.into_any(),
    };
    page.into_any()
}

/// Who and where. A renewed session has the same.
fn identity(info: Option<&Info>) -> Option<(&str, &str)> {
    info.map(|it| (&*it.connection.id, &*it.user))
}

/// What a signed-in reader works with.
#[component]
fn Console(info: Info) -> impl IntoView {
    let session = expect_context::<Session>();
    let connection = info.connection.clone();
    let reachability = Reachability::new();
    let http = session.http(&connection).watched_by(Rc::new(reachability));
    let client = Client::new(connection.system, http);
    let authority = session.authority(&connection);
    let journal = Journal::new(client.clone(), Rc::new(BrowserTimer), authority, &connection.id);
    provide_context(Workspace::new(connection, client, journal));
    view! { <Shell info reachability /> }.into_any()
}
