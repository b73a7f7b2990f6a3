//! All connections in one list: the fields that all systems have, one query over all of them, and what each system
//! can do.
//!
//! Each connection is a part of its own: it loads, fails and is tried again by itself, and the others stay.

mod address;
mod found;
#[expect(unreachable_pub, reason = "the component macro makes its function public")]
mod matrix;
mod part;
mod query;
mod rows;
mod state;
#[expect(unreachable_pub, reason = "the component macro makes its function public")]
mod view;

pub use self::matrix::ActionMatrix;
pub(in crate::features) use self::part::load;
pub use self::part::{Access, Source};
pub use self::view::AllKeys;
