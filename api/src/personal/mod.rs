//! One's own personal data: agreeing, seeing, changing.

mod children;
mod consents;
mod contacts;
mod devices;
mod erasure;
mod export;
mod holds;
mod medical_card;
mod register;
mod requests;
pub(crate) mod view;

use domain::personal::PersonalError;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    extract::stale,
    problem::{ApiError, Code, FieldCode},
};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(consents::consents)
        .service(consents::decide)
        .service(medical_card::medical_card)
        .service(medical_card::keep_medical_card)
        .service(contacts::emergency_contacts)
        .service(contacts::keep_emergency_contacts)
        .service(requests::submit_request)
        .service(requests::requests)
        .service(register::register)
        .service(register::acknowledge)
        .service(register::extend)
        .service(register::close)
        .service(children::add_child)
        .service(children::children)
        .service(children::remove_child)
        .service(export::export)
        .service(erasure::erase_me)
        .service(holds::place_hold)
        .service(holds::holds)
        .service(holds::lift_hold)
        .service(devices::register_device)
        .service(devices::devices)
        .service(devices::remove_device);
}

impl From<PersonalError> for ApiError {
    fn from(error: PersonalError) -> Self {
        match error {
            PersonalError::Erased => Self::new(Code::Unauthorized),
            PersonalError::ConsentMissing(purpose) => {
                Self::new(Code::ConsentRequired).with("purpose", purpose.as_str())
            }
            PersonalError::OtherText { index } => {
                Self::field(format!("/items/{index}/text_version"), FieldCode::OutOfRange)
            }
            PersonalError::TooMany | PersonalError::NotAllowed => Self::new(Code::ActionNotAllowed),
            PersonalError::Seen { version } => stale(version),
            PersonalError::NotFound => Self::new(Code::NotFound),
            PersonalError::IdTaken => Self::new(Code::IdTaken),
            PersonalError::Store(error) => error.into(),
        }
    }
}
