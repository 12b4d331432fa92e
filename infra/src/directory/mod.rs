//! Who can be reached where: how the lists are read, and what is near.

mod agencies;
mod facilities;
mod holidays;
mod hotlines;
mod known;
mod near;
mod notices;

pub use facilities::read_facilities;
pub use holidays::read_holidays;
pub use hotlines::read_hotlines;
pub use known::KnownAgencies;
pub use near::FacilityMap;
pub use notices::read_notices;
