//! Questions about what was published, and the places that answer them.

use chrono::{DateTime, Utc};
use domain::{
    feedback::{Circle, Place, PublicFilter},
    territory::Bounds,
};
use h3o::Resolution;
use roaring::RoaringBitmap;

use super::{
    NearKey,
    atlas::{Cluster, Look, holds},
    index::{Index, Post},
    near::{Plane, Stretch, nearest},
};

/// At most so many clusters are drawn.
const MOST_CLUSTERS: usize = 600;
/// Where so many times fewer posts lie in a rectangle than fit otherwise, those are looked at first.
const SPARSE: u64 = 16;

/// What is drawn on a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Posts that lie near each other.
    pub clusters: Vec<Cluster>,
    /// Posts, one by one.
    pub places: Vec<Place>,
}

impl Index {
    /// Everything that fits `filter`, wherever it lies; nothing at all where everything does.
    pub(super) fn wanted(&self, filter: &PublicFilter) -> Option<RoaringBitmap> {
        let sets = [
            (!filter.categories.is_empty()).then(|| self.of_categories(&filter.categories)),
            (!filter.statuses.is_empty()).then(|| self.of_statuses(&filter.statuses)),
            filter.commune.map(|commune| self.of_commune(commune)),
            filter.words.as_deref().map(|words| self.words.find(words) & &self.all),
            filter.updated_after.map(|at| self.changed_since(at.timestamp_micros())),
        ];
        sets.into_iter().flatten().reduce(|one, other| one & other)
    }

    pub(super) fn newest(
        &self,
        filter: &PublicFilter,
        after: Option<Place>,
        limit: usize,
    ) -> Vec<Place> {
        let mut wanted = self.wanted(filter);
        let fits = fitting(filter);
        if let Some(view) = rectangle(filter) {
            let look = Look { view, whole: false, grain: None, wanted: None, posts: &self.posts };
            let among = wanted.as_ref().unwrap_or(&self.all).len();
            if u64::from(self.atlas.count(&look)).saturating_mul(SPARSE) < among {
                let inside = self.atlas.places(&look);
                wanted = Some(wanted.map_or(inside.clone(), |wanted| wanted & inside));
            }
        }
        let places = wanted.as_ref().unwrap_or(&self.all);
        let end = after.map_or(u32::MAX, |after| u32::try_from(after).unwrap_or_default());
        let fit = |place: &u32| self.posts.get(*place).is_some_and(&fits);
        let found = places.range(..end).rev().filter(fit);
        found.take(limit).map(Place::from).collect()
    }

    /// The nearest to the middle of `circle` that lie in it and fit `filter`.
    pub(super) fn nearest(
        &self,
        filter: &PublicFilter,
        circle: Circle,
        after: Option<NearKey>,
        limit: usize,
    ) -> Vec<(Place, f64)> {
        let wanted = self.wanted(filter);
        let stretch = Stretch { circle, after, limit };
        nearest(self, wanted.as_ref(), stretch, fitting(filter))
    }

