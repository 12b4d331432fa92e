//! Calls for help under load: raised, told to those who wait, claimed, and listed.

mod claims;
mod events;
mod fill;
mod follow;
mod idle;
mod queue;
mod raise;
mod scene;

use crate::{Options, Outcome, Topic, report::Finding, say, store::Store};

/// The parts that make the table. Claims come last: they hire staff, after which no server starts
/// as a demonstration on the same store.
const PARTS: [Topic; 5] = [Topic::Raise, Topic::Events, Topic::Idle, Topic::Queue, Topic::Claims];

/// Measures what `options` ask for on `store`, and says whether that was all of it.
pub(crate) async fn measured(options: &Options, store: &Store) -> Outcome<(Vec<Finding>, bool)> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    let all = options.wants(Topic::Emergency);
    let mut findings = Vec::new();
    for part in PARTS.into_iter().filter(|&part| all || options.wants(part)) {
        findings.extend(match part {
            Topic::Raise => raise::measured(options, store).await?,
            Topic::Events => events::measured(options, store).await?,
            Topic::Idle => idle::measured(options, store).await?,
            Topic::Queue => queue::measured(options, store).await?,
            _ => claims::measured(options, store).await?,
        });
    }
    Ok((findings, all))
}

/// Tells the person waiting what is under way with emergencies.
fn under_way(step: &str) -> Outcome<()> {
    say(&format!("emergencies: {step}"))
}
