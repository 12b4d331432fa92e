//! Who called, as far as whoever handles the call may know.

use domain::{
    StoreError,
    emergency::Emergency,
    identity::{CitizenAccount, CitizenId, CitizenRepository as _, Dispatcher, Phone},
    personal::{SharedRecords, shared_with_helpers},
};
use infra::database::Transaction;
use serde::Serialize;
use utoipa::ToSchema;

use crate::personal::view::{EmergencyContactView, MedicalCardView};

/// Who called, as far as is known.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallerView {
    /// Whether the caller was signed in: then the account's number is theirs.
    signed_in: bool,
    /// The number of the account, E.164.
    account_phone: Option<String>,
    /// What they want to be called.
    display_name: Option<String>,
    /// The number that was typed. It proves nothing.
    phone: Option<String>,
    /// What they want helpers to know, where they agree to that and call for themselves. Shown to
    /// the holder of the emergency alone.
    medical_card: Option<MedicalCardView>,
    /// Whom they want told, where they agree to that and call for themselves. Shown to the holder
    /// of the emergency alone.
    emergency_contacts: Vec<EmergencyContactView>,
}

/// What is known of a signed-in caller.
#[derive(Debug, Default)]
pub(super) struct KnownCaller {
    account: Option<CitizenAccount>,
    shared: SharedRecords,
}

impl KnownCaller {
    /// What is known of the caller of `emergency`. One who asked to be erased is known until it
    /// has ended. Somebody else's card would mislead: it is shown only where they call for
    /// themselves, and only to the one who holds the emergency.
    pub(super) fn of(
        tx: &mut Transaction<'_>,
        dispatcher: &Dispatcher,
        emergency: &Emergency,
    ) -> Result<Self, StoreError> {
        let Some(citizen) = emergency.evidence.citizen else { return Ok(Self::default()) };
        let account = tx.citizen_in_emergency(citizen)?;
        let shown = account.is_some() && emergency.shows_records_to(dispatcher);
        let shared = shown.then(|| shared_with_helpers(tx, citizen)).transpose()?;
        Ok(Self { account, shared: shared.unwrap_or_default() })
    }

    /// The same without what they keep for helpers alone.
    pub(super) fn without_records(self) -> Self {
        Self { shared: SharedRecords::default(), ..self }
    }

    /// What they want to be called.
    pub(super) fn display_name(&self) -> Option<&str> {
        let name = self.account.as_ref()?.display_name.as_ref()?;
        Some(name.as_str())
    }

    /// The number of their account, E.164.
    pub(super) fn phone(&self) -> Option<String> {
        self.account.as_ref()?.phone.as_ref().map(Phone::e164)
    }

    /// Whose medical card is shown.
    pub(super) fn card_owner(&self) -> Option<CitizenId> {
        self.account.as_ref().filter(|_| self.shared.medical_card.is_some()).map(|own| own.id)
    }
}

impl CallerView {
    pub(super) fn of(emergency: &Emergency, known: KnownCaller) -> Self {
        let account = known.account.as_ref();
        let name = account.and_then(|account| account.display_name.as_ref());
        let contacts = known.shared.emergency_contacts.into_iter();
        Self {
            signed_in: emergency.evidence.citizen.is_some(),
            account_phone: account.and_then(|account| account.phone.as_ref()).map(Phone::e164),
            display_name: name.map(|name| name.as_str().to_owned()),
            phone: emergency.said.phone.clone(),
            medical_card: known.shared.medical_card.map(MedicalCardView::from),
            emergency_contacts: contacts.map(EmergencyContactView::from).collect(),
        }
    }
}
