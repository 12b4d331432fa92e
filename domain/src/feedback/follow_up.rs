//! What follows from a change: the event log takes note, and the reporter is told.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Action, Report, Status};
use crate::{
    Moment, StoreError,
    event::{Event, EventLog, RecordedEvent, Topic},
    notification::{self, Inbox},
};

/// Writes down that `kind` happened to `report`. What it says is fit for the reporter and for the
/// officers: where the report stands, and nobody's name.
pub(super) fn announce(
    tx: &mut impl EventLog,
    now: &Moment,
    report: &Report,
    kind: &'static str,
) -> Result<(), StoreError> {
    tx.append(&Event {
        id: now.new_id::<Event>().uuid(),
        topic: Topic::Feedback,
        kind,
        subject: report.id.uuid(),
        agency: Some(report.agency.clone()),
        at: now.at,
        data: json!({
            "code": report.code,
            "category": report.category,
            "status": report.status,
            "visibility": report.visibility,
            "agency": report.agency,
        }),
    })
}

/// Tells the reporter, where one is known, what was done with the report.
pub(super) fn tell_reporter(
    tx: &mut (impl Inbox + EventLog),
    now: &Moment,
    report: &Report,
    action: Action,
) -> Result<(), StoreError> {
    let Some(reporter) = report.reporter.citizen() else {
        return Ok(());
    };
    let what = match action {
        Action::Accept => "đã được tiếp nhận",
        Action::Assign => "đã được phân công xử lý",
        Action::Start => "đang được xử lý",
        Action::Resolve => "đã có kết quả trả lời",
        Action::Reject => "không được tiếp nhận; xem lý do và nơi cần liên hệ",
        Action::Close => "đã được đóng",
        Action::Publish => "đã được công khai",
        Action::Hide => "không còn công khai",
        Action::Withdraw => "đã được rút",
    };
    let text = format!("Phản ánh {} {what}.", report.code);
    notification::tell(tx, now, reporter.uuid(), (action.event(), text), report.id.uuid())
}

/// One thing that happened to a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// What happened: `feedback.accepted`.
    pub event: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Where the report stood afterwards.
    pub status: Option<Status>,
    /// Who had to answer afterwards.
    pub agency: Option<String>,
}

impl From<RecordedEvent> for Milestone {
    fn from(event: RecordedEvent) -> Self {
        let text = |name| event.data.get(name).and_then(Value::as_str);
        Self {
            status: text("status").and_then(|status| status.parse().ok()),
            agency: text("agency").map(str::to_owned),
            event: event.kind,
            at: event.at,
        }
    }
}

/// A report with what happened to it so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// The report.
    pub report: Report,
    /// What happened to it, oldest first.
    pub timeline: Vec<Milestone>,
}

impl Followed {
    /// `report` with its timeline.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn of(tx: &mut impl EventLog, report: Report) -> Result<Self, StoreError> {
        let events = tx.history(Topic::Feedback, report.id.uuid())?;
        Ok(Self { report, timeline: events.into_iter().map(Milestone::from).collect() })
    }
}
