//! How old the rows on the screen are, going on by itself, with the exact moment behind it.

use leptos::prelude::*;

use super::key_text;
use crate::domain::Timestamp;
use crate::i18n::t;
use crate::platform::{clock, intl, task};
use crate::ui::memo;

/// Milliseconds between two looks at the clock: minutes are what is told.
const LOOK_MS: u32 = 10_000;

/// "Loaded 3 minutes ago".
fn age_text(at: Timestamp, now: Timestamp) -> String {
    match now.secs_since(at) {
        // A clock that was put back is no reason to tell of the future.
        ..60 => t::age_now().to_owned(),
        secs => t::age_ago(&intl::relative_secs(-secs)),
    }
}

/// The age of rows that were loaded at a moment; nothing while there are none. A click tells the moment itself.
#[must_use]
pub fn age(at: Signal<Option<Timestamp>>) -> AnyView {
    let now = RwSignal::new(key_text::now());
    let is_open = RwSignal::new(false);
    task::spawn(async move {
        while now.try_set(key_text::now()).is_none() {
            clock::sleep(LOOK_MS).await;
        }
    });
    let text = memo(move |_| {
        let at = at.get()?;
        // Rows may be newer than the last look at the clock.
        now.track();
        Some(age_text(at, key_text::now()))
    });
    let exact = Signal::derive(move || at.get().map(intl::date_time).unwrap_or_default());
    let is_there = memo(move |_| text.with(Option::is_some));
    let button = move || {
        is_there.get().then(|| {
            view! {
                <button
                    class="age"
                    type="button"
                    title=move || exact.get()
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    on:click=move |_| is_open.update(|it| *it = !*it)
                >
                    {move || text.get()}
                </button>
                {move || is_open.get().then(|| view! { <span class="age-exact">{move || exact.get()}</span> })}
            }
        })
    };
    button.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_is_told_in_minutes_and_never_in_the_future() {
        let at = Timestamp(1_757_332_800_000);
        let check = |secs, want: &str| assert_eq!(age_text(at, at.plus_secs(secs)), want);
        check(0, "Loaded just now");
        check(-500, "Loaded just now");
        check(59, "Loaded just now");
        check(60, "Loaded 1 minute ago");
        check(190, "Loaded 3 minutes ago");
        check(3 * 3_600, "Loaded 3 hours ago");
    }
}
