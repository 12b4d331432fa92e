//! Finding reports of a desk by their words, published or not.

use domain::{
    StoreError,
    feedback::{FeedbackRepository as _, Report, TrackingCode},
};
use infra::database::Transaction;
use rstest_reuse::apply;
use serde_json::json;
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, codes, lamp, report, step},
};

async fn found(officer: &Caller, query: &str) -> Vec<String> {
    let list = officer.get(&format!("/v1/desk/feedback?{query}")).await.expect(200);
    codes(&list).into_iter().map(str::to_owned).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_desk_finds_whole_words_and_the_beginning_of_a_last_one(#[case] store: Store) {
    let service = store.service().await;
    let somebody = service.anonymous();
    let alley = but(lamp(0.0), json!({ "title": "Ngõ 12/3 “Hoa”", "address": "Đường Bắc Kạn" }));
    let alley = report(&somebody, alley).await;
    let stall = json!({ "category": "other", "attributes": {}, "text": "Quán trà đá lấn vỉa hè" });
    let stall = report(&somebody, but(lamp(50.0), stall)).await;
    // No index takes a word as long as this, and no report is refused for it.
    let long = json!({ "category": "other", "attributes": {}, "text": "x".repeat(3_900) });
    let long = report(&somebody, but(lamp(90.0), long)).await;
    let [alley_, stall_, long] =
        [&alley, &stall, &long].map(|report| report["code"].as_str().unwrap().to_owned());
    let officer = service.officer().await;
    for (q, expected) in [
        ("ngo+12", vec![&alley_]),
        ("ng%C3%B5", vec![&alley_]),
        ("hoa", vec![&alley_]),
        ("3+ngo+bac", vec![&alley_]),
        ("b%E1%BA%AFc+k", vec![]),
        ("bac+ka", vec![&alley_]),
        ("tra+da", vec![&stall_]),
        ("da+tra", vec![&stall_]),
        ("ra+da", vec![]),
        ("quan+khong+co", vec![]),
        ("%25", vec![]),
        ("_", vec![]),
        ("%27%20OR%20%22", vec![]),
        ("tra*", vec![&stall_]),
        (&*"x".repeat(70), vec![&long]),
    ] {
        assert_eq!(found(&officer, &format!("q={q}")).await.iter().collect::<Vec<_>>(), expected);
    }
    let ranked = found(&officer, "q=tra&sort=priority").await;
    assert_eq!(ranked, std::slice::from_ref(&stall_));
    assert_eq!(found(&officer, "q=tra&category=lighting").await, [""; 0]);
    step(&officer, &stall["id"], "reject", json!({ "reason": "duplicate" })).await.expect(200);
    assert_eq!(found(&officer, "q=tra").await, [""; 0]);
    assert_eq!(found(&officer, "q=tra&status=rejected,closed").await, [stall_]);
}

/// Puts so many like the report `id` beside it.
async fn copied(service: &Service, id: &str, count: usize) {
    let (now, id) = (service.app.now(), id.parse().unwrap());
    let copy = move |tx: &mut Transaction<'_>| {
        let report = tx.find(id)?.unwrap();
        let mut added = 0;
        while added < count {
            let (id, code) = (now.new_id(), TrackingCode::draw(&now));
            added += usize::from(tx.insert(&Report { id, code, ..report.clone() })?);
        }
        Ok::<_, StoreError>(())
    };
    service.app.database.write(copy).await.unwrap();
}

/// What many hold is read in the order of the queue.
#[apply(every_store)]
#[actix_web::test]
async fn a_word_that_many_hold_is_found_in_the_order_of_the_queue(#[case] store: Store) {
    let service = store.service().await;
    let first = report(&service.anonymous(), lamp(0.0)).await;
    copied(&service, first["id"].as_str().unwrap(), 1_200).await;
    let mine = first["code"].as_str().unwrap();
    let officer = service.officer().await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/desk/feedback?q=duong+khong+sa&limit=100{cursor}");
        let page = officer.get(&path).await.expect(200);
        seen.extend(codes(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert!(seen.contains(&mine.to_owned()));
    assert_eq!(seen.len(), 1_201);
    assert_eq!(found(&officer, "q=duong+khong+x").await, [""; 0]);
}
