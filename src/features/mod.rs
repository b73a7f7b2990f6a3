//! What an administrator can do, one folder a feature: a page or a dialog and its parts.
//!
//! Architecture invariant: components own no fetch. They ask through `ui::latest` and change through
//! `journal`.

pub mod curl;
pub mod error_text;
pub mod error_view;
pub mod key_form;
pub mod key_list;
pub mod key_text;
pub mod query_box;
pub mod workspace;
