//! Effects and memos whose code is in the program once.
//!
//! Leptos makes the loop of an effect and the node of a memo anew for each closure, of which there are over two hundred.
//! Here the closure goes into a box first, so that they are made once for each type of value.

use leptos::prelude::*;

/// [`Effect::new`]: runs a moment later, and again when a signal changes that it read. It gets what it gave before.
pub fn effect<T: 'static>(run: impl FnMut(Option<T>) -> T + 'static) {
    fn boxed<T: 'static>(run: Box<dyn FnMut(Option<T>) -> T>) {
        Effect::new(run);
    }
    boxed(Box::new(run));
}

/// [`Memo::new`]: a value worked out from signals, which is news only when it differs from the one before.
#[track_caller]
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    value: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    type Boxed<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

    #[track_caller]
    fn boxed<T: PartialEq + Send + Sync + 'static>(value: Boxed<T>) -> Memo<T> {
        Memo::new(value)
    }
    boxed(Box::new(value))
}
