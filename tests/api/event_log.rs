//! The event log: whoever follows it by cursor misses nothing and sees nothing twice.

use std::{collections::HashSet, path::Path, process::Command, sync::mpsc, time::Duration};

use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection as _};
use domain::{
    StoreError,
    event::{Event, EventLog as _, Position, Topic},
};
use infra::{
    database::{Database, DatabaseOptions, Transaction},
    event::{Feed, FeedError, Follower, Query},
};
use rstest_reuse::apply;
use serde_json::json;
use tests::{Store, cluster};
use uuid::Uuid;

use crate::every_store;

const PATIENCE: Duration = Duration::from_secs(20);

async fn open(url: &str) -> Database {
    let options = DatabaseOptions { url: url.parse().unwrap(), connections: 8 };
    Database::open(&options).await.unwrap()
}

fn event(number: u128) -> Event {
    Event {
        id: Uuid::from_u128(number),
        topic: Topic::Emergency,
        kind: "emergency.received",
        subject: Uuid::from_u128(number),
        agency: None,
        at: "2026-11-23T01:02:03Z".parse().unwrap(),
        data: json!({}),
    }
}

fn append(tx: &mut Transaction<'_>, number: u128) -> Result<(), StoreError> {
    tx.append(&event(number))
}

/// Follows with pages of three until `count` events were seen.
async fn follow(feed: &Feed, mut after: Position, count: usize) -> (Vec<u128>, Position) {
    let mut seen = Vec::new();
    let everything = |_: &_| true;
    while seen.len() < count {
        let limit = (count - seen.len()).min(3);
        let query =
            Query { topic: Topic::Emergency, after, limit, accept: &everything, alive: &|| true };
        let batch = feed.next(query, PATIENCE).await.unwrap();
        assert!(!batch.events.is_empty(), "stalled after {} of {count}", seen.len());
        assert!(batch.next > after);
        seen.extend(batch.events.iter().map(|event| event.subject.as_u128()));
        after = batch.next;
    }
    (seen, after)
}

fn each_once(seen: &[u128], numbers: impl Iterator<Item = u128>) {
    assert_eq!(seen.len(), seen.iter().collect::<HashSet<_>>().len(), "something came twice");
    assert_eq!(seen.iter().copied().collect::<HashSet<_>>(), numbers.collect::<HashSet<_>>());
}

