//! Leaving a system alone that does not answer.

use chrono::{DateTime, TimeDelta, Utc};
use domain::dossier::DossierCode;

/// So many failures in a row, and it is left alone.
const TOLERATED: u32 = 5;
/// For so long; then one question is let through, and the others follow once that is answered.
const REST: TimeDelta = TimeDelta::seconds(30);

/// Counts the failures of another system.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    rests_until: Option<DateTime<Utc>>,
    /// The dossier after which it was asked when it last answered well.
    answered: Option<DossierCode>,
}

impl Breaker {
    /// Whether the system may be asked at `at`.
    pub(super) fn admits(&mut self, at: DateTime<Utc>) -> bool {
        let admits = self.rests_until.is_none_or(|until| until <= at);
        if admits && self.rests_until.is_some() {
            self.rests_until = Some(at + REST);
        }
        admits
    }

    /// The system answered when it was asked after `code`.
    pub(super) fn succeeded(&mut self, code: &DossierCode) {
        *self = Self { answered: Some(code.clone()), ..Self::default() };
    }

    /// After which dossier to ask to know whether the system is well, if it is left alone.
    pub(super) fn control_question(&self) -> Option<DossierCode> {
        self.answered.clone().filter(|_| self.rests_until.is_some())
    }

    /// The system did not answer at `at`.
    pub(super) fn failed(&mut self, at: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= TOLERATED {
            self.rests_until = Some(at + REST);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn broken() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..TOLERATED {
            assert!(breaker.admits(at(0)));
            breaker.failed(at(0));
        }
        breaker
    }

    #[test]
    fn one_question_goes_through_after_the_rest() {
        let mut breaker = broken();
        assert!(!breaker.admits(at(29)));
        assert!(breaker.admits(at(30)));
        assert!(!breaker.admits(at(30)), "the first has not been answered yet");
        breaker.failed(at(31));
        assert!(!breaker.admits(at(60)) && breaker.admits(at(61)));
        assert_eq!(breaker.control_question(), None, "it never answered");
        let code: DossierCode = "H55.242-261123-0001".parse().unwrap();
        breaker.succeeded(&code);
        assert_eq!(breaker.control_question(), None, "it is not left alone");
        assert!(breaker.admits(at(61)) && breaker.admits(at(61)));
        for _ in 0..TOLERATED {
            breaker.failed(at(61));
        }
        assert_eq!(breaker.control_question(), Some(code));
    }

    proptest! {
        #[test]
        fn a_system_that_never_answers_is_asked_twice_a_minute(gaps in prop::collection::vec(0_i64..5, 1..200)) {
            let (mut breaker, mut now, mut asked) = (broken(), 0, 0);
            for gap in gaps {
                now += gap;
                if breaker.admits(at(now)) {
                    asked += 1;
                    breaker.failed(at(now));
                }
            }
            prop_assert!(asked <= now / 30);
        }
    }
}
