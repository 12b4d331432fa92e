//! The rules by which reports go to agencies, before their category decides.

use serde::{Deserialize, Serialize};

use super::{Responsible, Urgency};
use crate::{Id, StoreError, territory::CommuneCode};

/// The id of a rule.
pub type RuleId = Id<Rule>;

/// The most categories, communes or phrases of a rule.
pub const MOST_TERMS: usize = 100;

/// What a report has to be for a rule to count; what is left open does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Of one of these categories, or of what they hold.
    pub categories: Vec<String>,
    /// In one of these communes.
    pub communes: Vec<CommuneCode>,
    /// With one of these phrases in what it says, as whole words.
    pub words: Vec<String>,
    /// Reported for a business, or not for one.
    pub business: Option<bool>,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// What administrators call it.
    pub name: String,
    /// When it counts.
    pub terms: Terms,
    /// Who then answers.
    pub agency: Responsible,
    /// How pressing the report then is, whatever its category says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// Whether it counts at all.
    pub active: bool,
}

/// A rule by which reports go to an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// How often it has changed, from 1.
    pub version: i64,
    /// Its place: the rule with the lowest one that fits decides; of equal ones the older.
    pub place: i64,
    /// What it says.
    pub text: RuleText,
}

/// All rules, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// The rules in their order.
    #[must_use]
    pub fn new(mut rules: Vec<Rule>) -> Self {
        rules.sort_by_key(|rule| (rule.place, rule.id.uuid()));
        Self(rules)
    }

    /// These, and `rule` in the place of the one with its id.
    #[must_use]
    pub fn with(&self, rule: Rule) -> Self {
        let id = rule.id;
        let others = self.0.iter().filter(|other| other.id != id).cloned();
        Self::new(others.chain([rule]).collect())
    }

    /// The rules, in the order in which they are tried.
    #[must_use]
    pub fn in_order(&self) -> &[Rule] {
        &self.0
    }
}

/// Where rules are kept.
pub trait RuleBook {
    /// All rules, in any order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn routing_rules(&mut self) -> Result<Vec<Rule>, StoreError>;

    /// Keeps `rule`, which was at version `from`; 0 for a new one. `by` changed it at an instant.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is at another version.
    fn put_routing_rule(
        &mut self,
        rule: &Rule,
        from: i64,
        by: super::Signed,
    ) -> Result<(), StoreError>;

    /// Removes the rule `id`, which was at version `from`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is at another version.
    fn remove_routing_rule(&mut self, id: RuleId, from: i64) -> Result<(), StoreError>;
}
