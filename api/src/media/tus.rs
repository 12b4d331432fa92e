//! The protocol for resumable uploads, tus 1.0.0 (<https://tus.io/protocols/resumable-upload>), as
//! far as its headers go.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use infra::media::{Hash, HashKind};
use subtle::ConstantTimeEq as _;

use crate::problem::{ApiError, Code, FieldCode};

/// The version of the protocol.
pub(super) const VERSION: &str = "1.0.0";
/// What of it goes beyond its core.
pub(super) const EXTENSIONS: &str = "creation,creation-with-upload,expiration,termination,checksum";
/// How bytes can be summed up.
pub(super) const ALGORITHMS: &str = "sha1,sha256";
/// What bytes of an upload are sent as.
const OCTETS: &str = "application/offset+octet-stream";

pub(super) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(super) const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
pub(super) const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(super) const TUS_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// Every answer says which version is spoken.
pub(super) fn spoken(answer: Result<HttpResponse, ApiError>) -> Result<HttpResponse, ApiError> {
    let version = HeaderValue::from_static(VERSION);
    match answer {
        Ok(mut response) => {
            response.headers_mut().insert(TUS_RESUMABLE, version);
            Ok(response)
        }
        Err(error) => Err(error.with_header(TUS_RESUMABLE, version)),
    }
}

/// The client speaks the same version.
///
/// # Errors
/// [`Code::TusVersionUnsupported`] with the version that is spoken.
pub(super) fn understood(request: &HttpRequest) -> Result<(), ApiError> {
    if text(request, &TUS_RESUMABLE) == Some(VERSION) {
        return Ok(());
    }
    let version = HeaderValue::from_static(VERSION);
    Err(ApiError::new(Code::TusVersionUnsupported).with_header(TUS_VERSION, version))
}

/// Whether bytes come with the request.
pub(super) fn carries_bytes(request: &HttpRequest) -> bool {
    text(request, &CONTENT_TYPE).is_some_and(|kind| kind.eq_ignore_ascii_case(OCTETS))
}

/// The number in the header `name`.
///
/// # Errors
/// A pointer to the header where it is missing or none.
pub(super) fn number(
    request: &HttpRequest,
    name: &HeaderName,
    called: &str,
) -> Result<u64, ApiError> {
    let pointer = format!("/header/{called}");
    let Some(sent) = text(request, name) else {
        return Err(ApiError::field(pointer, FieldCode::Missing));
    };
    let plain = !sent.is_empty() && sent.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain.then(|| sent.parse().ok()).flatten();
    number.ok_or_else(|| ApiError::field(pointer, FieldCode::WrongForm))
}

/// What is told of an upload has the right form: keys, each with a value in Base64 or none. It
/// counts for nothing: neither name nor type of a file are kept.
///
/// # Errors
/// A pointer to the header.
pub(super) fn metadata(request: &HttpRequest) -> Result<(), ApiError> {
    let Some(sent) = request.headers().get(UPLOAD_METADATA) else { return Ok(()) };
    let fits = |pair: &str| {
        let mut words = pair.trim().split(' ');
        let key = words.next().is_some_and(|key| !key.is_empty());
        key && words.next().is_none_or(|value| STANDARD.decode(value).is_ok())
            && words.next().is_none()
    };
    let sent = sent.to_str().unwrap_or(" ");
    if sent.is_empty() || sent.split(',').all(fits) {
        return Ok(());
    }
    Err(ApiError::field("/header/Upload-Metadata", FieldCode::WrongForm))
}

/// What the bytes of one request have to add up to.
pub(crate) struct Checksum {
    hash: Hash,
    expected: Vec<u8>,
}

impl Checksum {
    /// The checksum in `request`, if it has one.
    ///
    /// # Errors
    /// [`Code::UploadChecksumUnsupported`] for another algorithm, or what is no checksum.
    pub(super) fn of(request: &HttpRequest) -> Result<Option<Self>, ApiError> {
        let Some(sent) = request.headers().get(UPLOAD_CHECKSUM) else { return Ok(None) };
        let unsupported = || ApiError::new(Code::UploadChecksumUnsupported);
        let sent = sent.to_str().map_err(|_| unsupported())?;
        let (algorithm, expected) = sent.split_once(' ').ok_or_else(unsupported)?;
        let kind = match algorithm {
            "sha1" => HashKind::Sha1,
            "sha256" => HashKind::Sha256,
            _ => return Err(unsupported()),
        };
        let expected = STANDARD.decode(expected).map_err(|_| unsupported())?;
        Ok(Some(Self { hash: Hash::new(kind), expected }))
    }

    /// Adds `bytes`.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// Whether what was added is what was expected.
    pub(super) fn is_right(&self) -> bool {
        self.hash.digest().ct_eq(&self.expected).into()
    }
}

fn text<'r>(request: &'r HttpRequest, name: &HeaderName) -> Option<&'r str> {
    request.headers().get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", true)]
    #[case("is_private", true)]
    #[case("filename SU1HLmpwZw==,filetype aW1hZ2UvanBlZw==", true)]
    #[case("filename  SU1HLmpwZw==", false)]
    #[case("filename not-base64", false)]
    #[case(",", false)]
    #[case("a b c", false)]
    fn what_is_told_of_an_upload_has_a_form(#[case] sent: &'static str, #[case] fits: bool) {
        let request = TestRequest::post().insert_header((UPLOAD_METADATA, sent));
        assert_eq!(metadata(&request.to_http_request()).is_ok(), fits);
    }

    #[rstest]
    #[case("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", true)]
    #[case("sha1 AAAA", false)]
    #[case("sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=", true)]
    fn bytes_add_up_or_not(#[case] sent: &'static str, #[case] right: bool) {
        let request = TestRequest::patch().insert_header((UPLOAD_CHECKSUM, sent));
        let mut checksum = Checksum::of(&request.to_http_request()).unwrap().unwrap();
        checksum.update(b"hello ");
        checksum.update(b"world");
        assert_eq!(checksum.is_right(), right);
    }
}
