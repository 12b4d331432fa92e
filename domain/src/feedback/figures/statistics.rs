//! The figures of a period, of all reports and by what they have in common.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Counted, Figures, Period, Tally};
use crate::{
    StoreError,
    directory::AgencyCode,
    feedback::WorkingCalendar,
    identity::{CitizenId, Officer, policy::Scope},
    territory::CommuneCode,
    wall_clock::local,
};

/// By what reports are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// What they are about.
    #[default]
    Category,
    /// Where they lie.
    Commune,
    /// Who answers.
    Agency,
    /// The month in which they came.
    Month,
}

impl By {
    fn of(self, report: &Counted) -> Option<String> {
        match self {
            Self::Category => Some(report.category.clone()),
            Self::Commune => report.commune.map(|commune| commune.to_string()),
            Self::Agency => Some(report.agency.to_string()),
            Self::Month => Some(local(report.submitted_at).format("%Y-%m").to_string()),
        }
    }
}

/// Which reports are counted; what is left open does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// That came in these days.
    pub period: Period,
    /// Of one of these categories; any where empty.
    pub categories: Vec<String>,
    /// In this commune.
    pub commune: Option<CommuneCode>,
    /// That this agency has to answer.
    pub agency: Option<AgencyCode>,
}

/// Which reports the store looks up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Of one of these categories; any where empty.
    pub categories: Vec<String>,
    /// In this commune.
    pub commune: Option<CommuneCode>,
    /// That these agencies have to answer.
    pub agencies: Scope,
    /// Only what strangers see: published, and neither confidential nor on a statutory way.
    pub public: bool,
}

/// The figures of those that have something in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they have in common; none where it is not known.
    pub of: Option<String>,
    /// Their figures.
    pub figures: Figures,
}

/// The figures of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Of all together.
    pub all: Figures,
    /// By what they have in common.
    pub groups: Vec<Group>,
}

/// Where reports are counted.
pub trait FigureRepository {
    /// What counts of the reports that came from `from` on and before `to`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn counted(
        &mut self,
        selection: &Selection,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Counted>, StoreError>;

    /// The same of the reports of a citizen, the latest ones, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn counted_of(&mut self, citizen: CitizenId, limit: usize) -> Result<Vec<Counted>, StoreError>;

    /// How many support what is published of the reports of a citizen.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn supports_of_citizen(&mut self, citizen: CitizenId) -> Result<i64, StoreError>;
}

/// The figures of what `officer` reaches.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn statistics(
    tx: &mut impl FigureRepository,
    officer: &Officer,
    (asked, by): (Asked, By),
    now: (&WorkingCalendar, DateTime<Utc>),
) -> Result<Statistics, StoreError> {
    let agencies = officer.staff().scope().and(asked.agency.clone().into());
    count(tx, (asked, agencies, false), by, now)
}

/// The figures that strangers see.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn public_statistics(
    tx: &mut impl FigureRepository,
    (asked, by): (Asked, By),
    now: (&WorkingCalendar, DateTime<Utc>),
) -> Result<Statistics, StoreError> {
    let agencies = asked.agency.clone().into();
    count(tx, (asked, agencies, true), by, now)
}

fn count(
    tx: &mut impl FigureRepository,
    (asked, agencies, public): (Asked, Scope, bool),
    by: By,
    (calendar, at): (&WorkingCalendar, DateTime<Utc>),
) -> Result<Statistics, StoreError> {
    let Asked { period, categories, commune, .. } = asked;
    let selection = Selection { categories, commune, agencies, public };
    let (mut all, mut groups) = (Tally::default(), BTreeMap::<Option<String>, Tally>::new());
    for (from, to) in period.stretches() {
        for report in tx.counted(&selection, from, to)? {
            all.add(&report, calendar, at);
            groups.entry(by.of(&report)).or_default().add(&report, calendar, at);
        }
    }
    let group = |(of, tally): (_, Tally)| Group { of, figures: tally.figures() };
    Ok(Statistics { all: all.figures(), groups: groups.into_iter().map(group).collect() })
}
