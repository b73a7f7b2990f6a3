//! What an administrator does to many keys: picked in the list, planned, shown, confirmed, then carried out by the
//! journal while the reader works on.

pub mod bar;
pub mod change_form;
pub mod changes;
pub mod dialog;
pub mod drafted;
pub mod edits;
pub mod effect;
pub mod gather;
pub mod paged;
pub mod panel;
pub mod picked;
pub mod plan_view;
pub mod receipt_view;
pub mod results;
pub mod state;
pub mod title_form;
pub mod titling;

pub use self::bar::SelectionBar;
pub use self::changes::ChangesDialog;
pub use self::dialog::BulkDialog;
pub use self::panel::{BulkPanel, BulkShort};
pub use self::picked::PickedDialog;
pub use self::plan_view::{by_reason, item_lines, plan_table, reason_list};
pub use self::state::{Bulk, BulkAction};
