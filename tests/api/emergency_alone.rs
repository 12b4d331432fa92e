//! Intake depends on nothing but the store of emergencies: everything else taken away, it answers.

use rstest_reuse::apply;
use serde_json::json;
use tests::{Service, Store, tamper};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const ID: &str = "0193f000-0000-7000-8000-0000000000aa";
const SECRET: &str = "c2l4dGVlbi1ieXRlcy1zZWNyZXQ";

/// Every table that the sources of the service know of.
fn tables() -> Vec<String> {
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/src");
    let parts = std::fs::read_dir(format!("{sources}/schema")).unwrap();
    let files =
        parts.map(|file| file.unwrap().path()).chain([format!("{sources}/schema.rs").into()]);
    let text: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let heads = text.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(" ("));
    let names = heads.map(|(name, _)| name).filter(|name| !name.contains([' ', ':', '(']));
    names.map(str::to_owned).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn with_every_other_table_gone_a_call_is_stored_followed_and_called_off(
    #[case] store: Store,
) {
    // The system that dossiers are asked of is away, too.
    let away = [("CTN_DOSSIER_UPSTREAM_URL", "http://127.0.0.1:9/")];
    let service = Service::configured(store.fresh().await, &away).await;
    let signed_in = service.citizen("an").await;
    let others: Vec<_> = tables()
        .into_iter()
        .filter(|table| !table.starts_with("emergency") && !table.starts_with("event"))
        .collect();
    assert!(others.len() > 30 && others.contains(&"citizen".to_owned()), "{others:?}");
    for table in others {
        let gone = format!("ALTER TABLE {table} RENAME TO {table}_gone");
        tamper(service.app.database.url(), &gone);
    }
    let position = json!({ "lat": 21.5928, "lon": 105.8442, "secret": SECRET });
    let call = json!({ "kind": "fire", "secret": SECRET, "location": position });
    for caller in [service.anonymous(), signed_in] {
        caller.post(CALLS, json!({ "phone": "0912345678", "silent": true })).await.expect(201);
        let path = format!("{CALLS}/{ID}");
        let status = caller.put(&path, call.clone()).await.status();
        assert!(status == 201 || status == 200, "{status}");
        caller.post(&format!("{path}/locations"), position.clone()).await.expect(200);
        let follower = caller.put(&path, call.clone()).await.json()["token"].clone();
        let follower = caller.bearing(follower.as_str().unwrap());
        assert_eq!(follower.get(&path).await.expect(200)["kind"], "fire");
    }
    let off = json!({ "secret": SECRET });
    let off =
        service.anonymous().post(&format!("{CALLS}/{ID}/cancellation"), off).await.expect(200);
    assert_eq!(off["status"], "cancelled");
    assert_eq!(service.anonymous().get("/readyz").await.expect(200)["spooled"], 0);
}
