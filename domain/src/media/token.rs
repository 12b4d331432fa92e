//! What something uploaded is called, and what proves that one may link it.

use uuid::Uuid;

use super::{Media, MediaId, Uploader};
use crate::secret::{Digest, Hasher, Purpose};

/// The token of the media `id`. It is computed, never stored.
#[must_use]
pub fn media_token(hasher: &dyn Hasher, id: MediaId) -> Digest {
    hasher.digest(Purpose::MediaToken, &[id.uuid().as_bytes()])
}

/// What somebody calls something uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaName {
    /// By its id, which proves nothing.
    Id(MediaId),
    /// By its token, which holds the id and proves that it was given out with it.
    Token(MediaId, Digest),
}

/// How many bytes a token has: an id, and a digest.
const TOKEN: usize = 48;

impl MediaName {
    /// The id and the digest in a token.
    #[must_use]
    pub fn of_token(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; TOKEN] = bytes.try_into().ok()?;
        let (id, digest) = bytes.split_at(16);
        let id = Uuid::from_slice(id).ok()?;
        Some(Self::Token(id.into(), Digest(digest.try_into().ok()?)))
    }

    /// The bytes of the token of the media `id`.
    #[must_use]
    pub fn token(hasher: &dyn Hasher, id: MediaId) -> Vec<u8> {
        [id.uuid().as_bytes().as_slice(), &media_token(hasher, id).0].concat()
    }

    /// The id.
    #[must_use]
    pub const fn id(self) -> MediaId {
        match self {
            Self::Id(id) | Self::Token(id, _) => id,
        }
    }

    /// Whether `by`, who calls `media` so, may do with it as its holder.
    pub(super) fn is_held(self, hasher: &dyn Hasher, by: Uploader, media: &Media) -> bool {
        match self {
            Self::Id(id) => id == media.id && by != Uploader::Anonymous && by == media.uploader,
            Self::Token(id, token) => id == media.id && token == media_token(hasher, id),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Summing;

    impl Hasher for Summing {
        fn digest(&self, purpose: Purpose, parts: &[&[u8]]) -> Digest {
            let bytes = purpose.label().bytes().chain(parts.concat());
            let mut digest = [0_u8; 32];
            for (place, byte) in bytes.enumerate() {
                digest[place % 32] = digest[place % 32].wrapping_mul(31).wrapping_add(byte);
            }
            Digest(digest)
        }
    }

    proptest! {
        #[test]
        fn a_token_is_read_as_it_was_given_out(id in any::<u128>()) {
            let id: MediaId = Uuid::from_u128(id).into();
            let name = MediaName::of_token(&MediaName::token(&Summing, id)).unwrap();
            prop_assert_eq!(name, MediaName::Token(id, media_token(&Summing, id)));
        }

        #[test]
        fn whatever_else_comes_is_none(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(MediaName::of_token(&bytes).is_some(), bytes.len() == TOKEN);
        }
    }
}
