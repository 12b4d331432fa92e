//! Businesses: who acts for them, where they are, whether they are what they say, and the keys of
//! their systems.

mod account;
mod api_key;
mod invitation;
mod leaving;
mod member;
mod person;
mod repository;
mod seat;
mod site;
mod tax_code;
mod verification;

pub use account::{
    Business, BusinessId, ChangeBusiness, NewBusiness, Standing, change, mine, open, register,
};
pub use api_key::{
    ApiKey, ApiKeyId, KeyScope, Machine, Minted, authenticate, keys_of, mint, revoke,
};
pub use invitation::{
    Invitation, InvitationId, accept, decline, invitations_of, invitations_to, invite, take_back,
};
pub use leaving::{give, lose_owner, remove_with_owner};
pub use member::{Member, MemberRole, members, remove_member};
pub use person::{OwnBusinesses, own_businesses};
pub use repository::{ApiKeyRepository, BusinessRepository, MembershipRepository, SiteRepository};
pub use seat::{Agent, BusinessError, Deed, Seat, seat};
pub use site::{NewSite, Site, SiteId, add_site, remove_site, site, sites};
pub use tax_code::{InvalidTaxCode, TaxCode};
pub use verification::{Verdict, decide, look_at, waiting};

/// A role, scope or standing of a business that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing is called {0:?} here")]
pub struct UnknownName(pub String);
