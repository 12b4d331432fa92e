//! The report itself.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    Action, Actor, Answers, Course, Effect, Ending, Guard, Head, NotAllowed, OBJECTION, REOPENINGS,
    Rejection, Status, TRANSITIONS, TrackingCode, Transition, Visibility, own::RATINGS, permitted,
};
use crate::{
    Id,
    directory::AgencyCode,
    identity::{CitizenId, StaffId},
    territory::{CommuneCode, Position},
};

/// The id of a report.
pub type ReportId = Id<Report>;

/// How often a report has changed; the guard of every edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub i64);

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Who reported it, as far as that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reporter {
    /// Nobody knows: not signed in, or signed in and asked for this.
    Anonymous,
    /// This citizen.
    Citizen {
        /// Who it is.
        id: CitizenId,
        /// Whether the officers must not see who it is.
        confidential: bool,
    },
}

impl Reporter {
    /// The citizen, where one is known.
    #[must_use]
    pub const fn citizen(self) -> Option<CitizenId> {
        match self {
            Self::Anonymous => None,
            Self::Citizen { id, .. } => Some(id),
        }
    }

    /// Whether they asked that the officers must not see who they are.
    #[must_use]
    pub const fn is_hidden(self) -> bool {
        matches!(self, Self::Citizen { confidential: true, .. })
    }

    /// The citizen, where the officers may know.
    #[must_use]
    pub const fn shown_to_officers(self) -> Option<CitizenId> {
        match self {
            Self::Citizen { id, confidential: false } => Some(id),
            Self::Citizen { confidential: true, .. } | Self::Anonymous => None,
        }
    }
}

/// Something that a citizen or a business reported, and its way to an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The code people use for it.
    pub code: TrackingCode,
    /// How often it has changed.
    pub version: Version,
    /// What it is about.
    pub category: String,
    /// A headline, where one was given.
    pub title: Option<String>,
    /// What the reporter says.
    pub text: String,
    /// Where it is, on the map.
    pub position: Option<Position>,
    /// The commune it lies in.
    pub commune: Option<CommuneCode>,
    /// Where it is, in words.
    pub address: Option<String>,
    /// What the reporter answered to the questions of the category.
    pub attributes: Answers,
    /// Who reported it.
    pub reporter: Reporter,
    /// Who has to answer.
    pub agency: AgencyCode,
    /// The officer who has it.
    pub assignee: Option<StaffId>,
    /// Where it stands.
    pub status: Status,
    /// Since when it stands there. Clocks run from here, never from the last edit.
    pub status_since: DateTime<Utc>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Since when it is public; absent while it is not.
    pub published_at: Option<DateTime<Utc>>,
    /// The answer, public with the report.
    pub answer: Option<String>,
    /// Why it was not taken on.
    pub rejection: Option<Rejection>,
    /// When it arrived.
    pub submitted_at: DateTime<Utc>,
    /// By when it has to be answered.
    pub due_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was answered; absent before, and while it is open again.
    pub resolved_at: Option<DateTime<Utc>>,
    /// The report about the same thing that it follows.
    pub merged_into: Option<ReportId>,
    /// What it went through.
    pub course: Course,
    /// The end of its history.
    pub head: Head,
}

impl Report {
    /// What `actor` may do with it at `at`, in the order of the table.
    #[must_use]
    pub fn allowed_actions(&self, actor: Actor, at: DateTime<Utc>) -> Vec<Action> {
        let possible = |action: &Action| self.row(*action, actor, at).is_some();
        let own = TRANSITIONS.iter().filter(|row| row.by == actor);
        own.map(|row| row.action).filter(possible).collect()
    }

