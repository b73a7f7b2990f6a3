//! Plans of the journal: given to it, saved as a file for a colleague, and opened from one.

use super::apply::{file_name, save};
use super::file_words::plan_problem_text;
use super::state::{Busy, Failed, Import, Planned};
use super::work::all_keys;
use crate::http::Cancel;
use crate::i18n::t;
use crate::journal::bulk::{Kind, Plan, plan_json, read_plan};
use crate::journal::import::{is_dated_ahead, review};
use crate::platform::{clock, intl};
use leptos::prelude::*;

/// Gives the plan to the journal, which does the rest whether or not this dialog stays. The panel of the page shows
/// how far it is.
pub(super) fn start(import: &Import) {
    let (Some(planned), Some(bulk)) = (import.planned.get_untracked(), import.bulk) else { return };
    import.confirming.set(false);
    bulk.run(&import.workspace, plan_of(import, &planned));
    import.workspace.close();
}

/// The plan of what can be done.
fn plan_of(import: &Import, planned: &Planned) -> Plan {
    let workspace = &import.workspace;
    let by = import.by.get_value();
    let (connection, manifest) = (&workspace.connection().id, workspace.manifest());
    Plan::new(connection, manifest.id, Kind::Import, &by, planned.plan.items())
}

/// Saves the plan as a file.
pub(super) fn save_plan(import: &Import) {
    let Some(planned) = import.planned.get_untracked() else { return };
    let text = plan_json(&plan_of(import, &planned));
    save(import, &file_name("plan", import, "json"), "application/json", text.into_bytes());
}

/// The text of a file that is a plan or nothing: a table is never one record.
pub(super) fn plan_text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.trim_start().starts_with('{').then_some(text)
}

/// Opens a plan that somebody saved, and holds it against the keys as they are now.
pub(super) async fn open_plan(import: &Import, text: &str, cancel: &Cancel) -> Result<(), Failed> {
    let workspace = &import.workspace;
    let manifest = workspace.manifest();
    let plan = read_plan(text, manifest).map_err(|it| Failed::Said(plan_problem_text(&it)))?;
    if is_dated_ahead(&plan, clock::now()) {
        return Err(Failed::Said(t::import_keys_plan_ahead(&intl::date_time(plan.made))));
    }
    let here = workspace.connection();
    if plan.connection != here.id {
        return Err(Failed::Said(t::import_keys_other_connection(&plan.connection, &here.id)));
    }
    import.busy.set(Some(Busy::Loading));
    let keys = all_keys(workspace, cancel).await?;
    let reviewed = review(manifest, &plan, &keys, clock::now());
    if !cancel.is_cancelled() {
        import.file.set(None);
        import.show(Planned { plan: reviewed, head: Vec::new(), origin: Some(origin_text(&plan)) });
    }
    Ok(())
}

/// Who made a plan, and when.
fn origin_text(plan: &Plan) -> String {
    let when = intl::date_time(plan.made);
    match plan.by.trim() {
        "" => t::import_keys_origin_nobody(&when),
        who => t::import_keys_origin(who, &when),
    }
}
