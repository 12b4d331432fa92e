//! What is told of the queue.

use domain::emergency::Standing;
use serde::Serialize;
use utoipa::ToSchema;

/// How a caller stands in the queue.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(in crate::emergency) struct StandingView {
    /// Their place, from 1; `null` in a queue too long to count.
    position: Option<usize>,
    /// How many calls wait for the same dispatchers.
    waiting: usize,
    /// How long it may take until a dispatcher takes the call, in seconds, by how fast calls were
    /// taken lately; `null` where that is unknown.
    expected_wait_s: Option<i64>,
    /// Whether there are more calls than dispatchers.
    overload: bool,
}

/// How many calls wait for the dispatchers of an agency and those below it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(in crate::emergency) struct OverloadView {
    /// Whether there are more calls than dispatchers.
    pub(in crate::emergency) active: bool,
    /// How many calls nobody has taken, exercises not counted.
    pub(super) waiting: usize,
    /// How many dispatchers are there.
    pub(super) present: usize,
}

impl From<Standing> for StandingView {
    fn from(standing: Standing) -> Self {
        Self {
            position: standing.position,
            waiting: standing.waiting,
            expected_wait_s: standing.expected_wait.map(|wait| wait.num_seconds()),
            overload: standing.overload,
        }
    }
}
