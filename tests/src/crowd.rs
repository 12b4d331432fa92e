//! A crowd that calls for help, whatever happens to the server meanwhile.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt as _, future, stream};
use reqwest::{Client, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinHandle;

/// How long a caller waits before the next call.
const PAUSE: Duration = Duration::from_millis(20);
/// How many promises are looked at at once.
const AT_ONCE: usize = 64;
/// How often a server is asked that cannot answer yet.
const TIMES: usize = 20;

/// What a caller holds once the server has answered 2xx.
#[derive(Clone, Debug, Deserialize)]
pub struct Promise {
    id: String,
    token: String,
}

impl Promise {
    /// Those of `promises` that the server at `base` does not keep. So many are asked for at once
    /// that a crowd that goes on calling does not make them faster than they are looked at.
    pub async fn broken(promises: Vec<Self>, client: &Client, base: &str) -> Vec<Self> {
        let kept = |promise: Self| async move {
            let kept = promise.is_kept(client, base).await;
            (!kept).then_some(promise)
        };
        let looked_at = stream::iter(promises).map(kept).buffer_unordered(AT_ONCE);
        looked_at.filter_map(future::ready).collect().await
    }

    /// The id of the emergency.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the server at `base` still knows the emergency. A server that cannot say so at this moment
    /// is asked again: only one that does not know it, or never says, has broken its promise.
    pub async fn is_kept(&self, client: &Client, base: &str) -> bool {
        for _ in 0..TIMES {
            let request = client.get(format!("{base}/v1/emergencies/{}", self.id));
            let answer = request.bearer_auth(&self.token).send().await.map(|it| it.status());
            match answer {
                Ok(status) if status.is_success() => return true,
                Ok(StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED) => return false,
                other => eprintln!("{} cannot be looked at yet: {other:?}", self.id),
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        false
    }
}

/// What the callers have met.
#[derive(Default)]
pub struct Met {
    /// What they were promised, by 2xx.
    pub promises: Vec<Promise>,
    /// Every other status that they were answered.
    pub refusals: Vec<u16>,
    /// How often there was no answer.
    pub silences: u32,
}

/// People who call for help, one emergency after the other.
pub struct Crowd {
    met: Arc<Mutex<Met>>,
    enough: Arc<AtomicBool>,
    callers: Vec<JoinHandle<()>>,
}

impl Crowd {
    /// Lets `callers` at once call the server at `base`.
    #[must_use]
    pub fn calling(base: &str, callers: usize) -> Self {
        let met = Arc::new(Mutex::new(Met::default()));
        let enough = Arc::new(AtomicBool::new(false));
        let client = Client::new();
        let caller = |_| {
            let (met, enough) = (Arc::clone(&met), Arc::clone(&enough));
            let (client, url) = (client.clone(), format!("{base}/v1/emergencies"));
            tokio::spawn(async move {
                while !enough.load(Ordering::Relaxed) {
                    note(&met, call(&client, &url).await);
                    tokio::time::sleep(PAUSE).await;
                }
            })
        };
        let callers = (0..callers).map(caller).collect();
        Self { met, enough, callers }
    }

    /// What was met since the last look.
    #[must_use]
    pub fn look(&self) -> Met {
        std::mem::take(&mut self.met.lock().unwrap())
    }

    /// Lets the last answers come, and says what was met since the last look.
    pub async fn falls_silent(self) -> Met {
        self.enough.store(true, Ordering::Relaxed);
        for caller in self.callers {
            caller.await.ok();
        }
        std::mem::take(&mut self.met.lock().unwrap())
    }
}

enum Answered {
    Promise(Promise),
    Refusal(u16),
    Silence,
}

async fn call(client: &Client, url: &str) -> Answered {
    let body = json!({ "kind": "fire", "note": "Cháy ở tầng hai", "phone": "0912345678" });
    let Ok(answer) = client.post(url).json(&body).send().await else {
        return Answered::Silence;
    };
    if !answer.status().is_success() {
        return Answered::Refusal(answer.status().as_u16());
    }
    // An answer cut off before its end has promised nothing.
    answer.json().await.map_or(Answered::Silence, Answered::Promise)
}

fn note(met: &Mutex<Met>, answer: Answered) {
    let mut met = met.lock().unwrap();
    match answer {
        Answered::Promise(promise) => met.promises.push(promise),
        Answered::Refusal(status) => met.refusals.push(status),
        Answered::Silence => met.silences += 1,
    }
}
