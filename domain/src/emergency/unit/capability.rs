//! What a unit can do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::emergency::Kind;

/// What a unit can do. The list is closed: programs match on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Carries patients.
    Ambulance,
    /// Has a doctor, or what intensive care needs.
    IntensiveCare,
    /// Gives first aid.
    FirstAid,
    /// Puts fires out.
    FireEngine,
    /// Reaches high floors.
    Ladder,
    /// Handles dangerous substances.
    HazardousMaterials,
    /// Frees people from wrecks, rubble and heights.
    Rescue,
    /// Goes on water.
    Boat,
    /// Drives where there is no road.
    OffRoad,
    /// Keeps the peace.
    Police,
    /// Looks after children in danger.
    ChildProtection,
}

impl Capability {
    /// All there are.
    pub const ALL: [Self; 11] = [
        Self::Ambulance,
        Self::IntensiveCare,
        Self::FirstAid,
        Self::FireEngine,
        Self::Ladder,
        Self::HazardousMaterials,
        Self::Rescue,
        Self::Boat,
        Self::OffRoad,
        Self::Police,
        Self::ChildProtection,
    ];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ambulance => "ambulance",
            Self::IntensiveCare => "intensive_care",
            Self::FirstAid => "first_aid",
            Self::FireEngine => "fire_engine",
            Self::Ladder => "ladder",
            Self::HazardousMaterials => "hazardous_materials",
            Self::Rescue => "rescue",
            Self::Boat => "boat",
            Self::OffRoad => "off_road",
            Self::Police => "police",
            Self::ChildProtection => "child_protection",
        }
    }

    /// What people call it, in Vietnamese and in English.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Ambulance => ("Xe cứu thương", "Ambulance"),
            Self::IntensiveCare => ("Hồi sức cấp cứu", "Intensive care"),
            Self::FirstAid => ("Sơ cứu", "First aid"),
            Self::FireEngine => ("Xe chữa cháy", "Fire engine"),
            Self::Ladder => ("Xe thang", "Ladder"),
            Self::HazardousMaterials => ("Xử lý chất nguy hại", "Hazardous materials"),
            Self::Rescue => ("Cứu nạn, cứu hộ", "Rescue"),
            Self::Boat => ("Xuồng, ca nô", "Boat"),
            Self::OffRoad => ("Xe địa hình", "Off-road vehicle"),
            Self::Police => ("Cảnh sát", "Police"),
            Self::ChildProtection => ("Bảo vệ trẻ em", "Child protection"),
        }
    }

    /// Whether it is what an emergency of `kind` calls for. Of a kind that is not known nobody can
    /// say, and anybody who comes is of use.
    #[must_use]
    pub fn serves(self, kind: Option<Kind>) -> bool {
        match kind {
            Some(Kind::Police) => self == Self::Police,
            Some(Kind::Fire) => {
                matches!(self, Self::FireEngine | Self::Ladder | Self::HazardousMaterials)
            }
            Some(Kind::Medical) => {
                matches!(self, Self::Ambulance | Self::IntensiveCare | Self::FirstAid)
            }
            Some(Kind::Rescue) => matches!(self, Self::Rescue | Self::Boat | Self::OffRoad),
            Some(Kind::Child) => matches!(self, Self::ChildProtection | Self::Police),
            Some(Kind::Other) | None => true,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Capability {
    type Err = UnknownCapability;

    fn from_str(text: &str) -> Result<Self, UnknownCapability> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.as_str() == text)
            .ok_or(UnknownCapability)
    }
}

/// There is no capability of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such capability")]
pub struct UnknownCapability;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_served_by_something() {
        for kind in Kind::ALL {
            assert!(Capability::ALL.into_iter().any(|each| each.serves(Some(kind))), "{kind}");
        }
        for capability in Capability::ALL {
            assert_eq!(capability.as_str().parse(), Ok(capability));
            assert!(Kind::ALL.into_iter().any(|kind| capability.serves(Some(kind))));
        }
        assert_eq!("helicopter".parse::<Capability>(), Err(UnknownCapability));
    }
}
