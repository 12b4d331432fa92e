//! Where much is reported: counts by cells of H3, none of them small.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::NaiveDate;
use domain::{
    feedback::PublicFilter,
    territory::{Bounds, Position},
};
use h3o::{CellIndex, LatLng, Resolution};

use super::{
    atlas::{Look, NARROWEST, WIDEST},
    index::Index,
};

/// At most so many cells are told; where there are more, wider ones.
const MOST_CELLS: usize = 2_000;

/// A cell, and how many lie in it and in no narrower one that is told.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatCell {
    /// The cell of H3: `876a5b4d1ffffff`.
    pub cell: String,
    /// How narrow it is, 3 to 9.
    pub resolution: u8,
    /// Its own middle, whatever lies in it.
    pub centre: Position,
    /// How many.
    pub count: u32,
}

/// Where much is reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    /// The cells, in the order of their names.
    pub cells: Vec<HeatCell>,
    /// How many lie in no cell that is told.
    pub left_out: u32,
}

impl Index {
    pub(super) fn heat(
        &self,
        filter: &PublicFilter,
        days: Option<RangeInclusive<NaiveDate>>,
        view: Bounds,
        (resolution, fewest): (u8, u32),
    ) -> Heat {
        let sets = [self.wanted(filter), days.map(|days| self.came_on(days))];
        let wanted = sets.into_iter().flatten().reduce(|one, other| one & other);
        // Cells are counted whole: by moving an edge nobody learns of a single report.
        let look =
            Look { view, whole: true, grain: None, wanted: wanted.as_ref(), posts: &self.posts };
        let fineness = Resolution::try_from(resolution).unwrap_or(NARROWEST);
        let clusters = self.atlas.clusters(&look, fineness.clamp(WIDEST, NARROWEST), MOST_CELLS);
        let counts = clusters
            .into_iter()
            .filter_map(|cluster| Some((CellIndex::try_from(cluster.cell).ok()?, cluster.count)));
        let (told, left_out) = gathered(counts.collect(), fewest);
        Heat { cells: told.into_iter().filter_map(heat_cell).collect(), left_out }
    }
}

fn heat_cell((cell, count): (CellIndex, u32)) -> Option<HeatCell> {
    let centre = LatLng::from(cell);
    let centre = Position::new(centre.lat(), centre.lng()).ok()?;
    let resolution = u8::from(cell.resolution());
    Some(HeatCell { cell: cell.to_string(), resolution, centre, count })
}

/// The counts of at least `fewest`, by cell; what is less is counted in the wider cell around it,
/// and left out where even the widest holds too little.
fn gathered(counts: BTreeMap<CellIndex, u32>, fewest: u32) -> (BTreeMap<CellIndex, u32>, u32) {
    let (mut told, mut left) = (BTreeMap::new(), counts);
    loop {
        let mut wider = BTreeMap::<CellIndex, u32>::new();
        let mut left_out = 0;
        for (cell, count) in left {
            let parent = cell.resolution().pred().filter(|resolution| *resolution >= WIDEST);
            match parent.and_then(|resolution| cell.parent(resolution)) {
                _ if count >= fewest => {
                    told.insert(cell, count);
                }
                Some(parent) => *wider.entry(parent).or_default() += count,
                None => left_out += count,
            }
        }
        if wider.is_empty() {
            return (told, left_out);
        }
        left = wider;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::load::PostRow, *};

    const WORLD: Bounds = Bounds { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    fn index(posts: &[(f64, f64)]) -> Index {
        let mut index = Index::default();
        for (place, (north, east)) in (1..).zip(posts) {
            index.put(&PostRow::lamp(place, (21.59 + north, 105.84 + east)));
        }
        index
    }

    fn heat(posts: &[(f64, f64)], view: Bounds, how: (u8, u32)) -> Heat {
        index(posts).heat(&PublicFilter::default(), None, view, how)
    }

    fn posts() -> impl Strategy<Value = Vec<(f64, f64)>> {
        proptest::collection::vec((-0.1_f64..0.1, -0.1_f64..0.1), 0..80)
    }

    proptest! {
        /// Every report is in one cell that holds enough, or left out; and what is left out is too
        /// little for the widest cell.
        #[test]
        fn no_cell_is_small_and_none_is_lost(
            posts in posts(),
            resolution in 3_u8..=9,
            fewest in 1_u32..9,
        ) {
            let heat = heat(&posts, WORLD, (resolution, fewest));
            let told: u32 = heat.cells.iter().map(|cell| cell.count).sum();
            prop_assert_eq!(usize::try_from(told + heat.left_out).unwrap(), posts.len());
            prop_assert!(heat.cells.iter().all(|cell| cell.count >= fewest));
            prop_assert!(heat.cells.iter().all(|cell| (3..=resolution).contains(&cell.resolution)));
            let names: Vec<_> = heat.cells.iter().map(|cell| &cell.cell).collect();
            prop_assert!(names.windows(2).all(|two| two[0] != two[1]));
        }

        /// Where nothing is asked of the size, a part of the view tells the same of its cells.
        #[test]
        fn an_edge_tells_nothing(posts in posts(), north in 21.49_f64..21.69) {
            let all = heat(&posts, WORLD, (7, 1));
            let part = heat(&posts, Bounds { south: north, ..WORLD }, (7, 1));
            prop_assert!(part.cells.iter().all(|cell| all.cells.contains(cell)));
            let inside = posts.iter().filter(|(up, _)| 21.59 + up >= north).count();
            let told: u32 = part.cells.iter().map(|cell| cell.count).sum();
            prop_assert!(usize::try_from(told).unwrap() >= inside);
        }
    }

    #[test]
    fn days_are_those_of_vietnam() {
        // The lamps come an hour after each other from 07:00 in Vietnam on, 1 January 1970.
        let index = index(&[(0.0, 0.0); 40]);
        let count = |from: u32, to: u32| {
            let day = |day| NaiveDate::from_ymd_opt(1970, 1, day).unwrap();
            let days = Some(day(from)..=day(to));
            let heat = index.heat(&PublicFilter::default(), days, WORLD, (7, 1));
            heat.cells.iter().map(|cell| cell.count).sum::<u32>()
        };
        assert_eq!((count(1, 1), count(2, 2), count(1, 2)), (16, 24, 40));
        assert_eq!((count(3, 3), count(2, 1)), (0, 0));
    }
}
