//! The life of an emergency: its states, and the one table of what leads from which to which.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where an emergency is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stored; no person has taken it yet.
    Received,
    /// A dispatcher holds it.
    Claimed,
    /// Help was sent.
    Dispatched,
    /// Handled.
    Resolved,
    /// Handled, and nothing was heard since.
    Closed,
    /// Called off by its caller.
    Cancelled,
    /// Followed under another emergency.
    Duplicate,
}

/// What can be done with an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A dispatcher takes it.
    Claim,
    /// Its holder says that they are still there.
    Heartbeat,
    /// Its holder gives it back to the queue.
    Release,
    /// Another dispatcher takes it from its holder, with a reason.
    TakeOver,
    /// Its holder says how it ended.
    Resolve,
    /// Its holder agrees that it is called off.
    ConfirmCancellation,
    /// Its holder decides that help goes on although the caller called it off.
    RejectCancellation,
    /// Time passes after it was resolved.
    Close,
    /// The caller adds what they know, positions first of all.
    Update,
    /// The caller calls it off, at once.
    Cancel,
    /// The caller asks to call it off; a dispatcher decides.
    RequestCancellation,
    /// Something new is said after it had ended.
    CallAgain,
    /// A dispatcher says how urgent it is.
    SetPriority,
    /// A dispatcher takes up what had ended, and holds it.
    Reopen,
    /// A dispatcher lets it follow another emergency that is about the same thing.
    Merge,
    /// A dispatcher lets it stand by itself again.
    Unmerge,
    /// Its holder offers it to another agency.
    Transfer,
    /// Its holder takes the offer back.
    WithdrawTransfer,
    /// A dispatcher takes it for the agency that it is offered to.
    AcceptTransfer,
    /// The agency that it is offered to does not take it.
    RejectTransfer,
    /// Its holder sends a unit.
    Dispatch,
    /// The last unit that was sent is free again.
    StandDown,
    /// A dispatcher puts right where, what, and whom to call back.
    Correct,
}

/// From which state which action leads where. What is not here cannot be done.
const TABLE: [(Status, Action, Status); 51] = [
    (Status::Received, Action::Claim, Status::Claimed),
    (Status::Received, Action::Update, Status::Received),
    (Status::Received, Action::Cancel, Status::Cancelled),
    (Status::Received, Action::RequestCancellation, Status::Received),
    (Status::Claimed, Action::Heartbeat, Status::Claimed),
    (Status::Claimed, Action::Release, Status::Received),
    (Status::Claimed, Action::TakeOver, Status::Claimed),
    (Status::Claimed, Action::Resolve, Status::Resolved),
    (Status::Claimed, Action::ConfirmCancellation, Status::Cancelled),
    (Status::Claimed, Action::RejectCancellation, Status::Claimed),
    (Status::Claimed, Action::Update, Status::Claimed),
    (Status::Claimed, Action::RequestCancellation, Status::Claimed),
    (Status::Resolved, Action::Close, Status::Closed),
    (Status::Resolved, Action::CallAgain, Status::Received),
    (Status::Closed, Action::CallAgain, Status::Received),
    (Status::Cancelled, Action::CallAgain, Status::Received),
    (Status::Duplicate, Action::CallAgain, Status::Received),
    (Status::Duplicate, Action::Cancel, Status::Cancelled),
    (Status::Received, Action::SetPriority, Status::Received),
    (Status::Claimed, Action::SetPriority, Status::Claimed),
    (Status::Resolved, Action::Reopen, Status::Claimed),
    (Status::Closed, Action::Reopen, Status::Claimed),
    (Status::Cancelled, Action::Reopen, Status::Claimed),
    (Status::Received, Action::Merge, Status::Duplicate),
    (Status::Claimed, Action::Merge, Status::Duplicate),
    (Status::Duplicate, Action::Unmerge, Status::Received),
    (Status::Duplicate, Action::RequestCancellation, Status::Duplicate),
    (Status::Claimed, Action::Transfer, Status::Claimed),
    (Status::Claimed, Action::WithdrawTransfer, Status::Claimed),
    (Status::Claimed, Action::AcceptTransfer, Status::Claimed),
    (Status::Claimed, Action::RejectTransfer, Status::Claimed),
    (Status::Claimed, Action::Dispatch, Status::Dispatched),
    (Status::Dispatched, Action::Dispatch, Status::Dispatched),
    (Status::Dispatched, Action::StandDown, Status::Claimed),
    (Status::Dispatched, Action::Claim, Status::Dispatched),
    (Status::Dispatched, Action::Heartbeat, Status::Dispatched),
    (Status::Dispatched, Action::Release, Status::Dispatched),
    (Status::Dispatched, Action::TakeOver, Status::Dispatched),
    (Status::Dispatched, Action::Resolve, Status::Resolved),
    (Status::Dispatched, Action::ConfirmCancellation, Status::Cancelled),
    (Status::Dispatched, Action::RejectCancellation, Status::Dispatched),
    (Status::Dispatched, Action::Update, Status::Dispatched),
    (Status::Dispatched, Action::RequestCancellation, Status::Dispatched),
    (Status::Dispatched, Action::SetPriority, Status::Dispatched),
    (Status::Dispatched, Action::Transfer, Status::Dispatched),
    (Status::Dispatched, Action::WithdrawTransfer, Status::Dispatched),
    (Status::Dispatched, Action::AcceptTransfer, Status::Dispatched),
    (Status::Dispatched, Action::RejectTransfer, Status::Dispatched),
    (Status::Received, Action::Correct, Status::Received),
    (Status::Claimed, Action::Correct, Status::Claimed),
    (Status::Dispatched, Action::Correct, Status::Dispatched),
];

