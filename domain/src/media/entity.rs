//! One photo, video or sound, from its first byte on.

use std::{convert::Infallible, str::FromStr};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Flaw, Format, Kind};
use crate::{
    Id,
    identity::{CitizenId, StaffId},
    secret::Digest,
    territory::Position,
};

/// The id of something uploaded.
pub type MediaId = Id<Media>;

/// Who uploads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uploader {
    /// Nobody knows.
    #[default]
    Anonymous,
    /// A citizen.
    Citizen(CitizenId),
    /// A member of the staff.
    Staff(StaffId),
}

impl Uploader {
    /// The citizen, if it is one.
    #[must_use]
    pub const fn citizen(self) -> Option<CitizenId> {
        match self {
            Self::Citizen(id) => Some(id),
            Self::Staff(_) | Self::Anonymous => None,
        }
    }

    /// The member of the staff, if it is one.
    #[must_use]
    pub const fn staff(self) -> Option<StaffId> {
        match self {
            Self::Staff(id) => Some(id),
            Self::Citizen(_) | Self::Anonymous => None,
        }
    }

    /// Whoever is named by these.
    #[must_use]
    pub const fn of(citizen: Option<CitizenId>, staff: Option<StaffId>) -> Self {
        match (citizen, staff) {
            (Some(id), _) => Self::Citizen(id),
            (None, Some(id)) => Self::Staff(id),
            (None, None) => Self::Anonymous,
        }
    }
}

/// How far something uploaded is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its bytes arrive, in parts.
    Arriving,
    /// All of it is there, and was looked at.
    Whole,
    /// It goes: its files are removed, and nobody finds it any more.
    Doomed,
    /// Its files were removed. It is looked for once more, for what a late writer left.
    Swept,
}

impl State {
    /// The word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arriving => "arriving",
            Self::Whole => "whole",
            Self::Doomed => "doomed",
            Self::Swept => "swept",
        }
    }
}

impl FromStr for State {
    type Err = Infallible;

    /// What is not known is on its way out.
    fn from_str(word: &str) -> Result<Self, Infallible> {
        let all = [Self::Arriving, Self::Whole, Self::Swept];
        Ok(all.into_iter().find(|state| state.as_str() == word).unwrap_or(Self::Doomed))
    }
}

/// Whether strangers may see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moderation {
    /// Nobody decided yet: they may not.
    #[default]
    Pending,
    /// They may, once the report is published.
    Approved,
    /// They may not.
    Hidden,
}

impl Moderation {
    /// The word in the store and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Hidden => "hidden",
        }
    }
}

impl FromStr for Moderation {
    type Err = Infallible;

    /// What is not known is hidden.
    fn from_str(word: &str) -> Result<Self, Infallible> {
        let all = [Self::Pending, Self::Approved];
        Ok(all.into_iter().find(|it| it.as_str() == word).unwrap_or(Self::Hidden))
    }
}

/// What it shows of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// What was reported.
    #[default]
    Before,
    /// What was done about it.
    After,
}

impl Stage {
    /// The word in the store and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

impl FromStr for Stage {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Infallible> {
        Ok(if word == Self::After.as_str() { Self::After } else { Self::Before })
    }
}

/// What it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// The id of the thing.
    pub id: Uuid,
}

/// What something can belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A report.
    Report,
    /// A call for help.
    Emergency,
}

impl SubjectKind {
    /// The word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Emergency => "emergency",
        }
    }
}

impl FromStr for SubjectKind {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Infallible> {
        Ok(if word == Self::Report.as_str() { Self::Report } else { Self::Emergency })
    }
}

/// Where and when a picture was taken, as its camera wrote it. It proves nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taken {
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Where.
    pub position: Option<Position>,
}

/// A part of what arrived: so many bytes from `start` on, in a file of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The place of its first byte.
    pub start: u64,
    /// How many bytes.
    pub length: u64,
    /// What its file is called. No two files ever have the same name.
    pub name: String,
}

/// One photo, video or sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    /// Its id.
    pub id: MediaId,
    /// Who uploaded it.
    pub uploader: Uploader,
    /// By what the uploader is counted, until it is linked.
    pub counted_as: Option<Digest>,
    /// How far it is.
    pub state: State,
    /// How many bytes were announced.
    pub length: Option<u64>,
    /// How many bytes are there.
    pub received: u64,
    /// When the first byte came.
    pub created_at: DateTime<Utc>,
    /// When it goes, unless it is linked before; once it is linked, when its metadata goes.
    pub expires_at: Option<DateTime<Utc>>,
    /// What it is, by its content.
    pub format: Option<Format>,
    /// Width and height in pixels, as it is shown.
    pub pixels: Option<(u32, u32)>,
    /// Where and when it was taken.
    pub taken: Taken,
    /// SHA-256 of the content.
    pub sha256: Option<[u8; 32]>,
    /// Whether there are renditions without metadata.
    pub clean: bool,
    /// What is wrong with it, where it was taken all the same.
    pub flaw: Option<Flaw>,
    /// What it belongs to.
    pub subject: Option<Subject>,
    /// What it shows.
    pub stage: Stage,
    /// When it was linked.
    pub linked_at: Option<DateTime<Utc>>,
    /// Whether strangers may see it.
    pub moderation: Moderation,
}

impl Media {
    /// Whether all of it is there and can be used.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    /// Whether it waited too long to be linked. What belongs to something does not wait.
    #[must_use]
    pub fn is_expired(&self, at: DateTime<Utc>) -> bool {
        self.subject.is_none() && self.expires_at.is_some_and(|end| end <= at)
    }

    /// Whether it can be linked: it is whole, and belongs to nothing yet.
    #[must_use]
    pub fn is_free(&self, at: DateTime<Utc>) -> bool {
        let unlinked = self.subject.is_none() && !self.is_expired(at);
        self.is_whole() && unlinked && self.flaw.is_none()
    }

    /// Whether it is a photo.
    #[must_use]
    pub fn is_photo(&self) -> bool {
        self.format.is_some_and(|format| format.kind() == Kind::Photo)
    }
}
