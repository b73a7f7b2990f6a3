//! Every address of the app in one place.
