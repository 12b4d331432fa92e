//! A request to intake: what it says, and by what its caller can be known.

use std::{
    future::Future,
    net::IpAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use domain::{
    Moment,
    emergency::{Call, CallName, EmergencyId, Evidence, Message, Reading},
    media::Attachment,
    secret::{Digest, Hasher as _, Purpose},
    territory::Position,
};
use uuid::Uuid;

use super::{body::Body, report::Said};
use crate::{
    App,
    emergency::token,
    identity::{Bearer, Caller},
    media::{attachment, uploader},
    problem::{ApiError, Code, Language},
};

/// An idempotency key of fewer characters could be anybody's: alone it finds no emergency.
const GUESSABLE: usize = 16;

/// A request to intake. Extracting it fails for nothing but its size.
pub(in crate::emergency) struct Incoming {
    /// The language to answer in.
    pub(in crate::emergency) language: Language,
    /// The id in the path, as it was written.
    path: Option<String>,
    key: Option<Vec<u8>>,
    caller: Caller,
    capability: Option<String>,
    address: IpAddr,
    body: Body,
}

impl FromRequest for Incoming {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let app =
                request.app_data::<Data<App>>().ok_or_else(|| ApiError::new(Code::Internal))?;
            let key = request.headers().get("idempotency-key");
            Ok(Self {
                language: Language::of(request.headers()),
                path: request.match_info().get("id").map(str::to_owned),
                key: key.map(|key| key.as_bytes().to_owned()).filter(|key| !key.is_empty()),
                caller: Caller::from_request(&request, &mut payload).await?,
                capability: Bearer::from_request(&request, &mut payload).await?.0,
                address: app.limits.source(&request),
                body: Body::read(payload, request.headers()).await?,
            })
        })
    }
}

impl Incoming {
    /// The same with another body, where `rewrite` makes one of what came.
    pub(in crate::emergency) fn rewritten(
        mut self,
        rewrite: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
    ) -> Self {
        if let Some(bytes) = rewrite(&self.body.bytes).filter(|_| self.body.whole) {
            self.body.bytes = bytes.into();
        }
        self
    }

    /// What its caller uploaded before, each by itself, where `read` finds names in the body.
    pub(in crate::emergency) fn uploads(
        &self,
        read: impl FnOnce(&[u8]) -> Vec<String>,
    ) -> Vec<Attachment> {
        let by = uploader(&self.caller).unwrap_or_default();
        let names = read(&self.body.bytes);
        names.into_iter().filter_map(|name| attachment(by, &[name]).ok()).collect()
    }

    /// The call that this request is, and the positions it tells.
    pub(in crate::emergency) fn understood(
        self,
        app: &App,
        now: &Moment,
    ) -> (Call, Vec<Option<Reading>>) {
        let said = Said::of(&self.body.bytes, self.body.whole);
        let body = app.keys.digest(Purpose::Body, &[&self.body.bytes]);
        let name = self.name(app, now, said.id.as_deref(), body);
        let mut report = said.report;
        let evidence = self.evidence(app, name, said.secret.as_deref());
        if self.caller == Caller::Invalid || (self.capability.is_some() && !evidence.token) {
            report.doubts.push("authorization".to_owned());
        }
        let reading = said.readings.iter().copied().flatten().next_back();
        let empty = report.is_empty() && reading.is_none() && evidence.citizen.is_none();
        let count = |source| app.call_sources.count(source, name.id(), empty, now.at);
        // The secret that an app makes tells its device, whatever its address is by now.
        let device = evidence.secret.map(count);
        let source = count(self.source(app, &evidence)).together_with(device);
        let victim = report.on_behalf_of.as_ref().and_then(|victim| victim.position);
        let place = victim.or(reading.map(|reading| reading.position));
        let commune = place.and_then(|place| commune_at(app, place));
        let call = Call { name, report, reading, commune, evidence, body, source };
        (call, said.readings)
    }

    /// Under which id a message goes: its own, one that follows from the idempotency key, or a new
    /// one.
    pub(in crate::emergency) fn message_id(&self, now: &Moment) -> Uuid {
        let own = Said::of(&self.body.bytes, self.body.whole).id;
        let own = own.as_deref().and_then(named).map(EmergencyId::uuid);
        let keyed = || self.key.as_ref().map(|key| Uuid::new_v5(&Uuid::NAMESPACE_OID, key));
        own.or_else(keyed).unwrap_or_else(|| now.new_id::<Message>().uuid())
    }

    /// Under which id the call goes: that of the path, of the body, or one that follows from the
    /// idempotency key. The key counts for its principal; an anonymous one together with the body,
    /// and with the address where anybody could have chosen it.
    fn name(&self, app: &App, now: &Moment, id: Option<&str>, body: Digest) -> CallName {
        let made = || CallName::Made(now.new_id());
        if let Some(path) = &self.path {
            return CallName::Given(named_in_path(path));
        }
        if let Some(id) = id {
            return named(id).map_or_else(made, CallName::Given);
        }
        let Some(key) = &self.key else { return made() };
        let (principal, address) = match &self.caller {
            Caller::Citizen(citizen) => (citizen.id.uuid().as_bytes().to_vec(), String::new()),
            _ if key.len() < GUESSABLE => (body.0.to_vec(), self.address.to_string()),
            _ => (body.0.to_vec(), String::new()),
        };
        let parts: [&[u8]; 4] = [b"emergency", &principal, address.as_bytes(), key];
        CallName::Keyed { key: app.keys.digest(Purpose::IdempotencyKey, &parts), generation: 0 }
    }

    /// By what the caller can be known.
    fn evidence(&self, app: &App, name: CallName, secret: Option<&str>) -> Evidence {
        let key = |key: &Vec<u8>| app.keys.digest(Purpose::IdempotencyKey, &[b"emergency", key]);
        let token = match (name, &self.capability) {
            (CallName::Given(id), Some(token)) => token::is_of(&*app.keys, id, token),
            _ => false,
        };
        Evidence {
            citizen: match &self.caller {
                Caller::Citizen(citizen) => Some(citizen.id),
                _ => None,
            },
            secret: secret
                .map(|secret| app.keys.digest(Purpose::EmergencySecret, &[secret.as_bytes()])),
            key: self.key.as_ref().map(key),
            token,
        }
    }

    /// Where the call comes from: the account, else the address.
    fn source(&self, app: &App, evidence: &Evidence) -> Digest {
        if let Some(citizen) = evidence.citizen {
            return app.keys.digest(Purpose::Source, &[b"citizen", citizen.uuid().as_bytes()]);
        }
        app.source(self.address)
    }
}

/// The commune at `position`, where the map has one. A call does not depend on the map being well.
pub(in crate::emergency) fn commune_at(app: &App, position: Position) -> Option<String> {
    let located = catch_unwind(AssertUnwindSafe(|| app.snapshot().map.locate(position)));
    located.unwrap_or_default().map(|code| code.as_str().to_owned())
}

/// The id that `text` is. What every client writes that has none (all zeros, all ones) is none.
fn named(text: &str) -> Option<EmergencyId> {
    match text.parse::<Uuid>() {
        Ok(uuid) if uuid.is_nil() || uuid.is_max() => None,
        Ok(uuid) => Some(uuid.into()),
        Err(_) => Some(mapped(text)),
    }
}

/// The id that a path names: whatever stands there names one.
pub(in crate::emergency) fn named_in_path(text: &str) -> EmergencyId {
    named(text).unwrap_or_else(|| mapped(text))
}

/// The id for a name that is no UUID: always the same one, so that a repetition finds it.
fn mapped(name: &str) -> EmergencyId {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).into()
}
