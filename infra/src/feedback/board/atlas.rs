//! Where posts lie: a tree of the cells of H3, each with what lies in it.
//!
//! A cell knows the rectangle around its posts, so that a search looks only where something may be.

use std::collections::HashMap;

use domain::territory::{Bounds, Position};
use h3o::{CellIndex, LatLng, Resolution};
use roaring::RoaringBitmap;

use super::index::Posts;

/// The widest cells: some 12,000 km² each.
pub(super) const WIDEST: Resolution = Resolution::Three;
/// The narrowest: some 0.1 km² each, 200 m a side.
pub(super) const NARROWEST: Resolution = Resolution::Nine;

/// What lies in a cell, together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) count: u32,
    lat: f64,
    lon: f64,
    pub(super) bounds: Bounds,
}

/// Some posts that lie near each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// The cell of H3 that they lie in.
    pub cell: u64,
    /// How many they are.
    pub count: u32,
    /// The middle of them.
    pub middle: Position,
    /// The rectangle around them.
    pub bounds: Bounds,
}

/// A cell and what lies in it.
#[derive(Debug)]
pub(super) struct Node {
    cell: CellIndex,
    sum: Sum,
    pub(super) below: Below,
}

/// What a cell holds.
#[derive(Debug)]
pub(super) enum Below {
    Cells(Vec<Node>),
    Posts(Vec<u32>),
}

/// Every cell in which something lies.
#[derive(Debug, Default)]
pub(super) struct Atlas {
    widest: HashMap<CellIndex, Node>,
}

impl Sum {
    const NOTHING: Self = Self {
        count: 0,
        lat: 0.0,
        lon: 0.0,
        bounds: Bounds {
            west: f64::INFINITY,
            south: f64::INFINITY,
            east: f64::NEG_INFINITY,
            north: f64::NEG_INFINITY,
        },
    };

    fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.lat += other.lat;
        self.lon += other.lon;
        self.bounds = Bounds {
            west: self.bounds.west.min(other.bounds.west),
            south: self.bounds.south.min(other.bounds.south),
            east: self.bounds.east.max(other.bounds.east),
            north: self.bounds.north.max(other.bounds.north),
        };
    }

    fn of(position: Position) -> Self {
        let (lat, lon) = (position.lat(), position.lon());
        let bounds = Bounds { west: lon, south: lat, east: lon, north: lat };
        Self { count: 1, lat, lon, bounds }
    }

    fn middle(self) -> Option<Position> {
        let count = f64::from(self.count);
        Position::new(self.lat / count, self.lon / count).ok()
    }

    fn cluster(self, cell: CellIndex) -> Option<Cluster> {
        let middle = self.middle()?;
        Some(Cluster { cell: cell.into(), count: self.count, middle, bounds: self.bounds })
    }
}

/// Whether a position lies in a rectangle, its edges included.
pub(super) fn holds(view: Bounds, position: Position) -> bool {
    (view.south..=view.north).contains(&position.lat())
        && (view.west..=view.east).contains(&position.lon())
}

fn covers(view: Bounds, inner: Bounds) -> bool {
    view.west <= inner.west
        && view.south <= inner.south
        && inner.east <= view.east
        && inner.north <= view.north
}

fn meets(view: Bounds, other: Bounds) -> bool {
    view.west <= other.east
        && other.west <= view.east
        && view.south <= other.north
        && other.south <= view.north
}

impl Node {
    fn new(cell: CellIndex) -> Self {
        let narrowest = cell.resolution() == NARROWEST;
        let below = if narrowest { Below::Posts(Vec::new()) } else { Below::Cells(Vec::new()) };
        Self { cell, sum: Sum::NOTHING, below }
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.sum.bounds
    }

    fn add(&mut self, narrowest: CellIndex, place: u32, position: Position) {
        self.sum.add(Sum::of(position));
        let finer = self.cell.resolution().succ();
        match &mut self.below {
            Below::Posts(posts) => posts.push(place),
            Below::Cells(cells) => {
                let Some(cell) = finer.and_then(|finer| narrowest.parent(finer)) else { return };
                if let Some(node) = cells.iter_mut().find(|node| node.cell == cell) {
                    node.add(narrowest, place, position);
                } else {
                    let mut node = Self::new(cell);
                    node.add(narrowest, place, position);
                    cells.push(node);
                }
            }
        }
    }

    /// Takes a post out. The rectangle stays as wide as it was: it only has to hold what is there.
    fn remove(&mut self, narrowest: CellIndex, place: u32, position: Position) {
        self.sum.count = self.sum.count.saturating_sub(1);
        self.sum.lat -= position.lat();
        self.sum.lon -= position.lon();
        let finer = self.cell.resolution().succ();
        match &mut self.below {
            Below::Posts(posts) => posts.retain(|known| *known != place),
            Below::Cells(cells) => {
                let cell = finer.and_then(|finer| narrowest.parent(finer));
                for node in cells.iter_mut().filter(|node| Some(node.cell) == cell) {
                    node.remove(narrowest, place, position);
                }
                cells.retain(|node| node.sum.count > 0);
            }
        }
    }

