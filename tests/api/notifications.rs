//! Telling people: the outbox until a message has left the house, and the inbox.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    StoreError,
    notification::{Outbox as _, Sms, tell},
};
use infra::{
    database::Database,
    notification::{OutboxWorker, Sending, SmsError, SmsGateway},
};
use rstest_reuse::apply;
use tests::{Fresh, Store};
use uuid::Uuid;

use crate::{every_store, keys::unlocked};

/// A gateway that is away for the first tries.
struct Away {
    tries: AtomicUsize,
    back_after: usize,
}

impl Away {
    fn for_tries(back_after: usize) -> Arc<Self> {
        Arc::new(Self { tries: AtomicUsize::new(0), back_after })
    }

    fn tries(&self) -> usize {
        self.tries.load(Ordering::SeqCst)
    }
}

impl SmsGateway for Away {
    fn send<'s>(&'s self, _id: Uuid, _sms: &'s Sms) -> Sending<'s> {
        let away = self.tries.fetch_add(1, Ordering::SeqCst) < self.back_after;
        Box::pin(async move { if away { Err(SmsError("away".to_owned())) } else { Ok(()) } })
    }
}

fn start() -> DateTime<Utc> {
    "2026-11-23T01:02:03Z".parse().unwrap()
}

async fn with_a_message(fresh: &Fresh) -> Database {
    let (database, _) = unlocked(&fresh.url, fresh.folder.path()).await.unwrap();
    let sms =
        Sms { to: "+84912345678".to_owned(), text: "Xin chào".to_owned(), useful_until: None };
    let write = database.write(move |tx| tx.send_sms(Uuid::from_u128(1), &sms, start()));
    write.await.unwrap();
    database
}

#[apply(every_store)]
#[actix_web::test]
async fn a_message_is_tried_again_until_it_has_left_the_house(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = with_a_message(&fresh).await;
    let gateway = Away::for_tries(2);
    let worker = OutboxWorker::new(database, gateway.clone());
    let mut now = start();
    assert_eq!(worker.tick(now).await.unwrap(), 1);
    assert_eq!(worker.tick(now).await.unwrap(), 0, "not before its time");
    for wait_s in [5, 10] {
        now += TimeDelta::seconds(wait_s);
        assert_eq!(worker.tick(now).await.unwrap(), 1);
    }
    now += TimeDelta::days(1);
    assert_eq!(worker.tick(now).await.unwrap(), 0, "delivered once and for all");
    assert_eq!(gateway.tries(), 3);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_message_that_cannot_be_delivered_is_laid_aside(#[case] store: Store) {
    let fresh = store.fresh().await;
    let gateway = Away::for_tries(usize::MAX);
    let worker = OutboxWorker::new(with_a_message(&fresh).await, gateway.clone());
    for day in 0..30 {
        worker.tick(start() + TimeDelta::days(day)).await.unwrap();
    }
    assert_eq!(gateway.tries(), 10);
}

#[apply(every_store)]
#[actix_web::test]
async fn two_workers_do_not_send_the_same_message(#[case] store: Store) {
    let fresh = store.fresh().await;
    let database = with_a_message(&fresh).await;
    let gateway = Away::for_tries(0);
    let one = OutboxWorker::new(database.clone(), gateway.clone());
    let two = OutboxWorker::new(database, gateway.clone());
    let (first, second) = tokio::join!(one.tick(start()), two.tick(start()));
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(gateway.tries(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_inbox_shows_what_its_owner_was_told(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let me: Uuid = an.get("/v1/me").await.expect(200)["id"].as_str().unwrap().parse().unwrap();
    for number in 1..=3 {
        let now = service.app.now();
        let told = ("test.told", format!("Tin số {number}"));
        let write = service.app.database.write(move |tx| {
            tell(tx, &now, me, (told.0, told.1), Uuid::from_u128(9))?;
            Ok::<_, StoreError>(())
        });
        write.await.unwrap();
    }
    let page = an.get("/v1/me/notifications?limit=2").await.expect(200);
    assert_eq!(page["items"][0]["text"], "Tin số 3");
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = an.get(&format!("/v1/me/notifications?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(rest["items"][0]["text"], "Tin số 1");
    assert_eq!(rest["next_cursor"], serde_json::Value::Null);
    let stranger = service.citizen("binh").await.get("/v1/me/notifications").await.expect(200);
    assert_eq!(stranger["items"], serde_json::json!([]));
    service.anonymous().get("/v1/me/notifications").await.expect(401);
}
