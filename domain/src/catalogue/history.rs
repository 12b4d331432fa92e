//! How the catalogue came to be what it is: its editions, the versions of each procedure, and the
//! tombstones of those that vanished.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Procedure, ProcedureCode};
use crate::StoreError;

/// An edition of the catalogue: what an import made of the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Counted from 1.
    pub number: i64,
    /// A digest over this edition and all before it. Where two stores have it in common, their
    /// catalogues were the same.
    pub digest: String,
    /// From when on it was in force.
    pub made_at: DateTime<Utc>,
}

/// A version of a procedure, as an edition brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcedureVersion {
    /// Which procedure.
    pub code: ProcedureCode,
    /// Counted from 1.
    pub number: i64,
    /// The number of the edition that brought it.
    pub edition: i64,
    /// The digest of what it says; absent for a tombstone.
    pub digest: Option<String>,
}

/// Which version of a procedure this is, and when it was in force here. The national catalogue
/// publishes no dates of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Counted from 1.
    pub version: i64,
    /// From when on.
    pub valid_from: DateTime<Utc>,
    /// Until when; absent while it is.
    pub valid_to: Option<DateTime<Utc>>,
}

/// A place in the history: everything up to here was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    edition: i64,
    digest: String,
    code: ProcedureCode,
}

/// What became of a procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'h> {
    /// Which procedure.
    pub code: &'h ProcedureCode,
    /// Its newest version; that of the tombstone where it vanished.
    pub version: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it vanished from the catalogue.
    pub withdrawn: bool,
    /// Where to go on after it.
    pub place: Place,
}

/// The place is none of this history, which was begun anew or taken from an older backup: what
/// was seen up to it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the place is none of this history")]
pub struct UnknownPlace;

/// Where the versions of procedures are kept that are no longer in force.
pub trait ProcedureArchive {
    /// The procedure as version `number` had it; nothing for a tombstone and for what never was.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn procedure_version(
        &mut self,
        code: &ProcedureCode,
        number: i64,
    ) -> Result<Option<(Procedure, Standing)>, StoreError>;
}

/// The history of the catalogue: every edition, and the newest version of each procedure that ever
/// stood in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    editions: Vec<Edition>,
    /// In the order in which they came, those of one edition by code.
    newest: Vec<ProcedureVersion>,
    places: HashMap<ProcedureCode, usize>,
}

impl History {
    /// The history of these editions, in their order, and of `versions`, in any.
    #[must_use]
    pub fn new(editions: Vec<Edition>, versions: Vec<ProcedureVersion>) -> Self {
        let mut newest: HashMap<ProcedureCode, ProcedureVersion> = HashMap::new();
        for version in versions {
            let known = newest.get(&version.code);
            if known.is_none_or(|known| known.number < version.number) {
                newest.insert(version.code.clone(), version);
            }
        }
        let mut newest: Vec<_> = newest.into_values().collect();
        newest.sort_by(|a, b| (a.edition, &a.code).cmp(&(b.edition, &b.code)));
        let places = (0..).zip(&newest).map(|(place, each)| (each.code.clone(), place)).collect();
        Self { editions, newest, places }
    }

    /// The edition in force; nothing where there never was one.
    #[must_use]
    pub fn edition(&self) -> Option<&Edition> {
        self.editions.last()
    }

    /// Which version of a procedure is in force; nothing where none is.
    #[must_use]
    pub fn standing(&self, code: &ProcedureCode) -> Option<Standing> {
        let version = self.newest_of(code).filter(|version| version.digest.is_some())?;
        let valid_from = self.find(version.edition)?.made_at;
        Some(Standing { version: version.number, valid_from, valid_to: None })
    }

    /// The versions that the next edition brings when `catalogue` is all that stands in it, each
    /// with the digest of what it says: what is new, what differs, and tombstones, by code.
    #[must_use]
    pub fn next_edition(
        &self,
        catalogue: impl IntoIterator<Item = (ProcedureCode, String)>,
    ) -> Vec<ProcedureVersion> {
        let edition = self.edition().map_or(1, |edition| edition.number + 1);
        let in_force = self.newest.iter().filter(|version| version.digest.is_some());
        let mut vanished: HashMap<_, _> = in_force.map(|each| (&each.code, each.number)).collect();
        let mut versions = Vec::new();
        for (code, digest) in catalogue {
            let known = self.newest_of(&code);
            vanished.remove(&code);
            if known.is_none_or(|known| known.digest.as_ref() != Some(&digest)) {
                let number = known.map_or(1, |known| known.number + 1);
                versions.push(ProcedureVersion { code, number, edition, digest: Some(digest) });
            }
        }
        versions.extend(vanished.into_iter().map(|(code, number)| ProcedureVersion {
            code: code.clone(),
            number: number + 1,
            edition,
            digest: None,
        }));
        versions.sort_by(|a, b| a.code.cmp(&b.code));
        versions
    }

