//! The offices near somebody: all of their commune, and those that take a procedure in.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::{
    catalogue::{ChannelKind, Level, Procedure, ProcedureCode},
    directory::{AgencyCode, FacilityKind, answers_at, receivers, regardless_of_boundaries},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    facility_view::FacilityView,
    here::{AgencyName, Here, HereQuery},
    places::Places,
};
use crate::{
    App,
    extract::{Path, Query},
    lookup::{Freshness, send_new},
    problem::{ApiError, Code},
    territory::CommuneName,
};

/// How many offices beyond the commune are named.
const ELSEWHERE: usize = 5;
/// Why people may file anywhere.
const ANYWHERE: &str = "Nghị định 118/2025/NĐ-CP";

/// The offices of a commune.
#[derive(Debug, Serialize, ToSchema)]
struct OfficesView<'p> {
    /// The commune.
    commune: CommuneName<'p>,
    /// Its agency.
    agency: Option<AgencyName>,
    /// Its offices, nearest first where a position was given. Empty where none is known.
    offices: Vec<FacilityView<'p>>,
}

/// Where a procedure is filed.
#[derive(Debug, Serialize, ToSchema)]
struct FilingView<'p> {
    /// The procedure.
    #[schema(example = "1.001193")]
    code: &'p str,
    /// Its name.
    name: &'p str,
    /// The commune of the one who asks.
    commune: CommuneName<'p>,
    /// Whether it can be filed on the public service portal; `null` where that is not known.
    online: Option<bool>,
    /// Where to read the authoritative text.
    source_url: Option<&'p str>,
    /// Where to go, for each level at which it is carried out.
    levels: Vec<FilingLevelView<'p>>,
}

/// Where a procedure is filed at a level.
#[derive(Debug, Serialize, ToSchema)]
struct FilingLevelView<'p> {
    /// `cap_bo`, `cap_tinh`, `cap_xa` or `khac`.
    #[schema(example = "cap_xa")]
    level: &'static str,
    /// The agency that answers for it there; `null` outside of the province.
    agency: Option<AgencyName>,
    /// What kinds of places take it in; empty where that is not known.
    receivers: Vec<&'static str>,
    /// By what law it may be filed at any of them, wherever one lives; `null` where it is not so.
    #[schema(example = "Nghị định 118/2025/NĐ-CP")]
    regardless_of_boundaries: Option<&'static str>,
    /// Those of the commune first, then some near by where it may be filed there; at `cap_tinh` the
    /// nearest of the province. Empty where none is known.
    offices: Vec<FacilityView<'p>>,
}

impl<'p> FilingLevelView<'p> {
    fn new(app: &App, places: &'p Places, here: &Here<'_>, at: (&Procedure, Level)) -> Self {
        let (procedure, level) = at;
        let kinds = receivers(procedure, level);
        let takes = |kind: FacilityKind| kinds.contains(&kind);
        let anywhere = regardless_of_boundaries(&kinds);
        let mut found = here.in_commune(places, takes);
        let further = match level {
            Level::Province => here.in_province(places, takes),
            _ if anywhere => here.elsewhere(places, takes),
            _ => Vec::new(),
        };
        found.retain(|(facility, _)| answers_at(facility, level));
        let further = further.into_iter().filter(|(facility, _)| answers_at(facility, level));
        found.extend(further.take(ELSEWHERE));
        let agency = match level {
            Level::Commune => Some(here.agency()),
            Level::Province => Some(AgencyCode::province()),
            Level::Ministry | Level::Other => None,
        };
        Self {
            level: level.as_str(),
            agency: agency.and_then(|code| AgencyName::find(app, &code)),
            receivers: kinds.iter().map(|kind| kind.as_str()).collect(),
            regardless_of_boundaries: anywhere.then_some(ANYWHERE),
            offices: found.into_iter().map(|found| places.view(found)).collect(),
        }
    }
}

/// The offices of the commune one is in
///
/// Of a position or of a commune: its one-stop centre, people's committee, police, post and others,
/// as far as they are known.
#[utoipa::path(
    tag = "directory",
    params(HereQuery),
    responses(
        (status = 200, description = "The offices", body = OfficesView<'_>),
        (status = 304, description = "As the client has them"),
        (status = 404, description = "Problem `outside_province`"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/offices")]
pub(super) async fn list_offices(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<HereQuery>,
) -> Result<HttpResponse, ApiError> {
    let places = Places::now(&app);
    let here = query.find(&places.snapshot)?;
    let found = here.in_commune(&places, FacilityKind::is_office);
    let view = OfficesView {
        commune: here.commune.into(),
        agency: AgencyName::find(&app, &here.agency()),
        offices: found.into_iter().map(|found| places.view(found)).collect(),
    };
    Ok(send_new(&request, &view, Freshness::News))
}

/// Where a procedure is filed, near somebody
///
/// For each level at which it is carried out: who takes it in, which of their offices are near, how
/// far they are, and whether they are open now.
#[utoipa::path(
    tag = "directory",
    params(
        ("code" = String, Path, description = "The procedure, in any form of its code"),
        HereQuery,
    ),
    responses(
        (status = 200, description = "Where to go", body = FilingView<'_>),
        (status = 304, description = "As the client has it"),
        (status = 404, description = "Problem `not_found` or `outside_province`"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/procedures/{code}/where")]
pub(super) async fn find_receivers(
    request: HttpRequest,
    app: Data<App>,
    Path(code): Path<ProcedureCode>,
    Query(query): Query<HereQuery>,
) -> Result<HttpResponse, ApiError> {
    let places = Places::now(&app);
    let procedure = places.snapshot.procedure(&code).ok_or(ApiError::new(Code::NotFound))?;
    let here = query.find(&places.snapshot)?;
    let level = |&level| FilingLevelView::new(&app, &places, &here, (procedure, level));
    let view = FilingView {
        code: procedure.code.as_str(),
        name: &procedure.name,
        commune: here.commune.into(),
        online: online(procedure),
        source_url: procedure.source_url.as_deref(),
        levels: procedure.levels.iter().map(level).collect(),
    };
    Ok(send_new(&request, &view, Freshness::News))
}

/// Whether `procedure` can be filed on the portal, where its channels are known.
pub(crate) fn online(procedure: &Procedure) -> Option<bool> {
    let channels = &procedure.details.as_ref()?.channels;
    let known = channels.iter().any(|channel| channel.channel != ChannelKind::Unknown);
    known.then(|| channels.iter().any(|channel| channel.channel == ChannelKind::Online))
}
