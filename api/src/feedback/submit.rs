//! Reporting something.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    Id,
    feedback::{self, Draft, Flaw, FlawKind, ReportId, Similar, Status, Submitted},
    idempotency::once,
    identity::CitizenId,
    media::Uploader,
    territory::{CommuneCode, Position},
};
use infra::{database::Transaction, snapshot::Snapshot};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{TOKEN_PREFIX, office, own_view::LegalTrackView};
use crate::{
    App, capability,
    extract::{Json, Repeatable},
    identity::Caller,
    limits::Limited,
    media::{attachment, uploader},
    problem::{ApiError, Code},
};

/// Something to report.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitFeedback {
    /// An id of the client's own making, to send the same report again without doubling it.
    #[schema(value_type = Option<Uuid>)]
    id: Option<ReportId>,
    /// The code of a selectable category.
    #[schema(example = "road.pothole")]
    category: String,
    /// A headline, at most 200 characters.
    title: Option<String>,
    /// What it is about, 1 to 4,000 characters.
    text: String,
    /// Where it is, on the map; it decides about the commune.
    #[schema(value_type = Option<Object>, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    location: Option<Position>,
    /// The commune, where there is no location, or one outside of every commune.
    #[schema(value_type = Option<String>)]
    commune_code: Option<CommuneCode>,
    /// Where it is, in words, at most 300 characters.
    address: Option<String>,
    /// Answers to the questions of the category, by their code.
    #[serde(default)]
    attributes: Map<String, Value>,
    /// The photos, videos and sounds that belong to it, at most 10: tokens of uploads, or ids of what
    /// the signed-in sender uploaded.
    #[serde(default)]
    media_ids: Vec<String>,
    /// Do not keep who I am.
    #[serde(default)]
    anonymous: bool,
    /// Do not show the officers who I am.
    #[serde(default)]
    confidential: bool,
    /// Show strangers only roughly where it is.
    #[serde(default)]
    blur_location: bool,
}

/// A report near the new one, of the same category: published, or the caller's own.
#[derive(Serialize, ToSchema)]
pub(super) struct SimilarView {
    /// Its id.
    id: Uuid,
    /// Its code.
    code: String,
    /// Its headline.
    title: Option<String>,
    /// Where it stands.
    #[schema(value_type = String)]
    status: Status,
    /// When it arrived.
    submitted_at: DateTime<Utc>,
    /// How far it is, in metres.
    distance_m: f64,
}

/// What the reporter gets back.
#[derive(Serialize, ToSchema)]
pub(super) struct SubmittedView {
    /// The id of the report.
    id: Uuid,
    /// The code to write down.
    #[schema(example = "PA-261123-7K3M9Q")]
    code: String,
    /// Where it stands.
    #[schema(value_type = String, example = "submitted")]
    status: Status,
    /// By when it has to be answered.
    due_at: DateTime<Utc>,
    /// Who has to answer.
    #[schema(example = "commune-05443")]
    agency: String,
    /// The statutory way that it has to take: what the service does with it is no answer to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_track: Option<LegalTrackView>,
    /// Follows the report without an account; whoever has it can withdraw the report.
    tracking_token: String,
    /// What may be about the same thing.
    possible_duplicates: Vec<SimilarView>,
}

impl SubmitFeedback {
    /// The draft of `sender`, its place looked up on the map of the province.
    fn draft(
        self,
        (sender, uploader): (Option<CitizenId>, Uploader),
        snapshot: &Snapshot,
    ) -> Result<Draft, ApiError> {
        let media = attachment(uploader, &self.media_ids)?;
        let named = known_commune(snapshot, self.commune_code)?;
        Ok(Draft {
            id: self.id,
            category: self.category,
            title: self.title,
            text: self.text,
            position: self.location,
            located: self.location.and_then(|position| snapshot.map.locate(position)),
            named,
            address: self.address,
            attributes: self.attributes,
            media,
            sender,
            anonymous: self.anonymous,
            confidential: self.confidential,
            blurred: self.blur_location,
        })
    }