    /// What became of each procedure after `place`, or ever: its newest version, once. A place in
    /// an edition that is still to come here, since another replica was faster, has nothing after
    /// it yet.
    ///
    /// # Errors
    /// [`UnknownPlace`] for a place of another history.
    pub fn after<'h>(
        &'h self,
        place: Option<&Place>,
    ) -> Result<impl Iterator<Item = Change<'h>> + use<'h>, UnknownPlace> {
        let start = place.map_or(Ok(0), |place| self.start_after(place))?;
        let rest = self.newest.get(start..).unwrap_or_default();
        Ok(rest.iter().filter_map(|version| self.change(version)))
    }

    fn start_after(&self, place: &Place) -> Result<usize, UnknownPlace> {
        let seen = (place.edition, &place.code);
        let newest = self.edition().map_or(0, |edition| edition.number);
        match self.find(place.edition) {
            Some(edition) if edition.digest != place.digest => Err(UnknownPlace),
            None if place.edition <= newest => Err(UnknownPlace),
            _ => Ok(self.newest.partition_point(|each| (each.edition, &each.code) <= seen)),
        }
    }

    fn change<'h>(&'h self, version: &'h ProcedureVersion) -> Option<Change<'h>> {
        let Edition { number, digest, made_at } = self.find(version.edition)?;
        let code = &version.code;
        let place = Place { edition: *number, digest: digest.clone(), code: code.clone() };
        let withdrawn = version.digest.is_none();
        Some(Change { code, version: version.number, at: *made_at, withdrawn, place })
    }

    fn newest_of(&self, code: &ProcedureCode) -> Option<&ProcedureVersion> {
        self.newest.get(*self.places.get(code)?)
    }

    fn find(&self, number: i64) -> Option<&Edition> {
        let place = self.editions.binary_search_by_key(&number, |edition| edition.number).ok()?;
        self.editions.get(place)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// A catalogue: the last digits of codes, and what the procedures say.
    type Catalogue = BTreeMap<u8, u8>;

    fn code(number: u8) -> ProcedureCode {
        format!("1.000{number:03}").parse().unwrap()
    }

    /// The history after `catalogue` came into force.
    fn followed(history: &History, versions: &mut Vec<ProcedureVersion>, catalogue: &Catalogue) {
        let said = catalogue.iter().map(|(&number, said)| (code(number), said.to_string()));
        versions.extend(history.next_edition(said));
    }

    /// The history of a store in which these catalogues were in force, one after the other.
    fn history(catalogues: &[Catalogue]) -> History {
        let (mut history, mut versions, mut editions) = (History::default(), Vec::new(), vec![]);
        for (number, catalogue) in (1..).zip(catalogues) {
            followed(&history, &mut versions, catalogue);
            let made_at = DateTime::from_timestamp(number * 3600, 0).unwrap();
            editions.push(Edition { number, digest: format!("{catalogue:?}"), made_at });
            history = History::new(editions.clone(), versions.clone());
        }
        history
    }

    fn changes(history: &History, place: Option<&Place>) -> Vec<(String, i64, bool)> {
        let changes = history.after(place).unwrap();
        changes.map(|each| (each.code.to_string(), each.version, each.withdrawn)).collect()
    }

    #[test]
    fn what_vanishes_leaves_a_tombstone_and_may_come_back() {
        let one = Catalogue::from([(1, 0), (2, 0)]);
        let without = Catalogue::from([(2, 7)]);
        let first = history(std::slice::from_ref(&one));
        assert_eq!(
            changes(&first, None),
            [("1.000001".into(), 1, false), ("1.000002".into(), 1, false)]
        );
        let second = history(&[one.clone(), without.clone()]);
        assert_eq!(
            changes(&second, None),
            [("1.000001".into(), 2, true), ("1.000002".into(), 2, false)]
        );
        assert_eq!(second.standing(&code(1)), None);
        let third = history(&[one.clone(), without, one]);
        assert_eq!(third.standing(&code(1)).unwrap().version, 3);
        assert_eq!(third.standing(&code(1)).unwrap().valid_from.timestamp(), 3 * 3600);
    }

    #[test]
    fn a_place_of_another_history_is_known_as_such() {
        let ours = history(&[Catalogue::from([(1, 0)]), Catalogue::from([(1, 1)])]);
        let theirs = history(&[Catalogue::from([(1, 5)])]);
        let place = theirs.after(None).unwrap().last().unwrap().place;
        assert_eq!(ours.after(Some(&place)).err(), Some(UnknownPlace));
        let ahead = Place { edition: 3, ..place.clone() };
        assert_eq!(changes(&ours, Some(&ahead)), []);
        let never = Place { edition: 0, ..place };
        assert_eq!(ours.after(Some(&never)).err(), Some(UnknownPlace));
    }

    fn catalogues() -> impl Strategy<Value = Vec<Catalogue>> {
        vec(proptest::collection::btree_map(0..12_u8, 0..3_u8, 0..8), 1..8)
    }

    proptest! {
        /// Whoever follows the changes, from any place and in pages of any size, holds the
        /// catalogue in force.
        #[test]
        fn who_follows_has_the_catalogue(
            all in catalogues(), seen in 0..8_usize, size in 1..5_usize,
        ) {
            let last = all.last().unwrap();
            let seen = seen.min(all.len());
            let before = history(all.get(..seen).unwrap());
            let after = history(&all);
            let mut held: BTreeMap<ProcedureCode, i64> = BTreeMap::new();
            let mut place = None;
            for change in before.after(None).unwrap() {
                held.insert(change.code.clone(), change.version);
                place = Some(change.place);
            }
            loop {
                let page: Vec<_> = after.after(place.as_ref()).unwrap().take(size).collect();
                let Some(end) = page.last() else { break };
                place = Some(end.place.clone());
                for change in page {
                    held.insert(change.code.clone(), change.version);
                }
            }
            held.retain(|code, _| after.standing(code).is_some());
            let expected: BTreeMap<_, _> = last
                .keys()
                .map(|&number| (code(number), after.standing(&code(number)).unwrap().version))
                .collect();
            prop_assert_eq!(held, expected);
        }

        /// What is as it was is no change.
        #[test]
        fn the_same_catalogue_changes_nothing(all in catalogues()) {
            let mut versions = Vec::new();
            followed(&history(&all), &mut versions, all.last().unwrap());
            prop_assert_eq!(versions, []);
        }
    }
}
