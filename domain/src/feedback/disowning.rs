//! A report whose reporter was erased: it goes on, and nobody is behind it any more.

use super::{Answers, Categories, PublicReport, Report, Reporter, Version};

impl Report {
    /// The report once whoever reported it was erased, of which `shown` hangs. Its tracking link opens
    /// nothing any more. What still waits for its answer keeps its words: they are what has to be
    /// answered. What was reported for a business is the business's, which follows it by the same link.
    #[must_use]
    pub fn disowned(mut self, shown: Option<&PublicReport>) -> Self {
        self.course.confidential = self.course.business.is_some() && self.is_hidden();
        self.course.disowned = self.course.business.is_none();
        self.reporter = Reporter::Anonymous;
        self.version = Version(self.version.0.saturating_add(1));
        if !self.status.waits_for_an_answer() {
            self.forget_words(shown);
        }
        self
    }

    /// Forgets what its reporter said where that was erased, and the report has come to an end. Says
    /// whether it was so.
    pub(super) fn settle_words(&mut self, categories: &Categories) -> bool {
        let settled = self.course.disowned && self.status.has_ended();
        if settled {
            let shown = PublicReport::of(self, categories);
            self.forget_words(shown.as_ref());
        }
        settled
    }

    /// Of what its reporter said only that stays which strangers read.
    fn forget_words(&mut self, shown: Option<&PublicReport>) {
        self.attributes = Answers::new();
        self.title = shown.and_then(|shown| shown.title.clone());
        self.text = shown.map(|shown| shown.text.clone()).unwrap_or_default();
        self.address = shown.and_then(|shown| shown.address.clone());
        self.position = shown.and_then(|shown| shown.position);
    }
}
