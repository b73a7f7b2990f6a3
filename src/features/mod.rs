//! What an administrator can do, one folder a feature: a page or a dialog and its parts.
//!
//! Architecture invariant: components own no fetch. They ask through `ui::latest` and change through
//! `journal`.

pub mod age;
pub mod all_keys;
pub mod bulk;
pub mod config_problem;
pub mod connection_status;
pub mod connections;
pub mod create;
pub mod curl;
pub mod delete;
pub mod embedded;
pub mod error_text;
pub mod error_view;
pub mod export;
pub mod frame;
pub mod import;
pub mod import_keys;
pub mod install;
pub mod kept;
pub mod key;
pub mod key_actions;
pub mod key_cells;
pub mod key_form;
pub mod key_json;
pub mod key_list;
pub mod key_text;
pub mod key_value;
pub mod leave;
pub mod members;
pub mod move_members;
pub mod offers;
pub mod once;
pub mod outcome_text;
pub mod outcome_view;
pub mod progress;
pub mod query_box;
pub mod read_only;
pub mod regenerate;
pub mod release;
pub mod result_line;
pub mod saved_queries;
pub mod self_check;
pub mod session_watch;
pub mod set_enabled;
pub mod settings;
pub mod shell;
pub mod sign_in;
pub mod theme;
pub mod unsaved;
pub mod verify;
pub mod workspace;
pub mod write;
