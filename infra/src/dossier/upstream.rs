//! Asking the one-stop system of the province how a dossier stands. What it has to answer is written
//! down in `docs/upstream-dossier.yaml`.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use backon::{ExponentialBuilder, Retryable as _};
use domain::dossier::{DossierCode, Draft, LocalStates, Report};
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap},
};
use secrecy::SecretString;
use serde_json::json;
use tokio::time::Instant;

use super::breaker::Breaker;
use crate::{clock::Clock, outbound};

/// How long to wait before the second try.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// How often to try again.
const TRIES_MORE: usize = 2;

/// A system that can be asked how a dossier stands.
pub trait DossierSystem: Send + Sync {
    /// What the system tells of the dossier `code`; nothing where it has none.
    fn ask<'s>(&'s self, code: &'s DossierCode) -> Asking<'s>;
}

/// An answer on its way.
pub type Asking<'s> = Pin<Box<dyn Future<Output = Result<Option<Report>, Away>> + Send + 's>>;

/// Why there is no answer. Holds nothing of the dossier: it goes into the log.
#[derive(Debug, thiserror::Error)]
pub enum Away {
    /// It failed too often, and is left alone for a while.
    #[error("it is left alone: it failed too often")]
    LeftAlone,
    /// All tries together took too long.
    #[error("too slow")]
    TooSlow,
    /// There was no whole answer.
    #[error("no answer ({0})")]
    NoAnswer(&'static str),
    /// The answer was not one of success.
    #[error("status {0}")]
    Status(StatusCode),
    /// The answer was not what was agreed.
    #[error("not what was agreed: {0}")]
    Garbage(&'static str),
}

impl Away {
    /// Whether the system answered, though not as agreed: another dossier may fare better.
    #[must_use]
    pub const fn is_about_one(&self) -> bool {
        matches!(self, Self::Status(_) | Self::Garbage(_))
    }

    /// Whether the next moment may be better.
    fn may_pass(&self) -> bool {
        match self {
            Self::NoAnswer(_) => true,
            Self::Status(status) => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::LeftAlone | Self::TooSlow | Self::Garbage(_) => false,
        }
    }
}

/// How to reach the system.
#[derive(Clone, Debug)]
pub struct UpstreamOptions {
    /// Where it is asked, by POST.
    pub url: String,
    /// Headers that it asks for: `Name: value`.
    pub headers: Vec<SecretString>,
    /// How long all tries together may take.
    pub patience: Duration,
    /// What the states of the system mean.
    pub states: LocalStates,
}

/// The one-stop system, by HTTP.
pub struct Upstream {
    client: Client,
    url: Url,
    patience: Duration,
    states: LocalStates,
    breaker: Mutex<Breaker>,
    clock: Arc<dyn Clock>,
}

impl Upstream {
    /// The system as `options` describe it.
    ///
    /// # Errors
    /// [`InvalidUpstream`] says what to correct.
    pub fn new(options: &UpstreamOptions, clock: Arc<dyn Clock>) -> Result<Self, InvalidUpstream> {
        let headers = options.headers.iter().map(outbound::header);
        let headers: Option<HeaderMap> = headers.collect();
        let headers = headers.ok_or(InvalidUpstream::Header)?;
        Ok(Self {
            client: outbound::client(headers).map_err(InvalidUpstream::Client)?,
            url: outbound::safe_url(&options.url).ok_or(InvalidUpstream::Url)?,
            patience: options.patience,
            states: options.states.clone(),
            breaker: Mutex::default(),
            clock,
        })
    }

    /// Asks until there is an answer, `until` then at most.
    async fn ask_patiently(
        &self,
        code: &DossierCode,
        until: Instant,
    ) -> Result<Option<Report>, Away> {
        let again = ExponentialBuilder::default()
            .with_min_delay(FIRST_WAIT)
            .with_max_times(TRIES_MORE)
            .with_jitter();
        let asked = (|| self.try_once(code)).retry(again).when(Away::may_pass);
        tokio::time::timeout_at(until, asked).await.unwrap_or(Err(Away::TooSlow))
    }

    /// Tries once, for half of the patience: a second try has to have its time.
    async fn try_once(&self, code: &DossierCode) -> Result<Option<Report>, Away> {
        let question = self.client.post(self.url.clone()).timeout(self.patience / 2);
        let question = question.json(&json!({ "code": code.as_str() }));
        let answer = question.send().await.map_err(|error| no_answer(&error))?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => self.read(code, answer).await.map(Some),
            status => Err(Away::Status(status)),
        }
    }

    async fn read(&self, code: &DossierCode, answer: Response) -> Result<Report, Away> {
        if !is_json(&answer) {
            return Err(Away::Garbage("no JSON"));
        }
        let body = outbound::body(answer).await.map_err(|error| no_answer(&error))?;
        let draft: Draft = serde_json::from_slice(&body)
            .map_err(|_| Away::Garbage("no dossier, or a field of another type"))?;
        let report = draft.check(self.clock.now(), &self.states);
        let report = report.map_err(|_| Away::Garbage("a field that cannot be read"))?;
        if report.code == *code { Ok(report) } else { Err(Away::Garbage("another dossier")) }
    }

    /// Where odd answers have the system left alone, asks after a dossier that it answered well
    /// before: if it does so again only some codes are answered badly, and whoever asks after those
    /// holds up nobody else. Whoever asks waits for no longer than for one answer.
    async fn ask_control_question(&self, odd: &DossierCode, until: Instant) {
        let well = self.breaker().control_question();
        if let Some(code) = well.filter(|code| code != odd)
            && self.ask_patiently(&code, until).await.is_ok()
        {
            self.breaker().succeeded(&code);
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DossierSystem for Upstream {
    fn ask<'s>(&'s self, code: &'s DossierCode) -> Asking<'s> {
        Box::pin(async move {
            if !self.breaker().admits(self.clock.now()) {
                return Err(Away::LeftAlone);
            }
            let until = Instant::now() + self.patience;
            let answer = self.ask_patiently(code, until).await;
            match &answer {
                Ok(_) => self.breaker().succeeded(code),
                Err(away) => {
                    self.breaker().failed(self.clock.now());
                    if away.is_about_one() {
                        self.ask_control_question(code, until).await;
                    }
                }
            }
            answer
        })
    }
}

fn no_answer(error: &reqwest::Error) -> Away {
    Away::NoAnswer(outbound::why(error))
}

fn is_json(answer: &Response) -> bool {
    let declared = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = declared.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Why there is no such system, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum InvalidUpstream {
    /// It cannot be reached safely.
    #[error("dossier_upstream_url: an address with https, or with http on this machine itself")]
    Url,
    /// A header is none.
    #[error("dossier_upstream_headers: each is a name, a colon and a value")]
    Header,
    /// The system does not allow it.
    #[error("nothing can be asked by HTTP: {0}")]
    Client(reqwest::Error),
}
