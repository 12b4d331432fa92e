//! A report with what happened to it so far.

use super::{
    Entry, FeedbackRepository, History, Report, ReportId, Reporter, Status, TrackingCode,
    Visibility, history, masked,
};
use crate::{
    StoreError,
    media::{self, Media, MediaRepository},
    secret::Hasher,
};

/// A report with what happened to it so far, and with the others it has to do with.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// The report.
    pub report: Report,
    /// What happened to it, oldest first.
    pub timeline: Vec<Entry>,
    /// The report that it follows, at the end of all merging, as its reporter may see it: none that
    /// was sealed since, and of somebody else's the answer as strangers would read it.
    pub leading: Option<Box<Report>>,
    /// What became reports of their own.
    pub parts: Vec<(ReportId, TrackingCode)>,
    /// The photos, videos and sounds that belong to it.
    pub media: Vec<Media>,
}

/// `leading` as `reporter` sees it, whose report follows it.
fn as_seen_by(reporter: Reporter, mut leading: Report) -> Report {
    let own = reporter.citizen().is_some() && reporter.citizen() == leading.reporter.citizen();
    if !own {
        leading.answer = leading.answer.as_deref().map(masked);
    }
    leading
}

impl Followed {
    /// `report` with its timeline.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn of(
        tx: &mut (impl FeedbackRepository + History + MediaRepository),
        report: Report,
    ) -> Result<Self, StoreError> {
        let timeline = tx.history_of(report.id)?;
        let mut leading: Option<Report> = None;
        let mut next = report.merged_into;
        while let Some(leader) = next {
            let leader = tx.find(leader)?;
            next = leader.as_ref().and_then(|leader| leader.merged_into);
            leading = leader;
        }
        let leading = leading.filter(|leading| leading.visibility != Visibility::Sealed);
        let leading = leading.map(|leading| Box::new(as_seen_by(report.reporter, leading)));
        let mut parts = Vec::new();
        for id in &report.course.parts {
            parts.extend(tx.find(*id)?.map(|part| (part.id, part.code)));
        }
        let media = media::of_report(tx, report.id)?;
        Ok(Self { report, timeline, leading, parts, media })
    }

    /// What was asked of the reporter, while it waits for an answer.
    #[must_use]
    pub fn question(&self) -> Option<&str> {
        let asked = |entry: &&Entry| entry.event == super::Action::Ask.event();
        let waits = self.report.status == Status::NeedsInfo;
        let question = self.timeline.iter().rev().filter(|_| waits).find(asked)?;
        question.words.as_ref().map(|words| words.text.as_str())
    }

    /// Whether the timeline is whole, as it was written.
    #[must_use]
    pub fn is_intact(&self, hasher: &dyn Hasher) -> bool {
        history::is_intact(hasher, &self.timeline, self.report.head)
    }
}
