//! A caller and those who help them write to each other.

use std::time::{Duration, Instant};

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";

/// A caller and a dispatcher, with the addresses of their conversation.
struct Conversation {
    caller: Caller,
    dispatcher: Caller,
    mine: String,
    theirs: String,
    id: String,
}

impl Conversation {
    async fn of(service: &Service, call: Value) -> Self {
        let raised = service.anonymous().post(CALLS, call).await.expect(201);
        let id = raised["id"].as_str().unwrap().to_owned();
        Self {
            caller: service.anonymous().bearing(raised["token"].as_str().unwrap()),
            dispatcher: service.dispatcher().await,
            mine: format!("{CALLS}/{id}/messages"),
            theirs: format!("/v1/dispatch/emergencies/{id}/messages"),
            id,
        }
    }

    /// What each message says and how far it came, as `caller` sees them.
    async fn seen(caller: &Caller, path: &str) -> Vec<(String, String)> {
        let page = caller.get(path).await.expect(200);
        let items = page["items"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        items.map(|item| (text(&item["text"]), text(&item["status"]))).collect()
    }
}

fn said(text: &str, status: &str) -> (String, String) {
    (text.to_owned(), status.to_owned())
}

#[apply(every_store)]
#[actix_web::test]
async fn each_side_learns_how_far_its_words_came(#[case] store: Store) {
    let service = store.service().await;
    let both = Conversation::of(&service, json!({ "kind": "fire" })).await;
    let told = both.caller.post(&both.mine, json!({ "text": "Tôi ở tầng ba" })).await.expect(201);
    assert_eq!(
        (&told["message"]["number"], &told["message"]["status"]),
        (&json!(1), &json!("sent"))
    );
    assert_eq!(told["status"], "received");
    let asked = json!({ "text": "Có khói không?" });
    both.dispatcher.post(&both.theirs, asked).await.expect(201);
    let seen = Conversation::seen(&both.dispatcher, &both.theirs).await;
    assert_eq!(seen, [said("Tôi ở tầng ba", "delivered"), said("Có khói không?", "sent")]);
    let seen = Conversation::seen(&both.caller, &both.mine).await;
    assert_eq!(seen, [said("Tôi ở tầng ba", "delivered"), said("Có khói không?", "delivered")]);
    for (caller, path) in [(&both.dispatcher, &both.theirs), (&both.caller, &both.mine)] {
        assert_eq!(caller.post(&format!("{path}/read"), json!({ "up_to": 9 })).await.status(), 204);
    }
    let seen = Conversation::seen(&both.dispatcher, &both.theirs).await;
    assert_eq!(seen, [said("Tôi ở tầng ba", "read"), said("Có khói không?", "read")]);
    let page = both.caller.get(&format!("{}?limit=1", both.mine)).await.expect(200);
    let next = page["next_cursor"].as_str().unwrap();
    let rest = Conversation::seen(&both.caller, &format!("{}?after={next}", both.mine)).await;
    assert_eq!(rest, [said("Có khói không?", "read")]);
    assert_eq!(both.caller.get(&format!("{}?after=x", both.mine)).await.status(), 422);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_message_is_never_refused_and_never_doubled(#[case] store: Store) {
    let service = store.service().await;
    let both = Conversation::of(&service, json!({ "kind": "fire" })).await;
    for _ in 0..3 {
        let again = json!({ "id": "m-1", "text": "Có" });
        let told = both.caller.post(&both.mine, again).await.expect(201);
        assert_eq!(told["message"]["number"], 1);
        let keyed = both.caller.with("Idempotency-Key", "key-1");
        assert_eq!(keyed.post(&both.mine, json!({ "text": "Hai" })).await.status(), 201);
    }
    for bytes in ["", "{", "cứu tôi", "[1]", "{\"text\": 5}"] {
        let request = both.caller.request(reqwest::Method::POST, &both.mine).body(bytes);
        assert_eq!(both.caller.send(request).await.status(), 201, "{bytes}");
    }
    let seen = Conversation::seen(&both.dispatcher, &both.theirs).await;
    assert_eq!(seen.len(), 7);
    assert_eq!((seen[0].0.as_str(), seen[1].0.as_str()), ("Có", "Hai"));
    assert_eq!(seen[4].0, "cứu tôi");
    let own = json!({ "id": "0193572a-1111-4000-8000-000000000001", "text": "Đang đến" });
    let first = both.dispatcher.post(&both.theirs, own.clone()).await.expect(201);
    assert_eq!(both.dispatcher.post(&both.theirs, own).await.expect(201), first);

    let unknown = format!("{CALLS}/0193572a-2222-4000-8000-000000000002/messages");
    let told = service.anonymous().post(&unknown, json!({ "text": "Cứu!" })).await.expect(201);
    assert_eq!(told["message"]["text"], "Cứu!", "a message that got ahead is a call");
}

#[apply(every_store)]
#[actix_web::test]
async fn strangers_neither_read_nor_write_in_it(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "kind": "fire", "secret": "MDEyMzQ1Njc4OWFiY2RlZg" });
    let both = Conversation::of(&service, call).await;
    both.dispatcher.post(&both.theirs, json!({ "text": "Chìa khóa ở đâu?" })).await.expect(201);
    let stranger = service.anonymous();
    let told = stranger.post(&both.mine, json!({ "text": "Dưới chậu hoa" })).await.expect(201);
    assert_eq!((&told["message"], &told["token"]), (&Value::Null, &Value::Null));
    assert_eq!(Conversation::seen(&both.caller, &both.mine).await.len(), 1);
    let other = Conversation::of(&service, json!({ "kind": "fire" })).await;
    assert_eq!(stranger.get(&both.mine).await.status(), 401);
    assert_eq!(other.caller.get(&both.mine).await.status(), 404);
    let read = json!({ "up_to": 1 });
    assert_eq!(other.caller.post(&format!("{}/read", both.mine), read).await.status(), 404);
    let police = service.staff("police", Role::Dispatcher, "police").await;
    assert_eq!(police.get(&both.theirs).await.status(), 404);
    let refused = both.dispatcher.post(&both.theirs, json!({ "text": " " })).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/text");
}

