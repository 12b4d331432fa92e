//! What takes minutes: the server killed again and again, its store taken away under load, lost or
//! restored, and a long day of mixed traffic. `scripts/test --endure` runs it.

mod killed;
mod long_day;
mod promoted;
mod replica;
mod restored;
mod store_away;
mod uploads;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    Caller,
    cluster::{Cluster, Durability},
    process::{Build, Process, command, free_address},
};

/// A place where the server runs, dies and runs again: always at the same address, with the same
/// files, on the same store.
struct Site {
    binary: PathBuf,
    address: SocketAddr,
    folder: TempDir,
    /// The address of the store, where it is not embedded.
    url: Option<String>,
    /// The server under it, where that is its own.
    cluster: Option<Cluster>,
}

impl Site {
    /// A site with an embedded store.
    fn embedded() -> Self {
        let binary = Build::Dev.server().unwrap();
        let address = free_address().unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self { binary, address, folder, url: None, cluster: None }
    }

    /// A site with a PostgreSQL server of its own.
    fn postgres() -> Self {
        let cluster = Cluster::start(Durability::Flushed).unwrap();
        cluster.create_database("site").unwrap();
        let url = Some(cluster.url("site"));
        Self { url, cluster: Some(cluster), ..Self::embedded() }
    }

    /// Another replica on the store of this one.
    fn replica(&self) -> Self {
        Self { url: self.url.clone(), ..Self::embedded() }
    }

    fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn start(&self) -> Process {
        let key = self.key();
        let variables = self.variables(&key);
        Process::serve(&self.binary, self.address, self.folder.path(), &variables).await.unwrap()
    }

    /// Whether the program does as told in `arguments`, and what it says.
    fn told(&self, arguments: &[&str]) -> (bool, String) {
        let key = self.key();
        let mut command = command(&self.binary, self.folder.path(), &self.variables(&key));
        let output = command.args(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    /// A file with the master key, the same for every site.
    fn key(&self) -> String {
        let key = self.folder.path().join("site.key");
        std::fs::write(&key, "A".repeat(43) + "=").unwrap();
        key.display().to_string()
    }

    fn variables<'s>(&'s self, key: &'s str) -> Vec<(&'static str, &'s str)> {
        match &self.url {
            Some(url) => vec![("DATABASE_URL", url), ("CTN_MASTER_KEY_FILE", key)],
            None => vec![],
        }
    }

    /// Somebody who calls this site, signed in as the demo person that `last` made under this name:
    /// the replica that was started last makes them anew.
    async fn signed_in(&self, last: &Self, username: &str) -> Caller {
        let accounts = std::fs::read(last.folder.path().join("demo-accounts.json")).unwrap();
        let accounts: Vec<Value> = serde_json::from_slice(&accounts).unwrap();
        let named = |account: &&Value| account["username"] == username;
        let account = accounts.iter().find(named).unwrap();
        let login = json!({ "username": username, "password": account["password"] });
        let anybody = Caller::new(&self.base());
        let tokens = anybody.post("/v1/auth/staff/login", login).await.expect(200);
        anybody.bearing(tokens["access_token"].as_str().unwrap())
    }
}

/// Waits until the store answers `site` and nothing waits for it any more.
async fn recovers(client: &Client, site: &Site) {
    let patience = tokio::time::timeout(Duration::from_secs(30), async {
        while !is_caught_up(client, site).await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    patience.await.expect("the service recovers by itself");
}

/// Whether the store answers `site` and nothing waits for it any more.
async fn is_caught_up(client: &Client, site: &Site) -> bool {
    let Ok(answer) = client.get(format!("{}/readyz", site.base())).send().await else {
        return false;
    };
    let told: Value = answer.json().await.unwrap_or_default();
    told["spooled"] == 0
}
