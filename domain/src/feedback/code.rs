//! The code people write down, say on the telephone, and type.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{Moment, wall_clock::local};

/// The 31 signs that cannot be taken for one another: no 0 and O, no 1, I and L. A prime number of
/// them, so that the check sign notices any one wrong sign and any two that changed places.
const SIGNS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// How many signs are drawn; one more checks them and the date.
const DRAWN: usize = 5;

/// The tracking code of a report, such as `PA-261123-7K3M9Q`: the day it arrived in Vietnam, five
/// drawn signs and a check sign. It names the report; it opens nothing.
///
/// Read forgivingly: case, spaces and hyphens do not matter, nor does a missing `PA`, and in the
/// date `O` counts as 0, `I` and `L` as 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrackingCode(String);

impl TrackingCode {
    /// Draws a code for a report that arrives now.
    #[must_use]
    pub fn draw(now: &Moment) -> Self {
        let mut signs = String::with_capacity(DRAWN);
        while signs.len() < DRAWN {
            // 248 is the greatest multiple of 31 in a byte: beyond it some signs would be likelier.
            let [byte] = now.random::<1>();
            if let Some(&sign) = SIGNS.get(usize::from(byte % 31)).filter(|_| byte < 248) {
                signs.push(char::from(sign));
            }
        }
        Self::of(now.at, &signs)
    }

    fn of(at: DateTime<Utc>, signs: &str) -> Self {
        let date = local(at).date();
        let date = format!("{:02}{:02}{:02}", date.year() % 100, date.month(), date.day());
        let check = check_sign(&date, signs);
        Self(format!("PA-{date}-{signs}{check}"))
    }

    /// The code as people see it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The sign that makes the weighted sum of all signs a multiple of 31.
fn check_sign(date: &str, signs: &str) -> char {
    let values = date.bytes().map(|digit| u32::from(digit.saturating_sub(b'0'))).chain(
        signs.bytes().map(|sign| {
            SIGNS.iter().zip(0_u32..).find(|&(&known, _)| known == sign).map_or(0, |(_, at)| at)
        }),
    );
    let sum: u32 = values.zip(2..).map(|(value, weight)| value * weight).sum();
    let check = usize::try_from((31 - sum % 31) % 31).unwrap_or_default();
    SIGNS.get(check).copied().map_or('2', char::from)
}

impl fmt::Display for TrackingCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for TrackingCode {
    type Err = InvalidTrackingCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > 64 {
            return Err(InvalidTrackingCode);
        }
        let typed: String = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let typed = typed.strip_prefix("PA").unwrap_or(&typed);
        let (date, signs) = typed.split_at_checked(6).ok_or(InvalidTrackingCode)?;
        let date = date.replace('O', "0").replace(['I', 'L'], "1");
        NaiveDate::parse_from_str(&date, "%y%m%d").map_err(|_| InvalidTrackingCode)?;
        let (drawn, check) = signs.split_at_checked(DRAWN).ok_or(InvalidTrackingCode)?;
        let known = drawn.bytes().all(|sign| SIGNS.contains(&sign));
        if known && check.chars().eq([check_sign(&date, drawn)]) {
            Ok(Self(format!("PA-{date}-{signs}")))
        } else {
            Err(InvalidTrackingCode)
        }
    }
}

impl TryFrom<String> for TrackingCode {
    type Error = InvalidTrackingCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TrackingCode> for String {
    fn from(code: TrackingCode) -> Self {
        code.0
    }
}

/// The text is no tracking code, or one of its signs is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tracking code")]
pub struct InvalidTrackingCode;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes() -> impl Strategy<Value = TrackingCode> {
        let signs = proptest::collection::vec(0..SIGNS.len(), DRAWN);
        (0_i64..2_000_000_000, signs).prop_map(|(seconds, signs)| {
            let signs: String = signs.into_iter().map(|sign| char::from(SIGNS[sign])).collect();
            TrackingCode::of(DateTime::from_timestamp(seconds, 0).unwrap(), &signs)
        })
    }

    proptest! {
        #[test]
        fn a_code_is_read_back_however_it_is_typed(code in codes()) {
            let plain = code.as_str();
            for typed in [
                plain.to_owned(),
                plain.to_lowercase(),
                plain.replace('-', ""),
                plain.replace('-', " "),
                plain.trim_start_matches("PA-").replacen('0', "o", 1),
            ] {
                prop_assert_eq!(typed.parse::<TrackingCode>(), Ok(code.clone()), "{}", typed);
            }
        }

        #[test]
        fn one_wrong_sign_is_noticed(code in codes(), at in 0..=DRAWN, other in 0..SIGNS.len()) {
            let mut typed = code.as_str().as_bytes().to_vec();
            let place = typed.len() - 1 - at;
            prop_assume!(typed[place] != SIGNS[other]);
            typed[place] = SIGNS[other];
            prop_assert!(String::from_utf8(typed).unwrap().parse::<TrackingCode>().is_err());
        }

        #[test]
        fn two_signs_that_changed_places_are_noticed(code in codes(), at in 0..DRAWN) {
            let mut typed = code.as_str().as_bytes().to_vec();
            let place = typed.len() - 1 - at;
            prop_assume!(typed[place] != typed[place - 1]);
            typed.swap(place, place - 1);
            prop_assert!(String::from_utf8(typed).unwrap().parse::<TrackingCode>().is_err());
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(text in any::<String>()) {
            let _ = text.parse::<TrackingCode>();
        }
    }
}
