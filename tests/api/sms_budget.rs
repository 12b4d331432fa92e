//! Codes by SMS: how many may be asked for, and that nothing can be learned by asking.

use chrono::TimeDelta;
use domain::{
    allowance::Rate,
    identity::{
        ChallengeId, OtpRates, OtpRequest, OtpUse, OtpVerified, Phone, RequestOtpError,
        request_otp, verify_otp,
    },
    notification::SmsBudget,
    secret::Digest,
};
use futures_util::future::join_all;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::every_store;

async fn ask(caller: &Caller, phone: &str) -> Answer {
    caller.post("/v1/auth/otp", json!({ "phone": phone })).await
}

/// What an answer shows, apart from ids.
fn shown(answer: &Answer) -> (u16, String, Value) {
    let retry_after = answer.header("retry-after").to_owned();
    let mut body = answer.json();
    for random in ["challenge_id", "request_id"] {
        body.as_object_mut().unwrap().remove(random);
    }
    (answer.status(), retry_after, body)
}

/// The phone of somebody who signs in now.
async fn known_phone(service: &Service, name: &str) -> String {
    let me = service.citizen(name).await.get("/v1/me").await.expect(200);
    me["phone"].as_str().unwrap().to_owned()
}

#[apply(every_store)]
#[actix_web::test]
async fn made_up_numbers_use_up_their_own_budget_and_nobody_can_tell(#[case] store: Store) {
    let variables = [("CTN_SMS_UNVERIFIED_PER_HOUR", "6")];
    let service = Service::configured(store.fresh().await, &variables).await;
    let known = known_phone(&service, "an").await;
    let caller = service.anonymous();
    let to_nobody = shown(&ask(&caller, "+84987000001").await);
    let to_somebody = shown(&ask(&caller, &known).await);
    assert_eq!(to_nobody, to_somebody);
    service.code_sent_to(&known).await;
    assert_eq!(service.messages.take("+84987000001"), None);
    assert_eq!(shown(&ask(&caller, "+84987000001").await), shown(&ask(&caller, &known).await));
    service.clock.advance(TimeDelta::minutes(10));
    ask(&caller, "+84987000001").await.expect(202);
    service.code_sent_to("+84987000001").await;
}

#[apply(every_store)]
#[actix_web::test]
async fn a_budget_that_is_used_up_is_told_to_everybody_alike(#[case] store: Store) {
    let variables = [("CTN_SMS_PER_HOUR", "6")];
    let service = Service::configured(store.fresh().await, &variables).await;
    let known = known_phone(&service, "an").await;
    let caller = service.anonymous();
    let (to_nobody, to_somebody) =
        (shown(&ask(&caller, "+84987000001").await), shown(&ask(&caller, &known).await));
    assert_eq!((to_nobody.0, to_nobody.1.as_str()), (429, "600"));
    assert_eq!(to_nobody, to_somebody);
    service.clock.advance(TimeDelta::minutes(10));
    ask(&caller, &known).await.expect(202);
}

#[apply(every_store)]
#[actix_web::test]
async fn requests_made_at_once_do_not_exceed_the_budget(#[case] store: Store) {
    let variables = [("CTN_SMS_PER_HOUR", "12")];
    let service = Service::configured(store.fresh().await, &variables).await;
    let caller = service.anonymous();
    let phones: Vec<_> = (0..12).map(|number| format!("+849870000{number:02}")).collect();
    let answers = join_all(phones.iter().map(|phone| ask(&caller, phone))).await;
    let count = |status| answers.iter().filter(|answer| answer.status() == status).count();
    assert_eq!((count(202), count(429)), (2, 10));
}

/// Asks for a code as the handler does, but with the rates given.
async fn ask_from(
    service: &Service,
    source: u8,
    phone: &str,
    rates: OtpRates,
) -> Result<ChallengeId, i64> {
    let (now, keys) = (service.app.now(), service.app.keys.clone());
    let phone: Phone = phone.parse().unwrap();
    let (source, good_for) = (Digest([source; 32]), OtpUse::SignIn);
    let request = OtpRequest { phone, source, good_for };
    let write =
        service.app.database.write(move |tx| request_otp(tx, &*keys, &now, request, &rates));
    match write.await {
        Ok(sent) => Ok(sent.challenge),
        Err(RequestOtpError::TooSoon { retry_after }) => Err(retry_after.num_seconds()),
        Err(RequestOtpError::Store(error)) => panic!("{error}"),
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn codes_that_are_used_cost_their_source_nothing(#[case] store: Store) {
    let service = store.service().await;
    let free = SmsBudget { all: Rate::UNLIMITED, unverified: Rate::UNLIMITED };
    let unused = Rate::new(2, TimeDelta::minutes(1));
    let rates = OtpRates { phone: Rate::UNLIMITED, unused, sms: free };
    let village = |number: u8| format!("+849870000{number:02}");
    for number in 0..6 {
        let challenge = ask_from(&service, 1, &village(number), rates).await.unwrap();
        let code = service.code_sent_to(&village(number)).await;
        let (now, keys) = (service.app.now(), service.app.keys.clone());
        let write = service
            .app
            .database
            .write(move |tx| verify_otp(tx, &*keys, &now, (challenge, &code), None, &rates));
        assert!(matches!(write.await.unwrap(), OtpVerified::SignedIn(_)));
    }
    for number in 10..12 {
        ask_from(&service, 1, &village(number), rates).await.unwrap();
    }
    assert_eq!(ask_from(&service, 1, &village(12), rates).await, Err(60));
    ask_from(&service, 2, &village(12), rates).await.expect("another source has its own");
    service.clock.advance(TimeDelta::minutes(1));
    ask_from(&service, 1, &village(13), rates).await.unwrap();
    assert_eq!(ask_from(&service, 1, &village(14), rates).await, Err(60));
}
