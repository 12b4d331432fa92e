//! What changed in the catalogue, for phones that keep it.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::catalogue::{Change, Place, UnknownPlace};
use infra::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::view::{ProcedureItem, ProcedureView};
use crate::{
    App,
    extract::Query,
    lookup::{Freshness, send_new},
    page::{cursor, key_in, limit},
    problem::{ApiError, Code},
    trim::Fields,
};

/// The name of the list in its cursors.
const LIST: &str = "procedure-changes";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesQuery {
    /// What was seen already: `next_cursor` of the page before, however long ago. Without it the
    /// whole catalogue comes.
    after: Option<String>,
    /// Only what changed later than then.
    modified_after: Option<DateTime<Utc>>,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
    /// These parts of each full record, with commas between them, instead of those in lists.
    #[param(value_type = Option<String>, example = "code,name,details")]
    fields: Option<Fields>,
}

/// What became of a procedure.
#[derive(Debug, Serialize, ToSchema)]
struct ChangeView<'s> {
    /// Its national code.
    #[schema(example = "1.001193")]
    code: &'s str,
    /// Its newest version.
    version: i64,
    /// When that came into force.
    at: DateTime<Utc>,
    /// Whether it vanished from the catalogue: forget it.
    withdrawn: bool,
    /// What it says now; `null` where it vanished.
    #[schema(value_type = Option<ProcedureItem<'_>>)]
    procedure: Option<Value>,
}

/// What changed in the catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct ChangesView<'s> {
    /// The changes, oldest first; each procedure at most once, as it stands now.
    items: Vec<ChangeView<'s>>,
    /// Where to go on, also when nothing has changed.
    next_cursor: String,
    /// Whether more is there already.
    more: bool,
}

/// What changed in the catalogue
///
/// For phones that keep the catalogue: everything that is new, says something else, or vanished
/// since `after`. Whoever keeps or replaces what comes, and forgets what was withdrawn, has the
/// catalogue in force. A cursor never grows old; one that this catalogue never gave (it was begun
/// anew) is answered 410: start again without it.
#[utoipa::path(
    tag = "catalogue",
    params(ChangesQuery),
    responses(
        (status = 200, description = "The changes", body = ChangesView<'_>),
        (status = 304, description = "As the client has them"),
        (status = 410, description = "Problem `cursor_expired`"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    )
)]
#[get("/v1/procedures/changes")]
pub(super) async fn list_procedure_changes(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<ChangesQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let (after, fields) = (query.after.as_deref(), query.fields.as_ref());
    let seen: Option<Place> = match after {
        Some(after) => key_in("/query/after", LIST, after)?,
        None => None,
    };
    let (since, limit) = (query.modified_after, limit(query.limit)?);
    let mut changes = snapshot.history.after(seen.as_ref())?.peekable();
    let (mut items, mut end) = (Vec::new(), seen);
    while let Some(change) = changes.next_if(|_| items.len() < limit) {
        if since.is_none_or(|since| change.at > since) {
            items.push(view(&snapshot, &change, fields)?);
        }
        end = Some(change.place);
    }
    let more = changes.peek().is_some();
    let view = ChangesView { items, next_cursor: cursor(LIST, &end), more };
    Ok(send_new(&request, &view, Freshness::News))
}

fn view<'s>(
    snapshot: &'s Snapshot,
    change: &Change<'s>,
    fields: Option<&Fields>,
) -> Result<ChangeView<'s>, ApiError> {
    let procedure = snapshot.procedure(change.code).filter(|_| !change.withdrawn);
    let said =
        |procedure| match fields {
            Some(fields) => fields.of_record(&ProcedureView::new(snapshot, procedure)),
            None => Ok(serde_json::to_value(ProcedureItem::new(snapshot, procedure, None))
                .unwrap_or_default()),
        };
    Ok(ChangeView {
        code: change.code.as_str(),
        version: change.version,
        at: change.at,
        withdrawn: change.withdrawn,
        procedure: procedure.map(said).transpose()?,
    })
}

impl From<UnknownPlace> for ApiError {
    fn from(UnknownPlace: UnknownPlace) -> Self {
        Self::new(Code::CursorExpired)
    }
}
