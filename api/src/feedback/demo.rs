//! Some live reports to show the service around with, made by the same use cases as all others.

use domain::{
    StoreError,
    feedback::{
        self, ActError, Assignment, Draft, FeedbackRepository as _, Flaw, Rejection,
        RejectionReason, ReportId, Saying, Step, SubmitError, WORDS,
    },
    identity::{DemoPeople, Officer},
    media::Attachment,
    territory::{OutOfRange, Position},
};
use infra::database::Transaction;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::office;
use crate::App;

/// Why there are no demo reports.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A demo report does not fit its category.
    #[error("a demo report does not fit: {0:?}")]
    Unfit(Vec<Flaw>),
    /// A demo position is none.
    #[error(transparent)]
    Position(#[from] OutOfRange),
    /// A demo report was not taken in.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A step with it was not taken.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A demo report, and what was done with it since.
struct Case {
    category: &'static str,
    title: &'static str,
    text: &'static str,
    at: (f64, f64),
    attributes: Value,
    steps: Vec<Step>,
}

/// Makes the demo reports that are not there yet, of the demo citizens in turn, answered by the
/// first officer who sees them all.
///
/// # Errors
/// [`DemoError`] when one of them does not fit, or the store cannot take it.
pub async fn open(app: &App, people: &DemoPeople) -> Result<(), DemoError> {
    let mut officers = people.staff.iter().filter(|staff| staff.agency.is_province());
    let Some(officer) = officers.find_map(|staff| Officer::try_from(staff.clone()).ok()) else {
        return Ok(());
    };
    let senders = people.citizens.iter().map(|citizen| citizen.id).cycle();
    for (case, sender) in cases()?.into_iter().zip(senders) {
        let id = ReportId::from(Uuid::new_v5(&Uuid::NAMESPACE_OID, case.title.as_bytes()));
        let position = Position::new(case.at.0, case.at.1)?;
        let draft = Draft {
            id: Some(id),
            category: case.category.to_owned(),
            title: Some(case.title.to_owned()),
            text: case.text.to_owned(),
            position: Some(position),
            located: app.snapshot().map.locate(position),
            attributes: object(case.attributes),
            sender: Some(sender),
            ..Draft::default()
        };
        let submission = draft.check(&app.feedback.categories()).map_err(DemoError::Unfit)?;
        let (office, officer) = (office(app), officer.clone());
        app.database
            .write(move |tx: &mut Transaction<'_>| {
                if tx.find(id)?.is_some() {
                    return Ok(());
                }
                feedback::submit(tx, &office, submission)?;
                for step in case.steps {
                    let seen = feedback::in_scope(tx, &officer, id)?.version;
                    feedback::act(tx, &office, &officer, (id, seen), step)?;
                }
                Ok::<_, DemoError>(())
            })
            .await?;
    }
    Ok(())
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn cases() -> Result<Vec<Case>, DemoError> {
    let unfit = |flaw| DemoError::Unfit(vec![flaw]);
    let answer = Saying::parse(
        ("answer", WORDS),
        "Đã thay bóng đèn và kiểm tra toàn tuyến. Cảm ơn ông/bà đã phản ánh.",
    );
    let elsewhere = Rejection::parse(
        RejectionReason::NotResponsible,
        Some("Công ty Điện lực, tổng đài chăm sóc khách hàng in trên hóa đơn tiền điện."),
    );
    Ok(vec![
        Case {
            category: "lighting.street",
            title: "Đèn đường trước cổng chợ không sáng",
            text: "Ba bóng đèn liền nhau tắt từ thứ Sáu, buổi tối rất tối và nguy hiểm.",
            at: (21.5876, 105.8362),
            attributes: json!({ "fault": "out", "lamp_number": "CT-112" }),
            steps: vec![
                Step::Accept,
                Step::Assign(Assignment::Myself),
                Step::Publish,
                Step::Resolve(answer.map_err(unfit)?, Attachment::default()),
            ],
        },
        Case {
            category: "road.pothole",
            title: "Ổ gà lớn giữa làn xe máy",
            text: "Ổ gà rộng khoảng một mét, trời mưa không nhìn thấy, đã có người ngã.",
            at: (21.5861, 105.8377),
            attributes: json!({ "danger": "high" }),
            steps: vec![Step::Accept, Step::Publish, Step::Assign(Assignment::Myself), Step::Start],
        },
        Case {
            category: "waste.dumping",
            title: "Đổ trộm phế thải xây dựng ven suối",
            text: "Xe ba gác đổ gạch vữa xuống bờ suối vào buổi tối, đã nhiều ngày.",
            at: (21.5925, 105.8290),
            attributes: json!({ "kinds": ["rubble"] }),
            steps: vec![Step::Accept],
        },
        Case {
            category: "lighting.outage",
            title: "Mất điện cả ngõ",
            text: "Cả ngõ mất điện từ 5 giờ sáng, chưa rõ lý do.",
            at: (21.5899, 105.8341),
            attributes: json!({}),
            steps: vec![Step::Reject(elsewhere.map_err(unfit)?)],
        },
        Case {
            category: "environment.noise",
            title: "Loa karaoke sau 22 giờ",
            text: "Quán mở loa lớn tới nửa đêm, ảnh hưởng trẻ nhỏ và người già trong khu phố.",
            at: (21.5840, 105.8401),
            attributes: json!({ "when": ["night"], "source": "karaoke" }),
            steps: vec![],
        },
    ])
}
