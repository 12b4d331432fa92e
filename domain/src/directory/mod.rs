//! Who can be reached where: agencies, hotlines, facilities, holidays, notices.

mod agency;
mod facility;
mod holiday;
mod hotline;
mod notice;
mod shipped;

pub use agency::{Agency, AgencyCode, AgencyKind, InvalidAgencyCode};
pub use facility::Facility;
pub use holiday::Holiday;
pub use hotline::{
    EMERGENCY_NUMBERS, Hotline, HotlineKind, UnknownHotlineKind, is_emergency_number, shown,
};
pub use notice::{Notice, NoticeKind, UnknownNoticeKind};
pub use shipped::shipped_agencies;
