//! What people agree to: a ledger that is only ever added to (Law 91/2025/QH15, article 9).
//!
//! Nobody has agreed before they say so, and silence is no answer. Taking back is as easy as
//! giving, and holds at once.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{PersonalError, PersonalRecords, owner};
use crate::{
    Id, Moment, StoreError,
    identity::{Citizen, CitizenId, CitizenRepository},
};

/// What personal data is used for beyond what the person asked for by calling or reporting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// Showing the medical card to those who handle the person's own emergency.
    MedicalCard,
    /// Showing the emergency contacts to them.
    EmergencyContacts,
    /// Waking the person's devices.
    Push,
    /// Speaking for a child.
    Children,
}

impl ConsentPurpose {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::MedicalCard, Self::EmergencyContacts, Self::Push, Self::Children];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MedicalCard => "medical_card",
            Self::EmergencyContacts => "emergency_contacts",
            Self::Push => "push",
            Self::Children => "children",
        }
    }

    /// The text that is agreed to, and its version: in Vietnamese, in English. Whoever changes a
    /// text counts its version up; then everybody is asked again.
    #[must_use]
    pub const fn text(self) -> (u32, &'static str, &'static str) {
        match self {
            Self::MedicalCard => (
                1,
                "Tôi đồng ý để người trực xử lý cuộc gọi khẩn cấp của chính tôi được xem thẻ y tế \
                 của tôi. Tôi có thể rút lại bất cứ lúc nào; khi đó thẻ bị xóa.",
                "I agree that whoever handles my own emergency call may see my medical card. I may \
                 take this back at any time; the card is then erased.",
            ),
            Self::EmergencyContacts => (
                1,
                "Tôi đồng ý để người trực xử lý cuộc gọi khẩn cấp của chính tôi được xem và gọi \
                 cho những người thân tôi đã ghi, và những người đó biết việc này. Tôi có thể rút \
                 lại bất cứ lúc nào; khi đó danh sách bị xóa.",
                "I agree that whoever handles my own emergency call may see and call the people I \
                 named, and they know of it. I may take this back at any time; the list is then \
                 erased.",
            ),
            Self::Push => (
                1,
                "Tôi đồng ý nhận thông báo trên thiết bị của tôi. Tôi có thể rút lại bất cứ lúc \
                 nào; khi đó các thiết bị bị xóa khỏi danh sách.",
                "I agree to be notified on my devices. I may take this back at any time; the \
                 devices are then taken off the list.",
            ),
            Self::Children => (
                1,
                "Tôi là cha, mẹ hoặc người giám hộ, và đồng ý lưu tên và ngày sinh của trẻ để gọi \
                 trợ giúp thay cho trẻ. Trẻ từ đủ 7 tuổi cũng đồng ý. Tôi có thể rút lại bất cứ \
                 lúc nào; khi đó dữ liệu của trẻ bị xóa.",
                "I am a parent or guardian and agree that the child's name and birthday are kept, \
                 to call for help on the child's behalf. A child of seven or more agrees too. I \
                 may take this back at any time; the child's data is then erased.",
            ),
        }
    }
}

impl fmt::Display for ConsentPurpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for ConsentPurpose {
    type Err = UnknownPurpose;

    fn from_str(text: &str) -> Result<Self, UnknownPurpose> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text).ok_or(UnknownPurpose)
    }
}

/// There is no such purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such purpose")]
pub struct UnknownPurpose;

/// One entry of the ledger: what somebody decided, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// Its id.
    pub id: Id<Consent>,
    /// Who decided.
    #[serde(skip)]
    pub citizen: CitizenId,
    /// About what.
    pub purpose: ConsentPurpose,
    /// The version of the text they saw.
    pub text_version: u32,
    /// Whether they agreed.
    pub granted: bool,
    /// How they said so: `app`.
    pub channel: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Consent {
    /// Whether it still holds: it was given, to the text of today.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.granted && self.text_version == self.purpose.text().0
    }
}

/// Where consents are kept.
pub trait ConsentLedger {
    /// Adds an entry.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_consent(&mut self, consent: &Consent) -> Result<(), StoreError>;

    /// Everything `citizen` decided, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn consents(&mut self, citizen: CitizenId) -> Result<Vec<Consent>, StoreError>;
}

/// What somebody decides about one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// About what.
    pub purpose: ConsentPurpose,
    /// The version of the text they saw.
    pub text_version: u32,
    /// Whether they agree.
    pub granted: bool,
}

/// The last decision of `citizen` about each purpose, in the order of the purposes.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn standing(
    tx: &mut impl ConsentLedger,
    citizen: CitizenId,
) -> Result<[(ConsentPurpose, Option<Consent>); 4], StoreError> {
    let ledger = tx.consents(citizen)?;
    let last = |purpose| ledger.iter().rfind(|consent| consent.purpose == purpose).cloned();
    Ok(ConsentPurpose::ALL.map(|purpose| (purpose, last(purpose))))
}

/// Whether `citizen` agrees to `purpose` now.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn agrees(
    tx: &mut impl ConsentLedger,
    citizen: CitizenId,
    purpose: ConsentPurpose,
) -> Result<bool, StoreError> {
    let standing = standing(tx, citizen)?;
    Ok(standing
        .iter()
        .any(|(about, last)| *about == purpose && last.as_ref().is_some_and(Consent::holds)))
}

/// Keeps what `citizen` decides, each decision that differs from the last one as an entry of its
/// own. What a consent was needed for is erased when it is taken back.
///
/// # Errors
/// [`PersonalError::OtherText`] when they saw another text than today's.
pub fn decide(
    tx: &mut (impl ConsentLedger + PersonalRecords + CitizenRepository),
    now: &Moment,
    citizen: &Citizen,
    decisions: &[Decision],
) -> Result<[(ConsentPurpose, Option<Consent>); 4], PersonalError> {
    owner(tx, citizen)?;
    let before = standing(tx, citizen.id)?;
    for (index, decision) in decisions.iter().enumerate() {
        let Decision { purpose, text_version, granted } = *decision;
        if granted && text_version != purpose.text().0 {
            return Err(PersonalError::OtherText { index });
        }
        let same = |last: &Consent| last.granted == granted && last.text_version == text_version;
        let known =
            before.iter().any(|(about, last)| *about == purpose && last.as_ref().is_some_and(same));
        if !known {
            let (id, citizen, channel) = (now.new_id(), citizen.id, "app".to_owned());
            let at = now.at;
            tx.add_consent(&Consent { id, citizen, purpose, text_version, granted, channel, at })?;
        }
        if !granted {
            tx.forget_records(citizen.id, purpose)?;
        }
    }
    Ok(standing(tx, citizen.id)?)
}
