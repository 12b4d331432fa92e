//! The receipt, by text message, to whoever called by one.

use crate::{
    Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    emergency::{Hearing, Receipt},
    identity::Phone,
    notification::{self, Outbox, Receiver, Sms, SmsBudget},
    secret::{Hasher, Purpose},
};

/// Whom to answer, and at what cost.
#[derive(Clone, Debug)]
pub struct Answering {
    /// The number that the call came from.
    pub to: Phone,
    /// Whether the network vouches for it.
    pub receiver: Receiver,
    /// How many answers a number gets.
    pub rate: Rate,
    /// What all text messages together may cost.
    pub budget: SmsBudget,
}

/// Sends the receipt to whoever was heard, in `words`, as far as the budgets go. A sound could give
/// the caller of a silent call away, and of a stranger's it is not known whether it is one: neither
/// is answered.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn reply(
    tx: &mut (impl Outbox + Allowances),
    hasher: &impl Hasher,
    now: &Moment,
    hearing: &Hearing,
    (answering, words): (&Answering, impl Fn(Receipt) -> String),
) -> Result<(), StoreError> {
    let Hearing::Caller(emergency) = hearing else { return Ok(()) };
    if emergency.said.is_silent() {
        return Ok(());
    }
    let to = answering.to.e164();
    let own = hasher.digest(Purpose::Allowance, &[b"receipts to", to.as_bytes()]);
    let sms = Sms { to, text: words(emergency.receipt), useful_until: None };
    let sent = allowance::take(tx, now, own, answering.rate).and_then(|()| {
        let id = now.new_id::<Sms>().uuid();
        notification::text(tx, hasher, now, (id, &sms, answering.receiver), &answering.budget)
    });
    match sent {
        Ok(_) | Err(TakeError::UsedUp { .. }) => Ok(()),
        Err(TakeError::Store(error)) => Err(error),
    }
}
