//! The catalogue of procedures: read from open data, and searched.

pub mod reading;
