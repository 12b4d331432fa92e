//! What help is needed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::directory::AgencyCode;

/// The national numbers that can always be dialled, the most general first.
pub const NUMBERS: [&str; 5] = ["113", "114", "115", "112", "111"];

/// The kind of help a caller asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Crime, violence, public order.
    Police,
    /// Fire.
    Fire,
    /// Illness and injury.
    Medical,
    /// Search and rescue, flood, landslide.
    Rescue,
    /// A child in danger.
    Child,
    /// Something else, or not known.
    Other,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Police, Self::Fire, Self::Medical, Self::Rescue, Self::Child, Self::Other];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Police => "police",
            Self::Fire => "fire",
            Self::Medical => "medical",
            Self::Rescue => "rescue",
            Self::Child => "child",
            Self::Other => "other",
        }
    }

    /// The number to dial for this kind of help.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::Police => "113",
            Self::Fire => "114",
            Self::Medical => "115",
            Self::Rescue | Self::Other => "112",
            Self::Child => "111",
        }
    }

    /// The agency that answers calls of `kind`: the desk where nobody else does.
    #[must_use]
    pub fn agency(kind: Option<Self>) -> AgencyCode {
        kind.and_then(|kind| kind.as_str().parse().ok())
            .filter(|_| kind != Some(Self::Other))
            .unwrap_or_else(AgencyCode::desk)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}

/// There is no kind of emergency of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such kind of emergency")]
pub struct UnknownKind;
