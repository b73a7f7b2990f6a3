//! What is done with a plan: carried out, saved for a colleague, or its refused rows mended.

use leptos::prelude::*;

use super::plan_file::start;
use super::state::{Busy, Failed, Import, Planned};
use super::words::{number, refusal_text};
use crate::features::bulk::effect::{Effort, Use, effort};
use crate::files::{self, Cell, Kind, Sheet};
use crate::i18n::t;
use crate::journal::import::{Count, Row, Verdict};
use crate::platform::{clock, download, task};
use crate::systems::{ActionKind, FieldKind, Manifest, SecretPolicy};
use crate::ui::ConfirmDialog;

/// From so many keys on, how many there are is typed before anything is sent.
const MANY: usize = 100;

/// Asks before a plan is carried out.
pub(super) fn carry_out(import: &Import) {
    let effects = import.planned.with_untracked(|it| it.as_ref().map_or(0, |it| it.plan.effects()));
    if effects > 0 {
        import.confirming.set(true);
    }
}

/// The question, with the effect in words.
pub(super) fn confirm(import: &Import) -> AnyView {
    let (planned, confirming) = (import.planned, import.confirming);
    let manifest = import.workspace.manifest();
    let effects = move || planned.with(|it| it.as_ref().map_or(0, |it| it.plan.effects()));
    let name = import.workspace.connection().name.clone();
    let title = Signal::derive(move || t::import_keys_confirm_title(count_of(effects()), &name));
    let confirm = Signal::derive(move || t::import_keys_apply(count_of(effects())));
    let typed = MaybeProp::derive(move || planned.with(|it| typed_before(it.as_ref()?)));
    let start_now = {
        let import = import.clone();
        UnsyncCallback::from(move || start(&import))
    };
    let jobs = import.workspace.journal().jobs().clone();
    let memory_only = StoredValue::new_local(move || jobs.is_memory_only());
    let effect = move || {
        let mut lines =
            planned.with(|it| it.as_ref().map(|it| effect_lines(manifest, it))).unwrap_or_default();
        if memory_only.with_value(|it| it()) {
            lines.push(t::bulk_memory().to_owned());
        }
        let lines: Vec<AnyView> = lines.into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
        view! { <ul class="plain-list">{lines}</ul><p>{t::import_keys_confirm_text()}</p> }
    };
    // Drawn anew for each plan: whether it is dangerous belongs to the plan.
    let question = move || {
        let danger = planned.with(|it| it.as_ref().is_some_and(|it| it.plan.count(Count::Remove) > 0));
        view! {
            <ConfirmDialog
                open=confirming
                on_close=move || confirming.set(false)
                title
                confirm
                on_confirm=start_now
                danger
                typed
            >
                {effect}
            </ConfirmDialog>
        }
    };
    question.into_any()
}

fn count_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What has to be typed first: how many keys are removed, where that is asked for with keys that are picked too; or
/// how many keys there are, where they are many.
fn typed_before(planned: &Planned) -> Option<String> {
    let items = planned.plan.items();
    match effort(&items) {
        Effort::Count(count) => Some(count.to_string()),
        Effort::Press => (items.len() >= MANY).then(|| items.len().to_string()),
    }
}

/// What becomes of the keys and of what uses them, in words.
fn effect_lines(manifest: &Manifest, planned: &Planned) -> Vec<String> {
    let mut res = Vec::new();
    let mut say = |kind, words: fn(u64) -> String, action: Option<ActionKind>| {
        let count = planned.plan.count(kind);
        if count > 0 {
            let effect = action.and_then(|it| manifest.action(it)).map(|it| (it.effect)());
            res.push(
                [&words(count_of(count)), " ", effect.unwrap_or_default()].concat().trim_end().to_owned(),
            );
        }
    };
    say(Count::Create, t::import_keys_effect_create, Some(ActionKind::Create));
    say(Count::Change, t::import_keys_effect_change, Some(ActionKind::Edit));
    say(Count::Switch, t::import_keys_effect_switch, None);
    let revokes = !manifest.can(ActionKind::Delete);
    let remove = if revokes { ActionKind::Revoke } else { ActionKind::Delete };
    say(Count::Remove, t::import_keys_effect_remove, Some(remove));
    let used = Use::of(&planned.plan.items()).text(manifest);
    if !used.is_empty() {
        res.push(used);
    }
    let refused = planned.plan.count(Count::Refused);
    if let Some(text) = once_text(manifest, planned) {
        res.push(text.to_owned());
    }
    if refused > 0 {
        res.push(t::import_keys_effect_refused(count_of(refused)));
    }
    res
}

