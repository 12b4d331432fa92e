//! What a dispatcher puts right about an emergency. It goes before what the caller says of the same
//! later; what the caller said stays beside, and so does what stood there before.

mod correct;
mod entity;
mod report;

pub use correct::correct;
pub use entity::{Corrected, Correction, CorrectionRepository, Field, FieldChange};
