//! How a report comes in, where it is not a citizen's own by the app.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ListKey, Report, ReportId, Stretch};
use crate::{
    StoreError,
    identity::{
        StaffId,
        business::{BusinessId, SiteId},
    },
    page::Page,
};

/// By what way a report comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By the app, from whoever reports it.
    #[default]
    App,
    /// By the system of a business.
    Business,
    /// At a counter.
    Counter,
    /// By telephone, on the line 1022.
    #[serde(rename = "line_1022")]
    Line1022,
    /// In a letter or a message.
    Letter,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 5] =
        [Self::App, Self::Business, Self::Counter, Self::Line1022, Self::Letter];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Business => "business",
            Self::Counter => "counter",
            Self::Line1022 => "line_1022",
            Self::Letter => "letter",
        }
    }

    /// Whether an officer writes it down for whoever reports it.
    #[must_use]
    pub const fn is_at_the_desk(self) -> bool {
        matches!(self, Self::Counter | Self::Line1022 | Self::Letter)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Channel {
    type Err = UnknownChannel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|known| known.as_str() == text).ok_or(UnknownChannel)
    }
}

/// There is no channel of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("reports come in by no such way")]
pub struct UnknownChannel;

/// For which business something is reported, and where of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnBehalf {
    /// The business.
    pub id: BusinessId,
    /// The shop, the works, the office that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
}

/// How whoever has no account is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What they are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Contact {
    /// Whether it says nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.name.is_none() && self.phone.is_none()
    }
}

/// How a report comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// By what way.
    pub channel: Channel,
    /// For which business.
    pub business: Option<OnBehalf>,
    /// How whoever reported it is reached, where they have no account.
    pub contact: Option<Contact>,
    /// The officer who wrote it down.
    pub taken_by: Option<StaffId>,
}

impl Intake {
    /// Whether there is more to keep than that it came by the app.
    #[must_use]
    pub fn is_notable(&self) -> bool {
        *self != Self::default()
    }
}

/// Where it is kept how reports came in.
pub trait IntakeRepository {
    /// Keeps how the report `id` came in at an instant.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_intake(
        &mut self,
        id: ReportId,
        at: DateTime<Utc>,
        intake: &Intake,
    ) -> Result<(), StoreError>;

    /// How the report `id` came in; nothing where it came by the app.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn intake_of(&mut self, id: ReportId) -> Result<Option<Intake>, StoreError>;

    /// The reports for a business, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn of_business(
        &mut self,
        business: BusinessId,
        stretch: Stretch,
    ) -> Result<Page<Report, ListKey>, StoreError>;
}
