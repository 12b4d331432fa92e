//! Which facilities are near.

use domain::{directory::Facility, territory::Position};
use geo::{Distance, Haversine, Point};
use rstar::{AABB, RTree, RTreeObject};

/// The metres that a degree of latitude is at least long.
const METRES_PER_DEGREE: f64 = 110_500.0;

/// The facilities with a position, by their place.
pub struct FacilityMap {
    sites: RTree<Site>,
}

/// The place of a facility, and its number in the list the map was drawn from.
struct Site {
    at: [f64; 2],
    facility: usize,
}

impl RTreeObject for Site {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl FacilityMap {
    /// The map of `facilities`; those without a position are not on it.
    #[must_use]
    pub fn new(facilities: &[Facility]) -> Self {
        let site = |(facility, place): (usize, Position)| Site {
            at: [place.lon(), place.lat()],
            facility,
        };
        let placed = facilities.iter().enumerate().filter_map(|(n, f)| Some((n, f.position?)));
        Self { sites: RTree::bulk_load(placed.map(site).collect()) }
    }

    /// The facilities at most `radius_m` metres from `position`, nearest first: the number of each
    /// in the list, and its distance in metres.
    #[must_use]
    pub fn near(&self, position: Position, radius_m: f64) -> Vec<(usize, f64)> {
        let here = Point::new(position.lon(), position.lat());
        let reach = radius_m / METRES_PER_DEGREE;
        let reach_east = reach / position.lat().to_radians().cos().max(0.01);
        let corner = |sign: f64| [here.x() + sign * reach_east, here.y() + sign * reach];
        let mut found: Vec<(usize, f64)> = self
            .sites
            .locate_in_envelope(&AABB::from_corners(corner(-1.0), corner(1.0)))
            .map(|site| (site.facility, Haversine.distance(here, Point::from(site.at))))
            .filter(|&(_, metres)| metres <= radius_m)
            .collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{directory::read_facilities, shipped};

    #[test]
    fn the_nearest_comes_first() {
        let facilities = read_facilities(shipped::FACILITIES).records;
        let map = FacilityMap::new(&facilities);
        let here = Position::new(21.4593, 105.8501).unwrap();
        let found = map.near(here, 2000.0);
        let names: Vec<&str> = found.iter().map(|&(n, _)| facilities[n].name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Trung tâm Y tế thành phố Sông Công",
                "Bệnh viện Y Tế Phúc Thái",
                "Bệnh viện C Thái Nguyên"
            ]
        );
        assert!(found[0].1 < 20.0);
        assert_eq!(map.near(here, 1.0), []);
        assert_eq!(map.near(here, 40_000_000.0).len(), 7);
    }
}
