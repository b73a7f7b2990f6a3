//! What became of many keys, in words.

use super::plan_view::by_reason;
use crate::features::outcome_text::{Action, notice_text};
use crate::i18n::t;
use crate::journal::bulk::{Counts, Failure, ItemState, Job, Kind, Phase, Skip, Wanted, Why};
use crate::platform::{clock, intl};
use crate::systems::Manifest;
use crate::ui::{Icon, Tone};

/// What a job is for: "Disable 500 keys".
#[must_use]
pub fn job_title(kind: Kind, count: usize) -> String {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    match kind {
        Kind::Enable => t::bulk_go_enable(count),
        Kind::Disable => t::bulk_go_disable(count),
        Kind::Remove => t::bulk_job_remove(count),
        Kind::Change => t::bulk_go_change(count),
        Kind::Create => t::bulk_job_create(count),
        Kind::Import => t::bulk_job_import(count),
        Kind::Undo => t::bulk_job_undo(count),
    }
}

/// Whether an item was not done although it should have been: it stays picked.
#[must_use]
pub fn is_left(state: &ItemState) -> bool {
    match state {
        ItemState::Failed(_) | ItemState::Unknown(_) | ItemState::Waiting | ItemState::Sent => true,
        ItemState::Skipped(skip) => matches!(skip, Skip::Moved(_) | Skip::Cancelled),
        ItemState::Done { .. } => false,
    }
}

/// How many stand where: "498 done, 2 failed". What there is none of is left out.
#[must_use]
pub fn counts_text(counts: &Counts) -> String {
    let mut parts = Vec::new();
    let mut add = |count: usize, text: fn(&str) -> String| {
        if count > 0 || parts.is_empty() {
            parts.push(text(&intl::number(u64::try_from(count).unwrap_or(u64::MAX))));
        }
    };
    add(counts.done, t::bulk_count_done);
    add(counts.failed, t::bulk_count_failed);
    add(counts.unknown, t::bulk_count_unknown);
    add(counts.skipped, t::bulk_count_skipped);
    parts.join(", ")
}

/// How a job ended, in a sentence.
#[must_use]
pub fn summary(kind: Kind, counts: &Counts) -> String {
    t::bulk_over(&job_title(kind, counts.all), &counts_text(counts))
}

/// The tone of a job that ended.
#[must_use]
pub fn tone(phase: Phase, counts: &Counts) -> Tone {
    match phase {
        Phase::Ended | Phase::Stopped if counts.failed + counts.unknown > 0 => Tone::Warning,
        Phase::Ended => Tone::Success,
        Phase::Waiting(_) => Tone::Warning,
        Phase::Running | Phase::Paused | Phase::Stopped => Tone::Info,
    }
}

/// Where a job stands, and what it waits for. The time of a wait is not in it: each second would be read out.
#[must_use]
pub fn phase_text(phase: Phase) -> &'static str {
    match phase {
        Phase::Running => t::bulk_phase_running(),
        Phase::Paused => t::bulk_phase_paused(),
        Phase::Stopped => t::bulk_phase_stopped(),
        Phase::Ended => t::bulk_phase_ended(),
        Phase::Waiting(Why::SignIn) => t::bulk_wait_sign_in(),
        Phase::Waiting(Why::Offline) => t::bulk_wait_offline(),
        Phase::Waiting(Why::RateLimit { .. }) => t::bulk_wait_rate(),
        Phase::Waiting(Why::Unreachable { .. }) => t::bulk_wait_unreachable(),
        Phase::Waiting(Why::OtherTab) => t::bulk_wait_other_tab(),
        Phase::Waiting(Why::ReadOnly) => t::bulk_wait_read_only(),
        Phase::Waiting(Why::Settling) => t::bulk_wait_settling(),
    }
}

/// When a wait ends, where that is known.
#[must_use]
pub fn wait_text(phase: Phase) -> Option<String> {
    let Phase::Waiting(Why::RateLimit { until } | Why::Unreachable { until }) = phase else { return None };
    let secs = u64::try_from(until.secs_since(clock::now())).unwrap_or(0);
    Some(t::bulk_goes_on(secs.max(1)))
}

/// How long it takes still, as coarse as one reads it.
#[must_use]
pub fn left_text(left_ms: u64) -> String {
    match left_ms.div_ceil(1_000) {
        0..=1 => t::bulk_left_now().to_owned(),
        secs @ 2..60 => t::bulk_left_seconds(secs),
        secs @ 60..3_600 => t::bulk_left_minutes(secs.div_ceil(60)),
        secs => t::bulk_left_hours(secs.div_ceil(3_600)),
    }
}

/// Why an item failed, with the service's own words.
#[must_use]
pub fn failure_text(failure: &Failure) -> String {
    let words = match failure.code.as_str() {
        "offline" => t::error_offline(),
        "network" => t::error_network(),
        "timed_out" => t::error_timed_out(),
        "cancelled" => t::error_cancelled(),
        "unauthorized" => t::error_unauthorized(),
        "forbidden" => t::error_forbidden(),
        "not_found" => t::error_not_found(),
        "conflict" => t::error_conflict(),
        "invalid" => t::error_invalid(),
        "too_large" => t::error_too_large(),
        "rate_limited" => t::error_rate_limited(),
        "server" => t::error_server(),
        "malformed" => t::error_malformed(),
        "not_done" => t::bulk_failure_not_done(),
        "contended" => t::bulk_failure_contended(),
        "gone" => t::write_gone(),
        "unseen" => t::bulk_failure_unseen(),
        "ambiguous" => t::bulk_failure_ambiguous(),
        "value_not_kept" => t::bulk_failure_value(),
        other => other,
    };
    let message = failure.message.trim();
    let words = words.trim_end_matches('.');
    match (message.is_empty(), failure.status) {
        (true, None) => words.to_owned(),
        (true, Some(status)) => t::bulk_failure_status(words, &status.to_string()),
        (false, _) => t::bulk_failure_said(words, message),
    }
}

