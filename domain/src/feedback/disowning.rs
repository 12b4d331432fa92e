//! A report whose reporter was erased: it goes on, and nobody is behind it any more.

use super::{Answers, Report, Reporter, Status, Version, blur, masked};

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

    /// Forgets what its reporter said where that was erased, and the report has come to an end.
    pub(super) fn settle_words(&mut self) {
        let ended = [Status::Closed, Status::Rejected, Status::Withdrawn].contains(&self.status);
        if self.course.disowned && ended {
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
