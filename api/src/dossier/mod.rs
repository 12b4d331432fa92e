//! Dossiers: looking one up, following it, and hearing of it from the systems that keep it.

pub mod demo;
mod follow;
mod look_up;
mod proof;
pub mod rounds;
mod seek;
mod source;
mod tell;
mod view;

use domain::dossier::{FollowError, LookUpError};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::problem::{ApiError, Code};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(look_up::look_up)
        .service(follow::followed)
        .service(follow::follow)
        .service(follow::unfollow)
        .service(tell::tell);
}

impl From<LookUpError> for ApiError {
    fn from(error: LookUpError) -> Self {
        match error {
            LookUpError::TooOften { retry_after } => {
                Self::new(Code::RateLimited).retry_after_all_of(retry_after)
            }
            LookUpError::Store(error) => error.into(),
        }
    }
}

impl From<FollowError> for ApiError {
    fn from(error: FollowError) -> Self {
        match error {
            FollowError::NotFound => Self::new(Code::NotFound),
            FollowError::TooMany => Self::new(Code::TooMany),
            FollowError::Store(error) => error.into(),
        }
    }
}
