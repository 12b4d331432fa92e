//! The identities at providers by which somebody signs in, and how to be rid of one.

use chrono::{DateTime, Utc};

use super::{OidcIdentity, OidcRepository};
use crate::{
    Id, Moment, StoreError,
    event::EventLog,
    identity::{
        Citizen, CitizenId, CitizenRepository, Holder, JustSignedIn, SessionRepository, ending,
    },
    notification::{self, Inbox},
};

/// The id under which an identity opens an account.
pub type LinkedId = Id<LinkedIdentity>;

/// An identity that opens somebody's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedIdentity {
    /// Its id here.
    pub id: LinkedId,
    /// Who it is at the provider.
    pub identity: OidcIdentity,
    /// Since when it opens the account.
    pub linked_at: DateTime<Utc>,
}

/// Why an identity still opens the account.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// The account has no such identity.
    #[error("no such identity of this account")]
    NotFound,
    /// Nobody could sign in any more.
    #[error("the account can be opened by nothing else")]
    LastWay,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The identities that open the account of `citizen`, the first linked first.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn linked_identities(
    tx: &mut impl OidcRepository,
    citizen: &Citizen,
) -> Result<Vec<LinkedIdentity>, StoreError> {
    tx.identities_of(citizen.id)
}

/// Lets the identity `id` open the account no more. Whoever got in by it is signed out: every
/// session ends but the one that asks.
///
/// # Errors
/// [`UnlinkError::LastWay`] when there is neither a phone nor another identity.
pub fn unlink(
    tx: &mut (impl OidcRepository + CitizenRepository + SessionRepository + Inbox + EventLog),
    now: &Moment,
    who: &JustSignedIn,
    id: LinkedId,
) -> Result<(), UnlinkError> {
    let citizen = who.citizen().id;
    let account = tx.hold_citizen(citizen)?.ok_or(UnlinkError::NotFound)?;
    let linked = tx.identities_of(citizen)?;
    if !linked.iter().any(|linked| linked.id == id) {
        return Err(UnlinkError::NotFound);
    }
    if account.phone.is_none() && linked.len() == 1 {
        return Err(UnlinkError::LastWay);
    }
    tx.unlink(citizen, id)?;
    ending::end_all(tx, now, Holder::Citizen(citizen), Some(who.session()))?;
    let told = "Một danh tính điện tử đã được gỡ khỏi tài khoản của bạn. Các thiết bị khác đã bị đăng \
                xuất.";
    tell(tx, now, citizen, ("identity.unlinked", told), id).map_err(UnlinkError::from)
}

/// Tells `citizen` what became of the identity `id`.
pub(super) fn tell(
    tx: &mut (impl Inbox + EventLog),
    now: &Moment,
    citizen: CitizenId,
    (kind, text): (&str, &str),
    id: LinkedId,
) -> Result<(), StoreError> {
    notification::tell(tx, now, citizen.uuid(), (kind, text.to_owned()), id.uuid())
}