    /// What of it lies in the view, and is wanted.
    fn within(&self, look: &Look<'_>) -> Sum {
        if look.wanted.is_none() {
            if look.whole || covers(look.view, self.sum.bounds) {
                return self.sum;
            }
            if look.grain.is_some_and(|grain| self.cell.resolution() >= grain) {
                let middle = self.sum.middle();
                return if middle.is_some_and(|it| holds(look.view, it)) {
                    self.sum
                } else {
                    Sum::NOTHING
                };
            }
        }
        let mut sum = Sum::NOTHING;
        match &self.below {
            Below::Cells(cells) => {
                for node in cells.iter().filter(|node| look.meets(node.sum.bounds)) {
                    sum.add(node.within(look));
                }
            }
            Below::Posts(posts) => {
                for position in posts.iter().filter_map(|place| look.seen(*place)) {
                    sum.add(Sum::of(position));
                }
            }
        }
        sum
    }

    /// Adds to `clusters` what it holds at `fineness`; stops, and says so, at more than `most`.
    fn gather(
        &self,
        look: &Look<'_>,
        (fineness, most): (Resolution, usize),
        clusters: &mut Vec<Cluster>,
    ) -> bool {
        if !meets(look.view, self.sum.bounds) {
            return true;
        }
        match &self.below {
            Below::Cells(cells) if self.cell.resolution() < fineness => {
                cells.iter().all(|node| node.gather(look, (fineness, most), clusters))
            }
            _ => {
                let sum = self.within(look);
                if sum.count > 0 {
                    clusters.extend(sum.cluster(self.cell));
                }
                clusters.len() <= most
            }
        }
    }

    fn places(&self, look: &Look<'_>, places: &mut RoaringBitmap) {
        if !meets(look.view, self.sum.bounds) {
            return;
        }
        match &self.below {
            Below::Cells(cells) => cells.iter().for_each(|node| node.places(look, places)),
            Below::Posts(posts) => {
                places.extend(posts.iter().filter(|place| look.seen(**place).is_some()));
            }
        }
    }
}

/// What of the map is looked at.
pub(super) struct Look<'a> {
    pub(super) view: Bounds,
    /// Whether a cell that meets the view is counted whole, beyond the edge of the view.
    pub(super) whole: bool,
    /// A cell this fine is in the view or not as the middle of its posts is; where absent, each post
    /// is looked at.
    pub(super) grain: Option<Resolution>,
    /// Only these; where absent, all.
    pub(super) wanted: Option<&'a RoaringBitmap>,
    pub(super) posts: &'a Posts,
}

impl Look<'_> {
    /// Where the post lies, if that is in the view and it is wanted.
    fn seen(&self, place: u32) -> Option<Position> {
        let wanted = self.wanted.is_none_or(|wanted| wanted.contains(place));
        let position = self.posts.position(place).filter(|_| wanted)?;
        (self.whole || holds(self.view, position)).then_some(position)
    }

    fn meets(&self, bounds: Bounds) -> bool {
        self.whole || meets(self.view, bounds)
    }
}

impl Atlas {
    pub(super) fn add(&mut self, place: u32, position: Position) {
        let Some((widest, narrowest)) = cells(position) else { return };
        let node = self.widest.entry(widest).or_insert_with(|| Node::new(widest));
        node.add(narrowest, place, position);
    }

    pub(super) fn remove(&mut self, place: u32, position: Position) {
        let Some((widest, narrowest)) = cells(position) else { return };
        if let Some(node) = self.widest.get_mut(&widest) {
            node.remove(narrowest, place, position);
            if node.sum.count == 0 {
                self.widest.remove(&widest);
            }
        }
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.widest.values()
    }

    /// How many posts lie in the view.
    pub(super) fn count(&self, look: &Look<'_>) -> u32 {
        let met = self.nodes().filter(|node| meets(look.view, node.sum.bounds));
        met.map(|node| node.within(look).count).fold(0, u32::saturating_add)
    }

    /// The places of the posts in the view.
    pub(super) fn places(&self, look: &Look<'_>) -> RoaringBitmap {
        let mut places = RoaringBitmap::new();
        self.nodes().for_each(|node| node.places(look, &mut places));
        places
    }

    /// The clusters in the view: as fine as asked for, or coarser where those would be more than
    /// `most`.
    pub(super) fn clusters(
        &self,
        look: &Look<'_>,
        fineness: Resolution,
        most: usize,
    ) -> Vec<Cluster> {
        let mut fineness = fineness;
        loop {
            let mut clusters = Vec::new();
            let all = self.nodes().all(|node| node.gather(look, (fineness, most), &mut clusters));
            match fineness.pred() {
                Some(coarser) if !all && coarser >= WIDEST => fineness = coarser,
                _ => return clusters,
            }
        }
    }
}

/// The widest and the narrowest cell that a position lies in.
fn cells(position: Position) -> Option<(CellIndex, CellIndex)> {
    let narrowest = LatLng::new(position.lat(), position.lon()).ok()?.to_cell(NARROWEST);
    Some((narrowest.parent(WIDEST)?, narrowest))
}
