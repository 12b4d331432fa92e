//! Duty phones: where a centre has nobody there, somebody at home is told by text message.

use chrono::TimeDelta;

use super::{DutyPhone, Emergency};
use crate::{
    Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    identity::Phone,
    notification::{Outbox, Sms},
    secret::{Hasher, Purpose},
};

/// For how long a page is of use.
const USEFUL_FOR: TimeDelta = TimeDelta::minutes(15);
/// The most characters of a place in words that go into a text message.
const LANDMARK: usize = 60;

/// What alarms need to know beside the store.
pub struct Circumstances<'c, H> {
    /// Makes digests.
    pub hasher: &'c H,
    /// Whom a call pages where nobody is there.
    pub pages: &'c Pages,
}

/// Whom a call pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// The phones.
    pub phones: Vec<DutyPhone>,
    /// Whether exercises ring them, too.
    pub drills: bool,
}

impl Pages {
    /// How often one phone is paged: as many calls may come as will, nobody reads more.
    fn rate() -> Rate {
        Rate::new(6, TimeDelta::minutes(1))
    }

    /// Whether `emergency` rings any phone.
    #[must_use]
    pub fn rings_for(&self, emergency: &Emergency) -> bool {
        self.of(emergency).next().is_some()
    }

    /// The phones that `emergency` rings.
    fn of(&self, emergency: &Emergency) -> impl Iterator<Item = &Phone> {
        let rings = self.drills || !emergency.said.is_drill();
        let theirs = move |one: &&DutyPhone| match &one.agency {
            Some(agency) => rings && *agency == emergency.agency,
            None => rings,
        };
        self.phones.iter().filter(theirs).map(|one| &one.phone)
    }
}

/// Pages whoever carries a phone for the centre of `emergency`, as far as allowances go. One machine
/// pages after the other, so that none waits for an allowance that is held by one that waits for it.
pub(super) fn page<H: Hasher>(
    store: &mut (impl Outbox + Allowances),
    now: &Moment,
    around: &Circumstances<'_, H>,
    emergency: &Emergency,
) -> Result<(), StoreError> {
    let turn = around.hasher.digest(Purpose::Allowance, &[b"duty phones"]);
    store.hold_allowance(turn, now.at)?;
    for phone in around.pages.of(emergency) {
        let to = phone.e164();
        let one = around.hasher.digest(Purpose::Allowance, &[b"duty phone", to.as_bytes()]);
        let sms = Sms {
            to,
            text: format!(
                "C-ThaiNguyen: {} khong co nguoi truc. Cuoc goi {}, ma {}.{} Vao truc ngay.",
                emergency.agency,
                kind(emergency),
                emergency.receipt,
                whereabouts(emergency),
            ),
            useful_until: Some(now.at + USEFUL_FOR),
        };
        match allowance::take(store, now, one, Pages::rate()) {
            // However many codes and receipts were sent in this hour: somebody may be dying.
            Ok(()) => store.send_sms(now.new_id::<Sms>().uuid(), &sms, now.at)?,
            // It rings already, and the call itself goes on being called out.
            Err(TakeError::UsedUp { .. }) => {}
            Err(TakeError::Store(error)) => return Err(error),
        }
    }
    Ok(())
}

/// The kind of help, for a text message.
pub(super) fn kind(emergency: &Emergency) -> &'static str {
    emergency.said.kind.map_or("other", |kind| kind.as_str())
}

/// Where to go, for a text message: the position and the place in words, each after a space.
pub(super) fn whereabouts(emergency: &Emergency) -> String {
    let place = emergency.whereabouts().map(|fix| fix.position);
    let place = place.map(|place| format!(" {:.5},{:.5}", place.lat(), place.lon()));
    let words = emergency.said.landmark.as_deref();
    let words = words.map(|words| format!(" {}", words.chars().take(LANDMARK).collect::<String>()));
    place.into_iter().chain(words).collect()
}
