//! What each system can do, side by side, and why something is lacking.

use leptos::prelude::*;

use crate::i18n::t;
use crate::systems::{ActionKind, Manifest, SecretPolicy, System};
use crate::ui::{Button, Dialog, DialogCancel, DialogSize, Icon, icon};

/// A button that opens the table in a dialog.
#[component]
pub(super) fn MatrixButton() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <Button icon=Icon::Info on_click=move || open.set(true)>{t::matrix_open()}</Button>
        <Dialog
            open
            on_close=move || open.set(false)
            title=t::matrix_title()
            size=DialogSize::Large
            footer=|| view! { <DialogCancel label=t::ui_close() /> }
        >
            <ActionMatrix systems=System::all().collect() />
        </Dialog>
    }
    .into_any()
}

/// The table: one row an action, one column a system.
#[component]
pub fn ActionMatrix(
    /// The systems, in their order.
    systems: Vec<System>,
) -> impl IntoView {
    let manifests: Vec<&'static Manifest> = systems.into_iter().map(System::manifest).collect();
    let heads: Vec<AnyView> =
        manifests.iter().map(|it| view! { <th scope="col">{(it.name)()}</th> }.into_any()).collect();
    let secrets: Vec<AnyView> =
        manifests.iter().map(|it| view! { <td>{secret(it.secret)}</td> }.into_any()).collect();
    let rows = ActionKind::ALL
        .iter()
        .filter(|kind| manifests.iter().any(|it| it.can(**kind) || it.lack(**kind).is_some()));
    let rows: Vec<AnyView> = rows
        .map(|kind| {
            let cells: Vec<AnyView> = manifests.iter().map(|it| cell(it, *kind)).collect();
            view! { <tr><th scope="row">{kind.label()}</th>{cells}</tr> }.into_any()
        })
        .collect();
    view! {
        <div class="compare-scroll" role="region" tabindex="0" aria-label=t::matrix_title()>
            <table class="compare matrix">
                <caption>{t::matrix_caption()}</caption>
                <thead><tr><th scope="col">{t::matrix_action()}</th>{heads}</tr></thead>
                <tbody>
                    {rows}
                    <tr><th scope="row">{t::matrix_secret()}</th>{secrets}</tr>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Yes with the effect, or no with the reason where there is one to tell.
fn cell(manifest: &Manifest, kind: ActionKind) -> AnyView {
    let (drawn, word, text) = match (manifest.action(kind), manifest.lack(kind)) {
        (Some(action), _) => (Icon::Check, t::key_yes(), (action.effect)()),
        (None, lack) => (Icon::Close, t::key_no(), lack.unwrap_or_default()),
    };
    let has = manifest.can(kind).then_some("true");
    let text = (!text.is_empty()).then(|| view! { <p class="form-note">{text}</p> });
    view! { <td data-has=has><span class="matrix-word">{icon(drawn)} {word}</span> {text}</td> }.into_any()
}

fn secret(policy: SecretPolicy) -> &'static str {
    match policy {
        SecretPolicy::Always => t::matrix_secret_always(),
        SecretPolicy::Once => t::matrix_secret_once(),
        SecretPolicy::Never => t::matrix_secret_never(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_and_every_lack_of_a_manifest_has_a_row() {
        for system in System::all() {
            let manifest = system.manifest();
            let kinds =
                manifest.actions.iter().map(|it| it.kind).chain(manifest.lacks.iter().map(|it| it.kind));
            for kind in kinds {
                assert!(ActionKind::ALL.contains(&kind), "{kind:?} of {system:?}");
            }
            for lack in manifest.lacks {
                assert!(!manifest.can(lack.kind), "{:?} of {system:?} is there and lacking", lack.kind);
            }
        }
    }

    #[test]
    fn every_action_has_words_of_its_own() {
        let names: std::collections::BTreeSet<&str> = ActionKind::ALL.iter().map(|it| it.label()).collect();
        assert_eq!(names.len(), ActionKind::ALL.len());
    }
}
