//! Passwords of staff.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// A password as somebody typed it, in Unicode normal form C, so that the same letters match
/// whichever keyboard made them.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The shortest password a staff member may choose, in characters. Length is the only rule:
    /// NIST SP 800-63B advises against rules of composition.
    pub const SHORTEST: usize = 12;
    /// The longest, in characters; longer ones match nothing.
    pub const LONGEST: usize = 256;

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The password, if it may be chosen as a new one.
    ///
    /// # Errors
    /// [`WeakPassword`] when it is too short or too long.
    pub fn acceptable(self) -> Result<Self, WeakPassword> {
        if (Self::SHORTEST..=Self::LONGEST).contains(&self.0.chars().count()) {
            Ok(self)
        } else {
            Err(WeakPassword)
        }
    }
}

impl From<&str> for Password {
    fn from(typed: &str) -> Self {
        Self(typed.nfc().take(Self::LONGEST + 1).collect())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(..)")
    }
}

/// The password is too short or too long to be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password has {} to {} characters", Password::SHORTEST, Password::LONGEST)]
pub struct WeakPassword;

/// What is kept of a password: a slow, salted hash in PHC string format.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash in PHC string format.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for PasswordHash {
    fn from(phc: String) -> Self {
        Self(phc)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(..)")
    }
}

/// Hashes passwords, slowly on purpose: never inside a unit of work.
pub trait Passwords {
    /// The hash of `password` with `salt`.
    fn hash(&self, password: &Password, salt: [u8; 16]) -> PasswordHash;

    /// Whether `password` is the one behind `hash`.
    fn matches(&self, password: &Password, hash: &PasswordHash) -> bool;

    /// A hash that no password matches and that takes as long to check as any other.
    fn nobody(&self) -> &PasswordHash;
}
