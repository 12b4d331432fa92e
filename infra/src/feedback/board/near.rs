//! What lies nearest: the cells are gone through from the nearest on, until enough was found.

use std::{cmp::Reverse, collections::BinaryHeap};

use domain::{
    feedback::{Circle, Place},
    territory::{Bounds, Position},
};
use roaring::RoaringBitmap;

use super::{
    NearKey,
    atlas::{Below, Node},
    index::{Index, Post},
};

/// Metres in a degree of latitude, on the sphere that distances are computed on.
const METRES_PER_DEGREE: f64 = 111_195.08;

/// The map around a position, as flat as it is taken to be there: off by less than a hundredth
/// over fifty kilometres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    centre: Position,
    east: f64,
}

impl Plane {
    pub(super) fn around(centre: Position) -> Self {
        let narrowed = centre.lat().to_radians().cos().max(1e-6);
        Self { centre, east: METRES_PER_DEGREE * narrowed }
    }

    /// How far from the middle a position is, in metres.
    pub(super) fn distance(self, position: Position) -> f64 {
        self.metres(position.lat(), position.lon())
    }

    fn metres(self, lat: f64, lon: f64) -> f64 {
        let north = (lat - self.centre.lat()) * METRES_PER_DEGREE;
        let east = (lon - self.centre.lon()) * self.east;
        north.hypot(east)
    }

    /// How far the nearest point of a rectangle is.
    fn distance_to(self, bounds: Bounds) -> f64 {
        let lat = self.centre.lat().max(bounds.south).min(bounds.north);
        let lon = self.centre.lon().max(bounds.west).min(bounds.east);
        self.metres(lat, lon)
    }

    /// The rectangle around a circle.
    pub(super) fn rectangle(self, radius_m: f64) -> Bounds {
        let (north, east) = (radius_m / METRES_PER_DEGREE, radius_m / self.east);
        let (lat, lon) = (self.centre.lat(), self.centre.lon());
        Bounds { west: lon - east, south: lat - north, east: lon + east, north: lat + north }
    }
}

/// Something on the way, the nearest first; of what is equally near cells come first, so that
/// whatever is in them takes its turn.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    Cell(usize),
    Post(u32),
}

/// What is asked for: what lies in a circle, the next so many from some place on.
pub(super) struct Stretch {
    pub(super) circle: Circle,
    pub(super) after: Option<NearKey>,
    pub(super) limit: usize,
}

/// The nearest posts among `wanted` that fit. Distances are not negative, so their bits are in
/// their order.
pub(super) fn nearest(
    index: &Index,
    wanted: Option<&RoaringBitmap>,
    Stretch { circle, after, limit }: Stretch,
    fits: impl Fn(&Post) -> bool,
) -> Vec<(Place, f64)> {
    let ground = Plane::around(circle.centre);
    let reach = circle.radius_m.to_bits();
    let mut cells: Vec<&Node> = Vec::new();
    let mut way: BinaryHeap<Reverse<(u64, Stop)>> = BinaryHeap::new();
    let mut found = Vec::new();
    for node in index.atlas.nodes() {
        way.push(Reverse((ground.distance_to(node.bounds()).to_bits(), Stop::Cell(cells.len()))));
        cells.push(node);
    }
    while let Some(Reverse((distance, next))) = way.pop() {
        if distance > reach {
            break;
        }
        match next {
            Stop::Post(place) => {
                found.push((Place::from(place), f64::from_bits(distance)));
                if found.len() == limit {
                    break;
                }
            }
            Stop::Cell(number) => match cells.get(number).map(|node| &node.below) {
                Some(Below::Cells(inner)) => {
                    for node in inner {
                        let distance = ground.distance_to(node.bounds()).to_bits();
                        way.push(Reverse((distance, Stop::Cell(cells.len()))));
                        cells.push(node);
                    }
                }
                Some(Below::Posts(places)) => {
                    for &place in places.iter().filter(|place| among(wanted, **place)) {
                        let Some(post) = index.posts.get(place).filter(|post| fits(post)) else {
                            continue;
                        };
                        let Some(position) = post.position() else { continue };
                        let distance = ground.distance(position).to_bits();
                        let key = NearKey { distance, place: Place::from(place) };
                        if after.is_none_or(|after| key.is_after(after)) {
                            way.push(Reverse((distance, Stop::Post(place))));
                        }
                    }
                }
                None => {}
            },
        }
    }
    found
}

fn among(wanted: Option<&RoaringBitmap>, place: u32) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(place))
}

impl NearKey {
    fn is_after(self, other: Self) -> bool {
        (self.distance, self.place) > (other.distance, other.place)
    }
}
