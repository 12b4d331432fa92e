//! Minutes of everything at once: calls for help, searches, and requests that nobody should send.

use std::time::{Duration, Instant};

use domain::Entropy as _;
use infra::entropy::SystemEntropy;
use reqwest::{Client, Method};
use tests::Crowd;

use crate::Site;

const LENGTH: Duration = Duration::from_mins(5);
/// After so long the server has everything that it keeps in memory.
const SETTLED: Duration = Duration::from_mins(1);
/// How much its memory may still grow from then on.
const GROWTH_MIB: f64 = 48.0;

const PATHS: [&str; 14] = [
    "/v1/search?q=",
    "/v1/search/suggest?q=",
    "/v1/procedures?limit=3&cursor=",
    "/v1/procedures/",
    "/v1/communes/locate?lat=21.6&lon=",
    "/v1/communes/resolve?name=",
    "/v1/feedback?cursor=",
    "/v1/feedback",
    "/v1/feedback/track/",
    "/v1/emergencies/",
    "/v1/auth/otp",
    "/v1/auth/staff/login",
    "/v1/dispatch/events?after=",
    "/v1/hotlines?",
];

#[actix_web::test]
async fn an_embedded_store_gets_through_it() {
    goes_through_a_long_day(Site::embedded()).await;
}

#[actix_web::test]
async fn a_shared_store_gets_through_it() {
    goes_through_a_long_day(Site::postgres()).await;
}

async fn goes_through_a_long_day(site: Site) {
    let server = site.start().await;
    let client = Client::new();
    let crowd = Crowd::calling(&site.base(), 2);
    let (begin, mut settled, mut sent) = (Instant::now(), None, 0_u32);
    while begin.elapsed() < LENGTH {
        let (method, path, body) = anything();
        let request = client.request(method.clone(), server.url(&path)).body(body.clone());
        let answer = request.header("content-type", "application/json").send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{method} {path} {body:?}: {error}"));
        assert!(!answer.status().is_server_error(), "{method} {path} {body:?}: {answer:?}");
        answer.bytes().await.unwrap();
        sent += 1;
        if settled.is_none() && begin.elapsed() > SETTLED {
            settled = Some(server.resident_mib().unwrap());
        }
    }
    let (settled, end) = (settled.unwrap(), server.resident_mib().unwrap());
    assert!(
        end < settled + GROWTH_MIB,
        "memory grew from {settled} to {end} MiB in {sent} requests"
    );
    let met = crowd.falls_silent().await;
    assert_eq!((met.refusals, met.silences), (vec![], 0));
    for promise in met.promises.iter().step_by(100) {
        assert!(promise.is_kept(&client, &site.base()).await, "{promise:?}");
    }
    server.stop().unwrap();
}

/// A request that some phone, scanner or broken client might send: a real address, and behind it
/// or in its body bytes at random.
fn anything() -> (Method, String, Vec<u8>) {
    let mut chance = [0; 48];
    SystemEntropy::default().fill(&mut chance);
    let [kind, path, ends @ ..] = chance;
    let methods = [Method::GET, Method::GET, Method::POST, Method::PUT, Method::DELETE];
    let method = methods[usize::from(kind) % methods.len()].clone();
    let path = PATHS[usize::from(path) % PATHS.len()];
    let noise: String =
        ends.iter().take(usize::from(kind) % 16).map(|byte| format!("%{byte:02x}")).collect();
    let body = match kind % 3 {
        0 => ends.to_vec(),
        1 => format!("{{\"text\":\"{}\",\"category\":{kind}}}", String::from_utf8_lossy(&ends))
            .into(),
        _ => b"[".repeat(usize::from(kind) * 40),
    };
    (method, format!("{path}{noise}"), body)
}
