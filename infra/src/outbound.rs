//! Calling other systems: what is asked or told there is secret, and answers may be anything.

use std::time::Duration;

use reqwest::{
    Client, Response, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret as _, SecretString};

/// How long another system may take for one answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// How much of an answer is read, in bytes.
const LONGEST_ANSWER: usize = 512 * 1024;

/// A client that sends `headers` with each request. It follows no redirects: where a call goes is
/// for the operator to say.
pub(crate) fn client(headers: HeaderMap) -> Result<Client, reqwest::Error> {
    Client::builder().default_headers(headers).redirect(Policy::none()).timeout(PATIENCE).build()
}

/// The address in `text`, if what goes there goes sealed or does not leave this machine.
pub(crate) fn safe_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
    safe.then_some(url)
}

/// The header in `line`, `Name: value`, if it is one. Its value is not shown in logs.
pub(crate) fn header(line: &SecretString) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.expose_secret().split_once(':')?;
    let mut value: HeaderValue = value.trim().parse().ok()?;
    value.set_sensitive(true);
    Some((name.trim().parse().ok()?, value))
}

/// Why there was no whole answer, without anything of what was asked.
pub(crate) fn why(error: &reqwest::Error) -> &'static str {
    match error {
        error if error.is_timeout() => "too slow",
        error if error.is_connect() => "no connection",
        _ => "broken off",
    }
}

/// The body of `answer`, cut where it is longer than anything sensible.
pub(crate) async fn body(mut answer: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while body.len() < LONGEST_ANSWER
        && let Some(chunk) = answer.chunk().await?
    {
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
