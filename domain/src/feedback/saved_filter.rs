//! Queues that officers look at again and again.

use super::{ActError, Flaw, Version, submission::length_flaw};
use crate::{
    Id, Moment, StoreError,
    directory::AgencyCode,
    identity::{Staff, StaffId},
    text,
};

/// The id of a saved filter.
pub type SavedFilterId = Id<SavedFilter>;

/// The most characters of a name.
const NAME: usize = 80;
/// At most so many one person has.
const MOST: usize = 50;

/// A queue that somebody looks at again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFilter {
    /// Its id.
    pub id: SavedFilterId,
    /// How often it has changed, from 1.
    pub version: i64,
    /// Whose it is.
    pub staff: StaffId,
    /// The agency in which it is shared, where it is.
    pub agency: AgencyCode,
    /// Whether the others of the agency may use it.
    pub shared: bool,
    /// What it is called.
    pub name: String,
    /// What the queue is asked, as it was found fit.
    pub query: String,
}

/// What a saved filter shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFilter {
    /// What it is called.
    pub name: String,
    /// Whether the others of the agency may use it.
    pub shared: bool,
    /// What the queue is asked.
    pub query: String,
}

impl NewFilter {
    /// What was sent; the query was found fit.
    ///
    /// # Errors
    /// What is wrong with the name.
    pub fn parse(name: &str, shared: bool, query: String) -> Result<Self, Flaw> {
        let name = text::line(name);
        let flaw = length_flaw("name", &name, NAME);
        flaw.map_or(Ok(Self { name, shared, query }), Err)
    }
}

/// Where saved filters are kept.
pub trait SavedFilterRepository {
    /// Those of `staff`, and those that are shared in `agency`, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn saved_filters(
        &mut self,
        staff: StaffId,
        agency: &AgencyCode,
    ) -> Result<Vec<SavedFilter>, StoreError>;

    /// Keeps `filter`, which was at version `from`; 0 for a new one.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is at another version.
    fn put_saved_filter(&mut self, filter: &SavedFilter, from: i64) -> Result<(), StoreError>;

    /// Removes the filter `id`, which was at version `from`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is at another version.
    fn remove_saved_filter(&mut self, id: SavedFilterId, from: i64) -> Result<(), StoreError>;
}

/// The filters that `staff` may use: their own, and those shared in their agency.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn saved_filters(
    tx: &mut impl SavedFilterRepository,
    staff: &Staff,
) -> Result<Vec<SavedFilter>, StoreError> {
    tx.saved_filters(staff.id, &staff.agency)
}

/// The filter `id`, if `staff` may use it.
///
/// # Errors
/// [`ActError::NotFound`] where they may not.
pub fn saved_filter(
    tx: &mut impl SavedFilterRepository,
    staff: &Staff,
    id: SavedFilterId,
) -> Result<SavedFilter, ActError> {
    let filters = saved_filters(tx, staff)?;
    filters.into_iter().find(|filter| filter.id == id).ok_or(ActError::NotFound)
}

fn own(
    tx: &mut impl SavedFilterRepository,
    staff: &Staff,
    (id, seen): (SavedFilterId, i64),
) -> Result<SavedFilter, ActError> {
    let filter = saved_filter(tx, staff, id)?;
    if filter.staff != staff.id {
        return Err(ActError::NotFound);
    }
    let version = Version(filter.version);
    if filter.version == seen { Ok(filter) } else { Err(ActError::Stale(version)) }
}

/// Saves a filter of `staff`.
///
/// # Errors
/// [`ActError::TooMany`] where they have enough.
pub fn save_filter(
    tx: &mut impl SavedFilterRepository,
    now: &Moment,
    staff: &Staff,
    new: NewFilter,
) -> Result<SavedFilter, ActError> {
    let mine = |filter: &&SavedFilter| filter.staff == staff.id;
    if saved_filters(tx, staff)?.iter().filter(mine).count() >= MOST {
        return Err(ActError::TooMany);
    }
    let NewFilter { name, shared, query } = new;
    let (id, agency) = (now.new_id(), staff.agency.clone());
    let filter = SavedFilter { id, version: 1, staff: staff.id, agency, shared, name, query };
    tx.put_saved_filter(&filter, 0)?;
    Ok(filter)
}

/// Changes a filter that is the caller's own, and that they saw at a version.
///
/// # Errors
/// [`ActError`] when it is not theirs, or has changed.
pub fn change_filter(
    tx: &mut impl SavedFilterRepository,
    staff: &Staff,
    named: (SavedFilterId, i64),
    new: NewFilter,
) -> Result<SavedFilter, ActError> {
    let filter = own(tx, staff, named)?;
    let NewFilter { name, shared, query } = new;
    let (from, agency) = (filter.version, staff.agency.clone());
    let filter = SavedFilter { version: from + 1, agency, shared, name, query, ..filter };
    tx.put_saved_filter(&filter, from)?;
    Ok(filter)
}

/// Removes a filter that is the caller's own, and that they saw at a version.
///
/// # Errors
/// As [`change_filter`].
pub fn remove_filter(
    tx: &mut impl SavedFilterRepository,
    staff: &Staff,
    named: (SavedFilterId, i64),
) -> Result<(), ActError> {
    let filter = own(tx, staff, named)?;
    tx.remove_saved_filter(filter.id, filter.version)?;
    Ok(())
}
