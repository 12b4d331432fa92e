//! What a phone keeps for when there is no signal.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, jwk::JwkSet};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Service, Store};

use crate::{every_store, import::take_in};

const PACK: &str = "/v1/offline-pack?commune=05443";

/// What a phone may keep at most, in bytes.
const MOST: usize = 60_000;

/// Whether the signature of `answer` fits `body`, by the keys that the service publishes.
async fn is_genuine(service: &Service, answer: &Answer, body: &[u8]) -> bool {
    let keys = service.anonymous().get("/.well-known/jwks.json").await.expect(200);
    let keys: JwkSet = serde_json::from_value(keys).unwrap();
    let (header, signature) = answer.header("x-jws-signature").split_once("..").unwrap();
    let decoded: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    assert_eq!((&decoded["alg"], &decoded["typ"]), (&json!("EdDSA"), &json!("offline-pack")));
    let key = keys.find(decoded["kid"].as_str().unwrap()).expect("the key is published");
    let key = DecodingKey::from_jwk(key).unwrap();
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(body));
    jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::EdDSA).unwrap()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_pack_holds_what_is_needed_without_a_signal(#[case] store: Store) {
    let service = store.service().await;
    let offices = "id,type,name,lat,lon,source,licence,opening_hours,phone\n\
                   here,one_stop,Một cửa,21.5942,105.8482,OSM,ODbL,Mo-Fr 07:30-17:00; PH off,0208\n\
                   there,one_stop,Nơi khác,21.46,105.85,tỉnh,CC0,,\n";
    take_in(&service, "facilities", "offices.csv", offices).await.unwrap();
    let pack = service.anonymous().get(PACK).await.expect(200);
    assert_eq!(pack["format"], 1);
    assert_eq!(pack["commune"]["full_name"], "Phường Phan Đình Phùng");
    assert_eq!(pack["hotlines"][0]["number"], "113");
    assert_eq!(pack["facilities"].as_array().unwrap().len(), 1);
    assert_eq!(pack["facilities"][0]["opening_hours"], "Mo-Fr 07:30-17:00; PH off");
    assert_eq!(pack["facilities"][0]["phone"], Value::Null);
    assert_eq!(pack["attribution"], json!(["ODbL"]));
    assert_eq!(pack["holidays"][0], "2026-11-24");
    let procedures = pack["procedures"].as_array().unwrap();
    assert_eq!(procedures.len(), 50);
    assert_eq!(procedures[0]["code"], "1.001193");
    assert_eq!(procedures[0]["receivers"], json!(["cap_xa one_stop", "cap_xa people_committee"]));
    assert!(!procedures[0]["bring"].as_array().unwrap().is_empty());
    let anywhere = service.anonymous().get("/v1/offline-pack").await.expect(200);
    assert_eq!((&anywhere["commune"], &anywhere["facilities"]), (&Value::Null, &json!([])));
    let unknown = service.anonymous().get("/v1/offline-pack?commune=99999").await.expect(422);
    assert_eq!(unknown["errors"][0]["code"], "unknown");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_pack_has_the_offices_before_all_other_places(#[case] store: Store) {
    let service = store.service().await;
    let row = |n: usize| format!("c-{n},clinic,A{n},21.5942,105.8482,tỉnh,CC0\n");
    let clinics: Vec<String> = (0..70).map(row).collect();
    let offices = "o-1,people_committee,UBND,21.5942,105.8482,tỉnh,CC0\n\
                   o-2,one_stop,Một cửa,21.5942,105.8482,tỉnh,CC0\n";
    let table = format!("id,type,name,lat,lon,source,licence\n{}{offices}", clinics.concat());
    take_in(&service, "facilities", "many.csv", &table).await.unwrap();
    let pack = service.anonymous().get(PACK).await.expect(200);
    let kinds = pack["facilities"].as_array().unwrap().iter().map(|place| &place["kind"]);
    let kinds: Vec<_> = kinds.collect();
    assert_eq!(kinds.len(), 60);
    assert!(kinds.contains(&&json!("people_committee")) && kinds.contains(&&json!("one_stop")));
    let first_clinic = kinds.iter().position(|&kind| kind == "clinic").unwrap();
    assert!(kinds[first_clinic..].iter().all(|&kind| kind != "one_stop"), "{kinds:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_pack_is_fetched_again_only_when_it_is_another(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let first = caller.get(PACK).await;
    let keeper = caller.with("If-None-Match", first.header("etag"));
    let again = keeper.get(PACK).await;
    assert_eq!((again.status(), again.bytes()), (304, b"".as_slice()));
    assert_eq!(again.header("x-jws-signature"), first.header("x-jws-signature"));
    assert_ne!(caller.get("/v1/offline-pack").await.header("etag"), first.header("etag"));

    let notice = json!({
        "kind": "water", "title": "Cúp nước", "communes": ["05443"], "text": "á".repeat(500),
        "ends_at": "2026-11-23T10:00:00Z",
    });
    let officer = service.officer().await;
    let posted = officer.post("/v1/desk/notices", notice).await.expect(201);
    let second = keeper.get(PACK).await.expect(200);
    assert_eq!(second["notices"][0]["title"], "Cúp nước");
    assert_eq!(second["notices"][0]["text"].as_str().unwrap().chars().count(), 401);
    assert_ne!(second["version"], first.expect(200)["version"]);
    let withdraw = format!("/v1/desk/notices/{}/withdraw", posted["id"].as_str().unwrap());
    officer.with("If-Match", "\"1\"").post(&withdraw, json!({})).await.expect(200);
    assert_eq!(keeper.get(PACK).await.status(), 304, "it is as it was at first");
    service.clock.advance(TimeDelta::days(1));
    assert_eq!(keeper.get(PACK).await.expect(200)["holidays"][0], "2026-11-24");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_pack_proves_whose_it_is(#[case] store: Store) {
    let service = store.service().await;
    let answer = service.anonymous().get(PACK).await;
    let mut body = answer.bytes().to_vec();
    assert!(is_genuine(&service, &answer, &body).await);
    body[7] ^= 1;
    assert!(!is_genuine(&service, &answer, &body).await);
    // What is compressed is signed as it is once decompressed.
    let packed = service.anonymous().with("Accept-Encoding", "gzip").get(PACK).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(is_genuine(&service, &packed, answer.bytes()).await);
    let (header, signature) = answer.header("x-jws-signature").split_once("..").unwrap();
    let as_token = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(answer.bytes()));
    service.anonymous().bearing(&as_token).get("/v1/me").await.expect(401);
}

/// The longest answer in any coding, in bytes.
async fn longest(service: &Service, path: &str) -> usize {
    let mut longest = 0;
    for coding in ["br", "zstd", "gzip"] {
        let answer = service.anonymous().with("Accept-Encoding", coding).get(path).await;
        assert_eq!(answer.header("content-encoding"), coding);
        longest = longest.max(answer.bytes().len());
    }
    longest
}

#[actix_web::test]
async fn every_pack_is_small() {
    let service = Store::Sqlite.service().await;
    let communes = service.anonymous().get("/v1/communes").await.expect(200);
    for commune in communes["items"].as_array().unwrap() {
        let code = commune["code"].as_str().unwrap();
        let longest = longest(&service, &format!("/v1/offline-pack?commune={code}")).await;
        assert!(longest < MOST, "{code}: {longest}");
    }
}

/// Words that no compression knows.
fn words(number: usize) -> String {
    let word = |word| format!("{:x}", (number * 90 + word) * 2_654_435_761);
    (0..90).map(word).collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn a_pack_full_of_everything_is_small() {
    let service = Store::Sqlite.service().await;
    let heading = "id,type,name,address,lat,lon,source,licence,opening_hours\n";
    let office = |n: usize| {
        let name: String = words(n).chars().take(60).collect();
        format!("o-{n},clinic,{name},{name},21.5942,105.8482,x,ODbL,Mo-Fr 07:{:02}-17:00\n", n % 60)
    };
    let table: Vec<String> = (0..300).map(office).collect();
    let table = heading.to_owned() + &table.concat();
    take_in(&service, "facilities", "many.csv", &table).await.unwrap();
    let heading = "id,kind,title,text,communes,starts_at,ends_at,source\n";
    let notice = |n: usize| {
        let title: String = words(n).chars().take(200).collect();
        format!("n-{n},power,{title},{},05443,2026-11-24 07:00,,Điện lực\n", words(n + 999))
    };
    let table: Vec<String> = (0..300).map(notice).collect();
    let table = heading.to_owned() + &table.concat();
    take_in(&service, "notices", "many.csv", &table).await.unwrap();
    let pack = service.anonymous().get(PACK).await.expect(200);
    let counted = ["facilities", "notices"].map(|list| pack[list].as_array().unwrap().len());
    assert_eq!(counted, [60, 40]);
    let longest = longest(&service, PACK).await;
    assert!(longest < MOST, "{longest}");
}
