//! Putting another phone in the place of the one before, or a first one.

use super::{ChallengeId, OtpRates, OtpRepository, OtpUse, PhoneProof, prove_phone};
use crate::{
    Moment,
    allowance::{Allowances, TakeError},
    event::EventLog,
    identity::{
        Citizen, CitizenAccount, CitizenRepository, Holder, Phone, SessionId, SessionRepository,
        ending,
    },
    notification::{self, Inbox, Outbox, Receiver, Sms},
    secret::Hasher,
};

/// What came of typing in a code. What is wrong is no error: the unit of work has to commit, so
/// that a code is used up and a try counts.
#[derive(Debug)]
pub enum PhoneChanged {
    /// The account has the phone.
    Changed(CitizenAccount),
    /// The code was wrong, or sent for something else.
    Wrong {
        /// How many more tries the challenge has.
        tries_left: u32,
    },
    /// The challenge is dead, or the account is gone.
    Dead,
    /// The phone opens another account. Only whoever has it in their hands learns that.
    Taken,
}

/// Lets `citizen` sign in from now on with the phone that the code was sent to, for a change that
/// they asked for in this `session`. The phone before is told so, and every other session ends:
/// whoever lost a phone is rid of it, and whoever it was stolen from notices.
///
/// # Errors
/// [`TakeError::UsedUp`] when the phone before cannot be told now; nothing is changed then.
pub fn change_phone(
    tx: &mut (
             impl OtpRepository
             + Allowances
             + CitizenRepository
             + SessionRepository
             + Outbox
             + Inbox
             + EventLog
         ),
    hasher: &impl Hasher,
    now: &Moment,
    (citizen, session): (&Citizen, SessionId),
    typed: (ChallengeId, &str),
    rates: &OtpRates,
) -> Result<PhoneChanged, TakeError> {
    let good_for = OtpUse::ChangePhone(session);
    let phone = match prove_phone(tx, hasher, now, typed, good_for, rates)? {
        PhoneProof::Given(phone) => phone,
        PhoneProof::Wrong { tries_left } => return Ok(PhoneChanged::Wrong { tries_left }),
        PhoneProof::Dead => return Ok(PhoneChanged::Dead),
    };
    let Some(before) = tx.hold_citizen(citizen.id)? else { return Ok(PhoneChanged::Dead) };
    match tx.citizen_by_phone(&phone)? {
        Some(holder) if holder.id == citizen.id => return Ok(PhoneChanged::Changed(before)),
        Some(_) => return Ok(PhoneChanged::Taken),
        None => tx.change_phone(citizen.id, &phone)?,
    }
    ending::end_all(tx, now, Holder::Citizen(citizen.id), Some(session))?;
    if let Some(old) = &before.phone {
        let message = (now.new_id::<Sms>().uuid(), &farewell(old), Receiver::Verified);
        notification::text(tx, hasher, now, message, &rates.sms)?;
    }
    let told = "Số điện thoại đăng nhập của bạn đã được đổi. Các thiết bị khác đã bị đăng xuất.";
    let told = ("account.phone_changed", told.to_owned());
    notification::tell(tx, now, citizen.id.uuid(), told, citizen.id.uuid())?;
    Ok(PhoneChanged::Changed(CitizenAccount { phone: Some(phone), ..before }))
}

/// What the phone before is told, short enough for one SMS.
fn farewell(old: &Phone) -> Sms {
    let text = "Tài khoản đã chuyển sang số khác. Không phải bạn? Hãy báo UBND xã.";
    Sms { to: old.e164(), text: text.to_owned(), useful_until: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_fits_one_sms() {
        let sms = farewell(&"0912345678".parse().unwrap());
        assert!(sms.text.chars().count() <= 70);
    }
}
