//! Linking calls that may be about the same thing, as they come.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{
    StoreError,
    emergency::{self, Comparison, EmergencyId},
    event::{Position, Topic},
};
use infra::{
    database::{Database, Transaction},
    event::{Feed, FeedError, Query},
};

use crate::Surroundings;

/// How long the linker rests after each look, so that calls that come in crowds go before it.
const REST: Duration = Duration::from_millis(500);
/// How long it waits for something to happen.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many events are looked at in one unit of work: nobody waits long behind it.
const CHUNK: usize = 50;
/// After what happened calls may have become alike.
const TELLING: [&str; 4] =
    ["emergency.received", "emergency.updated", "emergency.location", "emergency.corrected"];

/// Follows what happens to emergencies, and links those that may be about the same thing, for as
/// long as the process lives. Every replica may do it at once.
pub(crate) async fn link(database: Database, feed: Arc<Feed>, surroundings: Surroundings) {
    let mut after = Position::default();
    while !feed.is_closed() {
        match link_after(&database, &feed, &surroundings, after).await {
            Ok(next) => after = next,
            Err(FeedError::Expired) => after = feed.newest(),
            Err(FeedError::Store(error)) => {
                tracing::warn!(%error, "alike calls could not be linked; trying again");
            }
        }
        tokio::time::sleep(REST).await;
    }
}

/// Links what happened after `after`, and says where to go on. What has to be looked up is looked up
/// beside those who write.
async fn link_after(
    database: &Database,
    feed: &Feed,
    surroundings: &Surroundings,
    after: Position,
) -> Result<Position, FeedError> {
    let query = Query {
        topic: Topic::Emergency,
        after,
        limit: CHUNK,
        accept: &|event| TELLING.contains(&event.kind.as_str()),
        alive: &|| true,
    };
    let batch = feed.next(query, PATIENCE).await?;
    let subjects: BTreeSet<_> = batch.events.iter().map(|event| event.subject).collect();
    if subjects.is_empty() {
        return Ok(batch.next);
    }
    let ids = subjects.into_iter().map(EmergencyId::from);
    let fresh = database.write(move |tx| emergency::leave_traces(tx, ids)).await?;
    let compare = move |tx: &mut Transaction<'_>| -> Result<Vec<Comparison>, StoreError> {
        fresh.into_iter().filter_map(|id| emergency::compare(tx, id).transpose()).collect()
    };
    let compared = database.read(compare).await?;
    if !compared.is_empty() {
        let now = surroundings.now();
        let link = move |tx: &mut Transaction<'_>| {
            compared.iter().try_for_each(|compared| emergency::link_alike(tx, &now, compared))
        };
        database.write::<_, StoreError, _>(link).await?;
    }
    Ok(batch.next)
}
