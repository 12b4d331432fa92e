//! The province on the map: positions, communes old and new.

mod commune;
mod gazetteer;
mod place_name;
mod position;

pub use commune::{Bounds, Commune, CommuneCode, CommuneType, InvalidCommuneCode, LegacyCommune};
pub use gazetteer::{Candidate, Former, Gazetteer, PROVINCE_NAME};
pub use position::{OutOfRange, Position};
