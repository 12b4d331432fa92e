//! Communes and wards: the level of administration below the province.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Position;

/// The five digits by which the state counts a commune (Decision 19/2025/QĐ-TTg).
///
/// Codes of the time before July 2025 look the same and were given out again, often under another
/// name: a former code is no [`CommuneCode`], it stays inside its [`LegacyCommune`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommuneCode([u8; 5]);

impl CommuneCode {
    /// The five digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for CommuneCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for CommuneCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for CommuneCode {
    type Err = InvalidCommuneCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match <[u8; 5]>::try_from(text.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_digit) => Ok(Self(digits)),
            _ => Err(InvalidCommuneCode),
        }
    }
}

impl TryFrom<String> for CommuneCode {
    type Error = InvalidCommuneCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CommuneCode> for String {
    fn from(code: CommuneCode) -> Self {
        code.as_str().to_owned()
    }
}

/// The text is no commune code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a commune code is five digits")]
pub struct InvalidCommuneCode;

/// What a commune is called by law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CommuneType {
    /// In town.
    #[serde(rename = "phường")]
    Ward,
    /// In the country.
    #[serde(rename = "xã")]
    Rural,
}

impl CommuneType {
    /// The Vietnamese word, in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ward => "phường",
            Self::Rural => "xã",
        }
    }
}

/// The rectangle around an area, in WGS 84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// The least longitude.
    pub west: f64,
    /// The least latitude.
    pub south: f64,
    /// The greatest longitude.
    pub east: f64,
    /// The greatest latitude.
    pub north: f64,
}

/// A commune or ward of today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commune {
    /// Its code.
    pub code: CommuneCode,
    /// Its name alone: `Đức Xuân`.
    pub name: String,
    /// Its name with its type: `Phường Đức Xuân`.
    pub full_name: String,
    /// Ward or rural commune.
    #[serde(rename = "type")]
    pub kind: CommuneType,
    /// The province it belonged to before July 2025.
    pub old_province: String,
    /// The districts its land belonged to before July 2025.
    pub old_districts: Vec<String>,
    /// The former communes it was made of, wholly or in part, with their type; empty where it
    /// was left as it was.
    pub merged_from: Vec<String>,
    /// The middle of its area, which may lie outside of it.
    pub centroid: Position,
    /// A point that lies in it.
    pub inside: Position,
    /// Its area in square kilometres.
    pub area_km2: f64,
    /// The rectangle around it.
    pub bounds: Bounds,
}

/// A commune, ward or township as it stood before July 2025, and one commune its land went to.
/// A divided one has several of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LegacyCommune {
    /// The code it had then; not unique over time.
    pub old_code: String,
    /// Its name with its type: `Thị trấn Chợ Chu`.
    pub old_name: String,
    /// Its district.
    pub old_district: String,
    /// Its province.
    pub old_province: String,
    /// The commune of today.
    pub new_code: CommuneCode,
    /// Whether its land went to more than one commune.
    pub divided: bool,
    /// Whether this target is the one to assume where nothing more is known.
    pub default_target: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commune_code_is_five_digits() {
        assert_eq!("05443".parse::<CommuneCode>().unwrap().to_string(), "05443");
        for wrong in ["", "5443", "054430", "0544x", "٠٥٤٤٣", "05443\0"] {
            assert_eq!(wrong.parse::<CommuneCode>(), Err(InvalidCommuneCode), "{wrong:?}");
        }
    }
}
