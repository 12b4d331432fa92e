//! The communes as a map to draw (RFC 7946).

use domain::territory::{Commune, CommuneCode, CommuneType};
use serde::Serialize;

use super::{Outline, Ring};

#[derive(Serialize)]
struct FeatureCollection<'m> {
    r#type: &'static str,
    features: Vec<Feature<'m>>,
}

#[derive(Serialize)]
struct Feature<'m> {
    r#type: &'static str,
    id: CommuneCode,
    properties: Properties<'m>,
    bbox: [f64; 4],
    geometry: MultiPolygon<'m>,
}

#[derive(Serialize)]
struct Properties<'m> {
    code: CommuneCode,
    name: &'m str,
    full_name: &'m str,
    r#type: CommuneType,
    area_km2: f64,
}

#[derive(Serialize)]
struct MultiPolygon<'m> {
    r#type: &'static str,
    coordinates: &'m [Vec<Ring>],
}

/// The GeoJSON text of `communes` in their order, each with its outline; one without an outline is
/// left out.
#[must_use]
pub fn feature_collection(communes: &[Commune], outlines: &[Outline]) -> Vec<u8> {
    let features = communes
        .iter()
        .filter_map(|commune| {
            let outline = outlines.iter().find(|outline| outline.code == commune.code)?;
            Some(Feature::new(commune, outline))
        })
        .collect();
    serde_json::to_vec(&FeatureCollection { r#type: "FeatureCollection", features })
        .unwrap_or_default()
}

impl<'m> Feature<'m> {
    fn new(commune: &'m Commune, outline: &'m Outline) -> Self {
        let bounds = commune.bounds;
        Self {
            r#type: "Feature",
            id: commune.code,
            properties: Properties {
                code: commune.code,
                name: &commune.name,
                full_name: &commune.full_name,
                r#type: commune.kind,
                area_km2: commune.area_km2,
            },
            bbox: [bounds.west, bounds.south, bounds.east, bounds.north],
            geometry: MultiPolygon { r#type: "MultiPolygon", coordinates: &outline.polygons },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        shipped,
        territory::{read_communes, read_outlines},
    };

    #[test]
    fn what_is_drawn_can_be_read_again() {
        let communes = read_communes(shipped::COMMUNES).records;
        let bytes = shipped::unpacked(shipped::SIMPLIFIED_OUTLINES).unwrap();
        let outlines = read_outlines(&bytes).records;
        let again = read_outlines(&feature_collection(&communes, &outlines));
        assert_eq!((again.records, again.doubts), (outlines, vec![]));
    }
}
