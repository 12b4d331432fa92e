//! A world that stands still: the clock moves when it is told to, chance is counted, text messages
//! are kept.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use api::Surroundings;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Entropy, notification::Sms};
use infra::{
    clock::Clock,
    notification::{Sending, SmsGateway},
    snapshot::Snapshot,
};
use uuid::Uuid;

/// When every test starts: Monday, 23 November 2026, 08:02:03.456 in Thái Nguyên.
const START: &str = "2026-11-23T01:02:03.456Z";

/// A clock that stands still until it is moved.
pub struct FrozenClock(AtomicI64);

impl Default for FrozenClock {
    fn default() -> Self {
        let start: DateTime<Utc> = START.parse().expect("an RFC 3339 instant");
        Self(AtomicI64::new(start.timestamp_micros()))
    }
}

impl FrozenClock {
    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().expect("less than 292,000 years");
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).expect("in range")
    }
}

/// Ids and secrets that are counted: the same in every run, never twice in one.
#[derive(Default)]
pub struct CountedEntropy(AtomicU64);

impl CountedEntropy {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Entropy for CountedEntropy {
    fn uuid(&self, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).expect("after 1970");
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&self.next().to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // One step of SplitMix64: counted, but with all bits in use.
            let mut word = self.next().wrapping_mul(0x9e37_79b9_7f4a_7c15);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(word ^ (word >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The text messages that were sent and not yet received, oldest first.
#[derive(Default)]
pub struct Messages(Mutex<Vec<Sms>>);

impl Messages {
    /// The next message to `phone` (E.164), once it has left the outbox.
    pub async fn receive(&self, phone: &str) -> String {
        for _ in 0..500 {
            if let Some(text) = self.take(phone) {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no message was sent to {phone}");
    }

    /// The next message to `phone`, if it was sent already.
    pub fn take(&self, phone: &str) -> Option<String> {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = sent.iter().position(|sms| sms.to == phone)?;
        Some(sent.remove(next).text)
    }
}

impl SmsGateway for Messages {
    fn send<'s>(&'s self, _id: Uuid, sms: &'s Sms) -> Sending<'s> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sms.clone());
        Box::pin(async { Ok(()) })
    }
}

/// The standing world of one test.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) entropy: Arc<CountedEntropy>,
    pub(crate) messages: Arc<Messages>,
}

impl World {
    pub(crate) fn surroundings(&self, snapshot: Arc<Snapshot>) -> Surroundings {
        Surroundings {
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            sms: self.messages.clone(),
            snapshot: Some(snapshot),
        }
    }
}