/// Why nothing was sent for an item.
#[must_use]
pub fn skip_text(manifest: &Manifest, skip: &Skip) -> String {
    match skip {
        Skip::AlreadySo => t::bulk_skip_already().to_owned(),
        Skip::Gone => t::write_gone().to_owned(),
        Skip::Moved(fields) => {
            let labels: Vec<&str> = fields.iter().map(|it| manifest.label(*it)).collect();
            t::bulk_skip_moved(&labels.join(", "))
        }
        Skip::Cancelled => t::bulk_skip_cancelled().to_owned(),
    }
}

/// What became of an item: icon, word, and what there is to know about it.
#[must_use]
pub fn state_words(manifest: &Manifest, wanted: &Wanted, state: &ItemState) -> (Icon, &'static str, String) {
    match state {
        ItemState::Waiting => (Icon::Clock, t::bulk_state_waiting(), String::new()),
        ItemState::Sent => (Icon::Refresh, t::bulk_state_sent(), String::new()),
        ItemState::Done { asked, notices, .. } => {
            let action = match wanted {
                Wanted::Enabled(true) => Action::Enable,
                Wanted::Enabled(false) => Action::Disable,
                Wanted::Removed => Action::Delete,
                Wanted::Changed(_) => Action::Update,
                Wanted::Created(_) => Action::Create,
            };
            let mut said: Vec<String> = notices.iter().map(|it| notice_text(*it, action)).collect();
            for it in asked {
                let Some(spec) = manifest.field(it.field) else { continue };
                let text = |value| crate::features::key_text::value_text(spec, value);
                said.push(t::bulk_differs((spec.label)(), &text(&it.asked), &text(&it.got)));
            }
            (Icon::Success, t::bulk_state_done(), said.join(" "))
        }
        ItemState::Failed(failure) => (Icon::Danger, t::bulk_state_failed(), failure_text(failure)),
        ItemState::Unknown(failure) => (Icon::Warning, t::bulk_state_unknown(), failure_text(failure)),
        ItemState::Skipped(skip) => (Icon::Ban, t::bulk_state_skipped(), skip_text(manifest, skip)),
    }
}

/// The word of a state for style and for choosing: the same for all of its reasons.
#[must_use]
pub fn state_code(state: &ItemState) -> &'static str {
    match state {
        ItemState::Waiting => "waiting",
        ItemState::Sent => "running",
        ItemState::Done { .. } => "removed",
        ItemState::Failed(_) => "failed",
        ItemState::Unknown(_) => "unknown",
        ItemState::Skipped(_) => "skipped",
    }
}

/// The reasons of what was not done, each with its keys. What needed no call is not among them.
#[must_use]
pub fn reasons(manifest: &Manifest, job: &Job) -> Vec<(String, Vec<String>)> {
    let plan = job.plan();
    let why = |state: &ItemState| match state {
        ItemState::Failed(it) | ItemState::Unknown(it) => Some(failure_text(it)),
        ItemState::Skipped(it) => {
            (!matches!(it, Skip::AlreadySo | Skip::Cancelled)).then(|| skip_text(manifest, it))
        }
        _ => None,
    };
    job.with_states(|states| {
        let pairs = plan.items.iter().zip(states);
        by_reason(pairs.filter_map(|(item, state)| Some((why(state)?, item.title.clone()))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::qualys_gateway::MANIFEST;

    fn failure(code: &str, status: Option<u16>, message: &str) -> Failure {
        Failure { code: code.to_owned(), status, message: message.to_owned() }
    }

    #[test]
    fn a_failure_is_told_with_the_services_own_words() {
        let text = failure_text(&failure("conflict", Some(409), "The key is in use."));
        assert!(text.ends_with("The key is in use."), "{text}");
        assert!(failure_text(&failure("server", Some(500), "")).contains("500"));
        assert_eq!(failure_text(&failure("of a later version", None, "")), "of a later version");
    }

    #[test]
    fn what_was_not_done_stays_picked_and_nothing_else() {
        let done = ItemState::Done { key: None, asked: Vec::new(), notices: Vec::new() };
        assert!(!is_left(&done));
        assert!(is_left(&ItemState::Failed(failure("server", None, ""))));
        assert!(
            is_left(&ItemState::Skipped(Skip::Cancelled))
                && is_left(&ItemState::Skipped(Skip::Moved(vec![])))
        );
        assert!(!is_left(&ItemState::Skipped(Skip::AlreadySo)) && !is_left(&ItemState::Skipped(Skip::Gone)));
    }

    #[test]
    fn counts_leave_out_what_there_is_none_of() {
        let counts = Counts { all: 5, done: 3, failed: 2, ..Counts::default() };
        assert_eq!(counts_text(&counts), "3 done, 2 failed");
        assert_eq!(counts_text(&Counts::default()), "0 done");
        assert_eq!(tone(Phase::Ended, &counts), Tone::Warning);
    }

    #[test]
    fn each_state_has_words() {
        let moved = ItemState::Skipped(Skip::Moved(vec![crate::domain::FieldId::LIMIT]));
        let (_, word, why) = state_words(&MANIFEST, &Wanted::Removed, &moved);
        assert_eq!(word, t::bulk_state_skipped());
        assert!(why.contains(t::key_field_limit()), "{why}");
    }
}
