//! A backup is restored into a new PostgreSQL server, beside which nothing of the old one is left
//! but the master key.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use reqwest::Client;
use serde_json::{Value, json};
use tests::{
    Caller, Promise,
    cluster::{Cluster, Durability, programs},
    enrolled,
    process::{Process, command},
};

use crate::Site;

const PHRASE: &str = "con trâu là đầu cơ nghiệp";

#[actix_web::test]
async fn the_service_goes_on_from_a_backup() {
    let site = Site::postgres();
    site.hires_binh();
    let server = site.opens().await;
    let anybody = Caller::new(&site.base());
    let dispatcher = enrolled(&anybody, "binh", PHRASE).await;
    let call = json!({ "kind": "fire", "note": "Cháy ở tầng hai", "phone": "0912345678" });
    let first = anybody.post("/v1/emergencies", call.clone()).await.expect(201);
    let claim = format!("/v1/dispatch/emergencies/{}/claim", text(&first, "id"));
    dispatcher.post(&claim, json!({})).await.expect(200);
    let queue = dispatcher.get("/v1/dispatch/emergencies?limit=1").await.expect(200);
    let second = anybody.post("/v1/emergencies", call.clone()).await.expect(201);
    let report = json!({ "category": "road.pothole", "text": "Ổ gà sâu giữa đường, trời mưa không thấy.",
                         "location": { "lat": 21.59, "lon": 105.84 } });
    let report = anybody.post("/v1/feedback", report).await.expect(201);
    let tracked = format!(
        "/v1/feedback/track/{}?token={}",
        text(&report, "code"),
        text(&report, "tracking_token")
    );
    let before = anybody.get(&tracked).await.expect(200);
    server.stop().unwrap();

    let backup = site.folder.path().join("backup");
    let began = Instant::now();
    let restored = site.restored_from(&backup);
    let _server = restored.opens().await;
    eprintln!("dumped, restored and ready after {:?}", began.elapsed());
    let anybody = Caller::new(&restored.base());
    // Signed before the backup: keys and sessions are in the store.
    let dispatcher = Caller::new(&restored.base()).bearing(dispatcher.token());
    let opened = format!("/v1/dispatch/emergencies/{}", text(&first, "id"));
    let opened = dispatcher.get(&opened).await.expect(200);
    assert_eq!(opened["note"], "Cháy ở tầng hai", "what is sealed opens");
    let after = format!("/v1/dispatch/events?after={}&wait_s=5", text(&queue, "events_cursor"));
    let told = dispatcher.get(&after).await.expect(200);
    assert_eq!(told["items"][0]["emergency_id"], second["id"], "the cursor goes on");
    for call in [&first, &second] {
        let promise: Promise = serde_json::from_value(call.clone()).unwrap();
        assert!(promise.is_kept(&Client::new(), &restored.base()).await);
    }
    assert_eq!(anybody.get(&tracked).await.expect(200), before);
    let third = anybody.post("/v1/emergencies", call).await.expect(201);
    let after = format!("/v1/dispatch/events?after={}&wait_s=5", text(&told, "next_cursor"));
    let told = dispatcher.get(&after).await.expect(200);
    assert_eq!(told["items"][0]["emergency_id"], third["id"], "positions go on");
    let said = restored.told(&["audit", "verify"]);
    assert!(said.0, "{}", said.1);
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

impl Site {
    /// Lets somebody work here who handles emergencies.
    fn hires_binh(&self) {
        let key = self.key();
        let mut command = command(&self.binary, self.folder.path(), &self.variables(&key));
        command.args(["staff", "add", "binh", "--role", "dispatcher", "--password-stdin"]);
        let mut hiring = command.stdin(Stdio::piped()).spawn().unwrap();
        hiring.stdin.take().unwrap().write_all(PHRASE.as_bytes()).unwrap();
        assert!(hiring.wait().unwrap().success());
    }

    /// Starts the server for real use: nobody is made anew.
    async fn opens(&self) -> Process {
        let key = self.key();
        let mut command = command(&self.binary, self.folder.path(), &self.variables(&key));
        command.arg("serve").env("CTN_LISTEN", self.address.to_string());
        let log = self.folder.path().join("server.log");
        Process::start(command, self.address, "/readyz", &log).await.unwrap()
    }

    /// A new site on a new server, which begins with a backup of this one's, made into `file`.
    fn restored_from(&self, file: &Path) -> Self {
        let cluster = Cluster::start(Durability::Flushed).unwrap();
        cluster.create_database("site").unwrap();
        let run = |program: &str, arguments: &[&str]| {
            let output =
                Command::new(programs().unwrap().join(program)).args(arguments).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let file = file.display().to_string();
        let from = self.cluster.as_ref().unwrap().url("site");
        run("pg_dump", &["--format", "custom", "--file", &file, "--dbname", &from]);
        let into = cluster.url("site");
        run("pg_restore", &["--exit-on-error", "--no-owner", "--dbname", &into, &file]);
        Self { url: Some(into), cluster: Some(cluster), ..Self::embedded() }
    }
}
