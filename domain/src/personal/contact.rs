//! Whom to tell when something happens to a person.

use serde::{Deserialize, Serialize};

use crate::{identity::Phone, text};

/// The longest name or relation, in characters.
const LONGEST: usize = 100;

/// Somebody to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyContact {
    /// Their name.
    pub name: String,
    /// Their number, E.164.
    pub phone: String,
    /// What they are to the person.
    pub relation: Option<String>,
}

/// What is wrong with a contact: the name of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} does not fit")]
pub struct InvalidContact(pub &'static str);

impl EmergencyContact {
    /// The most of them.
    pub const MOST: usize = 5;

    /// A contact as it was typed.
    ///
    /// # Errors
    /// [`InvalidContact`] names the field that does not fit.
    pub fn read(name: &str, phone: &str, relation: Option<&str>) -> Result<Self, InvalidContact> {
        let name = text::line(name);
        if !(1..=LONGEST).contains(&name.chars().count()) {
            return Err(InvalidContact("name"));
        }
        let phone: Phone = phone.parse().map_err(|_| InvalidContact("phone"))?;
        let relation = relation.map(text::line).filter(|relation| !relation.is_empty());
        if relation.as_ref().is_some_and(|relation| relation.chars().count() > LONGEST) {
            return Err(InvalidContact("relation"));
        }
        Ok(Self { name, phone: phone.e164(), relation })
    }
}
