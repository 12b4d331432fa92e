//! The register of requests: who enters, reads and answers them.

use chrono::{DateTime, Utc};

use super::{Outcome, PersonalError, RequestId, RequestKind, SubjectRequest, owner};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    feedback::WorkingCalendar,
    identity::{Citizen, CitizenId, CitizenRepository, DataOfficer},
    notification::{Inbox, tell},
    page::Page,
};

/// Where requests are kept.
pub trait RequestRegister {
    /// Adds a request.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_request(&mut self, request: &SubjectRequest) -> Result<(), StoreError>;

    /// The requests of `citizen`, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn requests_of(&mut self, citizen: CitizenId) -> Result<Vec<SubjectRequest>, StoreError>;

    /// The request with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn request(&mut self, id: RequestId) -> Result<Option<SubjectRequest>, StoreError>;

    /// The open requests, the first due first, after the one due at `after`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn open_requests(
        &mut self,
        after: Option<(DateTime<Utc>, RequestId)>,
        limit: usize,
    ) -> Result<Vec<SubjectRequest>, StoreError>;

    /// Saves `request`, which stood as `before`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it stands otherwise by now.
    fn save_request(
        &mut self,
        request: &SubjectRequest,
        before: &SubjectRequest,
    ) -> Result<(), StoreError>;
}

/// A place in the list of the open requests.
type Place = (DateTime<Utc>, RequestId);

/// The most open requests of one person.
const MOST_OPEN: usize = 10;

/// Enters a request of `citizen` in the register.
///
/// # Errors
/// [`PersonalError::TooMany`] while ten of theirs are open.
pub fn submit_request(
    tx: &mut (impl RequestRegister + CitizenRepository),
    now: &Moment,
    calendar: &WorkingCalendar,
    citizen: &Citizen,
    asked: (RequestKind, String),
) -> Result<SubjectRequest, PersonalError> {
    owner(tx, citizen)?;
    let known = tx.requests_of(citizen.id)?;
    if known.iter().filter(|request| request.status.is_open()).count() >= MOST_OPEN {
        return Err(PersonalError::TooMany);
    }
    let request = SubjectRequest::new(now, calendar, citizen.id, asked);
    tx.add_request(&request)?;
    Ok(request)
}

/// The requests of `citizen`, the latest first.
///
/// # Errors
/// [`PersonalError::Erased`] when the account is gone.
pub fn requests_of(
    tx: &mut (impl RequestRegister + CitizenRepository),
    citizen: &Citizen,
) -> Result<Vec<SubjectRequest>, PersonalError> {
    owner(tx, citizen)?;
    Ok(tx.requests_of(citizen.id)?)
}

/// What a data officer does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Tells its person that it is being worked on.
    Acknowledge,
    /// Takes more time, once, for a reason that its person is told.
    Extend(String),
    /// Ends it with an answer.
    Close(Outcome, String),
}

/// Does `handling` with a request as the officer `saw` it; its person is told in the app.
///
/// # Errors
/// [`PersonalError::NotFound`], [`PersonalError::Seen`] at another version, or
/// [`PersonalError::NotAllowed`] where it stands otherwise.
pub fn handle_request(
    tx: &mut (impl RequestRegister + AuditLog + Inbox + EventLog),
    now: &Moment,
    calendar: &WorkingCalendar,
    by: &DataOfficer,
    (id, saw): (RequestId, i64),
    handling: Handling,
) -> Result<SubjectRequest, PersonalError> {
    let before = tx.request(id)?.ok_or(PersonalError::NotFound)?;
    if before.version() != saw {
        return Err(PersonalError::Seen { version: before.version() });
    }
    let request = before.clone();
    let (action, after, told) = match handling {
        Handling::Acknowledge => {
            let told = "Yêu cầu của bạn đã được tiếp nhận.".to_owned();
            ("subject_request.acknowledged", request.acknowledged(now.at), told)
        }
        Handling::Extend(why) => {
            let told = format!("Yêu cầu của bạn cần thêm thời gian: {why}");
            ("subject_request.extended", request.extended(calendar, now.at), told)
        }
        Handling::Close(outcome, answer) => {
            let after = request.closed(outcome, now.at, answer.clone());
            ("subject_request.closed", after, answer)
        }
    };
    let after = after.ok_or(PersonalError::NotAllowed)?;
    tx.save_request(&after, &before)?;
    audit::record(tx, now, by.staff(), action, &id, None)?;
    tell(tx, now, after.citizen.uuid(), (action, told), id.uuid())?;
    Ok(after)
}

/// The open requests, the first due first. Whoever reads them opens the personal data of those who
/// asked.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn open_requests(
    tx: &mut (impl RequestRegister + AuditLog),
    now: &Moment,
    by: &DataOfficer,
    after: Option<Place>,
    limit: usize,
) -> Result<Page<SubjectRequest, Place>, StoreError> {
    let found = tx.open_requests(after, limit.saturating_add(1))?;
    let page = Page::cut(found, limit, |request| (request.due_at, request.id));
    for request in &page.items {
        let whose = request.citizen;
        audit::record_opening(tx, now, by.staff(), "subject_requests.read", &whose, None)?;
    }
    Ok(page)
}
