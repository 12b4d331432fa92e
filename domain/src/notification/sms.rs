//! Text messages, and how many of them may leave the house.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    secret::{Hasher, Purpose},
};

/// A text message that has to leave the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// The receiver, E.164.
    pub to: String,
    /// The text.
    pub text: String,
    /// Until when it is of use; a later one is not sent any more.
    pub useful_until: Option<DateTime<Utc>>,
}

/// Where messages wait until a worker has delivered them: at least once, with retry.
pub trait Outbox {
    /// Adds `sms` to what must be delivered. `id` lets the receiver drop repeats.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn send_sms(&mut self, id: Uuid, sms: &Sms, at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// What text messages may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsBudget {
    /// Messages to anybody.
    pub all: Rate,
    /// Among them, messages to numbers that nobody ever proved to have. Whoever makes numbers up
    /// uses up this one, and everybody with an account goes on getting their codes.
    pub unverified: Rate,
}

/// What is known of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// Somebody proved that it is theirs.
    Verified,
    /// Nobody did.
    Unverified,
}

/// What became of a text message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texted {
    /// It is in the outbox.
    OnItsWay,
    /// It was dropped: the budget for unverified numbers is used up. This is no error, because
    /// an answer that depends on it would tell which numbers have accounts.
    HeldBack,
}

/// Sends `sms` to a `receiver`, as far as the budget goes.
///
/// # Errors
/// [`TakeError::UsedUp`] when the budget for all is used up, whoever the receiver is.
pub fn text(
    tx: &mut (impl Outbox + Allowances),
    hasher: &impl Hasher,
    now: &Moment,
    (id, sms, receiver): (Uuid, &Sms, Receiver),
    budget: &SmsBudget,
) -> Result<Texted, TakeError> {
    let all = hasher.digest(Purpose::Allowance, &[b"text messages"]);
    let unverified = hasher.digest(Purpose::Allowance, &[b"text messages", b"unverified"]);
    allowance::take(tx, now, all, budget.all)?;
    if receiver == Receiver::Unverified {
        match allowance::take(tx, now, unverified, budget.unverified) {
            Err(TakeError::UsedUp { .. }) => {
                allowance::give_back(tx, now, all, budget.all)?;
                return Ok(Texted::HeldBack);
            }
            taken => taken?,
        }
    }
    tx.send_sms(id, sms, now.at)?;
    Ok(Texted::OnItsWay)
}
