//! What people say about published reports: read by an officer before strangers read it.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{NoticeBoard, ReportId, ReportName, Saying, Version};
use crate::{
    Id, Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    audit::{self, AuditLog},
    event::EventLog,
    identity::{CitizenId, Officer, StaffId, policy::Scope},
    notification::{self, Inbox},
    page::Page,
    secret::{Hasher, Purpose},
};

/// How many comments one account may write: a few at once, then two an hour.
const PER_ACCOUNT: (u16, TimeDelta) = (5, TimeDelta::minutes(30));

/// The id of a comment.
pub type CommentId = Id<Comment>;

/// Whether strangers read a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentStatus {
    /// No officer has read it yet.
    Pending,
    /// Everybody reads it.
    Published,
    /// An officer found it unfit.
    Rejected,
}

impl CommentStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Published, Self::Rejected];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Published => "published",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for CommentStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for CommentStatus {
    type Err = UnknownCommentStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownCommentStatus)
    }
}

/// There is no such status of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such status of a comment")]
pub struct UnknownCommentStatus;

/// What somebody said about a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its id. Later ones have greater ids.
    pub id: CommentId,
    /// How often it has changed.
    pub version: Version,
    /// The report.
    pub report: ReportId,
    /// Who said it. Strangers never learn.
    pub author: CitizenId,
    /// What they said, as they said it.
    pub text: String,
    /// Whether strangers read it.
    pub status: CommentStatus,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// The officer who decided.
    pub decided_by: Option<StaffId>,
}

/// A place in a list of comments, which are in the order of their ids.
pub type CommentKey = CommentId;

/// What an officer makes of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Strangers may read it.
    Publish,
    /// They may not, or no more.
    Reject,
}

impl Verdict {
    const fn status(self) -> CommentStatus {
        match self {
            Self::Publish => CommentStatus::Published,
            Self::Reject => CommentStatus::Rejected,
        }
    }

    const fn event(self) -> &'static str {
        match self {
            Self::Publish => "feedback.comment_published",
            Self::Reject => "feedback.comment_rejected",
        }
    }
}

/// Where comments are kept.
pub trait CommentRepository {
    /// Adds `comment`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_comment(&mut self, comment: &Comment) -> Result<(), StoreError>;

    /// The comment with this id, whoever asks: callers look at whose it is.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn comment(&mut self, id: CommentId) -> Result<Option<Comment>, StoreError>;

    /// Saves `comment` if the stored one is still at `seen`, and counts what is shown with the
    /// report anew.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if it is not.
    fn save_comment(&mut self, comment: &Comment, seen: Version) -> Result<(), StoreError>;

    /// Removes `comment` if the stored one is still as it was seen, and counts anew.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if it is not.
    fn remove_comment(&mut self, comment: &Comment) -> Result<(), StoreError>;

    /// What is shown with `report`, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn shown_comments(
        &mut self,
        report: ReportId,
        after: Option<CommentKey>,
        limit: usize,
    ) -> Result<Page<Comment, CommentKey>, StoreError>;

    /// What no officer has read, about the reports that these agencies answer, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn pending_comments(
        &mut self,
        agencies: &Scope,
        after: Option<CommentKey>,
        limit: usize,
    ) -> Result<Page<Comment, CommentKey>, StoreError>;

    /// What `citizen` said, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn comments_of(
        &mut self,
        citizen: CitizenId,
        after: Option<CommentKey>,
        limit: usize,
    ) -> Result<Page<Comment, CommentKey>, StoreError>;
}

