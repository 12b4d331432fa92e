//! Answering look-ups: bodies that are made once, entity tags, compression (RFC 9110).

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName,
        HeaderValue, IF_NONE_MATCH, VARY,
    },
    web::Bytes,
};
use infra::snapshot::{Coding, Form, Passing, Prepared};
use serde::Serialize;

/// How long an answer may be used without asking again.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Freshness {
    /// Changes with an import: five minutes, and a day while a newer one is fetched.
    Data,
    /// Keys: five minutes, and five more while newer ones are fetched.
    Keys,
    /// Outlines of communes: a day, and a week while newer ones are fetched.
    Outlines,
    /// What is to be known soon: half a minute.
    News,
    /// May be withdrawn at any moment: asked for again each time.
    Withdrawable,
    /// Never changes: a year, without asking.
    Forever,
}

impl Freshness {
    const fn cache_control(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Data => "public, max-age=300, stale-while-revalidate=86400",
            Self::Keys => "public, max-age=300, stale-while-revalidate=300",
            Self::Outlines => "public, max-age=86400, stale-while-revalidate=604800",
            Self::News => "public, max-age=30, stale-while-revalidate=300",
            Self::Withdrawable => "public, no-cache",
            Self::Forever => "public, max-age=31536000, immutable",
        })
    }
}

/// Answers with a JSON body that was made before.
pub(crate) fn send(request: &HttpRequest, body: &Prepared, freshness: Freshness) -> HttpResponse {
    let form = body.form(coding(request));
    send_form(request, &form, HeaderValue::from_static("application/json"), freshness)
}

/// Answers with a JSON body that is made for this request.
pub(crate) fn send_new(
    request: &HttpRequest,
    body: &impl Serialize,
    freshness: Freshness,
) -> HttpResponse {
    let body = Passing::new(json(body));
    let coding = coding(request);
    // Nothing is compressed that the client has.
    let etag = body.etag(coding);
    let form = if has(request, &etag) {
        Form { coding, etag: etag.into(), bytes: Bytes::new() }
    } else {
        body.form(coding)
    };
    send_form(request, &form, HeaderValue::from_static("application/json"), freshness)
}

/// The JSON text of a view. Views are plain structures, which can always be written.
pub(crate) fn json(view: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::with_capacity(USUAL);
    match serde_json::to_writer(&mut text, view) {
        Ok(()) => text,
        Err(_) => Vec::new(),
    }
}

/// Bytes of a usual answer: room that need not grow.
const USUAL: usize = 4096;

/// Answers with `form`, or with 304 when the client has it already.
pub(crate) fn send_form(
    request: &HttpRequest,
    form: &Form,
    content_type: HeaderValue,
    freshness: Freshness,
) -> HttpResponse {
    let known = has(request, &form.etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    if let Ok(etag) = HeaderValue::from_str(&form.etag) {
        response.insert_header((ETAG, etag));
    }
    response
        .insert_header((CACHE_CONTROL, freshness.cache_control()))
        .insert_header((VARY, HeaderValue::from_static("Accept-Encoding")));
    if known {
        return response.finish();
    }
    response.insert_header((CONTENT_TYPE, content_type));
    if let Some(coding) = named(form, request) {
        response.insert_header((CONTENT_ENCODING, HeaderValue::from_static(coding)));
    }
    response.body(form.bytes.clone())
}

/// The coding to declare. A plain form is declared where the client takes codings that are not
/// prepared, so that no coding changes the bytes under the tag.
fn named(form: &Form, request: &HttpRequest) -> Option<&'static str> {
    let plain = || request.headers().contains_key(ACCEPT_ENCODING).then_some("identity");
    form.coding.map(Coding::as_str).or_else(plain)
}

/// Whether `If-None-Match` names `etag` (RFC 9110, section 13.1.2: compared weakly).
fn has(request: &HttpRequest, etag: &str) -> bool {
    header(request, &IF_NONE_MATCH).is_some_and(|tags| {
        tags.split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

/// The coding that the client takes and weighs most (RFC 9110, section 12.5.3); of equals the one
/// that packs best.
pub(crate) fn coding(request: &HttpRequest) -> Option<Coding> {
    let accepted = header(request, &ACCEPT_ENCODING)?;
    let weight = |name: &str| {
        accepted.split(',').take(20).find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let fits = parts.next()?.eq_ignore_ascii_case(name);
            let quality = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
            fits.then(|| quality.parse::<f32>().unwrap_or(0.0))
        })
    };
    Coding::ALL
        .into_iter()
        .rev()
        .map(|coding| (weight(coding.as_str()).or_else(|| weight("*")).unwrap_or(0.0), coding))
        .filter(|&(weight, _)| weight > 0.0)
        .max_by(|(some, _), (other, _)| some.total_cmp(other))
        .map(|(_, coding)| coding)
}

fn header<'r>(request: &'r HttpRequest, name: &HeaderName) -> Option<&'r str> {
    request.headers().get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("gzip, deflate, br, zstd", Some(Coding::Brotli))]
    #[case("gzip;q=1.0, br;q=0.5", Some(Coding::Gzip))]
    #[case("br;q=0, *", Some(Coding::Zstd))]
    #[case("GZIP", Some(Coding::Gzip))]
    #[case("deflate", None)]
    #[case("identity, gzip;q=0", None)]
    #[case("", None)]
    #[case("br;q=x", None)]
    fn the_client_chooses_the_coding(#[case] accepted: &str, #[case] expected: Option<Coding>) {
        let request = TestRequest::get().insert_header((ACCEPT_ENCODING, accepted));
        assert_eq!(coding(&request.to_http_request()), expected);
    }

    #[rstest]
    #[case("\"a\"", true)]
    #[case("W/\"a\"", true)]
    #[case("\"b\", \"a\"", true)]
    #[case("*", true)]
    #[case("\"b\"", false)]
    #[case("a", false)]
    fn a_tag_is_recognised(#[case] tags: &str, #[case] known: bool) {
        let request = TestRequest::get().insert_header((IF_NONE_MATCH, tags)).to_http_request();
        assert_eq!(has(&request, "\"a\""), known);
    }
}
