//! Figures on the wire.

use chrono::NaiveDate;
use domain::feedback::{Days, FEWEST, Figures, Group, Mean, OwnFigures, Period, Share, Statistics};
use serde::Serialize;
use utoipa::ToSchema;

/// How well reports are answered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeedbackStatisticsView {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// From fewer no share, no time and no rating is told.
    minimum_sample: usize,
    /// All together.
    #[serde(flatten)]
    all: FeedbackFiguresView,
    /// By what they have in common.
    groups: Vec<FeedbackGroupView>,
}

/// The figures of reports that have something in common.
#[derive(Debug, Serialize, ToSchema)]
struct FeedbackGroupView {
    /// The category, commune, agency or month; `null` where there is none.
    value: Option<String>,
    #[serde(flatten)]
    figures: FeedbackFiguresView,
}

/// The figures of some reports.
#[derive(Debug, Serialize, ToSchema)]
struct FeedbackFiguresView {
    /// How many came.
    received: usize,
    /// How many of them wait for an answer, or for their reporter.
    open: usize,
    /// How many were answered, and can still be objected to.
    resolved: usize,
    /// How many are closed.
    closed: usize,
    /// How many were not taken on.
    rejected: usize,
    /// How many were taken back.
    withdrawn: usize,
    /// How many follow another report: they count in nothing below.
    merged: usize,
    /// Answered or rejected in time, of those that were or should have been by now.
    on_time: ShareView,
    /// Given more time, of the same.
    extended: ShareView,
    /// Opened again by their reporters, of those that were ever answered.
    reopened: ShareView,
    /// How many working days answers took.
    working_days: WorkingDaysView,
    /// What their reporters think of the answers.
    rating: MeanView,
}

/// A part of some reports.
#[derive(Debug, Serialize, ToSchema)]
struct ShareView {
    /// Of so many.
    count: usize,
    /// 0 to 1; `null` of too few.
    share: Option<f64>,
}

/// How many working days answers took, by nearest rank.
#[derive(Debug, Serialize, ToSchema)]
struct WorkingDaysView {
    /// Of so many answers.
    count: usize,
    /// Half of them took at most so many; `null` of too few.
    median: Option<usize>,
    /// Four in five took at most so many; `null` of too few.
    p80: Option<usize>,
}

/// What some think, in stars.
#[derive(Debug, Serialize, ToSchema)]
struct MeanView {
    /// So many said it.
    count: usize,
    /// 1 to 5; `null` of too few.
    mean: Option<f64>,
}

/// What became of one's own reports. It is about oneself, and told of however few.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnStatisticsView {
    /// How many I sent, signed in.
    sent: usize,
    /// How many of them wait for an answer, or for me.
    open: usize,
    /// How many were answered, and can still be objected to.
    resolved: usize,
    /// How many are closed.
    closed: usize,
    /// How many were not taken on.
    rejected: usize,
    /// How many I took back.
    withdrawn: usize,
    /// How many follow another report.
    merged: usize,
    /// How many working days answers took.
    working_days: WorkingDaysView,
    /// How I rated the answers.
    ratings_given: MeanView,
    /// How many others said that what is published of them concerns them, too.
    supports_received: i64,
}

impl FeedbackStatisticsView {
    pub(super) fn of(statistics: Statistics, period: Period) -> Self {
        Self {
            from: period.from(),
            to: period.to(),
            minimum_sample: FEWEST,
            all: statistics.all.into(),
            groups: statistics.groups.into_iter().map(FeedbackGroupView::from).collect(),
        }
    }
}

impl From<Group> for FeedbackGroupView {
    fn from(group: Group) -> Self {
        Self { value: group.of, figures: group.figures.into() }
    }
}

impl From<Figures> for FeedbackFiguresView {
    fn from(figures: Figures) -> Self {
        Self {
            received: figures.received,
            open: figures.open,
            resolved: figures.resolved,
            closed: figures.closed,
            rejected: figures.rejected,
            withdrawn: figures.withdrawn,
            merged: figures.merged,
            on_time: figures.on_time.into(),
            extended: figures.extended.into(),
            reopened: figures.reopened.into(),
            working_days: figures.days.into(),
            rating: figures.rating.into(),
        }
    }
}

impl From<Share> for ShareView {
    fn from(Share { count, share }: Share) -> Self {
        Self { count, share }
    }
}

impl From<Days> for WorkingDaysView {
    fn from(Days { count, median, p80 }: Days) -> Self {
        Self { count, median, p80 }
    }
}

impl From<Mean> for MeanView {
    fn from(Mean { count, mean }: Mean) -> Self {
        Self { count, mean }
    }
}

impl From<OwnFigures> for OwnStatisticsView {
    fn from(OwnFigures { figures, supports }: OwnFigures) -> Self {
        Self {
            sent: figures.received,
            open: figures.open,
            resolved: figures.resolved,
            closed: figures.closed,
            rejected: figures.rejected,
            withdrawn: figures.withdrawn,
            merged: figures.merged,
            working_days: figures.days.into(),
            ratings_given: figures.rating.into(),
            supports_received: supports,
        }
    }
}
