//! Mobile phone numbers.

use std::{fmt, str::FromStr};

use phonenumber::country;

/// A Vietnamese mobile phone number.
///
/// Shown masked wherever it is displayed, so that a log or an error never gives it away;
/// [`Phone::e164`] is the way to the full number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// The nine digits after the country code.
    national: String,
}

impl Phone {
    /// The country code of Vietnam.
    const VIETNAM: u16 = 84;
    /// More than anybody writes for one number, in bytes.
    const LONGEST: usize = 60;

    /// The full number in E.164: `+84912345678`.
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+84{}", self.national)
    }

    /// Whether `digits` are of a mobile network. Which carrier they belong to is not looked at,
    /// because such lists go stale.
    fn is_mobile(digits: &str) -> bool {
        digits.len() == 9 && digits.starts_with(['3', '5', '7', '8', '9'])
    }
}

impl FromStr for Phone {
    type Err = InvalidPhone;

    /// Reads `0912 345 678`, `+84.912.345.678`, `(0084) 912-345-678` and the like.
    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        if text.len() > Self::LONGEST {
            return Err(InvalidPhone);
        }
        let fills = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '(' | ')');
        let compact: String = text.chars().filter(|&c| !fills(c)).collect();
        let digits = compact.strip_prefix('+').unwrap_or(&compact);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            // The library would read letters as the keys of a telephone, and extensions.
            return Err(InvalidPhone);
        }
        let number = phonenumber::parse(Some(country::VN), &compact).map_err(|_| InvalidPhone)?;
        let (code, national) = (number.code(), number.national().to_string());
        let has_prefix = compact.starts_with('0') || code.source() != country::Source::Default;
        if has_prefix && code.value() == Self::VIETNAM && Self::is_mobile(&national) {
            Ok(Self { national })
        } else {
            Err(InvalidPhone)
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, last) = self.national.split_at(self.national.len() - 3);
        write!(formatter, "+84******{last}")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Phone({self})")
    }
}

/// The text is no Vietnamese mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a Vietnamese mobile number, such as 0912 345 678 or +84 912 345 678")]
pub struct InvalidPhone;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_shown_masked() {
        let phone: Phone = "0912.345.678".parse().unwrap();
        assert_eq!(phone.to_string(), "+84******678");
        assert_eq!(format!("{phone:?}"), "Phone(+84******678)");
        assert_eq!(phone.e164(), "+84912345678");
    }

    #[test]
    fn what_is_no_mobile_number_is_refused() {
        for text in [
            "",
            "0",
            "113",
            "02083855432",
            "091234567",
            "09123456789",
            "912345678",
            "+1 912345678",
            "0912FLOWER",
        ] {
            assert_eq!(text.parse::<Phone>(), Err(InvalidPhone), "{text}");
        }
        assert_eq!("०९१२३४५६७८".parse::<Phone>(), Err(InvalidPhone), "digits are ASCII");
    }

    proptest! {
        #[test]
        fn every_way_to_write_a_number_is_the_same_number(
            national in "[35789][0-9]{8}",
            prefix in "0|\\+?84|0084|\\+840",
            gaps in prop::collection::vec("[ .()-]?", 13),
        ) {
            let characters = format!("{prefix}{national}");
            let written: String =
                characters.chars().zip(&gaps).flat_map(|(c, gap)| [c.to_string(), gap.clone()]).collect();
            let phone: Phone = written.parse().unwrap();
            prop_assert_eq!(phone.e164(), format!("+84{national}"));
            prop_assert_eq!(phone.e164().parse::<Phone>().unwrap(), phone);
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Ok(phone) = text.parse::<Phone>() {
                prop_assert_eq!(phone.e164().len(), 12);
            }
        }
    }
}
