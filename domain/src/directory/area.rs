//! Where an agency is responsible.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::territory::{CommuneCode, InvalidCommuneCode};

/// The area an agency answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// The whole province.
    Province,
    /// Some communes.
    Communes(Vec<CommuneCode>),
}

impl Area {
    /// Whether all of this area lies in `other`.
    #[must_use]
    pub fn lies_in(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Province) => true,
            (Self::Province, Self::Communes(_)) => false,
            (Self::Communes(own), Self::Communes(others)) => {
                own.iter().all(|commune| others.contains(commune))
            }
        }
    }

    /// The communes, where it is not the whole province.
    #[must_use]
    pub fn communes(&self) -> Option<&[CommuneCode]> {
        match self {
            Self::Province => None,
            Self::Communes(communes) => Some(communes),
        }
    }
}

/// As it is stored: a star, or the codes with spaces between.
impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Province => formatter.write_str("*"),
            Self::Communes(communes) => {
                let codes: Vec<_> = communes.iter().map(CommuneCode::as_str).collect();
                formatter.write_str(&codes.join(" "))
            }
        }
    }
}

impl FromStr for Area {
    type Err = InvalidCommuneCode;

    fn from_str(text: &str) -> Result<Self, InvalidCommuneCode> {
        if text == "*" {
            return Ok(Self::Province);
        }
        text.split_whitespace().map(str::parse).collect::<Result<_, _>>().map(Self::Communes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_read_as_it_is_written_and_lies_in_a_larger_one() {
        let [all, two, one] = ["*", "05443 05500", "05500"].map(str::parse::<Area>);
        let (all, two, one) = (all.unwrap(), two.unwrap(), one.unwrap());
        assert_eq!(two.to_string(), "05443 05500");
        assert!(one.lies_in(&two) && two.lies_in(&all) && all.lies_in(&all));
        assert!(!two.lies_in(&one) && !all.lies_in(&two));
        assert!("05443 x".parse::<Area>().is_err());
    }
}
