//! A key, its state, its limits, pages of keys: plain data that knows no system, no browser and no
//! screen.

mod date;
mod key;
pub mod order;
mod page_of;
mod secret;
mod selection;
mod standing;
mod value;

pub use self::date::{Date, Timestamp};
pub use self::key::{Ended, Expiry, Key, KeyId};
pub use self::page_of::{Coverage, PageOf};
pub use self::secret::Secret;
pub use self::selection::Selection;
pub use self::standing::{NEARLY_FULL_PERCENT, SOON_DAYS, Standing, State};
pub use self::value::{FieldId, Fields, Limit, Ref, Value};
