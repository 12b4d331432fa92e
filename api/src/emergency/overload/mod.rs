//! More calls than dispatchers: how long the queue is, what callers are told of it, and what they are
//! asked meanwhile. Looked up once for all callers, so that those who ask cost the store nothing.

mod asking;
mod view;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{Claims, Emergency, EmergencyId, Load, Standing, WaitingCalls as _},
    event::{Position, Topic},
    identity::Dispatcher,
};
use infra::{
    database::Database,
    directory::KnownAgencies,
    event::{Feed, Query},
};

pub(super) use view::{OverloadView, StandingView};

use super::Staffing;
use crate::{Surroundings, settings::Settings};

/// How many waiting calls are looked at.
const LOOKED_AT: usize = 20_000;
/// How many claims one look at the feed takes in.
const CLAIMS_AT_ONCE: usize = 500;
/// Looking takes at most this part of the time.
const RESTS: u32 = 20;

/// How long the queue is, and who was asked.
pub(crate) struct Overload {
    database: Database,
    feed: Arc<Feed>,
    agencies: Arc<KnownAgencies>,
    staffing: Arc<Staffing>,
    surroundings: Surroundings,
    every: Duration,
    patience: TimeDelta,
    looked: RwLock<Looked>,
    claims: Mutex<(Position, Claims)>,
    asked: Mutex<HashSet<EmergencyId>>,
}

/// What was seen by the last look.
#[derive(Clone, Default)]
struct Looked {
    load: Option<Arc<Load>>,
    /// Up to where the event log told by then.
    told: Option<Position>,
}

impl Overload {
    pub(crate) fn new(
        database: &Database,
        feed: &Arc<Feed>,
        (agencies, staffing): (&Arc<KnownAgencies>, &Arc<Staffing>),
        surroundings: &Surroundings,
        settings: &Settings,
    ) -> Self {
        Self {
            database: database.clone(),
            feed: Arc::clone(feed),
            agencies: Arc::clone(agencies),
            staffing: Arc::clone(staffing),
            surroundings: surroundings.clone(),
            every: Duration::from_millis(settings.dispatch_overload_every_ms.into()),
            patience: TimeDelta::seconds(settings.dispatch_triage_after_s.into()),
            looked: RwLock::default(),
            claims: Mutex::new((feed.newest(), Claims::default())),
            asked: Mutex::default(),
        }
    }

    /// Looks how many calls wait, and asks their callers, for as long as the process lives.
    pub(crate) async fn run(self: Arc<Self>) {
        tokio::time::sleep(self.every).await;
        while !self.feed.is_closed() {
            let begun = Instant::now();
            if let Err(error) = self.tick().await {
                tracing::warn!(%error, "the waiting calls could not be counted; trying again");
            }
            tokio::time::sleep(self.every.max(begun.elapsed() * RESTS)).await;
        }
    }

    /// Does so once.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub(crate) async fn tick(&self) -> Result<(), StoreError> {
        self.note_claims().await;
        let load = self.look().await?;
        let at = self.surroundings.now().at;
        self.measure(&load, at);
        self.ask(&load, at).await
    }

    /// Which calls wait. They are read anew where the event log tells of something since the last
    /// look, whichever process wrote it: all that happens to calls is told there.
    async fn look(&self) -> Result<Arc<Load>, StoreError> {
        let before = self.looked.read().unwrap_or_else(PoisonError::into_inner).clone();
        let looking = self.database.read(move |tx| {
            let told = tx.told_up_to()?;
            let news = told.is_none() || told != before.told;
            let waiting = news.then(|| tx.waiting(LOOKED_AT + 1)).transpose()?;
            Ok::<_, StoreError>((told, waiting))
        });
        let (told, waiting) = looking.await?;
        let Some(waiting) = waiting else { return Ok(before.load.unwrap_or_default()) };
        let complete = waiting.len() <= LOOKED_AT;
        let load = Arc::new(Load::new(waiting, complete));
        let looked = Looked { load: Some(Arc::clone(&load)), told };
        *self.looked.write().unwrap_or_else(PoisonError::into_inner) = looked;
        Ok(load)
    }

    /// Takes in which calls were taken since the last time.
    async fn note_claims(&self) {
        let after = self.claims.lock().unwrap_or_else(PoisonError::into_inner).0;
        let claimed = |event: &infra::event::FeedEvent| {
            event.kind == "emergency.claimed" && !event.data.contains(r#""drill":true"#)
        };
        let query = Query {
            topic: Topic::Emergency,
            after,
            limit: CLAIMS_AT_ONCE,
            accept: &claimed,
            alive: &|| true,
        };
        let batch = self.feed.next(query, Duration::ZERO).await;
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(batch) = batch else {
            claims.0 = self.feed.newest();
            return;
        };
        claims.0 = batch.next;
        for event in batch.events {
            if let Some(agency) = &event.agency {
                claims.1.note(agency.clone(), event.at);
            }
        }
    }

    fn measure(&self, load: &Load, at: DateTime<Utc>) {
        let figure = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        metrics::gauge!("emergency_waiting").set(figure(load.count(|_| true)));
        let over = load.agencies().filter(|agency| self.is_over(load, agency, at)).count();
        metrics::gauge!("emergency_overloaded_agencies").set(figure(over));
    }

    fn present(&self, agency: &AgencyCode, at: DateTime<Utc>) -> usize {
        self.staffing.present(&self.agencies.tree(), agency, at)
    }

    fn is_over(&self, load: &Load, agency: &AgencyCode, at: DateTime<Utc>) -> bool {
        load.count(|waiting| waiting == agency) > self.present(agency, at)
    }

    fn load(&self) -> Option<Arc<Load>> {
        self.looked.read().unwrap_or_else(PoisonError::into_inner).load.clone()
    }

    /// How the caller of `emergency` stands at `at`; nothing once somebody has taken it.
    pub(super) fn standing(&self, emergency: &Emergency, at: DateTime<Utc>) -> Option<Standing> {
        let agency = &emergency.agency;
        let claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = claims.1.pace(agency, at);
        drop(claims);
        self.load()?.standing(emergency, self.present(agency, at), pace)
    }

    /// How many calls wait for `dispatcher` and those who answer with them.
    pub(super) fn view(&self, dispatcher: &Dispatcher, at: DateTime<Utc>) -> OverloadView {
        let load = self.load().unwrap_or_default();
        let waiting = load.count(|agency| dispatcher.staff().reaches(agency));
        let duties = self.staffing.duties();
        let there =
            duties.iter().filter(|duty| duty.is_present(at) && duty.is_known_to(dispatcher));
        let present = there.count();
        OverloadView { active: waiting > present, waiting, present }
    }
}
