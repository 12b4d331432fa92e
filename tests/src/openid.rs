//! A real OpenID provider, and a browser that signs in there.

use std::{
    collections::BTreeMap,
    env, io,
    path::{Path, PathBuf},
    process::Command,
};

use reqwest::{Client, Url, header, redirect::Policy};
use tempfile::TempDir;

use crate::process::{Process, free_address};

/// The password of the service at the provider, as `openid/provider.mjs` has it.
const SECRET: &str = "only for tests, never for a real provider";

/// A running provider. It stops when dropped.
pub struct OpenIdProvider {
    process: Process,
    _folder: TempDir,
}

impl OpenIdProvider {
    /// Starts a provider of its own for one test.
    pub async fn start() -> Self {
        Self::try_start().await.expect("the provider starts; `scripts/install test` installs it")
    }

    async fn try_start() -> io::Result<Self> {
        let (address, folder) = (free_address()?, tempfile::tempdir()?);
        let mut command = Command::new("node");
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/openid/provider.mjs"))
            .arg(modules()?)
            .arg(address.port().to_string());
        let log = folder.path().join("provider.log");
        let ready = "/.well-known/openid-configuration";
        let process = Process::start(command, address, ready, &log).await?;
        Ok(Self { process, _folder: folder })
    }

    /// What the service has to know of it.
    pub fn variables(&self) -> [(&'static str, String); 7] {
        [
            ("CTN_OIDC_ISSUER", self.process.url("")),
            ("CTN_OIDC_CLIENT_ID", "cthainguyen".to_owned()),
            ("CTN_OIDC_CLIENT_SECRET", SECRET.to_owned()),
            ("CTN_OIDC_SCOPES", "profile".to_owned()),
            ("CTN_OIDC_CLAIM_NATIONAL_ID", "SoDinhDanh".to_owned()),
            ("CTN_OIDC_CLAIM_FULL_NAME", "HoVaTen".to_owned()),
            ("CTN_OIDC_APP_REDIRECTS", "vn.gov.thainguyen.c:/oidc".to_owned()),
        ]
    }

    /// Gives the provider another key; the one before signs nothing any more.
    pub async fn rotate_key(&self) {
        let answer = reqwest::get(self.process.url("/rotate")).await.expect("an answer");
        assert!(answer.status().is_success());
    }

    /// Gives everybody there another family name.
    pub async fn rename(&self) {
        let answer = reqwest::get(self.process.url("/rename")).await.expect("an answer");
        assert!(answer.status().is_success());
    }

    /// Signs in as `name` where `url`, an address of this provider, leads a browser. Answers the
    /// address to which the provider sends it back.
    pub async fn sign_in(&self, url: &str, name: &str) -> Url {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        let mut url = Url::parse(url).expect("an address");
        url.query_pairs_mut().append_pair("login_hint", name);
        let mut cookies = BTreeMap::new();
        while url.as_str().starts_with(&self.process.url("/")) {
            let jar: Vec<_> = cookies.iter().map(|(name, it)| format!("{name}={it}")).collect();
            let request = client.get(url.clone()).header(header::COOKIE, jar.join("; "));
            let answer = request.send().await.expect("an answer");
            for cookie in answer.headers().get_all(header::SET_COOKIE) {
                let cookie = cookie.to_str().expect("a readable cookie");
                let (pair, _) = cookie.split_once(';').unwrap_or((cookie, ""));
                let (name, value) = pair.split_once('=').expect("a name and a value");
                cookies.insert(name.to_owned(), value.to_owned());
            }
            let next = answer.headers().get(header::LOCATION).expect("it leads on").to_str();
            url = url.join(next.expect("a readable address")).expect("an address");
        }
        url
    }
}

/// Where `scripts/install test` puts the provider: beside what is built.
fn modules() -> io::Result<PathBuf> {
    let own = env::current_exe()?;
    let mut folders = own.ancestors().map(|folder| folder.join("tools/openid/node_modules"));
    let installed = folders.find(|folder| Path::is_dir(folder));
    installed.ok_or_else(|| io::Error::other("there is no target/tools/openid/node_modules"))
}
