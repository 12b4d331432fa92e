//! A real server that speaks S3, over a folder.

use std::{fs, net::SocketAddr, path::PathBuf};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

const BUCKET: &str = "media";
const KEY: &str = "service";
const SECRET: &str = "only for tests, never for a real bucket";

/// A running server with one bucket. It stops when dropped.
pub struct Bucket {
    address: SocketAddr,
    folder: TempDir,
    running: JoinHandle<()>,
}

impl Bucket {
    /// Starts a server of its own for one test.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let running = tokio::spawn(serve(listener, folder.path().to_owned()));
        Self { address, folder, running }
    }

    /// Hangs up on everybody, and answers nobody any more.
    pub fn go_away(&self) {
        self.running.abort();
    }

    /// Is there again.
    pub async fn come_back(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the same port");
        self.running = tokio::spawn(serve(listener, self.folder.path().to_owned()));
    }

    /// What the service has to know of it.
    pub fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("CTN_MEDIA_BUCKET", BUCKET.to_owned()),
            ("CTN_MEDIA_BUCKET_ENDPOINT", format!("http://{}", self.address)),
            ("CTN_MEDIA_BUCKET_ACCESS_KEY_ID", KEY.to_owned()),
            ("CTN_MEDIA_BUCKET_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ]
    }

    /// What the files in it are called, without what they belong to.
    pub fn files(&self) -> Vec<String> {
        let things = fs::read_dir(self.folder.path().join(BUCKET)).expect("a bucket");
        let things = things.map(|thing| thing.expect("a readable entry").path());
        let mut files: Vec<_> = things
            .filter(|thing| thing.is_dir())
            .flat_map(|thing| fs::read_dir(thing).expect("a folder"))
            .map(|file| file.expect("a readable entry").file_name().to_string_lossy().into_owned())
            .filter(|name| !name.starts_with('.'))
            .collect();
        files.sort();
        files
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// Serves the buckets in `folder`. Who stops it hangs up on everybody.
async fn serve(listener: TcpListener, folder: PathBuf) {
    let files = FileSystem::new(folder).expect("a store of files");
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let server = Builder::new(TokioExecutor::new());
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let connection = server.serve_connection(TokioIo::new(socket), service.clone());
        connections.spawn(connection.into_owned());
    }
}
