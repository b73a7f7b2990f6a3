//! How long the session lasts, and the warning before its end.

use leptos::prelude::*;

use crate::i18n::t;
use crate::platform::{clock, intl, task};
use crate::session::{Session, WARN_BEFORE_SECS};
use crate::ui::{Banner, Button, Icon, Tone, effect, icon, memo};

/// How often the time left is looked at.
const TICK_MS: u32 = 1_000;

/// Where a session stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Long enough.
    Running,
    /// To be renewed.
    EndsSoon,
    /// By the clock it is over. The server may not have said so yet.
    Over,
}

fn stage(secs: i64) -> Stage {
    match secs {
        ..=0 => Stage::Over,
        1..=WARN_BEFORE_SECS => Stage::EndsSoon,
        _ => Stage::Running,
    }
}

/// The time left, as coarse as one reads it: minutes until the last one, then seconds.
fn left(secs: i64) -> String {
    match secs {
        ..=0 => t::session_over().to_owned(),
        1..60 => t::session_left_seconds(&secs.to_string()),
        60..3_600 => t::session_left_minutes(&(secs / 60).to_string()),
        _ => t::session_left_hours(&(secs / 3_600).to_string(), &(secs % 3_600 / 60).to_string()),
    }
}

/// The seconds left, looked at each second and at each change of the session; nothing when nobody is signed
/// in, or no end is known. Belongs to the current owner.
#[must_use]
pub fn seconds_left(session: &Session) -> Signal<Option<i64>> {
    let read = {
        let session = session.clone();
        move || session.seconds_left(clock::now())
    };
    let secs = RwSignal::new(read());
    let state = session.state();
    let at_change = read.clone();
    effect(move |_| {
        state.track();
        secs.set(at_change());
    });
    task::spawn(async move {
        loop {
            clock::sleep(TICK_MS).await;
            secs.try_set(read());
        }
    });
    secs.into()
}

/// The time left, for the header. Where no end is known, none is claimed.
#[component]
pub fn TimeLeft(
    /// See [`seconds_left`].
    secs: Signal<Option<i64>>,
) -> impl IntoView {
    let text = memo(move |_| secs.get().map(left));
    let known = memo(move |_| text.with(Option::is_some));
    let timer = move || {
        // A timer, which screen readers do not read out on their own.
        known.get().then(
            || view! { <span class="shell-time number" role="timer">{icon(Icon::Clock)} {move || text.get()}</span> },
        )
    };
    timer.into_any()
}

/// The banner that asks for a new sign-in, before the end and after it.
#[component]
pub fn SessionBanner(
    /// Whose end it is.
    session: Session,
    /// See [`seconds_left`].
    secs: Signal<Option<i64>>,
    /// Opens the sign-in.
    #[prop(into)]
    on_renew: UnsyncCallback<()>,
    /// Names the connection: where several are on one page.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    let state = session.state();
    let stage = memo(move |_| secs.get().map_or(Stage::Running, stage));
    let until = memo(move |_| {
        let until = state.with(|it| it.info().and_then(|info| info.until));
        until.map(intl::date_time).unwrap_or_default()
    });
    let place = named.then(|| session.connection().name.clone());
    let title = move |text: &'static str| match &place {
        Some(place) => [place, ": ", text].concat(),
        None => text.to_owned(),
    };
    let renew = move || view! { <Button on_click=on_renew>{t::session_renew()}</Button> }.into_any();
    let banner = move || match stage.get() {
        Stage::Running => ().into_any(),
        Stage::EndsSoon => {
            let text = until.with(|it| t::session_ends_soon_text(it));
            view! { <Banner tone=Tone::Warning title=title(t::session_ends_soon()) actions=renew>{text}</Banner> }
                .into_any()
        }
        Stage::Over => {
            let text = t::session_over_text();
            view! { <Banner tone=Tone::Warning title=title(t::session_over()) actions=renew>{text}</Banner> }
                .into_any()
        }
    };
    banner.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_said_as_coarsely_as_one_reads_it() {
        let check = |secs: i64, text: &str| assert_eq!(left(secs), text, "{secs}");
        check(4 * 3_600, "4 h 0 min left");
        check(3 * 3_600 + 59 * 60 + 59, "3 h 59 min left");
        check(3_600, "1 h 0 min left");
        check(3_599, "59 min left");
        check(60, "1 min left");
        check(59, "59 s left");
        check(1, "1 s left");
        check(0, "Session over");
        check(-7, "Session over");
    }

    #[test]
    fn the_warning_comes_ten_minutes_before_the_end() {
        let check = |secs: i64, want: Stage| assert_eq!(stage(secs), want, "{secs}");
        check(601, Stage::Running);
        check(600, Stage::EndsSoon);
        check(1, Stage::EndsSoon);
        check(0, Stage::Over);
        check(-1, Stage::Over);
    }
}
