//! Calendars of notices that others keep (iCalendar, RFC 5545): read from a file or fetched.

mod event;
mod feed;
mod import;
mod reading;
mod repeating;
mod rounds;
mod times;
mod words;

pub use feed::{CalendarFeed, FeedAway, InvalidFeed};
pub use import::{CalendarReport, import_calendar};
pub use reading::{is_calendar, read_calendar};
