//! Officers look whether a business is what it says.

use chrono::{DateTime, Utc};

use super::{
    Business, BusinessError, BusinessId, BusinessRepository, MembershipRepository, Standing,
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::AgencyCode,
    event::EventLog,
    identity::Registrar,
    notification::{self, Inbox},
    page::Page,
    secret::Hasher,
};

/// What an officer saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what it says.
    Verified,
    /// It is not, and why: the owners read it.
    Rejected(String),
}

/// A place in the list of those who wait.
type Place = (DateTime<Utc>, BusinessId);

/// The businesses that wait for `registrar`, to be verified or for a new owner, the longest waiting
/// first: those in the communes that the registrar reaches.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn waiting(
    tx: &mut impl BusinessRepository,
    registrar: &Registrar,
    after: Option<Place>,
    limit: usize,
) -> Result<Page<Business, Place>, StoreError> {
    let communes = registrar.staff().scope().communes();
    let found = tx.businesses_waiting(communes.as_deref(), after, limit.saturating_add(1))?;
    Ok(Page::cut(found, limit, |business| (business.registered_at, business.id)))
}

/// The business `id` with its whole tax code. Opening it is written down.
///
/// # Errors
/// [`BusinessError::NotFound`] outside the registrar's area.
pub fn look_at(
    tx: &mut (impl BusinessRepository + AuditLog),
    now: &Moment,
    registrar: &Registrar,
    id: BusinessId,
) -> Result<Business, BusinessError> {
    let business = within_reach(tx, registrar, id)?;
    audit::record_opening(tx, now, registrar.staff(), "business.read", &id, None)?;
    Ok(business)
}

/// The business `id`, if `registrar` answers for it.
fn within_reach(
    tx: &mut impl BusinessRepository,
    registrar: &Registrar,
    id: BusinessId,
) -> Result<Business, BusinessError> {
    let reached = |business: &Business| {
        registrar.staff().reaches(&AgencyCode::of_commune(business.commune.as_str()))
    };
    tx.business(id)?.filter(reached).ok_or(BusinessError::NotFound)
}

/// The business `id` to decide over, if `registrar` answers for it and it is as they `saw` it.
pub(super) fn as_seen(
    tx: &mut impl BusinessRepository,
    registrar: &Registrar,
    (id, saw): (BusinessId, i64),
) -> Result<Business, BusinessError> {
    within_reach(tx, registrar, id)?;
    let business = tx.hold_business(id)?.ok_or(BusinessError::NotFound)?;
    if business.version == saw {
        Ok(business)
    } else {
        Err(BusinessError::Changed { version: business.version })
    }
}

/// Decides over a business at the version that the registrar has `seen`, and tells its owners: what
/// they call it may have changed meanwhile. Of several who claim one tax code, one can be verified.
///
/// # Errors
/// [`BusinessError::NotFound`] outside the registrar's area, [`BusinessError::Changed`] when it is at
/// another version, [`BusinessError::Decided`] when nothing waits, [`BusinessError::TaxCodeTaken`]
/// when another with its tax code is verified.
pub fn decide(
    tx: &mut (impl BusinessRepository + MembershipRepository + AuditLog + Inbox + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    registrar: &Registrar,
    seen: (BusinessId, i64),
    verdict: Verdict,
) -> Result<Business, BusinessError> {
    let business = as_seen(tx, registrar, seen)?;
    let id = business.id;
    if business.standing != Standing::Pending {
        return Err(BusinessError::Decided);
    }
    let (standing, reason, action, told) = match verdict {
        Verdict::Verified => {
            if tx.is_verified(Business::tax_lookup(hasher, &business.tax_code))? {
                return Err(BusinessError::TaxCodeTaken);
            }
            (Standing::Verified, None, "business.verified", "đã được xác minh")
        }
        Verdict::Rejected(reason) => (
            Standing::Rejected,
            Some(reason),
            "business.rejected",
            "không được xác minh; xem lý do",
        ),
    };
    let decided = match tx.save_business(Business { standing, reason, ..business }) {
        Err(StoreError::Duplicate) => return Err(BusinessError::TaxCodeTaken),
        saved => saved?,
    };
    audit::record(tx, now, registrar.staff(), action, &id, decided.reason.as_deref())?;
    for member in tx.members(id)? {
        let text = format!("Tài khoản doanh nghiệp {} {told}.", decided.name);
        notification::tell(tx, now, member.citizen.uuid(), (action, text), id.uuid())?;
    }
    Ok(decided)
}
