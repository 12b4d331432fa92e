//! Asking the provider.

use openidconnect::{HttpRequest, HttpResponse, http};
use reqwest::{Client, header::HeaderMap};

use crate::outbound;

/// Asks the provider by HTTP.
pub(super) struct Http(Client);

impl Http {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        outbound::client(HeaderMap::new()).map(Self)
    }

    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Away> {
        let answer = self.0.execute(request.try_into()?).await?;
        let mut response = http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.extend(answer.headers().clone());
        }
        Ok(response.body(outbound::body(answer).await?)?)
    }
}

/// The provider did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Away {
    /// It could not be reached, or broke off.
    #[error("no answer")]
    NoAnswer(#[from] reqwest::Error),
    /// It answered something that is no answer.
    #[error("no HTTP")]
    NoHttp(#[from] http::Error),
}
