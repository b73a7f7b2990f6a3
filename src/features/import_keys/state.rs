//! What the steps of an import share.

use std::sync::Arc;

use leptos::prelude::*;

use crate::features::bulk::Bulk;
use crate::features::workspace::Workspace;
use crate::features::write::focus;
use crate::files::Sheet;
use crate::http::{ApiError, Cancel};
use crate::journal::import::{Count, ImportPlan, Mapping, Match, Options};

/// The id of the place that says what went wrong, or what is under way: it takes the focus when a step changes.
pub(super) const STATUS_ID: &str = "import-keys-status";

/// Where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Choosing a file.
    Source,
    /// Saying what its columns mean.
    Mapping,
    /// Looking at what would be done.
    Plan,
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Busy {
    /// The file is read.
    Reading,
    /// All keys are loaded.
    Loading,
    /// Keys are read one by one: so many of so many.
    Looking(usize, usize),
    /// Rows are compared: so many of so many.
    Comparing(usize, usize),
    /// A file is made.
    Writing,
}

/// What went wrong.
#[derive(Clone)]
pub(super) enum Failed {
    /// In words.
    Said(String),
    /// A call.
    Call(ApiError),
}

/// A file that was read.
pub(super) struct File {
    pub(super) name: String,
    pub(super) sheet: Arc<Sheet>,
}

/// A plan, and where it comes from.
pub(super) struct Planned {
    pub(super) plan: ImportPlan,
    /// Headings of the file; none for a plan that came as a file.
    pub(super) head: Vec<String>,
    /// Who made it and when, for a plan that came as a file.
    pub(super) origin: Option<String>,
}

/// The import that is under way. Its signals belong to the dialog.
#[derive(Clone)]
pub(super) struct Import {
    pub(super) workspace: Workspace,
    /// Who is signed in; blank where nobody tells.
    pub(super) by: StoredValue<String>,
    pub(super) step: RwSignal<Step>,
    pub(super) busy: RwSignal<Option<Busy>>,
    pub(super) failed: RwSignal<Option<Failed>>,
    /// What went well.
    pub(super) said: RwSignal<String>,
    pub(super) pasted: RwSignal<String>,
    pub(super) file: RwSignal<Option<Arc<File>>>,
    pub(super) mapping: RwSignal<Mapping>,
    pub(super) matching: RwSignal<String>,
    pub(super) clear_blanks: RwSignal<bool>,
    pub(super) create_gone: RwSignal<bool>,
    pub(super) allow_doubles: RwSignal<bool>,
    pub(super) planned: RwSignal<Option<Arc<Planned>>>,
    /// The rows that are shown: of one kind, or all.
    pub(super) only: RwSignal<Option<Count>>,
    pub(super) confirming: RwSignal<bool>,
    /// Starts the plan, and shows on the page how far it is.
    pub(super) bulk: Option<Bulk>,
    cancel: StoredValue<Cancel, LocalStorage>,
}

impl Import {
    pub(super) fn new(workspace: &Workspace, by: String) -> Self {
        let cancel = StoredValue::new_local(Cancel::new());
        on_cleanup(move || {
            if let Some(cancel) = cancel.try_get_value() {
                cancel.cancel();
            }
        });
        Self {
            workspace: workspace.clone(),
            by: StoredValue::new(by),
            step: RwSignal::new(Step::Source),
            busy: RwSignal::new(None),
            failed: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            pasted: RwSignal::new(String::new()),
            file: RwSignal::new(None),
            mapping: RwSignal::new(Mapping::default()),
            matching: RwSignal::new(String::new()),
            clear_blanks: RwSignal::new(false),
            create_gone: RwSignal::new(false),
            allow_doubles: RwSignal::new(false),
            planned: RwSignal::new(None),
            only: RwSignal::new(None),
            confirming: RwSignal::new(false),
            bulk: use_context(),
            cancel,
        }
    }

    /// Whether something is under way; tracks.
    pub(super) fn is_busy(&self) -> bool {
        self.busy.with(Option::is_some)
    }

    /// A file is here: what its columns mean is asked next.
    pub(super) fn take(&self, file: File) {
        let mapping = Mapping::guess(self.workspace.manifest(), &file.sheet.head);
        self.matching.set(match_name(Match::of(&mapping)).to_owned());
        self.mapping.set(mapping);
        self.file.set(Some(Arc::new(file)));
        self.go(Step::Mapping);
    }

    /// A plan is here.
    pub(super) fn show(&self, planned: Planned) {
        let refused = planned.plan.count(Count::Refused) > 0;
        self.only.set(refused.then_some(Count::Refused));
        self.planned.set(Some(Arc::new(planned)));
        self.go(Step::Plan);
    }

    /// To another step. What went wrong in the one before is over.
    pub(super) fn go(&self, step: Step) {
        self.clear();
        self.step.set(step);
        focus(STATUS_ID);
    }

    fn clear(&self) {
        self.failed.set(None);
        self.said.set(String::new());
    }

    /// Something went well.
    pub(super) fn say(&self, text: String) {
        self.said.set(text);
    }

    /// Something went wrong.
    pub(super) fn fail(&self, failed: Failed) {
        self.failed.set(Some(failed));
        focus(STATUS_ID);
    }

    /// What ends the work that begins. Work before it is given up: it must not end in the place of this.
    pub(super) fn begin(&self, busy: Busy) -> Cancel {
        let cancel = Cancel::new();
        self.cancel.with_value(Cancel::cancel);
        self.cancel.set_value(cancel.clone());
        self.clear();
        self.busy.set(Some(busy));
        cancel
    }

    /// Gives up what is under way.
    pub(super) fn stop(&self) {
        self.cancel.with_value(Cancel::cancel);
        self.busy.set(None);
        focus(STATUS_ID);
    }

    /// What the reader chose.
    pub(super) fn options(&self) -> Options {
        Options {
            matching: self.matching.with_untracked(|it| read_match(it)),
            clear_blanks: self.clear_blanks.get_untracked(),
            create_gone: self.create_gone.get_untracked(),
            allow_doubles: self.allow_doubles.get_untracked(),
        }
    }
}

/// A way to find keys, as the form keeps it.
pub(super) fn match_name(matching: Match) -> &'static str {
    match matching {
        Match::Id => "id",
        Match::Title => "title",
        Match::New => "new",
    }
}

/// The same the other way.
pub(super) fn read_match(name: &str) -> Match {
    match name {
        "id" => Match::Id,
        "title" => Match::Title,
        _ => Match::New,
    }
}
