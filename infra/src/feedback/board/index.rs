//! The posts, and by what they are found.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher as _},
    ops::RangeInclusive,
};

use chrono::{DateTime, NaiveDate};
use domain::{
    feedback::Status,
    territory::{CommuneCode, Position},
    wall_clock::local,
};
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::{atlas::Atlas, load::PostRow, words::Words};

/// The microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What of a post is asked about.
#[derive(Clone, Debug)]
pub(super) struct Post {
    category: u16,
    commune: Option<CommuneCode>,
    status: Status,
    position: Option<Position>,
    pub(super) submitted_at: i64,
    pub(super) updated_at: i64,
    /// Tells whether the text is still the same.
    text: u64,
}

impl Post {
    /// Where strangers see it.
    pub(super) fn position(&self) -> Option<Position> {
        self.position
    }
}

/// The posts by their place.
#[derive(Debug, Default)]
pub(super) struct Posts(Vec<Option<Post>>);

impl Posts {
    pub(super) fn get(&self, place: u32) -> Option<&Post> {
        self.0.get(usize::try_from(place).ok()?)?.as_ref()
    }

    pub(super) fn position(&self, place: u32) -> Option<Position> {
        self.get(place)?.position
    }

    fn set(&mut self, place: u32, post: Option<Post>) {
        let Ok(place) = usize::try_from(place) else { return };
        if self.0.len() <= place {
            self.0.resize(place.saturating_add(1), None);
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = post;
        }
    }
}

/// Everything that was published, and by what it is found.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) posts: Posts,
    places: HashMap<Uuid, u32>,
    pub(super) all: RoaringBitmap,
    categories: HashMap<String, u16>,
    of_category: Vec<RoaringBitmap>,
    of_commune: HashMap<CommuneCode, RoaringBitmap>,
    of_status: HashMap<Status, RoaringBitmap>,
    changed_on: BTreeMap<i64, RoaringBitmap>,
    /// By the day of arrival in Vietnam.
    came_on: BTreeMap<NaiveDate, RoaringBitmap>,
    pub(super) words: Words,
    pub(super) atlas: Atlas,
}

impl Index {
    /// Whether something hangs here for `report`.
    pub(super) fn knows(&self, report: Uuid) -> bool {
        self.places.contains_key(&report)
    }

    /// Takes in what hangs for `reports` now; what hangs no more is gone.
    pub(super) fn renew(&mut self, reports: &[Uuid], posts: &[PostRow]) {
        let hanging: HashSet<Uuid> = posts.iter().map(PostRow::report).collect();
        for report in reports.iter().filter(|report| !hanging.contains(*report)) {
            self.remove(*report);
        }
        for post in posts {
            self.put(post);
        }
    }

    /// Takes in what hangs at a place.
    pub(super) fn put(&mut self, row: &PostRow) {
        // The places of four milliards of posts; nobody lives to see the next one.
        let Ok(place) = u32::try_from(row.place) else { return };
        let report = row.report();
        if self.places.get(&report).is_some_and(|known| *known != place) {
            self.remove(report);
        }
        let mut text = DefaultHasher::new();
        row.folded.hash(&mut text);
        let post = Post {
            category: self.category(&row.category),
            commune: row.commune(),
            status: row.status(),
            position: row.position(),
            submitted_at: row.submitted_at(),
            updated_at: row.updated_at(),
            text: text.finish(),
        };
        match self.posts.get(place).cloned() {
            Some(before) => {
                self.unlist(place, &before);
                if before.text != post.text {
                    self.words.remove(place);
                    self.words.add(place, &row.folded);
                }
            }
            None => self.words.add(place, &row.folded),
        }
        self.list(place, &post);
        self.places.insert(report, place);
        self.posts.set(place, Some(post));
    }

