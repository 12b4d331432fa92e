//! The agencies as a tree: those every installation begins with, and what was made of them.

use crate::directory::{Agency, AgencyCode};

/// The agencies of the province, by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyTree(Vec<Agency>);

impl AgencyTree {
    /// The `shipped` agencies with what was `changed` of them and added to them.
    #[must_use]
    pub fn new(shipped: Vec<Agency>, changed: Vec<Agency>) -> Self {
        let mut agencies = shipped;
        agencies.sort_by(|one, other| one.code.cmp(&other.code));
        changed.into_iter().fold(Self(agencies), Self::with)
    }

    /// The same agencies with `agency` among them, unless it is known as it became later.
    #[must_use]
    pub fn with(mut self, agency: Agency) -> Self {
        match self.place(&agency.code) {
            Ok(place) => {
                if let Some(known) = self.0.get_mut(place)
                    && known.version < agency.version
                {
                    *known = agency;
                }
            }
            Err(place) => self.0.insert(place, agency),
        }
        self
    }

    /// All agencies, by code.
    #[must_use]
    pub fn agencies(&self) -> &[Agency] {
        &self.0
    }

    /// The agencies that are not as they are shipped.
    pub fn changed(&self) -> impl Iterator<Item = &Agency> {
        self.0.iter().filter(|agency| agency.version > 0)
    }

    /// The agency with this code.
    #[must_use]
    pub fn find(&self, code: &AgencyCode) -> Option<&Agency> {
        self.place(code).ok().and_then(|place| self.0.get(place))
    }

    fn place(&self, code: &AgencyCode) -> Result<usize, usize> {
        self.0.binary_search_by(|agency| agency.code.cmp(code))
    }

    /// Whether `code` is `above` or somewhere below it.
    #[must_use]
    pub fn is_within(&self, code: &AgencyCode, above: &AgencyCode) -> bool {
        let mut next = Some(code);
        // A tree is no deeper than it has agencies.
        for _ in 0..=self.0.len() {
            match next {
                Some(code) if code == above => return true,
                Some(code) => next = self.find(code).and_then(|agency| agency.parent.as_ref()),
                None => return false,
            }
        }
        false
    }

    /// What keeps `agency` from its place in the tree.
    pub(super) fn misplaced(&self, agency: &Agency) -> Option<Misplaced> {
        let Some(parent) = &agency.parent else {
            return (!agency.code.is_province()).then_some(Misplaced::NoParent);
        };
        let Some(above) = self.find(parent) else { return Some(Misplaced::NoParent) };
        if agency.code.is_province() || self.is_within(parent, &agency.code) {
            return Some(Misplaced::Circle);
        }
        let holds = |child: &&Agency| child.parent.as_ref() == Some(&agency.code);
        let children = || self.0.iter().filter(holds);
        let fits = agency.area.lies_in(&above.area)
            && children().all(|child| child.area.lies_in(&agency.area));
        (!fits).then_some(Misplaced::Area)
    }
}

/// Why an agency cannot stand where it shall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// There is no such agency above it.
    NoParent,
    /// It would stand below itself.
    Circle,
    /// Its area does not lie in that of the agency above, or does not hold those below.
    Area,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{AgencyKind, Area, shipped_agencies};

    fn agency(code: &str, parent: &str, area: &str) -> Agency {
        Agency {
            code: code.parse().unwrap(),
            name: code.to_owned(),
            kind: AgencyKind::Department,
            phone: None,
            parent: Some(parent.parse().unwrap()),
            area: area.parse().unwrap(),
            kinds: Vec::new(),
            version: 1,
        }
    }

    fn tree() -> AgencyTree {
        let added = vec![agency("so-y-te", "province", "*"), agency("tram", "so-y-te", "05443")];
        AgencyTree::new(shipped_agencies(&[]), added)
    }

    #[test]
    fn every_shipped_agency_but_the_province_stands_below_it() {
        let tree = tree();
        let province = AgencyCode::province();
        for agency in tree.agencies() {
            assert_eq!(agency.parent.is_none(), agency.code.is_province());
            assert!(tree.is_within(&agency.code, &province));
            assert_eq!(tree.misplaced(agency), None, "{}", agency.code);
        }
        assert!(!tree.is_within(&province, &AgencyCode::police()));
    }

    #[test]
    fn the_later_word_on_an_agency_counts_whichever_comes_first() {
        let (first, moved) =
            (agency("tram", "so-y-te", "05443"), agency("tram", "police", "05443"));
        let moved = Agency { version: 2, ..moved };
        let one = tree().with(first.clone()).with(moved.clone());
        assert_eq!(one, tree().with(moved).with(first));
        let tram: AgencyCode = "tram".parse().unwrap();
        assert!(one.is_within(&tram, &AgencyCode::police()));
        assert!(!one.is_within(&tram, &"so-y-te".parse().unwrap()));
        assert_eq!(one.changed().count(), 2);
    }

    #[test]
    fn an_agency_stands_below_another_and_its_area_within() {
        use Misplaced::{Area as Outside, Circle, NoParent};
        let tree = tree();
        for (placed, verdict) in [
            (agency("new", "tram", "05443"), None),
            (agency("new", "nowhere", "05443"), Some(NoParent)),
            (agency("new", "tram", "05500"), Some(Outside)),
            (agency("so-y-te", "tram", "*"), Some(Circle)),
            (agency("so-y-te", "so-y-te", "*"), Some(Circle)),
            (agency("so-y-te", "province", "05500"), Some(Outside)),
            (agency("province", "tram", "*"), Some(Circle)),
            (Agency { parent: None, ..agency("new", "tram", "*") }, Some(NoParent)),
        ] {
            assert_eq!(tree.misplaced(&placed), verdict, "{placed:?}");
        }
        assert!(Area::Province.communes().is_none());
    }
}
