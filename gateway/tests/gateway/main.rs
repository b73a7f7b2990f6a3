//! The gateway against its documents: in process where a socket does not matter, as a real program where it does.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected shall fail at that place"
)]

mod contract;
mod control;
mod crash;
mod demo_keys;
mod files;
mod program;
mod qlik;
mod qlik_faults;
mod qlik_rules;
mod qlik_switches;
mod qps;
mod qps_faults;
mod qps_rules;
mod qps_search;
mod qps_switches;
mod query;
mod rules;
mod secrets;
mod sign_in;
mod solifyn;
mod solifyn_faults;
mod solifyn_rules;
mod solifyn_switches;
mod support;
mod switches;
