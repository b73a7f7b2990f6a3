//! The query language of the console.
