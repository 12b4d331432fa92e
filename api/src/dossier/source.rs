//! A system that tells of dossiers, as an argument of a handler.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use domain::dossier::{SourceRepository as _, authenticate_source};

use crate::{
    App,
    identity::{Bearer, invalid_token},
    problem::{ApiError, Code},
};

/// A system that an operator admitted, by its key (`ctn_k_`).
pub(super) struct Source;

impl FromRequest for Source {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            // The body is the next extractor's.
            let Bearer(key) = Bearer::from_request(&request, &mut Payload::None).await?;
            admitted(&request, key.ok_or_else(invalid_token)?).await
        })
    }
}

/// Looks whose `key` this is.
async fn admitted(request: &HttpRequest, key: String) -> Result<Source, ApiError> {
    let app = request.app_data::<Data<App>>().ok_or_else(|| ApiError::new(Code::Internal))?;
    let (now, keys) = (app.now(), app.keys.clone());
    let at = now.at;
    let found = app.database.read(move |tx| authenticate_source(tx, &*keys, &now, &key)).await?;
    let (source, to_be_noted) = found.ok_or_else(invalid_token)?;
    app.limits.admit_key(source.uuid(), request)?;
    if to_be_noted {
        app.database.write(move |tx| tx.note_source_use(source, at)).await?;
    }
    Ok(Source)
}
