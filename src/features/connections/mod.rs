//! Several connections at once: which one is shown, the switcher between them, and all of them on one page.

mod here;
pub mod overview;
mod standing;
pub mod switcher;

pub use self::here::Here;
pub use self::overview::Overview;
pub use self::switcher::{Switcher, sign_out, sign_out_all};
