//! Understanding calls for help: whatever bytes come, they give a call and never an error.

mod fields;
mod reading;
mod report;
mod salvage;

pub(super) use report::Said;
