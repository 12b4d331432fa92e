//! Rate limits: how often one address may ask for what is costly, and one account or key for
//! anything. Raising an emergency has none.
//!
//! A whole village can share the address of its carrier, so the limits are wide: they keep one
//! address from taking the machine for itself. What must be narrow is counted by the rules of the
//! domain, in the store: codes to one phone, tries at one code, codes that nobody used from one
//! address. So an address has no more guesses than five for each unused code, however often it asks.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
};

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};
use domain::allowance::TakeError;
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use uuid::Uuid;

use crate::{
    problem::{ApiError, Code},
    settings::{self, Settings},
};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limited {
    /// Asking for a code by SMS.
    OtpRequest,
    /// Trying a code.
    OtpVerify,
    /// Signing in by OpenID Connect, each step of it.
    Oidc,
    /// Looking dossiers up.
    DossierLookUp,
    /// Reporting something, by account or, without signing in, by address.
    Feedback,
    /// Uploading something, by account or, without signing in, by address.
    Upload,
    /// Reporting something for a business, by its people and its systems together.
    BusinessFeedback,
    /// Asking what would become of a report.
    Preview,
    /// Saying that a report concerns one, too.
    Voice,
    /// Having figures counted anew that nobody asked for lately.
    Statistics,
    /// Signing in as staff.
    StaffLogin,
    /// Trading refresh tokens.
    Refresh,
    /// Whatever somebody who is signed in asks for.
    Account,
    /// Whatever the system of a business asks for.
    ApiKey,
}

impl Limited {
    const ALL: [Self; 14] = [
        Self::OtpRequest,
        Self::OtpVerify,
        Self::Oidc,
        Self::DossierLookUp,
        Self::Feedback,
        Self::Upload,
        Self::BusinessFeedback,
        Self::Preview,
        Self::Voice,
        Self::Statistics,
        Self::StaffLogin,
        Self::Refresh,
        Self::Account,
        Self::ApiKey,
    ];

    /// The name in the headers, and how many a minute.
    const fn row(self) -> (&'static str, NonZeroU32) {
        match self {
            Self::OtpRequest => ("otp", per_minute(240)),
            Self::OtpVerify => ("otp-verify", per_minute(480)),
            Self::Oidc => ("oidc", per_minute(120)),
            Self::DossierLookUp => ("dossier-lookup", per_minute(60)),
            Self::Feedback => ("feedback", per_minute(60)),
            Self::Upload => ("upload", per_minute(120)),
            Self::BusinessFeedback => ("business-feedback", per_minute(300)),
            Self::Preview => ("feedback-preview", per_minute(120)),
            Self::Voice => ("feedback-voice", per_minute(120)),
            Self::Statistics => ("feedback-statistics", per_minute(30)),
            Self::StaffLogin => ("staff-login", per_minute(30)),
            Self::Refresh => ("refresh", per_minute(240)),
            Self::Account => ("account", per_minute(1200)),
            Self::ApiKey => ("api-key", per_minute(600)),
        }
    }
}

const fn per_minute(times: u32) -> NonZeroU32 {
    match NonZeroU32::new(times) {
        Some(times) => times,
        None => NonZeroU32::MIN,
    }
}

/// The address of a peer that has none.
const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// By whom something is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Source {
    /// A network address.
    Address(IpAddr),
    /// Somebody who is signed in.
    Account(Uuid),
    /// The key of another system.
    Key(Uuid),
}

type Counter =
    RateLimiter<Source, DashMapStateStore<Source>, DefaultClock, StateInformationMiddleware>;

/// The rate limits of this process.
pub struct Limits {
    counters: HashMap<Limited, Counter>,
    trusted_proxies: Vec<IpAddr>,
}

