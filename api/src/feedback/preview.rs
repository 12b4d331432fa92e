//! What would become of a report, told before it is sent.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    emergency,
    feedback::{self, Flaw, FlawKind, Glimpse, Name, Preview, Saying, TEXT, TITLE},
    territory::{CommuneCode, Position},
    text,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    office,
    own_view::{EstimateView, LegalTrackView},
    submit::{SimilarView, known_commune},
};
use crate::{
    App,
    extract::Json,
    limits::Limited,
    problem::{ApiError, Code},
};

/// What somebody is about to report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviewFeedback {
    /// A headline, at most 200 characters.
    title: Option<String>,
    /// What it is about, 1 to 4,000 characters.
    text: String,
    /// Where it is, on the map.
    #[schema(value_type = Option<Object>, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    location: Option<Position>,
    /// The commune, where there is no location, or one outside of every commune.
    #[schema(value_type = Option<String>)]
    commune_code: Option<CommuneCode>,
    /// The code of a selectable category, where one was chosen.
    category: Option<String>,
    /// Whether it will be reported for a business.
    #[serde(default)]
    business: bool,
}

/// That this is no matter for a report.
#[derive(Serialize, ToSchema)]
pub(super) struct DangerView {
    /// The help that it seems to need: the `kind` of `POST /v1/emergencies`, to hand it over.
    #[schema(value_type = String, example = "fire")]
    kind: emergency::Kind,
    /// The number to dial now.
    #[schema(example = "114")]
    number: &'static str,
}

/// What would become of it.
#[derive(Serialize, ToSchema)]
pub(super) struct PreviewView {
    /// What it would be about: what was chosen, or else what the words suggest.
    category: String,
    /// What it might be about, by its words, the likeliest first.
    suggested_categories: Vec<String>,
    /// Who would have to answer.
    #[schema(example = "commune-05443")]
    agency: String,
    /// By when.
    due_at: DateTime<Utc>,
    /// How long such answers took lately, where enough of them are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    estimate: Option<EstimateView>,
    /// Set where somebody seems to be in danger: call, or hand it over, instead of reporting.
    emergency: Option<DangerView>,
    /// What the reporter should know, in Vietnamese and English.
    #[schema(value_type = Option<Object>)]
    notice: Option<Name>,
    /// The statutory way that it would have to take.
    legal_track: Option<LegalTrackView>,
    /// What is published and may be about the same thing, the likeliest first.
    possible_duplicates: Vec<SimilarView>,
}

impl PreviewFeedback {
    fn glimpse(self, app: &App) -> Result<Glimpse, ApiError> {
        let snapshot = app.snapshot();
        let named = known_commune(&snapshot, self.commune_code)?;
        let located = self.location.and_then(|position| snapshot.map.locate(position));
        let categories = app.feedback.categories();
        let category = match &self.category {
            None => None,
            Some(code) => match categories.find(code) {
                Some(known) if known.withdrawn => {
                    return Err(Flaw::at("category", FlawKind::WithdrawnCategory).into());
                }
                None => return Err(Flaw::at("category", FlawKind::UnknownCategory).into()),
                Some(known) if !known.selectable => {
                    return Err(Flaw::at("category", FlawKind::NotSelectable).into());
                }
                Some(known) => Some(known.clone()),
            },
        };
        let title = self.title.as_deref().map(text::line).filter(|title| !title.is_empty());
        if title.as_ref().is_some_and(|title| title.chars().count() > TITLE) {
            return Err(Flaw::at("title", FlawKind::TooLong(TITLE)).into());
        }
        Ok(Glimpse {
            title,
            text: Saying::parse(("text", TEXT), &self.text)?.into_text(),
            category,
            position: self.location,
            commune: located.or(named),
            outside: self.location.is_some() && located.is_none(),
            business: self.business,
        })
    }
}

impl PreviewView {
    fn new(app: &App, told: Preview) -> Self {
        let danger = |kind: emergency::Kind| DangerView { kind, number: kind.number() };
        let suggested = told.suggested.iter().map(|category| category.code.clone());
        Self {
            category: told.category.code.clone(),
            suggested_categories: suggested.collect(),
            agency: told.agency.into(),
            due_at: told.due_at,
            estimate: told.estimate.map(EstimateView::from),
            emergency: told.danger.map(danger),
            notice: told.category.notice.clone(),
            legal_track: told.legal_track.map(|track| LegalTrackView::of(app, track)),
            possible_duplicates: (told.possible_duplicates.into_iter())
                .map(SimilarView::from)
                .collect(),
        }
    }
}

/// What would become of a report, before it is sent.
///
/// Nothing is kept, and only what is published is shown.
#[utoipa::path(
    tag = "feedback",
    request_body = PreviewFeedback,
    responses(
        (status = 200, description = "What would become of it", body = PreviewView),
        (status = 422, description = "Problem `validation_failed` or `unknown_category`"),
        (status = 429, description = "Problem `rate_limited`"),
    ),
)]
#[post("/v1/feedback/preview")]
pub(super) async fn preview(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<PreviewFeedback>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::Preview, &request)?;
    let (office, glimpse) = (office(&app), body.glimpse(&app)?);
    app.board.current().await?;
    let look = move |tx: &mut Transaction<'_>| feedback::preview(tx, &office, glimpse);
    let told = app.database.read(look).await?.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(HttpResponse::Ok().json(PreviewView::new(&app, told)))
}
