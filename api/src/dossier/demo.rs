//! Some dossiers to show the service around with.

use chrono::TimeDelta;
use domain::{
    StoreError,
    dossier::{
        self, DossierCode, DossierRepository as _, Draft, DraftApplicant, Flaw, FollowError,
        InvalidDossierCode,
    },
    identity::{Citizen, DemoPeople, Phone},
};
use infra::database::Transaction;

use crate::App;

/// Why there are no demo dossiers.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A demo code is none.
    #[error(transparent)]
    Code(#[from] InvalidDossierCode),
    /// A demo dossier cannot be told of.
    #[error("a demo dossier does not fit: {0:?}")]
    Unfit(Vec<Flaw>),
    /// A demo dossier cannot be followed.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A demo dossier: its code, what was applied for, and its way, each step so many days ago.
struct Case {
    code: &'static str,
    procedure: &'static str,
    way: &'static [(i64, &'static str, &'static str)],
    missing: &'static [&'static str],
}

/// Under way, waiting for papers, and done too late.
const CASES: [Case; 3] = [
    Case {
        code: "H55.242-261102-0001",
        procedure: "1.001193",
        way: &[(3, "2", "MOI_TIEP_NHAN"), (2, "4", "THU_LY")],
        missing: &[],
    },
    Case {
        code: "H55.242-261102-0002",
        procedure: "1.004194",
        way: &[(6, "2", "MOI_TIEP_NHAN"), (5, "5", "BO_SUNG")],
        missing: &["Giấy tờ chứng minh chỗ ở hợp pháp"],
    },
    Case {
        code: "H55.242-261102-0003",
        procedure: "1.000894",
        way: &[(30, "2", "MOI_TIEP_NHAN"), (29, "4", "THU_LY"), (5, "10", "DA_TRA_KQ")],
        missing: &[],
    },
];

/// Makes the demo dossiers that are not there yet, of the demo citizens in turn. Each follows the
/// own one, and proves it by the last four digits of the own number.
///
/// # Errors
/// [`DemoError`] when one of them does not fit, or the store cannot take it.
pub async fn open(app: &App, people: &DemoPeople) -> Result<(), DemoError> {
    for (case, citizen) in CASES.iter().zip(&people.citizens) {
        let code: DossierCode = case.code.parse()?;
        let phone = citizen.phone.as_ref().map(Phone::e164);
        let reports = case.way.iter().map(|step| draft(app, case, *step, phone.clone()));
        let reports = reports
            .map(|draft| draft.check(app.now().at, &app.settings.dossier_local_states))
            .collect::<Result<Vec<_>, _>>();
        let reports = reports.map_err(DemoError::Unfit)?;
        let (now, keys, citizen) = (app.now(), app.keys.clone(), Citizen { id: citizen.id });
        app.database
            .write(move |tx: &mut Transaction<'_>| {
                if tx.dossier(&code)?.is_some() {
                    return Ok(());
                }
                dossier::hear(tx, &*keys, &now, reports)?;
                dossier::follow(tx, &now, &citizen, &code)?;
                Ok::<_, DemoError>(())
            })
            .await?;
    }
    Ok(())
}

/// How `case` stood after a step.
fn draft(
    app: &App,
    case: &Case,
    (days_ago, status, local_status): (i64, &str, &str),
    phone: Option<String>,
) -> Draft {
    let ago = |days| (app.now().at - TimeDelta::days(days)).to_rfc3339();
    let received = case.way.first().map(|&(days, ..)| ago(days));
    Draft {
        code: Some(case.code.to_owned()),
        at: Some(ago(days_ago)),
        status: Some(status.to_owned()),
        local_status: Some(local_status.to_owned()),
        procedure: Some(case.procedure.to_owned()),
        office: Some("Trung tâm Phục vụ hành chính công phường Phan Đình Phùng".to_owned()),
        received_at: received,
        working_days: Some(10),
        missing_papers: case.missing.iter().map(|&paper| paper.to_owned()).collect(),
        applicant: DraftApplicant { phone, ..DraftApplicant::default() },
        ..Draft::default()
    }
}
