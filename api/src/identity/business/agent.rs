//! Who acts for a business, as an argument of a handler.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use domain::identity::business::{self, ApiKeyRepository as _, Machine};

use crate::{
    App,
    identity::{Bearer, Citizen, extract::invalid_token},
    problem::{ApiError, Code},
};

/// A citizen with an access token, or the system of a business with its key (`ctn_k_`). Whether
/// they act for the business that is asked for is seen when it is looked up.
pub(crate) struct Agent(pub(crate) business::Agent);

impl FromRequest for Agent {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            // The body is the next extractor's.
            let mut payload = Payload::None;
            let Bearer(capability) = Bearer::from_request(&request, &mut payload).await?;
            Ok(Self(if let Some(key) = capability {
                business::Agent::Machine(machine(&request, key).await?)
            } else {
                let citizen = Citizen::from_request(&request, &mut payload).await?;
                business::Agent::Citizen(citizen.0)
            }))
        })
    }
}

/// The system whose `key` this is.
pub(crate) async fn machine(request: &HttpRequest, key: String) -> Result<Machine, ApiError> {
    let app = request.app_data::<Data<App>>().ok_or_else(|| ApiError::new(Code::Internal))?;
    let (now, keys) = (app.now(), app.keys.clone());
    let at = now.at;
    let found = app.database.read(move |tx| business::authenticate(tx, &*keys, &now, &key)).await?;
    let (machine, to_be_noted) = found.ok_or_else(invalid_token)?;
    app.limits.admit_key(machine.key().uuid(), request)?;
    if to_be_noted {
        let key = machine.key();
        app.database.write(move |tx| tx.note_key_use(key, at)).await?;
    }
    Ok(machine)
}
