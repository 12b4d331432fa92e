//! What takes minutes: the server killed again and again, its store taken away under load, and a
//! long day of mixed traffic. `scripts/test --endure` runs it.

mod killed;
mod long_day;
mod store_away;
mod uploads;

use std::{net::SocketAddr, path::PathBuf};

use tempfile::TempDir;
use tests::{
    cluster::{Cluster, Durability},
    process::{Build, Process, free_address},
};

/// A place where the server runs, dies and runs again: always at the same address, with the same
/// files, on the same store.
struct Site {
    binary: PathBuf,
    address: SocketAddr,
    folder: TempDir,
    cluster: Option<Cluster>,
}

impl Site {
    /// A site with an embedded store.
    fn embedded() -> Self {
        let binary = Build::Dev.server().unwrap();
        let address = free_address().unwrap();
        Self { binary, address, folder: tempfile::tempdir().unwrap(), cluster: None }
    }

    /// A site with a PostgreSQL server of its own.
    fn postgres() -> Self {
        let cluster = Cluster::start(Durability::Flushed).unwrap();
        cluster.create_database("site").unwrap();
        Self { cluster: Some(cluster), ..Self::embedded() }
    }

    fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn start(&self) -> Process {
        let key = self.folder.path().join("site.key");
        std::fs::write(&key, "A".repeat(43) + "=").unwrap();
        let key = key.display().to_string();
        let url = self.cluster.as_ref().map(|cluster| cluster.url("site"));
        let variables = match &url {
            Some(url) => vec![("DATABASE_URL", url.as_str()), ("CTN_MASTER_KEY_FILE", &key)],
            None => vec![],
        };
        Process::serve(&self.binary, self.address, self.folder.path(), &variables).await.unwrap()
    }
}
