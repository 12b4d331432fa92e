//! End-to-end tests.

mod house;
