//! Where the caller is, and how far that can be trusted.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::territory::Position;

/// A phone's clock that is further back than this is wrong (a flat battery sets it to 1970).
const OLDEST_BELIEVED: TimeDelta = TimeDelta::days(30);
/// At this much of its battery, in percent, a phone may die any moment.
const DYING: f64 = 5.0;
/// How fast a caller of unknown speed may have moved since, in metres per second: a brisk walk.
const WALK: f64 = 1.5;
/// The radius of a reading that does not say how accurate it is, in metres: a network cell.
const CELL: f64 = 2_000.0;

/// How a position was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Satellites.
    Gps,
    /// Wireless networks around.
    Wifi,
    /// The network cell.
    Cell,
    /// Several of them together, as phones do.
    Fused,
    /// The caller put a pin on a map.
    Manual,
    /// Not known.
    Unknown,
}

impl Source {
    /// The source of this name, as phones and AML write it.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "gps" | "gnss" => Some(Self::Gps),
            "wifi" => Some(Self::Wifi),
            "cell" | "network" => Some(Self::Cell),
            "fused" => Some(Self::Fused),
            "manual" => Some(Self::Manual),
            "unknown" => Some(Self::Unknown),
            _ => None,
        }
    }
}

/// What a phone says of the goodness of a position. Every field may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quality {
    /// The horizontal radius in metres within which the phone is with the stated confidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Metres above the ellipsoid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
    /// How far the altitude may be off, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertical_accuracy_m: Option<f64>,
    /// The confidence of the radius, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// How the position was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Metres per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<f64>,
    /// Degrees clockwise from north, 0 to 360.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearing_deg: Option<f64>,
    /// The battery in percent, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery_pct: Option<f64>,
    /// The phone says that the position was made up by an app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mock: Option<bool>,
    /// The caller pressed for help at this very point: it passes every filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sos: Option<bool>,
    /// The phone says that it is about to die.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_gasp: Option<bool>,
}

/// A position as a phone tells it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Where.
    pub position: Position,
    /// How good.
    pub quality: Quality,
    /// When, by the phone's clock, which may be wrong.
    pub fixed_at: Option<DateTime<Utc>>,
    /// How long ago, in milliseconds by the phone's own count, which beats its clock.
    pub age_ms: Option<u64>,
}

/// A position with times that can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Where.
    pub position: Position,
    /// How good.
    pub quality: Quality,
    /// When the phone was there, by the server's clock.
    pub fixed_at: DateTime<Utc>,
    /// What the phone's clock said, else `fixed_at`: by this a repetition is known.
    pub device_at: DateTime<Utc>,
    /// When the server was told.
    pub received_at: DateTime<Utc>,
}

impl Reading {
    /// The fix that this reading is when it arrives at `received_at`. The age counts before the
    /// clock; a clock in the future or unbelievably far back does not count at all.
    #[must_use]
    pub fn arrived(self, received_at: DateTime<Utc>) -> Fix {
        let oldest = received_at - OLDEST_BELIEVED;
        let by_age = self
            .age_ms
            .and_then(|age| i64::try_from(age).ok())
            .and_then(TimeDelta::try_milliseconds)
            .and_then(|age| received_at.checked_sub_signed(age));
        let fixed_at = by_age
            .or(self.fixed_at)
            .filter(|at| (oldest..=received_at).contains(at))
            .unwrap_or(received_at);
        Fix {
            position: self.position,
            quality: self.quality,
            fixed_at,
            device_at: self.fixed_at.unwrap_or(fixed_at),
            received_at,
        }
    }
}

impl Fix {
    /// By what a repetition of the same reading is known: the phone's clock, the place, and whether
    /// it is a cry for help.
    #[must_use]
    pub fn mark(&self) -> (DateTime<Utc>, [u64; 2], bool) {
        let place = [self.position.lat().to_bits(), self.position.lon().to_bits()];
        (self.device_at, place, self.is_sos())
    }

