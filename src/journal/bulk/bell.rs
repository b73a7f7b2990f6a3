use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Wakes everyone who listens, each time it rings. Nothing is missed by whoever listens again at once.
#[derive(Default)]
pub(super) struct Bell {
    rung: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
}

impl Bell {
    pub(super) fn ring(&self) {
        self.rung.set(self.rung.get().wrapping_add(1));
        // Taken out first: waking may run code that comes back here.
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// How often it rang so far; see [`Bell::after`].
    pub(super) fn count(&self) -> u64 {
        self.rung.get()
    }

    /// Waits until it rang since `count`.
    pub(super) async fn after(&self, count: u64) {
        poll_fn(|context| {
            if self.rung.get() != count {
                return Poll::Ready(());
            }
            let mut waiting = self.waiting.borrow_mut();
            if !waiting.iter().any(|it| it.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}
