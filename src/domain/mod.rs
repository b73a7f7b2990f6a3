//! A key, its state, its limits, pages of keys: plain data that knows no system, no browser and no
//! screen.

mod date;
mod draft;
mod key;
mod page_of;
mod secret;
mod standing;

pub use self::date::{Date, Timestamp};
pub use self::draft::{
    Change, Field, FieldError, KeyDraft, LIMIT_RANGE, NewKey, Problem, differences, plan_change, read_draft,
};
pub use self::key::{Key, KeyId, KeyKind, Limit, Tag};
pub use self::page_of::{Coverage, PageOf};
pub use self::secret::Secret;
pub use self::standing::{NEARLY_FULL_PERCENT, SOON_DAYS, Standing, State};
