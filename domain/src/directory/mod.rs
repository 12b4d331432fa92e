//! Who can be reached where: agencies, hotlines, facilities, holidays, notices.

mod agency;

pub use agency::{Agency, AgencyCode, AgencyKind};
