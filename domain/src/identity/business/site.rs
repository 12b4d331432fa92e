//! Where a business is.

use chrono::{DateTime, Utc};

use super::{
    Agent, BusinessError, BusinessId, BusinessRepository, Deed, MembershipRepository,
    SiteRepository, seat,
};
use crate::{
    Id, Moment,
    territory::{CommuneCode, Position},
};

/// The id of a site.
pub type SiteId = Id<Site>;

/// How many sites a business may have.
const AT_MOST: usize = 500;

/// A shop, a works, an office of a business.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// What it is called.
    pub name: String,
    /// The commune in which it is.
    pub commune: CommuneCode,
    /// The rest of its address.
    pub address: Option<String>,
    /// Where exactly.
    pub position: Option<Position>,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

/// A site to add.
#[derive(Clone, Debug)]
pub struct NewSite {
    /// What it is called.
    pub name: String,
    /// The commune in which it is.
    pub commune: CommuneCode,
    /// The rest of its address.
    pub address: Option<String>,
    /// Where exactly.
    pub position: Option<Position>,
}

/// Adds a site to the business `id`.
///
/// # Errors
/// [`BusinessError`] when the caller may not, or it has too many.
pub fn add_site(
    tx: &mut (impl BusinessRepository + MembershipRepository + SiteRepository),
    now: &Moment,
    agent: &Agent,
    id: BusinessId,
    new: NewSite,
) -> Result<Site, BusinessError> {
    let seat = seat(tx, agent, id, Deed::ManageSites)?;
    // Of two who add the last one that is allowed at once, one waits.
    tx.hold_business(id)?;
    if tx.sites(seat.business())?.len() >= AT_MOST {
        return Err(BusinessError::TooMany);
    }
    let NewSite { name, commune, address, position } = new;
    let site = Site { id: now.new_id(), name, commune, address, position, added_at: now.at };
    tx.add_site(seat.business(), &site)?;
    Ok(site)
}

/// The sites of the business `id`, the oldest first.
///
/// # Errors
/// [`BusinessError::NotFound`] for strangers.
pub fn sites(
    tx: &mut (impl BusinessRepository + MembershipRepository + SiteRepository),
    agent: &Agent,
    id: BusinessId,
) -> Result<Vec<Site>, BusinessError> {
    let seat = seat(tx, agent, id, Deed::Read)?;
    Ok(tx.sites(seat.business())?)
}

/// The site `site` of the business `id`, for whoever manages its sites.
///
/// # Errors
/// [`BusinessError::NotFound`] when it has no such site.
pub fn site(
    tx: &mut (impl BusinessRepository + MembershipRepository + SiteRepository),
    agent: &Agent,
    id: BusinessId,
    site: SiteId,
) -> Result<Site, BusinessError> {
    let seat = seat(tx, agent, id, Deed::ManageSites)?;
    let found = tx.sites(seat.business())?.into_iter().find(|it| it.id == site);
    found.ok_or(BusinessError::NotFound)
}

/// Removes a site of the business `id`.
///
/// # Errors
/// [`BusinessError::NotFound`] when it has no such site.
pub fn remove_site(
    tx: &mut (impl BusinessRepository + MembershipRepository + SiteRepository),
    agent: &Agent,
    id: BusinessId,
    site: SiteId,
) -> Result<(), BusinessError> {
    let seat = seat(tx, agent, id, Deed::ManageSites)?;
    if tx.remove_site(seat.business(), site)? { Ok(()) } else { Err(BusinessError::NotFound) }
}
