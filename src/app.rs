//! The shell and its providers; no logic.

use std::rc::Rc;

use leptos::prelude::*;

use crate::features::config_problem::ConfigProblemPage;
use crate::features::connection_status::Reachability;
use crate::features::connections::Here;
use crate::features::embedded::{Embedded, HostQuestion, HostSignIn, NotShown, Stage};
use crate::features::kept;
use crate::features::release::ReleaseNotice;
use crate::features::self_check::{Checking, SelfCheckPage};
use crate::features::shell::{AllShell, Shell};
use crate::features::sign_in::SignInPage;
use crate::features::theme::Appearance;
use crate::features::unsaved::Unsaved;
use crate::features::workspace::Workspace;
use crate::http::BrowserTimer;
use crate::i18n::t;
use crate::journal::Journal;
use crate::journal::bulk::Whose;
use crate::page::Place;
use crate::platform::{supervisor, task};
use crate::session::{Config, ConfigProblem, Info, Session, Sessions, load_config};
use crate::systems::Client;
use crate::ui::{StateKind, StateScreen, memo};

/// Puts the app on the page.
pub fn mount() {
    supervisor::watch_panics();
    mount_to_body(App);
}

/// The whole app: its settings first, then the sign-in or the console.
#[component]
fn App() -> impl IntoView {
    provide_context(Appearance::restore());
    let checking = Checking::from_address(Unsaved::provide());
    provide_context(checking);
    let embedded = Embedded::provide();

    let config = RwSignal::new(None::<Result<Config, ConfigProblem>>);
    // They outlive the pages: what is signed in there stays so while the self-check is shown.
    let sessions = StoredValue::new_local(None::<Sessions>);
    let opened = StoredValue::new(false);
    task::spawn(async move {
        let loaded = load_config().await;
        if let Ok(loaded) = &loaded {
            sessions.try_set_value(Some(Sessions::new(loaded)));
            embedded.start(loaded);
        }
        config.try_set(Some(loaded));
    });
    // A memo: another stage than these must not draw everything anew.
    let no_page =
        memo(move |_| Some(embedded.stage()).filter(|it| matches!(it, Stage::Greeting | Stage::Refused)));
    let page = move || {
        match (config.get(), checking.is_shown().get()) {
            (None, _) => {
                view! { <StateScreen kind=StateKind::Loading title=t::shell_starting() /> }.into_any()
            }
            (Some(Ok(_)), _) if no_page.get() == Some(Stage::Refused) => view! { <NotShown /> }.into_any(),
            (Some(config), true) => view! { <SelfCheckPage config=config.ok() /> }.into_any(),
            (Some(Err(problem)), false) => view! { <ConfigProblemPage problem /> }.into_any(),
            // The host says how to begin.
            (Some(Ok(_)), false) if no_page.get() == Some(Stage::Greeting) => {
                view! { <StateScreen kind=StateKind::Loading title=t::embed_greeting() /> }.into_any()
            }
            (Some(Ok(config)), false) => {
                let sessions = sessions.get_value();
                let is_first = !opened.get_value();
                opened.set_value(true);
                sessions.map(|sessions| view! { <Door config sessions is_first /> }).into_any()
            }
        }
    };
    view! {
        <ReleaseNotice />
        {page}
        <HostQuestion />
    }
    .into_any()
}

/// What is on the screen.
#[derive(Clone)]
enum Screen {
    /// Nobody is signed in to the connection.
    SignIn,
    /// One connection.
    Console(Info),
    /// All connections.
    All,
}

/// The sign-in page or the console, by which connection the address names and who is signed in there. Another
/// reader or connection gets a new console: nothing of the old one stays.
#[component]
fn Door(config: Config, sessions: Sessions, is_first: bool) -> impl IntoView {
    let embedded = expect_context::<Embedded>();
    if is_first {
        if untrack(|| embedded.host_signs()) {
            sessions.all().iter().for_each(Session::sign_by_host);
        }
        sessions.restore();
    }
    provide_context(sessions.clone());
    let here = Here::from_address(&config);
    provide_context(here);
    embedded.attend(&sessions, here);
    let screen = Memo::new_with_compare(
        move |_| match (here.place().get(), here.connection()) {
            (Place::All, _) => Screen::All,
            (_, Some(connection)) => {
                let state = sessions.of(&connection).state();
                state.with(|it| it.info().cloned()).map_or(Screen::SignIn, Screen::Console)
            }
            (_, None) => Screen::SignIn,
        },
        |old, new| old.map(Screen::identity) != new.map(Screen::identity),
    );
    let redraws = embedded.redraws();
    let page = move || {
        redraws.track();
        match screen.get() {
            Screen::SignIn if embedded.host_signs() => view! { <HostSignIn /> }.into_any(),
            Screen::SignIn => view! { <SignInPage /> }.into_any(),
            Screen::Console(info) => view! { <Console info /> }.into_any(),
            Screen::All => view! { <AllShell /> }.into_any(),
        }
    };
    page.into_any()
}

impl Screen {
    /// Which screen, where, and which reader: a name would not tell two readers apart whose credentials say none.
    /// A renewed session has the same.
    fn identity(&self) -> (u8, &str, u64) {
        match self {
            Self::SignIn => (0, "", 0),
            Self::Console(info) => (1, &info.connection.id, info.reader),
            Self::All => (2, "", 0),
        }
    }
}

/// What a signed-in reader works with.
#[component]
fn Console(info: Info) -> impl IntoView {
    let connection = info.connection.clone();
    let session: Session = expect_context::<Sessions>().of(&connection);
    provide_context(session.clone());
    let reachability = Reachability::new();
    let http = session.http().watched_by(Rc::new(reachability));
    let client = Client::new(connection.system, http);
    let authority = session.authority();
    let whose = Whose::new(&connection.id, &info.user, &connection.base_url);
    let journal = Journal::of_tab(client.clone(), Rc::new(BrowserTimer), authority, whose, info.reader);
    let jobs = journal.jobs().clone();
    let (embedded, id) = (expect_context::<Embedded>(), connection.id.clone());
    jobs.tell(move |it| embedded.tell(&id, it));
    let read_only = embedded.may_only_read(session.read_only());
    // What an earlier tab left half done is looked up, whichever screen is open.
    task::spawn_detached(async move { jobs.open().await });
    let workspace = Workspace::new(connection, client, journal).read_only_while(read_only);
    // A portal's next user may have no name either.
    if !(info.user.is_empty() && session.is_signed_by_host()) {
        kept::restore(&workspace, &info.user);
    }
    provide_context(workspace);
    view! { <Shell info reachability /> }.into_any()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::domain::Secret;

    /// Rows and values of one reader once stayed on the screen for the next, whose key said no name either.
    #[test]
    fn another_reader_gets_another_console() {
        let text = r#"{"connections":[{"id":"a","name":"A","system":"solifyn","base_url":"/"}]}"#;
        let session = Sessions::new(&Config::read(text).unwrap()).by_id("a").unwrap();
        let sign_in = |key: &str| {
            session.use_token(&Secret::new(key.to_owned())).unwrap();
            Screen::Console(session.current().info().unwrap().clone())
        };
        let (first, again, other) =
            (sign_in("sk_live_first_1"), sign_in("sk_live_first_1"), sign_in("sk_live_other_2"));
        assert!(first.identity() == again.identity());
        assert!(first.identity() != other.identity());
    }
}
