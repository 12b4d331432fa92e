//! What officers can do with a report, and what it takes.

use chrono::{DateTime, Utc};

use super::{
    Action, Flaw, FlawKind, Rejection, RejectionReason, ReportId, Urgency,
    submission::{length_flaw, optional},
};
use crate::{directory::AgencyCode, identity::StaffId, media::Attachment, text};

/// The most characters of an answer, a question or a note.
pub const WORDS: usize = 4_000;
/// The most characters of a reason.
pub const REASON: usize = 1_000;
/// The most characters of where to go instead.
const GO_TO: usize = 500;
/// The most working days by which an answer may be given more time.
pub const MOST_DAYS: u16 = 60;

/// Who gets a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// The officer who says so.
    Myself,
    /// Another officer, of the same agency or of one above.
    Person(StaffId),
    /// A unit of the agency; its people decide who.
    Unit(AgencyCode),
}

/// What somebody has to say: an answer, a question, a note, a reason. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying(String);

impl Saying {
    /// The `text` of `field` in NFC, 1 to `most` characters.
    ///
    /// # Errors
    /// What is wrong with its length.
    pub fn parse((field, most): (&str, usize), text: &str) -> Result<Self, Flaw> {
        let text = text::paragraphs(text);
        length_flaw(field, &text, most).map_or(Ok(Self(text)), Err)
    }

    /// What was said.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

impl Rejection {
    /// A refusal for `reason`, with where to go instead in at most 500 characters: it is said where
    /// somebody else would have to answer.
    ///
    /// # Errors
    /// What is wrong with the length, or that it is missing.
    pub fn parse(reason: RejectionReason, go_to: Option<&str>) -> Result<Self, Flaw> {
        let mut flaws = Vec::new();
        let go_to = optional(("go_to", GO_TO), go_to, &mut flaws);
        if go_to.is_none() && reason.leads_elsewhere() {
            flaws.push(Flaw::at("go_to", FlawKind::Missing));
        }
        flaws.pop().map_or(Ok(Self { reason, go_to }), Err)
    }
}

/// How much more time an answer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoreTime {
    /// So much after it was due.
    Days(u16),
    /// Until this instant.
    Until(DateTime<Utc>),
}

impl MoreTime {
    /// What was said: so many days, or until when.
    ///
    /// # Errors
    /// Where neither or both were said, or the days are none or more than 60.
    pub fn parse(days: Option<u16>, until: Option<DateTime<Utc>>) -> Result<Self, Flaw> {
        match (days, until) {
            (Some(days), None) if (1..=MOST_DAYS).contains(&days) => Ok(Self::Days(days)),
            (Some(_), None) => Err(Flaw::at("days", FlawKind::OutOfRange)),
            (None, Some(until)) => Ok(Self::Until(until)),
            (None, None) => Err(Flaw::at("days", FlawKind::Missing)),
            (Some(_), Some(_)) => Err(Flaw::at("due_at", FlawKind::NotAsked)),
        }
    }
}

/// One step of an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The agency takes the report on.
    Accept,
    /// Somebody gets it.
    Assign(Assignment),
    /// Work begins.
    Start,
    /// The reporter is asked something.
    Ask(Saying),
    /// What its reporter answered, by telephone or at the counter.
    Answer(Saying),
    /// It is answered, and shown what was done.
    Resolve(Saying, Attachment),
    /// It is not taken on.
    Reject(Rejection),
    /// Another agency gets it, for a reason. The clock goes on.
    Transfer(AgencyCode, Saying),
    /// It is of this category; and where its words were taken for a complaint or a denunciation by mistake,
    /// it is none.
    Recategorise {
        /// The code of the category.
        category: String,
        /// Whether it is no complaint and no denunciation after all.
        mistaken: bool,
    },
    /// The answer gets more time, for a reason.
    Extend(MoreTime, Saying),
    /// It is so pressing, for a reason, and due as if it had been from its arrival on.
    Prioritise(Urgency, Saying),
    /// It follows this report from now on.
    Merge(ReportId),
    /// It follows no other report any more.
    Unmerge,
    /// Something for the officers alone.
    Note(Saying),
    /// Strangers may see it.
    Publish,
    /// Strangers may no longer see it.
    Hide,
}

impl Step {
    pub(super) const fn action(&self) -> Action {
        match self {
            Self::Accept => Action::Accept,
            Self::Assign(_) => Action::Assign,
            Self::Start => Action::Start,
            Self::Ask(_) => Action::Ask,
            Self::Answer(_) => Action::Answer,
            Self::Resolve(..) => Action::Resolve,
            Self::Reject(_) => Action::Reject,
            Self::Transfer(..) => Action::Transfer,
            Self::Recategorise { .. } => Action::Recategorise,
            Self::Extend(..) => Action::Extend,
            Self::Prioritise(..) => Action::Prioritise,
            Self::Merge(_) => Action::Merge,
            Self::Unmerge => Action::Unmerge,
            Self::Note(_) => Action::Note,
            Self::Publish => Action::Publish,
            Self::Hide => Action::Hide,
        }
    }
}
