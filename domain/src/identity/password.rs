//! Passwords of staff.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::Username;

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
    /// The fewest characters that something repeated may have.
    const FEWEST: usize = 5;
    /// What everybody thinks of first when choosing a password for this service.
    const OURS: [&str; 4] = ["thainguyen", "cthainguyen", "c-thainguyen", "thái nguyên"];

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The password, if `username` may choose it as a new one (NIST SP 800-63B, section 3.1.1.2):
    /// long enough, not among the `known` ones, not with such a one for its only core, and not
    /// built on the name of the person or of the service.
    ///
    /// # Errors
    /// [`WeakPassword`] says what is wrong with it.
    pub fn acceptable(
        self,
        username: &Username,
        known: &impl KnownPasswords,
    ) -> Result<Self, WeakPassword> {
        match self.0.chars().count() {
            0..Self::SHORTEST => return Err(WeakPassword::TooShort),
            Self::SHORTEST..=Self::LONGEST => {}
            _ => return Err(WeakPassword::TooLong),
        }
        let lower = self.0.to_lowercase();
        let core = lower.trim_matches(|c: char| !c.is_alphabetic());
        if core == username.as_str() || Self::OURS.contains(&core) {
            return Err(WeakPassword::Personal);
        }
        let unit = repeated(&lower);
        let is_known = [lower.as_str(), core, unit].into_iter().any(|text| known.holds(text));
        if is_known || core.is_empty() || unit.chars().count() < Self::FEWEST {
            return Err(WeakPassword::Known);
        }
        Ok(self)
    }
}

/// The shortest text of which `text` is a repetition: itself, where it repeats nothing.
fn repeated(text: &str) -> &str {
    let cuts = text.char_indices().map(|(at, _)| at).skip(1);
    let mut units = cuts.filter_map(|at| text.get(..at));
    units.find(|unit| text.split(unit).all(str::is_empty)).unwrap_or(text)
}

/// Passwords that were seen in breaches, or that everybody tries first.
pub trait KnownPasswords {
    /// Whether `password`, in lower case, is among them.
    fn holds(&self, password: &str) -> bool;
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

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// It has too few characters.
    #[error("a password has at least {} characters", Password::SHORTEST)]
    TooShort,
    /// It has too many.
    #[error("a password has at most {} characters", Password::LONGEST)]
    TooLong,
    /// It is one that everybody tries first, with or without digits around it.
    #[error("this password is known from breaches, or too easy to guess: choose another one")]
    Known,
    /// It is little more than the name of the person or of the service.
    #[error("this password is built on your name or on ours: choose another one")]
    Personal,
}

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A list of two.
    struct Two;

    impl KnownPasswords for Two {
        fn holds(&self, password: &str) -> bool {
            ["matkhau", "qwertyuiop12"].contains(&password)
        }
    }

    fn judged(password: &str) -> Result<(), WeakPassword> {
        let username = "nguyenvanbinh".parse().unwrap();
        Password::from(password).acceptable(&username, &Two).map(|_| ())
    }

    #[test]
    fn what_everybody_tries_first_cannot_be_chosen() {
        use WeakPassword::{Known, Personal, TooLong, TooShort};
        for (password, verdict) in [
            ("elevenchars", Err(TooShort)),
            (&"x".repeat(257), Err(TooLong)),
            ("Qwertyuiop12", Err(Known)),
            ("MatKhau!2026", Err(Known)),
            ("matkhaumatkhau", Err(Known)),
            ("123456789012", Err(Known)),
            ("abcabcabcabc", Err(Known)),
            ("aaaaaaaaaaaaaaaa", Err(Known)),
            ("2026 ThaiNguyen 2026", Err(Personal)),
            ("NguyenVanBinh1", Err(Personal)),
            ("con trâu là đầu cơ nghiệp", Ok(())),
            ("correct horse battery staple", Ok(())),
        ] {
            assert_eq!(judged(password), verdict, "{password}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,300}") {
            let verdict = judged(&text);
            prop_assert!(verdict.is_err() || text.nfc().count() >= Password::SHORTEST);
        }
    }
}
