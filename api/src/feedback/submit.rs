//! Reporting something.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    Id,
    feedback::{
        self, Draft, Flaw, FlawKind, Intake, OnBehalf, ReportId, Similar, Status, Submitted,
    },
    idempotency::{IdempotencyKey, answered, once},
    identity::business::{BusinessId, SiteId},
    territory::{CommuneCode, Position},
};
use infra::{database::Transaction, snapshot::Snapshot};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{TOKEN_PREFIX, office, own_view::LegalTrackView, sender::Sender};
use crate::{
    App, capability,
    extract::{Json, Repeatable},
    limits::Limited,
    media::attachment,
    problem::ApiError,
};

/// Something to report.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitFeedback {
    /// An id of the client's own making, to send the same report again without doubling it.
    #[schema(value_type = Option<Uuid>)]
    pub(super) id: Option<ReportId>,
    /// The code of a selectable category.
    #[schema(example = "road.pothole")]
    pub(super) category: String,
    /// The edition of the category that it was written for, where that is an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) category_version: Option<u32>,
    /// A headline, at most 200 characters.
    pub(super) title: Option<String>,
    /// What it is about, 1 to 4,000 characters.
    pub(super) text: String,
    /// Where it is, on the map; it decides about the commune.
    #[schema(value_type = Option<Object>, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    pub(super) location: Option<Position>,
    /// The commune, where there is no location, or one outside of every commune.
    #[schema(value_type = Option<String>)]
    pub(super) commune_code: Option<CommuneCode>,
    /// Where it is, in words, at most 300 characters.
    pub(super) address: Option<String>,
    /// Answers to the questions of the category, by their code.
    #[serde(default)]
    pub(super) attributes: Map<String, Value>,
    /// The photos, videos and sounds that belong to it, at most 10: tokens of uploads, or ids of what
    /// the signed-in sender uploaded.
    #[serde(default)]
    pub(super) media_ids: Vec<String>,
    /// Do not keep who I am.
    #[serde(default)]
    pub(super) anonymous: bool,
    /// Do not show the officers who I am.
    #[serde(default)]
    pub(super) confidential: bool,
    /// The business for which it is reported: one that the caller acts for. That of the key, where a
    /// system reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub(super) business_id: Option<BusinessId>,
    /// The site of the business that it is about. Where nothing else is said, it lies there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub(super) site_id: Option<SiteId>,
    /// Show strangers only roughly where it is.
    #[serde(default)]
    pub(super) blur_location: bool,
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
    pub(super) fn draft(self, sender: &Sender, snapshot: &Snapshot) -> Result<Draft, ApiError> {
        let business = self.business_id.or(sender.business());
        if business.is_none() && self.site_id.is_some() {
            return Err(Flaw::at("business_id", FlawKind::Missing).into());
        }
        let media = attachment(sender.uploader(), &self.media_ids)?;
        let named = known_commune(snapshot, self.commune_code)?;
        Ok(Draft {
            id: self.id,
            category: self.category,
            category_version: self.category_version,
            title: self.title,
            text: self.text,
            position: self.location,
            located: self.location.and_then(|position| snapshot.map.locate(position)),
            named,
            address: self.address,
            attributes: self.attributes,
            media,
            sender: sender.citizen(),
            anonymous: self.anonymous,
            confidential: self.confidential,
            intake: Intake {
                channel: sender.channel(),
                business: business.map(|id| OnBehalf { id, site: self.site_id }),
                ..Intake::default()
            },
            blurred: self.blur_location,
        })
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
    pub(super) fn new(app: &App, submitted: Submitted) -> Self {
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
///
/// A member of a business reports for it with `business_id`; so does its system, with a key (`ctn_k_`)
/// that may `feedback.write`.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    request_body = SubmitFeedback,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The report was taken in", body = SubmittedView),
        (status = 401, description = "Problem `unauthorized`: a token was sent and is not valid"),
        (status = 403, description = "Problem `forbidden`: the key may not report anything"),
        (status = 409, description = "Problem `id_taken` or `business_not_verified`"),
        (status = 422, description = "Problem `validation_failed`, `unknown_category`, \
                                      `category_withdrawn` or `idempotency_key_reused`"),
        (status = 429, description = "Problem `rate_limited`: too many of one account, or of one address \
                                      without signing in"),
    ),
)]
#[post("/v1/feedback")]
pub(super) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    sender: Sender,
    key: Repeatable,
    Json(report): Json<SubmitFeedback>,
) -> Result<HttpResponse, ApiError> {
    let key = (&key, "feedback.submit");
    let submitted = take_in(&app, &request, &sender, key, report).await?;
    Ok(HttpResponse::Created().json(submitted))
}

/// Takes a report of `sender` in, under the key of an `operation`.
pub(super) async fn take_in(
    app: &App,
    request: &HttpRequest,
    sender: &Sender,
    (key, operation): (&Repeatable, &str),
    report: SubmitFeedback,
) -> Result<SubmittedView, ApiError> {
    let sender = sender.of(report.anonymous);
    let business = report.business_id.or(sender.business());
    match (business.map(Id::uuid), sender.principal()) {
        (Some(id), Some(_)) => app.limits.admit_account(Limited::BusinessFeedback, id, request)?,
        (None, Some(id)) => app.limits.admit_account(Limited::Feedback, id, request)?,
        (_, None) => app.limits.admit(Limited::Feedback, request)?,
    }
    let key = key.bind(&*app.keys, operation, sender.principal(), &report);
    let agent = sender.agent();
    let draft = report.draft(&sender, &app.snapshot())?;
    let submission = match draft.check(&app.feedback.categories()) {
        Ok(submission) => submission,
        Err(flaws) => return sent_before(app, key).await?.ok_or_else(|| flaws.into()),
    };
    if business.is_some() && agent.is_none() {
        return Err(Flaw::at("business_id", FlawKind::Unknown).into());
    }
    let office = office(app);
    let submission = submission.drawn(&office.now);
    let incoming = submission.clone().incoming(&office);
    if let Err(error) = app.board.catch_up().await {
        tracing::debug!(%error, "what is near may be told without the latest");
    }
    let submitted = app
        .database
        .write_gathered(move |tx: &mut Transaction<'_>| {
            let work = |tx: &mut Transaction<'_>| match &agent {
                Some(agent) => feedback::submit_for_business(tx, &office, agent, &submission),
                None => feedback::submit(tx, &office, &incoming),
            };
            once(tx, &office.now, key.as_ref(), work)
        })
        .await?;
    Ok(SubmittedView::new(app, submitted))
}

/// What was answered under `key`, if anything was: what was taken in stays so, though its category
/// may have changed since.
async fn sent_before(
    app: &App,
    key: Option<IdempotencyKey>,
) -> Result<Option<SubmittedView>, ApiError> {
    let Some(key) = key else { return Ok(None) };
    let submitted = app.database.read(move |tx| answered(tx, &key)).await?;
    Ok(submitted.map(|submitted| SubmittedView::new(app, submitted)))
}
