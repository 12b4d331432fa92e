//! Who can be reached where: agencies, hotlines, facilities, holidays, notices.

mod agency;
mod area;
mod calendar;
mod change;
mod correction;
mod executor;
mod facility;
mod filing;
mod holiday;
mod hotline;
mod notice;
mod opening_hours;
mod posting;
mod shipped;
mod tree;

pub use agency::{Agency, AgencyCode, AgencyKind, InvalidAgencyCode, UnknownAgencyKind};
pub use area::Area;
pub use calendar::{CalendarEntry, calendar_changes};
pub use change::{AgencyChange, AgencyRepository, PutAgencyError, add_agency, change_agency};
pub use correction::{
    BestKnown, CorrectError, Correction, CorrectionRepository, FacilityChange, correct_facility,
    correction_of,
};
pub use facility::{Facility, FacilityKind, UnknownFacilityKind};
pub use filing::{answers_at, receivers, regardless_of_boundaries};
pub use holiday::Holiday;
pub use hotline::{
    EMERGENCY_NUMBERS, Hotline, HotlineKind, UnknownHotlineKind, is_emergency_number, shown,
};
pub use notice::{Notice, NoticeKind, UnknownNoticeKind};
pub use opening_hours::{DAYS, InvalidOpeningHours, OpeningHours, Span};
pub use posting::{
    ENTERED, NewNotice, NoticeChange, PostError, Posting, PostingId, PostingRepository, all_posted,
    change_notice, entered, post_notice, posted, withdraw_notice,
};
pub use shipped::shipped_agencies;
pub use tree::{AgencyTree, Misplaced};
