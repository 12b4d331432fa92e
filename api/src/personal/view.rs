//! Personal data on the wire.

use domain::personal::{BloodType, EmergencyContact, MedicalCard};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What those who help a person have to know. All of it is the person's own word.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MedicalCardView {
    /// Of the ABO and Rhesus systems: `O+`, `AB-`.
    #[schema(value_type = Option<String>, example = "O+")]
    pub(super) blood_type: Option<BloodType>,
    /// What the person must not be given; at most 30 of 200 characters, as the other lists.
    pub(super) allergies: Vec<String>,
    /// What they suffer from.
    pub(super) conditions: Vec<String>,
    /// What they take.
    pub(super) medications: Vec<String>,
    /// Anything else, at most 2,000 characters.
    pub(super) note: Option<String>,
}

impl From<MedicalCard> for MedicalCardView {
    fn from(card: MedicalCard) -> Self {
        let MedicalCard { blood_type, allergies, conditions, medications, note } = card;
        Self { blood_type, allergies, conditions, medications, note }
    }
}

impl From<MedicalCardView> for MedicalCard {
    fn from(view: MedicalCardView) -> Self {
        let MedicalCardView { blood_type, allergies, conditions, medications, note } = view;
        Self { blood_type, allergies, conditions, medications, note }
    }
}

/// Somebody to tell in an emergency.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmergencyContactView {
    /// Their name, 1 to 100 characters.
    pub(super) name: String,
    /// Their mobile number.
    #[schema(example = "+84912345678")]
    pub(super) phone: String,
    /// What they are to the person.
    pub(super) relation: Option<String>,
}

impl From<EmergencyContact> for EmergencyContactView {
    fn from(contact: EmergencyContact) -> Self {
        Self { name: contact.name, phone: contact.phone, relation: contact.relation }
    }
}