/// Why nothing came of a comment.
#[derive(Debug, thiserror::Error)]
pub enum CommentError {
    /// No such report is shown, or there is no such comment within reach.
    #[error("no such report or comment")]
    NotFound,
    /// It has changed since the officer saw it; it is at this version now.
    #[error("the comment is at version {0} now")]
    Stale(Version),
    /// Its author said too much lately.
    #[error(transparent)]
    TooMany(#[from] TakeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Has `author` say something about the report of this name. An officer reads it first.
///
/// # Errors
/// [`CommentError`] when no such report is shown, or they said too much lately.
pub fn comment(
    tx: &mut (impl NoticeBoard + CommentRepository + Allowances),
    now: &Moment,
    hasher: &dyn Hasher,
    name: &ReportName,
    author: CitizenId,
    text: Saying,
) -> Result<Comment, CommentError> {
    let report = tx.shown(name)?.ok_or(CommentError::NotFound)?;
    let counted = hasher.digest(Purpose::Allowance, &[b"comment", author.uuid().as_bytes()]);
    allowance::take(tx, now, counted, Rate::new(PER_ACCOUNT.0, PER_ACCOUNT.1))?;
    let comment = Comment {
        id: now.new_id(),
        version: Version(1),
        report: report.id,
        author,
        text: text.into_text(),
        status: CommentStatus::Pending,
        at: now.at,
        decided_by: None,
    };
    tx.add_comment(&comment)?;
    Ok(comment)
}

/// What is said about the report of this name and was published, oldest first.
///
/// # Errors
/// [`CommentError::NotFound`] when no such report is shown.
pub fn comments(
    tx: &mut (impl NoticeBoard + CommentRepository),
    name: &ReportName,
    after: Option<CommentKey>,
    limit: usize,
) -> Result<Page<Comment, CommentKey>, CommentError> {
    let report = tx.shown(name)?.ok_or(CommentError::NotFound)?;
    Ok(tx.shown_comments(report.id, after, limit)?)
}

/// What waits for an officer, about the reports in their scope.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn waiting_comments(
    tx: &mut impl CommentRepository,
    officer: &Officer,
    after: Option<CommentKey>,
    limit: usize,
) -> Result<Page<Comment, CommentKey>, StoreError> {
    tx.pending_comments(&officer.staff().scope(), after, limit)
}

/// Has an officer decide over the comment `id`, which they last saw at `seen`. Its author is told.
///
/// # Errors
/// [`CommentError`] when it is not about a report in the officer's scope, or has changed.
pub fn judge<T>(
    tx: &mut T,
    now: &Moment,
    officer: &Officer,
    (id, seen): (CommentId, Version),
    verdict: Verdict,
) -> Result<Comment, CommentError>
where
    T: CommentRepository + super::FeedbackRepository + Inbox + EventLog + AuditLog,
{
    let mut comment = tx.comment(id)?.ok_or(CommentError::NotFound)?;
    let report = tx.find(comment.report)?.ok_or(CommentError::NotFound)?;
    if !officer.staff().reaches(&report.agency) {
        return Err(CommentError::NotFound);
    }
    if comment.version != seen {
        return Err(CommentError::Stale(comment.version));
    }
    if comment.status == verdict.status() {
        return Ok(comment);
    }
    comment.status = verdict.status();
    comment.decided_by = Some(officer.staff().id);
    comment.version = Version(seen.0.saturating_add(1));
    tx.save_comment(&comment, seen)?;
    audit::record(tx, now, officer.staff(), verdict.event(), &comment.id, None)?;
    let news = match verdict {
        Verdict::Publish => "đã được đăng",
        Verdict::Reject => "không được đăng",
    };
    let text = format!("Ý kiến của ông/bà về phản ánh {} {news}.", report.code);
    let what = (verdict.event(), text);
    notification::tell(tx, now, comment.author.uuid(), what, report.id.uuid())?;
    Ok(comment)
}

/// Has `author` take their comment `id` back: it is gone.
///
/// # Errors
/// [`CommentError::NotFound`] when it is not theirs.
pub fn take_back(
    tx: &mut impl CommentRepository,
    author: CitizenId,
    id: CommentId,
) -> Result<(), CommentError> {
    let own = |comment: &Comment| comment.author == author;
    let comment = tx.comment(id)?.filter(own).ok_or(CommentError::NotFound)?;
    Ok(tx.remove_comment(&comment)?)
}
