//! One emergency laid open.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    Moment, audit,
    emergency::{self, HandlingError, Household, Opened, Outcome, Statement, Victim},
    event::RecordedEvent,
    identity::{CitizenId, Dispatcher as DispatcherProof},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    asked::{AskedView, CorrectedView},
    assignment::view::DispatchView,
    callbacks::CallbackView,
    caller::{CallerView, KnownCaller},
    merging::MergedView,
    notes::NoteView,
    view::QueuedView,
};
use crate::{
    App,
    emergency::view::LocationView,
    extract::Path,
    identity::Dispatcher,
    problem::{ApiError, Language},
};

/// Everything about an emergency.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenedView {
    #[serde(flatten)]
    queued: QueuedView,
    /// Who called.
    caller: CallerView,
    /// The person in need, where it is not the caller.
    #[schema(value_type = Option<Object>)]
    on_behalf_of: Option<Victim>,
    /// Who is in the house, in a flood.
    #[schema(value_type = Option<Object>)]
    household: Option<Household>,
    /// Where the caller was, oldest first.
    locations: Vec<LocationView>,
    /// What was said after the first call, and by whom.
    statements: Vec<StatementView>,
    /// What dispatchers put right, oldest first, with what stood there before.
    corrections: Vec<CorrectedView>,
    /// How ringing the caller back went, oldest first.
    callbacks: Vec<CallbackView>,
    /// What the caller was asked by itself while they waited, and answered.
    questions: Vec<AskedView>,
    /// What dispatchers wrote for each other, oldest first. The caller never sees it.
    notes: Vec<NoteView>,
    /// The calls that are followed under this one, the first hundred of them.
    merged_emergencies: Vec<MergedView>,
    /// What could not be read, as it came, by field; the whole body under the empty name.
    unread: Map<String, Value>,
    /// The fields a person has to look at.
    doubts: Vec<String>,
    /// How it ended.
    #[schema(value_type = Option<Object>)]
    outcome: Option<Outcome>,
    /// The units that were sent to it, oldest first.
    dispatches: Vec<DispatchView>,
    /// What happened, oldest first.
    timeline: Vec<TimelineView>,
}

/// Something that was said under the id of the emergency.
#[derive(Debug, Serialize, ToSchema)]
struct StatementView {
    /// When.
    at: DateTime<Utc>,
    /// Whether it is the caller who said it. What strangers say changes nothing by itself.
    verified: bool,
    /// Whether it asks to call the emergency off.
    cancels: bool,
    /// What was said.
    #[schema(value_type = Object)]
    said: emergency::Report,
    /// The positions that were told.
    locations: Vec<LocationView>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
struct TimelineView {
    /// The thing, a dot, what happened: `emergency.claimed`.
    #[serde(rename = "type")]
    kind: String,
    /// When.
    at: DateTime<Utc>,
    /// How the emergency stood afterwards.
    data: Value,
}

impl From<RecordedEvent> for TimelineView {
    fn from(event: RecordedEvent) -> Self {
        Self { kind: event.kind, at: event.at, data: event.data }
    }
}

impl StatementView {
    fn of(statement: Statement, at: DateTime<Utc>) -> Self {
        Self {
            at: statement.at,
            verified: statement.verified,
            cancels: statement.cancels,
            said: statement.said,
            locations: statement.fixes.iter().map(|fix| LocationView::of(fix, at)).collect(),
        }
    }
}

impl OpenedView {
    pub(super) fn of(
        opened: Opened,
        caller: KnownCaller,
        dispatcher: &DispatcherProof,
        (at, language): (DateTime<Utc>, Language),
    ) -> Self {
        let asked = |asked| AskedView::of(asked, language);
        let queued = QueuedView::of(&opened.queued, dispatcher, at);
        let emergency = opened.queued.emergency;
        Self {
            queued,
            caller: CallerView::of(&emergency, caller),
            on_behalf_of: emergency.said.on_behalf_of,
            household: emergency.said.household,
            locations: opened.trail.iter().map(|fix| LocationView::of(fix, at)).collect(),
            statements: opened
                .statements
                .into_iter()
                .map(|statement| StatementView::of(statement, at))
                .collect(),
            corrections: opened.corrections.into_iter().map(CorrectedView::from).collect(),
            callbacks: opened.callbacks.into_iter().map(CallbackView::from).collect(),
            questions: opened.questions.into_iter().map(asked).collect(),
            notes: opened.notes.into_iter().map(NoteView::from).collect(),
            merged_emergencies: opened.merged.iter().map(|one| MergedView::of(one, at)).collect(),
            unread: emergency.said.unread,
            doubts: emergency.said.doubts,
            outcome: emergency.outcome,
            dispatches: opened.assignments.iter().map(DispatchView::from).collect(),
            timeline: opened.timeline.into_iter().map(TimelineView::from).collect(),
        }
    }
}

/// Everything about one emergency
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "Everything about it", body = OpenedView),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
    )
)]
#[get("/v1/dispatch/emergencies/{id}")]
pub(super) async fn open_emergency(
    app: Data<App>,
    request: HttpRequest,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let (now, by) = (app.now(), dispatcher.clone());
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let (opened, caller) = app
        .database
        .snapshot(move |tx| {
            let opened = emergency::open(tx, &by, id.into())?;
            let caller = KnownCaller::of(tx, &by, &opened.queued.emergency)?;
            Ok::<_, HandlingError>((opened, caller))
        })
        .await?;
    note_opening(&app, &now, &dispatcher, (id, caller.card_owner())).await;
    let language = Language::of(request.headers());
    let view = OpenedView::of(opened, caller, &dispatcher, (now.at, language));
    Ok(HttpResponse::Ok().json(view))
}

/// Writes down who opened the emergency, and whose medical card with it. Where that fails it is
/// opened all the same: a life may hang on it. The log then says so.
async fn note_opening(
    app: &App,
    now: &Moment,
    dispatcher: &Dispatcher,
    (id, card_owner): (Uuid, Option<CitizenId>),
) {
    let (now, staff) = (now.clone(), dispatcher.staff().clone());
    let noted = app.database.write(move |tx| {
        if let Some(owner) = card_owner {
            audit::record_opening(tx, &now, &staff, "medical_card.opened", &owner, None)?;
        }
        audit::record_opening(tx, &now, &staff, "emergency.opened", &id, None)
    });
    if let Err(error) = noted.await {
        tracing::error!(%error, emergency = %id, "an opening is missing in the audit log");
    }
}
