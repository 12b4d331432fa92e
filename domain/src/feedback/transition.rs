//! What may be done with a report: the one table of its life.

use serde::{Deserialize, Serialize};

use super::{Status, Visibility};

/// Something that may be done with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The agency takes it on.
    Accept,
    /// It is given to a person or to another agency.
    Assign,
    /// Work begins.
    Start,
    /// It is answered.
    Resolve,
    /// It is not taken on.
    Reject,
    /// The reporter takes it back.
    Withdraw,
    /// The answer stands: its reporter says so, or the days to object have passed.
    Close,
    /// Strangers may see it.
    Publish,
    /// Strangers may no longer see it.
    Hide,
}

impl Action {
    /// The event that tells of it.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Accept => "feedback.accepted",
            Self::Assign => "feedback.assigned",
            Self::Start => "feedback.started",
            Self::Resolve => "feedback.resolved",
            Self::Reject => "feedback.rejected",
            Self::Withdraw => "feedback.withdrawn",
            Self::Close => "feedback.closed",
            Self::Publish => "feedback.published",
            Self::Hide => "feedback.hidden",
        }
    }
}

/// Who does something with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An officer in whose area it lies.
    Officer,
    /// Whoever reported it.
    Reporter,
    /// The clock.
    Timer,
}

/// What an action changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Where the report stands.
    Becomes(Status),
    /// Who may see it.
    Shows(Visibility),
}

/// One row of [`TRANSITIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// What is done.
    pub action: Action,
    /// Where the report may stand.
    pub from: &'static [Status],
    /// What changes.
    pub effect: Effect,
    /// Who may do it.
    pub by: &'static [Actor],
    /// The fields without which it is not done.
    pub needs: &'static [&'static str],
}

const fn row(
    action: Action,
    from: &'static [Status],
    effect: Effect,
    by: &'static [Actor],
    needs: &'static [&'static str],
) -> Transition {
    Transition { action, from, effect, by, needs }
}

/// Everything that may be done with a report; what is not here cannot be done.
///
/// Work may be resolved without a `start`, for much is done by a telephone call. Nothing that was
/// withdrawn is shown, and withdrawing hides what was.
pub const TRANSITIONS: [Transition; 9] = {
    use Action::{Accept, Assign, Close, Hide, Publish, Reject, Resolve, Start, Withdraw};
    use Actor::{Officer, Reporter, Timer};
    use Effect::{Becomes, Shows};
    use Status::{
        Accepted, Assigned, Closed, InProgress, Rejected, Resolved, Submitted, Withdrawn,
    };
    use Visibility::{Hidden, Published};
    [
        row(Accept, &[Submitted], Becomes(Accepted), &[Officer], &[]),
        row(Assign, &[Accepted, Assigned, InProgress], Becomes(Assigned), &[Officer], &[]),
        row(Start, &[Assigned], Becomes(InProgress), &[Officer], &[]),
        row(Resolve, &[Assigned, InProgress], Becomes(Resolved), &[Officer], &["answer"]),
        row(
            Reject,
            &[Submitted, Accepted, Assigned, InProgress],
            Becomes(Rejected),
            &[Officer],
            &["reason"],
        ),
        row(Withdraw, &[Submitted, Accepted, Assigned], Becomes(Withdrawn), &[Reporter], &[]),
        row(Close, &[Resolved], Becomes(Closed), &[Timer], &[]),
        row(
            Publish,
            &[Submitted, Accepted, Assigned, InProgress, Resolved, Closed, Rejected],
            Shows(Published),
            &[Officer],
            &[],
        ),
        row(Hide, &Status::ALL, Shows(Hidden), &[Officer], &[]),
    ]
};

/// The row for `action` by `actor` on a report that stands at `status` and is shown as
/// `visibility`, if it may be done.
#[must_use]
pub fn permitted(
    (status, visibility): (Status, Visibility),
    action: Action,
    actor: Actor,
) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| {
        row.action == action
            && row.by.contains(&actor)
            && row.from.contains(&status)
            && match row.effect {
                Effect::Becomes(_) => true,
                Effect::Shows(shown) => visibility != Visibility::Sealed && visibility != shown,
            }
    })
}

/// What `actor` may do with a report that stands at `status` and is shown as `visibility`, in the
/// order of the table.
#[must_use]
pub fn allowed_actions(state: (Status, Visibility), actor: Actor) -> Vec<Action> {
    TRANSITIONS
        .iter()
        .map(|row| row.action)
        .filter(|&action| permitted(state, action, actor).is_some())
        .collect()
}

/// The report is not where this could be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{action:?} is not possible while the report is {status}")]
pub struct NotAllowed {
    /// What was asked for.
    pub action: Action,
    /// Where the report stands.
    pub status: Status,
    /// What the caller may do instead.
    pub allowed: Vec<Action>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(from: Status) -> Vec<Status> {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(&status) = reached.get(next) {
            next += 1;
            for row in TRANSITIONS.iter().filter(|row| row.from.contains(&status)) {
                if let Effect::Becomes(to) = row.effect
                    && !reached.contains(&to)
                {
                    reached.push(to);
                }
            }
        }
        reached
    }

    #[test]
    fn every_state_has_a_way_in() {
        let reached = reached(Status::Submitted);
        for status in Status::ALL {
            assert!(reached.contains(&status), "nothing leads to {status}");
        }
    }

    #[test]
    fn every_state_has_a_way_to_an_end() {
        let ends = [Status::Closed, Status::Rejected, Status::Withdrawn];
        for status in Status::ALL {
            assert!(
                reached(status).iter().any(|reached| ends.contains(reached)),
                "{status} never ends"
            );
            let leaves = TRANSITIONS
                .iter()
                .any(|row| row.from.contains(&status) && matches!(row.effect, Effect::Becomes(_)));
            assert_eq!(leaves, !ends.contains(&status), "{status}");
        }
    }

    #[test]
    fn every_action_has_one_row() {
        for (index, row) in TRANSITIONS.iter().enumerate() {
            assert!(!row.by.is_empty() && !row.from.is_empty(), "{:?}", row.action);
            assert!(TRANSITIONS.iter().skip(index + 1).all(|other| other.action != row.action));
        }
    }

    #[test]
    fn what_is_sealed_stays_sealed() {
        for status in Status::ALL {
            let actions = allowed_actions((status, Visibility::Sealed), Actor::Officer);
            assert!(!actions.contains(&Action::Publish) && !actions.contains(&Action::Hide));
        }
    }
}
