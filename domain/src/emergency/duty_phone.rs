//! Phones that somebody carries for a centre while nobody is there.

use std::str::FromStr;

use serde::Deserialize;

use crate::{directory::AgencyCode, identity::Phone};

/// A phone that somebody carries for a centre, or for all of them: `fire=0912345678`, `0912345678`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DutyPhone {
    /// For whom; for every centre when absent.
    pub(super) agency: Option<AgencyCode>,
    /// The number.
    pub(super) phone: Phone,
}

impl FromStr for DutyPhone {
    type Err = InvalidDutyPhone;

    fn from_str(line: &str) -> Result<Self, InvalidDutyPhone> {
        let (agency, phone) = match line.split_once('=') {
            Some((agency, phone)) => (Some(agency.trim()), phone.trim()),
            None => (None, line.trim()),
        };
        let agency = agency.map(str::parse).transpose().map_err(|_| InvalidDutyPhone)?;
        Ok(Self { agency, phone: phone.parse().map_err(|_| InvalidDutyPhone)? })
    }
}

impl TryFrom<String> for DutyPhone {
    type Error = InvalidDutyPhone;

    fn try_from(line: String) -> Result<Self, InvalidDutyPhone> {
        line.parse()
    }
}

/// The line is no duty phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a duty phone is a Vietnamese mobile number, or AGENCY=NUMBER")]
pub struct InvalidDutyPhone;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duty_phone_is_of_a_centre_or_of_all() {
        let of_fire: DutyPhone = "fire = 0912345678".parse().unwrap();
        assert_eq!(of_fire.agency, Some(AgencyCode::fire()));
        assert_eq!(of_fire.phone.e164(), "+84912345678");
        assert_eq!("+84912345678".parse::<DutyPhone>().unwrap().agency, None);
        for wrong in ["", "fire=", "=0912345678", "fire:0912345678", "fire=113"] {
            assert_eq!(wrong.parse::<DutyPhone>(), Err(InvalidDutyPhone), "{wrong}");
        }
    }
}
