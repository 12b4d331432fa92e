//! Secrets as the rules see them: keyed digests, never the secret itself.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// A keyed 256-bit digest (HMAC-SHA-256) of a secret. Compared in constant time.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Digest(pub [u8; 32]);

/// For those digests that are no secrets.
impl fmt::LowerHex for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

/// `bytes` in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digest(..)")
    }
}

/// What a digest is for: a digest made for one purpose never matches one made for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Whose allowance it is, or of what.
    Allowance,
    /// What proves a dossier to be one's own, together with its code.
    DossierProof,
    /// The token by which an anonymous caller follows an emergency.
    EmergencyToken,
    /// The secret a caller's phone chose for its emergency.
    EmergencySecret,
    /// The token by which an anonymous reporter follows a report.
    FeedbackToken,
    /// An entry of the history of a report, together with the one before it.
    FeedbackLink,
    /// What was said with such an entry.
    FeedbackWords,
    /// The token by which something uploaded is linked and continued.
    MediaToken,
    /// By what it is counted what somebody uploaded and did not link.
    MediaQuota,
    /// An idempotency key, together with its operation and principal.
    IdempotencyKey,
    /// A request body, to recognise its repetition.
    Body,
    /// A sign-in by OpenID Connect: its secrets and codes, and whose identity it is.
    Oidc,
    /// A one-time password, together with its challenge.
    OneTimePassword,
    /// A refresh token.
    RefreshToken,
    /// The token of an invitation.
    Invitation,
    /// A code that stands in for an authenticator app, together with whose it is.
    RecoveryCode,
    /// A username that was typed, to count tries by without keeping it.
    Account,
    /// A network address or device, to count by without keeping it.
    Source,
    /// A phone number, to look it up where it is kept sealed.
    Phone,
    /// By what a device is woken, to look it up where it is kept sealed.
    PushToken,
    /// What is personal in an entry of the audit log.
    AuditPersonal,
    /// An entry of the audit log, together with the one before it.
    AuditLink,
    /// An end of the chain of the audit log.
    AuditMark,
    /// A tax code, to find it by.
    TaxCode,
    /// The phone of somebody who was invited, to find it by.
    InvitedPhone,
    /// The key of another system.
    ApiKey,
}

impl Purpose {
    /// The label mixed into the digest.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Allowance => "allowance",
            Self::DossierProof => "dossier-proof",
            Self::EmergencyToken => "emergency-token",
            Self::EmergencySecret => "emergency-secret",
            Self::FeedbackToken => "feedback-token",
            Self::FeedbackLink => "feedback-link",
            Self::FeedbackWords => "feedback-words",
            Self::MediaToken => "media-token",
            Self::MediaQuota => "media-quota",
            Self::IdempotencyKey => "idempotency-key",
            Self::Body => "body",
            Self::Oidc => "oidc",
            Self::OneTimePassword => "one-time-password",
            Self::RefreshToken => "refresh-token",
            Self::Invitation => "invitation",
            Self::RecoveryCode => "recovery-code",
            Self::Account => "account",
            Self::Source => "source",
            Self::Phone => "phone",
            Self::PushToken => "push-token",
            Self::AuditPersonal => "audit-personal",
            Self::AuditLink => "audit-link",
            Self::AuditMark => "audit-mark",
            Self::TaxCode => "tax-code",
            Self::InvitedPhone => "invited-phone",
            Self::ApiKey => "api-key",
        }
    }
}

/// Makes keyed digests; the key never leaves the adapter behind it.
pub trait Hasher: Send + Sync {
    /// The digest of `parts` for `purpose`. Parts are length-prefixed, so that they cannot run
    /// into each other.
    fn digest(&self, purpose: Purpose, parts: &[&[u8]]) -> Digest;
}
