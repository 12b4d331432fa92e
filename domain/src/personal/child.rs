//! Children whose guardians speak for them (Law 91/2025/QH15, article 24): kept only with the
//! guardian's consent, until the child is sixteen.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{ConsentLedger, ConsentPurpose, PersonalError, owner, record::agreed};
use crate::{
    Id, Moment, StoreError,
    identity::{Citizen, CitizenId, CitizenRepository, DisplayName},
    wall_clock::local,
};

/// The id of a child.
pub type ChildId = Id<Child>;

/// How old a child is at most, in whole years: sixteen is the end of it.
const OF_AGE: i32 = 16;
/// The most children of one guardian.
const MOST: usize = 20;

/// What is known of a child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildCard {
    /// What they are called.
    pub name: String,
    /// Their birthday.
    pub born_on: NaiveDate,
}

impl ChildCard {
    /// The card of a child that is not of age at `at`; nothing for anybody else.
    #[must_use]
    pub fn read(name: &DisplayName, born_on: NaiveDate, at: DateTime<Utc>) -> Option<Self> {
        let card = Self { name: name.as_str().to_owned(), born_on };
        (born_on <= local(at).date() && card.is_child(at)).then_some(card)
    }

    /// Whether they are still a child at `at`, by the date in Vietnam.
    #[must_use]
    pub fn is_child(&self, at: DateTime<Utc>) -> bool {
        let year = self.born_on.year().saturating_add(OF_AGE);
        // Sixteen years after a leap day is a leap day, except around centuries: then the day after.
        let of_age = self
            .born_on
            .with_year(year)
            .or_else(|| self.born_on.checked_add_days(Days::new(1))?.with_year(year));
        of_age.is_some_and(|day| local(at).date() < day)
    }
}

/// A child and who speaks for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its id.
    pub id: ChildId,
    /// Who speaks for them.
    pub guardian: CitizenId,
    /// What is known of them.
    pub card: ChildCard,
    /// When they were added.
    pub added_at: DateTime<Utc>,
}

/// Where children are kept, sealed.
pub trait ChildRepository {
    /// Adds a child.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_child(&mut self, child: &Child) -> Result<(), StoreError>;

    /// The children of `guardian`, as they were added.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn children(&mut self, guardian: CitizenId) -> Result<Vec<Child>, StoreError>;

    /// Removes a child of `guardian`, and answers whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_child(&mut self, guardian: CitizenId, id: ChildId) -> Result<bool, StoreError>;
}

/// Adds a child for whom `guardian` speaks.
///
/// # Errors
/// [`PersonalError::ConsentMissing`] before the guardian agrees; [`PersonalError::TooMany`].
pub fn add_child(
    tx: &mut (impl ChildRepository + ConsentLedger + CitizenRepository),
    now: &Moment,
    guardian: &Citizen,
    card: ChildCard,
) -> Result<Child, PersonalError> {
    owner(tx, guardian)?;
    agreed(tx, guardian, ConsentPurpose::Children)?;
    if tx.children(guardian.id)?.len() >= MOST {
        return Err(PersonalError::TooMany);
    }
    let child = Child { id: now.new_id(), guardian: guardian.id, card, added_at: now.at };
    tx.add_child(&child)?;
    Ok(child)
}

/// The children for whom `guardian` speaks: who came of age meanwhile speaks for themselves.
///
/// # Errors
/// [`PersonalError::Erased`] when the account is gone.
pub fn children_of(
    tx: &mut (impl ChildRepository + CitizenRepository),
    now: &Moment,
    guardian: &Citizen,
) -> Result<Vec<Child>, PersonalError> {
    owner(tx, guardian)?;
    let mut children = tx.children(guardian.id)?;
    children.retain(|child| child.card.is_child(now.at));
    Ok(children)
}

/// Forgets a child of `guardian`.
///
/// # Errors
/// [`PersonalError::NotFound`] when they do not speak for it.
pub fn remove_child(
    tx: &mut impl ChildRepository,
    guardian: &Citizen,
    id: ChildId,
) -> Result<(), PersonalError> {
    if tx.remove_child(guardian.id, id)? { Ok(()) } else { Err(PersonalError::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_child(born_on: &str, at: &str) -> bool {
        let card = ChildCard { name: "Bé".to_owned(), born_on: born_on.parse().unwrap() };
        card.is_child(at.parse().unwrap())
    }

    #[test]
    fn a_child_is_of_age_on_its_sixteenth_birthday_in_vietnam() {
        assert!(is_child("2010-11-24", "2026-11-23T16:59:59Z"));
        assert!(!is_child("2010-11-24", "2026-11-23T17:00:00Z"));
        assert!(is_child("2012-02-29", "2028-02-28T16:59:59Z"));
        assert!(!is_child("2012-02-29", "2028-02-28T17:00:00Z"));
    }
}
