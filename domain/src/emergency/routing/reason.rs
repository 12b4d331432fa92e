//! By what it is decided who answers.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// By what it was decided who answers for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutedBy {
    /// By the commune, and the kind of help.
    Commune,
    /// No area holds the place: by the way there, and the kind of help.
    Nearest,
    /// Nobody knows the place: by the kind of help.
    Kind,
    /// Neither says who answers: the desk takes it.
    Desk,
    /// A person took it over from another agency: no rule decides any more.
    Transfer,
}

impl RoutedBy {
    const ALL: [Self; 5] = [Self::Commune, Self::Nearest, Self::Kind, Self::Desk, Self::Transfer];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Nearest => "nearest",
            Self::Kind => "kind",
            Self::Desk => "desk",
            Self::Transfer => "transfer",
        }
    }
}

impl fmt::Display for RoutedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for RoutedBy {
    type Err = UnknownRoute;

    fn from_str(text: &str) -> Result<Self, UnknownRoute> {
        Self::ALL.into_iter().find(|by| by.as_str() == text).ok_or(UnknownRoute)
    }
}

/// There is no such way to decide who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such way to decide who answers")]
pub struct UnknownRoute;
