//! What the parts of bulk work share.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::results::{self, is_left};
use crate::domain::{Selection, Timestamp, order};
use crate::features::unsaved::{Reason, Unsaved};
use crate::features::workspace::Workspace;
use crate::journal::bulk::{Item, Job, Jobs, Kind, Phase, Plan, Why};
use crate::platform::{clock, task};
use crate::systems::{ActionKind, SearchRequest};
use crate::ui::Announcer;

/// What can be done with the keys that are picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Switch them on.
    Enable,
    /// Switch them off.
    Disable,
    /// Delete them, or take them back.
    Remove,
    /// Change fields of theirs.
    Change,
    /// Make another like each of them.
    Duplicate,
}

/// How the panel stands to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    /// The end that was told. A job that is tried again has another one, maybe before anyone looked in between.
    told: Option<Timestamp>,
    /// The reader took it off.
    is_dismissed: bool,
    /// An earlier page left it without an end.
    is_taken_over: bool,
}

/// Milliseconds between two looks at the jobs at least.
const PAUSE_MS: u32 = 100;

/// Provided as context by the shell; the list tells it what it shows.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// Picked keys that the list does not show.
    pub out_of_view: RwSignal<usize>,
    /// What the list asks for.
    pub request: RwSignal<Option<SearchRequest>>,
    /// Counts changes of the jobs; whoever shows them reads it.
    pub version: RwSignal<u64>,
    /// Jobs that the panel knows, by the ids of their plans.
    shown: RwSignal<BTreeMap<String, Shown>>,
    /// Who is signed in, as far as the session tells.
    user: StoredValue<String>,
}

impl Bulk {
    /// With nothing picked and nothing under way. Its signals belong to the current owner.
    #[must_use]
    pub fn new(user: &str) -> Self {
        Self {
            out_of_view: RwSignal::new(0),
            request: RwSignal::new(None),
            version: RwSignal::new(0),
            shown: RwSignal::default(),
            user: StoredValue::new(user.to_owned()),
        }
    }

    /// Writes a plan of these items down and starts it.
    pub fn start(self, workspace: &Workspace, kind: Kind, items: Vec<Item>) {
        // What a rule left out is told and done with; what fails stays picked, and nothing else.
        let mut picked = Selection::default();
        items.iter().filter_map(|it| it.before.as_ref()).for_each(|it| picked.add(it));
        workspace.selection.set(picked);
        let (id, system) = (&workspace.connection().id, workspace.manifest().id);
        self.run(workspace, self.user.with_value(|user| Plan::new(id, system, kind, user, items)));
    }

    /// Writes a plan down and starts it. The panel shows how far it is.
    pub fn run(self, workspace: &Workspace, plan: Plan) {
        let job = workspace.journal().jobs().start(plan);
        self.show(&job);
    }

    /// Shows a job on the panel, from now on.
    pub fn show(self, job: &Job) {
        self.show_as(job, false);
    }

    fn show_as(self, job: &Job, is_taken_over: bool) {
        let shown = Shown { told: job.ended(), is_dismissed: false, is_taken_over };
        self.shown.update(|it| {
            it.insert(job.plan().id.clone(), shown);
        });
        self.version.update(|it| *it += 1);
    }

    /// Whether an earlier page left this job without an end.
    pub(super) fn is_taken_over(self, id: &str) -> bool {
        self.shown.with_untracked(|it| it.get(id).is_some_and(|it| it.is_taken_over))
    }

    /// Takes a job off the panel. It goes on, where it has no end yet.
    pub(super) fn dismiss(self, id: &str) {
        self.shown.update(|it| {
            if let Some(shown) = it.get_mut(id) {
                shown.is_dismissed = true;
            }
        });
    }

    /// The ids of the jobs on the panel, the newest first; tracks.
    pub(super) fn on_panel(self, workspace: &Workspace) -> Vec<String> {
        self.version.track();
        let all = workspace.journal().jobs().all();
        self.shown.with(|shown| {
            let ids = all.iter().map(|it| it.plan().id.clone());
            ids.filter(|it| shown.get(it).is_some_and(|it| !it.is_dismissed)).collect()
        })
    }

