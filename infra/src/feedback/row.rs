//! A report as a row.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{
        Head, Rejection, RejectionReason, Report, Reporter, Status, TrackingCode, Version,
        Visibility,
    },
    territory::{CommuneCode, Position},
    text,
};

use super::searched;
use crate::{
    columns::{AsText, At, Id, bytes, digest},
    schema::feedback_report,
};

#[derive(AsChangeset, Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = feedback_report)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct Row {
    id: Id,
    code: AsText<TrackingCode>,
    version: i64,
    category: String,
    title: Option<String>,
    text: String,
    lat: Option<f64>,
    lon: Option<f64>,
    commune: Option<AsText<CommuneCode>>,
    address: Option<String>,
    attributes: String,
    reporter: Option<Id>,
    confidential: bool,
    agency: AsText<AgencyCode>,
    assignee: Option<Id>,
    status: AsText<Status>,
    status_since: At,
    visibility: AsText<Visibility>,
    published_at: Option<At>,
    answer: Option<String>,
    rejection_reason: Option<AsText<RejectionReason>>,
    rejection_go_to: Option<String>,
    submitted_at: At,
    due_at: At,
    updated_at: At,
    folded: String,
    resolved_at: Option<At>,
    merged_into: Option<Id>,
    course: String,
    alarm_at: Option<At>,
    history_number: i64,
    history_link: Option<Vec<u8>>,
}

impl From<&Report> for Row {
    fn from(report: &Report) -> Self {
        let rejection = report.rejection.as_ref();
        Self {
            id: report.id.into(),
            code: AsText(report.code.clone()),
            version: report.version.0,
            category: report.category.clone(),
            title: report.title.clone(),
            text: report.text.clone(),
            lat: report.position.map(Position::lat),
            lon: report.position.map(Position::lon),
            commune: report.commune.map(AsText),
            address: report.address.clone(),
            attributes: report
                .attributes
                .clone()
                .into_iter()
                .collect::<serde_json::Value>()
                .to_string(),
            reporter: report.reporter.citizen().map(Id::from),
            confidential: report.is_hidden(),
            agency: AsText(report.agency.clone()),
            assignee: report.assignee.map(Id::from),
            status: AsText(report.status),
            status_since: At(report.status_since),
            visibility: AsText(report.visibility),
            published_at: report.published_at.map(At),
            answer: report.answer.clone(),
            rejection_reason: rejection.map(|rejection| AsText(rejection.reason)),
            rejection_go_to: rejection.and_then(|rejection| rejection.go_to.clone()),
            submitted_at: At(report.submitted_at),
            due_at: At(report.due_at),
            updated_at: At(report.updated_at),
            folded: folded(report),
            resolved_at: report.resolved_at.map(At),
            merged_into: report.merged_into.map(Id::from),
            course: serde_json::to_string(&report.course).unwrap_or_default(),
            alarm_at: report.next_alarm().map(At),
            history_number: report.head.number,
            history_link: Some(bytes(report.head.link)),
        }
    }
}

/// Title, text and address as they are searched.
fn folded(report: &Report) -> String {
    let parts = [report.title.as_deref(), Some(&report.text), report.address.as_deref()];
    searched::stored(&parts.into_iter().flatten().map(text::fold).collect::<Vec<_>>().join(" "))
}

impl TryFrom<Row> for Report {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let position = row.lat.zip(row.lon).map(|(lat, lon)| Position::new(lat, lon)).transpose();
        let rejection = row
            .rejection_reason
            .map(|reason| Rejection { reason: reason.0, go_to: row.rejection_go_to });
        Ok(Self {
            id: row.id.into(),
            code: row.code.0,
            version: Version(row.version),
            category: row.category,
            title: row.title,
            text: row.text,
            position: position.map_err(|error| unreadable(&error))?,
            commune: row.commune.map(|commune| commune.0),
            address: row.address,
            attributes: serde_json::from_str(&row.attributes)
                .map_err(|error| unreadable(&error))?,
            reporter: match row.reporter {
                None => Reporter::Anonymous,
                Some(id) => Reporter::Citizen { id: id.into(), confidential: row.confidential },
            },
            agency: row.agency.0,
            assignee: row.assignee.map(Id::into),
            status: row.status.0,
            status_since: row.status_since.0,
            visibility: row.visibility.0,
            published_at: row.published_at.map(|at| at.0),
            answer: row.answer,
            rejection,
            submitted_at: row.submitted_at.0,
            due_at: row.due_at.0,
            updated_at: row.updated_at.0,
            resolved_at: row.resolved_at.map(|at| at.0),
            merged_into: row.merged_into.map(Id::into),
            course: serde_json::from_str(&row.course).map_err(|error| unreadable(&error))?,
            head: match row.history_link {
                Some(link) => Head { number: row.history_number, link: digest(link)? },
                None => Head::START,
            },
        })
    }
}

pub(super) fn unreadable(error: &dyn std::error::Error) -> StoreError {
    StoreError::Failed(format!("a report in the store cannot be read: {error}"))
}
