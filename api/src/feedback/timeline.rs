//! What happened to a report, as its readers see it.

use chrono::{DateTime, Utc};
use domain::{
    Id,
    feedback::{Doer, Entry, Status},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who did something.
#[derive(Serialize, ToSchema)]
pub(super) struct DoerView {
    /// `reporter`, `staff` or `service`.
    #[schema(example = "staff")]
    kind: &'static str,
    /// The member of the staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
}

/// One thing that happened to a report.
#[derive(Serialize, ToSchema)]
pub(super) struct MilestoneView {
    /// What happened.
    #[schema(example = "feedback.accepted")]
    event: String,
    /// When.
    at: DateTime<Utc>,
    /// Where the report stood afterwards.
    #[schema(value_type = String)]
    status: Status,
    /// Who had to answer afterwards.
    agency: String,
    /// What was said with it: a question, an answer, a reason. Not for strangers.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Who did it; for the officers.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<DoerView>,
}

impl From<Doer> for DoerView {
    fn from(by: Doer) -> Self {
        Self { kind: by.kind(), id: by.staff().map(Id::uuid) }
    }
}

impl MilestoneView {
    /// As strangers see it.
    pub(super) fn public(entry: Entry) -> Self {
        let Entry { event, at, status, agency, .. } = entry;
        Self { event, at, status, agency: agency.into(), text: None, by: None }
    }

    /// As the reporter sees it.
    pub(super) fn own(entry: Entry) -> Self {
        let text = entry.words.as_ref().map(|words| words.text.clone());
        Self { text, ..Self::public(entry) }
    }

    /// As the officers see it.
    pub(super) fn desk(entry: Entry) -> Self {
        let by = Some(entry.by.into());
        Self { by, ..Self::own(entry) }
    }
}
