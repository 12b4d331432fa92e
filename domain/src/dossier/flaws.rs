//! Finding everything that is wrong in what a source tells of a dossier.

use chrono::{DateTime, Utc};

use super::{Flaw, FlawKind};
use crate::text;

/// The longest line, in characters.
const LINE: usize = 300;
/// The most papers that can be missing, and the most fees and results.
pub(super) const PAPERS: usize = 50;
/// No dossier is older: instants before are mistakes.
const OLDEST: DateTime<Utc> = DateTime::from_timestamp_nanos(946_684_800_000_000_000);

/// What was found wrong so far.
#[derive(Default)]
pub(super) struct Flaws(pub(super) Vec<Flaw>);

impl Flaws {
    pub(super) fn note(&mut self, field: &'static str, kind: FlawKind) {
        self.0.push(Flaw { field, kind });
    }

    /// What `read` makes of `text`, if anything is there.
    pub(super) fn optional<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        let value = read(text);
        if value.is_none() {
            self.note(field, FlawKind::WrongForm);
        }
        value
    }

    /// The same where something has to be there.
    pub(super) fn needed<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if text.is_none_or(|text| text.trim().is_empty()) {
            self.note(field, FlawKind::Missing);
        }
        self.optional(field, text, read)
    }

    /// `at`, if it lies between the oldest dossier and `latest`.
    pub(super) fn within(
        &mut self,
        field: &'static str,
        at: Option<DateTime<Utc>>,
        latest: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let at = at?;
        let within = (OLDEST..=latest).contains(&at);
        if !within {
            self.note(field, FlawKind::OutOfRange);
        }
        within.then_some(at)
    }

    /// What `read` makes of each that was `told`, of which there may be as many as papers.
    pub(super) fn each<D, T>(
        &mut self,
        field: &'static str,
        told: Vec<D>,
        read: impl Fn(&mut Self, D) -> Option<T>,
    ) -> Vec<T> {
        if told.len() > PAPERS {
            self.note(field, FlawKind::TooLong);
        }
        told.into_iter().take(PAPERS).filter_map(|told| read(self, told)).collect()
    }

    /// The name of a fee or a paper.
    pub(super) fn name(&mut self, field: &'static str, name: Option<&str>) -> Option<String> {
        if name.is_none_or(|name| name.trim().is_empty()) {
            self.note(field, FlawKind::Missing);
        }
        self.line(field, name)
    }

    pub(super) fn line(&mut self, field: &'static str, line: Option<&str>) -> Option<String> {
        let line = line.map(text::line).filter(|line| !line.is_empty())?;
        let fits = line.chars().count() <= LINE;
        if !fits {
            self.note(field, FlawKind::TooLong);
        }
        fits.then_some(line)
    }
}
