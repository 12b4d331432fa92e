//! Citizens and what they say of themselves.

use chrono::{DateTime, Utc};

use crate::{
    Moment, StoreError,
    identity::{Citizen, CitizenId, Phone},
    text,
};

/// What is kept about a citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitizenAccount {
    /// Who it is.
    pub id: CitizenId,
    /// The number by which they sign in, unless they only do so through a provider of identities;
    /// one account per number.
    pub phone: Option<Phone>,
    /// What they want to be called.
    pub display_name: Option<DisplayName>,
    /// When they first signed in.
    pub created_at: DateTime<Utc>,
}

/// What a person wants to be called: one line of 1 to 100 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// The longest name, in characters.
    pub const LONGEST: usize = 100;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for DisplayName {
    type Error = InvalidDisplayName;

    fn try_from(text: &str) -> Result<Self, InvalidDisplayName> {
        let name = text::line(text);
        if (1..=Self::LONGEST).contains(&name.chars().count()) {
            Ok(Self(name))
        } else {
            Err(InvalidDisplayName)
        }
    }
}

/// The text is no name: empty, or longer than 100 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name is one line of 1 to 100 characters")]
pub struct InvalidDisplayName;

/// Where citizens are kept.
pub trait CitizenRepository {
    /// Adds a citizen.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the number has an account already.
    fn add_citizen(&mut self, citizen: &CitizenAccount) -> Result<(), StoreError>;

    /// The citizen with this id, unless they asked to be erased.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn citizen(&mut self, id: CitizenId) -> Result<Option<CitizenAccount>, StoreError>;

    /// The citizen with this id, unless they asked to be erased. Nobody else changes their account
    /// until the unit of work ends.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn hold_citizen(&mut self, id: CitizenId) -> Result<Option<CitizenAccount>, StoreError>;

    /// The citizen with this id who called for help, also while they wait to be erased.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn citizen_in_emergency(&mut self, id: CitizenId)
    -> Result<Option<CitizenAccount>, StoreError>;

    /// The citizen who signs in with `phone`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn citizen_by_phone(&mut self, phone: &Phone) -> Result<Option<CitizenAccount>, StoreError>;

    /// Saves what a citizen wants to be called, and answers whether there is such a citizen.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn rename_citizen(
        &mut self,
        id: CitizenId,
        name: Option<&DisplayName>,
    ) -> Result<bool, StoreError>;

    /// Saves with which phone a citizen signs in.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the number has an account already.
    fn change_phone(&mut self, id: CitizenId, phone: &Phone) -> Result<(), StoreError>;
}

/// The account of `citizen`; absent when it was erased since they signed in.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn account(
    tx: &mut impl CitizenRepository,
    citizen: &Citizen,
) -> Result<Option<CitizenAccount>, StoreError> {
    tx.citizen(citizen.id)
}

/// Changes what `citizen` wants to be called, and answers the account as it is now.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn rename(
    tx: &mut impl CitizenRepository,
    citizen: &Citizen,
    name: Option<&DisplayName>,
) -> Result<Option<CitizenAccount>, StoreError> {
    tx.rename_citizen(citizen.id, name)?;
    tx.citizen(citizen.id)
}

/// The account that signs in with `phone`, made now if this is its first time.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub(super) fn account_of(
    tx: &mut impl CitizenRepository,
    now: &Moment,
    phone: Phone,
) -> Result<CitizenAccount, StoreError> {
    if let Some(account) = tx.citizen_by_phone(&phone)? {
        return Ok(account);
    }
    let account = CitizenAccount {
        id: now.new_id(),
        phone: Some(phone),
        display_name: None,
        created_at: now.at,
    };
    tx.add_citizen(&account)?;
    Ok(account)
}
