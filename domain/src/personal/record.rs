//! What a person lets those know who help them: the medical card and the emergency contacts.

use super::{
    ConsentLedger, ConsentPurpose, EmergencyContact, MedicalCard, PersonalError, agrees, owner,
};
use crate::{
    StoreError,
    identity::{Citizen, CitizenId, CitizenRepository},
};

/// Where medical cards and emergency contacts are kept, sealed.
pub trait PersonalRecords {
    /// The medical card of `citizen`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn medical_card(&mut self, citizen: CitizenId) -> Result<Option<MedicalCard>, StoreError>;

    /// Keeps the medical card of `citizen` in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_medical_card(
        &mut self,
        citizen: CitizenId,
        card: Option<&MedicalCard>,
    ) -> Result<(), StoreError>;

    /// The emergency contacts of `citizen`, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn emergency_contacts(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<EmergencyContact>, StoreError>;

    /// Keeps the emergency contacts of `citizen` in place of those before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take them.
    fn put_emergency_contacts(
        &mut self,
        citizen: CitizenId,
        contacts: &[EmergencyContact],
    ) -> Result<(), StoreError>;

    /// Erases what was kept for `purpose` alone.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_records(
        &mut self,
        citizen: CitizenId,
        purpose: ConsentPurpose,
    ) -> Result<(), StoreError>;
}

/// What those who handle a person's own emergency may see of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedRecords {
    /// The medical card, where the person agrees.
    pub medical_card: Option<MedicalCard>,
    /// The emergency contacts, where the person agrees.
    pub emergency_contacts: Vec<EmergencyContact>,
}

/// The medical card of `citizen`, for their own eyes; an empty one where there is none.
///
/// # Errors
/// [`PersonalError::Erased`] when the account is gone.
pub fn medical_card(
    tx: &mut (impl PersonalRecords + CitizenRepository),
    citizen: &Citizen,
) -> Result<MedicalCard, PersonalError> {
    owner(tx, citizen)?;
    Ok(tx.medical_card(citizen.id)?.unwrap_or_default())
}

/// Keeps the medical card of `citizen`; one that says nothing is erased, for which nobody has to
/// agree to anything.
///
/// # Errors
/// [`PersonalError::ConsentMissing`] before they agree to its being shown.
pub fn keep_medical_card(
    tx: &mut (impl PersonalRecords + ConsentLedger + CitizenRepository),
    citizen: &Citizen,
    card: &MedicalCard,
) -> Result<(), PersonalError> {
    owner(tx, citizen)?;
    if card.is_empty() {
        return Ok(tx.put_medical_card(citizen.id, None)?);
    }
    agreed(tx, citizen, ConsentPurpose::MedicalCard)?;
    Ok(tx.put_medical_card(citizen.id, Some(card))?)
}

/// The emergency contacts of `citizen`, for their own eyes.
///
/// # Errors
/// [`PersonalError::Erased`] when the account is gone.
pub fn emergency_contacts(
    tx: &mut (impl PersonalRecords + CitizenRepository),
    citizen: &Citizen,
) -> Result<Vec<EmergencyContact>, PersonalError> {
    owner(tx, citizen)?;
    Ok(tx.emergency_contacts(citizen.id)?)
}

/// Keeps the emergency contacts of `citizen`; none may always be kept.
///
/// # Errors
/// [`PersonalError::ConsentMissing`] before they agree to their being shown.
pub fn keep_emergency_contacts(
    tx: &mut (impl PersonalRecords + ConsentLedger + CitizenRepository),
    citizen: &Citizen,
    contacts: &[EmergencyContact],
) -> Result<(), PersonalError> {
    owner(tx, citizen)?;
    if !contacts.is_empty() {
        agreed(tx, citizen, ConsentPurpose::EmergencyContacts)?;
    }
    Ok(tx.put_emergency_contacts(citizen.id, contacts)?)
}

/// What `citizen` shares with those who handle their own emergency.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn shared_with_helpers(
    tx: &mut (impl PersonalRecords + ConsentLedger),
    citizen: CitizenId,
) -> Result<SharedRecords, StoreError> {
    let mut shared = SharedRecords::default();
    if agrees(tx, citizen, ConsentPurpose::MedicalCard)? {
        shared.medical_card = tx.medical_card(citizen)?;
    }
    if agrees(tx, citizen, ConsentPurpose::EmergencyContacts)? {
        shared.emergency_contacts = tx.emergency_contacts(citizen)?;
    }
    Ok(shared)
}

/// Makes sure that `citizen` agrees to `purpose`.
pub(super) fn agreed(
    tx: &mut impl ConsentLedger,
    citizen: &Citizen,
    purpose: ConsentPurpose,
) -> Result<(), PersonalError> {
    if agrees(tx, citizen.id, purpose)? {
        Ok(())
    } else {
        Err(PersonalError::ConsentMissing(purpose))
    }
}
