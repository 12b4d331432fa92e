//! What strangers see.

use std::str::FromStr;

use super::{FeedbackRepository, InvalidTrackingCode, Report, ReportId, TrackingCode, Visibility};
use crate::StoreError;

/// What people call a report: its id or its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportName {
    /// By its id.
    Id(ReportId),
    /// By its code.
    Code(TrackingCode),
}

impl FromStr for ReportName {
    type Err = InvalidTrackingCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => text.parse().map(Self::Code),
        }
    }
}

/// The report of this name, if it is published.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn published(
    tx: &mut impl FeedbackRepository,
    name: &ReportName,
) -> Result<Option<Report>, StoreError> {
    let report = match name {
        ReportName::Id(id) => tx.find(*id)?,
        ReportName::Code(code) => tx.find_by_code(code)?,
    };
    Ok(report.filter(|report| report.visibility == Visibility::Published))
}
