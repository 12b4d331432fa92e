//! Signing in by phone: a one-time password of six digits, sent by SMS.

mod challenge;
mod request;
mod verify;

pub use challenge::{ChallengeId, OtpChallenge, OtpRepository};
pub use request::{OtpRates, OtpRequest, OtpSent, RequestOtpError, request_otp};
pub use verify::{OtpVerified, verify_otp};
pub(super) use verify::{PhoneProof, prove_phone};

use crate::secret::{Digest, Hasher, Purpose};

/// The digest under which a code is kept: bound to its challenge.
fn digest(hasher: &impl Hasher, id: ChallengeId, code: &str) -> Digest {
    hasher.digest(Purpose::OneTimePassword, &[id.uuid().as_bytes(), code.as_bytes()])
}

/// Whose allowance of codes it is that `source` uses.
fn allowance_of(hasher: &impl Hasher, source: Digest) -> Digest {
    hasher.digest(Purpose::Allowance, &[b"codes", &source.0])
}
