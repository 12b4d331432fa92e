//! What those who help a person have to know.

use serde::{Deserialize, Serialize};

use crate::text;

/// The most entries of a list.
const MOST: usize = 30;
/// The longest entry, in characters.
const LONGEST_ENTRY: usize = 200;
/// The longest note, in characters.
const LONGEST_NOTE: usize = 2_000;

/// A blood type of the ABO and Rhesus systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BloodType {
    /// O positive.
    #[serde(rename = "O+")]
    OPositive,
    /// O negative.
    #[serde(rename = "O-")]
    ONegative,
    /// A positive.
    #[serde(rename = "A+")]
    APositive,
    /// A negative.
    #[serde(rename = "A-")]
    ANegative,
    /// B positive.
    #[serde(rename = "B+")]
    BPositive,
    /// B negative.
    #[serde(rename = "B-")]
    BNegative,
    /// AB positive.
    #[serde(rename = "AB+")]
    AbPositive,
    /// AB negative.
    #[serde(rename = "AB-")]
    AbNegative,
}

/// What a person wants those to know who help them. Nothing is required, all of it is their word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MedicalCard {
    /// The blood type, as the person knows it.
    pub blood_type: Option<BloodType>,
    /// What they must not be given.
    pub allergies: Vec<String>,
    /// What they suffer from.
    pub conditions: Vec<String>,
    /// What they take.
    pub medications: Vec<String>,
    /// Anything else.
    pub note: Option<String>,
}

/// A field of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardField {
    /// The allergies.
    Allergies,
    /// The conditions.
    Conditions,
    /// The medications.
    Medications,
    /// The note.
    Note,
}

impl CardField {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allergies => "allergies",
            Self::Conditions => "conditions",
            Self::Medications => "medications",
            Self::Note => "note",
        }
    }
}

/// A field has too many entries, or too long ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} has more than {MOST} entries or too long ones", .0.as_str())]
pub struct InvalidCard(pub CardField);

impl MedicalCard {
    /// The card with its texts brought into form; empty entries fall away.
    ///
    /// # Errors
    /// [`InvalidCard`] names the field that holds too much.
    pub fn tidied(self) -> Result<Self, InvalidCard> {
        let note = self.note.map(|note| text::paragraphs(&note)).filter(|note| !note.is_empty());
        if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
            return Err(InvalidCard(CardField::Note));
        }
        Ok(Self {
            blood_type: self.blood_type,
            allergies: entries(CardField::Allergies, &self.allergies)?,
            conditions: entries(CardField::Conditions, &self.conditions)?,
            medications: entries(CardField::Medications, &self.medications)?,
            note,
        })
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn entries(field: CardField, entries: &[String]) -> Result<Vec<String>, InvalidCard> {
    let tidied: Vec<String> =
        entries.iter().map(|entry| text::line(entry)).filter(|entry| !entry.is_empty()).collect();
    let fits =
        tidied.len() <= MOST && tidied.iter().all(|entry| entry.chars().count() <= LONGEST_ENTRY);
    if fits { Ok(tidied) } else { Err(InvalidCard(field)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_typed_is_tidied_once_and_for_all(
            allergies in prop::collection::vec(any::<String>(), 0..40),
            note in any::<Option<String>>(),
        ) {
            let card = MedicalCard { allergies, note, ..MedicalCard::default() };
            if let Ok(tidied) = card.tidied() {
                prop_assert!(tidied.allergies.len() <= MOST);
                prop_assert!(tidied.allergies.iter().all(|entry| !entry.is_empty()));
                prop_assert_eq!(tidied.clone().tidied(), Ok(tidied));
            }
        }
    }

    #[test]
    fn what_is_too_much_is_named() {
        let card = MedicalCard { conditions: vec!["x".repeat(201)], ..MedicalCard::default() };
        assert_eq!(card.tidied(), Err(InvalidCard(CardField::Conditions)));
        let card = MedicalCard { note: Some("x".repeat(2_001)), ..MedicalCard::default() };
        assert_eq!(card.tidied(), Err(InvalidCard(CardField::Note)));
    }
}
