use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;

/// Calls in flight at once: what the platform allows an endpoint (reference `qualys.md`, 5 and 10).
const IN_FLIGHT: usize = 2;

/// A fixed number of slots, given out in the order they were asked for.
#[derive(Clone, Default)]
pub(super) struct Slots(Rc<RefCell<Queue>>);

#[derive(Default)]
struct Queue {
    taken: usize,
    waiting: VecDeque<oneshot::Sender<Slot>>,
}

/// A slot; free again, or handed to the next in the queue, when dropped.
pub(super) struct Slot(Option<Slots>);

impl Slots {
    /// Whether a call would have to queue now.
    pub(super) fn is_full(&self) -> bool {
        self.0.borrow().taken >= IN_FLIGHT
    }

    /// Waits for a slot. Dropping the future leaves the queue.
    pub(super) async fn take(&self) -> Slot {
        let turn = {
            let mut queue = self.0.borrow_mut();
            if queue.taken < IN_FLIGHT {
                queue.taken += 1;
                return Slot(Some(self.clone()));
            }
            let (sender, receiver) = oneshot::channel();
            queue.waiting.push_back(sender);
            receiver
        };
        match turn.await {
            Ok(slot) => slot,
            // Senders leave the queue only by handing over a slot; this keeps the count right anyway.
            Err(oneshot::Canceled) => {
                self.0.borrow_mut().taken += 1;
                Slot(Some(self.clone()))
            }
        }
    }

    fn give_back(&self) {
        loop {
            let next = {
                let mut queue = self.0.borrow_mut();
                let next = queue.waiting.pop_front();
                if next.is_none() {
                    queue.taken = queue.taken.saturating_sub(1);
                }
                next
            };
            let Some(next) = next else { return };
            // The count stays: the slot changes hands. A waiter that is gone hands it straight back.
            match next.send(Slot(Some(self.clone()))) {
                Ok(()) => return,
                Err(mut unwanted) => unwanted.0 = None,
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(slots) = self.0.take() {
            slots.give_back();
        }
    }
}
