//! Who may do what, to which things: the one table behind every refusal.
//!
//! A use case asks for a proof ([`Citizen`](super::Citizen), [`Dispatcher`](super::Dispatcher), ..)
//! that only this table hands out, and asks [`reaches`] about the thing. The matrix in
//! `docs/ACCESS.md` is printed from here.

use Role::{
    Administrator, AgencyManager, Auditor, BusinessMember, BusinessOwner, Citizen, Dispatcher,
    Machine, Moderator, Officer, Responder,
};

use super::Role;
use crate::directory::AgencyCode;

/// What only some may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Sign out, and see who one is: for everybody who is signed in.
    SignedIn,
    /// Use one's own account: data, sessions, reports, messages.
    UseAccount,
    /// Act for a business: its members and owners, and its own systems.
    ActForBusiness,
    /// Look whether businesses are what they say.
    VerifyBusinesses,
    /// Handle emergency calls.
    HandleEmergencies,
    /// Answer feedback, and decide what of it becomes public.
    AnswerFeedback,
    /// Manage staff and agencies.
    RunService,
    /// Read the audit log.
    ReadAudit,
    /// Answer what people ask to be done with their data.
    AnswerRequests,
    /// Tell how dossiers stand: for the systems that an operator admitted.
    TellOfDossiers,
}

/// How far a right goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To what is one's own.
    Own,
    /// To what the own agency answers for; from the agency of the province, to everything.
    Agency,
    /// To everything, from the agency of the province alone.
    Province,
}

impl Reach {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Agency => "agency",
            Self::Province => "province",
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What may be done.
    pub right: Right,
    /// By whom.
    pub roles: &'static [Role],
    /// To which things.
    pub reach: Reach,
}

/// The table.
pub const RULES: [Rule; 10] = [
    Rule { right: Right::SignedIn, roles: &Role::ALL, reach: Reach::Own },
    Rule { right: Right::UseAccount, roles: &[Citizen], reach: Reach::Own },
    Rule {
        right: Right::ActForBusiness,
        roles: &[BusinessMember, BusinessOwner, Machine],
        reach: Reach::Own,
    },
    Rule {
        right: Right::VerifyBusinesses,
        roles: &[Officer, Moderator, AgencyManager],
        reach: Reach::Agency,
    },
    Rule {
        right: Right::HandleEmergencies,
        roles: &[Dispatcher, AgencyManager],
        reach: Reach::Agency,
    },
    Rule {
        right: Right::AnswerFeedback,
        roles: &[Officer, Moderator, AgencyManager],
        reach: Reach::Agency,
    },
    Rule { right: Right::RunService, roles: &[Administrator], reach: Reach::Agency },
    Rule { right: Right::ReadAudit, roles: &[Auditor, Administrator], reach: Reach::Agency },
    Rule { right: Right::AnswerRequests, roles: &[AgencyManager], reach: Reach::Province },
    Rule { right: Right::TellOfDossiers, roles: &[Machine], reach: Reach::Province },
];

impl Right {
    /// The name on the wire: the scope of an operation in the description of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::UseAccount => "use_account",
            Self::ActForBusiness => "act_for_business",
            Self::VerifyBusinesses => "verify_businesses",
            Self::HandleEmergencies => "handle_emergencies",
            Self::AnswerFeedback => "answer_feedback",
            Self::RunService => "run_service",
            Self::ReadAudit => "read_audit",
            Self::AnswerRequests => "answer_requests",
            Self::TellOfDossiers => "tell_of_dossiers",
        }
    }

    /// Whether `role` has the right.
    #[must_use]
    pub fn is_of(self, role: Role) -> bool {
        RULES.iter().any(|rule| rule.right == self && rule.roles.contains(&role))
    }
}

impl Rule {
    /// The rule with this name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        RULES.into_iter().find(|rule| rule.right.as_str() == name)
    }
}

/// Whether the rights of somebody in the agency `own` reach a thing that `agency` answers for.
#[must_use]
pub fn reaches(own: &AgencyCode, agency: &AgencyCode) -> bool {
    own.is_province() || own == agency
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 11] = [
        Citizen,
        BusinessMember,
        BusinessOwner,
        Dispatcher,
        Responder,
        Officer,
        Moderator,
        AgencyManager,
        Administrator,
        Auditor,
        Machine,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_stands_in_the_table_once() {
        for rule in RULES {
            assert_eq!(RULES.iter().filter(|other| other.right == rule.right).count(), 1);
            assert_eq!(Rule::named(rule.right.as_str()).map(|rule| rule.right), Some(rule.right));
        }
        assert!(Rule::named("everything").is_none());
    }

    #[test]
    fn whoever_runs_the_service_does_not_read_what_people_tell_it() {
        for right in [Right::HandleEmergencies, Right::AnswerFeedback, Right::UseAccount] {
            assert!(!right.is_of(Administrator) && !right.is_of(Auditor), "{right:?}");
        }
    }
}