/// What is said where new keys get values that nobody would see.
pub(super) fn once_text(manifest: &Manifest, planned: &Planned) -> Option<&'static str> {
    let is_once = manifest.secret == SecretPolicy::Once && planned.plan.count(Count::Create) > 0;
    is_once.then(t::import_keys_once)
}

/// Saves the refused rows with the reasons, so that they can be mended and read again.
pub(super) fn save_refused(import: &Import) {
    let Some(planned) = import.planned.get_untracked() else { return };
    let sheet = refused_sheet(import, &planned);
    let import = import.clone();
    let cancel = import.begin(Busy::Writing);
    task::spawn(async move {
        let res = files::write(Kind::Csv, &sheet).await;
        if cancel.is_cancelled() {
            return;
        }
        import.busy.set(None);
        match res {
            Ok(bytes) => save(&import, &file_name("refused", &import, "csv"), Kind::Csv.mime(), bytes),
            Err(_) => import.fail(Failed::Said(t::import_keys_not_written().to_owned())),
        }
    });
}

pub(super) fn save(import: &Import, name: &str, mime: &str, bytes: Vec<u8>) {
    let saved = String::from_utf8(bytes).ok().and_then(|it| download::text(name, mime, &it).ok());
    match saved {
        Some(()) => import.say(t::import_keys_saved(name)),
        None => import.fail(Failed::Said(t::import_keys_not_written().to_owned())),
    }
}

/// `latchkey-plan-qualys-eu1-2026-11-21.json`: what it is, for which connection, and the day.
pub(super) fn file_name(what: &str, import: &Import, extension: &str) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() || it == '-' { it } else { '-' };
    let connection: String = import.workspace.connection().id.chars().map(plain).collect();
    let day = clock::now().date().map(|it| it.to_string()).unwrap_or_default();
    ["latchkey-", what, "-", &connection, "-", &day, ".", extension].concat()
}

/// The cells of refused rows as they came, keys' values aside, and before them their number and the reasons.
fn refused_sheet(import: &Import, planned: &Planned) -> Sheet {
    let manifest = import.workspace.manifest();
    let refused: Vec<&Row> =
        planned.plan.rows.iter().filter(|it| it.verdict.count() == Count::Refused).collect();
    let mut head = vec![t::import_keys_row().to_owned(), t::import_keys_reasons().to_owned()];
    let file = import.file.get_untracked().filter(|_| planned.origin.is_none());
    let mapping = import.mapping.get_untracked();
    let is_secret = |column: usize| {
        let spec = mapping.field(column).and_then(|it| manifest.field(it));
        spec.is_some_and(|it| matches!(it.kind, FieldKind::Secret))
    };
    let columns: Vec<usize> = (0..planned.head.len()).filter(|it| !is_secret(*it)).collect();
    match &file {
        Some(_) => head.extend(columns.iter().filter_map(|it| planned.head.get(*it).cloned())),
        None => head.push(t::import_keys_key().to_owned()),
    }
    let first = file.as_ref().map_or(1, |it| super::work::first_line(&it.name).0);
    let cells = |row: &Row| {
        let mut res = vec![Cell::Text(number(row.line.0)), Cell::Text(reasons(manifest, row, &planned.head))];
        match &file {
            Some(file) => {
                let cells = row.line.0.checked_sub(first).and_then(|it| file.sheet.rows.get(it));
                let cell = |it: &usize| cells.and_then(|cells| cells.get(*it)).cloned().unwrap_or_default();
                res.extend(columns.iter().map(cell));
            }
            None => res.push(Cell::Text(row.title.clone())),
        }
        res
    };
    let rows = refused.into_iter().map(cells).collect();
    Sheet { name: t::import_keys_refused().to_owned(), head, rows }
}

fn reasons(manifest: &Manifest, row: &Row, head: &[String]) -> String {
    let Verdict::Refused(refusals) = &row.verdict else { return String::new() };
    refusals.iter().map(|it| refusal_text(manifest, it, head)).collect::<Vec<_>>().join(" ")
}
