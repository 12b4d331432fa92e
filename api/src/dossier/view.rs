//! A dossier on the wire. No names: of people nothing is known here.

use chrono::{DateTime, Utc};
use domain::dossier::{Fee, OfficeHours, ResultPaper, Step};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::seek::Found;
use crate::{App, feedback::calendar};

/// How a dossier stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DossierView {
    /// The code on its receipt, in capitals.
    code: String,
    /// How the code is made: `national`, `local` or `other`.
    code_form: &'static str,
    /// By the national list: `registered`, `received`, `not_received`, `processing`,
    /// `supplement_required`, `payment_required`, `withdrawn`, `stopped`, `processed`, `returned`.
    status: &'static str,
    /// The number of the status in the national list, 1 to 10.
    status_number: u8,
    /// What the national list calls it, in Vietnamese.
    status_name: &'static str,
    /// What the office's own system calls it, as it came.
    local_status: Option<String>,
    procedure: Option<AppliedForView>,
    /// The office that works on it.
    office: Option<String>,
    received_at: Option<DateTime<Utc>>,
    /// By when it is due: the day on the receipt, or counted in working days of that office.
    due_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    /// How late it is, or was when it was decided; absent where it is not.
    late_by_s: Option<i64>,
    /// The same in working days that have begun since.
    late_working_days: Option<usize>,
    /// How many working days are left, while time runs.
    working_days_left: Option<usize>,
    /// The papers that its applicant still has to bring.
    missing_papers: Vec<String>,
    /// What is to be paid for it, and what was.
    fees: Vec<DossierFeeView>,
    /// The papers that came of it.
    results: Vec<ResultPaperView>,
    /// The way it took, oldest first.
    steps: Vec<StepView>,
    /// When the office's system last told of it.
    as_of: DateTime<Utc>,
    /// How long ago that was.
    age_s: i64,
    /// Whether that system was asked now and did not answer: it may stand otherwise by now.
    stale: bool,
}

/// What was applied for.
#[derive(Debug, Serialize, ToSchema)]
struct AppliedForView {
    code: String,
    /// Its name, where the catalogue has it.
    name: Option<String>,
}

/// A fee of a dossier.
#[derive(Debug, Serialize, ToSchema)]
struct DossierFeeView {
    /// What it is for.
    name: String,
    amount: DongView,
    /// Whether it was paid; `null` where the office does not say.
    paid: Option<bool>,
}

/// Money in đồng.
#[derive(Debug, Serialize, ToSchema)]
struct DongView {
    #[schema(example = "50000")]
    amount: String,
    #[schema(example = "VND")]
    currency: &'static str,
}

/// A paper that came of a dossier.
#[derive(Debug, Serialize, ToSchema)]
struct ResultPaperView {
    name: String,
    number: Option<String>,
    issued_at: Option<DateTime<Utc>>,
}

/// A step on the way of a dossier.
#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    at: DateTime<Utc>,
    status: &'static str,
    status_name: &'static str,
    local_status: Option<String>,
    office: Option<String>,
}

/// A dossier that the caller follows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FollowedView {
    id: Uuid,
    followed_at: DateTime<Utc>,
    #[serde(flatten)]
    dossier: DossierView,
}

impl From<&Fee> for DossierFeeView {
    fn from(fee: &Fee) -> Self {
        let amount = DongView { amount: fee.amount.to_string(), currency: "VND" };
        Self { name: fee.name.clone(), amount, paid: fee.paid }
    }
}

impl From<&ResultPaper> for ResultPaperView {
    fn from(ResultPaper { name, number, issued_at }: &ResultPaper) -> Self {
        Self { name: name.clone(), number: number.clone(), issued_at: *issued_at }
    }
}

impl From<&Step> for StepView {
    fn from(step: &Step) -> Self {
        Self {
            at: step.at,
            status: step.status.as_str(),
            status_name: step.status.name(),
            local_status: step.local_status.clone(),
            office: step.office.clone(),
        }
    }
}

impl DossierView {
    pub(super) fn of(app: &App, Found { dossier, stale }: &Found) -> Self {
        let (snapshot, at) = (app.snapshot(), app.now().at);
        let saturdays = app.settings.dossier_saturday_units.clone();
        let timing = dossier.timing(&OfficeHours::new(calendar(&snapshot), saturdays), at);
        let state = &dossier.state;
        let procedure = state.procedure.as_ref().map(|code| AppliedForView {
            code: code.to_string(),
            name: snapshot.procedure(code).map(|procedure| procedure.name.clone()),
        });
        Self {
            code: dossier.code.to_string(),
            code_form: dossier.code.form().as_str(),
            status: state.status.as_str(),
            status_number: state.status.number(),
            status_name: state.status.name(),
            local_status: state.local_status.clone(),
            procedure,
            office: state.office.clone(),
            received_at: state.received_at,
            due_at: timing.due_at,
            finished_at: state.finished_at,
            late_by_s: timing.late.map(|late| late.by.num_seconds()),
            late_working_days: timing.late.map(|late| late.working_days),
            working_days_left: timing.working_days_left,
            missing_papers: state.missing_papers.clone(),
            fees: state.fees.iter().map(DossierFeeView::from).collect(),
            results: state.results.iter().map(ResultPaperView::from).collect(),
            steps: dossier.way().into_iter().map(StepView::from).collect(),
            as_of: dossier.heard_at,
            age_s: (at - dossier.heard_at).num_seconds().max(0),
            stale: *stale,
        }
    }
}

impl FollowedView {
    pub(super) fn of(app: &App, found: &Found, followed_at: DateTime<Utc>) -> Self {
        let id = found.dossier.id.uuid();
        Self { id, followed_at, dossier: DossierView::of(app, found) }
    }
}
