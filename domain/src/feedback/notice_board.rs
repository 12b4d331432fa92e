//! Where what strangers see hangs: in the store, and found in memory.

use chrono::{DateTime, Utc};

use super::{Circle, PublicReport, ReportId, ReportName};
use crate::StoreError;

/// Where a report hangs: given out when it is published, ever greater ones.
pub type Place = i64;

/// What strangers see, in the store.
pub trait NoticeBoard {
    /// Hangs `report` up, in the place of what hung there for it before; as many support it, and
    /// as many comments are shown, as the store knows.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn hang_up(&mut self, report: &PublicReport) -> Result<(), StoreError>;

    /// Takes down what hangs for the report, if anything does.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn take_down(&mut self, report: ReportId) -> Result<(), StoreError>;

    /// What hangs for the report of this name.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn shown(&mut self, name: &ReportName) -> Result<Option<PublicReport>, StoreError>;

    /// What hangs at `places`, in their order. What was taken down meanwhile is left out.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn shown_at(&mut self, places: &[Place]) -> Result<Vec<(Place, PublicReport)>, StoreError>;
}

/// What was published near a position, as a process knows it without asking the store.
pub trait Vicinity: Send + Sync {
    /// Where the reports of one category hang that arrived since an instant and are shown in the
    /// circle, the nearest first, at most `limit`, each with its distance in metres.
    fn published_near(
        &self,
        category: &str,
        circle: Circle,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Vec<(Place, f64)>;
}
