//! How the reader wants a list: its columns with their order and widths, density, mode, page size and grouping.
//!
//! Pure first: `model` is what can be done to a layout, `document` its written form. `store` keeps the layouts of all
//! connections, and `handle` is what the views share,
//! and `panel` is the dialog in which all of it is arranged.

mod document;
mod handle;
mod model;
mod panel;
mod store;

pub(super) use self::handle::ListLayout;
pub(super) use self::model::{
    Column, Density, Layout, MAX_WIDTH, MIN_WIDTH, Mode, STEP, group_name, grouping, groupings,
};
pub(super) use self::panel::view_button;