#[apply(every_store)]
#[actix_web::test]
async fn both_feeds_tell_of_it_without_the_words(#[case] store: Store) {
    let service = store.service().await;
    let both = Conversation::of(&service, json!({ "kind": "fire" })).await;
    both.caller.post(&both.mine, json!({ "text": "Bí mật của tôi" })).await.expect(201);
    for (caller, feed) in [
        (&both.caller, format!("{CALLS}/{}/events", both.id)),
        (&both.dispatcher, "/v1/dispatch/events".to_owned()),
    ] {
        let deadline = Instant::now() + Duration::from_secs(20);
        let page = loop {
            let page = caller.get(&format!("{feed}?wait_s=5")).await.expect(200).to_string();
            if page.contains("emergency.message") {
                break page;
            }
            assert!(Instant::now() < deadline, "{page}");
        };
        assert!(!page.contains("Bí mật"), "{page}");
    }
    let english = service.anonymous().with("Accept-Language", "en");
    let replies = english.get("/v1/emergency-quick-replies").await;
    assert!(replies.header("vary").contains("Accept-Language"));
    assert_eq!(replies.expect(200)["items"][0], "Yes");
}

#[apply(every_store)]
#[actix_web::test]
async fn who_writes_after_the_end_is_heard(#[case] store: Store) {
    let service = store.service().await;
    let both = Conversation::of(&service, json!({ "kind": "fire" })).await;
    both.caller.post(&format!("{CALLS}/{}/cancellation", both.id), json!({})).await.expect(200);
    let told = both.caller.post(&both.mine, json!({ "text": "Lại cháy" })).await.expect(201);
    assert_eq!(told["status"], "received");
}
