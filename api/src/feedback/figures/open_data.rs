//! What anybody may take along of published reports, a file for each month.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CONTENT_DISPOSITION, HeaderValue},
    web::Data,
};
use chrono::{DateTime, Utc};
use domain::{
    feedback::{self, Month, OpenDataRepository as _, OpenFile, OpenReport, WorkingCalendar},
    wall_clock::local,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    extract::Path,
    feedback::{calendar, desk::csv},
    lookup::{self, Freshness},
    problem::{ApiError, Code},
};

/// Under what licence the files are given out.
const LICENCE: &str = "CC-BY-4.0";
/// The heading of every file. Files that are made already keep theirs.
const COLUMNS: [&str; 12] = [
    "received_on",
    "category",
    "commune_code",
    "h3_cell",
    "agency",
    "status",
    "answered_on",
    "working_days",
    "on_time",
    "extended",
    "reopened",
    "stars",
];

/// The files there are.
#[derive(Serialize, ToSchema)]
struct OpenDataView {
    /// Under what licence they are given out (SPDX).
    #[schema(example = "CC-BY-4.0")]
    licence: &'static str,
    /// The files, by month.
    items: Vec<OpenFileView>,
}

/// A file.
#[derive(Serialize, ToSchema)]
struct OpenFileView {
    /// The month in which its reports were published.
    #[schema(example = "2026-11")]
    month: String,
    /// Where it is.
    #[schema(example = "/v1/open-data/feedback/2026-11.csv")]
    path: String,
    /// Of how many reports it tells.
    reports: i64,
    /// How many bytes it has.
    bytes: i64,
    /// The SHA-256 of them, hexadecimal.
    sha256: String,
    /// When it was made; it never changes since.
    made_at: DateTime<Utc>,
}

impl From<OpenFile> for OpenFileView {
    fn from(file: OpenFile) -> Self {
        Self {
            path: format!("/v1/open-data/feedback/{}.csv", file.month),
            month: file.month.to_string(),
            reports: file.reports,
            bytes: file.bytes,
            sha256: file.sha256,
            made_at: file.made_at,
        }
    }
}

/// The open data about reports
///
/// A file for each month, thirty days after its end. It tells of the reports that were published in
/// it, as they stood when the file was made, without words, names, codes and exact places.
#[utoipa::path(
    tag = "feedback",
    responses(
        (status = 200, description = "The files", body = OpenDataView),
        (status = 304, description = "As in `If-None-Match`"),
    ),
)]
#[get("/v1/open-data/feedback")]
pub(super) async fn list_files(
    app: Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    make_what_is_due(&app).await?;
    let files = app.database.read(|tx| tx.files()).await?;
    let items = files.into_iter().map(OpenFileView::from).collect();
    Ok(lookup::send_new(&request, &OpenDataView { licence: LICENCE, items }, Freshness::News))
}

/// The open data about the reports of a month
///
/// CSV (RFC 4180, UTF-8). Days are those of the clocks in Vietnam; `h3_cell` is the cell of H3 of
/// resolution 7 (some 5 km²), empty where a report is shown only roughly where it is.
#[utoipa::path(
    tag = "feedback",
    params(("month" = String, Path, description = "The month", example = "2026-11")),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 404, description = "Problem `not_found`: no such month, or not yet"),
    ),
)]
#[get("/v1/open-data/feedback/{month}.csv")]
pub(super) async fn read_file(
    app: Data<App>,
    request: HttpRequest,
    Path(month): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let month: Month = month.parse().map_err(|_| ApiError::new(Code::NotFound))?;
    let read = async || -> Result<Vec<u8>, ApiError> {
        make_what_is_due(&app).await?;
        let file = app.database.read(move |tx| tx.file_of(month)).await?;
        file.ok_or_else(|| ApiError::new(Code::NotFound))
    };
    let body = app.public_figures.files.get(month, app.now().at, read).await?;
    let (form, csv) = (body.form(lookup::coding(&request)), HeaderValue::from_static(csv::TYPE));
    let mut answer = lookup::send_form(&request, &form, csv, Freshness::Forever);
    let name = format!("attachment; filename=\"feedback-{month}.csv\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        answer.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}

/// Makes the files of the months that are settled. Of replicas that do so at once one wins, and
/// all send what it made.
async fn make_what_is_due(app: &App) -> Result<(), ApiError> {
    let at = app.now().at;
    let due = app.database.read(move |tx| feedback::months_without_file(tx, at)).await?;
    for month in due {
        let reports = app.database.read(move |tx| tx.published_in(month)).await?;
        let body = written(&reports, &calendar(&app.snapshot()), at)?;
        let keep = move |tx: &mut infra::database::Transaction<'_>| {
            tx.keep_file(month, &body, reports.len(), at)
        };
        app.database.write(keep).await?;
    }
    Ok(())
}

/// The file that tells of `reports`, in an order that tells nothing more.
fn written(
    reports: &[OpenReport],
    calendar: &WorkingCalendar,
    at: DateTime<Utc>,
) -> Result<Vec<u8>, ApiError> {
    let mut rows: Vec<_> = reports.iter().map(|report| row(report, calendar, at)).collect();
    rows.sort_unstable();
    csv::written(&COLUMNS, rows)
}

fn row(
    OpenReport { counted, cell }: &OpenReport,
    calendar: &WorkingCalendar,
    at: DateTime<Utc>,
) -> [String; COLUMNS.len()] {
    let day = |at: DateTime<Utc>| local(at).date().to_string();
    let or_empty = |value: Option<String>| value.unwrap_or_default();
    [
        day(counted.submitted_at),
        counted.category.clone(),
        or_empty(counted.commune.map(|commune| commune.to_string())),
        or_empty(cell.clone()),
        counted.agency.to_string(),
        counted.status.to_string(),
        or_empty(counted.resolved_at.map(day)),
        or_empty(counted.working_days(calendar).map(|days| days.to_string())),
        or_empty(counted.in_time(at).map(|in_time| in_time.to_string())),
        counted.extended.to_string(),
        counted.reopened.to_string(),
        or_empty(counted.stars.map(|stars| stars.to_string())),
    ]
}
