//! Somebody who calls the service.

use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use serde_json::Value;

use crate::Answer;

/// A caller: an address to call, and whatever proves who is calling.
#[derive(Clone)]
pub struct Caller {
    base: String,
    client: Client,
    bearer: Option<String>,
    headers: Vec<(String, String)>,
}

impl Caller {
    /// Somebody who calls the service at `base`, with no proof of who it is.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { base: base.to_owned(), client, bearer: None, headers: Vec::new() }
    }

    /// The same caller with `token` as its proof.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self.clone() }
    }

    /// The same caller sending `name: value` with each request.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.push((name.to_owned(), value.to_owned()));
        caller
    }

    /// The token that proves who is calling.
    pub fn token(&self) -> &str {
        self.bearer.as_deref().unwrap_or_default()
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// HEAD.
    pub async fn head(&self, path: &str) -> Answer {
        self.send(self.request(Method::HEAD, path)).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// PUT with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request of any kind, for what the others cannot say.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// Sends `request` and reads the whole answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.expect("the service answers")).await
    }
}
