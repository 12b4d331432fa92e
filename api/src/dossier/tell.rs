//! Hearing of dossiers from the systems that keep them.

use actix_web::{HttpResponse, post, web::Data};
use domain::dossier::{
    self, Draft, DraftApplicant, DraftFee, DraftResult, Flaw, FlawKind, News, Report,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::source::Source;
use crate::{
    App,
    extract::Json,
    problem::{ApiError, Code, FieldCode},
};

/// The most reports that one request may hold: one unit of work takes them all.
const AT_MOST: usize = 50;

/// How dossiers stand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TellOfDossiers {
    /// 1 to 50 reports, in any order. All of them are taken, or none.
    items: Vec<DossierReport>,
}

/// How a dossier stands since some instant. Instants are RFC 3339, or `yyyyMMddHHmmss` by the clocks
/// of Vietnam.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DossierReport {
    /// The code on its receipt.
    #[schema(example = "H55.242-261123-0001")]
    code: String,
    /// Since when it stands so, by the clock of the system that tells. The latest is in force.
    #[schema(example = "2026-11-23T08:00:00+07:00")]
    at: String,
    /// The state by the national list: its number or name. Not needed where `local_status` is one
    /// that this service was told the meaning of.
    #[schema(example = "4")]
    status: Option<String>,
    /// What the system itself calls the state.
    #[schema(example = "THU_LY")]
    local_status: Option<String>,
    /// The code of the procedure, in any form.
    procedure: Option<String>,
    /// The code of the unit that works on it.
    #[schema(example = "H55.242")]
    unit: Option<String>,
    /// The office that works on it. Never a person.
    office: Option<String>,
    received_at: Option<String>,
    /// The day that the receipt names.
    due_at: Option<String>,
    /// How many working days it may take, where the receipt names no day.
    working_days: Option<u16>,
    finished_at: Option<String>,
    /// The papers that its applicant still has to bring.
    #[serde(default)]
    missing_papers: Vec<String>,
    /// What is to be paid for it.
    #[serde(default)]
    fees: Vec<FeeText>,
    /// The papers that came of it.
    #[serde(default)]
    results: Vec<ResultText>,
    applicant: ApplicantText,
}

/// A fee of a dossier.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FeeText {
    /// What it is for.
    #[schema(example = "Lệ phí")]
    name: String,
    /// How much, in whole đồng.
    #[schema(example = "50000")]
    amount: String,
    /// Whether it was paid.
    paid: Option<bool>,
}

/// A paper that came of a dossier.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResultText {
    /// What it is. Never whose: it is shown.
    #[schema(example = "Giấy chứng nhận kết hôn")]
    name: String,
    number: Option<String>,
    issued_at: Option<String>,
}

impl From<FeeText> for DraftFee {
    fn from(FeeText { name, amount, paid }: FeeText) -> Self {
        Self { name: Some(name), amount: Some(amount), paid }
    }
}

impl From<ResultText> for DraftResult {
    fn from(ResultText { name, number, issued_at }: ResultText) -> Self {
        Self { name: Some(name), number, issued_at }
    }
}

/// Who filed a dossier: a phone number, a number in the register of residents, or both. They are
/// looked at once and not kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicantText {
    phone: Option<String>,
    national_id: Option<String>,
    /// The tax code, where a business filed it.
    tax_code: Option<String>,
}

/// What became of the reports.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HeardView {
    /// In the order in which they came.
    items: Vec<NewsView>,
}

/// What became of a report.
#[derive(Debug, Serialize, ToSchema)]
struct NewsView {
    code: String,
    /// `taken`: it is in force now; `known`: it was; `older`: something later was known.
    news: &'static str,
}

impl From<DossierReport> for Draft {
    fn from(told: DossierReport) -> Self {
        let ApplicantText { phone, national_id, tax_code } = told.applicant;
        Self {
            code: Some(told.code),
            at: Some(told.at),
            status: told.status,
            local_status: told.local_status,
            procedure: told.procedure,
            unit: told.unit,
            office: told.office,
            received_at: told.received_at,
            due_at: told.due_at,
            working_days: told.working_days,
            finished_at: told.finished_at,
            missing_papers: told.missing_papers,
            fees: told.fees.into_iter().map(DraftFee::from).collect(),
            results: told.results.into_iter().map(DraftResult::from).collect(),
            applicant: DraftApplicant { phone, national_id, tax_code },
        }
    }
}

impl TellOfDossiers {
    fn checked(self, app: &App) -> Result<Vec<Report>, ApiError> {
        match self.items.len() {
            0 => return Err(ApiError::field("/items", FieldCode::TooShort)),
            1..=AT_MOST => {}
            _ => return Err(ApiError::field("/items", FieldCode::TooLong)),
        }
        let (at, states) = (app.now().at, &app.settings.dossier_local_states);
        let checked = self.items.into_iter().enumerate().map(|(number, told)| {
            Draft::from(told).check(at, states).map_err(|flaws| problem(number, &flaws))
        });
        checked.collect()
    }
}

/// What is wrong with the report `number`.
fn problem(number: usize, flaws: &[Flaw]) -> ApiError {
    let field_code = |kind| match kind {
        FlawKind::Missing => FieldCode::Missing,
        FlawKind::WrongForm => FieldCode::WrongForm,
        FlawKind::TooLong => FieldCode::TooLong,
        FlawKind::OutOfRange => FieldCode::OutOfRange,
    };
    flaws.iter().fold(ApiError::new(Code::ValidationFailed), |error, flaw| {
        error.with_field(format!("/items/{number}/{}", flaw.field), field_code(flaw.kind))
    })
}

/// Tell how dossiers stand
///
/// For the systems that keep them. Telling the same again changes nothing, and what arrives late
/// never puts a dossier back; those who follow it are told when its status changes.
#[utoipa::path(
    tag = "dossier",
    security(("bearer" = ["tell_of_dossiers"])),
    request_body = TellOfDossiers,
    responses((status = 200, description = "All were taken", body = HeardView))
)]
#[post("/v1/gateways/dossiers")]
pub(super) async fn tell(
    app: Data<App>,
    _: Source,
    Json(body): Json<TellOfDossiers>,
) -> Result<HttpResponse, ApiError> {
    let (now, keys, reports) = (app.now(), app.keys.clone(), body.checked(&app)?);
    let codes: Vec<_> = reports.iter().map(|report| report.code.to_string()).collect();
    let heard = app.database.write(move |tx| dossier::hear(tx, &*keys, &now, reports)).await?;
    let view = |(code, news): (String, News)| NewsView { code, news: news.as_str() };
    let items = codes.into_iter().zip(heard).map(view).collect();
    Ok(HttpResponse::Ok().json(HeardView { items }))
}
