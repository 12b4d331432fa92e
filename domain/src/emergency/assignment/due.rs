//! What becomes of assignments by the clock alone: crews that have not seen one are told by text
//! message, and for those that do not answer somebody else is proposed.

use chrono::{DateTime, Utc};

use super::{Assignment, AssignmentRepository, Step, proceed::take, proposal::propose};
use crate::{
    Moment, StoreError,
    emergency::{
        Emergency, EmergencyRepository, UnitRepository,
        page::{kind, whereabouts},
    },
    event::EventLog,
    identity::Phone,
    notification::{Outbox, Sms},
};

/// Tells crews by text message of what they have not seen in time, at most `limit` of them, and
/// says how many were due. Each is told once, whichever machine is first.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn text_unseen<S>(store: &mut S, now: &Moment, limit: usize) -> Result<usize, StoreError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository + Outbox,
{
    let due = store.unseen_assignments(now.at, limit)?;
    let count = due.len();
    for assignment in due {
        let mut told = Assignment { text_at: None, ..assignment };
        match store.save_assignment(&mut told) {
            Err(StoreError::Stale) => continue,
            saved => saved?,
        }
        let (unit, emergency) = (store.unit(told.unit)?, store.find(told.emergency)?);
        let Some((unit, emergency)) = unit.zip(emergency) else { continue };
        let Some(phone) = &unit.duty_phone else { continue };
        let sms = message(phone, &unit.name, &emergency, told.answer_by);
        // A dispatcher sends each, so no budget holds it back.
        store.send_sms(now.new_id::<Sms>().uuid(), &sms, now.at)?;
    }
    Ok(count)
}

/// What is written to the phone in a unit: enough to set out, and nobody's name or number.
fn message(
    phone: &Phone,
    unit: &str,
    emergency: &Emergency,
    useful_until: Option<DateTime<Utc>>,
) -> Sms {
    let text = format!(
        "C-ThaiNguyen: {unit} co nhiem vu {}, ma {}.{} Mo ung dung de xac nhan.",
        kind(emergency),
        emergency.receipt,
        whereabouts(emergency),
    );
    Sms { to: phone.e164(), text, useful_until }
}

/// Ends what crews have not answered in time, at most `limit`, proposes the next unit to the holder
/// of each emergency, and says how many were due.
///
/// # Errors
/// [`StoreError::Stale`] when a crew answered, or another machine was faster, just now: then nothing
/// is changed, and what is left is due the next time. [`StoreError`] when the store cannot do it.
pub fn time_out<S>(store: &mut S, now: &Moment, limit: usize) -> Result<usize, StoreError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository + EventLog,
{
    let due = store.unanswered_assignments(now.at, limit)?;
    let count = due.len();
    for assignment in due {
        match take(store, now, assignment, (Step::TimeOut, None), false) {
            Ok((ended, Some(emergency))) if emergency.status.is_open() => {
                propose(store, now, &emergency, &ended)?;
            }
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}
