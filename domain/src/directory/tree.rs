//! The agencies as a tree: those every installation begins with, and what was made of them.

use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::{Agency, AgencyCode, Area},
    identity::Administrator,
};

/// Where agencies are kept that were added or changed.
pub trait AgencyRepository {
    /// All of them.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn changed_agencies(&mut self) -> Result<Vec<Agency>, StoreError>;

    /// Saves `agency` if it is still at version `from`; version 0 is that of one that was never
    /// saved.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is not.
    fn put_agency(&mut self, agency: &Agency, from: i64) -> Result<(), StoreError>;
}

/// The agencies of the province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyTree(Vec<Agency>);

impl AgencyTree {
    /// The `shipped` agencies with what was `changed` of them and added to them, by code.
    #[must_use]
    pub fn new(shipped: &[Agency], changed: Vec<Agency>) -> Self {
        let untouched =
            shipped.iter().filter(|agency| !changed.iter().any(|other| other.code == agency.code));
        let mut agencies: Vec<_> = untouched.cloned().collect();
        agencies.extend(changed);
        agencies.sort_by(|one, other| one.code.cmp(&other.code));
        Self(agencies)
    }

    /// All agencies, by code.
    #[must_use]
    pub fn agencies(&self) -> &[Agency] {
        &self.0
    }

    /// The agency with this code.
    #[must_use]
    pub fn find(&self, code: &AgencyCode) -> Option<&Agency> {
        self.0.iter().find(|agency| agency.code == *code)
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
    fn misplaced(&self, agency: &Agency) -> Option<Misplaced> {
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

/// Why an agency was not saved.
#[derive(Debug, thiserror::Error)]
pub enum PutAgencyError {
    /// There is none with this code to change.
    #[error("no such agency")]
    NotFound,
    /// There is one with this code already.
    #[error("there is an agency with this code already")]
    Taken,
    /// It is not as the caller saw it.
    #[error("the agency is at version {version} by now")]
    Seen {
        /// The version it is at.
        version: i64,
    },
    /// Only those of the province change the tree.
    #[error("only administrators of the province change agencies")]
    OutOfReach,
    /// It cannot stand there.
    #[error("the agency cannot stand there: {0:?}")]
    Misplaced(Misplaced),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an agency to the tree.
///
/// # Errors
/// [`PutAgencyError`] says why not.
pub fn add_agency(
    tx: &mut (impl AgencyRepository + AuditLog),
    now: &Moment,
    by: &Administrator,
    shipped: &[Agency],
    agency: Agency,
) -> Result<Agency, PutAgencyError> {
    let tree = AgencyTree::new(shipped, tx.changed_agencies()?);
    if tree.find(&agency.code).is_some() {
        return Err(PutAgencyError::Taken);
    }
    match put(tx, now, by, &tree, (agency, 0), "agency.added") {
        Err(PutAgencyError::Store(StoreError::Stale)) => Err(PutAgencyError::Taken),
        put => put,
    }
}

/// What changes about an agency; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct AgencyChange {
    /// Its name.
    pub name: Option<String>,
    /// The agency above it.
    pub parent: Option<AgencyCode>,
    /// Its telephone number, or none any more.
    pub phone: Option<Option<String>>,
    /// Where it is responsible.
    pub area: Option<Area>,
}

/// Changes the agency with this code, which `by` saw at version `seen`.
///
/// # Errors
/// [`PutAgencyError`] says why not.
pub fn change_agency(
    tx: &mut (impl AgencyRepository + AuditLog),
    now: &Moment,
    by: &Administrator,
    shipped: &[Agency],
    (code, seen): (&AgencyCode, i64),
    change: AgencyChange,
) -> Result<Agency, PutAgencyError> {
    let tree = AgencyTree::new(shipped, tx.changed_agencies()?);
    let agency = tree.find(code).cloned().ok_or(PutAgencyError::NotFound)?;
    if agency.version != seen {
        return Err(PutAgencyError::Seen { version: agency.version });
    }
    let changed = Agency {
        name: change.name.unwrap_or(agency.name),
        parent: change.parent.or(agency.parent),
        phone: change.phone.unwrap_or(agency.phone),
        area: change.area.unwrap_or(agency.area),
        ..agency
    };
    put(tx, now, by, &tree, (changed, seen), "agency.changed")
}

fn put(
    tx: &mut (impl AgencyRepository + AuditLog),
    now: &Moment,
    by: &Administrator,
    tree: &AgencyTree,
    (agency, from): (Agency, i64),
    deed: &str,
) -> Result<Agency, PutAgencyError> {
    if !by.staff().agency.is_province() {
        return Err(PutAgencyError::OutOfReach);
    }
    if let Some(misplaced) = tree.misplaced(&agency) {
        return Err(PutAgencyError::Misplaced(misplaced));
    }
    let agency = Agency { version: from + 1, ..agency };
    tx.put_agency(&agency, from)?;
    audit::record(tx, now, by.staff(), deed, &agency.code, None)?;
    Ok(agency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{AgencyKind, shipped_agencies};

    fn agency(code: &str, parent: &str, area: &str) -> Agency {
        Agency {
            code: code.parse().unwrap(),
            name: code.to_owned(),
            kind: AgencyKind::Department,
            phone: None,
            parent: Some(parent.parse().unwrap()),
            area: area.parse().unwrap(),
            version: 1,
        }
    }

    fn tree() -> AgencyTree {
        let added = vec![agency("so-y-te", "province", "*"), agency("tram", "so-y-te", "05443")];
        AgencyTree::new(&shipped_agencies(&[]), added)
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
