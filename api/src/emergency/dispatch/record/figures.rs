//! Figures as they are told.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::emergency::{Figures, Goal, Group, Stage, Statistics};
use serde::Serialize;
use utoipa::ToSchema;

/// How fast help was.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatisticsView {
    /// Received from here on.
    from: DateTime<Utc>,
    /// Received before.
    to: DateTime<Utc>,
    /// All real ones together.
    #[serde(flatten)]
    all: FiguresView,
    /// By kind of help; `null` where none was said.
    by_kind: Vec<GroupView>,
    /// By priority.
    by_priority: Vec<GroupView>,
    /// By who answered for them.
    by_agency: Vec<GroupView>,
    /// Exercises. They count nowhere else.
    drills: FiguresView,
}

/// The figures of those that have something in common.
#[derive(Debug, Serialize, ToSchema)]
struct GroupView {
    /// What they have in common.
    value: Option<String>,
    #[serde(flatten)]
    figures: FiguresView,
}

/// The figures of some emergencies.
#[derive(Debug, Serialize, ToSchema)]
struct FiguresView {
    /// How many came.
    received: usize,
    /// How many of them are open.
    open: usize,
    /// How many are handled.
    resolved: usize,
    /// How many were called off.
    cancelled: usize,
    /// How many are followed under another: they count in no stage.
    merged: usize,
    /// From the call until a person took it.
    answer: StageView,
    /// From there until a unit was sent.
    assign: StageView,
    /// The way of the first unit.
    arrive: StageView,
    /// From the call until somebody was there.
    total: StageView,
    /// How they ended: how many by code.
    dispositions: BTreeMap<String, usize>,
}

/// How long one stage took, by nearest rank.
#[derive(Debug, Serialize, ToSchema)]
struct StageView {
    /// Of so many that reached it.
    count: usize,
    /// Half of them took at most so long, in seconds.
    p50_s: Option<f64>,
    /// Nine in ten.
    p90_s: Option<f64>,
    /// Nineteen in twenty.
    p95_s: Option<f64>,
    /// Held against what standards ask for.
    goals: Vec<GoalView>,
}

/// What a standard asks for, and what was reached.
#[derive(Debug, Serialize, ToSchema)]
struct GoalView {
    /// Within so many seconds.
    within_s: i64,
    /// At least so many in a hundred.
    goal_percent: u32,
    /// So many were; `null` where none reached the stage.
    reached_percent: Option<f64>,
    /// Whether the goal is met.
    met: Option<bool>,
    /// Who asks for it.
    #[schema(example = "NENA-STA-020.1-2020")]
    source: &'static str,
}

impl StatisticsView {
    pub(super) fn of(statistics: Statistics, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Self {
        let groups = |groups: Vec<Group>| groups.into_iter().map(GroupView::from).collect();
        Self {
            from,
            to,
            all: statistics.all.into(),
            by_kind: groups(statistics.by_kind),
            by_priority: groups(statistics.by_priority),
            by_agency: groups(statistics.by_agency),
            drills: statistics.drills.into(),
        }
    }
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        Self { value: group.of, figures: group.figures.into() }
    }
}

impl From<Figures> for FiguresView {
    fn from(figures: Figures) -> Self {
        Self {
            received: figures.received,
            open: figures.open,
            resolved: figures.resolved,
            cancelled: figures.cancelled,
            merged: figures.merged,
            answer: figures.answer.into(),
            assign: figures.assign.into(),
            arrive: figures.arrive.into(),
            total: figures.total.into(),
            dispositions: figures.dispositions,
        }
    }
}

impl From<Stage> for StageView {
    fn from(stage: Stage) -> Self {
        let goals = stage.within.iter();
        Self {
            count: stage.count,
            p50_s: stage.p50.map(TimeDelta::as_seconds_f64),
            p90_s: stage.p90.map(TimeDelta::as_seconds_f64),
            p95_s: stage.p95.map(TimeDelta::as_seconds_f64),
            goals: goals.map(|&(goal, within)| GoalView::of(goal, within, stage.count)).collect(),
        }
    }
}

impl GoalView {
    fn of(goal: Goal, within: usize, count: usize) -> Self {
        let number = |many: usize| u32::try_from(many).map_or(f64::MAX, f64::from);
        let reached = (count > 0).then(|| number(within) * 100.0 / number(count));
        Self {
            within_s: goal.within_s,
            goal_percent: goal.percent,
            reached_percent: reached.map(|percent| (percent * 10.0).round() / 10.0),
            met: reached.map(|percent| percent >= f64::from(goal.percent)),
            source: goal.source,
        }
    }
}
