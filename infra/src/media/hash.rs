//! Sums of what clients send, so that they know that it arrived as it left.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// How bytes are summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashKind {
    /// SHA-1: against accidents, which is all that a checksum is for.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// A sum under way.
#[derive(Clone, Debug)]
pub struct Hash(Running);

#[derive(Clone, Debug)]
enum Running {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Hash {
    /// The sum of nothing.
    #[must_use]
    pub fn new(kind: HashKind) -> Self {
        Self(match kind {
            HashKind::Sha1 => Running::Sha1(Sha1::new()),
            HashKind::Sha256 => Running::Sha256(Sha256::new()),
        })
    }

    /// Adds `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Running::Sha1(hash) => hash.update(bytes),
            Running::Sha256(hash) => hash.update(bytes),
        }
    }

    /// What it comes to.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        match &self.0 {
            Running::Sha1(hash) => hash.clone().finalize().to_vec(),
            Running::Sha256(hash) => hash.clone().finalize().to_vec(),
        }
    }
}
