//! A failed call on the screen: what it means first, every fact within reach.

use leptos::prelude::*;

use super::error_text;
use crate::http::ApiError;
use crate::i18n::t;
use crate::platform::clock;
use crate::ui::{Banner, Button, CodeBlock, CopyButton, Disclosure, Icon, Tone};

/// Says what went wrong, with the server's own words, the status, the call, the raw answer, and a button
/// that copies all of it. Compact enough for a dialog.
#[component]
pub fn ErrorView(
    /// What failed.
    error: ApiError,
    /// Tries the same again; without it there is no such button.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
    /// Words for what this call means here, in place of the title and explanation of its kind.
    #[prop(optional, into)]
    meaning: Option<String>,
) -> impl IntoView {
    let at = clock::now();
    let (title, explanation) = match meaning {
        Some(meaning) => (meaning, String::new()),
        None => (error_text::title(&error), error_text::explain(&error)),
    };
    let words = error.message.clone().map(server_words);
    let facts = facts(&error);
    let error = StoredValue::new(error);
    let report = move || error.with_value(|it| error_text::report(it, at));
    let actions = move || {
        let retry = on_retry.map(|it| {
            view! { <Button icon=Icon::Refresh on_click=move || it.run(())>{t::error_retry()}</Button> }
        });
        view! {
            {retry}
            <CopyButton value=report name=t::error_copy_name() text=t::error_copy() />
        }
        .into_any()
    };
    view! {
        <Banner tone=Tone::Danger title actions>
            <div class="error-facts">
                {(!explanation.is_empty()).then(|| view! { <p>{explanation}</p> })}
                {words}
                {facts}
            </div>
        </Banner>
    }
    .into_any()
}

fn server_words(message: String) -> AnyView {
    view! { <p>{t::error_server_says()} " " <q>{message}</q></p> }.into_any()
}

/// Status and call, and the raw answer folded away: for whoever runs the server.
fn facts(error: &ApiError) -> AnyView {
    let line = [&*error_text::status(error), " · ", &error_text::call(error)].concat();
    let raw = error.raw.clone();
    let raw = (!raw.is_empty()).then(|| {
        view! {
            <Disclosure summary=t::error_raw()>
                <CodeBlock name=t::error_raw() code=raw />
            </Disclosure>
        }
    });
    let trace = error.trace.clone().map(|trace| {
        view! {
            <p>
                {t::error_trace()} " " <code>{trace.clone()}</code> " "
                <CopyButton value=move || trace.clone() name=t::error_trace_copy() />
            </p>
        }
    });
    view! {
        <p><code>{line}</code></p>
        {trace}
        {raw}
    }
    .into_any()
}
