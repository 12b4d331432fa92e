//! Adding and changing units.

use std::collections::BTreeMap;

use super::{Capability, Crew, CrewMember, Unit, UnitId, UnitRepository, UnitStatus};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::AgencyCode,
    event::EventLog,
    identity::{Phone, Quartermaster, Role, StaffId, StaffRepository},
};

/// A unit to add.
#[derive(Clone, Debug)]
pub struct NewUnit {
    /// Whose it is; of the agency of the one who adds it when absent.
    pub agency: Option<AgencyCode>,
    /// What it is called on the radio.
    pub name: String,
    /// What it can do.
    pub capabilities: Vec<Capability>,
    /// Who drives with it.
    pub crew: Vec<StaffId>,
    /// The number of the phone that lies in it.
    pub duty_phone: Option<Phone>,
    /// The words its centre has for states.
    pub labels: BTreeMap<UnitStatus, String>,
}

/// What changes about a unit; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct UnitChange {
    /// What it is called on the radio.
    pub name: Option<String>,
    /// What it can do.
    pub capabilities: Option<Vec<Capability>>,
    /// Who drives with it.
    pub crew: Option<Vec<StaffId>>,
    /// The number of the phone that lies in it, or none.
    pub duty_phone: Option<Option<Phone>>,
    /// The words its centre has for states.
    pub labels: Option<BTreeMap<UnitStatus, String>>,
    /// Whether it is not used any more.
    pub retired: Option<bool>,
}

/// Why a unit was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeepUnitError {
    /// There is none with this id that they reach.
    #[error("no such unit")]
    NotFound,
    /// The agency that it shall belong to is none that they reach.
    #[error("the agency is out of reach")]
    OutOfReach,
    /// Somebody of the crew is no responder that they reach.
    #[error("no such responder")]
    NoResponder {
        /// Their place in the list that was sent.
        index: usize,
    },
    /// It is not as the caller saw it.
    #[error("the unit is at version {version} by now")]
    Seen {
        /// The version it is at.
        version: i64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a unit to an agency that `by` reaches. It is off shift until its crew says otherwise.
///
/// # Errors
/// [`KeepUnitError`] says why not.
pub fn add_unit(
    tx: &mut (impl UnitRepository + StaffRepository + AuditLog + EventLog),
    now: &Moment,
    by: &Quartermaster,
    new: NewUnit,
) -> Result<UnitId, KeepUnitError> {
    let agency = new.agency.unwrap_or_else(|| by.staff().agency.clone());
    if !by.staff().reaches(&agency) || by.staff().agencies.find(&agency).is_none() {
        return Err(KeepUnitError::OutOfReach);
    }
    let unit = Unit {
        id: now.new_id(),
        version: 0,
        agency,
        name: new.name,
        capabilities: new.capabilities,
        crew: crew(tx, by, &new.crew)?,
        duty_phone: new.duty_phone,
        labels: new.labels,
        retired: false,
        on_shift_since: None,
        position: None,
    };
    put(tx, now, by, unit, "unit.added").map(|unit| unit.id)
}

/// Changes the unit `id`, which `by` saw at version `seen`.
///
/// # Errors
/// [`KeepUnitError`] says why not.
pub fn change_unit(
    tx: &mut (impl UnitRepository + StaffRepository + AuditLog + EventLog),
    now: &Moment,
    by: &Quartermaster,
    (id, seen): (UnitId, i64),
    change: UnitChange,
) -> Result<Unit, KeepUnitError> {
    let unit = tx.unit(id)?.filter(|unit| by.staff().reaches(&unit.agency));
    let unit = unit.ok_or(KeepUnitError::NotFound)?;
    if unit.version != seen {
        return Err(KeepUnitError::Seen { version: unit.version });
    }
    let crew = change.crew.map(|ids| crew(tx, by, &ids)).transpose()?;
    let unit = Unit {
        name: change.name.unwrap_or(unit.name),
        capabilities: change.capabilities.unwrap_or(unit.capabilities),
        crew: crew.unwrap_or(unit.crew),
        duty_phone: change.duty_phone.unwrap_or(unit.duty_phone),
        labels: change.labels.unwrap_or(unit.labels),
        retired: change.retired.unwrap_or(unit.retired),
        ..unit
    };
    put(tx, now, by, unit, "unit.changed")
}

fn put(
    tx: &mut (impl UnitRepository + AuditLog + EventLog),
    now: &Moment,
    by: &Quartermaster,
    unit: Unit,
    deed: &str,
) -> Result<Unit, KeepUnitError> {
    let from = unit.version;
    let unit = Unit { version: from + 1, ..unit };
    tx.put_unit(&unit, from)?;
    audit::record(tx, now, by.staff(), deed, &unit.id, None)?;
    tx.append(&Crew::of(&unit).event(now))?;
    Ok(unit)
}

/// Those named by `ids`, each once: responders at work whom `by` reaches.
fn crew(
    tx: &mut impl StaffRepository,
    by: &Quartermaster,
    ids: &[StaffId],
) -> Result<Vec<CrewMember>, KeepUnitError> {
    let mut crew: Vec<CrewMember> = Vec::with_capacity(ids.len());
    for (index, &id) in ids.iter().enumerate() {
        let member = tx.staff_member(id)?.filter(|member| {
            member.role == Role::Responder && !member.disabled && by.staff().reaches(&member.agency)
        });
        let member = member.ok_or(KeepUnitError::NoResponder { index })?;
        if crew.iter().all(|known| known.id != id) {
            crew.push(CrewMember { id, username: member.username.to_string() });
        }
    }
    Ok(crew)
}
