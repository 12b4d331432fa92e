//! One-time passwords of six digits, sent by SMS: to sign in by phone, or to change the phone.

mod challenge;
mod change;
mod request;
mod verify;

pub use challenge::{ChallengeId, OtpChallenge, OtpRepository};
pub use change::{PhoneChanged, change_phone};
pub use request::{OtpRates, OtpRequest, OtpSent, RequestOtpError, request_otp};
pub use verify::{OtpVerified, verify_otp};
pub(super) use verify::{PhoneProof, prove_phone};

use crate::{
    identity::{Phone, SessionId},
    secret::{Digest, Hasher, Purpose},
};

/// What a code is good for. Sent for one thing, it is wrong for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtpUse {
    /// To sign in with the phone.
    SignIn,
    /// To put the phone in the place of the one before; in this session alone.
    ChangePhone(SessionId),
}

impl OtpUse {
    /// The text on the phone, short enough for one SMS (70 characters with Vietnamese letters). Who
    /// reads it learns what the code does.
    fn message(self, code: &str) -> String {
        let what = match self {
            Self::SignIn => "mã đăng nhập của bạn",
            Self::ChangePhone(_) => "mã đổi số điện thoại",
        };
        format!("{code} là {what}, dùng trong 5 phút. Không đưa cho ai.")
    }
}

/// The digest under which a code is kept: bound to its challenge, and to what it is good for.
fn digest(hasher: &impl Hasher, id: ChallengeId, good_for: OtpUse, code: &str) -> Digest {
    let id = id.uuid();
    let (what, whose) = match good_for {
        OtpUse::SignIn => ("sign in", id),
        OtpUse::ChangePhone(session) => ("change phone", session.uuid()),
    };
    let parts = [id.as_bytes(), what.as_bytes(), whose.as_bytes(), code.as_bytes()];
    hasher.digest(Purpose::OneTimePassword, &parts)
}

/// The allowance of codes that may be sent to `phone`, whoever asks for them.
fn allowance_to(hasher: &impl Hasher, phone: &Phone) -> Digest {
    hasher.digest(Purpose::Allowance, &[b"codes to", phone.e164().as_bytes()])
}

/// Whose allowance of codes it is that `source` uses.
fn allowance_of(hasher: &impl Hasher, source: Digest) -> Digest {
    hasher.digest(Purpose::Allowance, &[b"codes", &source.0])
}
