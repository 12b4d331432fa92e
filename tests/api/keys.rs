//! The keys of the service, in the store and beside it.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc, time::Duration};

use api::{App, Surroundings, app::StartError, settings::Settings};
use chrono::TimeDelta;
use domain::{
    Moment,
    secret::{Hasher as _, Purpose},
};
use infra::{
    clock::{Clock as _, SystemClock},
    database::{Database, DatabaseOptions},
    entropy::SystemEntropy,
    identity::{Keyring, KeyringError, MasterKey, MasterKeyError, Rotation, Tokens},
};
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Caller, Service, Store};

use crate::every_store;

fn now() -> Moment {
    Moment::new(SystemClock.now(), Arc::new(SystemEntropy::default()))
}

fn master_key(folder: &Path) -> MasterKey {
    let embedded = "sqlite:any.db".parse().unwrap();
    MasterKey::find(None, folder, &embedded, &now()).unwrap()
}

/// The keys in the store at `url`, sealed under the master key in `folder`.
pub(crate) async fn keyring(url: &str, folder: &Path) -> Result<Keyring, KeyringError> {
    unlocked(url, folder).await.map(|(_, keys)| keys)
}

/// The store at `url` with its vault open, and its keys.
pub(crate) async fn unlocked(
    url: &str,
    folder: &Path,
) -> Result<(Database, Keyring), KeyringError> {
    let options = DatabaseOptions { url: url.parse().unwrap(), connections: 2 };
    let database = Database::open(&options).await.unwrap();
    let keys = Keyring::open(&database, &master_key(folder), now()).await?;
    Ok((database, keys))
}

/// Something only these keys make.
fn mark(keys: &Keyring) -> [u8; 32] {
    keys.digest(Purpose::Body, &[b"mark"]).0
}

#[apply(every_store)]
#[actix_web::test]
async fn replicas_that_start_at_once_share_their_keys(#[case] store: Store) {
    let fresh = store.fresh().await;
    let folder = fresh.folder.path();
    let (first, second) = tokio::join!(keyring(&fresh.url, folder), keyring(&fresh.url, folder));
    let later = keyring(&fresh.url, folder).await.unwrap();
    assert_eq!(mark(&first.unwrap()), mark(&later));
    assert_eq!(mark(&second.unwrap()), mark(&later));
}

#[apply(every_store)]
#[actix_web::test]
async fn another_master_key_opens_nothing(#[case] store: Store) {
    let fresh = store.fresh().await;
    keyring(&fresh.url, fresh.folder.path()).await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let opened = keyring(&fresh.url, elsewhere.path()).await.err().unwrap();
    assert!(matches!(opened, KeyringError::WrongMasterKey(_)), "{opened}");
    assert!(opened.to_string().contains("CTN_MASTER_KEY_FILE"));
}

#[actix_web::test]
async fn the_master_key_is_made_once_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let var = folder.path().join("deep/var");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| master_key(&var));
        }
    });
    let files: Vec<_> = fs::read_dir(&var).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["master.key"]);
    let file = var.join("master.key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let written = fs::read_to_string(&file).unwrap();
    master_key(&var);
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
}

#[actix_web::test]
async fn a_file_that_is_no_key_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("short.key");
    fs::write(&file, "c2hvcnQ=\n").unwrap();
    let malformed = MasterKey::read(&file).err().unwrap();
    assert!(matches!(malformed, MasterKeyError::Malformed { .. }), "{malformed}");
    let absent = MasterKey::read(&folder.path().join("absent.key")).err().unwrap();
    assert!(absent.to_string().contains("absent.key"), "{absent}");
}

#[actix_web::test]
async fn a_shared_store_without_a_master_key_is_refused() {
    let fresh = Store::Postgres.fresh().await;
    let var = fresh.folder.path().join("var").display().to_string();
    let variables = [("CTN_VAR", var), ("DATABASE_URL", fresh.url.clone())];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    let settings = Settings::load(None, variables.into_iter()).unwrap();
    let surroundings = Surroundings::real(&settings).unwrap();
    let refused = App::start(settings, surroundings).await.err().unwrap();
    assert!(matches!(refused, StartError::MasterKey(MasterKeyError::Missing)), "{refused}");
    assert!(refused.to_string().contains("openssl rand -base64 32"));
}

/// A service whose keys can be rotated from outside, as the command does.
async fn with_keys(store: Store) -> (Service, Database, MasterKey) {
    let service = store.service().await;
    let file = service.app.settings.master_key_file.clone().unwrap();
    let options = service.app.settings.database().unwrap();
    (service, Database::open(&options).await.unwrap(), MasterKey::read(&file).unwrap())
}

/// The ids of the keys that the service publishes, once there are `count`.
async fn published(service: &Service, count: usize) -> Vec<String> {
    for _ in 0..300 {
        let keys = service.anonymous().get("/.well-known/jwks.json").await.expect(200);
        let ids: Vec<String> = serde_json::from_value::<Vec<Value>>(keys["keys"].clone())
            .unwrap()
            .iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect();
        if ids.len() == count {
            return ids;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not {count} keys");
}

/// The id of the key that signed the token of `caller`.
fn signer(caller: &Caller) -> String {
    jsonwebtoken::decode_header(caller.token()).unwrap().kid.unwrap()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_key_is_published_before_it_signs_and_the_old_one_until_its_tokens_end(
    #[case] store: Store,
) {
    let (service, database, master) = with_keys(store).await;
    let before = service.citizen("an").await;
    let now = service.app.now();
    let rotated = Keyring::rotate(&database, &master, now, Rotation::Overlap).await.unwrap();
    let ids = published(&service, 2).await;
    assert_eq!(ids, [signer(&before), rotated.id.to_string()]);
    let meanwhile = service.citizen("binh").await;
    assert_eq!(signer(&meanwhile), signer(&before));
    service.clock.advance(TimeDelta::minutes(5));
    let after = service.citizen("chi").await;
    assert_eq!(signer(&after), rotated.id.to_string());
    for caller in [&before, &meanwhile, &after] {
        caller.get("/v1/me").await.expect(200);
    }
    service.clock.advance(TimeDelta::seconds(610));
    assert_eq!(published(&service, 1).await, [rotated.id.to_string()]);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_a_stolen_key_signed_means_nothing(#[case] store: Store) {
    let (service, database, master) = with_keys(store).await;
    let before = service.citizen("an").await;
    before.get("/v1/me").await.expect(200);
    let now = service.app.now();
    let rotated = Keyring::rotate(&database, &master, now, Rotation::AtOnce).await.unwrap();
    while published(&service, 1).await != [rotated.id.to_string()] {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    before.get("/v1/me").await.expect(401);
    let after = service.citizen("binh").await;
    assert_eq!(signer(&after), rotated.id.to_string());
    after.get("/v1/me").await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn keys_that_are_of_no_more_use_are_removed(#[case] store: Store) {
    let (service, database, master) = with_keys(store).await;
    for _ in 0..5 {
        let now = service.app.now();
        Keyring::rotate(&database, &master, now, Rotation::Overlap).await.unwrap();
        service.clock.advance(TimeDelta::hours(1));
    }
    assert_eq!(published(&service, 1).await.len(), 1);
    let opened = Keyring::open(&database, &master, service.app.now()).await.unwrap();
    let tokens = Tokens::new(&opened, "https://c.thainguyen.gov.vn", "cthainguyen").unwrap();
    assert_eq!(tokens.public_keys(service.app.now().at).keys.len(), 1);
}
