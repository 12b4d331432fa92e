//! Who is told of a call that nobody comes to.

use chrono::{DateTime, Utc};

use super::{AlarmStore, Circumstances, Duty, Emergency, Happening, StandingOrders, page::page};
use crate::{Moment, StoreError, identity::nearest_supervisors, notification, secret::Hasher};

/// Tells the supervisors nearest to its centre, unless it is an exercise.
pub(super) fn alert_supervisors(
    store: &mut impl AlarmStore,
    now: &Moment,
    orders: &StandingOrders,
    emergency: &Emergency,
) -> Result<(), StoreError> {
    if emergency.said.is_drill() {
        return Ok(());
    }
    let (wait, call) = (now.at - emergency.escalation().waits_from, emergency.receipt);
    let wait = wait.num_seconds();
    let text = format!("Cuộc gọi khẩn cấp {call} chưa có người nhận sau {wait} giây.");
    for supervisor in nearest_supervisors(store, &orders.agencies, &emergency.agency)? {
        let what = (Happening::Escalated.as_str(), text.clone());
        notification::tell(store, now, supervisor.id.uuid(), what, emergency.id.uuid())?;
    }
    Ok(())
}

/// Rings a call again that everybody on duty was called to, and notes when it rings `next`. Its
/// version stays, since nothing about it changed. Where nobody at all is on duty, whoever carries a
/// phone for its centre is paged again.
pub(super) fn remind<H: Hasher>(
    store: &mut impl AlarmStore,
    now: &Moment,
    around: &Circumstances<'_, H>,
    duties: &[Duty],
    (emergency, next): (&Emergency, DateTime<Utc>),
) -> Result<(), StoreError> {
    store.rearm(emergency, Some(next))?;
    store.append(&Happening::Escalated.to(emergency, now))?;
    let pages = duties.is_empty() && around.pages.rings_for(emergency);
    if pages { page(store, now, around, emergency) } else { Ok(()) }
}