    /// Follows the jobs of the workspace while the current owner lives: tells their ends, and takes those in that an
    /// earlier page left without one.
    pub fn follow(self, workspace: &Workspace) {
        let jobs = workspace.journal().jobs().clone();
        let followed = jobs.clone();
        // What was begun after this is somebody's on this page, who shows it.
        let began = clock::now();
        let announcer = use_context::<Announcer>();
        let workspace = workspace.clone();
        let held = hold(&jobs);
        let look = move || {
            held.try_set(under_way(&jobs));
            for job in jobs.all() {
                let id = job.plan().id.clone();
                let ended = job.ended();
                let known = self.shown.try_with_untracked(|it| it.get(&id).copied()).flatten();
                match known {
                    None if ended.is_none() && (job.began() < began || job.is_taken_over()) => {
                        self.show_as(&job, true);
                    }
                    Some(shown) if shown.told != ended => {
                        self.shown.try_update(|it| it.insert(id, Shown { told: ended, ..shown }));
                        if ended.is_some() {
                            finish(&workspace, &job, announcer);
                        }
                    }
                    _ => {}
                }
            }
            self.version.try_update(|it| *it += 1);
        };
        task::spawn(async move {
            look();
            loop {
                followed.changed().await;
                // Many changes are one look. The look is after the pause, so that none is missed.
                clock::sleep(PAUSE_MS).await;
                look();
            }
        });
    }
}

/// Says what is under way as long as it is: while this connection is shown, and when another one is.
fn hold(jobs: &Jobs) -> RwSignal<Option<Reason>> {
    let held = RwSignal::new(under_way(jobs));
    let Some(unsaved) = use_context::<Unsaved>() else { return held };
    unsaved.hold_while(held);
    let jobs = StoredValue::new_local(jobs.clone());
    on_cleanup(move || {
        let Some(jobs) = jobs.try_get_value() else { return };
        let Some(reason) = under_way(&jobs) else { return };
        let guard = unsaved.hold(reason);
        task::spawn_detached(async move {
            while under_way(&jobs).is_some() {
                jobs.changed().await;
                clock::sleep(PAUSE_MS).await;
            }
            drop(guard);
        });
    });
    held
}

/// What the page should stay for: changes that are sent, or go on by themselves soon. What waits for the reader, or is
/// another tab's, does not need this page. One change that a dialog made is told of by its `Write`.
fn under_way(jobs: &Jobs) -> Option<Reason> {
    let goes_on = |job: &Job| match job.phase() {
        Phase::Running => true,
        Phase::Waiting(why) => !matches!(why, Why::SignIn | Why::OtherTab),
        Phase::Paused | Phase::Stopped | Phase::Ended => false,
    };
    let any = jobs.all().iter().any(|it| !it.is_watched() && goes_on(it));
    any.then(|| if jobs.is_memory_only() { Reason::Unkept } else { Reason::Changes })
}

/// Whether this reader may change anything on the connection; tracks.
pub(super) fn may_write(workspace: &Workspace) -> bool {
    let kinds = [ActionKind::Edit, ActionKind::Enable, ActionKind::Delete, ActionKind::Create];
    kinds.into_iter().any(|it| workspace.may(it))
}

/// What the end of a job means for the rest of the page: lists ask again, and what was not done stays picked.
fn finish(workspace: &Workspace, job: &Job, announcer: Option<Announcer>) {
    workspace.note_change();
    let plan = job.plan();
    workspace.selection.try_update(|it| keep_what_is_left(it, job, &plan));
    if let Some(announcer) = announcer {
        announcer.say(results::summary(plan.kind, &job.counts()));
    }
}

/// Whether a job left keys as they were that it was to change.
pub(super) fn has_left(job: &Job) -> bool {
    let plan = job.plan();
    job.with_states(|states| {
        plan.items.iter().zip(states).any(|(it, state)| it.before.is_some() && is_left(state))
    })
}

/// Picks what a job did not do, and nothing else.
pub(super) fn pick_what_is_left(workspace: &Workspace, job: &Job) {
    let mut picked = Selection::default();
    keep_what_is_left(&mut picked, job, &job.plan());
    workspace.selection.set(picked);
}

/// A reader who picked other keys while the job ran is about something else: that is left alone.
fn keep_what_is_left(selection: &mut Selection, job: &Job, plan: &Plan) {
    let own = order::set(plan.items.iter().filter_map(Item::key).cloned());
    if selection.iter().any(|(id, _)| !own.contains(id)) {
        return;
    }
    job.with_states(|states| {
        for (item, state) in plan.items.iter().zip(states) {
            let Some(key) = &item.before else { continue };
            if is_left(state) {
                if !selection.has(&key.id) {
                    selection.add(key);
                }
            } else {
                selection.remove(&key.id);
            }
        }
    });
}
