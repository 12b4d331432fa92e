//! Calls that reach a dispatcher over the telephone, and what they put right about any call.

pub(super) mod correct;
mod fields;
pub(super) mod take;
