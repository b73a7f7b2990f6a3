//! The journal of many changes, judged by what the service did.
