//! The codes of procedures.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The national code of a procedure, `d.dddddd`: its key.
///
/// Provinces append their own parts, in an older and a newer form (`1.001193.000.00.00.H55`,
/// `1.014028.H55`, with a further number for an online service). All of them parse, and all of
/// them name the procedure of the stem.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProcedureCode([u8; 8]);

impl ProcedureCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for ProcedureCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ProcedureCode").field(&self.as_str()).finish()
    }
}

impl From<ProcedureCode> for String {
    fn from(code: ProcedureCode) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for ProcedureCode {
    type Error = InvalidProcedureCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for ProcedureCode {
    type Err = InvalidProcedureCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim().split('.').peekable();
        let mut take = |fits: &dyn Fn(&str) -> bool| parts.next_if(|part| fits(part));

        let series = take(&|part| digits(part, 1)).ok_or(InvalidProcedureCode)?;
        let number = take(&|part| digits(part, 6)).ok_or(InvalidProcedureCode)?;
        if take(&|part| digits(part, 3)).is_some() {
            take(&|part| digits(part, 2)).ok_or(InvalidProcedureCode)?;
            take(&|part| digits(part, 2)).ok_or(InvalidProcedureCode)?;
        }
        if take(&province).is_some() {
            take(&|part| digits(part, 2) || digits(part, 3));
        }
        if parts.next().is_some() {
            return Err(InvalidProcedureCode);
        }
        let stem = format!("{series}.{number}").into_bytes();
        stem.try_into().map(Self).map_err(|_| InvalidProcedureCode)
    }
}

/// Whether `part` is `count` digits.
fn digits(part: &str, count: usize) -> bool {
    part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `part` is the letter and two digits of a province or ministry, such as H55.
fn province(part: &str) -> bool {
    part.split_at_checked(1).is_some_and(|(letter, number)| {
        letter.bytes().all(|byte| byte.is_ascii_alphabetic()) && digits(number, 2)
    })
}

/// The text is no procedure code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a procedure code looks like 1.001193, or like its local form 1.001193.000.00.00.H55")]
pub struct InvalidProcedureCode;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1.001193")]
    #[case("  1.001193\n")]
    #[case("1.001193.000.00.00.H55")]
    #[case("1.001193.000.00.00.h55")]
    #[case("1.001193.000.00.00.H55.02")]
    #[case("1.001193.000.00.00.H55.242")]
    #[case("1.001193.000.00.00")]
    #[case("1.001193.H55")]
    #[case("1.001193.H55.02")]
    #[case("1.001193.000.00.00.H35")]
    #[case("1.001193.G22")]
    fn every_form_names_the_stem(#[case] text: &str) {
        assert_eq!(text.parse::<ProcedureCode>().unwrap().as_str(), "1.001193");
    }

    #[rstest]
    #[case("")]
    #[case("1")]
    #[case("1.")]
    #[case("1.00119")]
    #[case("1.0011933")]
    #[case("11.001193")]
    #[case("1.001193.")]
    #[case("1.001193.000")]
    #[case("1.001193.000.00.H55")]
    #[case("1.001193.55H")]
    #[case("1.001193.H55.1")]
    #[case("1.001193.H55.02.03")]
    #[case("١.٠٠١١٩٣")]
    #[case("1,001193")]
    fn anything_else_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<ProcedureCode>(), Err(InvalidProcedureCode));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            if let Ok(code) = text.parse::<ProcedureCode>() {
                prop_assert_eq!(code.as_str().len(), 8);
                prop_assert_eq!(code.as_str().parse(), Ok(code.clone()));
            }
        }
    }
}
