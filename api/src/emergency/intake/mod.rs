//! Understanding calls for help: whatever bytes come, they give a call and never an error.

mod body;
mod fields;
mod incoming;
mod reading;
mod report;
mod salvage;

pub(super) use body::Body;
pub(super) use incoming::{Incoming, commune_at, named_in_path};
pub(super) use report::Said;
