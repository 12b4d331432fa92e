//! The two stores, and a fresh database on either for each test.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use diesel::{Connection as _, PgConnection, SqliteConnection, connection::SimpleConnection as _};
use domain::Moment;
use infra::{
    clock::Clock as _,
    database::{Database, DatabaseOptions, DatabaseUrl},
    dataset::load_shipped,
    entropy::SystemEntropy,
    snapshot::{Snapshot, Snapshots},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{
    FrozenClock, Service,
    cluster::{Cluster, Durability},
};

/// A store that tests run on. Every test runs on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// The embedded one.
    Sqlite,
    /// The shared one: a private server, started by the first test that needs it.
    Postgres,
}

/// The server for all tests of this process. It stops with the process.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
        Cluster::start(Durability::Volatile).expect("the PostgreSQL server programs are installed")
    });
    &CLUSTER
}

const TEMPLATE: &str = "template_of_tests";

impl Store {
    /// A service of its own on an empty copy of this store.
    pub async fn service(self) -> Service {
        Service::start(self.fresh().await).await
    }

    /// An up-to-date store without any cases in it.
    pub async fn fresh(self) -> Fresh {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match self {
            Self::Sqlite => {
                let path = folder.path().join("test.db");
                std::fs::copy(sqlite_template().await, &path).expect("the template is readable");
                format!("sqlite:{}", path.display())
            }
            Self::Postgres => postgres_copy().await,
        };
        Fresh { folder, url }
    }
}

/// A store made for one test, and a folder that goes with it.
pub struct Fresh {
    /// Removed at the end of the test.
    pub folder: TempDir,
    /// The store's address.
    pub url: String,
}

/// A database file with the shipped data, copied for each test.
async fn sqlite_template() -> &'static Path {
    static TEMPLATE: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
    let (_, path) = TEMPLATE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let path = folder.path().join("template.db");
            drop(prepared(DatabaseUrl::Sqlite(path.clone())).await);
            fold_log(&path);
            (folder, path)
        })
        .await;
    path
}

/// A copy of a database with the shipped data on the server.
async fn postgres_copy() -> String {
    static TEMPLATE_MADE: OnceCell<()> = OnceCell::const_new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let cluster = blocking(cluster).await;
    TEMPLATE_MADE
        .get_or_init(|| async {
            blocking(|| cluster.create_database(TEMPLATE))
                .await
                .expect("a database for the template");
            drop(prepared(DatabaseUrl::Postgres(cluster.url(TEMPLATE))).await);
        })
        .await;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::SeqCst));
    let copied = name.clone();
    blocking(move || cluster.create_from_template(&copied, TEMPLATE)).await.expect("a copy");
    cluster.url(&name)
}

/// The snapshot of the shipped data, made once for all tests of this process.
pub(crate) async fn snapshot() -> Arc<Snapshot> {
    static SNAPSHOT: OnceCell<Arc<Snapshot>> = OnceCell::const_new();
    let made = async {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("snapshot.db");
        std::fs::copy(sqlite_template().await, &path).expect("the template is readable");
        let database = open(DatabaseUrl::Sqlite(path)).await;
        Snapshots::open(&database, None, None).await.expect("the data is readable").current()
    };
    Arc::clone(SNAPSHOT.get_or_init(|| made).await)
}

/// An up-to-date store that holds the shipped data and nothing else, loaded when every test starts.
/// What was loaded has chance of its own: counted ids would come again in the tests.
async fn prepared(url: DatabaseUrl) -> Database {
    let database = open(url).await;
    let entropy = Arc::new(SystemEntropy::default());
    let now = move || Moment::new(FrozenClock::default().now(), entropy.clone());
    load_shipped(&database, &now).await.expect("the shipped data is loaded");
    database
}

async fn open(url: DatabaseUrl) -> Database {
    Database::open(&DatabaseOptions { url, connections: 2 }).await.expect("the store opens")
}

/// Runs SQL behind the service's back, as somebody with the store in their hands could. What the
/// service writes at that moment is waited for.
pub fn tamper(url: &DatabaseUrl, statements: &str) {
    match url {
        DatabaseUrl::Sqlite(path) => SqliteConnection::establish(&path.to_string_lossy())
            .expect("the file opens")
            .batch_execute(&format!("PRAGMA busy_timeout = 5000; {statements}")),
        DatabaseUrl::Postgres(url) => {
            PgConnection::establish(url).expect("the server answers").batch_execute(statements)
        }
    }
    .expect("the store takes it");
}

/// Brings everything that was written into the database file itself.
fn fold_log(path: &Path) {
    SqliteConnection::establish(&path.to_string_lossy())
        .expect("the template opens")
        .batch_execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("the last user of the template leaves soon");
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("the work does not panic")
}
