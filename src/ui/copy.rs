//! Copying to the clipboard, told truthfully.

use leptos::html;
use leptos::prelude::*;

use super::{Button, Dialog, DialogCancel, DialogSize, Field, FieldIds, Icon, IconButton};
use crate::i18n::t;
use crate::platform::{clipboard, clock, task};

/// How long a text to copy by hand is shown.
const SHOWN_MS: u32 = 30_000;

/// Stands for it before and after.
const HIDDEN: &str = "••••••••";

/// Lines that the field shows at once.
const MOST_LINES: usize = 8;

/// How long "Copied" stands.
const COPIED_MS: u32 = 2000;

/// Copies a text. It says "Copied" only when the browser did; where the browser refuses (a frame
/// without the right), a dialog shows the text in a field, selected, to be copied by hand.
///
/// The text is asked for at the click and is not in the page before.
#[component]
pub fn CopyButton(
    /// The text to copy.
    #[prop(into)]
    value: UnsyncCallback<(), String>,
    /// What is copied, for the accessible name ("Copy key Berlin").
    #[prop(into)]
    name: Signal<String>,
    /// Shows this text beside the icon; without it the button is an icon alone.
    #[prop(optional, into)]
    text: Option<String>,
    /// Copied; the button has said so already.
    #[prop(optional, into)]
    on_copied: Option<UnsyncCallback<()>>,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let said = move || if copied.get() { t::ui_copied() } else { "" };
    let drawn = Signal::derive(move || if copied.get() { Icon::Check } else { Icon::Copy });

    let copy = move || {
        let text = value.run(());
        task::spawn_detached(async move {
            if clipboard::copy(&text).await.is_err() {
                refused.try_set(Some(text));
                return;
            }
            if let Some(on_copied) = on_copied {
                on_copied.try_run(());
            }
            copied.try_set(true);
            clock::sleep(COPIED_MS).await;
            copied.try_set(false);
        });
    };
    let button = match text {
        Some(text) => {
            let text = move || if copied.get() { t::ui_copied().to_owned() } else { text.clone() };
            view! {
                <Button icon=Icon::Copy label=Signal::derive(move || Some(name.get())) on_click=copy>
                    {text}
                </Button>
            }
            .into_any()
        }
        None => view! { <IconButton name icon=drawn on_click=copy /> }.into_any(),
    };
    view! {
        <span class="copy">
            {button}
            <span class="copy-said" role="status">{said}</span>
            {move || refused.get().map(|text| by_hand(text, name, refused))}
        </span>
    }
    .into_any()
}

/// The dialog for browsers that refuse: a field one can select and copy from. The text may be a key's value, so it
/// stands there while the field has the focus, and for half a minute at most.
fn by_hand(text: String, name: Signal<String>, refused: RwSignal<Option<String>>) -> AnyView {
    super::grid::leave_cell();
    let text = StoredValue::new(text);
    let content = move || {
        let node = NodeRef::<html::Textarea>::new();
        // Counts showings, so that the clock of an earlier one does not hide a later one.
        let (shown, count) = (RwSignal::new(false), StoredValue::new(0_u64));
        let hide = move || {
            count.try_update_value(|it| *it += 1);
            shown.try_set(false);
        };
        let show = move || {
            let Some(field) = node.get_untracked() else { return };
            hide();
            shown.set(true);
            field.set_value(&text.get_value());
            field.select();
            let now = count.get_value();
            task::spawn(async move {
                clock::sleep(SHOWN_MS).await;
                if count.try_get_value() == Some(now) {
                    hide();
                }
            });
        };
        let value = move || if shown.get() { text.get_value() } else { HIDDEN.to_owned() };
        // A command may have several lines.
        let rows = text.with_value(|it| it.lines().count()).clamp(2, MOST_LINES);
        let ids = FieldIds::new(None);
        let control = ids.control.clone();
        view! {
            <p>{t::ui_copy_refused()}</p>
            <Field ids label=t::ui_copy_field()>
                <textarea
                    class="input input-code"
                    id=control
                    rows=rows.to_string()
                    readonly
                    autofocus
                    spellcheck="false"
                    node_ref=node
                    prop:value=value
                    on:focus=move |_| show()
                    on:click=move |_| {
                        // The half minute may be over while the field still has the focus.
                        if !shown.get_untracked() {
                            show();
                        }
                    }
                    on:blur=move |_| hide()
                ></textarea>
            </Field>
        }
    };
    view! {
        <Dialog
            open=true
            title=name
            size=DialogSize::Small
            on_close=move || refused.set(None)
            footer=|| view! { <DialogCancel label=t::ui_close() /> }
        >
            {content()}
        </Dialog>
    }
    .into_any()
}

/// A block of commands or of raw text, with a copy button.
#[component]
pub fn CodeBlock(
    /// What it is, for the accessible names.
    #[prop(into)]
    name: String,
    /// The text.
    #[prop(into)]
    code: Signal<String>,
    /// Says what to copy where that differs from what is shown (a key in the place of dots).
    #[prop(optional, into)]
    copied: Option<UnsyncCallback<(), String>>,
) -> impl IntoView {
    let value = copied.unwrap_or_else(|| UnsyncCallback::new(move |()| code.get_untracked()));
    let copy_name = t::ui_copy_what(&name);
    view! {
        <figure class="code">
            <pre class="code-text" tabindex="0" role="region" aria-label=name><code>{move || code.get()}</code></pre>
            <CopyButton value name=copy_name />
        </figure>
    }
    .into_any()
}
