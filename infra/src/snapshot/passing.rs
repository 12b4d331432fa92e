//! Bodies that are made for one request.

use std::hash::BuildHasher as _;

use bytes::Bytes;
use foldhash::quality::FixedState;

use super::{
    Coding, Form,
    prepared::{QUICK, compressed},
};

/// A body that is made for one request and not kept.
///
/// Its entity tag is a quick hash: it has to tell an answer from the one before it at the same
/// address, and nobody gains from two that are taken for the same.
pub struct Passing {
    body: Vec<u8>,
    hash: u64,
}

impl Passing {
    /// The `body`.
    #[must_use]
    pub fn new(body: Vec<u8>) -> Self {
        let hash = FixedState::with_seed(0).hash_one(body.as_slice());
        Self { body, hash }
    }

    /// The strong entity tag of the body in `coding`.
    #[must_use]
    pub fn etag(&self, coding: Option<Coding>) -> String {
        match coding {
            None => format!("\"{:016x}\"", self.hash),
            Some(coding) => format!("\"{:016x}-{}\"", self.hash, coding.as_str()),
        }
    }

    /// The body in `coding`.
    #[must_use]
    pub fn form(self, coding: Option<Coding>) -> Form {
        let etag = self.etag(coding).into();
        let bytes = match coding {
            None => self.body,
            Some(coding) => compressed(coding, &self.body, QUICK),
        };
        Form { coding, etag, bytes: Bytes::from(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bodies_have_equal_tags_in_each_coding() {
        let tag = |body: &str, coding| Passing::new(body.into()).etag(coding);
        assert_eq!(tag("a", None), tag("a", None));
        assert_ne!(tag("a", None), tag("b", None));
        assert_ne!(tag("a", None), tag("a", Some(Coding::Gzip)));
        let form = Passing::new(b"a".to_vec()).form(Some(Coding::Zstd));
        assert_eq!(*form.etag, *tag("a", Some(Coding::Zstd)));
        assert_eq!(zstd::stream::decode_all(form.bytes.as_ref()).unwrap(), b"a");
    }
}
