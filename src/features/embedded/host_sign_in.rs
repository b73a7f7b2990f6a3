//! Signing in through the host: what the reader sees meanwhile, and when there is no token.

use leptos::prelude::*;

use super::desk::Embedded;
use crate::embed::Standing;
use crate::features::connections::{Here, Switcher};
use crate::features::frame::Frame;
use crate::i18n::t;
use crate::platform::dom;
use crate::session::{Session, SessionState};
use crate::ui::{
    Banner, Button, ButtonKind, Dialog, DialogSize, Icon, StateKind, StateScreen, Tone, effect, memo,
};

/// The page of a connection whose token the host has not given yet.
#[component]
pub fn HostSignIn() -> impl IntoView {
    let embedded = expect_context::<Embedded>();
    let here = expect_context::<Here>();
    dom::set_title(&[t::sign_in_title(), " · ", t::app_name()].concat());
    effect(move |_| {
        if let Some(connection) = here.connection() {
            embedded.need(&connection);
        }
    });
    let place = || view! { <Switcher /> }.into_any();
    let content = move || {
        let Some(connection) = here.connection() else { return ().into_any() };
        let id = connection.id.clone();
        let ask = move || embedded.ask_again(&id);
        match embedded.standing(&connection.id) {
            Standing::Fine | Standing::Asking => {
                view! { <StateScreen kind=StateKind::Loading title=t::embed_asking() /> }.into_any()
            }
            Standing::Retrying => view! {
                <StateScreen kind=StateKind::Loading title=t::embed_retrying() text=t::embed_retrying_text()>
                    <Button on_click=ask>{t::embed_ask_now()}</Button>
                </StateScreen>
            }
            .into_any(),
            Standing::SignedOut => view! {
                <StateScreen
                    kind=StateKind::Empty
                    icon=Icon::User
                    title=t::embed_signed_out()
                    text=t::embed_signed_out_text()
                >
                    <Button kind=ButtonKind::Primary on_click=ask>{t::embed_ask_again()}</Button>
                </StateScreen>
            }
            .into_any(),
        }
    };
    view! { <Frame place>{content}</Frame> }.into_any()
}

/// While a refused token is replaced: what is on the page waits for the next one.
#[component]
pub fn HostBanner(
    /// Whose token it is.
    session: Session,
) -> impl IntoView {
    let embedded = expect_context::<Embedded>();
    let id = session.connection().id.clone();
    let state = session.state();
    let waits = memo(move |_| {
        let is_over = state.with(|it| matches!(it, SessionState::Expired(_)));
        is_over && embedded.standing(&id) == Standing::Retrying
    });
    let id = session.connection().id.clone();
    let banner = move || {
        waits.get().then(|| {
            let id = id.clone();
            let ask = UnsyncCallback::from(move || embedded.ask_again(&id));
            let actions = move || view! { <Button on_click=ask>{t::embed_ask_now()}</Button> }.into_any();
            view! { <Banner tone=Tone::Warning title=t::embed_retrying() actions>{t::embed_waits_text()}</Banner> }
        })
    };
    banner.into_any()
}

/// Over the page, when nobody is signed in to the host any more: what is unsaved stays behind it.
#[component]
pub fn HostSignedOut(
    /// Whose token is over.
    session: Session,
) -> impl IntoView {
    let embedded = expect_context::<Embedded>();
    let id = session.connection().id.clone();
    let state = session.state();
    let asked = id.clone();
    let open = memo(move |_| {
        let is_over = state.with(|it| matches!(it, SessionState::Expired(_)));
        is_over && embedded.standing(&id) == Standing::SignedOut
    });
    let ask = UnsyncCallback::from(move || embedded.ask_again(&asked));
    // What waits behind it would wait for ever.
    let guard = move || !open.get_untracked();
    let footer = move || {
        view! { <Button kind=ButtonKind::Primary on_click=ask>{t::embed_ask_again()}</Button> }.into_any()
    };
    view! {
        <Dialog open on_close=|| () title=t::embed_signed_out() guard size=DialogSize::Small footer>
            <p>{t::embed_over_text()}</p>
        </Dialog>
    }
    .into_any()
}
