//! In which order a desk answers: by what is due, by what presses, by what most support.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, codes, lamp, report, step},
};

const QUEUE: &str = "/v1/desk/feedback";

fn of(category: &str, metres: f64) -> Value {
    but(lamp(metres), json!({ "category": category, "attributes": {} }))
}

async fn supported(service: &Service, report: &Value, by: usize) {
    let path = format!("/v1/feedback/{}/support", report["id"].as_str().unwrap());
    for device in 0..by {
        let device = json!({ "device": format!("{:02}AAAAAAAAAAAAAAAAAAAA", device + 10) });
        service.anonymous().post(&path, device).await.expect(200);
    }
}

/// The codes of a whole queue, page by page, each page as short as can be.
async fn paged(officer: &Caller, query: &str, limit: usize) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = officer.get(&format!("{QUEUE}?{query}&limit={limit}{cursor}")).await.expect(200);
        all.extend(codes(&page).into_iter().map(str::to_owned));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_desk_is_sorted_by_what_is_due_what_presses_and_what_most_support(#[case] store: Store) {
    let service = store.service().await;
    let somebody = service.anonymous();
    let mut reports = Vec::new();
    for (category, metres) in [
        ("land.misuse", 0.0),
        ("lighting.street", 20.0),
        ("water.leak", 40.0),
        ("road.manhole", 60.0),
        ("land.misuse", 80.0),
    ] {
        let mut body = of(category, metres);
        if category == "lighting.street" {
            body = lamp(metres);
        }
        reports.push(report(&somebody, body).await);
    }
    let (officer, own) =
        (service.officer().await, service.staff("own", Role::Officer, "commune-05443").await);
    for (place, by) in [(0, 2), (1, 2), (4, 10)] {
        step(&officer, &reports[place]["id"], "publish", json!({})).await.expect(200);
        supported(&service, &reports[place], by).await;
    }
    let code = |place: usize| reports[place]["code"].as_str().unwrap().to_owned();
    let due: Vec<_> = [2, 3, 1, 0, 4].map(code).into();
    let due_or = [due.clone(), [3, 2, 1, 0, 4].map(code).into()];
    // Ten supports make the last one as pressing as the leak, and it is due later.
    let priority: Vec<_> = [3, 2, 4, 1, 0].map(code).into();
    let supports: Vec<_> = [4, 1, 0].map(code).into();
    for desk in [&officer, &own] {
        for limit in [1, 2, 5] {
            assert!(due_or.contains(&paged(desk, "sort=due", limit).await), "{limit}");
            assert_eq!(paged(desk, "sort=priority", limit).await, priority, "{limit}");
            let by_supports = paged(desk, "sort=supports", limit).await;
            assert_eq!(by_supports[..3], supports, "{limit}");
            assert!(due_or.iter().any(|due| due[..2] == by_supports[3..]), "{by_supports:?}");
        }
    }
    let first = officer.get(&format!("{QUEUE}?sort=priority&limit=3")).await.expect(200);
    let told = |place: usize, field: &str| first["items"][place][field].clone();
    assert_eq!((told(0, "urgency"), told(0, "priority")), (json!("urgent"), json!("urgent")));
    assert_eq!((told(2, "urgency"), told(2, "priority")), (json!("normal"), json!("high")));
    assert_eq!(told(2, "supports"), 10);

    // Hidden and taken back, it counts as many as say so.
    step(&officer, &reports[4]["id"], "hide", json!({})).await.expect(200);
    assert_eq!(paged(&officer, "sort=supports", 1).await[0], code(4));
    step(&officer, &reports[4]["id"], "publish", json!({})).await.expect(200);
    let path = format!("/v1/feedback/{}/support", reports[4]["id"].as_str().unwrap());
    somebody.delete(&format!("{path}?device=10AAAAAAAAAAAAAAAAAAAA")).await.expect(200);
    let now: Vec<_> = [3, 2, 1, 0, 4].map(code).into();
    assert_eq!(paged(&officer, "sort=priority", 2).await, now);
}

#[apply(every_store)]
#[actix_web::test]
async fn nothing_is_missed_or_shown_twice_while_others_come_in(#[case] store: Store) {
    let service = store.service().await;
    let somebody = service.anonymous();
    let mut before = Vec::new();
    for metres in 0..6 {
        let body = lamp(f64::from(metres) * 30.0);
        before.push(report(&somebody, body).await["code"].as_str().unwrap().to_owned());
    }
    let officer = service.officer().await;
    for sort in ["due", "priority", "supports"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        for page in 0_u8.. {
            let path = format!("{QUEUE}?sort={sort}&limit=2{cursor}");
            let list = officer.get(&path).await.expect(200);
            seen.extend(codes(&list).into_iter().map(str::to_owned));
            // One comes before, one after what was seen.
            if page < 3 {
                report(&somebody, of("road.manhole", 400.0 + f64::from(page))).await;
                report(&somebody, of("land.misuse", 500.0 + f64::from(page))).await;
            }
            let Some(next) = list["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), seen.len(), "{sort}");
        assert!(before.iter().all(|code| seen.contains(code)), "{sort}");
    }
}

#[actix_web::test]
async fn a_cursor_is_of_one_order_and_only_what_waits_is_ranked() {
    let service = Store::Sqlite.service().await;
    for metres in [0.0, 50.0] {
        report(&service.anonymous(), lamp(metres)).await;
    }
    let officer = service.officer().await;
    let page = officer.get(&format!("{QUEUE}?sort=priority&limit=1")).await.expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    for other in ["", "&sort=due", "&sort=supports"] {
        let refused = officer.get(&format!("{QUEUE}?cursor={cursor}{other}")).await.expect(422);
        assert_eq!(refused["code"], "invalid_cursor");
    }
    for query in ["sort=supports&status=closed", "sort=priority&status=submitted,rejected"] {
        let refused = officer.get(&format!("{QUEUE}?{query}")).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], "/query/sort", "{query}");
    }
    officer.get(&format!("{QUEUE}?sort=priority&status=needs_info")).await.expect(200);
    officer.get(&format!("{QUEUE}?sort=due&status=closed")).await.expect(200);
    officer.get(&format!("{QUEUE}?sort=age")).await.expect(422);
    let saved = json!({ "name": "Gấp", "query": { "sort": "supports", "status": "closed" } });
    officer.post("/v1/desk/filters", saved).await.expect(422);
}
