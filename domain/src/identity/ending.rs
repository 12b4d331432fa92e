//! Signing out: of this session, of another, of all.

use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::{Citizen, Holder, Principal, Revocation, SessionId, SessionRepository},
};

/// Ends the session in which `principal` calls. One that has ended already stays so.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn logout(
    tx: &mut (impl SessionRepository + EventLog + AuditLog),
    now: &Moment,
    principal: &Principal,
    session: SessionId,
) -> Result<(), StoreError> {
    let stood = end(tx, now, principal.holder(), session)?;
    match principal {
        Principal::Staff(staff) if stood => {
            audit::record(tx, now, staff, "staff.signed_out", &staff.id, None)
        }
        _ => Ok(()),
    }
}

/// Why a session was not ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeSessionError {
    /// The citizen has no such session.
    #[error("no such session")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs `citizen` out of one of their sessions.
///
/// # Errors
/// [`RevokeSessionError::NotFound`] when it is not theirs.
pub fn revoke_session(
    tx: &mut (impl SessionRepository + EventLog),
    now: &Moment,
    citizen: &Citizen,
    id: SessionId,
) -> Result<(), RevokeSessionError> {
    let stood = end(tx, now, Holder::Citizen(citizen.id), id)?;
    if stood { Ok(()) } else { Err(RevokeSessionError::NotFound) }
}

/// Ends a session and every access token of it, and answers whether it stood.
pub(super) fn end(
    tx: &mut (impl SessionRepository + EventLog),
    now: &Moment,
    holder: Holder,
    id: SessionId,
) -> Result<bool, StoreError> {
    let stood = tx.remove_session(holder, id)?;
    if stood {
        Revocation::Session(id).tell(tx, now)?;
    }
    Ok(stood)
}

/// Ends the sessions of `holder`, all but `kept`.
pub(crate) fn end_all(
    tx: &mut (impl SessionRepository + EventLog),
    now: &Moment,
    holder: Holder,
    kept: Option<SessionId>,
) -> Result<(), StoreError> {
    for session in tx.sessions_of(holder, now.at)? {
        if Some(session.id) != kept {
            end(tx, now, holder, session.id)?;
        }
    }
    Ok(())
}
