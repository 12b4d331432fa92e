//! Businesses: registering them, acting for them, verifying them, the keys of their systems.

mod account;
mod agent;
mod keys;
mod members;
mod own;
mod sites;
mod verification;

pub(crate) use agent::{Agent, machine};
pub(crate) use members::InvitationView;
pub(crate) use own::{MembershipView, OwnKeyView};

use domain::{allowance::TakeError, identity::business::BusinessError};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    extract::stale,
    problem::{ApiError, Code},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(account::register)
        .service(account::mine)
        .service(account::show)
        .service(account::change)
        .service(members::members)
        .service(members::invite)
        .service(members::open_invitations)
        .service(members::take_back)
        .service(members::remove)
        .service(members::invitations)
        .service(members::accept)
        .service(members::decline)
        .service(sites::sites)
        .service(sites::add)
        .service(sites::remove)
        .service(keys::keys)
        .service(keys::mint)
        .service(keys::revoke)
        .service(verification::waiting)
        .service(verification::look_at)
        .service(verification::verify)
        .service(verification::reject)
        .service(verification::give);
}

impl From<BusinessError> for ApiError {
    fn from(error: BusinessError) -> Self {
        Self::new(match error {
            BusinessError::NotFound => Code::NotFound,
            BusinessError::NotAllowed => Code::Forbidden,
            BusinessError::AlreadyRegistered => Code::AlreadyExists,
            BusinessError::TaxCodeTaken => Code::TaxCodeTaken,
            BusinessError::TooMany => Code::TooMany,
            BusinessError::LastOwner => Code::LastOwner,
            BusinessError::NotVerified => Code::BusinessNotVerified,
            BusinessError::TooSoon { retry_after } => {
                return TakeError::UsedUp { retry_after }.into();
            }
            BusinessError::Changed { version } => return stale(version),
            BusinessError::Decided => Code::ActionNotAllowed,
            BusinessError::Store(error) => return error.into(),
        })
    }
}
