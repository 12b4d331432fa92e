//! Who may do what, to which things: the one table behind every refusal.
//!
//! A use case asks for a proof ([`Citizen`](super::Citizen), [`Dispatcher`](super::Dispatcher), ..)
//! that only this table hands out, and asks [`reaches`] about the thing, or shows a list in the
//! [`Scope`] of the one who asks. The matrix in `docs/ACCESS.md` is printed from here.

use Role::{
    Administrator, AgencyManager, Auditor, BusinessMember, BusinessOwner, Citizen, Dispatcher,
    Machine, Moderator, Officer, Responder,
};

use super::{Role, Staff};
use crate::{
    directory::{AgencyCode, AgencyTree},
    territory::CommuneCode,
};

/// What only some may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Sign out, and see who one is: for everybody who is signed in.
    SignedIn,
    /// Use one's own account: data, sessions, reports, messages.
    UseAccount,
    /// Act for a business: its members and owners, and its own systems.
    ActForBusiness,
    /// Decide over a business: who acts for it, in person or by key.
    DecideOverBusiness,
    /// Read what one is told as a member of the staff.
    WorkHere,
    /// Look whether businesses are what they say.
    VerifyBusinesses,
    /// Handle emergency calls.
    HandleEmergencies,
    /// Take part in emergencies: by handling them, or as the crew of a unit, whose own ones alone
    /// they then reach.
    TakePart,
    /// Keep the list of units and their crews.
    KeepUnits,
    /// Take whole cases out of the service: for a court, an inquiry.
    KeepRecords,
    /// Answer feedback, and decide what of it becomes public.
    AnswerFeedback,
    /// Enter notices, and correct when places are open.
    KeepDirectory,
    /// Manage the staff.
    RunService,
    /// Change what is everybody's: the tree of the agencies, and what is kept from being erased.
    RunProvince,
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
    /// To what the own agency and those below it answer for; from the agency of the province, to
    /// everything.
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
pub const RULES: [Rule; 17] = [
    Rule { right: Right::SignedIn, roles: &Role::IN_PERSON, reach: Reach::Own },
    Rule { right: Right::UseAccount, roles: &[Citizen], reach: Reach::Own },
    Rule {
        right: Right::ActForBusiness,
        roles: &[BusinessMember, BusinessOwner, Machine],
        reach: Reach::Own,
    },
    Rule { right: Right::DecideOverBusiness, roles: &[BusinessOwner], reach: Reach::Own },
    Rule { right: Right::WorkHere, roles: &Role::STAFF, reach: Reach::Own },
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
        right: Right::TakePart,
        roles: &[Dispatcher, Responder, AgencyManager],
        reach: Reach::Agency,
    },
    Rule { right: Right::KeepUnits, roles: &[AgencyManager], reach: Reach::Agency },
    Rule { right: Right::KeepRecords, roles: &[AgencyManager], reach: Reach::Agency },
    Rule {
        right: Right::AnswerFeedback,
        roles: &[Officer, Moderator, AgencyManager],
        reach: Reach::Agency,
    },
    Rule {
        right: Right::KeepDirectory,
        roles: &[Officer, Moderator, AgencyManager, Administrator],
        reach: Reach::Agency,
    },
    Rule { right: Right::RunService, roles: &[Administrator], reach: Reach::Agency },
    Rule { right: Right::RunProvince, roles: &[Administrator], reach: Reach::Province },
    Rule { right: Right::ReadAudit, roles: &[Auditor, Administrator], reach: Reach::Agency },
    Rule { right: Right::AnswerRequests, roles: &[AgencyManager], reach: Reach::Province },
    Rule { right: Right::TellOfDossiers, roles: &[Machine], reach: Reach::Own },
];

impl Right {
    /// The name on the wire: the scope of an operation in the description of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::UseAccount => "use_account",
            Self::ActForBusiness => "act_for_business",
            Self::DecideOverBusiness => "decide_over_business",
            Self::WorkHere => "work_here",
            Self::VerifyBusinesses => "verify_businesses",
            Self::HandleEmergencies => "handle_emergencies",
            Self::TakePart => "take_part",
            Self::KeepUnits => "keep_units",
            Self::KeepRecords => "keep_records",
            Self::AnswerFeedback => "answer_feedback",
            Self::KeepDirectory => "keep_directory",
            Self::RunService => "run_service",
            Self::RunProvince => "run_province",
            Self::ReadAudit => "read_audit",
            Self::AnswerRequests => "answer_requests",
            Self::TellOfDossiers => "tell_of_dossiers",
        }
    }

    /// Whether `staff` has the right at all.
    #[must_use]
    pub fn is_of(self, staff: &Staff) -> bool {
        RULES.iter().any(|rule| rule.right == self && rule.admits(staff))
    }
}

impl Rule {
    /// The rule with this name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        RULES.into_iter().find(|rule| rule.right.as_str() == name)
    }

    fn admits(&self, staff: &Staff) -> bool {
        self.roles.contains(&staff.role)
            && (self.reach != Reach::Province || staff.agency.is_province())
    }
}

/// Whether the rights of somebody in the agency `own` reach a thing that `agency` answers for: of
/// their own agency, and of every agency below it, as `agencies` stand.
#[must_use]
pub fn reaches(agencies: &AgencyTree, own: &AgencyCode, agency: &AgencyCode) -> bool {
    own.is_province() || agencies.is_within(agency, own)
}

/// The agencies whose things a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of every agency.
    #[default]
    Everything,
    /// Those of these alone.
    Agencies(Vec<AgencyCode>),
}

