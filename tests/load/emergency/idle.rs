//! Thousands of streams that wait: what each costs the server, and whether anything is missed when
//! all of them come back at once.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time};
use uuid::Uuid;

use crate::{Options, Outcome, cpu, report::Finding, store::Store};

use super::{
    follow::{Post, Way},
    scene::Scene,
    under_way,
};

/// How many streams wait.
const STREAMS: usize = 5_000;
/// How many emergencies are raised while nobody follows.
const MISSED: usize = 50;
/// For how long those who came back are waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// How much memory each may cost, in KiB.
const MOST: f64 = 40.0;

/// Memory for each stream, and what those get who come back.
pub(super) async fn measured(_: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    under_way("idle streams")?;
    let scene = Scene::set(store, "idle", 1).await?;
    let server = &scene.last()?.server;
    let tokens = scene.dispatchers(&["police"]).await?;
    let token = tokens["police"].clone();
    let cursor = scene.events_cursor(&token).await?;
    let post = Post { address: server.address(), token, cursor };

    let before = server.resident_mib()?;
    let opened = Arc::new(AtomicUsize::new(0));
    let mut streams = JoinSet::new();
    for _ in 0..STREAMS {
        let opened = Arc::clone(&opened);
        let ready = move || {
            opened.fetch_add(1, Ordering::Relaxed);
        };
        streams.spawn(post.clone().follow(Way::Stream, ready, |_, _| ()));
    }
    while opened.load(Ordering::Relaxed) < STREAMS {
        time::sleep(Duration::from_millis(100)).await;
        if let Some(ended) = streams.try_join_next() {
            ended??;
        }
    }
    cpu::settled(server.pid()).await;
    let each = (server.resident_mib()? - before) * 1024.0 / 5_000.0;
    let memory = Finding::below("5,000 idle streams: memory of each", each, MOST, "KiB");

    under_way("idle streams come back")?;
    streams.shutdown().await;
    let mut raised = HashSet::new();
    for _ in 0..MISSED {
        raised.insert(scene.raise("police").await?.parse()?);
    }
    let raised = Arc::new(raised);
    let begin = Instant::now();
    let mut returning = JoinSet::new();
    for _ in 0..STREAMS {
        returning.spawn(time::timeout(PATIENCE, heard(post.clone(), Arc::clone(&raised))));
    }
    let mut complete = 0;
    while let Some(heard) = returning.join_next().await {
        let heard = heard?.unwrap_or_default();
        complete += u64::from(
            heard.len() == MISSED && heard.into_iter().collect::<HashSet<_>>() == *raised,
        );
    }
    let took = begin.elapsed().as_secs_f64();
    let what = "5,000 streams come back at once: nothing missed, nothing doubled";
    let back = Finding::always(what, complete, 5_000);
    let took =
        Finding::below("5,000 streams come back at once: until all know all", took, 30.0, "s");
    Ok(vec![memory, back, took])
}

/// What somebody hears of those that were `raised`, who follows until it is as many.
async fn heard(post: Post, raised: Arc<HashSet<Uuid>>) -> Vec<Uuid> {
    let mut heard = Vec::new();
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let following = post.follow(
        Way::Stream,
        || (),
        move |id, _| {
            sender.send(id).ok();
        },
    );
    let counting = async {
        while heard.len() < MISSED {
            match receiver.recv().await {
                Some(id) => heard.extend(Some(id).filter(|id| raised.contains(id))),
                None => break,
            }
        }
    };
    tokio::select! {
        _ = following => {}
        () = counting => {}
    }
    heard
}
