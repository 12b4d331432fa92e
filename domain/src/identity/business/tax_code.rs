//! Tax codes (mã số thuế).

use std::{fmt, str::FromStr};

/// The weights of the first nine digits.
const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// The tax code of a business: ten digits of which the last checks the others, with `-` and the
/// number of a branch (001 to 999) where it is one; or the twelve digits of a person, under which
/// household businesses pay since 1 July 2025 (Circular 86/2024/TT-BTC).
///
/// The number of a person is shown masked, so that a log or an error never gives it away.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TaxCode(String);

impl TaxCode {
    /// The whole code.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is the number of a person.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.0.len() == 12
    }
}

impl FromStr for TaxCode {
    type Err = InvalidTaxCode;

    /// Reads `0101234567`, `0101234567-001`, `019 203 004 567` and the like.
    fn from_str(text: &str) -> Result<Self, InvalidTaxCode> {
        let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        let valid = match code.split_once('-') {
            Some((parent, branch)) => is_checked(parent) && is_branch(branch),
            None => is_checked(&code) || is_person(&code),
        };
        if valid { Ok(Self(code)) } else { Err(InvalidTaxCode) }
    }
}

/// The value of each of `text`, where it is all digits.
fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// Ten digits: the last is 10 less the remainder by 11 of the weighted sum of the others.
fn is_checked(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| digits.len() == 10) else { return false };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    digits.last().is_some_and(|&check| check + sum % 11 == 10)
}

fn is_branch(text: &str) -> bool {
    text.len() == 3 && digits(text).is_some() && text != "000"
}

/// Twelve digits, the first three a province: 001 to 096.
fn is_person(text: &str) -> bool {
    let province = text.get(..3).and_then(|province| province.parse::<u32>().ok());
    text.len() == 12
        && digits(text).is_some()
        && province.is_some_and(|province| (1..=96).contains(&province))
}

impl fmt::Display for TaxCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.get(9..) {
            Some(end) if self.is_personal() => write!(formatter, "*********{end}"),
            _ => formatter.write_str(&self.0),
        }
    }
}

impl fmt::Debug for TaxCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TaxCode({self})")
    }
}

/// The text is no tax code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tax code: 10 digits, 10 digits with - and a branch, or the 12 digits of a person")]
pub struct InvalidTaxCode;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        for text in ["0100109106", " 0100 109 106 ", "0100109106-001", "019203004567"] {
            assert!(text.parse::<TaxCode>().is_ok(), "{text}");
        }
        for text in
            ["", "0100109107", "0100109106-000", "0100109106-1", "000203004567", "01001091O6"]
        {
            assert_eq!(text.parse::<TaxCode>(), Err(InvalidTaxCode), "{text}");
        }
    }

    #[test]
    fn the_number_of_a_person_is_shown_masked() {
        let code: TaxCode = "019203004567".parse().unwrap();
        assert_eq!(format!("{code} {code:?}"), "*********567 TaxCode(*********567)");
    }

    proptest! {
        #[test]
        fn a_wrong_digit_is_noticed(start in "[0-9]{9}", place in 0_usize..10, shift in 1_u32..10) {
            let check = (0..10).find(|check| is_checked(&format!("{start}{check}")));
            let Some(check) = check else { return Ok(()) };
            let code = format!("{start}{check}");
            prop_assert!(code.parse::<TaxCode>().is_ok());
            let wrong = code.chars().enumerate().map(|(at, c)| {
                let digit = c.to_digit(10).unwrap();
                if at == place { char::from_digit((digit + shift) % 10, 10).unwrap() } else { c }
            });
            prop_assert!(!is_checked(&wrong.collect::<String>()));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = text.parse::<TaxCode>();
        }
    }
}
