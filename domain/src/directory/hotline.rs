//! Telephone numbers that citizens may call.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What a hotline is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HotlineKind {
    /// Danger to life, order or property.
    Emergency,
    /// Administrative services.
    PublicService,
    /// Medical advice and health administration.
    Health,
    /// Power, water, telephone.
    Utility,
    /// Anything else.
    Other,
}

impl HotlineKind {
    const ALL: [Self; 5] =
        [Self::Emergency, Self::PublicService, Self::Health, Self::Utility, Self::Other];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::PublicService => "public_service",
            Self::Health => "health",
            Self::Utility => "utility",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for HotlineKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for HotlineKind {
    type Err = UnknownHotlineKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.replace('-', "_");
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(UnknownHotlineKind)
    }
}

/// There is no such kind of hotline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the kind of a hotline is emergency, public_service, health, utility or other")]
pub struct UnknownHotlineKind;

/// A telephone number that citizens may call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hotline {
    /// The number as it is dialled.
    pub number: String,
    /// Who answers, in Vietnamese.
    pub name: String,
    /// What it is for.
    pub kind: HotlineKind,
    /// Where it is answered: `national`, or the name of a region.
    pub scope: String,
    /// When it is answered, where that is known.
    pub hours: Option<String>,
    /// How the number is known, for the operator.
    pub evidence: String,
    /// Whether an operator has confirmed the number. Others are not shown.
    pub confirmed: bool,
}

/// The emergency numbers of the country, in the order in which they are shown. They are certain and
/// shown whatever an operator imports.
pub const EMERGENCY_NUMBERS: [(&str, &str); 5] = [
    ("113", "Công an (an ninh, trật tự)"),
    ("114", "Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ"),
    ("115", "Cấp cứu y tế"),
    ("112", "Tìm kiếm, cứu nạn"),
    ("111", "Tổng đài điện thoại quốc gia bảo vệ trẻ em"),
];

/// The hotlines a citizen sees: the emergency numbers first, then of `known` what an operator has
/// confirmed, in its order.
#[must_use]
pub fn shown(known: &[Hotline]) -> Vec<Hotline> {
    let emergency = EMERGENCY_NUMBERS.iter().map(|&(number, name)| Hotline {
        number: number.to_owned(),
        name: name.to_owned(),
        kind: HotlineKind::Emergency,
        scope: "national".to_owned(),
        hours: Some("24/7".to_owned()),
        evidence: "national short code".to_owned(),
        confirmed: true,
    });
    let others =
        known.iter().filter(|hotline| hotline.confirmed && !is_emergency_number(&hotline.number));
    emergency.chain(others.cloned()).collect()
}

/// Whether `number` is one of the [`EMERGENCY_NUMBERS`].
#[must_use]
pub fn is_emergency_number(number: &str) -> bool {
    EMERGENCY_NUMBERS.iter().any(|&(known, _)| known == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hotline(number: &str, name: &str, confirmed: bool) -> Hotline {
        Hotline {
            number: number.to_owned(),
            name: name.to_owned(),
            kind: HotlineKind::PublicService,
            scope: "national".to_owned(),
            hours: None,
            evidence: String::new(),
            confirmed,
        }
    }

    fn numbers(known: &[Hotline]) -> Vec<String> {
        shown(known).into_iter().map(|hotline| hotline.number).collect()
    }

    #[test]
    fn the_emergency_numbers_are_always_there() {
        assert_eq!(numbers(&[]), ["113", "114", "115", "112", "111"]);
        let renamed = shown(&[hotline("113", "Pizza", true)]);
        assert_eq!(renamed.len(), 5);
        assert_eq!(renamed[0].name, "Công an (an ninh, trật tự)");
    }

    #[test]
    fn others_wait_for_an_operator() {
        let known = [hotline("1022", "Tỉnh", false), hotline("18001096", "Cổng", true)];
        assert_eq!(numbers(&known)[5..], ["18001096"]);
    }
}
