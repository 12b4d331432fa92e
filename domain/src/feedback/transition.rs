//! What may be done with a report: the one table of its life.

use super::{Action, Actor, Status, Visibility};

/// What an action changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Where the report stands.
    Becomes(Status),
    /// Where it stands, until it returns to where it was.
    Waits(Status),
    /// It returns to where it was.
    Returns,
    /// It is closed where the reporter finds it solved.
    Settles,
    /// Who may see it.
    Shows(Visibility),
    /// Something else about it.
    Stays,
}

/// What else has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing.
    Always,
    /// Work has never begun, whoever has it now.
    Unbegun,
    /// It was answered at most fifteen days ago, and not opened again twice.
    Reopenable,
    /// It was refused at most fifteen days ago, and nobody appealed before.
    Unappealed,
    /// The answer was not given more time before.
    Unextended,
    /// The reporter did not find the answer good or bad after it was closed, nor too often before.
    Unrated,
}

/// One row of [`TRANSITIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// What is done.
    pub action: Action,
    /// Where the report may stand.
    pub from: &'static [Status],
    /// What else has to hold.
    pub guard: Guard,
    /// What changes.
    pub effect: Effect,
    /// Who may do it.
    pub by: Actor,
    /// The fields without which it is not done.
    pub needs: &'static [&'static str],
}

const fn row(
    action: Action,
    by: Actor,
    from: &'static [Status],
    guard: Guard,
    effect: Effect,
    needs: &'static [&'static str],
) -> Transition {
    Transition { action, from, guard, effect, by, needs }
}

/// Everything that may be done with a report; what is not here cannot be done.
///
/// Work may be resolved without a `start`, for much is done by a telephone call. A transfer begins
/// anew with the agency that gets it, and the clock goes on. Nothing that was withdrawn is shown,
/// and withdrawing hides what was.
pub const TRANSITIONS: [Transition; 26] = {
    use Action::{
        Accept, Answer, Appeal, Ask, Assign, Close, Escalate, Extend, Hide, Lapse, Merge, Note,
        Prioritise, Publish, Rate, Recategorise, Reject, Remind, Reopen, Resolve, Split, Start,
        Transfer, Unmerge, Withdraw,
    };
    use Actor::{Officer, Reporter, Timer};
    use Effect::{Becomes, Returns, Settles, Shows, Stays, Waits};
    use Guard::{Always, Reopenable, Unappealed, Unbegun, Unextended, Unrated};
    use Status::{
        Accepted, Assigned, Closed, InProgress, Merged, NeedsInfo, Rejected, Resolved, Submitted,
        Withdrawn,
    };
    use Visibility::{Hidden, Published};
    const UNANSWERED: &[Status] = &[Submitted, Accepted, Assigned, InProgress, NeedsInfo];
    const SHOWABLE: &[Status] =
        &[Submitted, Accepted, Assigned, InProgress, NeedsInfo, Resolved, Closed, Rejected, Merged];
    [
        row(Accept, Officer, &[Submitted], Always, Becomes(Accepted), &[]),
        row(Assign, Officer, &[Accepted, Assigned, InProgress], Always, Becomes(Assigned), &[]),
        row(Start, Officer, &[Assigned], Always, Becomes(InProgress), &[]),
        row(Ask, Officer, &Status::OPEN, Always, Waits(NeedsInfo), &["question"]),
        row(Answer, Reporter, &[NeedsInfo], Always, Returns, &["text"]),
        row(Answer, Officer, &[NeedsInfo], Always, Returns, &["text"]),
        row(Lapse, Timer, &[NeedsInfo], Always, Becomes(Closed), &[]),
        row(Resolve, Officer, &[Assigned, InProgress], Always, Becomes(Resolved), &["answer"]),
        row(Reject, Officer, UNANSWERED, Always, Becomes(Rejected), &["reason"]),
        row(Rate, Reporter, &[Resolved, Closed], Unrated, Settles, &["stars", "solved"]),
        row(Reopen, Reporter, &[Resolved, Closed], Reopenable, Becomes(InProgress), &["reason"]),
        row(Appeal, Reporter, &[Rejected], Unappealed, Becomes(Submitted), &["reason"]),
        row(
            Withdraw,
            Reporter,
            &[Submitted, Accepted, Assigned, NeedsInfo, Merged],
            Unbegun,
            Becomes(Withdrawn),
            &[],
        ),
        row(Close, Timer, &[Resolved], Always, Becomes(Closed), &[]),
        row(Transfer, Officer, &Status::OPEN, Always, Becomes(Submitted), &["agency", "reason"]),
        row(Recategorise, Officer, UNANSWERED, Always, Stays, &["category"]),
        row(Extend, Officer, &Status::OPEN, Unextended, Stays, &["reason"]),
        row(Prioritise, Officer, UNANSWERED, Always, Stays, &["urgency", "reason"]),
        row(Merge, Officer, &Status::OPEN, Always, Waits(Merged), &["into"]),
        row(Unmerge, Officer, &[Merged], Always, Returns, &[]),
        row(Split, Officer, UNANSWERED, Always, Stays, &["category", "text"]),
        row(Note, Officer, &Status::ALL, Always, Stays, &["text"]),
        row(Remind, Timer, &Status::OPEN, Always, Stays, &[]),
        row(Escalate, Timer, &Status::OPEN, Always, Stays, &[]),
        row(Publish, Officer, SHOWABLE, Always, Shows(Published), &[]),
        row(Hide, Officer, &Status::ALL, Always, Shows(Hidden), &[]),
    ]
};

