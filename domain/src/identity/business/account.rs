//! Registering a business, and what it says of itself.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Agent, BusinessError, BusinessRepository, Deed, Member, MemberRole, MembershipRepository, Seat,
    TaxCode, UnknownName, seat,
};
use crate::{
    Id, Moment, StoreError,
    identity::{Citizen, CitizenId, CitizenRepository},
    secret::{Digest, Hasher, Purpose},
    territory::CommuneCode,
};

/// The id of a business.
pub type BusinessId = Id<Business>;

/// How many businesses one person may register that nobody has verified.
const UNVERIFIED_AT_MOST: usize = 5;

/// A business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    /// Its id.
    pub id: BusinessId,
    /// Under which it pays its taxes.
    pub tax_code: TaxCode,
    /// What it is called.
    pub name: String,
    /// The commune of its seat, whose officers verify it.
    pub commune: CommuneCode,
    /// The rest of its address.
    pub address: Option<String>,
    /// Whether it is what it says.
    pub standing: Standing,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// By whom, as long as they act for it.
    pub registered_by: Option<CitizenId>,
    /// How often it has changed, from 1.
    pub version: i64,
}

impl Business {
    /// What finds businesses by their tax code without keeping it legible.
    #[must_use]
    pub fn tax_lookup(hasher: &impl Hasher, code: &TaxCode) -> Digest {
        hasher.digest(Purpose::TaxCode, &[code.expose().as_bytes()])
    }
}

/// Whether a business is what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has looked yet.
    Pending,
    /// An officer has seen that it is so.
    Verified,
    /// An officer has seen that it is not so.
    Rejected,
    /// Its last owner is gone: nobody decides over it.
    Ownerless,
}

impl Standing {
    const ALL: [Self; 4] = [Self::Pending, Self::Verified, Self::Rejected, Self::Ownerless];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Verified => "verified",
            Self::Rejected => "rejected",
            Self::Ownerless => "ownerless",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Standing {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let known = Self::ALL.into_iter().find(|standing| standing.as_str() == text);
        known.ok_or_else(|| UnknownName(text.to_owned()))
    }
}

/// A business to register.
#[derive(Clone, Debug)]
pub struct NewBusiness {
    /// Under which it pays its taxes.
    pub tax_code: TaxCode,
    /// What it is called.
    pub name: String,
    /// The commune of its seat.
    pub commune: CommuneCode,
    /// The rest of its address.
    pub address: Option<String>,
}

/// Registers a business; `citizen` becomes its first owner. Anybody can claim any tax code: the claim
/// counts for nothing, and hinders nobody, until an officer has verified it.
///
/// # Errors
/// [`BusinessError`] when the caller has it already, has too many, or it is verified already.
pub fn register(
    tx: &mut (impl BusinessRepository + MembershipRepository + CitizenRepository),
    hasher: &impl Hasher,
    now: &Moment,
    citizen: &Citizen,
    new: NewBusiness,
) -> Result<Business, BusinessError> {
    // Requests of one person go one by one, so that several at once get no more than one after another.
    tx.hold_citizen(citizen.id)?.ok_or(BusinessError::NotFound)?;
    let mine = tx.businesses_of(citizen.id)?;
    let unverified = mine.iter().filter(|(mine, _)| mine.standing != Standing::Verified);
    if mine.iter().any(|(mine, _)| mine.tax_code == new.tax_code) {
        return Err(BusinessError::AlreadyRegistered);
    }
    if unverified.count() >= UNVERIFIED_AT_MOST {
        return Err(BusinessError::TooMany);
    }
    let lookup = Business::tax_lookup(hasher, &new.tax_code);
    if tx.is_verified(lookup)? {
        return Err(BusinessError::TaxCodeTaken);
    }
    let NewBusiness { tax_code, name, commune, address } = new;
    let business = Business {
        id: now.new_id(),
        tax_code,
        name,
        commune,
        address,
        standing: Standing::Pending,
        reason: None,
        registered_at: now.at,
        registered_by: Some(citizen.id),
        version: 1,
    };
    match tx.add_business(&business, lookup) {
        Err(StoreError::Duplicate) => return Err(BusinessError::AlreadyRegistered),
        added => added?,
    }
    let owner = Member { citizen: citizen.id, role: MemberRole::Owner, since: now.at };
    tx.put_member(business.id, &owner)?;
    Ok(business)
}

/// The businesses for which `citizen` acts, and as what.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn mine(
    tx: &mut impl MembershipRepository,
    citizen: &Citizen,
) -> Result<Vec<(Business, MemberRole)>, StoreError> {
    let mine = tx.businesses_of(citizen.id)?;
    Ok(mine.into_iter().map(|(business, member)| (business, member.role)).collect())
}

/// The business `id`, and the seat from which `agent` sees it.
///
/// # Errors
/// [`BusinessError::NotFound`] for strangers.
pub fn open(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
) -> Result<(Business, Seat), BusinessError> {
    let seat = seat(tx, agent, id, Deed::Read)?;
    let business = tx.business(id)?.ok_or(BusinessError::NotFound)?;
    Ok((business, seat))
}

/// What shall be different of a business; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ChangeBusiness {
    /// What it is called.
    pub name: Option<String>,
    /// The commune of its seat.
    pub commune: Option<CommuneCode>,
    /// The rest of its address.
    pub address: Option<Option<String>>,
}

/// Changes a business. With another name or commune it is one that nobody has verified.
///
/// # Errors
/// [`BusinessError::NotAllowed`] for members who are no owners.
pub fn change(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
    change: ChangeBusiness,
) -> Result<(Business, Seat), BusinessError> {
    let seat = seat(tx, agent, id, Deed::Manage)?;
    let before = tx.hold_business(id)?.ok_or(BusinessError::NotFound)?;
    let mut after = before.clone();
    after.name = change.name.unwrap_or(after.name);
    after.commune = change.commune.unwrap_or(after.commune);
    after.address = change.address.unwrap_or(after.address);
    if (&after.name, after.commune) != (&before.name, before.commune) {
        after.standing = Standing::Pending;
        after.reason = None;
    }
    Ok((tx.save_business(after)?, seat))
}
