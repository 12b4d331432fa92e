//! The report itself.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    Action, Actor, Answers, Effect, NotAllowed, Rejection, Status, TrackingCode, Visibility,
    allowed_actions, permitted,
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
}

impl Report {
    /// What `actor` may do with it now.
    #[must_use]
    pub fn allowed_actions(&self, actor: Actor) -> Vec<Action> {
        allowed_actions((self.status, self.visibility), actor)
    }

    /// Whether its time was over before it was answered.
    #[must_use]
    pub fn is_overdue(&self, at: DateTime<Utc>) -> bool {
        self.status.is_open() && self.due_at < at
    }

    /// The report after `action` by `actor`, as the table of transitions says.
    ///
    /// # Errors
    /// [`NotAllowed`] where the table has no such row.
    pub fn after(
        mut self,
        action: Action,
        actor: Actor,
        at: DateTime<Utc>,
    ) -> Result<Self, NotAllowed> {
        let row = permitted((self.status, self.visibility), action, actor).ok_or_else(|| {
            NotAllowed { action, status: self.status, allowed: self.allowed_actions(actor) }
        })?;
        match row.effect {
            Effect::Becomes(status) => {
                self.status = status;
                self.status_since = at;
            }
            Effect::Shows(visibility) => self.show(visibility, at),
        }
        if action == Action::Withdraw && self.visibility == Visibility::Published {
            self.show(Visibility::Hidden, at);
        }
        self.version = Version(self.version.0.saturating_add(1));
        self.updated_at = at;
        Ok(self)
    }

    fn show(&mut self, visibility: Visibility, at: DateTime<Utc>) {
        self.visibility = visibility;
        self.published_at = (visibility == Visibility::Published).then_some(at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::feedback::TRANSITIONS;

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
        }
    }

    fn actions() -> impl Strategy<Value = (Action, Actor)> {
        let actors = [Actor::Officer, Actor::Reporter, Actor::Timer];
        let actions: Vec<Action> = TRANSITIONS.iter().map(|row| row.action).collect();
        (proptest::sample::select(actions), proptest::sample::select(actors.to_vec()))
    }

    proptest! {
        /// Whatever is tried in whatever order: what is allowed happens, what is not fails and
        /// changes nothing, and what is sealed is never shown.
        #[test]
        fn a_report_moves_only_as_the_table_says(
            sealed in any::<bool>(),
            steps in proptest::collection::vec(actions(), 1..30),
        ) {
            let begin = if sealed { Visibility::Sealed } else { Visibility::Hidden };
            let mut now = report(Status::Submitted, begin);
            for (action, actor) in steps {
                let allowed = now.allowed_actions(actor);
                match now.clone().after(action, actor, now.updated_at) {
                    Ok(next) => {
                        prop_assert!(allowed.contains(&action));
                        prop_assert_eq!(next.version.0, now.version.0 + 1);
                        now = next;
                    }
                    Err(refused) => {
                        prop_assert!(!allowed.contains(&action));
                        prop_assert_eq!(refused.allowed, allowed);
                    }
                }
                prop_assert!(!sealed || now.visibility == Visibility::Sealed);
                prop_assert_eq!(
                    now.published_at.is_some(),
                    now.visibility == Visibility::Published
                );
                prop_assert!(
                    now.status != Status::Withdrawn || now.visibility != Visibility::Published
                );
            }
        }
    }
}
