//! Whole cases, to hand over.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY},
    web::Data,
};
use chrono::{DateTime, Utc};
use domain::{
    emergency::{self, EmergencyId, Export, HandlingError, Message},
    identity::Dispatcher as DispatcherProof,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page;
use crate::{
    App,
    emergency::dispatch::{caller::KnownCaller, opened::OpenedView},
    extract::{Path, Query},
    identity::{Custodian, Dispatcher},
    problem::{ApiError, Language},
};

/// The page prints without anything but itself.
const NOTHING_ELSE: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// In which form a case is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportParameters {
    /// `json` (the default) or `html`, a page to print.
    #[serde(default)]
    format: Format,
}

/// The form of a case that is handed over.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// For machines.
    #[default]
    Json,
    /// For paper.
    Html,
}

/// A whole case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExportView {
    /// When it was taken out.
    exported_at: DateTime<Utc>,
    /// By whom.
    exported_by: String,
    /// Everything about it.
    emergency: OpenedView,
    /// What its caller and those who helped wrote to each other, oldest first.
    messages: Vec<WrittenView>,
    /// When it reached which stage.
    stages: Option<StagesView>,
}

/// A message, with who wrote it and how far it came.
#[derive(Debug, Serialize, ToSchema)]
struct WrittenView {
    /// Its place in the conversation, from 1.
    number: i64,
    /// `caller` or `dispatcher`.
    from: &'static str,
    /// Which dispatcher.
    username: Option<String>,
    /// When the server had it.
    at: DateTime<Utc>,
    /// When the other side fetched it.
    delivered_at: Option<DateTime<Utc>>,
    /// When the other side said that it was read.
    read_at: Option<DateTime<Utc>>,
    /// The words.
    text: String,
}

/// When a case reached which stage.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "names on the wire: each tells when")]
struct StagesView {
    /// When the server had it.
    received_at: DateTime<Utc>,
    /// When a person took it first.
    claimed_at: Option<DateTime<Utc>>,
    /// When the first unit was sent.
    dispatched_at: Option<DateTime<Utc>>,
    /// When the first unit left.
    en_route_at: Option<DateTime<Utc>>,
    /// When the first unit was there.
    on_scene_at: Option<DateTime<Utc>>,
    /// When it ended.
    ended_at: Option<DateTime<Utc>>,
}

impl From<Message> for WrittenView {
    fn from(message: Message) -> Self {
        Self {
            number: message.number,
            from: message.side.as_str(),
            username: message.author.map(|(_, username)| username),
            at: message.at,
            delivered_at: message.delivered_at,
            read_at: message.read_at,
            text: message.text,
        }
    }
}

impl From<emergency::Record> for StagesView {
    fn from(record: emergency::Record) -> Self {
        Self {
            received_at: record.received_at,
            claimed_at: record.claimed_at,
            dispatched_at: record.dispatched_at,
            en_route_at: record.en_route_at,
            on_scene_at: record.on_scene_at,
            ended_at: record.ended_at,
        }
    }
}

impl ExportView {
    fn of(
        (export, caller): (Export, KnownCaller),
        by: &DispatcherProof,
        (exported_at, language): (DateTime<Utc>, Language),
    ) -> Self {
        Self {
            exported_at,
            exported_by: by.staff().username.clone(),
            emergency: OpenedView::of(export.opened, caller, by, (exported_at, language)),
            messages: export.messages.into_iter().map(WrittenView::from).collect(),
            stages: export.record.map(StagesView::from),
        }
    }
}

/// Take a whole case out
///
/// For whoever may ask for it: a court, an inquiry. Everything about it, with the whole
/// conversation, as JSON or as a page to print in the language of `Accept-Language`. Medical cards
/// are not in it. Each time it is taken out is in the audit log.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["keep_records"])),
    params(("id" = uuid::Uuid, Path, description = "The emergency"), ExportParameters),
    responses(
        (status = 200, description = "The case", content(
            (ExportView = "application/json"),
            (String = "text/html"),
        )),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
    )
)]
#[get("/v1/dispatch/emergencies/{id}/export")]
pub(super) async fn export_emergency(
    app: Data<App>,
    request: HttpRequest,
    (dispatcher, custodian): (Dispatcher, Custodian),
    Path(id): Path<EmergencyId>,
    Query(ExportParameters { format }): Query<ExportParameters>,
) -> Result<HttpResponse, ApiError> {
    let (now, by) = (app.now(), dispatcher.clone());
    let exporting = app.database.write(move |tx| {
        let export = emergency::export(tx, &now, (&by, &custodian), id)?;
        let caller = KnownCaller::of(tx, &by, &export.opened.queued.emergency)?;
        Ok::<_, HandlingError>((export, caller.without_records(), now.at))
    });
    let (export, caller, at) = exporting.await?;
    let language = Language::of(request.headers());
    Ok(format.answer((export, caller), &dispatcher, (language, at)))
}

impl Format {
    fn answer(
        self,
        (export, caller): (Export, KnownCaller),
        by: &DispatcherProof,
        (language, at): (Language, DateTime<Utc>),
    ) -> HttpResponse {
        let receipt = export.opened.queued.emergency.receipt.to_string();
        match self {
            Self::Json => attached(&receipt, "json").json(ExportView::of(
                (export, caller),
                by,
                (at, language),
            )),
            Self::Html => attached(&receipt, "html")
                .content_type("text/html; charset=utf-8")
                .insert_header((CONTENT_SECURITY_POLICY, NOTHING_ELSE))
                .body(page::of(&export, &caller, by.staff(), (language, at))),
        }
    }
}

/// An answer to keep as a file.
fn attached(receipt: &str, ending: &str) -> actix_web::HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((
        CONTENT_DISPOSITION,
        format!("attachment; filename=\"{receipt}.{ending}\""),
    ));
    answer
}
