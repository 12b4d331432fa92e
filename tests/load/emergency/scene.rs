//! Where emergencies are measured: one server, or two replicas on the same store.

use std::{collections::HashMap, fs, path::Path};

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{BUILD, Outcome, cpu, store::Store, subject::Subject};

/// Some servers over a store of their own, with files in a folder that goes with them.
pub(super) struct Scene {
    /// The servers, at least one.
    pub(super) replicas: Vec<Subject>,
    /// The store under them.
    pub(super) store: Store,
    /// The folder of files, for whatever a measurement keeps.
    pub(super) folder: TempDir,
}

impl Scene {
    /// So many `replicas` for the part `name` of the bench, at rest.
    pub(super) async fn set(store: &Store, name: &str, replicas: usize) -> Outcome<Self> {
        let (store, folder) = (store.apart(name)?, tempfile::tempdir()?);
        let replicas = started(&store, folder.path(), replicas).await?;
        Ok(Self { replicas, store, folder })
    }

    /// The same with its replicas stopped and started again, at rest.
    pub(super) async fn started_anew(self) -> Outcome<Self> {
        let Self { replicas, store, folder } = self;
        let count = replicas.len();
        for replica in replicas {
            replica.server.stop()?;
        }
        let replicas = started(&store, folder.path(), count).await?;
        Ok(Self { replicas, store, folder })
    }

    /// The server that was started last, to whom the demo people belong.
    pub(super) fn last(&self) -> Outcome<&Subject> {
        self.replicas.last().ok_or_else(|| "there is no server".into())
    }

    /// Where files of the measurement lie.
    pub(super) fn files(&self) -> &Path {
        self.folder.path()
    }

    /// The access tokens of dispatchers, each of their agency.
    pub(super) async fn dispatchers(&self, agencies: &[&str]) -> Outcome<HashMap<String, String>> {
        let mut tokens = HashMap::new();
        for &agency in agencies {
            let token = self.last()?.signed_in(&format!("dispatcher-{agency}")).await?;
            tokens.insert(agency.to_owned(), token);
        }
        Ok(tokens)
    }

    /// Where the event feed goes on from now, for the holder of `token`.
    pub(super) async fn events_cursor(&self, token: &str) -> Outcome<String> {
        let queue: Value = self.last()?.read("/v1/dispatch/emergencies?limit=1", token).await?;
        Ok(queue["events_cursor"].as_str().ok_or("a queue without a cursor")?.to_owned())
    }

    /// Raises an emergency of `kind` at the first server, and says its id.
    pub(super) async fn raise(&self, kind: &str) -> Outcome<String> {
        let answer = self.call(kind)?.send().await?.error_for_status()?;
        let raised: Value = serde_json::from_str(&answer.text().await?)?;
        Ok(raised["id"].as_str().ok_or("an emergency without an id")?.to_owned())
    }

    /// A call for help of `kind` on its way to the first server.
    pub(super) fn call(&self, kind: &str) -> Outcome<RequestBuilder> {
        let first = self.replicas.first().ok_or("there is no server")?;
        let body = json!({ "kind": kind, "note": "Cháy ở tầng hai", "phone": "0912345678" });
        Ok(first.posted_by("/v1/emergencies", &body, ""))
    }
}

/// So many replicas on `store`, at rest, with their files below `folder`.
async fn started(store: &Store, folder: &Path, count: usize) -> Outcome<Vec<Subject>> {
    let binary = BUILD.server()?;
    let mut replicas = Vec::new();
    for number in 0..count {
        let files = folder.join(format!("replica-{number}"));
        fs::create_dir_all(&files)?;
        replicas.push(Subject::start(&binary, store, &files).await?);
    }
    for replica in &replicas {
        cpu::settled(replica.server.pid()).await;
    }
    Ok(replicas)
}
