//! Which commune a position lies in.

use domain::territory::{CommuneCode, Position};
use geo::{Coord, Intersects, LineString, Polygon};
use rstar::{AABB, RTree, RTreeObject};

use super::{Outline, outlines::Ring};

/// The communes as areas on the earth.
pub struct ProvinceMap {
    areas: RTree<Area>,
}

/// One polygon of a commune.
struct Area {
    code: CommuneCode,
    polygon: Polygon,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for Area {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

impl ProvinceMap {
    /// The map drawn from `outlines`.
    #[must_use]
    pub fn new(outlines: Vec<Outline>) -> Self {
        let areas = outlines
            .into_iter()
            .flat_map(|Outline { code, polygons }| {
                polygons.into_iter().filter_map(move |rings| Area::new(code, rings))
            })
            .collect();
        Self { areas: RTree::bulk_load(areas) }
    }

    /// The commune `position` lies in; none outside the province. A position on the border of
    /// several lies in the one with the least code.
    #[must_use]
    pub fn locate(&self, position: Position) -> Option<CommuneCode> {
        let point = Coord { x: position.lon(), y: position.lat() };
        self.areas
            .locate_in_envelope_intersecting(&AABB::from_point([point.x, point.y]))
            .filter(|area| area.polygon.intersects(&point))
            .map(|area| area.code)
            .min()
    }
}

impl Area {
    fn new(code: CommuneCode, rings: Vec<Ring>) -> Option<Self> {
        let mut rings = rings.into_iter();
        let outer = rings.next()?;
        let envelope = AABB::from_points(&outer);
        let polygon = Polygon::new(line(outer), rings.map(line).collect());
        Some(Self { code, polygon, envelope })
    }
}

fn line(ring: Ring) -> LineString {
    ring.into_iter().map(|[x, y]| Coord { x, y }).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use domain::territory::Commune;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        shipped,
        territory::{read_communes, read_outlines},
    };

    static OUTLINES: LazyLock<Vec<Outline>> = LazyLock::new(|| {
        read_outlines(&shipped::unpacked(shipped::FULL_OUTLINES).unwrap()).records
    });
    static MAP: LazyLock<ProvinceMap> = LazyLock::new(|| ProvinceMap::new(OUTLINES.clone()));
    /// Each commune on a map of its own.
    static ALONE: LazyLock<Vec<ProvinceMap>> = LazyLock::new(|| {
        OUTLINES.iter().map(|outline| ProvinceMap::new(vec![outline.clone()])).collect()
    });
    static COMMUNES: LazyLock<Vec<Commune>> =
        LazyLock::new(|| read_communes(shipped::COMMUNES).records);

    fn at([lon, lat]: [f64; 2]) -> Position {
        Position::new(lat, lon).unwrap()
    }

    #[test]
    fn every_commune_holds_its_inside_point() {
        assert_eq!(COMMUNES.len(), 92);
        for commune in COMMUNES.iter() {
            assert_eq!(MAP.locate(commune.inside), Some(commune.code), "{}", commune.name);
        }
    }

    #[test]
    fn nobody_else_lives_in_the_province() {
        for elsewhere in
            [[105.85, 21.03], [106.7, 10.78], [0.0, 0.0], [180.0, 90.0], [-180.0, -90.0]]
        {
            assert_eq!(MAP.locate(at(elsewhere)), None, "{elsewhere:?}");
        }
    }

    #[test]
    fn a_border_stone_stands_in_a_commune_it_touches() {
        for outline in OUTLINES.iter() {
            for corner in outline.polygons.iter().flatten().flatten().step_by(17) {
                let found = MAP.locate(at(*corner)).expect("a corner of the province is in it");
                assert!(found <= outline.code);
            }
        }
    }

    proptest! {
        #[test]
        fn the_map_finds_who_holds_the_position(lon in 105.4..106.3, lat in 21.3..22.8) {
            let holders = ALONE.iter().filter_map(|map| map.locate(at([lon, lat])));
            prop_assert_eq!(MAP.locate(at([lon, lat])), holders.min());
        }
    }
}