impl Scope {
    /// What lies in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everything, scope) | (scope, Self::Everything) => scope,
            (Self::Agencies(mut codes), Self::Agencies(others)) => {
                codes.retain(|code| others.contains(code));
                Self::Agencies(codes)
            }
        }
    }

    /// The communes among the agencies, where it is not everything.
    #[must_use]
    pub fn communes(&self) -> Option<Vec<CommuneCode>> {
        let Self::Agencies(codes) = self else { return None };
        Some(codes.iter().filter_map(|code| code.commune()?.parse().ok()).collect())
    }
}

/// What was asked for: the things of one agency, or all.
impl From<Option<AgencyCode>> for Scope {
    fn from(asked: Option<AgencyCode>) -> Self {
        asked.map_or(Self::Everything, |code| Self::Agencies(vec![code]))
    }
}

impl Staff {
    /// Whether their rights reach a thing that `agency` answers for.
    #[must_use]
    pub fn reaches(&self, agency: &AgencyCode) -> bool {
        reaches(&self.agencies, &self.agency, agency)
    }

    /// All agencies that they reach.
    #[must_use]
    pub fn scope(&self) -> Scope {
        if self.agency.is_province() {
            return Scope::Everything;
        }
        let all = self.agencies.agencies().iter().map(|agency| &agency.code);
        let below = all.filter(|code| **code != self.agency && self.reaches(code));
        Scope::Agencies(std::iter::once(&self.agency).chain(below).cloned().collect())
    }
}

impl Role {
    /// The roles of those who sign in.
    pub const IN_PERSON: [Self; 10] = [
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
    ];

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
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::directory::{Agency, AgencyKind, Area, shipped_agencies};

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
            for role in [Administrator, Auditor] {
                assert!(!right.is_of(&staff(role, "province")), "{right:?} by {role}");
            }
        }
    }

    #[test]
    fn what_is_everybodys_is_changed_from_the_province_alone() {
        for (right, role) in
            [(Right::RunProvince, Administrator), (Right::AnswerRequests, AgencyManager)]
        {
            assert!(right.is_of(&staff(role, "province")));
            assert!(!right.is_of(&staff(role, "commune-05443")));
            assert!(!right.is_of(&staff(Officer, "province")));
        }
    }

    fn code(number: usize) -> AgencyCode {
        format!("agency-{number}").parse().unwrap()
    }

    /// A tree in which each agency stands below one of those before it.
    fn trees() -> impl Strategy<Value = AgencyTree> {
        let parents = proptest::collection::vec(any::<prop::sample::Index>(), 1..30);
        parents.prop_map(|parents| {
            let agencies = parents.iter().enumerate().map(|(number, parent)| Agency {
                code: code(number),
                name: String::new(),
                kind: AgencyKind::Department,
                phone: None,
                parent: Some(if number == 0 {
                    AgencyCode::province()
                } else {
                    code(parent.index(number))
                }),
                area: Area::Province,
                kinds: Vec::new(),
                version: 1,
            });
            AgencyTree::new(shipped_agencies(&[]), agencies.collect())
        })
    }

    proptest! {
        /// A list shows exactly the things that can be opened, one's own among them; those of the
        /// province see everything, and nobody sees what stands above or beside them.
        #[test]
        fn a_scope_holds_what_is_reached_and_nothing_else(
            agencies in trees(),
            own in any::<prop::sample::Index>(),
        ) {
            let agencies = Arc::new(agencies);
            let codes: Vec<_> = agencies.agencies().iter().map(|agency| &agency.code).collect();
            let somebody = Staff {
                agencies: Arc::clone(&agencies),
                ..staff(Officer, own.get(&codes).as_str())
            };
            let everywhere = somebody.agency.is_province();
            for code in &codes {
                let listed = match somebody.scope() {
                    Scope::Everything => true,
                    Scope::Agencies(reached) => reached.contains(code),
                };
                prop_assert_eq!(listed, somebody.reaches(code));
                let below = agencies.is_within(code, &somebody.agency);
                prop_assert_eq!(listed, everywhere || below, "{}", code);
            }
            prop_assert!(somebody.reaches(&somebody.agency));
        }

        /// Whoever reaches an agency reaches all that its people reach.
        #[test]
        fn reach_goes_all_the_way_down(agencies in trees()) {
            let codes = || agencies.agencies().iter().map(|agency| &agency.code);
            for (one, two) in codes().zip(codes().skip(1)) {
                for three in codes() {
                    let chain = reaches(&agencies, one, two) && reaches(&agencies, two, three);
                    prop_assert!(!chain || reaches(&agencies, one, three));
                }
            }
        }
    }

    #[test]
    fn two_scopes_share_what_stands_in_both() {
        let [one, two] = [0, 1].map(|number| Scope::from(Some(code(number))));
        let both = Scope::Agencies(vec![code(0), code(1)]);
        assert_eq!(both.clone().and(one.clone()), one);
        assert_eq!(one.clone().and(two), Scope::Agencies(Vec::new()));
        assert_eq!(Scope::Everything.and(both.clone()), both);
        assert_eq!(both.communes(), Some(Vec::new()));
        let commune = Scope::from(Some(AgencyCode::of_commune("05443")));
        assert_eq!(commune.communes(), Some(vec!["05443".parse().unwrap()]));
    }

    fn staff(role: Role, agency: &str) -> Staff {
        Staff {
            id: uuid::Uuid::nil().into(),
            username: String::new(),
            role,
            agency: agency.parse().unwrap(),
            agencies: Arc::default(),
            version: 1,
            address: None,
        }
    }
}
