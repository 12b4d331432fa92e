//! Communes as clients read them.

use domain::territory::{Bounds, Candidate, Commune, Former, Position};
use serde::Serialize;
use utoipa::ToSchema;

/// A position, WGS 84.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct PositionView {
    /// Degrees north.
    #[schema(example = 21.5942)]
    lat: f64,
    /// Degrees east.
    #[schema(example = 105.8482)]
    lon: f64,
}

impl From<Position> for PositionView {
    fn from(position: Position) -> Self {
        Self { lat: position.lat(), lon: position.lon() }
    }
}

/// A rectangle, WGS 84 degrees.
#[derive(Debug, Serialize, ToSchema)]
struct BoundsView {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl From<Bounds> for BoundsView {
    fn from(Bounds { west, south, east, north }: Bounds) -> Self {
        Self { west, south, east, north }
    }
}

/// A commune by its names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommuneName<'s> {
    /// Its code (Decision 19/2025/QĐ-TTg).
    #[schema(example = "05443")]
    code: &'s str,
    /// Its name alone.
    #[schema(example = "Phan Đình Phùng")]
    name: &'s str,
    /// Its name with its type.
    #[schema(example = "Phường Phan Đình Phùng")]
    full_name: &'s str,
    /// `phường` or `xã`.
    r#type: &'s str,
}

impl<'s> From<&'s Commune> for CommuneName<'s> {
    fn from(commune: &'s Commune) -> Self {
        Self {
            code: commune.code.as_str(),
            name: &commune.name,
            full_name: &commune.full_name,
            r#type: commune.kind.as_str(),
        }
    }
}

/// A commune or ward.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CommuneView<'s> {
    #[serde(flatten)]
    names: CommuneName<'s>,
    /// The province it belonged to before July 2025.
    old_province: &'s str,
    /// The districts its land belonged to before July 2025.
    old_districts: &'s [String],
    /// The former communes it was made of, wholly or in part; empty where it is unchanged.
    merged_from: &'s [String],
    /// The middle of its area, which may lie outside of it.
    centroid: PositionView,
    /// A point that lies in it.
    inside: PositionView,
    /// Its area in square kilometres.
    area_km2: f64,
    /// The rectangle around it.
    bounds: BoundsView,
}

impl CommuneView<'_> {
    /// Its place in the list.
    pub(super) fn key(&self) -> String {
        self.names.code.to_owned()
    }
}

impl<'s> From<&'s Commune> for CommuneView<'s> {
    fn from(commune: &'s Commune) -> Self {
        Self {
            names: commune.into(),
            old_province: &commune.old_province,
            old_districts: &commune.old_districts,
            merged_from: &commune.merged_from,
            centroid: commune.centroid.into(),
            inside: commune.inside.into(),
            area_km2: commune.area_km2,
            bounds: commune.bounds.into(),
        }
    }
}

/// A commune that a name may mean.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CandidateView<'s> {
    #[serde(flatten)]
    names: CommuneName<'s>,
    /// The former commune that had the name; `null` where it is the name of today.
    former: Option<FormerView<'s>>,
}

/// A commune of the time before July 2025.
#[derive(Debug, Serialize, ToSchema)]
struct FormerView<'s> {
    /// Its name with its type.
    #[schema(example = "Phường Túc Duyên")]
    full_name: &'s str,
    /// Its district.
    district: &'s str,
    /// Its province.
    province: &'s str,
    /// Whether its land went to more than one commune.
    divided: bool,
    /// Whether this is the one to assume where nothing more is known.
    default: bool,
}

impl<'s> CandidateView<'s> {
    pub(super) fn new(candidate: &'s Candidate, commune: &'s Commune) -> Self {
        Self { names: commune.into(), former: candidate.former.as_ref().map(FormerView::from) }
    }
}

impl<'s> From<&'s Former> for FormerView<'s> {
    fn from(former: &'s Former) -> Self {
        Self {
            full_name: &former.name,
            district: &former.district,
            province: &former.province,
            divided: former.divided,
            default: former.default_target,
        }
    }
}
