//! How far help is, in words for the person who waits for it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Moment,
    emergency::{AssignmentStatus, Emergency, Help, Roads, Status, Travel},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{App, problem::Language};

/// How far help is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Received,
    Seen,
    Assigned,
    OnTheWay,
    Arrived,
    Finished,
    Cancelled,
}

impl Progress {
    /// How far it is for the caller of `emergency`, to whom `help` is furthest on its way.
    pub(super) fn of(emergency: &Emergency, help: Option<&Help>) -> Self {
        match (emergency.status, help.map(|help| help.assignment.status)) {
            (Status::Dispatched, Some(AssignmentStatus::EnRoute)) => Self::OnTheWay,
            (Status::Dispatched, Some(AssignmentStatus::OnScene)) => Self::Arrived,
            (Status::Dispatched, _) => Self::Assigned,
            (Status::Received | Status::Duplicate, _) => Self::Received,
            (Status::Claimed, _) => Self::Seen,
            (Status::Resolved | Status::Closed, _) => Self::Finished,
            (Status::Cancelled, _) => Self::Cancelled,
        }
    }

    /// The name on the wire.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Seen => "seen",
            Self::Assigned => "assigned",
            Self::OnTheWay => "on_the_way",
            Self::Arrived => "arrived",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
        }
    }

    /// What the caller reads.
    pub(super) const fn text(self, language: Language) -> &'static str {
        match self {
            Self::Received => {
                language.pick("Đã nhận, đang chờ người trực", "Received, waiting for a dispatcher")
            }
            Self::Seen => language.pick("Người trực đang xử lý", "A dispatcher is on it"),
            Self::Assigned => {
                language.pick("Đã cử lực lượng hỗ trợ", "Help has been assigned to you")
            }
            Self::OnTheWay => {
                language.pick("Lực lượng hỗ trợ đang trên đường đến", "Help is on its way")
            }
            Self::Arrived => language.pick("Lực lượng hỗ trợ đã đến nơi", "Help has arrived"),
            Self::Finished => language.pick("Đã xử lý xong", "Finished"),
            Self::Cancelled => language.pick("Đã hủy", "Cancelled"),
        }
    }
}

/// The unit that is furthest on its way to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HelpView {
    /// What it is called.
    unit: String,
    /// `assigned`, `acknowledged`, `en_route` or `on_scene`.
    #[schema(value_type = String)]
    status: AssignmentStatus,
    /// Since when it is on the way.
    en_route_at: Option<DateTime<Utc>>,
    /// Since when it is there.
    on_scene_at: Option<DateTime<Utc>>,
    /// How far it still has; `null` while that is not known.
    eta: Option<EtaView>,
}

/// An estimate of how far help still has.
#[derive(Debug, Serialize, ToSchema)]
struct EtaView {
    /// Metres as the crow flies.
    straight_line_m: f64,
    /// How long it may take, in seconds.
    travel_estimate_s: f64,
    /// When it may be there.
    arrives_at: DateTime<Utc>,
    /// How old the unit's position is that this rests on.
    position_age_s: i64,
    /// What the estimate rests on: `straight_line_times_road_factor`, without a map of the roads.
    basis: &'static str,
}

impl HelpView {
    /// The view of `help` to the caller of `emergency`.
    pub(super) fn of(help: &Help, emergency: &Emergency, app: &App, now: &Moment) -> Self {
        let travel = help.travel(emergency, app.settings.roads(), now.at);
        let position = help.unit.position.as_ref();
        let age_s = position.map_or(0, |fix| fix.age(now.at).num_seconds());
        Self {
            unit: help.unit.name.clone(),
            status: help.assignment.status,
            en_route_at: help.assignment.en_route_at,
            on_scene_at: help.assignment.on_scene_at,
            eta: travel.map(|travel| EtaView::of(travel, age_s, now.at)),
        }
    }
}

impl EtaView {
    fn of(travel: Travel, position_age_s: i64, at: DateTime<Utc>) -> Self {
        let estimate = std::time::Duration::try_from_secs_f64(travel.estimate_s);
        let estimate = estimate.ok().and_then(|estimate| TimeDelta::from_std(estimate).ok());
        Self {
            straight_line_m: travel.straight_line_m.round(),
            travel_estimate_s: travel.estimate_s.round(),
            arrives_at: at + estimate.unwrap_or_default(),
            position_age_s,
            basis: Roads::BASIS,
        }
    }
}
