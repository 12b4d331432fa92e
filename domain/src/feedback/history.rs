//! The history of a report: append-only, each entry chained to the one before it.
//!
//! The report's row holds the last link, so that no entry can be changed, left out or cut off
//! unseen by whoever has not the key. Words go into the chain as a salted digest: erased with their
//! salt, they leave it whole. Histories of different reports have nothing in common, so that no
//! two writers wait for each other.

use chrono::{DateTime, Utc};

use super::{Action, Report, ReportId, Status};
use crate::{
    Id, Moment, StoreError,
    directory::AgencyCode,
    identity::StaffId,
    secret::{Digest, Hasher, Purpose},
};

/// The event that tells that an officer looked up who reported it.
pub(super) const REPORTER_OPENED: &str = "feedback.reporter_opened";

/// Who did something with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// Whoever reported it.
    Reporter,
    /// A member of the staff.
    Staff(StaffId),
    /// The service, by itself.
    Service,
}

impl Doer {
    /// The kind of it, on the wire and in the store.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::Staff(_) => "staff",
            Self::Service => "service",
        }
    }

    /// The member of the staff.
    #[must_use]
    pub const fn staff(self) -> Option<StaffId> {
        match self {
            Self::Staff(id) => Some(id),
            Self::Reporter | Self::Service => None,
        }
    }

    /// The doer of this kind.
    ///
    /// # Errors
    /// [`UnknownDoer`] where there is none.
    pub fn of_kind(kind: &str, staff: Option<StaffId>) -> Result<Self, UnknownDoer> {
        match (kind, staff) {
            ("reporter", None) => Ok(Self::Reporter),
            ("staff", Some(id)) => Ok(Self::Staff(id)),
            ("service", None) => Ok(Self::Service),
            _ => Err(UnknownDoer),
        }
    }
}

/// There is no doer of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody of this kind does anything with reports")]
pub struct UnknownDoer;

/// What was said with an entry, and the salt of its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What was said.
    pub text: String,
    /// Keeps the words from being guessed by their digest.
    pub salt: [u8; 16],
}

impl Words {
    fn digest(&self, hasher: &dyn Hasher) -> Digest {
        hasher.digest(Purpose::FeedbackWords, &[&self.salt, self.text.as_bytes()])
    }
}

/// One thing that happened to a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Id<Entry>,
    /// The report.
    pub report: ReportId,
    /// Its place in the history, from 1.
    pub number: i64,
    /// What happened: `feedback.accepted`.
    pub event: String,
    /// Who did it.
    pub by: Doer,
    /// When.
    pub at: DateTime<Utc>,
    /// Where the report stood afterwards.
    pub status: Status,
    /// Who had to answer afterwards.
    pub agency: AgencyCode,
    /// What was said with it, unless it was erased.
    pub words: Option<Words>,
    /// The digest of what was said.
    pub digest: Digest,
    /// The link to everything before it.
    pub link: Digest,
}

/// The end of a history: its last entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub number: i64,
    /// The link of the last one.
    pub link: Digest,
}

impl Head {
    /// The end of a history in which nothing happened.
    pub const START: Self = Self { number: 0, link: Digest([0; 32]) };
}

/// Where histories are kept.
pub trait History {
    /// Adds `entry`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_to_history(&mut self, entry: &Entry) -> Result<(), StoreError>;

    /// Everything that happened to `report`, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn history_of(&mut self, report: ReportId) -> Result<Vec<Entry>, StoreError>;
}

/// The entry that follows in the history of `report`, which knows of it from now on.
pub(super) fn entered(
    report: &mut Report,
    (now, hasher): (&Moment, &dyn Hasher),
    event: &str,
    by: Doer,
    words: Option<String>,
) -> Entry {
    let words = words.map(|text| Words { text, salt: now.random() });
    let mut entry = Entry {
        id: now.new_id(),
        report: report.id,
        number: report.head.number.saturating_add(1),
        event: event.to_owned(),
        by,
        at: now.at,
        status: report.status,
        agency: report.agency.clone(),
        digest: words.as_ref().map_or(Digest([0; 32]), |words| words.digest(hasher)),
        words,
        link: report.head.link,
    };
    entry.link = link(hasher, report.head.link, &entry);
    report.head = Head { number: entry.number, link: entry.link };
    entry
}

fn link(hasher: &dyn Hasher, before: Digest, entry: &Entry) -> Digest {
    let (report, staff) = (entry.report.uuid(), entry.by.staff().map(Id::uuid));
    let parts: [&[u8]; 10] = [
        &before.0,
        report.as_bytes(),
        &entry.number.to_be_bytes(),
        entry.event.as_bytes(),
        entry.by.kind().as_bytes(),
        staff.as_ref().map_or(&[], |id| id.as_bytes().as_slice()),
        &entry.at.timestamp_micros().to_be_bytes(),
        entry.status.as_str().as_bytes(),
        entry.agency.as_str().as_bytes(),
        &entry.digest.0,
    ];
    hasher.digest(Purpose::FeedbackLink, &parts)
}

/// Whether `entries` are the whole history that ends at `head`, as it was written.
#[must_use]
pub fn is_intact(hasher: &dyn Hasher, entries: &[Entry], head: Head) -> bool {
    let mut end = Head::START;
    for entry in entries {
        let said = entry.words.as_ref();
        let genuine = entry.number == end.number.saturating_add(1)
            && entry.link == link(hasher, end.link, entry)
            && said.is_none_or(|words| words.digest(hasher) == entry.digest);
        if !genuine {
            return false;
        }
        end = Head { number: entry.number, link: entry.link };
    }
    end == head
}

impl Entry {
    /// Whether strangers may know of it: not what officers do among themselves, nor when the report
    /// was shown and hidden.
    #[must_use]
    pub fn is_public(&self) -> bool {
        let kept = [Action::Publish, Action::Hide].map(Action::event);
        !kept.contains(&self.event.as_str()) && self.is_for_the_reporter()
    }

    /// Whether officers looked after its photos, videos and sounds.
    fn is_about_media(&self) -> bool {
        self.event.starts_with("feedback.media_")
    }

    /// Whether its reporter may know of it.
    #[must_use]
    pub fn is_for_the_reporter(&self) -> bool {
        let kept = [Action::Note.event(), Action::Remind.event(), REPORTER_OPENED];
        !kept.contains(&self.event.as_str()) && !self.is_about_media()
    }
}
