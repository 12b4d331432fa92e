//! How far a call was called out, and what is proposed to its holder.

use chrono::{DateTime, Utc};
use domain::emergency::{Called, Emergency, Roads};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How far a call was called out that nobody has.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EscalationView {
    /// 0 while its centre alone knows, or somebody has it; 1 once that was alerted again; 2 once its
    /// supervisor and the neighbouring centre were; 3 once everybody on duty was.
    level: u8,
    /// Since when.
    since: DateTime<Utc>,
    /// Which agency sees it beside the one that answers for it.
    agency: Option<String>,
    /// Everybody on duty sees it.
    everyone: bool,
}

impl EscalationView {
    /// How far `emergency` was.
    pub(super) fn of(emergency: &Emergency) -> Self {
        let escalation = emergency.escalation();
        Self {
            level: escalation.level,
            since: escalation.since,
            agency: match &emergency.called {
                Some(Called::Agency(agency)) => Some(agency.to_string()),
                Some(Called::Everyone) | None => None,
            },
            everyone: emergency.called == Some(Called::Everyone),
        }
    }
}

/// A unit to send in place of one that does not come. It is not sent by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProposalView {
    /// The unit.
    unit_id: Uuid,
    /// The one that does not come.
    instead_of: Uuid,
    /// How long it may take, in seconds; `null` where either end is not known.
    travel_estimate_s: Option<u32>,
    /// What the estimate rests on: `straight_line_times_road_factor`, without a map of the roads.
    basis: &'static str,
    /// Since when it is proposed.
    at: DateTime<Utc>,
}

impl ProposalView {
    /// What is proposed to the holder of `emergency`.
    pub(super) fn of(emergency: &Emergency) -> Option<Self> {
        emergency.proposal.filter(|_| emergency.status.is_open()).map(|proposal| Self {
            unit_id: proposal.unit.uuid(),
            instead_of: proposal.instead_of.uuid(),
            travel_estimate_s: proposal.travel_estimate_s,
            basis: Roads::BASIS,
            at: proposal.at,
        })
    }
}
