//! The province on the map: positions, communes old and new.

mod position;

pub use position::{OutOfRange, Position};
