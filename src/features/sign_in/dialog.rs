//! Signing in over the page, so that nothing behind it is lost.

use leptos::prelude::*;

use super::draft::Draft;
use super::form::{attempt, fields, send};
use crate::features::connections::Here;
use crate::http::Scheme;
use crate::i18n::t;
use crate::session::{Session, SessionState};
use crate::systems::SignIn;
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogSize, Tone, effect, memo};

/// Opens at `asked` when the reader wants a new session before the old one ends, and, where it `insists`, by
/// itself when the service refuses the credential. After it, waiting calls go on by themselves.
///
/// Where it insists, an ended session leaves two ways: signing in, or signing out, which the cross then
/// explains. It cannot just be closed, since a change that waits behind it would wait for ever.
#[component]
pub fn SignInDialog(
    /// The session it goes on with.
    session: Session,
    /// The reader asked for it.
    asked: RwSignal<bool>,
    /// Ends the session.
    #[prop(into)]
    on_sign_out: UnsyncCallback<()>,
    /// Whether the page behind it is of no use without this session.
    insists: bool,
) -> impl IntoView {
    let here = expect_context::<Here>();
    let state = session.state();
    let over = memo(move |_| state.with(|it| matches!(it, SessionState::Expired(_))));
    let open = Signal::derive(move || (insists && over.get()) || asked.get());
    let stuck = RwSignal::new(false);
    let name = memo(move |_| state.with(|it| it.info().map(|it| it.user.clone()).unwrap_or_default()));
    let connection = session.connection();
    let title = match here.is_choice() {
        true => t::sign_in_title_again_at(&connection.name),
        false => t::sign_in_title_again().to_owned(),
    };
    let draft = Draft::new(connection.system, &name.get_untracked());
    let attempt = attempt(move || asked.set(false));

    let closed = session.clone();
    let on_close = move || {
        // An answer that comes later must not sign in anybody.
        closed.cancel_sign_in();
        asked.set(false);
        stuck.set(false);
        draft.reset(&name.get_untracked());
        attempt.clear();
    };
    let guard = move || {
        let may_close = !(insists && over.get_untracked());
        stuck.set(!may_close);
        may_close
    };
    let (authority, gone) = (session.clone(), session.clone());
    on_cleanup(move || gone.cancel_sign_in());
    let on_submit = move || send(draft, attempt, session.clone());
    // What it opens with: the way the reader came in, and his name.
    effect(move |_| {
        if open.get() {
            let by_password = authority.authority().scheme() == Scheme::Basic;
            let is_wanted = |it: &SignIn| matches!(it, SignIn::Basic) == by_password;
            draft.way.set(draft.ways.with_untracked(|it| it.iter().position(is_wanted)).unwrap_or_default());
            draft.user.set(name.get_untracked());
        }
    });
    let footer = move || {
        view! {
            <Button on_click=on_sign_out>{t::shell_sign_out()}</Button>
            <Button kind=ButtonKind::Primary submit=true pending=attempt.pending>{t::sign_in_submit()}</Button>
        }
        .into_any()
    };
    let intro = move || state.with(|it| intro(it, draft));
    let notes = move || {
        let other = name.with(|it| {
            let who = draft.who().filter(|who| who != it && !it.is_empty());
            who.map(|_| t::sign_in_other_user(it))
        });
        let other = other.map(|text| view! { <Banner tone=Tone::Warning>{text}</Banner> });
        let stuck = stuck.get().then(|| view! { <Banner tone=Tone::Warning>{t::sign_in_stuck()}</Banner> });
        (other, stuck)
    };
    view! {
        <Dialog open on_close title guard on_submit size=DialogSize::Small footer>
            <p>{intro}</p>
            {notes}
            {fields(draft, attempt)}
        </Dialog>
    }
    .into_any()
}

/// Why it asks. Tracks the way that is chosen.
fn intro(state: &SessionState, draft: Draft) -> String {
    let basic = matches!(draft.way(), Some(SignIn::Basic));
    match state {
        SessionState::Expired(info) if !info.accepted => t::sign_in_not_accepted().to_owned(),
        SessionState::Expired(_) if basic => t::sign_in_asked_again().to_owned(),
        SessionState::Expired(info) if info.user.is_empty() => t::sign_in_expired_nameless().to_owned(),
        SessionState::Expired(info) => t::sign_in_expired(&info.user),
        SessionState::Active(info) if !info.user.is_empty() => t::sign_in_renew(&info.user),
        SessionState::Active(_) | SessionState::SignedOut => t::sign_in_renew_nameless().to_owned(),
    }
}
