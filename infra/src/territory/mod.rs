//! The province's communes: how their lists and outlines are read, and the map made of them.

mod communes;
mod feature_collection;
mod map;
mod outlines;

pub use communes::{read_communes, read_legacy_communes};
pub use feature_collection::feature_collection;
pub use map::ProvinceMap;
pub use outlines::{Outline, Ring, read_outlines};
