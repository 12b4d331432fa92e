//! How long an answer takes, told honestly: from what was answered, not from what was promised.

use chrono::{DateTime, TimeDelta, Utc};

use super::{FeedbackRepository, Report};
use crate::{StoreError, directory::AgencyCode, quantile::quantile};

/// How far back answers are looked at.
const LATELY: TimeDelta = TimeDelta::days(180);
/// At most so many of them, the latest ones.
const MOST: usize = 200;
/// From fewer no time, no share and no rating is told: they would judge an office by chance.
pub const FEWEST: usize = 10;

/// How long the answers of one agency in one category took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Half of them took at most so long.
    pub median: TimeDelta,
    /// Four in five took at most so long.
    pub p80: TimeDelta,
    /// Of so many.
    pub sample: usize,
}

impl Estimate {
    /// The estimate from how long answers `took`; none from fewer than ten.
    #[must_use]
    pub fn from(mut took: Vec<TimeDelta>) -> Option<Self> {
        took.sort_unstable();
        let sample = took.len();
        if sample < FEWEST {
            return None;
        }
        Some(Self { median: quantile(&took, 50)?, p80: quantile(&took, 80)?, sample })
    }
}

/// How long the answer to `report` may take, as its agency answered such reports lately; none once
/// it is answered, and from too few.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn estimate(
    tx: &mut impl FeedbackRepository,
    report: &Report,
    at: DateTime<Utc>,
) -> Result<Option<Estimate>, StoreError> {
    if !report.status.is_open() {
        return Ok(None);
    }
    usual(tx, (&report.category, &report.agency), at)
}

/// How long `agency` took lately to answer reports of a category.
pub(super) fn usual(
    tx: &mut impl FeedbackRepository,
    (category, agency): (&str, &AgencyCode),
    at: DateTime<Utc>,
) -> Result<Option<Estimate>, StoreError> {
    Ok(Estimate::from(tx.answered(category, agency, at - LATELY, MOST)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// At least so many took at most so long, and from too few nothing is told.
        #[test]
        fn an_estimate_is_what_that_many_took(took in proptest::collection::vec(0_i64..900, 0..60)) {
            let took: Vec<_> = took.into_iter().map(TimeDelta::seconds).collect();
            let estimate = Estimate::from(took.clone());
            prop_assert_eq!(estimate.is_some(), took.len() >= FEWEST);
            if let Some(Estimate { median, p80, sample }) = estimate {
                prop_assert_eq!(sample, took.len());
                let within = |most| took.iter().filter(|&&it| it <= most).count();
                let below = |least| took.iter().filter(|&&it| it < least).count();
                prop_assert!(within(median) * 2 >= sample && below(median) * 2 < sample);
                prop_assert!(within(p80) * 5 >= sample * 4 && below(p80) * 5 < sample * 4);
            }
        }
    }
}
