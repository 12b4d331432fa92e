//! Personal data, and what the person it is about may do with it (Law 91/2025/QH15, Decree
//! 356/2025/NĐ-CP): agree and take back, see, correct, take along, have erased.

mod archive;
mod child;
mod consent;
mod contact;
mod device;
mod erasure;
mod hold;
mod medical_card;
mod record;
mod register;
mod request;

pub use archive::{Archive, ArchiveLeave, OwnEmergencies, OwnEmergency, archive, ask_for_archive};
pub use child::{Child, ChildCard, ChildId, ChildRepository, add_child, children_of, remove_child};
pub use consent::{
    Consent, ConsentLedger, ConsentPurpose, Decision, UnknownPurpose, agrees, decide, standing,
};
pub use contact::{EmergencyContact, InvalidContact};
pub use device::{
    Device, DeviceId, DeviceRepository, Platform, PushToken, UnknownPlatform, devices_of,
    register_device, remove_device,
};
pub use erasure::{Erasure, ErasureRepository, Kept, ask_for_erasure, erase_due};
pub use hold::{HoldId, HoldRepository, LegalHold, PlaceHoldError, holds, lift_hold, place_hold};
pub use medical_card::{BloodType, CardField, InvalidCard, MedicalCard};
pub use record::{
    PersonalRecords, SharedRecords, emergency_contacts, keep_emergency_contacts, keep_medical_card,
    medical_card, shared_with_helpers,
};
pub use register::{
    Handling, RequestRegister, handle_request, open_requests, requests_of, submit_request,
};
pub use request::{Outcome, RequestId, RequestKind, RequestStatus, SubjectRequest, UnknownRequest};

use crate::{
    StoreError,
    identity::{Citizen, CitizenRepository},
};

/// Why a person's data was not shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum PersonalError {
    /// The account was erased since its owner signed in.
    #[error("the account was erased")]
    Erased,
    /// The person has not agreed to this use.
    #[error("the person has not agreed to {0}")]
    ConsentMissing(ConsentPurpose),
    /// A decision about another text than today's.
    #[error("the text of decision {index} has changed")]
    OtherText {
        /// Which decision, counted from 0.
        index: usize,
    },
    /// They have as many of it as anybody may have.
    #[error("nobody may have more of it")]
    TooMany,
    /// It does not stand where this could be done.
    #[error("it does not stand where this could be done")]
    NotAllowed,
    /// It is not as the caller saw it.
    #[error("it is at version {version} by now")]
    Seen {
        /// The version it is at.
        version: i64,
    },
    /// There is no such thing of theirs.
    #[error("no such thing")]
    NotFound,
    /// The id names something of somebody else.
    #[error("the id is taken")]
    IdTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes sure that the account of `citizen` still stands: an access token outlives it by minutes.
fn owner(tx: &mut impl CitizenRepository, citizen: &Citizen) -> Result<(), PersonalError> {
    tx.citizen(citizen.id)?.map(|_| ()).ok_or(PersonalError::Erased)
}
