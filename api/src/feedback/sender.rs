//! Who reports something.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use domain::{
    Id,
    feedback::Channel,
    identity::{
        self, CitizenId,
        business::{self, BusinessId, Machine},
    },
    media::Uploader,
};
use uuid::Uuid;

use crate::{
    identity::{Bearer, Caller, machine},
    problem::{ApiError, Code},
};

/// What the keys of the systems of businesses start with.
const KEY: &str = "ctn_k_";

#[derive(Clone)]
enum Who {
    Nobody,
    Citizen(identity::Citizen),
    Machine(Machine),
}

/// Whoever reports something: anybody, signed in or not, or the system of a business. Refused is
/// only a token that proves nothing.
#[derive(Clone)]
pub(super) struct Sender {
    who: Who,
    /// Whether who it is must not be kept.
    unnamed: bool,
}

impl FromRequest for Sender {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            // The body is the next extractor's.
            let mut payload = Payload::None;
            let Bearer(capability) = Bearer::from_request(&request, &mut payload).await?;
            let key = capability.filter(|token| token.starts_with(KEY));
            let who = match (key, Caller::from_request(&request, &mut payload).await?) {
                (Some(key), _) => Who::Machine(machine(&request, key).await?),
                (None, Caller::Invalid) => return Err(ApiError::new(Code::Unauthorized)),
                (None, Caller::Citizen(citizen)) => Who::Citizen(citizen),
                (None, Caller::Staff(_) | Caller::Anonymous) => Who::Nobody,
            };
            Ok(Self { who, unnamed: false })
        })
    }
}

impl Sender {
    /// Nobody who is known.
    pub(super) const fn nobody() -> Self {
        Self { who: Who::Nobody, unnamed: true }
    }

    /// The same, who wants to stay unknown or not.
    pub(super) fn of(&self, unnamed: bool) -> Self {
        Self { who: self.who.clone(), unnamed }
    }

    /// The citizen who is kept as the reporter.
    pub(super) fn citizen(&self) -> Option<CitizenId> {
        match &self.who {
            Who::Citizen(citizen) if !self.unnamed => Some(citizen.id),
            Who::Citizen(_) | Who::Machine(_) | Who::Nobody => None,
        }
    }

    /// Whose uploads they may name by id; anybody's by token.
    pub(super) fn uploader(&self) -> Uploader {
        match &self.who {
            Who::Citizen(citizen) => Uploader::Citizen(citizen.id),
            Who::Machine(_) | Who::Nobody => Uploader::Anonymous,
        }
    }

    /// The business whose system it is.
    pub(super) const fn business(&self) -> Option<BusinessId> {
        match &self.who {
            Who::Machine(machine) => Some(machine.business()),
            Who::Citizen(_) | Who::Nobody => None,
        }
    }

    /// By whom requests are counted, and keys of repetition told apart.
    pub(super) fn principal(&self) -> Option<Uuid> {
        self.citizen().map(Id::uuid).or_else(|| self.business().map(Id::uuid))
    }

    /// By what way it comes in.
    pub(super) const fn channel(&self) -> Channel {
        match &self.who {
            Who::Machine(_) => Channel::Business,
            Who::Citizen(_) | Who::Nobody => Channel::App,
        }
    }

    /// Who acts for a business, if it is reported for one.
    pub(super) fn agent(&self) -> Option<business::Agent> {
        match &self.who {
            Who::Citizen(citizen) => Some(business::Agent::Citizen(citizen.clone())),
            Who::Machine(machine) => Some(business::Agent::Machine(machine.clone())),
            Who::Nobody => None,
        }
    }
}
