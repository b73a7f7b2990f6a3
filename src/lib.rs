//! Latchkey: a key administration console in the browser.
