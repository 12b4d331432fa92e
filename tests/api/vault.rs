//! The vault: what is personal is sealed in the store, whoever looks into it.

use domain::{StoreError, notification::tell};
use infra::{
    database::DatabaseUrl,
    identity::{Keyring, MasterKey},
    vault::{reseal, reseal_all},
};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, everything, tamper};
use uuid::Uuid;

use crate::every_store;

/// What nobody may read in the store: a number in each form, words, and the secret of a call.
const SECRETS: [&str; 6] =
    ["987654321", "Dau nguc du doi", "Ba Tu", "lau hai", "Tin rieng", "bWF0LWtoYXUtY3VhLXRvaQ"];

fn url(service: &Service) -> DatabaseUrl {
    service.app.settings.database().unwrap().url
}

fn holds(everything: &[u8], text: &str) -> bool {
    everything.windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

/// Somebody calls for help, adds to it, signs in, and is told something.
async fn lived_in(service: &Service) -> (Value, Caller) {
    let caller = service.anonymous();
    let report = json!({
        "kind": "medical", "note": "Dau nguc du doi", "phone": "0987654321",
        "on_behalf_of": { "name": "Ba Tu", "phone": "0987654321" },
        "secret": "bWF0LWtoYXUtY3VhLXRvaQ",
    });
    let raised = caller.post("/v1/emergencies", report).await.expect(201);
    let path = format!("/v1/emergencies/{}", raised["id"].as_str().unwrap());
    caller.put(&path, json!({ "note": "lau hai" })).await;
    let an = service.citizen("an").await;
    let me: Uuid = an.get("/v1/me").await.expect(200)["id"].as_str().unwrap().parse().unwrap();
    let now = service.app.now();
    let write = service.app.database.write(move |tx| {
        tell(tx, &now, me, ("test.told", "Tin rieng".to_owned()), me)?;
        Ok::<_, StoreError>(())
    });
    write.await.unwrap();
    (raised, an)
}

/// What a dispatcher and the citizen see of it.
async fn seen(service: &Service, (raised, an): &(Value, Caller)) -> (Value, Value, Value) {
    let path = format!("/v1/dispatch/emergencies/{}", raised["id"].as_str().unwrap());
    let opened = service.dispatcher().await.get(&path).await.expect(200);
    let told = an.get("/v1/me/notifications").await.expect(200);
    (opened["statements"].clone(), told, an.get("/v1/me").await.expect(200))
}

#[apply(every_store)]
#[actix_web::test]
async fn nothing_personal_stands_in_the_clear(#[case] store: Store) {
    let service = store.service().await;
    let lived = lived_in(&service).await;
    let everything = everything(&url(&service));
    let phone = lived.1.get("/v1/me").await.expect(200);
    let phone = phone["phone"].as_str().unwrap();
    let number = phone.trim_start_matches("+84").to_owned();
    for secret in SECRETS.into_iter().chain([number.as_str()]) {
        assert!(!holds(&everything, secret), "{secret} can be read in the store");
    }
    assert!(holds(&everything, "test.told"), "the look into the store finds what is in the clear");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_key_seals_everything_anew_while_the_service_runs(#[case] store: Store) {
    let service = store.service().await;
    let lived = lived_in(&service).await;
    let before = seen(&service, &lived).await;
    // Another process changes the key, as the command does.
    let settings = &service.app.settings;
    let other = infra::database::Database::open(&settings.database().unwrap()).await.unwrap();
    let master = MasterKey::read(settings.master_key_file.as_deref().unwrap()).unwrap();
    Keyring::open(&other, &master, service.app.now()).await.unwrap();
    Keyring::replace_sealing_key(&other, &master, service.app.now()).await.unwrap();
    reseal_all(&other).await.unwrap();
    let sealed = reseal(&other).await.unwrap();
    assert!(sealed >= 4, "{sealed} values were sealed anew");
    assert_eq!(seen(&service, &lived).await, before, "the running service opens them");
    reseal_all(&other).await.unwrap();
    assert_eq!(reseal(&other).await.unwrap(), 0, "all of them are under the new key");
    // What the running service writes now is under the new key too.
    service.citizen("binh").await;
    reseal_all(&other).await.unwrap();
    assert_eq!(reseal(&other).await.unwrap(), 0);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_earlier_versions_left_in_the_clear_is_sealed(#[case] store: Store) {
    let service = store.service().await;
    let id = "01010101-0000-7000-8000-000000000001";
    let hex = id.replace('-', "");
    // As the migration leaves a number that stood in the clear.
    let left = match store {
        Store::Sqlite => format!(
            "INSERT INTO citizen (id, phone, phone_digest, created_at) VALUES (x'{hex}',
               CAST(zeroblob(16) || '+84987654321' AS BLOB), CAST('+84987654321' AS BLOB), 0);
             INSERT INTO sealing_task VALUES ('citizen.phone', zeroblob(16));"
        ),
        Store::Postgres => format!(
            "INSERT INTO citizen (id, phone, phone_digest, created_at) VALUES ('{id}',
               decode(repeat('00', 16), 'hex') || '+84987654321'::bytea, '+84987654321', now());
             INSERT INTO sealing_task VALUES ('citizen.phone',
               '00000000-0000-0000-0000-000000000000');"
        ),
    };
    tamper(&url(&service), &left);
    assert_eq!(reseal(&service.app.database).await.unwrap(), 1);
    assert_eq!(reseal(&service.app.database).await.unwrap(), 0);
    let caller = service.anonymous();
    let asked = caller.post("/v1/auth/otp", json!({ "phone": "0987654321" })).await.expect(202);
    let code = service.code_sent_to("+84987654321").await;
    let proof = json!({ "challenge_id": asked["challenge_id"], "code": code });
    let signed_in = caller.post("/v1/auth/otp/verify", proof).await.expect(200);
    assert_eq!(signed_in["citizen"]["id"], id, "the account is found by its number");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_sealed_value_moved_to_another_row_is_not_opened(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    service.clock.advance(chrono::TimeDelta::seconds(1));
    service.citizen("binh").await;
    let swap = "UPDATE citizen SET phone = (SELECT phone FROM citizen ORDER BY id DESC LIMIT 1)";
    tamper(&url(&service), swap);
    assert_eq!(an.get("/v1/me").await.expect(500)["code"], "internal");
}
