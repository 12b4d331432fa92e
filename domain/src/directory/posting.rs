//! Notices that staff enter, change and withdraw.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{AgencyCode, Area, Notice, NoticeKind};
use crate::{
    Id, Moment, StoreError,
    audit::{self, AuditLog},
    event::{Event, EventLog, Topic},
    identity::{Clerk, Staff},
    territory::CommuneCode,
};

/// The id of a posted notice.
pub type PostingId = Id<Posting>;

/// What the event is called after which what was entered is to be read anew.
pub const ENTERED: &str = "directory.changed";

/// A notice that stands in the store by itself: entered by staff, or taken from a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Its id; also that of the notice.
    pub id: PostingId,
    /// The agency that answers for it.
    pub agency: AgencyCode,
    /// The calendar it was taken from; none where staff entered it.
    pub calendar: Option<String>,
    /// What it says.
    pub notice: Notice,
    /// Grows with each change; the first is 1.
    pub version: i64,
    /// Since when it is shown to nobody any more.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// Where posted notices are kept.
pub trait PostingRepository {
    /// The notice with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn posting(&mut self, id: PostingId) -> Result<Option<Posting>, StoreError>;

    /// All of them, by their start; withdrawn ones, too, until they are forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn postings(&mut self) -> Result<Vec<Posting>, StoreError>;

    /// Saves `posting` if it is still at version `from`; 0 is that of one that was never saved.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is not.
    fn put_posting(&mut self, posting: &Posting, from: i64) -> Result<(), StoreError>;

    /// Forgets what ended or was withdrawn before `at`, at most `limit`, and says how many.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_postings(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError>;
}