impl Status {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::Claimed,
        Self::Dispatched,
        Self::Resolved,
        Self::Closed,
        Self::Cancelled,
        Self::Duplicate,
    ];

    /// The states in which somebody still has to do something.
    pub const OPEN: [Self; 3] = [Self::Received, Self::Claimed, Self::Dispatched];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Claimed => "claimed",
            Self::Dispatched => "dispatched",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Duplicate => "duplicate",
        }
    }

    /// Whether somebody still has to do something.
    #[must_use]
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }

    /// Whether it is over, and not only followed under another.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed | Self::Cancelled)
    }

    /// The state after `action`.
    ///
    /// # Errors
    /// [`TransitionError::NotNow`] when the table has no such step.
    pub fn after(self, action: Action) -> Result<Self, TransitionError> {
        TABLE
            .into_iter()
            .find(|&(from, by, _)| from == self && by == action)
            .map(|(_, _, to)| to)
            .ok_or(TransitionError::NotNow { status: self, action })
    }

    /// What the table lets happen in this state.
    pub fn actions(self) -> impl Iterator<Item = Action> {
        TABLE.into_iter().filter(move |&(from, ..)| from == self).map(|(_, action, _)| action)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownStatus)
    }
}

/// There is no state of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such status")]
pub struct UnknownStatus;

/// Why an action cannot be done; the emergency is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// The table has no such step from this state.
    #[error("{action:?} cannot be done to an emergency that is {status}")]
    NotNow {
        /// The state it is in.
        status: Status,
        /// What was asked.
        action: Action,
    },
    /// Somebody holds it already.
    #[error("another dispatcher holds the emergency")]
    AlreadyClaimed,
    /// Only its holder may do this.
    #[error("only the holder of the emergency may do this")]
    NotHolder,
    /// Its caller has not asked to call it off.
    #[error("the caller has not asked for a cancellation")]
    NothingToDecide,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_step_leads_to_one_state() {
        let steps: HashSet<_> = TABLE.map(|(from, action, _)| (from, action)).into();
        assert_eq!(steps.len(), TABLE.len());
        for (from, action, to) in TABLE {
            assert_eq!(from.after(action), Ok(to));
            assert!(from.actions().any(|possible| possible == action));
        }
    }

    #[test]
    fn what_has_ended_is_opened_again_only_by_a_new_call_or_a_dispatcher() {
        for ended in Status::ALL.into_iter().filter(|status| !status.is_open()) {
            let opening: Vec<_> = TABLE
                .into_iter()
                .filter(|&(from, _, to)| from == ended && to.is_open())
                .map(|(_, action, _)| action)
                .collect();
            let by_hand = if ended == Status::Duplicate { Action::Unmerge } else { Action::Reopen };
            assert_eq!(opening, [Action::CallAgain, by_hand], "{ended}");
            assert_eq!(
                ended.after(Action::Claim),
                Err(TransitionError::NotNow { status: ended, action: Action::Claim })
            );
        }
    }

    /// The states that can be come to from `start`, by any steps.
    fn reached(start: Status) -> HashSet<Status> {
        let mut reached = HashSet::from([start]);
        for _ in Status::ALL {
            let steps = TABLE.into_iter().filter(|(from, ..)| reached.contains(from));
            let next: Vec<_> = steps.map(|(.., to)| to).collect();
            reached.extend(next);
        }
        reached
    }

    #[test]
    fn no_state_is_without_a_way_in_and_a_way_out() {
        for status in Status::ALL {
            assert!(reached(Status::Received).contains(&status), "no way to {status}");
            let out = TABLE.into_iter().any(|(from, _, to)| from == status && to != status);
            assert!(out, "no way out of {status}");
            let ends = reached(status);
            for end in [Status::Received, Status::Closed, Status::Cancelled, Status::Duplicate] {
                assert!(ends.contains(&end), "{status} never becomes {end}");
            }
        }
    }

    proptest! {
        /// Whatever is tried in whatever order, every step is one of the table, a step that is not
        /// leaves the state as it is, and there is always something to do.
        #[test]
        fn a_life_is_a_walk_over_the_table(
            tries in proptest::collection::vec(any::<prop::sample::Index>(), 1..200),
        ) {
            let actions: Vec<_> = TABLE.map(|(_, action, _)| action).into();
            let mut status = Status::Received;
            for action in tries.iter().map(|index| *index.get(&actions)) {
                let allowed: Vec<_> = status.actions().collect();
                match status.after(action) {
                    Ok(next) => {
                        prop_assert!(allowed.contains(&action));
                        status = next;
                    }
                    Err(error) => {
                        prop_assert!(!allowed.contains(&action));
                        prop_assert_eq!(error, TransitionError::NotNow { status, action });
                    }
                }
                prop_assert!(status.actions().next().is_some());
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for status in Status::ALL {
            assert_eq!(status.to_string().parse(), Ok(status));
        }
        assert_eq!("lost".parse::<Status>(), Err(UnknownStatus));
    }
}
