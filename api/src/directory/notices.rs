//! Announcements to the public.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    directory::{Notice, NoticeKind},
    territory::CommuneCode,
};
use infra::{directory::Entered, snapshot::Snapshot};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::facilities::known_commune;
use crate::{
    App,
    extract::Query,
    lookup::Freshness,
    page::{PageView, limit, page_after},
    problem::ApiError,
    trim::{Fields, send_page},
};

/// An announcement to the public.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeView<'s> {
    /// Its id.
    id: &'s str,
    /// What it is about.
    #[schema(example = "power")]
    kind: &'static str,
    /// One line.
    title: &'s str,
    /// The whole text.
    text: &'s str,
    /// The codes of the communes it concerns; none means the whole province.
    communes: Vec<&'s str>,
    /// From when on it holds.
    starts_at: DateTime<Utc>,
    /// Until when it holds, where an end is known.
    ends_at: Option<DateTime<Utc>>,
    /// Who announced it.
    source: &'s str,
}

impl<'s> From<&'s Notice> for NoticeView<'s> {
    fn from(notice: &'s Notice) -> Self {
        Self {
            id: &notice.id,
            kind: notice.kind.as_str(),
            title: &notice.title,
            text: &notice.text,
            communes: notice.communes.iter().map(CommuneCode::as_str).collect(),
            starts_at: notice.starts_at,
            ends_at: notice.ends_at,
            source: &notice.source,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticesQuery {
    /// What they are about: `power`, `water`, `traffic`, `telecom`, `health`, `education`,
    /// `security`, `queue`, `announcement` or `other`.
    #[param(value_type = Option<String>, example = "power")]
    kind: Option<NoticeKind>,
    /// Which commune they concern; those for the whole province are among them.
    #[param(value_type = Option<String>, example = "05443")]
    commune: Option<CommuneCode>,
    /// At what instant they hold. When absent, whatever has not ended yet is listed.
    active_at: Option<DateTime<Utc>>,
    /// Only these parts of each, with commas between them.
    #[param(value_type = Option<String>, example = "kind,title,starts_at")]
    fields: Option<Fields>,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

impl NoticesQuery {
    fn asks_for(&self, notice: &Notice, now: DateTime<Utc>) -> bool {
        let in_time = match self.active_at {
            Some(instant) => notice.is_active_at(instant),
            None => notice.ends_at.is_none_or(|end| now < end),
        };
        in_time
            && self.kind.is_none_or(|kind| notice.kind == kind)
            && self.commune.is_none_or(|commune| notice.concerns(commune))
    }
}

/// All notices, imported and entered, by their start.
pub(crate) fn standing<'n>(snapshot: &'n Snapshot, entered: &'n Entered) -> Vec<&'n Notice> {
    let mut standing: Vec<_> = snapshot.notices.iter().chain(&entered.notices).collect();
    standing.sort_by(|one, other| (one.starts_at, &one.id).cmp(&(other.starts_at, &other.id)));
    standing
}

/// Notices to the public
///
/// Power cuts, closed roads, queues and announcements, by the time they begin. What was withdrawn is
/// not among them.
#[utoipa::path(
    tag = "directory",
    params(NoticesQuery),
    responses(
        (status = 200, description = "The notices", body = PageView<NoticeView<'_>>),
        (status = 304, description = "As the client has them"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    )
)]
#[get("/v1/notices")]
pub(super) async fn list_notices(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<NoticesQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    known_commune(&snapshot, query.commune)?;
    let now = app.now().at;
    let entered = app.entries.current();
    let standing = standing(&snapshot, &entered).into_iter();
    let asked_for = standing.filter(|notice| query.asks_for(notice, now));
    let views: Vec<NoticeView<'_>> = asked_for.map(NoticeView::from).collect();
    let (limit, cursor) = (limit(query.limit)?, query.cursor.as_deref());
    let key = |view: &NoticeView<'_>| (view.starts_at, view.id.to_owned());
    let page = page_after("notices", views, limit, cursor, key)?;
    send_page(&request, &page, query.fields.as_ref(), Freshness::News)
}
