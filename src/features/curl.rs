//! "Copy as curl": any call as a command for a shell.

use leptos::prelude::*;

use super::workspace::Workspace;
use crate::i18n::t;
use crate::systems::Call;
use crate::ui::{CodeBlock, CopyButton, Disclosure, memo};

/// A button that copies a call as a command. The token is a placeholder.
#[component]
pub fn CopyCurl(
    /// The call, asked for at the click.
    #[prop(into)]
    call: UnsyncCallback<(), Call>,
) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let value = move || workspace.curl(&call.run(()));
    view! { <CopyButton value name=t::curl_copy() text=t::curl_copy() /> }.into_any()
}

/// A call as a command, folded away: the button, the command itself, and how to run it; then the same as commands
/// of the vendor's own tools, where there are such.
///
/// `None` while there is no call yet (a form with errors).
#[component]
pub fn CurlDetails(
    /// The call; followed as it changes.
    #[prop(into)]
    call: Signal<Option<Call>>,
) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let tools = {
        let workspace = workspace.clone();
        memo(move |_| call.with(|it| it.as_ref().map(|it| tool_lines(&workspace, it)).unwrap_or_default()))
    };
    let line = Signal::derive(move || call.with(|it| it.as_ref().map(|it| workspace.curl(it))));
    let shown = Signal::derive(move || line.get().unwrap_or_default());
    let is_some = memo(move |_| line.with(Option::is_some));
    let body = move || {
        if is_some.get() {
            view! { <CodeBlock name=t::curl_name() code=shown /> }.into_any()
        } else {
            view! { <p class="form-note">{t::curl_not_yet()}</p> }.into_any()
        }
    };
    view! {
        <Disclosure summary=t::curl_show()>
            <p class="form-note">{t::curl_note()}</p>
            {body}
            {move || tools.get().into_iter().map(|(name, code)| view! {
                <p class="form-note">{name.clone()}</p>
                <CodeBlock name code />
            }.into_any()).collect::<Vec<_>>()}
        </Disclosure>
    }
    .into_any()
}

/// Names and texts of a call as commands of the vendor's own tools.
fn tool_lines(workspace: &Workspace, call: &Call) -> Vec<(String, String)> {
    workspace.client().command_lines(call).into_iter().map(|it| (it.name, it.text)).collect()
}
