//! Announcements to the public: power cuts, closed roads.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::territory::CommuneCode;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Electric power.
    Power,
    /// Drinking water.
    Water,
    /// Roads and transport.
    Traffic,
    /// Telephone and internet.
    Telecom,
    /// Health and epidemics.
    Health,
    /// School.
    Education,
    /// Security and order.
    Security,
    /// How long people wait at a counter.
    Queue,
    /// What an office announces.
    Announcement,
    /// Anything else.
    Other,
}

impl NoticeKind {
    const ALL: [Self; 10] = [
        Self::Power,
        Self::Water,
        Self::Traffic,
        Self::Telecom,
        Self::Health,
        Self::Education,
        Self::Security,
        Self::Queue,
        Self::Announcement,
        Self::Other,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Power => "power",
            Self::Water => "water",
            Self::Traffic => "traffic",
            Self::Telecom => "telecom",
            Self::Health => "health",
            Self::Education => "education",
            Self::Security => "security",
            Self::Queue => "queue",
            Self::Announcement => "announcement",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for NoticeKind {
    type Err = UnknownNoticeKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownNoticeKind)
    }
}

/// There is no such kind of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the kind of a notice is power, water, traffic, telecom, health, education, security, queue, \
     announcement or other"
)]
pub struct UnknownNoticeKind;

/// The kind of a notice in a record, which another version of this program may have kept.
fn kind_or_other<'de, D: Deserializer<'de>>(record: D) -> Result<NoticeKind, D::Error> {
    Ok(String::deserialize(record)?.parse().unwrap_or(NoticeKind::Other))
}

/// An announcement to the public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its name within the list it comes from, stable over imports.
    pub id: String,
    /// What it is about.
    #[serde(deserialize_with = "kind_or_other")]
    pub kind: NoticeKind,
    /// One line, in Vietnamese.
    pub title: String,
    /// The whole text.
    pub text: String,
    /// The communes it concerns; none means the whole province.
    pub communes: Vec<CommuneCode>,
    /// From when on it holds.
    pub starts_at: DateTime<Utc>,
    /// Until when it holds, where an end is known.
    pub ends_at: Option<DateTime<Utc>>,
    /// Who announced it.
    pub source: String,
}

impl Notice {
    /// Whether it holds at `instant`: from its start up to, but not at, its end.
    #[must_use]
    pub fn is_active_at(&self, instant: DateTime<Utc>) -> bool {
        self.starts_at <= instant && self.ends_at.is_none_or(|end| instant < end)
    }

    /// Whether it concerns `commune`.
    #[must_use]
    pub fn concerns(&self, commune: CommuneCode) -> bool {
        self.communes.is_empty() || self.communes.contains(&commune)
    }
}
