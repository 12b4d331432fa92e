//! Who can be reached where: how the lists are read, and what is near.

mod abbreviations;
mod agencies;
mod calendar;
mod changes;
mod corrections;
mod entered;
mod facilities;
mod holidays;
mod hotlines;
mod known;
mod near;
mod notices;
mod osm;
mod postings;

pub use abbreviations::{Abbreviation, read_abbreviations};
pub use calendar::{
    CalendarFeed, CalendarReport, FeedAway, InvalidFeed, import_calendar, is_calendar,
    read_calendar,
};
pub use changes::{ListChange, ListPlace, note_list};
pub use entered::{Entered, KnownEntries};
pub use facilities::read_facilities;
pub use holidays::read_holidays;
pub use hotlines::read_hotlines;
pub use known::KnownAgencies;
pub use near::FacilityMap;
pub use notices::read_notices;
pub use osm::{is_osm_extract, read_osm_facilities};