/// The row for `action` by `actor` on a report that stands at `status` and is shown as
/// `visibility`, if it may be done as far as its guard holds.
#[must_use]
pub fn permitted(
    (status, visibility): (Status, Visibility),
    action: Action,
    actor: Actor,
) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| {
        row.action == action
            && row.by == actor
            && row.from.contains(&status)
            && match row.effect {
                Effect::Shows(shown) => visibility != Visibility::Sealed && visibility != shown,
                _ => true,
            }
    })
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

    /// Where a report can stand after `row`, seen from anywhere.
    fn leads_to(row: &Transition) -> Vec<Status> {
        match row.effect {
            Effect::Becomes(status) | Effect::Waits(status) => vec![status],
            Effect::Settles => vec![Status::Closed],
            Effect::Returns => TRANSITIONS
                .iter()
                .filter(|other| matches!(other.effect, Effect::Waits(at) if row.from.contains(&at)))
                .flat_map(|other| other.from.iter().copied())
                .collect(),
            Effect::Shows(_) | Effect::Stays => Vec::new(),
        }
    }

    fn reached(from: Status) -> Vec<Status> {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(&status) = reached.get(next) {
            next += 1;
            for row in TRANSITIONS.iter().filter(|row| row.from.contains(&status)) {
                for to in leads_to(row) {
                    if !reached.contains(&to) {
                        reached.push(to);
                    }
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
    fn every_state_has_a_way_to_an_end_and_withdrawn_alone_no_way_out() {
        let ends = [Status::Closed, Status::Rejected, Status::Withdrawn];
        for status in Status::ALL {
            assert!(
                reached(status).iter().any(|reached| ends.contains(reached)),
                "{status} never ends"
            );
            let leaves = TRANSITIONS.iter().any(|row| {
                row.from.contains(&status) && leads_to(row).iter().any(|&to| to != status)
            });
            assert_eq!(leaves, status != Status::Withdrawn, "{status}");
        }
    }

    #[test]
    fn every_action_of_an_actor_has_one_row() {
        for (index, row) in TRANSITIONS.iter().enumerate() {
            assert!(!row.from.is_empty(), "{:?}", row.action);
            let same = |other: &Transition| (other.action, other.by) == (row.action, row.by);
            assert!(!TRANSITIONS.iter().skip(index + 1).any(same), "{:?}", row.action);
        }
    }

    #[test]
    fn what_waits_returns() {
        for status in Status::ALL {
            let waits = TRANSITIONS.iter().any(|row| row.effect == Effect::Waits(status));
            let returns = |row: &&Transition| row.effect == Effect::Returns;
            let back = TRANSITIONS.iter().filter(returns).any(|row| row.from.contains(&status));
            assert_eq!(waits, back, "{status}");
        }
    }

    #[test]
    fn what_is_sealed_stays_sealed() {
        for status in Status::ALL {
            for action in [Action::Publish, Action::Hide] {
                let sealed = (status, Visibility::Sealed);
                assert_eq!(permitted(sealed, action, Actor::Officer), None);
            }
        }
    }
}
