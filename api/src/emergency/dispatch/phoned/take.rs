//! Taking down what somebody says over the telephone.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    Moment,
    emergency::{
        self, Call, CallName, CallSource, EmergencyId, Evidence, PhonedInError, Report, Victim,
    },
    idempotency::{OnceError, once},
    secret::{Hasher as _, Purpose},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::fields::{Place, kind, known_commune, line, note};
use crate::{
    App,
    emergency::{dispatch::view::QueuedView, intake::commune_at},
    extract::{Json, Repeatable},
    identity::Dispatcher,
    problem::{ApiError, Code},
};

/// Who is in need, where somebody else calls.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InNeed {
    /// Their name, at most 200 characters.
    name: Option<String>,
    /// Their number.
    phone: Option<String>,
    /// What else is said of them, at most 2000 characters.
    note: Option<String>,
}

/// A call that somebody makes over the telephone. Nothing is required.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::emergency::dispatch) struct PhoneIn {
    /// An id of one's own: the same one again is the same call.
    id: Option<Uuid>,
    /// `police`, `fire`, `medical`, `rescue`, `child`, `other`.
    kind: Option<String>,
    /// What the caller says, at most 4000 characters.
    note: Option<String>,
    /// The number to call back, at most 40 characters.
    phone: Option<String>,
    /// Where help is needed.
    location: Option<Place>,
    /// The commune, where there is no location.
    commune_code: Option<String>,
    /// The place in words, at most 1000 characters.
    landmark: Option<String>,
    /// How many people need help.
    people: Option<u32>,
    /// Who is in need, where it is not the caller.
    on_behalf_of: Option<InNeed>,
    /// An exercise.
    #[serde(default)]
    drill: bool,
    /// Whether to hold it at once.
    #[serde(default)]
    claim: bool,
}

impl InNeed {
    fn victim(&self) -> Result<Victim, ApiError> {
        Ok(Victim {
            name: line("/on_behalf_of/name", self.name.as_deref(), 200)?,
            phone: line("/on_behalf_of/phone", self.phone.as_deref(), 40)?,
            note: note("/on_behalf_of/note", self.note.as_deref(), 2_000)?,
            ..Victim::default()
        })
    }
}

impl PhoneIn {
    fn report(&self, app: &App) -> Result<Report, ApiError> {
        Ok(Report {
            kind: kind(self.kind.as_deref())?,
            note: note("/note", self.note.as_deref(), 4_000)?,
            phone: line("/phone", self.phone.as_deref(), 40)?,
            commune_code: known_commune(app, self.commune_code.as_deref())?,
            landmark: line("/landmark", self.landmark.as_deref(), 1_000)?,
            people: self.people,
            on_behalf_of: self.on_behalf_of.as_ref().map(InNeed::victim).transpose()?,
            drill: self.drill.then_some(true),
            ..Report::default()
        })
    }

    /// The call that this is when `by` takes it down.
    fn call(&self, app: &App, now: &Moment, by: &Dispatcher) -> Result<Call, ApiError> {
        let reading = self.location.map(Place::reading).transpose()?;
        let name = self.id.map_or_else(|| now.new_id(), EmergencyId::from);
        let (staff, id) = (by.staff().id.uuid(), name.uuid());
        let parts: [&[u8]; 3] = [b"phoned in", staff.as_bytes(), id.as_bytes()];
        let key = app.keys.digest(Purpose::IdempotencyKey, &parts);
        let body = serde_json::to_vec(self).unwrap_or_default();
        Ok(Call {
            name: CallName::Given(name),
            report: self.report(app)?,
            reading,
            commune: reading.and_then(|reading| commune_at(app, reading.position)),
            evidence: Evidence { key: Some(key), ..Evidence::default() },
            body: app.keys.digest(Purpose::Body, &[&body]),
            source: CallSource {
                digest: app.keys.digest(Purpose::Source, &[b"staff", staff.as_bytes()]),
                calls: 1,
                empty_calls: 0,
                empty_case: None,
            },
        })
    }
}

impl From<PhonedInError> for ApiError {
    fn from(error: PhonedInError) -> Self {
        match error {
            PhonedInError::IdTaken => Self::new(Code::IdTaken),
            PhonedInError::Handling(error) => error.into(),
        }
    }
}

/// Take down a call that somebody makes over the telephone
///
/// As any other call it goes to whoever answers calls of its kind. With `claim` the caller of this
/// request holds it at once; where they would not answer for it, their own agency does until they
/// hand it over.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeats the request")),
    request_body = PhoneIn,
    responses(
        (status = 201, description = "The call is stored", body = QueuedView),
        (status = 409, description = "Problem `id_taken`: the id names another call"),
        (status = 422, description = "Problem `validation_failed`"),
    )
)]
#[post("/v1/dispatch/emergencies")]
pub(in crate::emergency::dispatch) async fn phone_in(
    app: Data<App>,
    dispatcher: Dispatcher,
    key: Repeatable,
    Json(body): Json<PhoneIn>,
) -> Result<HttpResponse, ApiError> {
    let (now, who) = (app.now(), dispatcher.staff().id.uuid());
    let key = key.bind(&*app.keys, "emergency.phone_in", Some(who), &body);
    let (call, claims) = (body.call(&app, &now, &dispatcher)?, body.claim);
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let (moment, by) = (now.clone(), dispatcher.clone());
    let taking = app.database.write(move |tx| {
        let taken = once(tx, &moment, key.as_ref(), |tx| {
            emergency::phoned_in(tx, &moment, &by, call, claims).map(|taken| taken.id)
        })?;
        emergency::taken_down(tx, &by, taken).map_err(|error| OnceError::Work(error.into()))
    });
    let taken = taking.await?;
    Ok(HttpResponse::Created().json(QueuedView::of(&taken, &dispatcher, now.at)))
}
