//! Adding and changing agencies.

use serde_json::json;
use uuid::Uuid;

use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::{Agency, AgencyCode, AgencyTree, Area, Misplaced},
    emergency::Kind,
    event::{Event, EventLog, Topic},
    identity::ChiefAdministrator,
};

/// What the event is called that changes an agency.
const CHANGED: &str = "agency.changed";

/// Where agencies are kept that were added or changed.
pub trait AgencyRepository {
    /// All of them.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn changed_agencies(&mut self) -> Result<Vec<Agency>, StoreError>;

    /// All of them, to change one: nobody else changes any before this unit of work has ended, so
    /// that two agencies are not moved below each other.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn hold_agencies(&mut self) -> Result<Vec<Agency>, StoreError>;

    /// Saves `agency` if it is still at version `from`; version 0 is that of one that was never
    /// saved.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is not.
    fn put_agency(&mut self, agency: &Agency, from: i64) -> Result<(), StoreError>;
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
    tx: &mut (impl AgencyRepository + EventLog + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    shipped: Vec<Agency>,
    agency: Agency,
) -> Result<Agency, PutAgencyError> {
    let tree = AgencyTree::new(shipped, tx.hold_agencies()?);
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
    /// Which calls for help it answers there.
    pub kinds: Option<Vec<Kind>>,
}

/// Changes the agency with this code, which `by` saw at version `seen`.
///
/// # Errors
/// [`PutAgencyError`] says why not.
pub fn change_agency(
    tx: &mut (impl AgencyRepository + EventLog + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    shipped: Vec<Agency>,
    (code, seen): (&AgencyCode, i64),
    change: AgencyChange,
) -> Result<Agency, PutAgencyError> {
    let tree = AgencyTree::new(shipped, tx.hold_agencies()?);
    let agency = tree.find(code).cloned().ok_or(PutAgencyError::NotFound)?;
    if agency.version != seen {
        return Err(PutAgencyError::Seen { version: agency.version });
    }
    let changed = Agency {
        name: change.name.unwrap_or(agency.name),
        parent: change.parent.or(agency.parent),
        phone: change.phone.unwrap_or(agency.phone),
        area: change.area.unwrap_or(agency.area),
        kinds: change.kinds.unwrap_or(agency.kinds),
        ..agency
    };
    put(tx, now, by, &tree, (changed, seen), "agency.changed")
}

fn put(
    tx: &mut (impl AgencyRepository + EventLog + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    tree: &AgencyTree,
    (agency, from): (Agency, i64),
    deed: &str,
) -> Result<Agency, PutAgencyError> {
    if let Some(misplaced) = tree.misplaced(&agency) {
        return Err(PutAgencyError::Misplaced(misplaced));
    }
    let agency = Agency { version: from + 1, ..agency };
    tx.put_agency(&agency, from)?;
    audit::record(tx, now, by.staff(), deed, &agency.code, None)?;
    tx.append(&agency.event(now))?;
    Ok(agency)
}

impl Agency {
    /// The event by which every replica hears that this is how the agency stands.
    fn event(&self, now: &Moment) -> Event {
        Event {
            id: now.new_id::<Event>().uuid(),
            topic: Topic::System,
            kind: CHANGED,
            subject: Uuid::new_v5(&Uuid::NAMESPACE_OID, self.code.as_str().as_bytes()),
            agency: Some(self.code.clone()),
            at: now.at,
            data: json!(self),
        }
    }

    /// The agency that an event of the system tells of, where it tells of one.
    #[must_use]
    pub fn read(kind: &str, data: &str) -> Option<Self> {
        if kind == CHANGED { serde_json::from_str(data).ok() } else { None }
    }
}