    /// The row of the table for `action` by `actor`, if it may be done at `at`.
    fn row(&self, action: Action, actor: Actor, at: DateTime<Utc>) -> Option<&'static Transition> {
        let row = permitted((self.status, self.visibility), action, actor)?;
        self.holds(row.guard, at).then_some(row)
    }

    fn holds(&self, guard: Guard, at: DateTime<Utc>) -> bool {
        let lately = |since: DateTime<Utc>| at - since <= OBJECTION;
        match guard {
            Guard::Always => true,
            // What waits since before this was noted tells it by where it returns to.
            Guard::Unbegun => {
                !self.course.begun && self.course.returns_to != Some(Status::InProgress)
            }
            Guard::Reopenable => {
                self.course.reopened < REOPENINGS && self.resolved_at.is_some_and(lately)
            }
            Guard::Unappealed => !self.course.appealed && lately(self.status_since),
            Guard::Unextended => self.course.extended_from.is_none(),
            Guard::Unrated => {
                let again = self.status == Status::Resolved && self.course.ratings < RATINGS;
                again || self.course.rating.is_none()
            }
        }
    }

    /// Whether whoever reported it asked that the officers must not see who that is: not the citizen,
    /// and not the business.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.course.confidential || self.reporter.is_hidden()
    }

    /// Whether its time was over before it was answered.
    #[must_use]
    pub fn is_overdue(&self, at: DateTime<Utc>) -> bool {
        self.status.is_open() && self.due_at < at
    }

    /// The report after `action` by `actor`, as the table of transitions says.
    ///
    /// # Errors
    /// [`NotAllowed`] where the table has no such row, or its guard does not hold.
    pub fn after(
        mut self,
        action: Action,
        actor: Actor,
        at: DateTime<Utc>,
    ) -> Result<Self, NotAllowed> {
        let row = self.row(action, actor, at).ok_or_else(|| NotAllowed {
            action,
            status: self.status,
            allowed: self.allowed_actions(actor, at),
        })?;
        match row.effect {
            Effect::Becomes(status) => {
                self.course.returns_to = None;
                self.stand(status, at);
            }
            Effect::Waits(status) => {
                self.course.returns_to = Some(self.status);
                self.stand(status, at);
            }
            Effect::Returns => {
                let back = self.course.returns_to.take();
                self.stand(back.unwrap_or(Status::Submitted), at);
            }
            // Only a rating settles, and what it says is known when it is kept.
            Effect::Settles | Effect::Stays => {}
            Effect::Shows(visibility) => self.show(visibility, at),
        }
        match action {
            Action::Resolve => self.resolved_at = Some(at),
            Action::Reopen => {
                self.resolved_at = None;
                self.course.reopened_at = Some(at);
            }
            Action::Close => self.course.ending = Some(Ending::Unobjected),
            Action::Lapse => self.course.ending = Some(Ending::Unanswered),
            Action::Withdraw if self.visibility == Visibility::Published => {
                self.show(Visibility::Hidden, at);
            }
            _ => {}
        }
        if matches!(action, Action::Start | Action::Resolve | Action::Reopen) {
            self.course.begun = true;
        }
        self.touch(at);
        Ok(self)
    }

    /// It is to be answered by `due_at` from now on, and the alarms begin anew.
    pub(super) fn promise(&mut self, due_at: DateTime<Utc>) {
        if self.due_at != due_at {
            self.due_at = due_at;
            self.course.alarms = 0;
            self.course.promised_at = Some(self.updated_at);
            self.course.next_level_at = None;
        }
    }

    /// It changed at `at`.
    pub(super) fn touch(&mut self, at: DateTime<Utc>) {
        self.version = Version(self.version.0.saturating_add(1));
        self.updated_at = at;
    }

    /// From `at` on it stands at `status`.
    pub(super) fn stand(&mut self, status: Status, at: DateTime<Utc>) {
        self.status = status;
        self.status_since = at;
    }

    /// What is shown again is public since it first was.
    fn show(&mut self, visibility: Visibility, at: DateTime<Utc>) {
        let shown = visibility == Visibility::Published;
        let first = self.course.first_published_at.or(self.published_at).or(shown.then_some(at));
        self.visibility = visibility;
        self.published_at = first.filter(|_| shown);
        self.course.first_published_at = first;
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn report(status: Status, visibility: Visibility) -> Report {
        let at = DateTime::UNIX_EPOCH;
        Report {
            id: uuid::Uuid::nil().into(),
            code: "PA-261123-22222Y".parse().unwrap(),
            version: Version(1),
            category: "other".to_owned(),
            title: None,
            text: "Đèn hỏng".to_owned(),
            position: None,
            commune: None,
            address: None,
            attributes: Answers::new(),
            reporter: Reporter::Anonymous,
            agency: AgencyCode::desk(),
            assignee: None,
            status,
            status_since: at,
            visibility,
            published_at: None,
            answer: None,
            rejection: None,
            submitted_at: at,
            due_at: at,
            updated_at: at,
            resolved_at: None,
            merged_into: None,
            course: Course::default(),
            head: Head::START,
        }
    }

    fn steps() -> impl Strategy<Value = (Action, Actor, TimeDelta)> {
        let actors = [Actor::Officer, Actor::Reporter, Actor::Timer];
        let actions: Vec<Action> = TRANSITIONS.iter().map(|row| row.action).collect();
        (
            proptest::sample::select(actions),
            proptest::sample::select(actors.to_vec()),
            (0_i64..9).prop_map(TimeDelta::days),
        )
    }

    proptest! {
        /// Whatever is tried in whatever order: what is allowed happens, what is not fails and
        /// changes nothing, what waits knows where to return to, clocks run from the entry into a
        /// state, what is sealed is never shown, and nothing is withdrawn once work has begun.
        #[test]
        fn a_report_moves_only_as_the_table_says(
            sealed in any::<bool>(),
            steps in proptest::collection::vec(steps(), 1..90),
        ) {
            let begin = if sealed { Visibility::Sealed } else { Visibility::Hidden };
            let mut now = report(Status::Submitted, begin);
            let mut at = now.submitted_at;
            let mut begun = false;
            for (action, actor, later) in steps {
                at += later;
                let allowed = now.allowed_actions(actor, at);
                match now.clone().after(action, actor, at) {
                    Ok(next) => {
                        prop_assert!(allowed.contains(&action));
                        prop_assert_eq!(next.version.0, now.version.0 + 1);
                        prop_assert!(next.status == now.status || next.status_since == at);
                        prop_assert!(now.status != Status::Withdrawn || next.status == now.status);
                        prop_assert!(!begun || action != Action::Withdraw);
                        begun |= next.status == Status::InProgress || action == Action::Resolve;
                        now = next;
                    }
                    Err(refused) => {
                        prop_assert!(!allowed.contains(&action));
                        prop_assert_eq!(refused.allowed, allowed);
                    }
                }
                let waits = matches!(now.status, Status::NeedsInfo | Status::Merged);
                prop_assert_eq!(now.course.returns_to.is_some(), waits);
                prop_assert!(now.status != Status::Resolved || now.resolved_at.is_some());
                prop_assert_eq!(now.visibility == Visibility::Sealed, sealed);
                prop_assert_eq!(
                    now.published_at.is_some(),
                    now.visibility == Visibility::Published
                );
                prop_assert!(
                    now.status != Status::Withdrawn || now.visibility != Visibility::Published
                );
                let comes_back = |at| {
                    let allowed = now.allowed_actions(Actor::Reporter, at);
                    [Action::Reopen, Action::Appeal].iter().any(|back| allowed.contains(back))
                };
                let last = TimeDelta::microseconds(1);
                if let Some(over) = now.over_at().filter(|_| now.status != Status::Merged) {
                    prop_assert!(!comes_back(over) && !comes_back(over + TimeDelta::days(1)));
                    prop_assert!(over == now.status_since || comes_back(over - last));
                }
            }
        }
    }
}
