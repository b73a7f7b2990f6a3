//! Why the console cannot start: its configuration.

use leptos::prelude::*;

use super::error_view::ErrorView;
use super::frame::Frame;
use crate::i18n::t;
use crate::session::base_url::BaseUrlProblem;
use crate::session::{ConfigProblem, FieldProblem};
use crate::ui::{Banner, Tone};

/// The page that stands where the sign-in would be.
#[component]
pub fn ConfigProblemPage(
    /// What is wrong.
    problem: ConfigProblem,
) -> impl IntoView {
    let what = match problem {
        ConfigProblem::Fetch(error) => view! { <ErrorView error /> }.into_any(),
        ConfigProblem::Json { detail } => text(t::shell_config_json(&detail)),
        ConfigProblem::Field { field, problem } => text(t::shell_config_field(&field, field_text(problem))),
    };
    view! {
        <Frame>
            <h1>{t::shell_config_failed()}</h1>
            {what}
        </Frame>
    }
    .into_any()
}

fn text(text: String) -> AnyView {
    view! { <Banner tone=Tone::Danger>{text}</Banner> }.into_any()
}

fn field_text(problem: FieldProblem) -> &'static str {
    match problem {
        FieldProblem::Empty => t::shell_config_empty(),
        FieldProblem::Characters => t::shell_config_characters(),
        FieldProblem::Reserved => t::shell_config_reserved(),
        FieldProblem::Duplicate => t::shell_config_duplicate(),
        FieldProblem::UnknownSystem => t::shell_config_system(),
        FieldProblem::Version => t::shell_config_version(),
        FieldProblem::Origin => t::embed_config_origin(),
        FieldProblem::InsecureOrigin => t::embed_config_insecure(),
        FieldProblem::BaseUrl(BaseUrlProblem::NotAllowed) => t::shell_config_url(),
        FieldProblem::BaseUrl(BaseUrlProblem::Insecure) => t::shell_config_url_insecure(),
        FieldProblem::BaseUrl(BaseUrlProblem::Unexpected) => t::shell_config_url_unexpected(),
    }
}