    /// The same of what arrived since an instant.
    pub(super) fn lately_near(
        &self,
        filter: &PublicFilter,
        circle: Circle,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Vec<(Place, f64)> {
        let wanted = self.wanted(filter);
        let (fits, since) = (fitting(filter), since.timestamp_micros());
        let lately = |post: &Post| post.submitted_at >= since && fits(post);
        nearest(self, wanted.as_ref(), Stretch { circle, after: None, limit }, lately)
    }

    pub(super) fn marks(&self, filter: &PublicFilter, view: Bounds, zoom: u8) -> Marks {
        let wanted = self.wanted(filter);
        let (fineness, wanted) = (fineness(zoom), wanted.as_ref());
        let look = Look { view, whole: false, grain: grain(fineness), wanted, posts: &self.posts };
        let most = one_by_one(zoom);
        if most > 0 && self.atlas.count(&look) <= most {
            let places = self.atlas.places(&look).into_iter().rev().map(Place::from).collect();
            return Marks { places, ..Marks::default() };
        }
        let clusters = self.atlas.clusters(&look, fineness, MOST_CLUSTERS);
        Marks { clusters, ..Marks::default() }
    }
}

/// How fine clusters are at a zoom of the web's maps: some eighty pixels across.
fn fineness(zoom: u8) -> Resolution {
    match zoom {
        0..=7 => Resolution::Three,
        8 => Resolution::Four,
        9 | 10 => Resolution::Five,
        11 => Resolution::Six,
        12 => Resolution::Seven,
        13 | 14 => Resolution::Eight,
        _ => Resolution::Nine,
    }
}

/// So many posts are drawn one by one at a zoom: from 16 on, and the more the closer.
const fn one_by_one(zoom: u8) -> u32 {
    match zoom {
        0..=15 => 0,
        16 => 40,
        _ => 200,
    }
}

/// How fine the edge of a view is where clusters are so fine: some ten pixels, or each post.
fn grain(fineness: Resolution) -> Option<Resolution> {
    fineness.succ()?.succ()
}

/// Whether a post fits what of `filter` the sets do not tell.
fn fitting(filter: &PublicFilter) -> impl Fn(&Post) -> bool {
    let circle = filter.near.map(|circle| (Plane::around(circle.centre), circle.radius_m));
    let (bounds, since) = (filter.bounds, filter.updated_after.map(|at| at.timestamp_micros()));
    move |post: &Post| {
        since.is_none_or(|since| post.updated_at > since)
            && bounds.is_none_or(|view| post.position().is_some_and(|it| holds(view, it)))
            && circle.is_none_or(|(plane, radius_m)| {
                post.position().is_some_and(|it| plane.distance(it) <= radius_m)
            })
    }
}

/// The rectangle outside of which nothing fits `filter`.
fn rectangle(filter: &PublicFilter) -> Option<Bounds> {
    let around = |circle: Circle| Plane::around(circle.centre).rectangle(circle.radius_m);
    match (filter.bounds, filter.near.map(around)) {
        (Some(one), Some(other)) => Some(Bounds {
            west: one.west.max(other.west),
            south: one.south.max(other.south),
            east: one.east.min(other.east),
            north: one.north.min(other.north),
        }),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use domain::{feedback::Status, territory::Position};
    use proptest::prelude::*;

    use super::{super::load::PostRow, *};

    const CENTRE: (f64, f64) = (21.59, 105.84);

    /// Some posts, some of them taken down again; and what is left, by brute force.
    fn boards() -> impl Strategy<Value = (Index, Vec<(i64, Position)>)> {
        let near = (-0.2_f64..0.2, -0.2_f64..0.2, any::<bool>());
        proptest::collection::vec(near, 0..80).prop_map(|posts| {
            let (mut index, mut left) = (Index::default(), Vec::new());
            for (place, (north, east, gone)) in (1..).zip(posts) {
                let at = (CENTRE.0 + north, CENTRE.1 + east);
                let row = PostRow::lamp(place, at);
                index.put(&row);
                if gone && place % 3 == 0 {
                    index.renew(&[row.report()], &[]);
                } else {
                    left.push((place, Position::new(at.0, at.1).unwrap()));
                }
            }
            (index, left)
        })
    }

    proptest! {
        /// Close by the marks stand for exactly what lies in the rectangle; from afar its edge is as
        /// fine as a seventh of a cluster.
        #[test]
        fn marks_add_up(
            (index, left) in boards(),
            (south, west, height, width) in (21.3_f64..21.8, 105.6_f64..106.0, 0.0_f64..0.4, 0.0_f64..0.4),
            zoom in 0_u8..=22,
        ) {
            let view = Bounds { west, south, east: west + width, north: south + height };
            let inside = |edge: f64| {
                let view = Bounds {
                    west: west - edge,
                    south: south - edge,
                    east: view.east + edge,
                    north: view.north + edge,
                };
                left.iter().filter(|(_, it)| holds(view, *it)).count()
            };
            let edge = grain(fineness(zoom)).map_or(0.0, |grain| grain.edge_length_km() * 2.5 / 100.0);
            let marks = index.marks(&PublicFilter::default(), view, zoom);
            let clustered: u32 = marks.clusters.iter().map(|cluster| cluster.count).sum();
            let marked = usize::try_from(clustered).unwrap() + marks.places.len();
            prop_assert!((inside(-edge)..=inside(edge)).contains(&marked), "{marked}");
            let filter = PublicFilter { bounds: Some(view), ..PublicFilter::default() };
            let mut expected: Vec<_> =
                left.iter().filter(|(_, it)| holds(view, *it)).map(|(place, _)| *place).collect();
            expected.reverse();
            prop_assert_eq!(index.newest(&filter, None, 100), expected);
        }

        /// The nearest come first, and pages put together are the whole.
        #[test]
        fn the_nearest_come_first((index, left) in boards(), radius_m in 0.0_f64..30_000.0, limit in 1_usize..9) {
            let centre = Position::new(CENTRE.0, CENTRE.1).unwrap();
            let (plane, open) = (Plane::around(centre), |place: i64| place % 2 == 0);
            let mut expected: Vec<_> = left
                .iter()
                .map(|(place, it)| (plane.distance(*it), *place))
                .filter(|(metres, place)| *metres <= radius_m && open(*place))
                .collect();
            expected.sort_by(|one, other| one.partial_cmp(other).unwrap());
            let statuses = vec![Status::Accepted];
            let filter = PublicFilter { statuses, ..PublicFilter::default() };
            let (circle, mut after, mut found) = (Circle { centre, radius_m }, None, Vec::new());
            loop {
                let page = index.nearest(&filter, circle, after, limit);
                found.extend(page.iter().map(|(place, metres)| (*metres, *place)));
                let Some((place, metres)) = page.last() else { break };
                after = Some(NearKey { distance: metres.to_bits(), place: *place });
            }
            prop_assert_eq!(found, expected);
        }
    }
}