impl Limits {
    /// The limits as `settings` have them: all, or none.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let all: &[Limited] = match settings.limits {
            settings::Limits::On => &Limited::ALL,
            settings::Limits::Off => &[],
        };
        let counter = |limited: &Limited| {
            let quota = Quota::per_minute(limited.row().1);
            (*limited, RateLimiter::dashmap(quota).with_middleware())
        };
        Self {
            counters: all.iter().map(counter).collect(),
            trusted_proxies: settings.trusted_proxies.clone(),
        }
    }

    /// Counts `request` for the address it came from; its answer will say what is left.
    ///
    /// # Errors
    /// [`Code::RateLimited`] when it is one too many.
    pub fn admit(&self, limited: Limited, request: &HttpRequest) -> Result<(), ApiError> {
        self.count(limited, Source::Address(self.source(request)), request)
    }

    /// Counts `request` for the account of who is signed in, wherever they are.
    ///
    /// # Errors
    /// [`Code::RateLimited`] when it is one too many.
    pub fn admit_account(
        &self,
        limited: Limited,
        account: Uuid,
        request: &HttpRequest,
    ) -> Result<(), ApiError> {
        self.count(limited, Source::Account(account), request)
    }

    /// Counts `request` for the key that came with it, whichever addresses its holder has.
    ///
    /// # Errors
    /// [`Code::RateLimited`] when it is one too many.
    pub fn admit_key(&self, key: Uuid, request: &HttpRequest) -> Result<(), ApiError> {
        self.count(Limited::ApiKey, Source::Key(key), request)
    }

    fn count(
        &self,
        limited: Limited,
        source: Source,
        request: &HttpRequest,
    ) -> Result<(), ApiError> {
        let Some(counter) = self.counters.get(&limited) else { return Ok(()) };
        let standing = Standing::of(limited, counter, source);
        request.extensions_mut().insert(standing);
        standing.admitted()
    }

    /// Where `request` came from: the peer, or whom a trusted proxy names. A network of IPv6 is
    /// one source, because its holder has 2⁶⁴ addresses.
    #[must_use]
    pub fn source(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(NOWHERE, |peer| peer.ip().to_canonical());
        let forwarded = request.headers().get_all(X_FORWARDED_FOR);
        let forwarded: Vec<_> = forwarded.filter_map(|value| value.to_str().ok()).collect();
        network(self.behind_proxies(peer, &forwarded.join(",")))
    }

    /// Goes back through `forwarded`, newest first, as far as each hop is a trusted proxy.
    fn behind_proxies(&self, peer: IpAddr, forwarded: &str) -> IpAddr {
        let mut source = peer;
        let mut hops = forwarded.rsplit(',').map(|hop| hop.trim().parse());
        while self.trusted_proxies.contains(&source)
            && let Some(Ok(hop)) = hops.next()
        {
            source = hop;
        }
        source
    }

    /// Forgets sources that have all their requests left, which is how a new one begins.
    pub fn forget_idle(&self) {
        for counter in self.counters.values() {
            counter.retain_recent();
        }
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
        IpAddr::V4(address) => address.into(),
    }
}

/// What a source has left of a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    limited: Limited,
    left: u32,
    retry_after_s: Option<u32>,
}

impl Standing {
    fn of(limited: Limited, counter: &Counter, source: Source) -> Self {
        match counter.check_key(&source) {
            Ok(state) => {
                Self { limited, left: state.remaining_burst_capacity(), retry_after_s: None }
            }
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
                Self { limited, left: 0, retry_after_s: Some(seconds.saturating_add(1)) }
            }
        }
    }

    fn admitted(self) -> Result<(), ApiError> {
        match self.retry_after_s {
            None => Ok(()),
            Some(seconds) => Err(ApiError::new(Code::RateLimited).retry_after(seconds)),
        }
    }

    /// Tells the client (draft-ietf-httpapi-ratelimit-headers-10).
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        let (name, times) = self.limited.row();
        let policy = format!("\"{name}\";q={times};w=60");
        let left = match self.retry_after_s {
            None => format!("\"{name}\";r={}", self.left),
            Some(seconds) => format!("\"{name}\";r=0;t={seconds}"),
        };
        for (header, value) in [(RATELIMIT_POLICY, policy), (RATELIMIT, left)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(header, value);
            }
        }
    }
}

impl From<TakeError> for ApiError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::UsedUp { retry_after } => {
                Self::new(Code::RateLimited).retry_after_all_of(retry_after)
            }
            TakeError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(trusted: &[&str], peer: &str, forwarded: &str) -> String {
        let trusted_proxies = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let limits = Limits { counters: HashMap::new(), trusted_proxies };
        limits.behind_proxies(peer.parse().unwrap(), forwarded).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(behind(&[], "10.0.0.1", "203.0.113.9"), "10.0.0.1");
        assert_eq!(behind(&["10.0.0.1"], "10.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(behind(&["10.0.0.1"], "10.0.0.1", "8.8.8.8, 203.0.113.9"), "203.0.113.9");
        assert_eq!(behind(&["10.0.0.1"], "10.0.0.1", "nonsense"), "10.0.0.1");
        assert_eq!(behind(&["10.0.0.1"], "10.0.0.1", ""), "10.0.0.1");
        assert_eq!(
            behind(&["10.0.0.1", "10.0.0.2"], "10.0.0.1", "203.0.113.9,10.0.0.2"),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_network_of_ipv6_is_one_source() {
        let [a, b, c] = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"]
            .map(|address| network(address.parse().unwrap()));
        assert_eq!(a, b);
        assert_ne!(a, c);
        assert_eq!(network("::ffff:203.0.113.9".parse().unwrap()).to_string(), "203.0.113.9");
    }
}