#[apply(every_store)]
#[actix_web::test]
async fn a_follower_sees_each_event_once(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = open(&fresh.url).await;
    let follower = Follower::start(&database).await.unwrap();
    let writers = (0..8_u128).map(|writer| {
        let database = database.clone();
        tokio::spawn(async move {
            for number in 1..=25_u128 {
                let number = writer * 25 + number;
                database.write(move |tx| append(tx, number)).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let (seen, _) = follow(follower.feed(), Position(0), 200).await;
    each_once(&seen, 1..=200);
    for writer in writers {
        writer.await.unwrap();
    }
    // Read again from the store alone, by a process that starts later.
    let later = Follower::start(&database).await.unwrap();
    let (again, _) = follow(later.feed(), Position(0), 200).await;
    assert_eq!(again, seen, "the order never changes");
}

#[actix_web::test]
async fn an_open_transaction_is_neither_waited_for_nor_skipped() {
    let fresh = Store::Postgres.fresh().await;
    let database = open(&fresh.url).await;
    let follower = Follower::start(&database).await.unwrap();
    let stranger = keep_another_database_busy().await;

    // The first event's transaction stays open while later ones commit.
    let (opened, release) = (mpsc::channel(), mpsc::channel::<()>());
    let held = tokio::spawn({
        let database = database.clone();
        async move {
            let work = move |tx: &mut Transaction<'_>| {
                append(tx, 1)?;
                opened.0.send(()).unwrap();
                release.1.recv().unwrap();
                Ok::<_, StoreError>(())
            };
            database.write(work).await
        }
    });
    tokio::task::spawn_blocking(move || opened.1.recv()).await.unwrap().unwrap();
    for number in 2..=50 {
        database.write(move |tx| append(tx, number)).await.unwrap();
    }
    let (seen, after) = follow(follower.feed(), Position(0), 49).await;
    each_once(&seen, 2..=50);

    release.0.send(()).unwrap();
    held.await.unwrap().unwrap();
    let (late, _) = follow(follower.feed(), after, 1).await;
    assert_eq!(late, [1], "what committed last comes last");
    drop(stranger);
}

/// Transactions of strangers, open and busy, in another database of the same server.
async fn keep_another_database_busy() -> mpsc::Sender<()> {
    let other = Store::Postgres.fresh().await;
    let database = open(&other.url).await;
    let (stop, stopped) = mpsc::channel::<()>();
    tokio::spawn(async move {
        let long = database.clone();
        tokio::spawn(async move {
            let _kept = other;
            let work = move |tx: &mut Transaction<'_>| {
                append(tx, 1_000_000)?;
                let _ = stopped.recv_timeout(PATIENCE);
                Ok::<_, StoreError>(())
            };
            drop(long.write(work).await);
        });
        for number in 1..500 {
            drop(database.write(move |tx| append(tx, number)).await);
        }
    });
    stop
}

#[apply(every_store)]
#[actix_web::test]
async fn two_replicas_show_the_same_order(#[case] store: Store) {
    let fresh = store.fresh().await;
    let (one, two) = (open(&fresh.url).await, open(&fresh.url).await);
    let (first, second) =
        (Follower::start(&one).await.unwrap(), Follower::start(&two).await.unwrap());
    for number in 1..=20 {
        let database = if number % 2 == 0 { &one } else { &two };
        database.write(move |tx| append(tx, number)).await.unwrap();
    }
    let (seen, _) = follow(first.feed(), Position(0), 20).await;
    let (other, _) = follow(second.feed(), Position(0), 20).await;
    each_once(&seen, 1..=20);
    assert_eq!(seen, other);
}

#[apply(every_store)]
#[actix_web::test]
async fn cursors_go_on_after_dump_and_restore(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = open(&fresh.url).await;
    let follower = Follower::start(&database).await.unwrap();
    for number in 1..=10 {
        database.write(move |tx| append(tx, number)).await.unwrap();
    }
    let (_, after) = follow(follower.feed(), Position(0), 7).await;

    let restored = restored_from_dump(&fresh.url, fresh.folder.path()).await;
    let database = open(&restored).await;
    let follower = Follower::start(&database).await.unwrap();
    database.write(move |tx| append(tx, 11)).await.unwrap();
    let (rest, newest) = follow(follower.feed(), after, 4).await;
    assert_eq!(rest, [8, 9, 10, 11]);

    let ahead = Position(newest.0 + 1000);
    let query = Query {
        topic: Topic::Emergency,
        after: ahead,
        limit: 3,
        accept: &|_| true,
        alive: &|| true,
    };
    let refused = follower.feed().next(query, Duration::ZERO).await;
    assert!(matches!(refused, Err(FeedError::Expired)), "{refused:?}");
}

async fn restored_from_dump(url: &str, folder: &Path) -> String {
    let (url, folder) = (url.to_owned(), folder.to_owned());
    let restore = move || match url.strip_prefix("sqlite:") {
        Some(path) => restore_sqlite(path, &folder.join("restored.db")),
        None => restore_postgres(&url, &folder.join("dump.sql")),
    };
    tokio::task::spawn_blocking(restore).await.unwrap()
}

fn restore_sqlite(path: &str, copy: &Path) -> String {
    let dump = format!("VACUUM INTO '{}'", copy.display());
    SqliteConnection::establish(path).unwrap().batch_execute(&dump).unwrap();
    format!("sqlite:{}", copy.display())
}

fn restore_postgres(url: &str, dump: &Path) -> String {
    let name = format!("restored_{}", std::process::id());
    cluster().create_database(&name).unwrap();
    let restored = cluster().url(&name);
    run(tool("pg_dump").arg("--file").arg(dump).arg(url));
    run(tool("psql").args(["--quiet", "--file"]).arg(dump).arg(&restored));
    restored
}

fn tool(name: &str) -> Command {
    Command::new(tests::programs().unwrap().join(name))
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
