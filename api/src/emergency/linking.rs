//! Linking calls that may be about the same thing, as they come.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{StoreError, emergency, event::Position, event::Topic};
use infra::{
    database::Database,
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

/// Links what happened after `after`, and says where to go on.
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
    let now = surroundings.now();
    let linking = database.write(move |tx| {
        for id in subjects {
            emergency::link_alike(tx, &now, id.into())?;
        }
        Ok::<_, StoreError>(())
    });
    linking.await?;
    Ok(batch.next)
}
