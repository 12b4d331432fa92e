//! Everything that is held on a person, for them to take along (Law 91/2025/QH15, article 4).
//!
//! Who keeps something new about citizens adds it here, and to what an [`Erasure`](super::Erasure)
//! takes away.

use chrono::{DateTime, Utc};

use super::{
    Child, ChildRepository, Consent, ConsentLedger, Device, DeviceRepository, EmergencyContact,
    MedicalCard, PersonalError, PersonalRecords, RequestRegister, SubjectRequest,
};
use crate::{
    Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    dossier::{Dossier, DossierRepository},
    emergency::{Emergency, EmergencyRepository, Fix, Message, MessageRepository, Statement},
    feedback::{FeedbackRepository, Followed, History, Stretch},
    identity::{
        Citizen, CitizenAccount, CitizenId, CitizenRepository, Holder, JustSignedIn, OidcIdentity,
        OidcRepository, Session, SessionRepository,
        business::{
            ApiKeyRepository, BusinessRepository, MembershipRepository, OwnBusinesses,
            own_businesses,
        },
    },
    media::{Media, MediaRepository},
    notification::{Inbox, InboxMessage},
    secret::{Hasher, Purpose},
};

/// How many rows are read at once.
const PAGE: usize = 500;

/// An emergency of a person, with what they said and where they were.
#[derive(Clone, Debug)]
pub struct OwnEmergency {
    /// The emergency.
    pub emergency: Emergency,
    /// Where they were, oldest first.
    pub trail: Vec<Fix>,
    /// What they said later. What strangers said under its id is theirs.
    pub statements: Vec<Statement>,
    /// What they and those who helped wrote to each other.
    pub messages: Vec<Message>,
}

/// Everything that is held on a person.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Their account.
    pub account: CitizenAccount,
    /// Who they are at providers of identities.
    pub identities: Vec<OidcIdentity>,
    /// Where they are signed in.
    pub sessions: Vec<Session>,
    /// What they agreed to and took back.
    pub consents: Vec<Consent>,
    /// Their medical card.
    pub medical_card: Option<MedicalCard>,
    /// Whom to tell.
    pub emergency_contacts: Vec<EmergencyContact>,
    /// The children they speak for.
    pub children: Vec<Child>,
    /// Their devices.
    pub devices: Vec<Device>,
    /// What they are to businesses.
    pub businesses: OwnBusinesses,
    /// Their calls for help.
    pub emergencies: Vec<OwnEmergency>,
    /// What they reported under their account.
    pub reports: Vec<Followed>,
    /// What they uploaded under their account.
    pub media: Vec<Media>,
    /// The dossiers they follow, and since when.
    pub dossiers: Vec<(Dossier, DateTime<Utc>)>,
    /// What they asked to be done with their data.
    pub requests: Vec<SubjectRequest>,
    /// What they were told.
    pub messages: Vec<InboxMessage>,
}

/// The emergencies of a person, which nobody else's path leads to.
pub trait OwnEmergencies {
    /// The emergencies that `citizen` raised signed in, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn emergencies_of(&mut self, citizen: CitizenId) -> Result<Vec<Emergency>, StoreError>;
}

/// Leave to take one archive along.
#[derive(Debug)]
pub struct ArchiveLeave(Citizen);

/// Gives `who` leave to take their archive along, as often as `rate` has it: to make one is costly,
/// and nobody reads their own more often.
///
/// # Errors
/// [`TakeError::UsedUp`] says how long to wait.
pub fn ask_for_archive(
    tx: &mut impl Allowances,
    hasher: &impl Hasher,
    now: &Moment,
    who: &JustSignedIn,
    rate: Rate,
) -> Result<ArchiveLeave, TakeError> {
    let citizen = who.citizen().clone();
    let own = hasher.digest(Purpose::Allowance, &[b"archive", citizen.id.uuid().as_bytes()]);
    allowance::take(tx, now, own, rate)?;
    Ok(ArchiveLeave(citizen))
}

/// Everything that is held on whoever has leave to take it along.
///
/// # Errors
/// [`PersonalError::Erased`] when the account is gone.
pub fn archive<T>(
    tx: &mut T,
    hasher: &impl Hasher,
    now: &Moment,
    ArchiveLeave(citizen): &ArchiveLeave,
) -> Result<Archive, PersonalError>
where
    T: CitizenRepository
        + OidcRepository
        + SessionRepository
        + ConsentLedger
        + PersonalRecords
        + ChildRepository
        + DeviceRepository
        + BusinessRepository
        + MembershipRepository
        + ApiKeyRepository
        + OwnEmergencies
        + EmergencyRepository
        + MessageRepository
        + FeedbackRepository
        + History
        + MediaRepository
        + DossierRepository
        + RequestRegister
        + Inbox,
{
    let id = citizen.id;
    let account = tx.citizen(id)?.ok_or(PersonalError::Erased)?;
    let emergencies = tx.emergencies_of(id)?;
    let emergencies = emergencies.into_iter().map(|emergency| own(tx, emergency));
    let emergencies = emergencies.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Archive {
        account,
        identities: tx.identities_of(id)?.into_iter().map(|linked| linked.identity).collect(),
        sessions: tx.sessions_of(Holder::Citizen(id), now.at)?,
        consents: tx.consents(id)?,
        medical_card: tx.medical_card(id)?,
        emergency_contacts: tx.emergency_contacts(id)?,
        children: tx.children(id)?,
        devices: tx.devices(id)?,
        businesses: own_businesses(tx, hasher, now, citizen)?,
        emergencies,
        reports: reports(tx, id)?,
        media: tx.media_of_citizen(id)?,
        dossiers: tx.dossiers_followed_by(id)?,
        requests: tx.requests_of(id)?,
        messages: messages(tx, id)?,
    })
}

fn own(
    tx: &mut (impl EmergencyRepository + MessageRepository),
    emergency: Emergency,
) -> Result<OwnEmergency, StoreError> {
    let mut trail = tx.trail(emergency.id, None)?;
    trail.extend(emergency.location.filter(|told| !trail.contains(told)));
    let mut statements = tx.statements(emergency.id)?;
    statements.retain(|statement| statement.verified);
    let messages = tx.messages(emergency.id, 0, usize::MAX)?;
    Ok(OwnEmergency { emergency, trail, statements, messages })
}

fn reports(
    tx: &mut (impl FeedbackRepository + History + MediaRepository),
    id: CitizenId,
) -> Result<Vec<Followed>, StoreError> {
    let mut reports = Vec::new();
    let mut after = None;
    loop {
        let page = tx.of_citizen(id, Stretch { after, limit: PAGE })?;
        for report in page.items {
            reports.push(Followed::of(tx, report)?);
        }
        after = page.next;
        if after.is_none() {
            return Ok(reports);
        }
    }
}

fn messages(tx: &mut impl Inbox, id: CitizenId) -> Result<Vec<InboxMessage>, StoreError> {
    let mut messages: Vec<InboxMessage> = Vec::new();
    loop {
        let before = messages.last().map(|message| message.id);
        let page = tx.of(id.uuid(), before, PAGE)?;
        let complete = page.len() < PAGE;
        messages.extend(page);
        if complete {
            return Ok(messages);
        }
    }
}
