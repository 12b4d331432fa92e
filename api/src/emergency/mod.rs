//! Emergencies over HTTP.

mod intake;
