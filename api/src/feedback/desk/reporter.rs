//! Looking up who reported something.

use actix_web::{HttpResponse, post, web::Data};
use domain::feedback::{self, KnownReporter, REASON, ReportId, Saying};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    App,
    extract::{Json, Path},
    feedback::{office, view::private},
    identity::{By, Officer},
    problem::ApiError,
};

/// Why somebody has to be known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct OpenReporter {
    /// Why, 1 to 1,000 characters; it stands in the history of the report, where officers alone see it.
    #[schema(example = "Gọi lại để hẹn giờ khảo sát")]
    reason: String,
}

/// Who reported something.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct KnownReporterView {
    /// `citizen`: somebody with an account, or `caller`: somebody for whom an officer wrote it down.
    #[schema(example = "citizen")]
    kind: &'static str,
    /// Whether they asked not to be shown.
    confidential: bool,
    /// What they are called.
    name: Option<String>,
    /// Their number, E.164.
    phone: Option<String>,
}

impl From<KnownReporter> for KnownReporterView {
    fn from(reporter: KnownReporter) -> Self {
        match reporter {
            KnownReporter::Citizen { account, confidential } => Self {
                kind: "citizen",
                confidential,
                name: account.display_name.map(|name| name.as_str().to_owned()),
                phone: account.phone.map(|phone| phone.e164()),
            },
            KnownReporter::Caller(contact) => Self {
                kind: "caller",
                confidential: false,
                name: contact.name,
                phone: contact.phone,
            },
        }
    }
}

/// Looks up who reported something.
///
/// Only whoever has the report may, and for a reason. Who looked and why stands in its history, which
/// makes its `ETag` another, and in the audit log. Some time after its end nobody can look any more.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    request_body = OpenReporter,
    responses(
        (status = 200, description = "Who it is", body = KnownReporterView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 404, description = "Problem `not_found`: none of this desk, or nobody knows who \
                                      reported it, or not any more"),
        (status = 409, description = "Problem `not_holder`: somebody else has it, or nobody; or \
                                      `changed_meanwhile`"),
        (status = 422, description = "Problem `validation_failed`: no reason"),
    ),
)]
#[post("/v1/desk/feedback/{id}/reporter")]
pub(in crate::feedback) async fn open_reporter(
    app: Data<App>,
    By(officer): Officer,
    Path(id): Path<ReportId>,
    Json(body): Json<OpenReporter>,
) -> Result<HttpResponse, ApiError> {
    let asked = (id, Saying::parse(("reason", REASON), &body.reason)?);
    let (office, kept) = (office(&app), app.settings.feedback_contact_kept());
    let open =
        move |tx: &mut Transaction<'_>| feedback::open_reporter(tx, &office, &officer, asked, kept);
    let (report, reporter) = app.database.write(open).await?;
    Ok(private(report.version.0, &KnownReporterView::from(reporter)))
}
