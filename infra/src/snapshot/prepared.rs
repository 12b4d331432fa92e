//! Bodies that are made once and sent many times.

use std::{io::Write as _, sync::Arc};

use arc_swap::ArcSwapOption;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// A compression of HTTP (RFC 9110, section 8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `br`
    Brotli,
    /// `zstd`
    Zstd,
    /// `gzip`
    Gzip,
}

impl Coding {
    /// All codings, best first.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// The name in HTTP.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }
}

/// How hard brotli tries where somebody waits, and where nobody does: for four megabytes the one
/// takes a tenth of a second, the other seven seconds.
pub(super) const QUICK: i32 = 5;
const THOROUGH: i32 = 11;

/// The bytes of a body in one coding.
#[derive(Clone, Debug)]
pub struct Form {
    /// How they are compressed, if they are.
    pub coding: Option<Coding>,
    /// The strong entity tag of exactly these bytes, with its quotation marks.
    pub etag: Arc<str>,
    /// The bytes.
    pub bytes: Bytes,
}

/// A body that is made once and sent many times, in each coding that is asked for.
pub struct Prepared {
    digest: String,
    plain: Arc<Form>,
    brotli: ArcSwapOption<Form>,
    zstd: ArcSwapOption<Form>,
    gzip: ArcSwapOption<Form>,
}

impl Prepared {
    /// The prepared `body`.
    #[must_use]
    pub fn new(body: Vec<u8>) -> Self {
        let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&body).get(..15).unwrap_or_default());
        let plain =
            Form { coding: None, etag: format!("\"{digest}\"").into(), bytes: Bytes::from(body) };
        Self {
            digest,
            plain: Arc::new(plain),
            brotli: ArcSwapOption::empty(),
            zstd: ArcSwapOption::empty(),
            gzip: ArcSwapOption::empty(),
        }
    }

    /// The name of its content: equal for equal bodies.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The body for a client that takes `coding`. It is compressed when it is asked for first: ask
    /// for big ones where waiting does no harm.
    #[must_use]
    pub fn form(&self, coding: Option<Coding>) -> Arc<Form> {
        let Some(coding) = coding else { return Arc::clone(&self.plain) };
        let slot = self.slot(coding);
        slot.load_full().unwrap_or_else(|| {
            let form = self.coded(coding, compressed(coding, &self.plain.bytes, QUICK), "");
            // Where a better one came meanwhile, that one stays.
            let before = slot.compare_and_swap(&None::<Arc<Form>>, Some(Arc::clone(&form)));
            before.as_ref().map_or(form, Arc::clone)
        })
    }

    /// The body as small as brotli can make it, which takes seconds for a megabyte.
    #[must_use]
    pub fn compressed_thoroughly(&self) -> Vec<u8> {
        compressed(Coding::Brotli, &self.plain.bytes, THOROUGH)
    }

    /// Takes `brotli`, made by [`Self::compressed_thoroughly`], for the form to be sent from now on.
    pub fn adopt(&self, brotli: Vec<u8>) {
        self.brotli.store(Some(self.coded(Coding::Brotli, brotli, "-11")));
    }

    /// Whether `brotli` is the body compressed, and undamaged.
    #[must_use]
    pub fn is_held_by(&self, brotli: &[u8]) -> bool {
        let mut body = Vec::with_capacity(self.plain.bytes.len());
        brotli::BrotliDecompress(&mut &*brotli, &mut body).is_ok() && body == self.plain.bytes
    }

    fn slot(&self, coding: Coding) -> &ArcSwapOption<Form> {
        match coding {
            Coding::Brotli => &self.brotli,
            Coding::Zstd => &self.zstd,
            Coding::Gzip => &self.gzip,
        }
    }

    fn coded(&self, coding: Coding, bytes: Vec<u8>, mark: &str) -> Arc<Form> {
        let etag = format!("\"{}-{}{mark}\"", self.digest, coding.as_str()).into();
        Arc::new(Form { coding: Some(coding), etag, bytes: Bytes::from(bytes) })
    }
}

/// `body` in `coding`; `effort` counts as brotli does, 0 to 11.
pub(super) fn compressed(coding: Coding, body: &[u8], effort: i32) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4);
    // Writing to memory cannot fail.
    let done = match coding {
        Coding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: effort,
                size_hint: body.len(),
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*body, &mut out, &parameters).map(|_| ())
        }
        Coding::Zstd => zstd::stream::copy_encode(body, &mut out, effort),
        Coding::Gzip => {
            let mut encoder = GzEncoder::new(&mut out, Compression::default());
            encoder.write_all(body).and_then(|()| encoder.finish().map(|_| ()))
        }
    };
    debug_assert!(done.is_ok(), "{done:?}");
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn plain(form: &Form) -> Vec<u8> {
        let mut out = Vec::new();
        let mut bytes = form.bytes.as_ref();
        match form.coding {
            None => out.extend_from_slice(bytes),
            Some(Coding::Brotli) => brotli::BrotliDecompress(&mut bytes, &mut out).unwrap(),
            Some(Coding::Zstd) => zstd::stream::copy_decode(bytes, &mut out).unwrap(),
            Some(Coding::Gzip) => {
                flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
            }
        }
        out
    }

    #[test]
    fn every_form_holds_the_body_under_a_tag_of_its_own() {
        let body = "Thái Nguyên ".repeat(200).into_bytes();
        let prepared = Prepared::new(body.clone());
        let codings = [None].into_iter().chain(Coding::ALL.map(Some));
        let mut tags: Vec<String> = codings
            .map(|coding| {
                let form = prepared.form(coding);
                assert_eq!((form.coding, plain(&form)), (coding, body.clone()));
                assert_eq!(prepared.form(coding).etag, form.etag);
                form.etag.to_string()
            })
            .collect();
        tags.dedup();
        assert_eq!(tags.len(), 4);
        assert_eq!(Prepared::new(body).digest(), prepared.digest());
    }

    #[test]
    fn a_smaller_form_takes_the_place_of_the_quick_one() {
        let body = "Thái Nguyên ".repeat(5000).into_bytes();
        let prepared = Prepared::new(body.clone());
        let quick = prepared.form(Some(Coding::Brotli));
        let small = prepared.compressed_thoroughly();
        assert!(prepared.is_held_by(&small));
        assert!(!prepared.is_held_by(small.split_last().unwrap().1));
        prepared.adopt(small);
        let thorough = prepared.form(Some(Coding::Brotli));
        assert_ne!(quick.etag, thorough.etag);
        assert_eq!(plain(&thorough), body);
    }
}
