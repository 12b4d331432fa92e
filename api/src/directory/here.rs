//! Where somebody is, as far as they say.

use domain::{
    directory::{AgencyCode, Facility, FacilityKind},
    territory::{Commune, CommuneCode, Position},
};
use infra::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    facilities::known_commune,
    places::{Found, Places},
};
use crate::{
    App, extract,
    problem::{ApiError, Code, FieldCode},
};

/// How far people are sent beyond their commune, in metres.
const REACH_M: f64 = 30_000.0;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HereQuery {
    /// Degrees north, -90 to 90; with `lon`.
    #[param(example = 21.5942)]
    lat: Option<f64>,
    /// Degrees east, -180 to 180; with `lat`.
    #[param(example = 105.8482)]
    lon: Option<f64>,
    /// The code of a commune; when absent, the one the position lies in.
    #[param(value_type = Option<String>, example = "05443")]
    commune: Option<CommuneCode>,
}

/// Where somebody is: in a commune, perhaps at a known position.
pub(super) struct Here<'s> {
    pub(super) commune: &'s Commune,
    position: Option<Position>,
}

impl HereQuery {
    /// Where that is.
    pub(super) fn find<'s>(&self, snapshot: &'s Snapshot) -> Result<Here<'s>, ApiError> {
        known_commune(snapshot, self.commune)?;
        let position = self.position()?;
        let located = || snapshot.map.locate(position?);
        let code = match (self.commune, position) {
            (None, None) => return Err(missing("commune")),
            (Some(code), _) => Some(code),
            (None, Some(_)) => located(),
        };
        let commune = code.and_then(|code| snapshot.commune(code));
        let commune = commune.ok_or(ApiError::new(Code::OutsideProvince))?;
        Ok(Here { commune, position })
    }

    fn position(&self) -> Result<Option<Position>, ApiError> {
        match (self.lat, self.lon) {
            (Some(lat), Some(lon)) => extract::position("/query", lat, lon).map(Some),
            (None, None) => Ok(None),
            (Some(_), None) => Err(missing("lon")),
            (None, Some(_)) => Err(missing("lat")),
        }
    }
}

fn missing(name: &str) -> ApiError {
    ApiError::new(Code::InvalidQuery).with_field(format!("/query/{name}"), FieldCode::Missing)
}

impl Here<'_> {
    /// Those of `places` in the commune that are `wanted`, nearest first where the position is
    /// known.
    pub(super) fn in_commune<'p>(
        &self,
        places: &'p Places,
        wanted: impl Fn(FacilityKind) -> bool,
    ) -> Vec<Found<'p>> {
        let here = places.snapshot.facilities_in(self.commune.code);
        let wanted = here.filter(|facility| wanted(facility.kind));
        let mut found: Vec<_> =
            wanted.map(|facility| (facility, self.distance(facility.position))).collect();
        let metres = |found: &Found<'_>| found.1.unwrap_or(f64::INFINITY);
        found.sort_by(|one, other| metres(one).total_cmp(&metres(other)));
        found
    }

    /// Those of `places` near by in other communes that are `wanted`, nearest first.
    pub(super) fn elsewhere<'p>(
        &self,
        places: &'p Places,
        wanted: impl Fn(FacilityKind) -> bool,
    ) -> Vec<Found<'p>> {
        let near = self.position.map(|position| places.near(position, REACH_M));
        let mut near = near.unwrap_or_default();
        near.retain(|(facility, _)| {
            facility.commune != Some(self.commune.code) && wanted(facility.kind)
        });
        near
    }

    /// Those of `places` in the other communes of the province that are `wanted`, and those of which
    /// it is not known where they are: nearest to the position first, or to the middle of the commune.
    pub(super) fn in_province<'p>(
        &self,
        places: &'p Places,
        wanted: impl Fn(FacilityKind) -> bool,
    ) -> Vec<Found<'p>> {
        let elsewhere = |facility: &&Facility| {
            let is_beyond = facility.commune.is_none() && facility.position.is_some();
            wanted(facility.kind) && !is_beyond && facility.commune != Some(self.commune.code)
        };
        let all = places.snapshot.facilities.iter().filter(elsewhere);
        let mut found: Vec<Found<'p>> =
            all.map(|facility| (facility, self.distance(facility.position))).collect();
        let from = self.position.unwrap_or(self.commune.inside);
        let metres = |(facility, _): &Found<'_>| {
            facility.position.map_or(f64::INFINITY, |position| from.distance_m(position))
        };
        found.sort_by(|one, other| metres(one).total_cmp(&metres(other)));
        found
    }

    fn distance(&self, position: Option<Position>) -> Option<f64> {
        Some(self.position?.distance_m(position?))
    }

    /// The agency of the commune.
    pub(super) fn agency(&self) -> AgencyCode {
        AgencyCode::of_commune(self.commune.code.as_str())
    }
}

/// An agency, as anybody may know it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgencyName {
    /// Its code.
    #[schema(example = "commune-05443")]
    code: String,
    /// Its name.
    name: String,
    /// Its telephone number, once it is confirmed.
    phone: Option<String>,
}

impl AgencyName {
    /// The agency with this code, if there is one.
    pub(super) fn find(app: &App, code: &AgencyCode) -> Option<Self> {
        let tree = app.agencies.tree();
        let agency = tree.find(code)?;
        let (name, phone) = (agency.name.clone(), agency.phone.clone());
        Some(Self { code: code.to_string(), name, phone })
    }
}
