//! Following a published report: whoever does is told what becomes of it.
//!
//! Thousands may follow one report, so they are not told in the transaction of the change: that
//! leaves a [`News`], which is then spread among them, some at a time.

use chrono::{DateTime, Utc};

use super::{
    Action, FeedbackRepository, ListKey, NoticeBoard, PublicReport, Report, ReportId, ReportName,
    Stretch, Visibility,
};
use crate::{
    Id, Moment, StoreError,
    event::EventLog,
    identity::CitizenId,
    notification::{self, Inbox},
    page::Page,
};

/// Something that those who follow a report are still to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Its id.
    pub id: Id<News>,
    /// The report.
    pub report: ReportId,
    /// What happened: `feedback.resolved`.
    pub event: String,
    /// What they read.
    pub text: String,
    /// The last of those who follow that was told.
    pub reached: Option<Id<Follower>>,
}

/// Somebody who follows a report: what orders them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follower {
    /// The id of their following it.
    pub id: Id<Follower>,
    /// Who it is.
    pub citizen: CitizenId,
}

/// Where it is kept who follows what, and what they are still to be told.
pub trait FollowerList {
    /// Has `citizen` follow `report`; says whether that is new.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_follower(
        &mut self,
        report: ReportId,
        follower: Follower,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Has `citizen` follow `report` no more.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_follower(&mut self, report: ReportId, citizen: CitizenId) -> Result<(), StoreError>;

    /// Those who follow `report`, in the order of their ids, at most `limit` after `reached`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn followers_after(
        &mut self,
        report: ReportId,
        reached: Option<Id<Follower>>,
        limit: usize,
    ) -> Result<Vec<Follower>, StoreError>;

    /// What `citizen` follows and strangers see, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn followed_by(
        &mut self,
        citizen: CitizenId,
        stretch: Stretch,
    ) -> Result<Page<(PublicReport, DateTime<Utc>), ListKey>, StoreError>;

    /// Every report that `citizen` follows, shown or not, and since when.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn follows_of(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<(ReportId, DateTime<Utc>)>, StoreError>;

    /// Adds `news`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_news(&mut self, news: &News) -> Result<(), StoreError>;

    /// The oldest news that is still to be spread.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn next_news(&mut self) -> Result<Option<News>, StoreError>;

    /// Notes that `news` has reached those up to `reached`, or everybody.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when another process has spread it meanwhile.
    fn advance_news(
        &mut self,
        news: &News,
        reached: Option<Id<Follower>>,
    ) -> Result<(), StoreError>;
}

/// Has `citizen` follow the report of this name. Nothing where none is shown.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn follow(
    tx: &mut (impl NoticeBoard + FollowerList),
    now: &Moment,
    name: &ReportName,
    citizen: CitizenId,
) -> Result<Option<PublicReport>, StoreError> {
    let shown = tx.shown(name)?;
    if let Some(report) = &shown {
        tx.add_follower(report.id, Follower { id: now.new_id(), citizen }, now.at)?;
    }
    Ok(shown)
}

/// Has `citizen` follow the report of this name no more. Nothing where none is shown.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn unfollow(
    tx: &mut (impl NoticeBoard + FollowerList),
    name: &ReportName,
    citizen: CitizenId,
) -> Result<Option<PublicReport>, StoreError> {
    let shown = tx.shown(name)?;
    if let Some(report) = &shown {
        tx.remove_follower(report.id, citizen)?;
    }
    Ok(shown)
}

/// Leaves word of `action` for those who follow `report`, where strangers may know of it.
pub(super) fn announce(
    tx: &mut impl FollowerList,
    now: &Moment,
    report: &Report,
    action: Action,
) -> Result<(), StoreError> {
    let shown = report.visibility == Visibility::Published || action == Action::Hide;
    let Some(news) = action.public_news().filter(|_| shown) else { return Ok(()) };
    if tx.followers_after(report.id, None, 1)?.is_empty() {
        return Ok(());
    }
    tx.add_news(&News {
        id: now.new_id(),
        report: report.id,
        event: action.event().to_owned(),
        text: format!("Phản ánh {} mà ông/bà theo dõi {news}.", report.code),
        reached: None,
    })
}

/// Tells the next `limit` of those whom the oldest news concerns. Its reporter has been told.
/// Says whether there was any.
///
/// # Errors
/// [`StoreError`] when the store failed; [`StoreError::Stale`] when another process was quicker,
/// and nothing of this stays.
pub fn spread_news(
    tx: &mut (impl FollowerList + FeedbackRepository + Inbox + EventLog),
    now: &Moment,
    limit: usize,
) -> Result<bool, StoreError> {
    let Some(news) = tx.next_news()? else { return Ok(false) };
    let reporter = tx.find(news.report)?.and_then(|report| report.reporter.citizen());
    let followers = tx.followers_after(news.report, news.reached, limit)?;
    let last = followers.last().filter(|_| followers.len() == limit).map(|last| last.id);
    tx.advance_news(&news, last)?;
    for follower in followers.iter().filter(|follower| Some(follower.citizen) != reporter) {
        let what = (news.event.as_str(), news.text.clone());
        notification::tell(tx, now, follower.citizen.uuid(), what, news.report.uuid())?;
    }
    Ok(true)
}
