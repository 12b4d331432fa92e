//! The catalogue of procedures: read from open data, and searched.

pub mod index;
pub mod reading;
mod rules;
mod unanswered;
pub mod wording;
