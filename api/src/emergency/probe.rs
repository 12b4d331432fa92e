//! The probe: a call that the service makes itself each minute, the way every call goes, so that a
//! way that is broken is seen before somebody in danger finds it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Moment, StoreError,
    emergency::{self, CallerProof, EmergencyId, FollowError, RaiseError, Status},
    event::{Position, Topic},
};
use infra::{
    database::Database,
    event::{Feed, Query},
};
use serde::Serialize;

use crate::{Surroundings, settings::Settings};

/// How long after its start a process makes the first one.
const FIRST_AFTER: Duration = Duration::from_secs(2);
/// So many turns without a good one, and something is wrong.
const TURNS: i32 = 3;
/// How many old probes one unit of work forgets.
const CHUNK: usize = 50;

/// Makes probes, and knows how they went.
#[derive(Clone)]
pub(crate) struct Probe {
    database: Database,
    feed: Arc<Feed>,
    surroundings: Surroundings,
    every: Duration,
    patience: Duration,
    known: Arc<Mutex<Known>>,
}

/// How probes went.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    since: Option<DateTime<Utc>>,
    passed_at: Option<DateTime<Utc>>,
    took: Option<Duration>,
    failed_at: Option<&'static str>,
}

/// How probes went, for whoever watches over the service.
#[derive(Debug, Serialize)]
pub(crate) struct ProbeView {
    /// Whether the last one got through, and not too long ago.
    pub(crate) ok: bool,
    /// How long ago one got through.
    age_s: Option<i64>,
    /// How long it took from the call to its caller's answer, in milliseconds.
    took_ms: Option<u128>,
    /// Where the last one got lost: `raise`, `feed`, `claim`, `caller`.
    lost_at: Option<&'static str>,
}

impl Probe {
    pub(crate) fn new(
        database: &Database,
        feed: &Arc<Feed>,
        surroundings: &Surroundings,
        settings: &Settings,
    ) -> Self {
        Self {
            database: database.clone(),
            feed: Arc::clone(feed),
            surroundings: surroundings.clone(),
            every: Duration::from_secs(settings.probe_every_s.into()),
            patience: Duration::from_millis(settings.probe_patience_ms.into()),
            known: Arc::default(),
        }
    }

    /// Makes a probe every so often, for as long as the process lives.
    pub(crate) async fn run(self) {
        if self.every.is_zero() {
            return;
        }
        tokio::time::sleep(FIRST_AFTER.min(self.every)).await;
        while !self.feed.is_closed() {
            self.go().await;
            tokio::time::sleep(self.every).await;
        }
    }

    /// Makes a probe, follows it all the way, and removes it again.
    pub(crate) async fn go(&self) {
        let (now, begun) = (self.surroundings.now(), Instant::now());
        let id: EmergencyId = now.new_id();
        let went = tokio::time::timeout(self.patience * 4, self.follow(&now, id));
        let went = went.await.unwrap_or(Err("store"));
        self.remember(now.at, went.map(|()| begun.elapsed()));
        let ended = self.database.write(move |tx| emergency::end_probe(tx, &now, id, CHUNK));
        if let Err(error) = ended.await {
            tracing::warn!(%error, "a probe could not be removed; it is tried again later");
        }
    }

    /// Raises the probe `id`, sees it in the feed, takes it, and sees that as its caller. What went
    /// wrong is named by its place.
    async fn follow(&self, now: &Moment, id: EmergencyId) -> Result<(), &'static str> {
        let (before, moment) = (self.feed.newest(), now.clone());
        let raising =
            self.database.write_together(move |tx| emergency::raise_probe(tx, &moment, id));
        raising.await.map_err(|error: RaiseError| lost("raise", &error))?;
        let raised = self.told(before, id, "emergency.received").await?;
        let moment = now.clone();
        let claiming = self.database.write(move |tx| emergency::claim_probe(tx, &moment, id));
        let claimed = claiming.await.map_err(|error: StoreError| lost("claim", &error))?;
        if !claimed {
            return Err("claim");
        }
        self.told(raised, id, "emergency.claimed").await?;
        let following =
            self.database.read(move |tx| emergency::follow(tx, id, CallerProof::Token(id)));
        let seen = following.await.map_err(|error: FollowError| lost("caller", &error))?;
        if seen.case.own.status == Status::Claimed { Ok(()) } else { Err("caller") }
    }

    /// Waits until followers are told that `kind` happened to the probe, and says up to where.
    async fn told(
        &self,
        after: Position,
        id: EmergencyId,
        kind: &'static str,
    ) -> Result<Position, &'static str> {
        let query = Query {
            topic: Topic::Emergency,
            after,
            limit: 1,
            accept: &|event| event.subject == id.uuid() && event.kind == kind,
            alive: &|| true,
        };
        let told = self.feed.next(query, self.patience).await;
        let told = told.map_err(|error| lost("feed", &error))?;
        // A feed that is closed serves nobody, whatever it still holds.
        if told.events.is_empty() || self.feed.is_closed() { Err("feed") } else { Ok(told.next) }
    }

    fn remember(&self, at: DateTime<Utc>, went: Result<Duration, &'static str>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.since.get_or_insert(at);
        match went {
            Ok(took) => {
                metrics::gauge!("emergency_probe_seconds").set(took.as_secs_f64());
                *known = Known { passed_at: Some(at), took: Some(took), failed_at: None, ..*known };
            }
            Err(place) => {
                tracing::error!(place, "A PROBE GOT LOST: calls for help may not get through");
                metrics::counter!("emergency_probes_lost_total", "at" => place).increment(1);
                known.failed_at = Some(place);
            }
        }
    }

    /// How probes went, as of `at`; nothing where none is made.
    pub(crate) fn view(&self, at: DateTime<Utc>) -> Option<ProbeView> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let since = known.passed_at.or(known.since)?;
        let every = TimeDelta::from_std(self.every).unwrap_or(TimeDelta::MAX);
        let late = !self.every.is_zero() && at - since > every * TURNS;
        Some(ProbeView {
            ok: known.failed_at.is_none() && !late,
            age_s: known.passed_at.map(|passed| (at - passed).num_seconds()),
            took_ms: known.took.map(|took| took.as_millis()),
            lost_at: known.failed_at,
        })
    }

    /// Sets the age of the last one that got through, as of `at`.
    pub(crate) fn measure(&self, at: DateTime<Utc>) {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = known.passed_at.or(known.since) {
            let age = (at - since).as_seconds_f64();
            metrics::gauge!("emergency_probe_age_seconds").set(age);
        }
    }
}

/// Names where a probe got lost, and why.
fn lost(place: &'static str, error: &dyn std::fmt::Display) -> &'static str {
    tracing::warn!(%error, place, "a probe got lost");
    place
}
