//! Calls that may be about the same thing: found behind the calls, never in their way, and kept as
//! links. A person decides; nothing is suppressed.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Emergency, EmergencyId, EmergencyRepository, Happening,
    revision::{Change, revise},
};
use crate::{Moment, StoreError, event::EventLog, identity::policy::Scope, territory::Position};

/// How near two calls about the same thing are, in metres.
const NEAR_M: f64 = 300.0;
/// Degrees of latitude that are at least as far.
const NEAR_LAT: f64 = 0.003;
/// Degrees of longitude that are at least as far, anywhere south of 25 degrees north.
const NEAR_LON: f64 = 0.003_3;
/// How far apart in time they come.
const APART: TimeDelta = TimeDelta::minutes(30);
/// How many of those that are near are looked at, the latest first.
const LOOKED_AT: usize = 50;

/// By what calls like one another are found: a copy of what is indexed of each open call, so that
/// the calls themselves stay cheap to write.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Of which emergency.
    pub id: EmergencyId,
    /// How far it was looked at: twice the version it had then, less one until it was compared.
    pub version: i64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Where it was.
    pub place: Option<Position>,
    /// The number to call back.
    pub phone: Option<String>,
}

/// Which calls may be about the same thing as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// That one, as it was when it was compared.
    trace: Trace,
    /// The others.
    alike: Vec<EmergencyId>,
}

/// What is looked for: calls with the same number, or within a rectangle, of about the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Vicinity {
    /// The call they are compared with.
    pub of: Trace,
    /// The earliest and the latest time.
    pub time: (DateTime<Utc>, DateTime<Utc>),
    /// How far north and south, and how far east and west, in degrees.
    pub reach: (f64, f64),
}

/// Where traces and links are kept.
pub trait LikenessRepository {
    /// Puts `trace` in the place of an older one. `false`, and nothing is changed, when this
    /// version was looked at before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_trace(&mut self, trace: &Trace) -> Result<bool, StoreError>;

    /// Whose traces lie in `vicinity`, the latest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn within(&mut self, vicinity: &Vicinity, limit: usize)
    -> Result<Vec<EmergencyId>, StoreError>;

    /// Links two emergencies. `false` when they were linked before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn link(&mut self, one: EmergencyId, other: EmergencyId) -> Result<bool, StoreError>;

    /// The open emergencies of `scope` that each of `ids` is linked with: the first `most` of each.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn linked(
        &mut self,
        ids: &[EmergencyId],
        scope: &Scope,
        most: usize,
    ) -> Result<Vec<(EmergencyId, EmergencyId)>, StoreError>;

    /// Forgets the traces of calls that came before `at`, at most `limit`, and says how many.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_traces(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError>;
}

impl Emergency {
    /// What of it is compared with others, before or after that was done.
    fn trace(&self, compared: bool) -> Trace {
        Trace {
            id: self.id,
            version: 2 * self.version - i64::from(!compared),
            received_at: self.received_at,
            place: self.whereabouts().map(|fix| fix.position),
            phone: self.said.phone.clone(),
        }
    }

    /// Whether both may be about the same thing: the same number to call back, or near each other
    /// in place and time and not of different kinds. An exercise is like no real call.
    #[must_use]
    pub fn may_be_same_as(&self, other: &Self) -> bool {
        let apart = (self.received_at - other.received_at).abs() > APART;
        let real = self.said.is_drill() != other.said.is_drill();
        if self.id == other.id || apart || real {
            return false;
        }
        let same_phone = self.said.phone.is_some() && self.said.phone == other.said.phone;
        same_phone || (self.is_of_like_kind(other) && self.is_near(other))
    }

    fn is_of_like_kind(&self, other: &Self) -> bool {
        match (self.said.kind, other.said.kind) {
            (Some(one), Some(another)) => one == another,
            _ => true,
        }
    }

    fn is_near(&self, other: &Self) -> bool {
        match (self.whereabouts(), other.whereabouts()) {
            (Some(one), Some(another)) => one.position.distance_m(another.position) <= NEAR_M,
            _ => false,
        }
    }
}

/// Those of `all` that may be about the same thing as `emergency`.
pub(super) fn alike(emergency: &Emergency, all: &[Emergency]) -> Vec<EmergencyId> {
    all.iter().filter(|other| emergency.may_be_same_as(other)).map(|other| other.id).collect()
}

/// Leaves by what the emergencies `ids` are found where others find it, and says which of them were
/// not compared with others yet as they stand now. Only what was left before others are looked up
/// is sure to be found by them: of two that come at once, one finds the other.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn leave_traces(
    store: &mut (impl EmergencyRepository + LikenessRepository),
    ids: impl IntoIterator<Item = EmergencyId>,
) -> Result<Vec<EmergencyId>, StoreError> {
    let mut fresh = Vec::new();
    for id in ids {
        let Some(emergency) = store.find(id)?.filter(|found| found.status.is_open()) else {
            continue;
        };
        if store.put_trace(&emergency.trace(false))? {
            fresh.push(id);
        }
    }
    Ok(fresh)
}

/// The emergency with the open ones that may be about the same thing. Only reads, so it is no
/// matter how long that takes.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn compare(
    store: &mut (impl EmergencyRepository + LikenessRepository),
    id: EmergencyId,
) -> Result<Option<Comparison>, StoreError> {
    let Some(emergency) = store.find(id)?.filter(|found| found.status.is_open()) else {
        return Ok(None);
    };
    let trace = emergency.trace(true);
    let time = (trace.received_at - APART, trace.received_at + APART);
    let vicinity = Vicinity { of: trace.clone(), time, reach: (NEAR_LAT, NEAR_LON) };
    let mut alike = Vec::new();
    for other in store.within(&vicinity, LOOKED_AT)? {
        let other = store.find(other)?.filter(|other| other.status.is_open());
        alike.extend(other.filter(|other| emergency.may_be_same_as(other)).map(|other| other.id));
    }
    Ok(Some(Comparison { trace, alike }))
}

/// Links what `comparison` found, and notes that it was compared. Where one of a new pair is more
/// urgent, the other becomes so: a worse second report is never hidden behind a lesser first one. A
/// suspect call lifts nothing.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn link_alike(
    store: &mut (impl EmergencyRepository + LikenessRepository + EventLog),
    now: &Moment,
    comparison: &Comparison,
) -> Result<(), StoreError> {
    let id = comparison.trace.id;
    for &other in &comparison.alike {
        if store.link(id, other)?
            && let (Some(one), Some(other)) = (store.find(id)?, store.find(other)?)
        {
            lift(store, now, &one, &other)?;
            lift(store, now, &other, &one)?;
        }
    }
    store.put_trace(&comparison.trace)?;
    Ok(())
}

/// Makes `emergency` as urgent as `other`, where that one is more urgent.
fn lift(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    emergency: &Emergency,
    other: &Emergency,
) -> Result<(), StoreError> {
    let priority = other.priority;
    if other.suspect || priority >= emergency.priority {
        return Ok(());
    }
    revise(store, now, emergency.id, |_, before| {
        Ok::<_, StoreError>(match before.clone().prioritised(before.priority.min(priority)) {
            Ok(lifted) if lifted != *before => Change::to(lifted, Happening::Prioritised),
            _ => Change::None,
        })
    })?;
    Ok(())
}

/// Forgets by what calls were compared that no new call can be about the same time as, at most
/// `limit`, and says how many.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn forget_traces(
    store: &mut impl LikenessRepository,
    now: &Moment,
    limit: usize,
) -> Result<usize, StoreError> {
    store.forget_traces(now.at - APART - APART, limit)
}
