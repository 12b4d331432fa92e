//! What administrators change: what can be reported, and who gets it.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    Categories, CategoriesError, Edition, Fault, MOST_TERMS, Responsible, Rule, RuleBook, RuleId,
    RuleText,
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::AgencyTree,
    event::{Event, EventLog, Topic},
    identity::{ChiefAdministrator, StaffId},
};

/// The event by which every replica hears that categories or rules were changed.
pub const SETUP_CHANGED: &str = "feedback.setup_changed";
/// At most so many rules there are.
const MOST_RULES: usize = 500;

/// Who changed something, and when.
pub type Signed = (StaffId, DateTime<Utc>);

/// Where the editions of categories are kept that are not the shipped ones.
pub trait CategoryRegister {
    /// All of them, by when they were made.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn category_editions(&mut self) -> Result<Vec<Edition>, StoreError>;

    /// Keeps `edition`, and that `by` made it.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when there is one of its code and version.
    fn add_category_edition(&mut self, edition: &Edition, by: Signed) -> Result<(), StoreError>;
}

/// Why categories or rules were not changed.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is none of this name.
    #[error("no such category or rule")]
    NotFound,
    /// It is not as the administrator saw it.
    #[error("it is at version {version} by now")]
    Seen {
        /// What it is at.
        version: i64,
    },
    /// What it shall say contradicts itself or the others.
    #[error("{0}")]
    Fault(Fault),
    /// A field of a rule says nothing that fits.
    #[error("{0} does not fit")]
    Unfit(&'static str),
    /// There are as many as there may be.
    #[error("no more rules can be had")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CategoriesError> for SetupError {
    fn from(error: CategoriesError) -> Self {
        match error {
            CategoriesError::Fault { fault, .. } => Self::Fault(fault),
            CategoriesError::Unreadable(error) => {
                Self::Store(StoreError::Failed(format!("a category cannot be read: {error}")))
            }
        }
    }
}

/// Everything that changes of the setup are written to.
pub trait SetupStore: CategoryRegister + RuleBook + EventLog + AuditLog {}

impl<T> SetupStore for T where T: CategoryRegister + RuleBook + EventLog + AuditLog {}

/// Makes a new edition of a category, which `by` saw at version `seen`, 0 where there is none. It
/// counts for what is reported from now on. What was reported stays as it is; how exactly strangers
/// see where it is follows the latest edition.
///
/// # Errors
/// [`SetupError`] says why not.
pub fn put_category(
    tx: &mut impl SetupStore,
    (now, shipped, agencies): (&Moment, &Categories, &AgencyTree),
    by: &ChiefAdministrator,
    (edition, seen): (Edition, u32),
) -> Result<Categories, SetupError> {
    let known = shipped.with(tx.category_editions()?)?;
    let version = known.find(&edition.code).map_or(0, |category| category.version);
    if version != seen {
        return Err(SetupError::Seen { version: version.into() });
    }
    if edition.agency.as_ref().is_some_and(|agency| !is_there(agency, agencies)) {
        return Err(SetupError::Fault(Fault::NoAgency));
    }
    let edition = Edition { version: seen.saturating_add(1), ..edition };
    let changed = known.with([edition.clone()])?;
    match tx.add_category_edition(&edition, (by.staff().id, now.at)) {
        Err(StoreError::Duplicate) => return Err(StoreError::Stale.into()),
        kept => kept?,
    }
    let deed = if edition.withdrawn { "category.withdrawn" } else { "category.changed" };
    audit::record(tx, now, by.staff(), deed, &edition.code, None)?;
    tx.append(&changed_setup(now))?;
    Ok(changed)
}

/// Withdraws the category `code`, which `by` saw at version `seen`: nothing of it can be reported
/// any more, nor of what it holds.
///
/// # Errors
/// [`SetupError`] says why not.
pub fn withdraw_category(
    tx: &mut impl SetupStore,
    context: (&Moment, &Categories, &AgencyTree),
    by: &ChiefAdministrator,
    (code, seen): (&str, u32),
) -> Result<Categories, SetupError> {
    let known = context.1.with(tx.category_editions()?)?;
    let latest = known.editions(code).last().copied().cloned().ok_or(SetupError::NotFound)?;
    put_category(tx, context, by, (Edition { withdrawn: true, ..latest }, seen))
}

/// Adds a rule at `place`, or changes the one with its id, which `by` saw at version `seen`.
///
/// # Errors
/// [`SetupError`] says why not.
pub fn put_rule(
    tx: &mut impl SetupStore,
    (now, categories, agencies): (&Moment, &Categories, &AgencyTree),
    by: &ChiefAdministrator,
    (id, seen): (RuleId, i64),
    (place, text): (i64, RuleText),
) -> Result<Rule, SetupError> {
    check(&text, categories, agencies)?;
    let rules = tx.routing_rules()?;
    let version = rules.iter().find(|rule| rule.id == id).map(|rule| rule.version);
    match version {
        None if seen != 0 => return Err(SetupError::NotFound),
        None if rules.len() >= MOST_RULES => return Err(SetupError::TooMany),
        Some(version) if version != seen => return Err(SetupError::Seen { version }),
        _ => {}
    }
    let rule = Rule { id, version: seen.saturating_add(1), place, text };
    tx.put_routing_rule(&rule, seen, (by.staff().id, now.at))?;
    audit::record(tx, now, by.staff(), "rule.changed", &id, None)?;
    tx.append(&changed_setup(now))?;
    Ok(rule)
}

/// Takes the rule `id` away, which `by` saw at version `seen`.
///
/// # Errors
/// [`SetupError`] says why not.
pub fn remove_rule(
    tx: &mut impl SetupStore,
    now: &Moment,
    by: &ChiefAdministrator,
    (id, seen): (RuleId, i64),
) -> Result<(), SetupError> {
    let rules = tx.routing_rules()?;
    let rule = rules.iter().find(|rule| rule.id == id).ok_or(SetupError::NotFound)?;
    if rule.version != seen {
        return Err(SetupError::Seen { version: rule.version });
    }
    tx.remove_routing_rule(id, seen)?;
    audit::record(tx, now, by.staff(), "rule.removed", &id, None)?;
    tx.append(&changed_setup(now))?;
    Ok(())
}

/// Whether `text` names nothing but what is there.
///
/// # Errors
/// [`SetupError::Unfit`] names the field.
pub fn check(
    text: &RuleText,
    categories: &Categories,
    agencies: &AgencyTree,
) -> Result<(), SetupError> {
    let terms = &text.terms;
    let few = |count: usize| count <= MOST_TERMS;
    let known = terms.categories.iter().all(|code| categories.find(code).is_some());
    let said = terms.words.iter().all(|phrase| !crate::text::line(phrase).is_empty());
    let fields = [
        ("categories", known && few(terms.categories.len())),
        ("communes", few(terms.communes.len())),
        ("words", said && few(terms.words.len())),
        ("agency", is_there(&text.agency, agencies)),
    ];
    match fields.into_iter().find(|(_, fits)| !fits) {
        Some((field, _)) => Err(SetupError::Unfit(field)),
        None => Ok(()),
    }
}

fn is_there(responsible: &Responsible, agencies: &AgencyTree) -> bool {
    match responsible {
        Responsible::Commune => true,
        Responsible::Agency(code) => agencies.find(code).is_some(),
    }
}

fn changed_setup(now: &Moment) -> Event {
    Event {
        id: now.new_id::<Event>().uuid(),
        topic: Topic::System,
        kind: SETUP_CHANGED,
        subject: Uuid::nil(),
        agency: None,
        at: now.at,
        data: json!({}),
    }
}
