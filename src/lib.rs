//! Latchkey: a key administration console in the browser.
//!
//! This file is the map. Modules stand in reading order; `ARCHITECTURE.md` says what each is for and
//! which may use which.

pub mod app;
pub mod page;

pub mod domain;
pub mod systems;

pub mod http;
pub mod session;

pub mod journal;

pub mod files;

pub mod embed;

pub mod platform;
pub mod ui;

pub mod features;
pub mod i18n;