/// Why a notice was not posted, changed or withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// There is none with this id that they reach.
    #[error("no such notice")]
    NotFound,
    /// The agency that shall answer for it is none that they reach.
    #[error("the agency is out of reach")]
    OutOfReach,
    /// It is about communes for which the agency does not answer.
    #[error("the notice goes beyond the area of the agency")]
    OutsideArea,
    /// It would end before it begins.
    #[error("the notice ends before it begins")]
    EndsTooEarly,
    /// It was withdrawn.
    #[error("the notice was withdrawn")]
    Withdrawn,
    /// It is not as the caller saw it.
    #[error("the notice is at version {version} by now")]
    Seen {
        /// The version it is at.
        version: i64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a notice shall say.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// The agency that answers for it; that of the one who posts it when absent.
    pub agency: Option<AgencyCode>,
    /// What it is about.
    pub kind: NoticeKind,
    /// One line.
    pub title: String,
    /// The whole text.
    pub text: String,
    /// The communes it concerns; none means the whole province.
    pub communes: Vec<CommuneCode>,
    /// From when on it holds.
    pub starts_at: DateTime<Utc>,
    /// Until when it holds.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Posts a notice of an agency that `by` reaches, for communes of its area.
///
/// # Errors
/// [`PostError`] says why not.
pub fn post_notice(
    tx: &mut (impl PostingRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Clerk,
    new: NewNotice,
) -> Result<Posting, PostError> {
    let staff = by.staff();
    let agency = new.agency.unwrap_or_else(|| staff.agency.clone());
    if !staff.reaches(&agency) {
        return Err(PostError::OutOfReach);
    }
    let id: PostingId = now.new_id();
    let source = staff.agencies.find(&agency).map(|agency| agency.name.clone());
    let notice = Notice {
        id: id.to_string(),
        kind: new.kind,
        title: new.title,
        text: new.text,
        communes: new.communes,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        source: source.unwrap_or_default(),
    };
    let posting = Posting { id, agency, calendar: None, notice, version: 0, withdrawn_at: None };
    put(tx, now, staff, posting, "notice.posted")
}

/// What changes about a notice; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct NoticeChange {
    /// What it is about.
    pub kind: Option<NoticeKind>,
    /// One line.
    pub title: Option<String>,
    /// The whole text.
    pub text: Option<String>,
    /// The communes it concerns.
    pub communes: Option<Vec<CommuneCode>>,
    /// From when on it holds.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when it holds, or without an end.
    pub ends_at: Option<Option<DateTime<Utc>>>,
}

/// Changes the notice `id`, which `by` saw at version `seen`.
///
/// # Errors
/// [`PostError`] says why not.
pub fn change_notice(
    tx: &mut (impl PostingRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Clerk,
    (id, seen): (PostingId, i64),
    change: NoticeChange,
) -> Result<Posting, PostError> {
    let posting = seen_at(tx, by, id, seen)?;
    let notice = Notice {
        kind: change.kind.unwrap_or(posting.notice.kind),
        title: change.title.unwrap_or(posting.notice.title),
        text: change.text.unwrap_or(posting.notice.text),
        communes: change.communes.unwrap_or(posting.notice.communes),
        starts_at: change.starts_at.unwrap_or(posting.notice.starts_at),
        ends_at: change.ends_at.unwrap_or(posting.notice.ends_at),
        ..posting.notice
    };
    put(tx, now, by.staff(), Posting { notice, ..posting }, "notice.changed")
}

/// Withdraws the notice `id`, which `by` saw at version `seen`: nobody is shown it any more.
///
/// # Errors
/// [`PostError`] says why not.
pub fn withdraw_notice(
    tx: &mut (impl PostingRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Clerk,
    (id, seen): (PostingId, i64),
) -> Result<Posting, PostError> {
    let posting = seen_at(tx, by, id, seen)?;
    let withdrawn = Posting { withdrawn_at: Some(now.at), ..posting };
    put(tx, now, by.staff(), withdrawn, "notice.withdrawn")
}

/// The notice `id`, if staff entered it for an agency that `by` reaches.
///
/// # Errors
/// [`PostError::NotFound`] where there is none.
pub fn posted(
    tx: &mut impl PostingRepository,
    by: &Clerk,
    id: PostingId,
) -> Result<Posting, PostError> {
    let reached = |posting: &Posting| posting.is_kept_by(by);
    tx.posting(id)?.filter(reached).ok_or(PostError::NotFound)
}

/// All notices that staff entered for agencies that `by` reaches.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn all_posted(tx: &mut impl PostingRepository, by: &Clerk) -> Result<Vec<Posting>, StoreError> {
    let mut postings = tx.postings()?;
    postings.retain(|posting| posting.is_kept_by(by));
    Ok(postings)
}

fn seen_at(
    tx: &mut impl PostingRepository,
    by: &Clerk,
    id: PostingId,
    seen: i64,
) -> Result<Posting, PostError> {
    let posting = posted(tx, by, id)?;
    if posting.version != seen {
        return Err(PostError::Seen { version: posting.version });
    }
    if posting.withdrawn_at.is_some() { Err(PostError::Withdrawn) } else { Ok(posting) }
}

fn put(
    tx: &mut (impl PostingRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Staff,
    posting: Posting,
    deed: &str,
) -> Result<Posting, PostError> {
    let notice = &posting.notice;
    if notice.ends_at.is_some_and(|end| end <= notice.starts_at) {
        return Err(PostError::EndsTooEarly);
    }
    let answers_for = by.agencies.find(&posting.agency).map(|agency| &agency.area);
    if !answers_for.is_some_and(|area| notice.area().lies_in(area)) {
        return Err(PostError::OutsideArea);
    }
    let from = posting.version;
    let posting = Posting { version: from + 1, ..posting };
    tx.put_posting(&posting, from)?;
    audit::record(tx, now, by, deed, &posting.id, None)?;
    tx.append(&entered(now, posting.id.uuid()))?;
    Ok(posting)
}

/// The event by which every replica hears that something was entered.
#[must_use]
pub fn entered(now: &Moment, subject: Uuid) -> Event {
    Event {
        id: now.new_id::<Event>().uuid(),
        topic: Topic::System,
        kind: ENTERED,
        subject,
        agency: None,
        at: now.at,
        data: json!({}),
    }
}

impl Posting {
    fn is_kept_by(&self, by: &Clerk) -> bool {
        self.calendar.is_none() && by.staff().reaches(&self.agency)
    }
}

impl Notice {
    /// Where it holds.
    #[must_use]
    pub fn area(&self) -> Area {
        match self.communes.as_slice() {
            [] => Area::Province,
            communes => Area::Communes(communes.to_vec()),
        }
    }
}
