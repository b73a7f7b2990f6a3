//! The bar that offers a new release, and what it knows.

use leptos::prelude::*;

use super::decide::{Known, Offer};
use super::{RELEASE_FILE, release_of};
use crate::features::unsaved::Unsaved;
use crate::http::probe::{Look, look};
use crate::i18n::t;
use crate::platform::storage::{Persisted, SessionStorage};
use crate::platform::{clock, deployment, dom, listen, location, module, task};
use crate::ui::{Banner, Button, ButtonKind, Icon, Tone, effect, memo};

/// Milliseconds between two looks while the page is on the screen.
const PERIOD_MS: u32 = 15 * 60_000;

/// Milliseconds after a look in which going back and forth between tabs brings no other.
const PAUSE_MS: f64 = 60_000.0;

/// Milliseconds between what held the page up being over and the page loading anew, and between looks for a dialog that
/// is still open.
const SETTLE_MS: u32 = 1_000;

/// Where it is kept about which release this tab needs no other word.
const LATER: &str = "latchkey.release";

/// What the parts share.
#[derive(Clone, Copy)]
struct Watching {
    known: RwSignal<Known>,
    unsaved: Unsaved,
    /// The reader wants the page anew as soon as nothing holds it up.
    is_waiting: RwSignal<bool>,
    /// When it was looked last, on the steady clock.
    looked_ms: StoredValue<Option<f64>>,
}

/// Looks for a new release: when the page comes back on the screen, every quarter of an hour while it is there, and when
/// a file of this release turns out to be gone. Then it offers that release, and loads it only when asked to and when
/// nothing would be lost. A build that is no release looks for nothing.
#[component]
pub fn ReleaseNotice() -> impl IntoView {
    let (Some(own), Some(unsaved)) = (deployment::release(), use_context::<Unsaved>()) else {
        return ().into_any();
    };
    let known = Known { own, later: SessionStorage.get(LATER), ..Known::default() };
    let watching = Watching {
        known: RwSignal::new(known),
        unsaved,
        is_waiting: RwSignal::new(false),
        // The page has just been asked for.
        looked_ms: StoredValue::new(Some(clock::monotonic_ms())),
    };
    watching.watch();
    let offer = memo(move |_| watching.known.with(Known::offer));
    let bar = move || offer.get().map(|it| bar(watching, it));
    bar.into_any()
}

impl Watching {
    fn watch(self) {
        listen::document("visibilitychange", move |_| {
            let is_over = |it: f64| clock::monotonic_ms() - it >= PAUSE_MS;
            let looked = self.looked_ms.try_get_value().flatten();
            if dom::is_visible() && looked.is_none_or(is_over) {
                task::spawn_detached(self.look());
            }
        })
        .until_cleanup();
        module::on_missing(move || {
            task::spawn_detached(async move {
                self.look().await;
                self.known.try_update(|it| it.is_missing = true);
            });
        })
        .until_cleanup();
        // Here, and not where the button is pressed: that button goes, and what it started with it.
        effect(move |_| {
            if self.is_waiting.get() {
                task::spawn(self.wait());
            }
        });
        task::spawn(async move {
            loop {
                clock::sleep(PERIOD_MS).await;
                if dom::is_visible() {
                    self.look().await;
                }
            }
        });
    }

    /// Without an answer, as without a network, everything stays as it is.
    async fn look(self) {
        self.looked_ms.try_set_value(Some(clock::monotonic_ms()));
        let seen = look(&location::href(RELEASE_FILE), Look::Whole).await;
        let newest = seen.filter(|it| it.status == 200).and_then(|it| release_of(&it.start));
        if let Some(newest) = newest {
            self.known.try_update(|it| it.newest = Some(newest));
        }
    }

    fn put_off(self) {
        self.is_waiting.set(false);
        self.known.update(|it| *it = it.put_off());
        if let Some(later) = self.known.with_untracked(|it| it.later.clone()) {
            match SessionStorage.put(LATER, &later) {
                // In memory it lasts as long as this page, which is as long as it is needed.
                Persisted::Stored | Persisted::MemoryOnly => {}
            }
        }
    }

    /// Loads the page anew now, or as soon as nothing is held.
    fn reload(self) {
        if !self.unsaved.now().is_empty() {
            self.is_waiting.set(true);
            return;
        }
        // Where it stays as it is, as on a server that has both for a while, it is not offered again.
        self.put_off();
        location::reload();
    }

    async fn wait(self) {
        loop {
            clock::sleep(SETTLE_MS).await;
            match self.is_waiting.try_get_untracked() {
                Some(true) => {}
                _ => return,
            }
            // What came of a change is still on the screen, in its dialog.
            if self.unsaved.now().is_empty() && !dom::has_open_dialog() {
                return self.reload();
            }
        }
    }
}

fn bar(watching: Watching, offer: Offer) -> AnyView {
    let title = match offer {
        Offer::New => t::release_new(),
        Offer::Missing => t::release_missing(),
    };
    let text = match offer {
        Offer::New => t::release_stays(),
        Offer::Missing => t::release_gone(),
    };
    let (unsaved, is_waiting) = (watching.unsaved, watching.is_waiting);
    let held = move || {
        let reasons = unsaved.reasons();
        let lines: Vec<AnyView> =
            reasons.into_iter().map(|it| view! { <li>{it.text()}</li> }.into_any()).collect();
        (!lines.is_empty()).then(|| view! { <ul class="plain-list">{lines}</ul> })
    };
    let is_held = unsaved.is_held();
    let note = move || match (is_waiting.get(), is_held.get()) {
        (true, _) => t::release_waits(),
        (false, true) => t::release_held(),
        (false, false) => t::release_back(),
    };
    let word = move || if is_held.get() { t::release_reload_after() } else { t::release_reload() };
    let buttons = move || {
        if is_waiting.get() {
            let stop = move || is_waiting.set(false);
            return view! { <Button on_click=stop>{t::release_stop()}</Button> }.into_any();
        }
        view! {
            <Button kind=ButtonKind::Primary icon=Icon::Refresh on_click=move || watching.reload()>{word}</Button>
            <Button on_click=move || watching.put_off()>{t::release_later()}</Button>
        }
        .into_any()
    };
    let actions = ViewFn::from(move || view! { {buttons} });
    view! {
        <div class="release-bar">
            <Banner tone=Tone::Info title actions>
                <p>{text} " " {note}</p>
                {held}
            </Banner>
        </div>
    }
    .into_any()
}