    /// Who sends it, as far as that may be used.
    fn sender(&self, caller: &Caller) -> Result<Option<CitizenId>, ApiError> {
        match caller {
            Caller::Invalid => Err(ApiError::new(Code::Unauthorized)),
            Caller::Citizen(citizen) if !self.anonymous => Ok(Some(citizen.id)),
            Caller::Citizen(_) | Caller::Staff(_) | Caller::Anonymous => Ok(None),
        }
    }
}

impl From<Similar> for SimilarView {
    fn from(similar: Similar) -> Self {
        Self {
            id: similar.id.uuid(),
            code: similar.code.into(),
            title: similar.title,
            status: similar.status,
            submitted_at: similar.submitted_at,
            distance_m: similar.distance_m,
        }
    }
}

impl SubmittedView {
    fn new(app: &App, submitted: Submitted) -> Self {
        let token = feedback::tracking_token(&*app.keys, submitted.id);
        Self {
            tracking_token: capability::write(TOKEN_PREFIX, token),
            id: submitted.id.uuid(),
            code: submitted.code.into(),
            status: submitted.status,
            due_at: submitted.due_at,
            agency: submitted.agency.into(),
            legal_track: submitted.legal_track.map(|track| LegalTrackView::of(app, track)),
            possible_duplicates: (submitted.possible_duplicates.into_iter())
                .map(SimilarView::from)
                .collect(),
        }
    }
}

/// The commune that was named, if there is one of this code.
pub(super) fn known_commune(
    snapshot: &Snapshot,
    named: Option<CommuneCode>,
) -> Result<Option<CommuneCode>, ApiError> {
    let known = |code: &CommuneCode| snapshot.commune(*code).is_some();
    let unknown = || Flaw::at("commune_code", FlawKind::Unknown).into();
    if named.as_ref().is_none_or(known) { Ok(named) } else { Err(unknown()) }
}

/// Reports something.
///
/// Nobody has to sign in. The report goes to the agency that has to answer; it is not public until
/// an officer publishes it. Sent again with the same `Idempotency-Key`, or under the same `id` by
/// the same citizen, it is answered as before and not doubled.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    request_body = SubmitFeedback,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The report was taken in", body = SubmittedView),
        (status = 401, description = "Problem `unauthorized`: a token was sent and is not valid"),
        (status = 409, description = "Problem `id_taken`"),
        (status = 422, description = "Problem `validation_failed`, `unknown_category` or \
                                      `idempotency_key_reused`"),
        (status = 429, description = "Problem `rate_limited`: too many of one account, or of one address \
                                      without signing in"),
    ),
)]
#[post("/v1/feedback")]
pub(super) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    key: Repeatable,
    Json(report): Json<SubmitFeedback>,
) -> Result<HttpResponse, ApiError> {
    let key = (&key, "feedback.submit");
    let submitted = take_in(&app, &request, &caller, key, report).await?;
    Ok(HttpResponse::Created().json(submitted))
}

/// Takes a report of `caller` in, under the key of an `operation`.
pub(super) async fn take_in(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    (key, operation): (&Repeatable, &str),
    report: SubmitFeedback,
) -> Result<SubmittedView, ApiError> {
    let sender = report.sender(caller)?;
    match sender {
        Some(sender) => app.limits.admit_account(Limited::Feedback, sender.uuid(), request)?,
        None => app.limits.admit(Limited::Feedback, request)?,
    }
    let key = key.bind(&*app.keys, operation, sender.map(Id::uuid), &report);
    let snapshot = app.snapshot();
    let by = (sender, uploader(caller)?);
    let submission = report.draft(by, &snapshot)?.check(app.feedback.categories())?;
    let office = office(app);
    let incoming = submission.incoming(&office);
    if let Err(error) = app.board.catch_up().await {
        tracing::debug!(%error, "what is near may be told without the latest");
    }
    let submitted = app
        .database
        .write_gathered(move |tx: &mut Transaction<'_>| {
            let work = |tx: &mut Transaction<'_>| feedback::submit(tx, &office, &incoming);
            once(tx, &office.now, key.as_ref(), work)
        })
        .await?;
    Ok(SubmittedView::new(app, submitted))
}
