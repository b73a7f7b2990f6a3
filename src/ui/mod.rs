//! Widgets that know no key, the two helpers that ask and send, and what watches signals.
//!
//! A widget takes text that is already translated; only its own words (Close, Copy, Loading …) come
//! from the catalogue.
//!
//! Layout is classes, for features to use on plain elements:
//!
//! * page: `shell` > `shell-head` (`shell-name`, `shell-where`, `shell-tools`) and `shell-main`, or
//!   `shell-card` for one small form; `page-head` (h1, `page-sub`, `page-actions`); `panel`
//! * form: `form`, `form-columns`, `form-section`, `form-actions`
//! * table cells: `cell-number`, `cell-actions`, `cell-nowrap`, and `cell-sub` for a second line
//! * query box: `query`, `query-bar`, `query-frame`, `query-field` (`query-mirror`, `query-area`), `query-popup`,
//!   `query-option`, `query-fault`
//! * anywhere: `row`, `stack`, `muted`, `number` (digits of one width), `visually-hidden`
//!
//! Handlers are [`leptos::callback::UnsyncCallback`]s, so a plain closure with
//! `Rc`s inside fits every `on_…` prop. Classes are written out in `style/`, one sheet a widget.

pub mod announcer;
pub mod badge;
pub mod banner;
pub mod button;
pub mod choice;
pub mod combobox;
pub mod confirm;
pub mod copy;
pub mod definition;
pub mod dialog;
pub mod disclosure;
pub mod field;
pub mod grid;
pub mod icon;
pub mod id;
pub mod input;
pub mod latest;
pub mod menu;
pub mod meter;
pub mod pager;
pub mod progress;
pub mod reactive;
pub mod secret_field;
pub mod skip_link;
pub mod state_screen;
pub mod submit;
pub mod table;
pub mod tabs;
pub mod tag_input;
pub mod toast;
pub mod tone;

pub use announcer::{Announcer, LiveRegion};
pub use badge::Badge;
pub use banner::Banner;
pub use button::{Button, ButtonKind, IconButton};
pub use choice::{CheckGroup, Checkbox, Choice, RadioGroup, Select};
pub use combobox::{Combo, ComboOption, Combobox, Offered};
pub use confirm::ConfirmDialog;
pub use copy::{CodeBlock, CopyButton};
pub use definition::{Definition, Definitions};
pub use dialog::{Dialog, DialogCancel, DialogSize, close_dialog};
pub use disclosure::Disclosure;
pub use field::{Field, FieldIds};
pub use grid::{
    Density, DrawCell, Grid, GridColumn, GridEntry, GridResize, GridScroll, GridSelect, GridSource, Pick,
    Picked, Sorted,
};
pub use icon::{Icon, icon};
pub use input::{DateField, NumberField, PasswordField, TextArea, TextField};
pub use latest::{Answer, Latest, latest};
pub use menu::{Menu, MenuItem};
pub use meter::Meter;
pub use pager::Pager;
pub use progress::{Progress, Spinner};
pub use reactive::{effect, memo};
pub use secret_field::SecretField;
pub use skip_link::SkipLink;
pub use state_screen::{StateKind, StateScreen};
pub use submit::{Submit, submit};
pub use table::{Skeleton, SortDirection, SortHeader, TableFrame};
pub use tabs::{Tab, Tabs};
pub use tag_input::TagInput;
pub use toast::{ToastAction, ToastHost, Toasts};
pub use tone::Tone;
