//! Changing the rules about words.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{WordRule, WordRuleId, Wording};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::{Event, EventLog, Topic},
    identity::{ChiefAdministrator, StaffId},
};

/// What the event is called by which every replica hears that a rule was changed.
const CHANGED: &str = "search_rule.changed";

/// A version of a rule: how somebody left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleVersion {
    /// The rule it is a version of.
    pub id: WordRuleId,
    /// Grows with each change; the rule as it was imported is version 0.
    pub version: i64,
    /// The rule; absent where it was taken away.
    pub rule: Option<WordRule>,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where the versions of rules are kept. None is ever changed or removed.
pub trait RuleRepository {
    /// All of them, each rule's oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn rule_versions(&mut self) -> Result<Vec<RuleVersion>, StoreError>;

    /// Those of one rule, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn versions_of_rule(&mut self, id: WordRuleId) -> Result<Vec<RuleVersion>, StoreError>;

    /// How many there are of all rules: other rules are in force when it has grown.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn count_rule_versions(&mut self) -> Result<i64, StoreError>;

    /// Adds a version.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the rule has one with this number.
    fn add_rule_version(&mut self, version: &RuleVersion) -> Result<(), StoreError>;
}

/// Why a rule was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRuleError {
    /// There is none to take away.
    #[error("no such rule")]
    NotFound,
    /// It is not as the caller saw it.
    #[error("the rule is at version {version} by now")]
    Seen {
        /// The version it is at.
        version: i64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts `rule` in force in place of the one about the same, which `by` saw at version `seen`: 0
/// where there was none, or none but that in the imported rules.
///
/// # Errors
/// [`ChangeRuleError`] says why not.
pub fn put_rule(
    tx: &mut (impl RuleRepository + EventLog + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    rule: WordRule,
    seen: i64,
) -> Result<RuleVersion, ChangeRuleError> {
    let (id, version) = (rule.id(), current(tx, rule.id())?.map_or(0, |last| last.version));
    change(tx, now, by, (id, version), Some(rule), seen)
}

/// Takes away the rule with this id, which `by` saw at version `seen`; `imported` are the rules as
/// they were imported.
///
/// # Errors
/// [`ChangeRuleError`] says why not.
pub fn remove_rule(
    tx: &mut (impl RuleRepository + EventLog + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    imported: &Wording,
    (id, seen): (WordRuleId, i64),
) -> Result<RuleVersion, ChangeRuleError> {
    let last = current(tx, id)?;
    let is_there = match &last {
        Some(last) => last.rule.is_some(),
        None => imported.rules().any(|rule| rule.id() == id),
    };
    if !is_there {
        return Err(ChangeRuleError::NotFound);
    }
    change(tx, now, by, (id, last.map_or(0, |last| last.version)), None, seen)
}

fn current(
    tx: &mut impl RuleRepository,
    id: WordRuleId,
) -> Result<Option<RuleVersion>, StoreError> {
    Ok(tx.versions_of_rule(id)?.pop())
}

fn change(
    tx: &mut (impl RuleRepository + EventLog + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    (id, version): (WordRuleId, i64),
    rule: Option<WordRule>,
    seen: i64,
) -> Result<RuleVersion, ChangeRuleError> {
    if version != seen {
        return Err(ChangeRuleError::Seen { version });
    }
    let deed = if rule.is_some() { CHANGED } else { "search_rule.removed" };
    let version = RuleVersion { id, version: seen + 1, rule, by: by.staff().id, at: now.at };
    tx.add_rule_version(&version).map_err(|error| match error {
        StoreError::Stale => ChangeRuleError::Seen { version: version.version },
        error => error.into(),
    })?;
    audit::record(tx, now, by.staff(), deed, &id, None)?;
    tx.append(&version.event(now))?;
    Ok(version)
}

impl RuleVersion {
    fn event(&self, now: &Moment) -> Event {
        Event {
            id: now.new_id::<Event>().uuid(),
            topic: Topic::System,
            kind: CHANGED,
            subject: self.id.uuid(),
            agency: None,
            at: now.at,
            data: json!({ "version": self.version }),
        }
    }

    /// Whether an event of the system tells that a rule was changed.
    #[must_use]
    pub fn is_told_by(kind: &str) -> bool {
        kind == CHANGED
    }
}

/// The last of the versions of each rule, `versions` having each rule's oldest first.
#[must_use]
pub fn latest(versions: Vec<RuleVersion>) -> Vec<RuleVersion> {
    let mut latest: Vec<RuleVersion> = Vec::new();
    for version in versions {
        match latest.last_mut().filter(|last| last.id == version.id) {
            Some(last) => *last = version,
            None => latest.push(version),
        }
    }
    latest
}
