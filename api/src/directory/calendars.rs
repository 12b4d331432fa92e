//! Fetching the calendars of notices that the operator named.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::Moment;
use infra::{
    database::Database,
    directory::{CalendarFeed, KnownEntries},
};

use crate::Surroundings;

/// How often a calendar is fetched, by one of all processes.
const PAUSE: TimeDelta = TimeDelta::minutes(10);
/// How often it is looked whether one is due.
const MINUTE: Duration = Duration::from_mins(1);

/// Fetches those of `feeds` that are due. One that cannot be had leaves what was known of it.
pub async fn tick(
    database: &Database,
    entries: &KnownEntries,
    feeds: &[CalendarFeed],
    now: &Moment,
) {
    for feed in feeds {
        let calendar = feed.name();
        match feed.is_due(database, now, now.at + PAUSE).await {
            Ok(true) => {}
            Ok(false) => continue,
            Err(error) => {
                tracing::warn!(calendar, %error, "nobody knows whether a calendar is due");
                continue;
            }
        }
        match feed.fetch(database, now).await {
            Ok(report) if report.changed + report.withdrawn > 0 => {
                tracing::info!(calendar, ?report, "a calendar of notices has changed");
            }
            Ok(_) => {}
            Err(away) => {
                tracing::warn!(calendar, %away, "a calendar of notices stays as it was known");
            }
        }
    }
    if let Err(error) = entries.refresh(database).await {
        tracing::warn!(%error, "what was entered could not be read; trying again");
    }
}

/// Fetches them for as long as the process lives.
pub(crate) async fn follow(
    database: Database,
    entries: Arc<KnownEntries>,
    feeds: Vec<CalendarFeed>,
    surroundings: Surroundings,
) {
    loop {
        tick(&database, &entries, &feeds, &surroundings.now()).await;
        tokio::time::sleep(MINUTE).await;
    }
}
