//! The store itself, without HTTP: units of work, their failure, their schema.

use domain::{
    StoreError,
    notification::{Inbox, InboxMessage},
};
use infra::database::{Database, DatabaseOptions, DatabaseUrl, OpenError, migrate, revert_all};
use rstest_reuse::apply;
use tests::{Fresh, Store, tamper};
use uuid::Uuid;

use crate::{every_store, keys::unlocked};

async fn open(fresh: &Fresh) -> Database {
    unlocked(&fresh.url, fresh.folder.path()).await.unwrap().0
}

fn message(number: u128) -> InboxMessage {
    InboxMessage {
        id: Uuid::from_u128(number).into(),
        recipient: Uuid::from_u128(7),
        kind: "test".to_owned(),
        text: "Thử".to_owned(),
        subject: Uuid::from_u128(9),
        at: "2026-11-23T01:02:03.456789Z".parse().unwrap(),
        read_at: None,
    }
}

async fn stored(database: &Database) -> Vec<InboxMessage> {
    database.read(|tx| tx.of(Uuid::from_u128(7), None, 1000)).await.unwrap()
}

#[apply(every_store)]
#[actix_web::test]
async fn what_was_written_is_read_to_the_microsecond(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = open(&fresh).await;
    database.write(|tx| tx.put(&message(1))).await.unwrap();
    assert_eq!(stored(&database).await, [message(1)]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_unit_that_fails_or_panics_leaves_nothing_and_harms_nobody(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = open(&fresh).await;
    let units = (1..=60_u128).map(|number| {
        let database = database.clone();
        tokio::spawn(async move {
            database
                .write(move |tx| {
                    tx.put(&message(number))?;
                    assert!(number % 3 != 0, "a defect");
                    if number % 3 == 1 { Err(StoreError::Stale) } else { Ok(()) }
                })
                .await
        })
    });
    let mut done = 0;
    for (number, unit) in (1_u128..).zip(units.collect::<Vec<_>>()) {
        let outcome = unit.await.unwrap();
        assert_eq!(outcome.is_ok(), number % 3 == 2, "{number}: {outcome:?}");
        done += usize::from(outcome.is_ok());
    }
    assert_eq!(stored(&database).await.len(), done);
}

#[apply(every_store)]
#[actix_web::test]
async fn of_those_who_write_together_one_that_fails_fails_alone(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = open(&fresh).await;
    let units = (1..=60_u128).map(|number| {
        let database = database.clone();
        tokio::spawn(async move {
            database
                .write_together(move |tx| {
                    tx.put(&message(number))?;
                    assert!(number % 30 != 0, "a defect");
                    if number % 30 == 7 { Err(StoreError::Stale) } else { Ok(number) }
                })
                .await
        })
    });
    for (number, unit) in (1_u128..).zip(units.collect::<Vec<_>>()) {
        let outcome = unit.await.unwrap();
        match number % 30 {
            0 => assert!(matches!(outcome, Err(StoreError::Failed(_))), "{number}: {outcome:?}"),
            7 => assert!(matches!(outcome, Err(StoreError::Stale)), "{number}: {outcome:?}"),
            _ => assert_eq!(outcome.unwrap(), number),
        }
    }
    assert_eq!(stored(&database).await.len(), 56);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_that_stands_already_is_told_apart(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = open(&fresh).await;
    database.write(|tx| tx.put(&message(1))).await.unwrap();
    let again = database.write(|tx| tx.put(&message(1))).await;
    assert!(matches!(again, Err(StoreError::Duplicate)), "{again:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_snapshot_stands_still(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = open(&fresh).await;
    let (reading, go) = (std::sync::mpsc::channel(), std::sync::mpsc::channel::<()>());
    let snapshot = tokio::spawn({
        let database = database.clone();
        async move {
            database
                .snapshot(move |tx| {
                    let before = tx.of(Uuid::from_u128(7), None, 10)?.len();
                    reading.0.send(()).unwrap();
                    go.1.recv().unwrap();
                    Ok::<_, StoreError>((before, tx.of(Uuid::from_u128(7), None, 10)?.len()))
                })
                .await
        }
    });
    tokio::task::spawn_blocking(move || reading.1.recv()).await.unwrap().unwrap();
    database.write(|tx| tx.put(&message(1))).await.unwrap();
    go.0.send(()).unwrap();
    assert_eq!(snapshot.await.unwrap().unwrap(), (0, 0));
    assert_eq!(stored(&database).await.len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_schema_goes_up_down_and_up_again(#[case] store: Store) {
    let fresh = store.fresh().await;
    let url: DatabaseUrl = fresh.url.parse().unwrap();
    let report = tokio::task::spawn_blocking(move || {
        revert_all(&url).unwrap();
        migrate(&url).unwrap()
    });
    assert!(!report.await.unwrap().applied.is_empty());
    let database = open(&fresh).await;
    database.write(|tx| tx.put(&message(1))).await.unwrap();
}

#[actix_web::test]
async fn start_says_what_is_wrong_and_what_to_do() {
    let refused = "postgres://me:hush@127.0.0.1:1/app";
    let missing = tests::cluster().url("no_such_database");
    let folder = tempfile::tempdir().unwrap();
    let no_database = folder.path().join("notes.db");
    std::fs::write(&no_database, "these are my notes, not a database at all").unwrap();
    let no_database = format!("sqlite:{}", no_database.display());
    let not_a_folder = format!("sqlite:{}/notes.db/x.db", folder.path().display());
    for (url, says) in [
        (refused, "Start the server"),
        (missing.as_str(), "Create it with createdb"),
        (no_database.as_str(), "not a database of this service"),
        (not_a_folder.as_str(), "cannot be written"),
    ] {
        let url: DatabaseUrl = url.parse().unwrap();
        let opened = Database::open(&DatabaseOptions { url, connections: 2 }).await;
        let told = opened.map(|_| ()).unwrap_err().to_string();
        assert!(told.contains(says) && !told.contains("hush"), "{told}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_newer_schema_is_refused(#[case] store: Store) {
    let fresh = store.fresh().await;
    let url: DatabaseUrl = fresh.url.parse().unwrap();
    claim_version(&url, "9999");
    let opened = Database::open(&DatabaseOptions { url, connections: 2 }).await;
    assert!(matches!(opened, Err(OpenError::NewerSchema { version, .. }) if version == "9999"));
}

fn claim_version(url: &DatabaseUrl, version: &str) {
    tamper(url, &format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"));
}
