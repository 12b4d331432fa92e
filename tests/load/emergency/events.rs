//! From the answer to the caller to the event in a dispatcher's hand, while a thousand wait.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time};
use uuid::Uuid;

use crate::{Options, Outcome, report::Finding, store::Store};

use super::{
    follow::{Post, Way},
    scene::Scene,
    under_way,
};

/// How many wait.
const FOLLOWERS: usize = 1_000;
/// How many emergencies are raised in a second.
const CALLS: u32 = 200;
/// Their kinds, in turn. Who waits may see one of the first two, each of them a tenth.
const KINDS: [&str; 10] = [
    "police", "fire", "medical", "medical", "medical", "medical", "medical", "medical", "medical",
    "medical",
];
/// Who waits, by agency, and in turn.
const AGENCIES: [&str; 2] = ["police", "fire"];
/// Drives last at least so long: p99 shall rest on many.
const LEAST: Duration = Duration::from_secs(10);
/// For how long the last events are waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Both ways on one server, and on the shared store across two replicas as well.
pub(super) async fn measured(options: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    let alone = (1, 150.0, "in one process");
    let across = (2, 400.0, "across two replicas");
    let scenes = match store {
        Store::Embedded => vec![alone],
        Store::Postgres { .. } => vec![alone, across],
    };
    let mut findings = Vec::new();
    for (replicas, most, place) in scenes {
        let scene = Scene::set(store, &format!("events-{replicas}"), replicas).await?;
        for (way, name) in [(Way::Stream, "stream"), (Way::LongPoll, "long poll")] {
            under_way(&format!("events by {name} {place}"))?;
            let what = format!("p99 from answer to event, {name}, {place}");
            let length = LEAST.max(Duration::from_secs(options.seconds));
            let p99 = p99(&scene, way, length).await?;
            findings.push(Finding::below(&what, p99, most, "ms"));
        }
    }
    Ok(findings)
}

/// What a follower has heard: which one, of which emergency, and when.
type Heard = Arc<Mutex<Vec<(usize, Uuid, Instant)>>>;

/// The latency that one of a hundred events exceeds, in milliseconds. On two replicas callers call
/// the first, and those count who follow at the other.
async fn p99(scene: &Scene, way: Way, length: Duration) -> Outcome<f64> {
    let tokens = scene.dispatchers(&AGENCIES).await?;
    let (heard, ready) = (Heard::default(), Arc::new(AtomicUsize::new(0)));
    let mut followers = JoinSet::new();
    for number in 0..FOLLOWERS {
        let agency = AGENCIES[number % AGENCIES.len()];
        let token = tokens[agency].clone();
        let cursor = scene.events_cursor(&token).await?;
        // Both agencies follow at each replica.
        let replica = &scene.replicas[number / AGENCIES.len() % scene.replicas.len()];
        let post = Post { address: replica.server.address(), token, cursor };
        let (heard, ready) = (Arc::clone(&heard), Arc::clone(&ready));
        followers.spawn(post.follow(
            way,
            move || {
                ready.fetch_add(1, Ordering::Relaxed);
            },
            move |id, at| lock(&heard).push((number, id, at)),
        ));
    }
    while ready.load(Ordering::Relaxed) < FOLLOWERS {
        time::sleep(Duration::from_millis(50)).await;
        if let Some(ended) = followers.try_join_next() {
            ended??;
        }
    }
    time::sleep(Duration::from_secs(2)).await;
    let answered = raised(scene, length).await?;
    let each = |kind| answered.values().filter(|(told, _)| *told == kind).count();
    let due = AGENCIES.map(each).iter().sum::<usize>() * FOLLOWERS / AGENCIES.len();
    let patience = Instant::now() + PATIENCE;
    while lock(&heard).len() < due && Instant::now() < patience {
        time::sleep(Duration::from_millis(50)).await;
    }
    if let Some(ended) = followers.try_join_next() {
        ended??;
    }
    followers.shutdown().await;
    let heard = std::mem::take(&mut *lock(&heard));
    is_complete(&heard, &answered, due)?;
    let far =
        |number: usize| number / AGENCIES.len() % scene.replicas.len() + 1 == scene.replicas.len();
    let latencies = heard.iter().filter(|(number, ..)| far(*number)).filter_map(|(_, id, at)| {
        let (_, answered) = answered.get(id)?;
        Some(at.saturating_duration_since(*answered).as_secs_f64() * 1e3)
    });
    let mut latencies: Vec<f64> = latencies.collect();
    latencies.sort_by(f64::total_cmp);
    let slow = latencies.get(latencies.len() * 99 / 100);
    Ok(*slow.ok_or("nobody heard of anything")?)
}

/// Each of the due events came, and to nobody twice.
fn is_complete(
    heard: &[(usize, Uuid, Instant)],
    answered: &HashMap<Uuid, (&str, Instant)>,
    due: usize,
) -> Outcome<()> {
    let own = heard.iter().filter(|(_, id, _)| answered.contains_key(id));
    let mut own: Vec<(usize, Uuid)> = own.map(|&(number, id, _)| (number, id)).collect();
    let all = own.len();
    own.sort_unstable();
    own.dedup();
    if own.len() == due && all == due {
        return Ok(());
    }
    Err(format!("of {due} events {} came, {} of them again", own.len(), all - own.len()).into())
}

/// Raises emergencies at an even pace for `length`, and tells of which kind each was and when it
/// was answered.
async fn raised(
    scene: &Scene,
    length: Duration,
) -> Outcome<HashMap<Uuid, (&'static str, Instant)>> {
    let mut pace = time::interval(Duration::from_secs(1) / CALLS);
    let (begin, mut turn) = (Instant::now(), KINDS.iter().cycle());
    let mut under_way = JoinSet::new();
    let mut answered = HashMap::new();
    while begin.elapsed() < length {
        pace.tick().await;
        let kind = *turn.next().unwrap_or(&"medical");
        let call = scene.call(kind)?;
        under_way.spawn(async move {
            let answer = call.send().await?.error_for_status()?;
            let body = answer.text().await?;
            Ok::<_, reqwest::Error>((kind, body, Instant::now()))
        });
        while let Some(done) = under_way.try_join_next() {
            note(done??, &mut answered)?;
        }
    }
    while let Some(done) = under_way.join_next().await {
        note(done??, &mut answered)?;
    }
    Ok(answered)
}

fn note(
    (kind, body, at): (&'static str, String, Instant),
    answered: &mut HashMap<Uuid, (&'static str, Instant)>,
) -> Outcome<()> {
    let body: serde_json::Value = serde_json::from_str(&body)?;
    let id = body["id"].as_str().ok_or("an emergency without an id")?.parse()?;
    answered.insert(id, (kind, at));
    Ok(())
}

fn lock<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
