//! A one-stop system that answers what a test wants, byte by byte, and fails in every way.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the system does with whoever asks.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// Answers with this status, type and body.
    Answers(u16, &'static str, String),
    /// Answers with the beginning of what it promised, and hangs up.
    HangsUp,
    /// Answers well when it is asked after this code, and with a failure for any other.
    Chokes(String, String),
    /// Says nothing for longer than anybody waits.
    IsSilent,
}

impl Behaviour {
    /// Answers with `body`.
    pub fn telling(body: &Value) -> Self {
        Self::Answers(200, "application/json; charset=utf-8", body.to_string())
    }
}

/// A running system. It stops when dropped.
pub struct OneStopStub {
    url: String,
    state: Arc<Mutex<State>>,
    running: JoinHandle<()>,
}

struct State {
    behaviour: Behaviour,
    asked: Vec<String>,
}

impl OneStopStub {
    /// Starts a system that behaves so.
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/dossier", listener.local_addr().expect("a bound address"));
        let state = Arc::new(Mutex::new(State { behaviour, asked: Vec::new() }));
        let known = Arc::clone(&state);
        let running = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&known)));
            }
        });
        Self { url, state, running }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets it behave so from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).behaviour = behaviour;
    }

    /// The requests since the last look, as they came.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner).asked)
    }
}

impl Drop for OneStopStub {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let request = read(&mut stream).await;
    let behaviour = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked.push(request.clone());
        match state.behaviour.clone() {
            Behaviour::Chokes(code, body) if request.contains(&code) => {
                Behaviour::Answers(200, "application/json", body)
            }
            Behaviour::Chokes(..) => Behaviour::Answers(500, "text/html", String::new()),
            other => other,
        }
    };
    let answer = match behaviour {
        Behaviour::Answers(status, content_type, body) => format!(
            "HTTP/1.1 {status} Whatever\r\nContent-Type: {content_type}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ),
        Behaviour::HangsUp => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
             Content-Length: 1000\r\n\r\n{\"code\": \"H55."
            .to_owned(),
        Behaviour::IsSilent | Behaviour::Chokes(..) => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            String::new()
        }
    };
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

/// A whole request: its head, and as much body as that promises.
async fn read(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            let length = lengths.next().and_then(|(_, length)| length.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => request.extend_from_slice(&chunk[..read]),
            _ => return text,
        }
    }
}