    fn remove(&mut self, report: Uuid) {
        let Some(place) = self.places.remove(&report) else { return };
        if let Some(post) = self.posts.get(place).cloned() {
            self.unlist(place, &post);
        }
        // Its words stay until the next start: a place is never given out again, and what is not
        // among all is not found.
        self.posts.set(place, None);
    }

    fn list(&mut self, place: u32, post: &Post) {
        self.all.insert(place);
        if let Some(places) = self.of_category.get_mut(usize::from(post.category)) {
            places.insert(place);
        }
        if let Some(commune) = post.commune {
            self.of_commune.entry(commune).or_default().insert(place);
        }
        self.of_status.entry(post.status).or_default().insert(place);
        self.changed_on.entry(day(post.updated_at)).or_default().insert(place);
        self.came_on.entry(date(post.submitted_at)).or_default().insert(place);
        if let Some(position) = post.position {
            self.atlas.add(place, position);
        }
    }

    fn unlist(&mut self, place: u32, post: &Post) {
        self.all.remove(place);
        if let Some(places) = self.of_category.get_mut(usize::from(post.category)) {
            places.remove(place);
        }
        if let Some(places) = post.commune.and_then(|commune| self.of_commune.get_mut(&commune)) {
            places.remove(place);
        }
        if let Some(places) = self.of_status.get_mut(&post.status) {
            places.remove(place);
        }
        let changed = day(post.updated_at);
        if let Some(places) = self.changed_on.get_mut(&changed) {
            places.remove(place);
            if places.is_empty() {
                self.changed_on.remove(&changed);
            }
        }
        let came = date(post.submitted_at);
        if let Some(places) = self.came_on.get_mut(&came) {
            places.remove(place);
            if places.is_empty() {
                self.came_on.remove(&came);
            }
        }
        if let Some(position) = post.position {
            self.atlas.remove(place, position);
        }
    }

    fn category(&mut self, code: &str) -> u16 {
        if let Some(known) = self.categories.get(code) {
            return *known;
        }
        let Ok(new) = u16::try_from(self.of_category.len()) else { return u16::MAX };
        self.of_category.push(RoaringBitmap::new());
        self.categories.insert(code.to_owned(), new);
        new
    }

    pub(super) fn of_categories(&self, codes: &[String]) -> RoaringBitmap {
        let known = codes.iter().filter_map(|code| self.categories.get(code));
        let places = known.filter_map(|category| self.of_category.get(usize::from(*category)));
        places.fold(RoaringBitmap::new(), |all, places| all | places)
    }

    pub(super) fn of_statuses(&self, statuses: &[Status]) -> RoaringBitmap {
        let places = statuses.iter().filter_map(|status| self.of_status.get(status));
        places.fold(RoaringBitmap::new(), |all, places| all | places)
    }

    pub(super) fn of_commune(&self, commune: CommuneCode) -> RoaringBitmap {
        self.of_commune.get(&commune).cloned().unwrap_or_default()
    }

    /// What changed on the day of an instant, or later.
    pub(super) fn changed_since(&self, micros: i64) -> RoaringBitmap {
        let days = self.changed_on.range(day(micros)..);
        days.fold(RoaringBitmap::new(), |all, (_, places)| all | places)
    }

    /// What arrived on one of `days`.
    pub(super) fn came_on(&self, days: RangeInclusive<NaiveDate>) -> RoaringBitmap {
        if days.is_empty() {
            return RoaringBitmap::new();
        }
        let days = self.came_on.range(days);
        days.fold(RoaringBitmap::new(), |all, (_, places)| all | places)
    }

    /// Gives back the room that growing took.
    pub(super) fn settle(&mut self) {
        self.posts.0.shrink_to_fit();
        self.words.settle();
    }
}

/// The day in Vietnam.
fn date(micros: i64) -> NaiveDate {
    local(DateTime::from_timestamp_micros(micros).unwrap_or_default()).date()
}

fn day(micros: i64) -> i64 {
    micros.div_euclid(DAY)
}
