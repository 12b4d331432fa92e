//! The queue of a desk: what it is narrowed by, and in which order it comes.

use chrono::{DateTime, Utc};

use super::{FeedbackRepository, LegalTrack, Report, ReportId, Status, Urgency, Visibility};
use crate::{
    StoreError,
    identity::{Officer, StaffId, business::BusinessId, policy::Scope},
    page::Page,
    territory::CommuneCode,
};

/// Which reports of a desk are asked for; what is left open does not restrict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueFilter {
    /// At one of these; any where empty.
    pub statuses: Vec<Status>,
    /// Of one of these categories.
    pub categories: Option<Vec<String>>,
    /// In this commune.
    pub commune: Option<CommuneCode>,
    /// That this officer has.
    pub assignee: Option<StaffId>,
    /// That nobody has.
    pub unassigned: bool,
    /// With these words in title, text or address, folded; the last may be begun only.
    pub words: Option<String>,
    /// As pressing as this, whoever supports them.
    pub urgency: Option<Urgency>,
    /// That have to take this statutory way.
    pub legal_track: Option<LegalTrack>,
    /// Shown like this.
    pub visibility: Option<Visibility>,
    /// Reported for this business, and not confidential.
    pub business: Option<BusinessId>,
    /// Open, and due before this instant.
    pub due_before: Option<DateTime<Utc>>,
    /// That these agencies have to answer. Not what merely lies in their area: who is denounced
    /// must not read the denunciation.
    pub agencies: Scope,
}

/// What comes first in a queue, before what is due first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rank {
    /// What is most pressing, by its urgency and by how many support it.
    Priority,
    /// What most others support.
    Supports,
}

impl Rank {
    /// Where reports can stand that are ranked: they wait for an answer or for their reporter.
    pub const RANKED: [Status; 5] = [
        Status::Submitted,
        Status::Accepted,
        Status::Assigned,
        Status::InProgress,
        Status::NeedsInfo,
    ];
}

/// A place in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueKey {
    /// By what the report there is ranked; 0 where only its due date counts.
    pub rank: i64,
    /// By when it is due.
    pub due_at: DateTime<Utc>,
    /// The report there.
    pub id: ReportId,
}

/// A stretch of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStretch {
    /// What comes first; what is due first, where that is nothing.
    pub by: Option<Rank>,
    /// The last row that was seen.
    pub after: Option<QueueKey>,
    /// At most so many rows.
    pub limit: usize,
}

impl QueueStretch {
    /// The first `limit` rows of what is due first.
    #[must_use]
    pub const fn first(limit: usize) -> Self {
        Self { by: None, after: None, limit }
    }
}

/// A stretch of the reports in the officer's scope that fit `filter`.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn queue(
    tx: &mut impl FeedbackRepository,
    officer: &Officer,
    filter: QueueFilter,
    stretch: QueueStretch,
) -> Result<Page<Report, QueueKey>, StoreError> {
    let agencies = officer.staff().scope().and(filter.agencies);
    tx.queue(&QueueFilter { agencies, ..filter }, stretch)
}
