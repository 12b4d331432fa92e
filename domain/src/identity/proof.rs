//! Proofs that a staff member has a right, handed out by the table in [`super::policy`] alone.

use super::{NotPermitted, Principal, Staff, policy::Right};

/// Proof that a staff member may handle emergency calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatcher(Staff);

impl Dispatcher {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Dispatcher {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::HandleEmergencies).map(Self)
    }
}

impl TryFrom<Principal> for Dispatcher {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member takes part in emergencies: by handling them, or as the crew of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCall(Staff);

impl OnCall {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }

    /// The same person as one who handles emergencies; none where they belong to a crew.
    #[must_use]
    pub fn dispatcher(&self) -> Option<Dispatcher> {
        self.0.clone().try_into().ok()
    }
}

impl TryFrom<Staff> for OnCall {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::TakePart).map(Self)
    }
}

impl TryFrom<Principal> for OnCall {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may keep the list of units and their crews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quartermaster(Staff);

impl Quartermaster {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Quartermaster {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::KeepUnits).map(Self)
    }
}

impl TryFrom<Principal> for Quartermaster {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may take whole cases out of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custodian(Staff);

impl Custodian {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Custodian {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::KeepRecords).map(Self)
    }
}

impl TryFrom<Principal> for Custodian {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may answer feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer(Staff);

impl Officer {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Officer {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::AnswerFeedback).map(Self)
    }
}

impl TryFrom<Principal> for Officer {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may verify businesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrar(Staff);

impl Registrar {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Registrar {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::VerifyBusinesses).map(Self)
    }
}

impl TryFrom<Principal> for Registrar {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may enter notices, and correct when places are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clerk(Staff);

impl Clerk {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Clerk {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::KeepDirectory).map(Self)
    }
}

impl TryFrom<Principal> for Clerk {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may run the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator(Staff);

impl Administrator {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Administrator {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::RunService).map(Self)
    }
}

impl TryFrom<Principal> for Administrator {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may change what is everybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChiefAdministrator(Staff);

impl ChiefAdministrator {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for ChiefAdministrator {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::RunProvince).map(Self)
    }
}

impl TryFrom<Principal> for ChiefAdministrator {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may read the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auditor(Staff);

impl Auditor {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for Auditor {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::ReadAudit).map(Self)
    }
}

impl TryFrom<Principal> for Auditor {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

/// Proof that a staff member may answer what people ask to be done with their data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataOfficer(Staff);

impl DataOfficer {
    /// The person behind the proof.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl TryFrom<Staff> for DataOfficer {
    type Error = NotPermitted;

    fn try_from(staff: Staff) -> Result<Self, NotPermitted> {
        staff.with(Right::AnswerRequests).map(Self)
    }
}

impl TryFrom<Principal> for DataOfficer {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        Staff::try_from(principal)?.try_into()
    }
}

impl Staff {
    /// The same person, if they have `right`.
    fn with(self, right: Right) -> Result<Self, NotPermitted> {
        if right.is_of(&self) { Ok(self) } else { Err(NotPermitted) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::{
        directory::AgencyCode,
        identity::{Citizen, Role},
    };

    fn caller(role: Role) -> Principal {
        let (id, agency) = (Uuid::nil(), AgencyCode::province());
        match role {
            Role::Citizen => Principal::Citizen(Citizen { id: id.into() }),
            role => {
                let username = role.to_string();
                let (agencies, version, address) = (Arc::default(), 1, None);
                let id = id.into();
                Principal::Staff(Staff { id, username, role, agency, agencies, version, address })
            }
        }
    }

    fn proves<P: TryFrom<Principal>>() -> Vec<Role> {
        let all = Role::STAFF.into_iter().chain([Role::Citizen]);
        all.filter(|&role| P::try_from(caller(role)).is_ok()).collect()
    }

    #[test]
    fn a_role_proves_what_it_may_do_and_nothing_else() {
        use Role::{AgencyManager, Moderator};
        assert_eq!(proves::<Citizen>(), [Role::Citizen]);
        assert_eq!(proves::<Staff>(), Role::STAFF);
        assert_eq!(proves::<Dispatcher>(), [Role::Dispatcher, AgencyManager]);
        assert_eq!(proves::<OnCall>(), [Role::Dispatcher, Role::Responder, AgencyManager]);
        assert_eq!(proves::<Quartermaster>(), [AgencyManager]);
        assert_eq!(proves::<Custodian>(), [AgencyManager]);
        assert_eq!(proves::<Officer>(), [Role::Officer, Moderator, AgencyManager]);
        assert_eq!(proves::<Registrar>(), [Role::Officer, Moderator, AgencyManager]);
        let clerks = [Role::Officer, Moderator, AgencyManager, Role::Administrator];
        assert_eq!(proves::<Clerk>(), clerks);
        assert_eq!(proves::<Administrator>(), [Role::Administrator]);
        assert_eq!(proves::<ChiefAdministrator>(), [Role::Administrator]);
        assert_eq!(proves::<Auditor>(), [Role::Administrator, Role::Auditor]);
        assert_eq!(proves::<DataOfficer>(), [AgencyManager]);
    }
}
