//! What reporters do with their own report.

use super::{
    Action, Actor, FeedbackRepository, NotAllowed, Report, ReportId, Status, TrackingCode, announce,
};
use crate::{
    Moment, StoreError,
    event::EventLog,
    identity::CitizenId,
    secret::{Digest, Hasher, Purpose},
};

/// How somebody shows that a report is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// By being signed in as its reporter.
    Citizen(CitizenId),
    /// By the token that was given out when it arrived.
    Token(Digest),
}

impl Claim {
    fn holds(self, hasher: &impl Hasher, report: &Report) -> bool {
        match self {
            Self::Citizen(id) => report.reporter.citizen() == Some(id),
            Self::Token(token) => token == tracking_token(hasher, report.id),
        }
    }
}

/// The token by which the reporter follows the report `id`. It is computed, never stored.
#[must_use]
pub fn tracking_token(hasher: &impl Hasher, id: ReportId) -> Digest {
    hasher.digest(Purpose::FeedbackToken, &[id.uuid().as_bytes()])
}

/// The report with this code, if it is the caller's.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn track(
    tx: &mut impl FeedbackRepository,
    hasher: &impl Hasher,
    code: &TrackingCode,
    claim: Claim,
) -> Result<Option<Report>, StoreError> {
    Ok(tx.find_by_code(code)?.filter(|report| claim.holds(hasher, report)))
}

/// Why a report was not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// No such report of the caller's.
    #[error("no such report")]
    NotFound,
    /// Work has begun, or it has ended.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The store failed; [`StoreError::Stale`] when an officer was quicker.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes the report `id` back, before work begins; nobody but its reporter and the officers sees
/// it any more. Withdrawn again it stays as it is.
///
/// # Errors
/// [`WithdrawError`] when it is not the caller's or work has begun.
pub fn withdraw(
    tx: &mut (impl FeedbackRepository + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    id: ReportId,
    claim: Claim,
) -> Result<Report, WithdrawError> {
    let report =
        tx.find(id)?.filter(|report| claim.holds(hasher, report)).ok_or(WithdrawError::NotFound)?;
    if report.status == Status::Withdrawn {
        return Ok(report);
    }
    let seen = report.version;
    let report = report.after(Action::Withdraw, Actor::Reporter, now.at)?;
    tx.save(&report, seen)?;
    announce(tx, now, &report, Action::Withdraw.event())?;
    Ok(report)
}