    /// Whether the caller pressed for help here.
    #[must_use]
    pub fn is_sos(&self) -> bool {
        self.quality.sos == Some(true)
    }

    /// Whether it may be the last one: the phone said so, or its battery is at 5 % or less.
    #[must_use]
    pub fn is_last_gasp(&self) -> bool {
        self.quality.last_gasp == Some(true)
            || self.quality.battery_pct.is_some_and(|percent| percent <= DYING)
    }

    /// How old the position is at `at`.
    #[must_use]
    pub fn age(&self, at: DateTime<Utc>) -> TimeDelta {
        (at - self.fixed_at).max(TimeDelta::zero())
    }

    /// The radius in metres in which the caller is at `at`: what the phone said, grown by how far
    /// they may have gone since.
    #[must_use]
    pub fn radius_m(&self, at: DateTime<Utc>) -> f64 {
        let gone = self.quality.speed_mps.unwrap_or_default().max(WALK);
        self.quality.accuracy_m.unwrap_or(CELL) + gone * self.age(at).as_seconds_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(fixed_at: Option<&str>, age_ms: Option<u64>) -> Reading {
        Reading {
            position: Position::new(21.59, 105.84).unwrap(),
            quality: Quality { accuracy_m: Some(10.0), ..Quality::default() },
            fixed_at: fixed_at.map(|text| text.parse().unwrap()),
            age_ms,
        }
    }

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[rstest::rstest]
    #[case::age_beats_the_clock(Some("1970-01-01T00:00:00Z"), Some(60_000), 60)]
    #[case::the_clock_where_there_is_no_age(Some("2026-11-23T11:59:00Z"), None, 60)]
    #[case::no_clock_is_in_the_future(Some("2031-01-01T00:00:00Z"), None, 0)]
    #[case::no_call_is_half_a_century_old(Some("1970-01-01T00:00:00Z"), None, 0)]
    #[case::an_absurd_age_counts_as_none(None, Some(u64::MAX), 0)]
    #[case::nothing_said_means_now(None, None, 0)]
    fn the_time_of_a_fix(
        #[case] fixed_at: Option<&str>,
        #[case] age_ms: Option<u64>,
        #[case] age_s: i64,
    ) {
        let fix = reading(fixed_at, age_ms).arrived(noon());
        assert_eq!(fix.age(noon()), TimeDelta::seconds(age_s));
    }

    #[test]
    fn the_radius_grows_with_age() {
        let fix = reading(None, Some(100_000)).arrived(noon());
        assert!((fix.radius_m(noon()) - 160.0).abs() < 1e-9);
    }

    #[test]
    fn a_cry_for_help_is_no_repetition_of_the_same_point() {
        let quiet = reading(Some("2026-11-23T11:59:00Z"), None).arrived(noon());
        let sos = Quality { sos: Some(true), ..quiet.quality };
        assert_ne!(quiet.mark(), Fix { quality: sos, ..quiet }.mark());
    }

    #[rstest::rstest]
    #[case::said(Some(true), Some(80.0), true)]
    #[case::battery(None, Some(5.0), true)]
    #[case::enough(None, Some(5.1), false)]
    #[case::unknown(None, None, false)]
    fn a_last_gasp(
        #[case] said: Option<bool>,
        #[case] battery_pct: Option<f64>,
        #[case] last: bool,
    ) {
        let fix = reading(None, None).arrived(noon());
        let quality = Quality { last_gasp: said, battery_pct, ..fix.quality };
        assert_eq!(Fix { quality, ..fix }.is_last_gasp(), last);
    }

    #[test]
    fn a_repetition_is_known_by_the_phone_s_clock() {
        let first = reading(Some("2026-11-23T11:59:00Z"), Some(60_000)).arrived(noon());
        let again = reading(Some("2026-11-23T11:59:00Z"), Some(60_000))
            .arrived(noon() + TimeDelta::seconds(9));
        assert_eq!(first.mark(), again.mark());
    }
}
