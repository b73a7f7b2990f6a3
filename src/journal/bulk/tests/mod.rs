//! The journal of many changes, judged by what the service did.
#![expect(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

mod basics;
mod matrix;
mod random;

mod systems;
mod tab;
mod tabs;
mod takes;
mod texts;
mod twins;
pub(crate) mod under;

use std::rc::Rc;

use self::tab::{Machine, Tab};
use super::{Item, ItemState, Job, Kind, Plan, Skip, Wanted};
use crate::domain::{FieldId, Fields, Key, Limit, Value};
use crate::systems::qualys_gateway::fixtures::Service;
use crate::systems::{Change, Delta, System};

/// Keys of the service, and a plan over all of them.
struct Scene {
    service: Rc<Service>,
    machine: Machine,
}

/// What is done to all keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Disable,
    Remove,
    Rename,
    Create,
}

const ALL: [What; 4] = [What::Disable, What::Remove, What::Rename, What::Create];

impl Scene {
    fn new(keys: u64) -> Self {
        let service = Service::with_keys(keys);
        for row in service.rows.borrow_mut().iter_mut() {
            row.disabled = false;
        }
        let machine = Machine::new(System::QUALYS_GATEWAY, service.transport());
        Self { service, machine }
    }

    fn plan(&self, what: What) -> Plan {
        let rows = self.service.rows.borrow().clone();
        let item = |row: &crate::systems::qualys_gateway::fixtures::Stored| {
            let key = as_listed(row.id, &row.title, row.disabled);
            let title = key.title().to_owned();
            match what {
                What::Disable => Item::new(Some(key), &title, Wanted::Enabled(false)),
                What::Remove => Item::new(Some(key), &title, Wanted::Removed),
                What::Rename => {
                    let text = Value::Text(format!("new {}", row.id));
                    let change = Change(vec![(FieldId::TITLE, Delta::Set(text))]);
                    Item::new(Some(key), &title, Wanted::Changed(change))
                }
                What::Create => {
                    let text = format!("made {}", row.id);
                    let fields = Fields::new().with(FieldId::TITLE, Value::Text(text.clone()));
                    Item::new(None, &text, Wanted::Created(fields))
                }
            }
        };
        let kind = match what {
            What::Disable => Kind::Disable,
            What::Remove => Kind::Remove,
            What::Rename => Kind::Change,
            What::Create => Kind::Create,
        };
        Plan::new("test", System::QUALYS_GATEWAY.id(), kind, "ada", rows.iter().map(item).collect())
    }

    /// Starts a plan in a tab and runs it to the end of one of the two; the job.
    fn start(&self, tab: &mut Tab, what: What) -> Job {
        let job = tab.journal.jobs().start(self.plan(what));
        tab.world.settle();
        tab.run(&job);
        job
    }

    /// The receipt and the service agree, and the service did nothing twice.
    #[track_caller]
    fn check(&self, what: What, count: usize, job: &Job, about: &str) {
        let plan = job.plan();
        assert_eq!(plan.items.len(), count, "{about}");
        let log = self.service.done.borrow();
        let rows = self.service.rows.borrow();
        job.with_states(|states| {
            assert_eq!(states.len(), count, "{about}");
            for (number, (item, state)) in (1_u64..).zip(plan.items.iter().zip(states)) {
                let row = rows.iter().find(|it| it.id == number);
                let times = match what {
                    What::Create => rows.iter().filter(|it| it.title == item.title).count(),
                    _ => log.iter().filter(|it| it.ends_with(&format!("/{number}"))).count(),
                };
                let is_so = match what {
                    What::Disable => row.is_some_and(|it| it.disabled),
                    What::Remove => row.is_none(),
                    What::Rename => row.is_some_and(|it| it.title == format!("new {number}")),
                    What::Create => times > 0,
                };
                assert!(times <= 1, "{about}: {number} was done {times} times");
                match state {
                    ItemState::Done { .. } => assert!(is_so && times == 1, "{about}: {number} {state:?}"),
                    ItemState::Skipped(Skip::AlreadySo) => assert!(is_so, "{about}: {number} {state:?}"),
                    ItemState::Failed(_) | ItemState::Skipped(_) => {
                        assert!(!is_so && times == 0, "{about}: {number} {state:?}");
                    }
                    _ => panic!("{about}: {number} has no end: {state:?}"),
                }
            }
        });
        drop((log, rows));
    }
}

/// A key as the list shows it.
fn as_listed(id: u64, title: &str, disabled: bool) -> Key {
    let mut key = Key { disabled, ..Key::new(id.to_string()) };
    key.fields = Fields::new()
        .with(FieldId::TITLE, Value::Text(title.to_owned()))
        .with(FieldId::LIMIT, Value::Limit(Limit::Unlimited));
    key
}

/// The states of a job, as (done, failed, skipped, unknown).
fn ends(job: &Job) -> (usize, usize, usize, usize) {
    let it = job.counts();
    assert_eq!((it.waiting, it.sent), (0, 0), "{it:?}");
    (it.done, it.failed, it.skipped, it.unknown)
}
