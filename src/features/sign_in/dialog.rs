//! Signing in over the page, so that nothing behind it is lost.

use leptos::prelude::*;

use super::draft::Draft;
use super::form::{attempt, fields, send};
use crate::i18n::t;
use crate::session::{Info, Session, SessionState};
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogSize, Tone};

/// Opens by itself when the server refuses the token, and at `asked` when the reader wants a new session
/// before the old one ends. After it, waiting calls go on by themselves.
///
/// An ended session leaves two ways: signing in, or signing out, which the cross then explains. It cannot just
/// be closed, since a change that waits behind it would wait for ever.
#[component]
pub fn SignInDialog(
    /// The session it goes on with.
    info: Info,
    /// The reader asked for it.
    asked: RwSignal<bool>,
    /// Ends the session.
    #[prop(into)]
    on_sign_out: UnsyncCallback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let state = session.state();
    let over = Memo::new(move |_| state.with(|it| matches!(it, SessionState::Expired(_))));
    let open = Signal::derive(move || over.get() || asked.get());
    let stuck = RwSignal::new(false);
    let Info { connection, user, .. } = info;
    let draft = Draft::new(&connection.id, &user);
    let attempt = attempt(session, move || asked.set(false));

    let name = StoredValue::new(user);
    let on_close = move || {
        asked.set(false);
        stuck.set(false);
        draft.reset(&name.get_value());
        attempt.clear();
    };
    let guard = move || {
        let may_close = !over.get_untracked();
        stuck.set(!may_close);
        may_close
    };
    let on_submit = move || send(draft, attempt, Some(connection.clone()));
    let footer = move || {
        view! {
            <Button on_click=on_sign_out>{t::shell_sign_out()}</Button>
            <Button kind=ButtonKind::Primary submit=true pending=attempt.pending>{t::sign_in_submit()}</Button>
        }
        .into_any()
    };
    let intro =
        move || name.with_value(|it| if over.get() { t::sign_in_expired(it) } else { t::sign_in_renew(it) });
    let notes = move || {
        let other =
            name.with_value(|it| draft.who().filter(|who| who != it).map(|_| t::sign_in_other_user(it)));
        let other = other.map(|text| view! { <Banner tone=Tone::Warning>{text}</Banner> });
        let stuck = stuck.get().then(|| view! { <Banner tone=Tone::Warning>{t::sign_in_stuck()}</Banner> });
        (other, stuck)
    };
    view! {
        <Dialog open on_close title=t::sign_in_title_again() guard on_submit size=DialogSize::Small footer>
            <p>{intro}</p>
            {notes}
            {fields(draft, attempt)}
        </Dialog>
    }
    .into_any()
}
