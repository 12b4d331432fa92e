//! What a queue is narrowed by: in the address, and as it is saved.

use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    feedback::{
        self, ActError, LegalTrack, QueueFilter, SavedFilterId, Status, Urgency, Visibility,
    },
    identity::{Officer, Staff, business::BusinessId},
    territory::CommuneCode,
    text,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::order::{self, Sort};
use crate::{
    App,
    feedback::filters::{self, Statuses},
    problem::{ApiError, Code, FieldCode},
};

/// How an officer names themselves, and nobody, as who has a report.
const MYSELF: &str = "me";
const NOBODY: &str = "none";

/// Which reports of the desk; what is absent does not restrict.
#[derive(Clone, Debug, Default, Deserialize, Serialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(in crate::feedback) struct QueueQuery {
    /// At one of these statuses, separated by commas; when absent, whatever waits for an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    /// Of this category, or of this group.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    /// In this commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    commune: Option<CommuneCode>,
    /// That this agency has to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// That this officer has: an id, `me`, or `none` for what nobody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<String>,
    /// Open, and due before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_before: Option<DateTime<Utc>>,
    /// Only what should have been answered by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    overdue: Option<bool>,
    /// With these words in title, text or address, with or without marks; the last may be begun only.
    #[serde(skip_serializing_if = "Option::is_none")]
    q: Option<String>,
    /// As pressing as `normal`, `high` or `urgent`, however many support it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    urgency: Option<Urgency>,
    /// That have to take this statutory way: `complaint` or `denunciation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    legal_track: Option<LegalTrack>,
    /// That are `sealed`, `hidden` or `published`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    visibility: Option<Visibility>,
    /// Reported for this business.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<Uuid>)]
    #[schema(value_type = Option<Uuid>)]
    business_id: Option<BusinessId>,
    /// What comes first: `due` (when absent), `priority` or `supports`; the latter two of what waits for
    /// an answer or for its reporter alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub(super) sort: Option<Sort>,
    /// As this saved filter asks; not in a saved filter itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<Uuid>)]
    #[schema(value_type = Option<Uuid>)]
    pub(super) filter: Option<SavedFilterId>,
    /// Where to go on; not in a saved filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cursor: Option<String>,
    /// At most so many rows: in a list 20 when absent and at most 100, in a file 5,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Option<usize>,
}

/// The query of the saved filter `id`, which `officer` may use.
pub(super) async fn saved(
    app: &App,
    officer: &Officer,
    id: Option<SavedFilterId>,
) -> Result<QueueQuery, ApiError> {
    let Some(id) = id else { return Ok(QueueQuery::default()) };
    let staff = officer.staff().clone();
    let find = move |tx: &mut Transaction<'_>| feedback::saved_filter(tx, &staff, id);
    let found = app.database.read(find).await.map_err(|error| match error {
        ActError::NotFound => unfit("filter"),
        other => other.into(),
    })?;
    serde_json::from_str(&found.query).map_err(|_| ApiError::new(Code::Internal))
}

fn unfit(parameter: &str) -> ApiError {
    ApiError::new(Code::InvalidQuery).with_field(format!("/query/{parameter}"), FieldCode::Unknown)
}

impl QueueQuery {
    /// This, and where it leaves something open what `saved` asks.
    pub(super) fn over(self, saved: Self) -> Self {
        Self {
            status: self.status.or(saved.status),
            category: self.category.or(saved.category),
            commune: self.commune.or(saved.commune),
            agency: self.agency.or(saved.agency),
            assignee: self.assignee.or(saved.assignee),
            due_before: self.due_before.or(saved.due_before),
            overdue: self.overdue.or(saved.overdue),
            q: self.q.or(saved.q),
            urgency: self.urgency.or(saved.urgency),
            legal_track: self.legal_track.or(saved.legal_track),
            visibility: self.visibility.or(saved.visibility),
            business_id: self.business_id.or(saved.business_id),
            sort: self.sort.or(saved.sort),
            ..self
        }
    }

    /// Whether it says only what a saved filter may say.
    pub(super) const fn can_be_saved(&self) -> bool {
        self.filter.is_none() && self.cursor.is_none() && self.limit.is_none()
    }

    /// What the queue of `staff` is narrowed by, at an instant.
    pub(super) fn filter(
        self,
        app: &App,
        staff: &Staff,
        at: DateTime<Utc>,
    ) -> Result<QueueFilter, ApiError> {
        let statuses = match self.status {
            None => Status::OPEN.to_vec(),
            Some(text) => Statuses::try_from(text).map_err(|_| unfit("status"))?.0,
        };
        let assignee = match self.assignee.as_deref() {
            None | Some(NOBODY) => None,
            Some(MYSELF) => Some(staff.id),
            Some(id) => Some(id.parse().map_err(|_| unfit("assignee"))?),
        };
        let overdue = self.overdue.unwrap_or_default().then_some(at);
        let code = self.category.as_deref();
        let within = filters::categories(&app.feedback.categories(), code)?;
        let filter = QueueFilter {
            statuses,
            categories: code.map(|_| within),
            commune: self.commune,
            assignee,
            unassigned: self.assignee.as_deref() == Some(NOBODY),
            words: self.q.map(|q| text::fold(&q)).filter(|words| !words.is_empty()),
            urgency: self.urgency,
            legal_track: self.legal_track,
            visibility: self.visibility,
            business: self.business_id,
            due_before: [self.due_before, overdue].into_iter().flatten().min(),
            agencies: self.agency.into(),
        };
        order::check(&filter, self.sort)?;
        Ok(filter)
    }
}
