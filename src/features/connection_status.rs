//! Whether the server can be reached, and what calls are waiting for.

use leptos::prelude::*;

use crate::http::{Observer, Waiting};
use crate::i18n::t;
use crate::platform::{clock, listen, net, task};
use crate::ui::{Banner, Tone, memo};

/// Waits shorter than this are not shown: nobody could read them.
const SHOWN_FROM_MS: u32 = 1_000;

/// Why calls wait, as far as a reader can do something with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The server limits calls.
    RateLimit,
    /// The last attempt got no answer, or a passing failure.
    Retry,
}

/// A wait that is under way. `until_ms` is on the steady clock.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Wait {
    cause: Cause,
    until_ms: f64,
}

/// What is known of the way to the server; told by the HTTP layer, shown by [`ConnectionStatus`].
#[derive(Clone, Copy)]
pub struct Reachability {
    online: RwSignal<bool>,
    wait: RwSignal<Option<Wait>>,
    secs_left: RwSignal<u32>,
}

impl Reachability {
    /// Nothing waits. Its signals and listeners belong to the current owner.
    #[expect(clippy::new_without_default, reason = "it makes signals, which belong to the current owner")]
    #[must_use]
    pub fn new() -> Self {
        let online = RwSignal::new(net::is_online());
        for event in ["online", "offline"] {
            listen::window(event, move |_| online.set(net::is_online())).until_cleanup();
        }
        Self { online, wait: RwSignal::new(None), secs_left: RwSignal::new(0) }
    }

    fn begin(self, cause: Cause, ms: u32) {
        if ms < SHOWN_FROM_MS {
            return;
        }
        let wait = Wait { cause, until_ms: clock::monotonic_ms() + f64::from(ms) };
        // Of several waits the longest is shown, with one clock.
        if self.wait.try_get_untracked().flatten().is_some_and(|it| it.until_ms >= wait.until_ms) {
            return;
        }
        self.secs_left.try_set(ms.div_ceil(1_000));
        self.wait.try_set(Some(wait));
        task::spawn_detached(self.count_down(wait));
    }

    async fn count_down(self, wait: Wait) {
        loop {
            clock::sleep(250).await;
            if self.wait.try_get_untracked().flatten() != Some(wait) {
                return;
            }
            let left = secs_left(wait.until_ms - clock::monotonic_ms());
            if left == 0 {
                self.wait.try_set(None);
                return;
            }
            if self.secs_left.try_get_untracked() != Some(left) {
                self.secs_left.try_set(left);
            }
        }
    }
}

impl Observer for Reachability {
    fn waiting(&self, reason: Waiting) {
        match reason {
            Waiting::RateLimit(ms) => self.begin(Cause::RateLimit, ms),
            Waiting::Retry(ms) => self.begin(Cause::Retry, ms),
            // A queue of two is over in no time, and for signing in there is a dialog.
            Waiting::Queue | Waiting::SignIn => {}
        }
    }

    fn started(&self) {}

    fn finished(&self) {}
}

/// Whole seconds that are left, counted as a person does: the last one is 1.
fn secs_left(ms: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a wait of at most some minutes"
    )]
    let secs = (ms / 1_000.0).ceil().max(0.0) as u32;
    secs
}

/// The banners above the page: no network, or waiting. Nothing while all is well.
#[component]
pub fn ConnectionStatus(
    /// What is known.
    status: Reachability,
) -> impl IntoView {
    let Reachability { online, wait, secs_left } = status;
    let cause = memo(move |_| wait.get().map(|it| it.cause));
    let offline = move || {
        (!online.get()).then(|| {
            view! { <Banner tone=Tone::Warning title=t::connection_offline()>{t::connection_offline_text()}</Banner> }
        })
    };
    let waiting = move || {
        cause.get().map(|cause| {
            let text = match cause {
                Cause::RateLimit => t::connection_rate_limit(),
                Cause::Retry => t::connection_retry(),
            };
            // The seconds are for the eye alone: read out each time, they would drown everything else.
            let count = move || t::connection_secs(u64::from(secs_left.get()));
            view! {
                <Banner tone=Tone::Info>
                    {text} " " <span class="number" aria-hidden="true">{count}</span>
                </Banner>
            }
        })
    };
    view! {
        {offline}
        {waiting}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_second_counts_as_one() {
        let check = |ms: f64, secs: u32| assert_eq!(secs_left(ms), secs, "{ms}");
        check(4_000.0, 4);
        check(3_999.9, 4);
        check(1.0, 1);
        check(0.0, 0);
        check(-20.0, 0);
    }

    #[test]
    fn of_several_waits_the_longest_is_shown() {
        let owner = Owner::new();
        owner.set();
        let status = Reachability {
            online: RwSignal::new(true),
            wait: RwSignal::new(None),
            secs_left: RwSignal::new(0),
        };
        let later = Wait { cause: Cause::RateLimit, until_ms: f64::MAX };
        status.wait.set(Some(later));
        status.waiting(Waiting::Retry(5_000));
        assert_eq!(status.wait.get_untracked(), Some(later));
    }

    #[test]
    fn short_waits_and_queues_stay_unseen() {
        let owner = Owner::new();
        owner.set();
        let status = Reachability {
            online: RwSignal::new(true),
            wait: RwSignal::new(None),
            secs_left: RwSignal::new(0),
        };
        for reason in [Waiting::Queue, Waiting::SignIn, Waiting::Retry(SHOWN_FROM_MS - 1)] {
            status.waiting(reason);
            assert_eq!(status.wait.get_untracked(), None, "{reason:?}");
        }
    }
}
