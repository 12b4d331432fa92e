//! The queue of a desk as a file: whatever the queue can be narrowed by, for a spreadsheet.

pub(in crate::feedback) mod csv;
mod table;
mod xlsx;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LINK},
    web::{self, Data},
};
use domain::{
    feedback::{self, MOST_EXPORTED, QueueStretch},
    identity::Officer as Proof,
    wall_clock::local,
};

use super::{
    order,
    query::{self, QueueQuery},
};
use crate::{
    App,
    extract::Query,
    identity::{By, Officer},
    problem::{ApiError, Code, FieldCode, Language},
};
use table::Table;

/// How much of what was asked for is written down.
const NOTED: usize = 500;

/// The queue as CSV
///
/// As `GET /v1/desk/feedback` narrows it, at most 5,000 reports; where there are more, `Link` says
/// where the next file goes on (RFC 8288, `next`). UTF-8 with a byte order mark, so that Excel reads
/// Vietnamese; headings by `Accept-Language`; times by the clocks in Vietnam. Who reported something
/// is in no file; numbers in words are covered; of sealed reports words and place are left out. Each
/// file is in the audit log.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(QueueQuery),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/desk/export.csv")]
pub(in crate::feedback) async fn export_csv(
    app: Data<App>,
    request: HttpRequest,
    By(officer): Officer,
    Query(query): Query<QueueQuery>,
) -> Result<HttpResponse, ApiError> {
    let (table, next) = take_out(&app, &request, officer, (query, "csv")).await?;
    let body = web::block(move || table.csv()).await.map_err(|_| broken())??;
    Ok(file(&app, (csv::TYPE, "csv"), next, body))
}

/// The queue as a workbook of Excel
///
/// As `GET /v1/desk/export.csv`, with times and numbers as such.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(QueueQuery),
    responses(
        (status = 200, description = "The file", body = Vec<u8>,
         content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/desk/export.xlsx")]
pub(in crate::feedback) async fn export_xlsx(
    app: Data<App>,
    request: HttpRequest,
    By(officer): Officer,
    Query(query): Query<QueueQuery>,
) -> Result<HttpResponse, ApiError> {
    let (table, next) = take_out(&app, &request, officer, (query, "xlsx")).await?;
    let body = web::block(move || table.xlsx()).await.map_err(|_| broken())??;
    Ok(file(&app, (xlsx::TYPE, "xlsx"), next, body))
}

/// What was asked for, once it is written down who takes it out; and where the next file goes on.
async fn take_out(
    app: &App,
    request: &HttpRequest,
    officer: Proof,
    (query, kind): (QueueQuery, &str),
) -> Result<(Table, Option<String>), ApiError> {
    let now = app.now();
    let limit = query.limit.unwrap_or(MOST_EXPORTED);
    if limit == 0 {
        let pointer = "/query/limit";
        return Err(ApiError::new(Code::InvalidQuery).with_field(pointer, FieldCode::OutOfRange));
    }
    let saved = query::saved(app, &officer, query.filter).await?;
    let query = query.over(saved);
    let stretch = order::stretch(query.sort, query.cursor.as_deref(), None)?;
    let filter = query.filter(app, officer.staff(), now.at)?;
    let by = officer.clone();
    let export = move |tx: &mut infra::database::Transaction<'_>| {
        feedback::to_export(tx, &by, filter, QueueStretch { limit, ..stretch })
    };
    let page = app.database.read(export).await?;
    let asked: String = request.query_string().chars().take(NOTED).collect();
    let what = format!("{kind}, {} reports: {asked}", page.items.len());
    app.database.write(move |tx| feedback::note_export(tx, &now, &officer, &what)).await?;
    let table = Table::of(app, &page.items, Language::of(request.headers()));
    let next = order::page(stretch.by, page, |_| ()).next_cursor;
    Ok((table, next.map(|cursor| next_link(request.query_string(), &cursor))))
}

/// A link to what was asked for by `query`, from `cursor` on.
fn next_link(query: &str, cursor: &str) -> String {
    let mut link = form_urlencoded::Serializer::new(String::new());
    link.extend_pairs(
        form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor"),
    );
    format!("<?{}>; rel=\"next\"", link.append_pair("cursor", cursor).finish())
}

fn file(
    app: &App,
    (content_type, ending): (&str, &str),
    next: Option<String>,
    body: Vec<u8>,
) -> HttpResponse {
    let name = format!("phan-anh-{}.{ending}", local(app.now().at).format("%Y-%m-%d-%H%M"));
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    if let Some(next) = next {
        answer.insert_header((LINK, next));
    }
    answer.body(body)
}

fn broken() -> ApiError {
    ApiError::new(Code::Internal)
}
