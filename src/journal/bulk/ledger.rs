use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::bell::Bell;
use super::keep::{Entries, Keep};

/// What is to be written down, gathered: everything that comes while one transaction runs goes into the next one, so
/// that writing before each call costs one round of the disk and not one a call.
pub(super) struct Ledger {
    keep: Rc<dyn Keep>,
    queue: RefCell<Entries>,
    /// Counts what was put, and what is safe.
    put: Cell<u64>,
    safe: Cell<u64>,
    writing: Cell<bool>,
    refused: Cell<bool>,
    shared: Cell<bool>,
    bell: Bell,
}

impl Ledger {
    pub(super) fn new(keep: Rc<dyn Keep>) -> Self {
        Self {
            keep,
            queue: RefCell::default(),
            put: Cell::default(),
            safe: Cell::default(),
            writing: Cell::default(),
            refused: Cell::default(),
            shared: Cell::default(),
            bell: Bell::default(),
        }
    }

    /// The browser refused to keep something: a reload loses what this tab knows.
    pub(super) fn is_refused(&self) -> bool {
        self.refused.get()
    }

    /// Nothing can be read either.
    pub(super) fn note_refused(&self) {
        self.refused.set(true);
    }

    /// Whether the store took or gave anything in this tab: then others may know what this one knows.
    pub(super) fn is_shared(&self) -> bool {
        self.shared.get()
    }

    /// The store gave something.
    pub(super) fn note_shared(&self) {
        self.shared.set(true);
    }

    /// Notes an entry for the next transaction.
    pub(super) fn put(&self, name: String, text: Option<String>) {
        self.queue.borrow_mut().push((name, text));
        self.put.set(self.put.get() + 1);
    }

    /// Writes at once; `false` when that was refused.
    pub(super) async fn write(&self, entries: Entries) -> bool {
        // A connection to the store that was closed refuses once, and the next try opens another.
        let again = entries.clone();
        let is_kept = self.keep.write(entries).await.is_ok() || self.keep.write(again).await.is_ok();
        (if is_kept { &self.shared } else { &self.refused }).set(true);
        is_kept
    }

    /// Waits until everything that was put so far would survive a crash. What is refused counts as written: the
    /// change is more than its record, and the reader is told.
    pub(super) async fn flush(&self) {
        let goal = self.put.get();
        while self.safe.get() < goal {
            if self.writing.get() {
                let count = self.bell.count();
                self.bell.after(count).await;
                continue;
            }
            let turn = Turn::take(self);
            let (entries, upto) = (self.queue.take(), self.put.get());
            self.write(entries).await;
            self.safe.set(upto);
            drop(turn);
        }
    }
}

/// One writes at a time; the next may, however this one ends.
struct Turn<'a>(&'a Ledger);

impl<'a> Turn<'a> {
    fn take(ledger: &'a Ledger) -> Self {
        ledger.writing.set(true);
        Self(ledger)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.writing.set(false);
        self.0.bell.ring();
    }
}
