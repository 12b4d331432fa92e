//! Reminding whoever has a report, and telling ever higher levels of what is overdue.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Action, Actor, Allowance, Doer, Office, Registry, Report, WorkingCalendar};
use crate::{StoreError, notification};

/// How much of the time for an answer is left when whoever has it is reminded: a quarter.
const REMINDED_AT: i32 = 4;
/// How many working days the supervisors of one level have before those of the next hear of it.
const LEVEL: u16 = 2;
/// So many levels hear of it.
const LEVELS: u8 = 3;

impl Report {
    /// When the next alarm rings: a reminder while a quarter of the time is left since it was
    /// promised, then one alarm when it is due, and one for each higher level. None while nobody
    /// waits for the officers.
    #[must_use]
    pub fn next_alarm(&self) -> Option<DateTime<Utc>> {
        match self.course.alarms {
            _ if !self.status.is_open() => None,
            0 => {
                let promised = self.course.promised_at.unwrap_or(self.submitted_at);
                Some(self.due_at - (self.due_at - promised) / REMINDED_AT)
            }
            rung if rung <= LEVELS => Some(self.course.next_level_at.unwrap_or_else(|| {
                self.due_at + TimeDelta::days(i64::from(LEVEL) * i64::from(rung - 1))
            })),
            _ => None,
        }
    }

    /// One more alarm rang. The supervisors of each level have working days before the next.
    fn rang(&mut self, calendar: &WorkingCalendar) {
        let before = self.course.alarms;
        self.course.alarms = before.saturating_add(1);
        let days = LEVEL.saturating_mul(u16::from(before));
        self.course.next_level_at =
            (before > 0).then(|| calendar.due(self.due_at, Allowance::WorkingDays(days)));
    }
}

/// Rings at most `limit` of the alarms that are due, and says how many. Of several replicas one
/// rings each; a report that somebody changes meanwhile is left to the next time.
///
/// # Errors
/// [`StoreError`] when the store failed.
pub fn ring_alarms(
    tx: &mut impl Registry,
    office: &Office,
    limit: usize,
) -> Result<usize, StoreError> {
    let at = office.now.at;
    let due = tx.alarms_due(at, limit)?;
    let found = due.len();
    for report in due {
        let action = if report.course.alarms == 0 { Action::Remind } else { Action::Escalate };
        let seen = report.version;
        let Ok(mut report) = report.after(action, Actor::Timer, at) else {
            continue;
        };
        report.rang(&office.calendar);
        match office.keep(tx, &mut report, seen, (action, Doer::Service), None) {
            Err(StoreError::Stale) => continue,
            kept => kept?,
        }
        ring(tx, office, &report, action)?;
    }
    Ok(found)
}

fn ring(
    tx: &mut impl Registry,
    office: &Office,
    report: &Report,
    action: Action,
) -> Result<(), StoreError> {
    let code = &report.code;
    if action == Action::Escalate {
        let mut agency = report.agency.clone();
        for _ in 2..report.course.alarms {
            agency = office.above(&agency);
        }
        let text = format!("Phản ánh {code} đã quá hạn trả lời.");
        return office.alert_supervisors(tx, &agency, report, (action.event(), text));
    }
    let text = format!("Phản ánh {code} sắp đến hạn trả lời.");
    match report.assignee {
        Some(assignee) => {
            let what = (action.event(), text);
            notification::tell(tx, &office.now, assignee.uuid(), what, report.id.uuid())
        }
        None => office.alert_supervisors(tx, &report.agency, report, (action.event(), text)),
    }
}
