//! A key's value in a dialog: masked, shown for 30 seconds at most, copied without showing.

use leptos::prelude::*;

use crate::domain::Secret;
use crate::platform::{clock, listen, task};
use crate::ui::SecretField;

/// How long a revealed value stays on the screen, in milliseconds.
const REVEAL_MS: u32 = 30_000;

/// The value with Reveal and Copy. It hides again after 30 s, when the window is left, and with its dialog.
#[component]
pub fn KeyValue(
    /// The value.
    value: Secret,
    /// What it is, for the names of the buttons.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let revealed = RwSignal::new(false);
    // Counts reveals, so that the clock of an earlier one does not hide a later one.
    let count = StoredValue::new(0_u64);
    let hide = move || {
        count.try_update_value(|it| *it += 1);
        revealed.try_set(false);
    };
    let toggle = move || {
        if revealed.get_untracked() {
            hide();
            return;
        }
        hide();
        revealed.set(true);
        let own_count = count.get_value();
        task::spawn(async move {
            clock::sleep(REVEAL_MS).await;
            if count.try_get_value() == Some(own_count) {
                hide();
            }
        });
    };
    listen::window("blur", move |_| hide()).until_cleanup();
    let masked = value.masked();
    let value = StoredValue::new(value);
    let text = move || value.with_value(|it| it.expose().to_owned());
    view! { <SecretField what masked=Signal::stored(masked) revealed on_toggle=toggle value=text /> }
        .into_any()
}
