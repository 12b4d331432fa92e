//! Sealing: what is written down can be read and changed only with the key.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};

/// Seals and opens with one key (ChaCha20-Poly1305, RFC 8439).
#[derive(Clone)]
pub struct Sealer(ChaCha20Poly1305);

impl Sealer {
    const NONCE: usize = 12;

    /// A sealer with this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(ChaCha20Poly1305::new(key.into()))
    }

    /// Seals `plain`, bound to its `place`: moved elsewhere, it cannot be opened. `nonce` must
    /// never be used twice with one key; a random one will do for fewer than 2³² sealings.
    ///
    /// # Panics
    /// Beyond 256 GiB, the cipher's limit.
    #[must_use]
    #[expect(clippy::expect_used, reason = "what is sealed here is short")]
    pub fn seal(&self, nonce: [u8; Self::NONCE], place: &[u8], plain: &[u8]) -> Vec<u8> {
        let sealed = self
            .0
            .encrypt(&nonce.into(), Payload { msg: plain, aad: place })
            .expect("less than 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed for this `place`.
    ///
    /// # Errors
    /// [`Unsealable`] when the key or the place is another, or the bytes were changed.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, sealed) = sealed.split_first_chunk::<{ Self::NONCE }>().ok_or(Unsealable)?;
        self.0
            .decrypt(&(*nonce).into(), Payload { msg: sealed, aad: place })
            .map_err(|_| Unsealable)
    }
}

/// Not sealed with this key for this place, or changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not sealed with this key for this place")]
pub struct Unsealable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_the_key_and_in_the_place_it_was_sealed_for() {
        let key = Sealer::new(&[7; 32]);
        let sealed = key.seal([1; 12], b"here", b"plain");
        assert_eq!(key.open(b"here", &sealed), Ok(b"plain".to_vec()));
        assert_eq!(key.open(b"there", &sealed), Err(Unsealable));
        assert_eq!(Sealer::new(&[8; 32]).open(b"here", &sealed), Err(Unsealable));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open(b"here", &changed), Err(Unsealable));
            assert_eq!(key.open(b"here", &sealed[..at]), Err(Unsealable));
        }
    }
}
