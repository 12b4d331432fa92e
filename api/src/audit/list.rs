//! The audit log, to read.

use std::net::IpAddr;

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    audit::{self, AuditEntry, AuditFilter, AuditId},
    directory::AgencyCode,
    identity::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    App,
    extract::Query,
    identity::Auditor,
    page::{self, PageView},
    problem::ApiError,
};

/// The name of the list in its cursors.
const LIST: &str = "audit";

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// What this actor did.
    actor: Option<Uuid>,
    /// What people of this agency did.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// What was done, such as `emergency.claimed`.
    action: Option<String>,
    /// To the thing with this id or code.
    subject: Option<String>,
    /// Then or later.
    from: Option<DateTime<Utc>>,
    /// Before then.
    until: Option<DateTime<Utc>>,
    /// Where the page starts.
    cursor: Option<String>,
    /// How many rows at most: 20 when absent, at most 100.
    limit: Option<usize>,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditEntryView {
    /// The id of the entry.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// By whom.
    actor: ActorView,
    /// The thing, a dot, what was done to it.
    #[schema(example = "emergency.claimed")]
    action: String,
    /// The id or code of the thing.
    subject: String,
    /// Why, where a reason was given; or what exactly was done: `officer, fire -> administrator, province`.
    reason: Option<String>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
struct ActorView {
    /// `staff`, `machine`, `operator` (on the machine itself) or `service` (by itself).
    kind: &'static str,
    /// Their id, where they have one.
    id: Option<Uuid>,
    /// Their name at that time; `null` where they have none, or it was erased.
    name: Option<String>,
    /// Their role at that time.
    role: Option<&'static str>,
    /// Their agency at that time.
    agency: Option<String>,
    /// The network address they called from.
    #[schema(value_type = Option<String>)]
    address: Option<IpAddr>,
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, at, actor, action, subject, personal } = entry;
        let (name, address, reason) = personal.map_or((None, None, None), |personal| {
            (Some(personal.name), personal.address, personal.reason)
        });
        let actor = ActorView {
            kind: actor.kind.as_str(),
            id: actor.id,
            name,
            role: actor.role.map(Role::as_str),
            agency: actor.agency.map(|agency| agency.to_string()),
            address,
        };
        Self { id: id.uuid(), at, actor, action, subject, reason }
    }
}

/// Who did what, and who opened whose data
///
/// The latest first. Those of an agency see what its people did. Reading it is written down too.
#[utoipa::path(
    tag = "audit",
    security(("bearer" = ["read_audit"])),
    params(AuditQuery),
    responses(
        (status = 200, description = "The entries", body = PageView<AuditEntryView>),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: no auditor"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/admin/audit")]
pub(super) async fn audit_trail(
    app: Data<App>,
    auditor: Auditor,
    Query(query): Query<AuditQuery>,
) -> Result<HttpResponse, ApiError> {
    let AuditQuery { actor, agency, action, subject, from, until, cursor, limit } = query;
    let agencies = agency.into();
    let filter = AuditFilter { actor, agencies, action, subject, from, until };
    let before = cursor.map(|cursor| page::key::<(DateTime<Utc>, AuditId)>(LIST, &cursor));
    let (now, before, limit) = (app.now(), before.transpose()?, page::limit(limit)?);
    let page = app
        .database
        .write(move |tx| audit::trail(tx, &now, &auditor, filter, before, limit))
        .await?;
    Ok(HttpResponse::Ok().json(PageView {
        items: page.items.into_iter().map(AuditEntryView::from).collect(),
        next_cursor: page.next.map(|next| page::cursor(LIST, &next)),
    }))
}
