//! Ids that tie a label, a hint and an error to their control.

use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// An id that no other element of this page has, such as `field-12`.
pub fn unique(prefix: &str) -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    [prefix, "-", &number.to_string()].concat()
}
