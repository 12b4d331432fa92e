//! A citizen who signed in lately, as an argument of a handler.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use domain::identity::{self, SignInAgain};

use super::{Citizen, SignedIn};
use crate::{
    App,
    problem::{ApiError, Code},
};

/// A citizen who signed in within the last half hour. Whoever holds a phone that was left signed in
/// is refused: 403.
pub(crate) struct JustSignedIn(pub(crate) identity::JustSignedIn);

impl FromRequest for JustSignedIn {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            // The body is the next extractor's.
            let mut payload = Payload::None;
            let citizen = Citizen::from_request(&request, &mut payload).await?.0;
            let SignedIn(access) = SignedIn::from_request(&request, &mut payload).await?;
            let app = request.app_data::<Data<App>>();
            let app = app.ok_or_else(|| ApiError::new(Code::Internal))?;
            let (now, session) = (app.now(), access.session);
            let look =
                app.database.read(move |tx| identity::just_signed_in(tx, &now, citizen, session));
            Ok(Self(look.await?))
        })
    }
}

impl From<SignInAgain> for ApiError {
    fn from(error: SignInAgain) -> Self {
        match error {
            SignInAgain::Ended => Self::new(Code::Unauthorized),
            SignInAgain::TooLongAgo => Self::new(Code::SignInAgain),
            SignInAgain::Store(error) => error.into(),
        }
    }
}
