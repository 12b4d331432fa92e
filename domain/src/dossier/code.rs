//! The codes of dossiers.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;

/// The code on the receipt of a dossier: what filed it, a hyphen, the day as `yyMMdd`, a hyphen, a
/// number (`000.00.04.G18-200727-0516`, `H55.242-261123-0001`). Some systems write it otherwise, so
/// any 8 to 40 letters, digits, dots and hyphens are one, in capitals.
///
/// Numbers follow each other: who knows one code knows others, and a code never proves anything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DossierCode(String);

/// How a code is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeForm {
    /// By a unit with a national code of the older kind: `000.00.04.G18`.
    National,
    /// By a unit of a province or ministry with a code of the newer kind: `H55.242`.
    Local,
    /// In some other way.
    Other,
}

impl CodeForm {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Local => "local",
            Self::Other => "other",
        }
    }
}

impl DossierCode {
    const LENGTH: std::ops::RangeInclusive<usize> = 8..=40;

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How it is made.
    #[must_use]
    pub fn form(&self) -> CodeForm {
        self.parts().map_or(CodeForm::Other, |(unit, _)| unit_form(unit))
    }

    /// The code of the unit that filed it, where it names one.
    #[must_use]
    pub fn unit(&self) -> Option<&str> {
        self.parts().map(|(unit, _)| unit)
    }

    /// The day on which it was filed, where it says so.
    #[must_use]
    pub fn filed_on(&self) -> Option<NaiveDate> {
        self.parts().map(|(_, day)| day)
    }

    /// The unit and the day, where it is made as the national ones are.
    fn parts(&self) -> Option<(&str, NaiveDate)> {
        let (rest, number) = self.0.rsplit_once('-')?;
        let (unit, day) = rest.rsplit_once('-')?;
        let numbered = number.len() >= 4 && is_digits(number);
        let day = NaiveDate::parse_from_str(day, "%y%m%d").ok().filter(|_| is_digits(day))?;
        (numbered && unit_form(unit) != CodeForm::Other).then_some((unit, day))
    }
}

/// How the code of a unit is made.
fn unit_form(unit: &str) -> CodeForm {
    let parts: Vec<&str> = unit.split('.').collect();
    match parts.as_slice() {
        [a, b, c, top] if [a, b, c].iter().all(|part| is_digits(part)) && is_top(top) => {
            CodeForm::National
        }
        [top, below @ ..] if is_top(top) && below.iter().all(|part| is_digits(part)) => {
            CodeForm::Local
        }
        _ => CodeForm::Other,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `part` is the letter and two digits of a province or ministry, such as H55.
fn is_top(part: &str) -> bool {
    part.len() == 3
        && part.starts_with(|c: char| c.is_ascii_uppercase())
        && part.get(1..).is_some_and(is_digits)
}

impl FromStr for DossierCode {
    type Err = InvalidDossierCode;

    /// Reads a code as people type it: in small letters, with spaces, with a dash for the hyphen.
    fn from_str(text: &str) -> Result<Self, InvalidDossierCode> {
        let meant = |c: char| if matches!(c, '‐' | '‑' | '–' | '—') { '-' } else { c };
        let compact = text.chars().filter(|c| !c.is_whitespace()).map(meant);
        let code: String = compact.take(Self::LENGTH.end() + 1).collect();
        let code = code.to_ascii_uppercase();
        let fits = |byte: u8| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
        };
        if Self::LENGTH.contains(&code.len()) && code.bytes().all(fits) {
            Ok(Self(code))
        } else {
            Err(InvalidDossierCode)
        }
    }
}

impl fmt::Display for DossierCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The text is no code of a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the code of a dossier has 8 to 40 letters, digits, dots and hyphens")]
pub struct InvalidDossierCode;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("000.00.04.G18-200727-0516", CodeForm::National, Some("2020-07-27"))]
    #[case(" h55.242–261123-0001 ", CodeForm::Local, Some("2026-11-23"))]
    #[case("H55-261123-00012", CodeForm::Local, Some("2026-11-23"))]
    #[case("H35.12-261123-0001", CodeForm::Local, Some("2026-11-23"))]
    #[case("000.00.35.H35-261123-0001", CodeForm::National, Some("2026-11-23"))]
    #[case("H55.242-261323-0001", CodeForm::Other, None)]
    #[case("H55.242-261123-01", CodeForm::Other, None)]
    #[case("ABCDEFGH", CodeForm::Other, None)]
    fn codes_are_read_as_people_write_them(
        #[case] text: &str,
        #[case] form: CodeForm,
        #[case] filed_on: Option<&str>,
    ) {
        let code: DossierCode = text.parse().unwrap();
        assert_eq!(
            (code.form(), code.filed_on().map(|day| day.to_string())),
            (form, filed_on.map(str::to_owned))
        );
    }

    #[rstest]
    #[case("")]
    #[case("H55-1")]
    #[case("H55.242/261123/0001")]
    #[case("Ｈ55.242-261123-0001")]
    #[case("H55.242-261123-0001H55.242-261123-0001H55")]
    fn anything_else_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<DossierCode>(), Err(InvalidDossierCode));
    }

    proptest! {
        #[test]
        fn a_code_reads_as_itself(text in any::<String>(), fit in "[A-Za-z0-9. –-]{8,40}") {
            for text in [text, fit] {
                if let Ok(code) = text.parse::<DossierCode>() {
                    prop_assert_eq!(code.as_str().parse(), Ok(code.clone()));
                }
            }
        }
    }
}
