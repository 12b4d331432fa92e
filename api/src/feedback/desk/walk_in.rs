//! Writing down what somebody reports at a counter, on the line 1022 or in a letter.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    feedback::{self, Channel, Contact, Flaw, FlawKind, Intake, Submission},
    idempotency::once,
    identity::Phone,
    territory::Position,
    text,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    App,
    extract::{Json, Repeatable},
    feedback::{
        office,
        sender::Sender,
        submit::{SubmitFeedback, SubmittedView},
    },
    identity::{By, Officer},
    problem::ApiError,
};

/// The most characters of a name.
const NAME: usize = 120;

/// How whoever reports it is reached.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Caller {
    /// What they are called, at most 120 characters.
    name: Option<String>,
    /// Their number.
    #[schema(example = "0912345678")]
    phone: Option<String>,
}

/// What somebody reports through an officer.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct TakeDown {
    /// An id of the client's own making, to send the same again without doubling it.
    #[schema(value_type = Option<Uuid>)]
    id: Option<feedback::ReportId>,
    /// `counter` (when absent), `line_1022` or `letter`.
    #[serde(default = "at_the_counter")]
    #[schema(value_type = String, example = "line_1022")]
    channel: Channel,
    /// How whoever reports it is reached; sealed, and looked up by whoever has the report.
    contact: Option<Caller>,
    /// The code of a selectable category.
    category: String,
    /// A headline, at most 200 characters.
    title: Option<String>,
    /// What it is about, 1 to 4,000 characters.
    text: String,
    /// Where it is, on the map.
    #[schema(value_type = Option<Object>, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    location: Option<Position>,
    /// The commune, where there is no location.
    #[schema(value_type = Option<String>)]
    commune_code: Option<domain::territory::CommuneCode>,
    /// Where it is, in words, at most 300 characters.
    address: Option<String>,
    /// Answers to the questions of the category, by their code.
    #[serde(default)]
    attributes: Map<String, Value>,
    /// Whether strangers shall see only roughly where it is.
    #[serde(default)]
    blur_location: bool,
}

const fn at_the_counter() -> Channel {
    Channel::Counter
}

impl Caller {
    fn contact(self) -> Result<Option<Contact>, Flaw> {
        let name = self.name.map(|name| text::line(&name)).filter(|name| !name.is_empty());
        if name.as_ref().is_some_and(|name| name.chars().count() > NAME) {
            return Err(Flaw::at("contact/name", FlawKind::TooLong(NAME)));
        }
        let wrong = |_| Flaw::at("contact/phone", FlawKind::WrongType);
        let phone = self.phone.map(|phone| phone.parse::<Phone>()).transpose().map_err(wrong)?;
        let contact = Contact { name, phone: phone.map(|phone| phone.e164()) };
        Ok(Some(contact).filter(|contact| !contact.is_empty()))
    }
}

impl TakeDown {
    fn submission(
        self,
        app: &App,
        officer: &domain::identity::Officer,
    ) -> Result<Submission, ApiError> {
        if !self.channel.is_at_the_desk() {
            return Err(Flaw::at("channel", FlawKind::Unknown).into());
        }
        let intake = Intake {
            channel: self.channel,
            contact: self.contact.map(Caller::contact).transpose()?.flatten(),
            taken_by: Some(officer.staff().id),
            business: None,
        };
        let report = SubmitFeedback {
            id: self.id,
            category: self.category,
            title: self.title,
            text: self.text,
            location: self.location,
            commune_code: self.commune_code,
            address: self.address,
            attributes: self.attributes,
            blur_location: self.blur_location,
            anonymous: true,
            ..SubmitFeedback::default()
        };
        let draft = report.draft(&Sender::nobody(), &app.snapshot())?;
        let draft = feedback::Draft { intake, ..draft };
        Ok(draft.check(&app.feedback.categories())?)
    }
}

/// Writes down what somebody reports at a counter, on the line 1022 or in a letter.
///
/// It goes to whoever answers it, as if they had sent it themselves; `code` and `tracking_token` are
/// for them, to follow it without an account.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    request_body = TakeDown,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "It was taken in", body = SubmittedView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 409, description = "Problem `id_taken`"),
        (status = 422, description = "Problem `validation_failed`, `unknown_category`, \
                                      `category_withdrawn` or `idempotency_key_reused`"),
    ),
)]
#[post("/v1/desk/feedback")]
pub(in crate::feedback) async fn take_down(
    app: Data<App>,
    By(officer): Officer,
    key: Repeatable,
    Json(body): Json<TakeDown>,
) -> Result<HttpResponse, ApiError> {
    let by = Some(officer.staff().id.uuid());
    let key = key.bind(&*app.keys, "feedback.take_down", by, &body);
    let submission = body.submission(&app, &officer)?;
    let office = office(&app);
    let take = move |tx: &mut Transaction<'_>| {
        let work =
            |tx: &mut Transaction<'_>| feedback::submit_at_desk(tx, &office, &officer, submission);
        once(tx, &office.now, key.as_ref(), work)
    };
    let submitted = app.database.write(take).await?;
    Ok(HttpResponse::Created().json(SubmittedView::new(&app, submitted)))
}
