//! Where reports are kept, and how they are looked for.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    QueueFilter, QueueKey, QueueStretch, Report, ReportId, Status, Task, TrackingCode, Version,
};
use crate::{
    StoreError,
    directory::AgencyCode,
    identity::{CitizenId, StaffId},
    page::Page,
    territory::{Bounds, CommuneCode, Position},
};

/// A place in a list that is ordered by an instant, then by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListKey {
    /// The instant the list is ordered by.
    pub at: DateTime<Utc>,
    /// The report there.
    pub id: ReportId,
}

/// A stretch of a list: what comes `after` a place, at most `limit` rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The last row that was seen.
    pub after: Option<ListKey>,
    /// At most so many rows.
    pub limit: usize,
}

/// What lies around a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// The middle.
    pub centre: Position,
    /// How far from it, in metres.
    pub radius_m: f64,
}

/// Which published reports are asked for; what is left open does not restrict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicFilter {
    /// Inside this rectangle.
    pub bounds: Option<Bounds>,
    /// Inside this circle.
    pub near: Option<Circle>,
    /// Of one of these categories; any where empty.
    pub categories: Vec<String>,
    /// At one of these; any where empty.
    pub statuses: Vec<Status>,
    /// In this commune.
    pub commune: Option<CommuneCode>,
    /// With these words in title, text or address, folded.
    pub words: Option<String>,
    /// Changed after this instant.
    pub updated_after: Option<DateTime<Utc>>,
}

/// Where reports are kept.
pub trait FeedbackRepository {
    /// Adds `report`, unless its id or its code is taken. Says whether it was added.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn insert(&mut self, report: &Report) -> Result<bool, StoreError>;

    /// Saves `report` if the stored one is still at `version`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if it is not, another one when the store cannot take it.
    fn save(&mut self, report: &Report, version: Version) -> Result<(), StoreError>;

    /// The report with this id, whoever asks: callers prove a right to it by its token, or look
    /// at its scope.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn find(&mut self, id: ReportId) -> Result<Option<Report>, StoreError>;

    /// The report with this code, whoever asks; as [`find`](Self::find).
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn find_by_code(&mut self, code: &TrackingCode) -> Result<Option<Report>, StoreError>;

    /// The reports of `citizen` of one category in a circle that arrived since an instant, the
    /// nearest first, at most `limit`, each with its distance in whole metres.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn own_near(
        &mut self,
        citizen: CitizenId,
        category: &str,
        circle: Circle,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<(Report, f64)>, StoreError>;

    /// The reports of a citizen, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn of_citizen(
        &mut self,
        citizen: CitizenId,
        stretch: Stretch,
    ) -> Result<Page<Report, ListKey>, StoreError>;

    /// The reports that fit `filter`, in the order of `stretch`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn queue(
        &mut self,
        filter: &QueueFilter,
        stretch: QueueStretch,
    ) -> Result<Page<Report, QueueKey>, StoreError>;

    /// What `officer` has that waits for its answer or for its reporter, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn tasks(&mut self, officer: StaffId, limit: usize) -> Result<Vec<Task>, StoreError>;

    /// What has waited for its reporter at `status` since before `instant`, at most `limit`, the
    /// oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn waiting_since(
        &mut self,
        status: Status,
        instant: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Report>, StoreError>;

    /// The reports whose next alarm was due by `at`, at most `limit`, the oldest alarm first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn alarms_due(&mut self, at: DateTime<Utc>, limit: usize) -> Result<Vec<Report>, StoreError>;

    /// How long it took `agency` from their arrival to answer the reports of a category that it
    /// answered since an instant, the latest ones, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn answered(
        &mut self,
        category: &str,
        agency: &AgencyCode,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<TimeDelta>, StoreError>;

    /// The reports that were merged into `leading`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn followers(&mut self, leading: ReportId) -> Result<Vec<Report>, StoreError>;
}
