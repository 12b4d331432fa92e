//! Me too: how many a published report concerns.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    FeedbackRepository, ListKey, NoticeBoard, PublicReport, ReportId, ReportName, Stretch,
};
use crate::{
    Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    identity::CitizenId,
    page::Page,
    secret::{Digest, Hasher, Purpose},
};

/// How many devices without an account support one report from one network address: a household
/// at once, then one more each hour.
const DEVICES: (u16, TimeDelta) = (10, TimeDelta::hours(1));

/// Who says that a report concerns them, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supporter {
    /// Somebody with an account.
    Citizen(CitizenId),
    /// A device, by a secret of its own, which calls from a network address.
    Device {
        /// The keyed digest of its secret.
        secret: Digest,
        /// The keyed digest of the address.
        source: Digest,
    },
}

impl Supporter {
    /// By what they are known beside this report alone.
    fn mark(self, hasher: &dyn Hasher, report: ReportId) -> Digest {
        let report = report.uuid();
        match self {
            Self::Citizen(id) => {
                let id = id.uuid();
                hasher.digest(
                    Purpose::FeedbackSupport,
                    &[report.as_bytes(), b"citizen", id.as_bytes()],
                )
            }
            Self::Device { secret, .. } => {
                hasher.digest(Purpose::FeedbackSupport, &[report.as_bytes(), b"device", &secret.0])
            }
        }
    }

    const fn citizen(self) -> Option<CitizenId> {
        match self {
            Self::Citizen(id) => Some(id),
            Self::Device { .. } => None,
        }
    }
}

/// That a report concerns somebody, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support {
    /// The report.
    pub report: ReportId,
    /// Whom it concerns.
    pub mark: Digest,
    /// The same, where they have an account.
    pub citizen: Option<CitizenId>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Where it is kept whom reports concern.
pub trait Supports {
    /// Adds `support`, and counts it with the report; says whether it is new.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_support(&mut self, support: &Support) -> Result<bool, StoreError>;

    /// Takes the support of whoever has this mark away; says whether there was any.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_support(&mut self, report: ReportId, mark: Digest) -> Result<bool, StoreError>;

    /// How many support each of `reports`, shown or not; those that are not there are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn supports_of(&mut self, reports: &[ReportId]) -> Result<Vec<(ReportId, i64)>, StoreError>;

    /// What `citizen` supports and strangers see, the latest support first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn supported_by(
        &mut self,
        citizen: CitizenId,
        stretch: Stretch,
    ) -> Result<Page<(PublicReport, DateTime<Utc>), ListKey>, StoreError>;

    /// Every report that `citizen` supports, shown or not, and since when.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn supports_by(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<(ReportId, DateTime<Utc>)>, StoreError>;
}

/// Why a report was not supported.
#[derive(Debug, thiserror::Error)]
pub enum SupportError {
    /// No such report is shown.
    #[error("no such report")]
    NotFound,
    /// It is the caller's own, who is counted already.
    #[error("one's own report is supported already")]
    Own,
    /// Too many devices of one address.
    #[error(transparent)]
    TooMany(#[from] TakeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts that the report of this name concerns `supporter`, too: once, however often they say so.
/// Answers with the report as it is shown now.
///
/// # Errors
/// [`SupportError`] when it is not shown, is the caller's own, or too many say so from one address.
pub fn support(
    tx: &mut (impl NoticeBoard + Supports + FeedbackRepository + Allowances),
    now: &Moment,
    hasher: &dyn Hasher,
    name: &ReportName,
    supporter: Supporter,
) -> Result<PublicReport, SupportError> {
    let mut shown = tx.shown(name)?.ok_or(SupportError::NotFound)?;
    let citizen = supporter.citizen();
    let reporter = tx.find(shown.id)?.and_then(|report| report.reporter.citizen());
    if citizen.is_some() && reporter == citizen {
        return Err(SupportError::Own);
    }
    let mark = supporter.mark(hasher, shown.id);
    let support = Support { report: shown.id, mark, citizen, at: now.at };
    if tx.add_support(&support)? {
        shown.supports = shown.supports.saturating_add(1);
        if let Supporter::Device { source, .. } = supporter {
            let id = shown.id.uuid();
            let parts: [&[u8]; 3] = [b"support", id.as_bytes(), &source.0];
            let counted = hasher.digest(Purpose::Allowance, &parts);
            allowance::take(tx, now, counted, Rate::new(DEVICES.0, DEVICES.1))?;
        }
    }
    Ok(shown)
}

/// Counts `supporter` no more. Whoever never supported it changes nothing.
///
/// # Errors
/// [`SupportError::NotFound`] when the report is not shown.
pub fn withdraw_support(
    tx: &mut (impl NoticeBoard + Supports),
    hasher: &dyn Hasher,
    name: &ReportName,
    supporter: Supporter,
) -> Result<PublicReport, SupportError> {
    let mut shown = tx.shown(name)?.ok_or(SupportError::NotFound)?;
    if tx.remove_support(shown.id, supporter.mark(hasher, shown.id))? {
        shown.supports = shown.supports.saturating_sub(1);
    }
    Ok(shown)
}
