//! The form of a new key from a file: chosen, let fall, or pasted.

use leptos::prelude::*;

use super::key_form::KeyForm;
use super::workspace::Workspace;
use crate::i18n::t;
use crate::platform::{task, upload};
use crate::ui::{Banner, Button, Disclosure, TextArea, Tone};

/// Bytes of a file that are read at most, as `systems::import` has it.
const LARGEST: u32 = 64 * 1024;

/// What came of reading a body.
#[derive(Clone, PartialEq)]
enum Said {
    Nothing,
    Filled(Vec<String>),
    Wrong(Vec<String>),
}

/// Fills the form from the body of the call that makes a key. Nothing is sent by it.
#[component]
pub fn ImportBody(
    /// The form to fill.
    form: KeyForm,
) -> impl IntoView {
    let client = expect_context::<Workspace>().client().clone();
    let text = RwSignal::new(String::new());
    let said = RwSignal::new(Said::Nothing);
    let fill: UnsyncCallback<()> = UnsyncCallback::from(move || {
        said.set(match client.import_draft(&text.get_untracked()) {
            Ok(imported) => {
                form.take_in(&imported.draft);
                Said::Filled(imported.left_out)
            }
            Err(problems) => Said::Wrong(problems.iter().map(|it| it.text()).collect()),
        });
    });
    let take = UnsyncCallback::from(move |given: Option<upload::Given>| {
        let Some(given) = given else { return };
        task::spawn(async move {
            match given.text(LARGEST).await {
                Ok(body) => {
                    text.set(body);
                    fill.run(());
                }
                Err(upload::Unreadable) => said.set(Said::Wrong(vec![t::import_unreadable().to_owned()])),
            }
        });
    });
    view! {
        <Disclosure summary=t::import_title()>
            <div
                class="form-part"
                on:dragover=|event| event.prevent_default()
                on:drop=move |event| take.run((upload::dropped(&event),))
            >
                <TextArea label=t::import_body() value=text hint=t::import_hint() rows=4 code=true />
                <input
                    type="file"
                    accept=".json,application/json"
                    aria-label=t::import_file()
                    on:change=move |event| take.run((upload::chosen(&event),))
                />
                <div class="button-row"><Button on_click=move || fill.run(())>{t::import_fill()}</Button></div>
                <div role="status">{move || said_view(said.get())}</div>
            </div>
        </Disclosure>
    }
    .into_any()
}

fn said_view(said: Said) -> AnyView {
    match said {
        Said::Nothing => ().into_any(),
        Said::Filled(left_out) if left_out.is_empty() => {
            view! { <p class="form-note">{t::import_filled()}</p> }.into_any()
        }
        Said::Filled(left_out) => {
            let text = t::import_left_out(&left_out.join(", "));
            view! { <Banner tone=Tone::Warning title=t::import_filled()>{text}</Banner> }.into_any()
        }
        Said::Wrong(problems) => {
            let lines: Vec<AnyView> =
                problems.into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
            view! { <Banner tone=Tone::Danger title=t::import_wrong()><ul>{lines}</ul></Banner> }.into_any()
        }
    }
}
