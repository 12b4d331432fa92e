//! The real server under measurement, and what must stand in it before.

use std::{
    fs,
    path::{Path, PathBuf},
};

use reqwest::{Client, RequestBuilder, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use tests::process::{Process, command, free_address};

use crate::{Outcome, store::Store};

/// How many emergencies and reports stand in the lists that are measured.
const CASES: u32 = 60;

/// The server, with its folder.
pub(crate) struct Subject {
    pub(crate) server: Process,
    folder: PathBuf,
    client: Client,
}

/// A line of the file of demo accounts.
#[derive(Deserialize)]
struct Account {
    role: String,
    username: Option<String>,
    password: Option<String>,
}

/// A page of the list of procedures.
#[derive(Deserialize)]
struct Procedures {
    items: Vec<Procedure>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Procedure {
    name: String,
}

#[derive(Deserialize)]
struct Login {
    access_token: String,
}

#[derive(Deserialize)]
struct Report {
    id: String,
    code: String,
    tracking_token: String,
}

impl Subject {
    /// Starts the server at `binary` on `store`, with its files in `folder`, which it finds again
    /// when it is started there once more.
    pub(crate) async fn start(binary: &Path, store: &Store, folder: &Path) -> Outcome<Self> {
        let key = key(folder)?;
        let variables = variables(store, &key);
        let server = Process::serve(binary, free_address()?, folder, &variables).await?;
        Ok(Self { server, folder: folder.to_owned(), client: Client::new() })
    }

    /// The names of all procedures.
    pub(crate) async fn procedure_names(&self) -> Outcome<Vec<String>> {
        let mut names = Vec::new();
        let mut next = String::new();
        loop {
            let path = format!("/v1/procedures?limit=100{next}");
            let page: Procedures = answer(self.client.get(self.server.url(&path))).await?;
            names.extend(page.items.into_iter().map(|procedure| procedure.name));
            match page.next_cursor {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => return Ok(names),
            }
        }
    }

    /// Those of `paths` that are answered.
    pub(crate) async fn answered(&self, paths: Vec<String>) -> Outcome<Vec<String>> {
        let mut answered = Vec::new();
        for path in paths {
            if self.client.get(self.server.url(&path)).send().await?.status().is_success() {
                answered.push(path);
            }
        }
        if answered.is_empty() { Err("none of the paths is answered".into()) } else { Ok(answered) }
    }

    /// An access token of the demo person with this role.
    pub(crate) async fn token(&self, role: &str) -> Outcome<String> {
        let account = self.accounts()?.into_iter().find(|account| account.role == role);
        self.login(account.ok_or(format!("there is no demo {role}"))?).await
    }

    /// An access token of the demo person with this name.
    pub(crate) async fn signed_in(&self, username: &str) -> Outcome<String> {
        let named = |account: &Account| account.username.as_deref() == Some(username);
        let account = self.accounts()?.into_iter().find(named);
        self.login(account.ok_or(format!("there is no demo {username}"))?).await
    }

    fn accounts(&self) -> Outcome<Vec<Account>> {
        Ok(serde_json::from_slice(&fs::read(self.folder.join("demo-accounts.json"))?)?)
    }

    async fn login(&self, account: Account) -> Outcome<String> {
        let login = json!({ "username": account.username, "password": account.password });
        let login: Login = answer(self.post("/v1/auth/staff/login", &login)).await?;
        Ok(login.access_token)
    }

    /// What the holder of `token` reads at `path`.
    pub(crate) async fn read<T: DeserializeOwned>(&self, path: &str, token: &str) -> Outcome<T> {
        answer(self.client.get(self.server.url(path)).bearer_auth(token)).await
    }

    /// What `body`, sent to `path` by the holder of `token` or by nobody, is answered.
    pub(crate) async fn sent<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
        token: &str,
    ) -> Outcome<T> {
        answer(self.posted_by(path, body, token)).await
    }

    /// With which status it is answered.
    pub(crate) async fn status_of(&self, path: &str, body: &Value, token: &str) -> Outcome<u16> {
        let answer = self.posted_by(path, body, token).send().await?;
        let status = answer.status().as_u16();
        answer.bytes().await?;
        Ok(status)
    }

    /// `body` on its way to `path`, from the holder of `token` or from nobody.
    pub(crate) fn posted_by(&self, path: &str, body: &Value, token: &str) -> RequestBuilder {
        let request = self.post(path, body);
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    /// Puts emergencies into the queue, and reports before the public.
    pub(crate) async fn fill(&self) -> Outcome<()> {
        let officer = self.token("officer").await?;
        for number in 0..CASES {
            let place = json!({ "lat": 21.59 + f64::from(number) / 1e4, "lon": 105.84 });
            let emergency = json!({ "kind": "medical", "note": "Ngã xe", "location": place });
            answer::<Value>(self.post("/v1/emergencies", &emergency)).await?;
            let report = self.report(&place).await?;
            let desk = format!("/v1/desk/feedback/{}", report.id);
            let seen = self.client.get(self.server.url(&desk)).bearer_auth(&officer).send().await?;
            let version = seen.headers().get(header::ETAG).ok_or("a report without a version")?;
            let publish = self.post(&format!("{desk}/publish"), &json!({})).bearer_auth(&officer);
            answer::<Value>(publish.header(header::IF_MATCH, version)).await?;
        }
        Ok(())
    }

    /// Where somebody who reported something reads what became of it.
    pub(crate) async fn tracked_report(&self) -> Outcome<String> {
        let report = self.report(&json!({ "lat": 21.59, "lon": 105.84 })).await?;
        Ok(format!("/v1/feedback/track/{}?token={}", report.code, report.tracking_token))
    }

    /// Asks for `path` until it is answered, and what is behind it is ready.
    pub(crate) async fn ready(&self, path: &str) -> Outcome<()> {
        for _ in 0..600 {
            if self.client.get(self.server.url(path)).send().await?.status().is_success() {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        Err(format!("{path} was not answered within a minute").into())
    }

    async fn report(&self, place: &Value) -> Outcome<Report> {
        let report = json!({
            "category": "road.pothole",
            "text": "Ổ gà sâu giữa đường, trời mưa không nhìn thấy.",
            "location": place,
        });
        answer(self.post("/v1/feedback", &report)).await
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.client.post(self.server.url(path));
        request.header(header::CONTENT_TYPE, "application/json").body(body.to_string())
    }
}

/// Imports procedures from `file` into the store as an operator does.
pub(crate) fn import(binary: &Path, store: &Store, folder: &Path, file: &Path) -> Outcome<()> {
    let key = key(folder)?;
    let mut command = command(binary, folder, &variables(store, &key));
    let output = command.args(["import", "procedures"]).arg(file).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into())
}

/// A file with the master key. What it protects here is made for the measurement.
fn key(folder: &Path) -> Outcome<String> {
    let key = folder.join("measurement.key");
    fs::write(&key, "A".repeat(43) + "=")?;
    Ok(key.display().to_string())
}

/// What the environment of the program says of `store`.
fn variables<'s>(store: &'s Store, key: &'s str) -> Vec<(&'static str, &'s str)> {
    match store {
        Store::Embedded => vec![],
        Store::Postgres { url, .. } => {
            vec![("DATABASE_URL", url.as_str()), ("CTN_MASTER_KEY_FILE", key)]
        }
    }
}

/// What the server answers, where it does as asked.
async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Outcome<T> {
    let response = request.send().await?;
    let (status, url) = (response.status(), response.url().clone());
    let text = response.text().await?;
    if !status.is_success() {
        return Err(format!("{url} answered {status}: {text}").into());
    }
    Ok(serde_json::from_str(&text)?)
}
