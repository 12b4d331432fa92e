//! People who exist only to show the service around.

use crate::{
    Moment, StoreError,
    event::EventLog,
    identity::{
        CitizenAccount, CitizenRepository, InvitationRepository, NewStaff, Phone,
        SessionRepository, Staff, StaffMember, StaffRepository, citizen, staff,
    },
};

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum OpenDemoError {
    /// The store is in real use.
    #[error("the store has real staff: a demonstration needs a store of its own")]
    RealStaff,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The people of the demonstration.
#[derive(Debug)]
pub struct DemoPeople {
    /// The staff.
    pub staff: Vec<Staff>,
    /// The citizens.
    pub citizens: Vec<CitizenAccount>,
}

/// Makes the people of the demonstration; those who are there from the last time get the password
/// given now.
///
/// # Errors
/// [`OpenDemoError::RealStaff`] on a store that is in real use.
pub fn open_demo(
    tx: &mut (
             impl StaffRepository
             + CitizenRepository
             + SessionRepository
             + InvitationRepository
             + EventLog
         ),
    now: &Moment,
    posts: Vec<NewStaff>,
    phones: Vec<Phone>,
) -> Result<DemoPeople, OpenDemoError> {
    if tx.has_real_staff()? {
        return Err(OpenDemoError::RealStaff);
    }
    let mut people = DemoPeople { staff: Vec::new(), citizens: Vec::new() };
    for NewStaff { username, role, agency, password } in posts {
        let before = tx.staff_by_username(username.as_str())?;
        let known = before.as_ref().map(|member| (member.id, member.version));
        let (id, version) = known.unwrap_or_else(|| (now.new_id(), 1));
        let (password, disabled, demo) = (Some(password), false, true);
        let member = StaffMember { id, username, role, agency, password, disabled, demo, version };
        let member = if known.is_some() {
            staff::change(tx, now, member)?
        } else {
            tx.add_staff_member(&member)?;
            member
        };
        people.staff.extend(member.active());
    }
    for phone in phones {
        people.citizens.push(citizen::account_of(tx, now, phone)?);
    }
    Ok(people)
}

/// Ends an earlier demonstration: its staff are signed out and cannot sign in any more.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn close_demo(
    tx: &mut (impl StaffRepository + SessionRepository + InvitationRepository + EventLog),
    now: &Moment,
) -> Result<(), StoreError> {
    for member in tx.demo_staff()?.into_iter().filter(|member| !member.disabled) {
        staff::change(tx, now, StaffMember { disabled: true, ..member })?;
    }
    Ok(())
}
