//! A report whose reporter was erased: it goes on, and nobody is behind it any more.

use super::{Answers, Report, Reporter, Status, Version, blur, masked};
use crate::{
    Moment, StoreError,
    media::{self, MediaRepository, Uploader},
};

impl Report {
    /// The report once whoever reported it was erased. Its tracking link opens nothing any more. What
    /// still waits for its answer keeps its words: they are what has to be answered. What was reported
    /// for a business is the business's, which follows it by the same link.
    #[must_use]
    pub fn disowned(mut self) -> Self {
        self.course.confidential = self.course.business.is_some() && self.is_hidden();
        self.course.disowned = self.course.business.is_none();
        self.reporter = Reporter::Anonymous;
        self.version = Version(self.version.0.saturating_add(1));
        if !self.status.is_open() {
            self.forget_words();
        }
        self
    }

    /// Whether whoever reported it was erased, and it has come to an end.
    fn is_settled(&self) -> bool {
        let ended = [Status::Closed, Status::Rejected, Status::Withdrawn].contains(&self.status);
        self.course.disowned && ended
    }

    /// Forgets what its reporter said where that was erased, and the report has come to an end.
    pub(super) fn settle_words(&mut self) {
        if self.is_settled() {
            self.forget_words();
        }
    }

    /// Of what its reporter said only that stays which strangers read.
    fn forget_words(&mut self) {
        self.attributes = Answers::new();
        if self.published_at.is_none() {
            (self.title, self.text, self.address) = (None, String::new(), None);
            self.position = None;
            return;
        }
        self.title = self.title.as_deref().map(masked);
        self.text = masked(&self.text);
        self.address = self.address.as_deref().map(masked);
        if self.course.blurred {
            self.address = None;
            self.position = self.position.map(blur);
        }
    }
}

/// Lets go what its reporter showed with `report` where that was erased, and the report has come to an
/// end without being public.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub(super) fn settle_media(
    tx: &mut impl MediaRepository,
    now: &Moment,
    report: &Report,
) -> Result<(), StoreError> {
    if !report.is_settled() || report.published_at.is_some() {
        return Ok(());
    }
    for media in media::of_report(tx, report.id)? {
        if matches!(media.uploader, Uploader::Staff(_)) {
            continue;
        }
        match media::doom(tx, now, &media) {
            // It is on its way out already.
            Err(StoreError::Stale) => {}
            done => done?,
        }
    }
    Ok(())
}
