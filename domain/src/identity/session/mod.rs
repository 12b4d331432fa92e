//! Sessions: from signing in to signing out, on one device.
//!
//! A session lives by its refresh token, which is used once and traded for the next. Who uses a
//! token a second time, thief or owner, ends the session for both.

mod repository;

use std::{fmt, net::IpAddr};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::repository::{SessionRepository, Spent};
use crate::{
    Id, Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::{
        Citizen, CitizenId, CitizenRepository, Principal, StaffId, StaffRepository, ending, staff,
    },
    notification::{self, Inbox},
    secret::{Digest, Hasher, Purpose, hex},
    text,
};

/// The id of a session.
pub type SessionId = Id<Session>;

/// Whose session it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A citizen's.
    Citizen(CitizenId),
    /// A staff member's.
    Staff(StaffId),
}

impl Holder {
    /// The bare id of the holder.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Citizen(id) => id.uuid(),
            Self::Staff(id) => id.uuid(),
        }
    }

    /// How long a session lasts without being used.
    const fn idle_life(self) -> TimeDelta {
        match self {
            Self::Citizen(_) => TimeDelta::days(60),
            Self::Staff(_) => TimeDelta::hours(12),
        }
    }

    /// When a session ends that began at `started_at` and is used `at`, unless it is used again.
    /// Staff prove themselves anew at least every 24 hours, however busy they are.
    fn end_of_session(self, started_at: DateTime<Utc>, at: DateTime<Utc>) -> DateTime<Utc> {
        let idle = at + self.idle_life();
        match self {
            Self::Citizen(_) => idle,
            Self::Staff(_) => idle.min(started_at + TimeDelta::hours(24)),
        }
    }
}

/// A device on which somebody is signed in. A session that ended is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub holder: Holder,
    /// The name of the device, as it gave it.
    pub device: Option<DeviceName>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends by itself unless it is used again.
    pub expires_at: DateTime<Utc>,
}

/// What a device calls itself: one line, cut at 100 characters; nothing depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceName(String);

impl DeviceName {
    /// The name in `text`, if there is one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let name: String = text::line(text).chars().take(100).collect();
        if name.is_empty() { None } else { Some(Self(name)) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A refresh token: 256 random bits, kept only as a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

impl RefreshToken {
    fn draw(now: &Moment) -> Self {
        Self(format!("ctn_r_{}", hex(&now.random::<32>())))
    }

    /// The token itself, for its holder's eyes only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn digest(&self, hasher: &impl Hasher) -> Digest {
        hasher.digest(Purpose::RefreshToken, &[self.0.as_bytes()])
    }
}

impl From<String> for RefreshToken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RefreshToken(..)")
    }
}

/// Somebody who is signed in, and the token that keeps them so.
#[derive(Debug)]
pub struct SignedIn {
    /// Who it is.
    pub principal: Principal,
    /// The session it runs in.
    pub session: SessionId,
    /// The next refresh token.
    pub refresh_token: RefreshToken,
}

/// On how many devices one person can be signed in.
const AT_MOST: usize = 20;

/// Begins a session for `principal`. Their expired sessions are cleared away meanwhile, and where
/// they have as many as one can have, the one that was used the longest ago ends.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub(super) fn start(
    tx: &mut (impl SessionRepository + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    principal: Principal,
    device: Option<DeviceName>,
) -> Result<SignedIn, StoreError> {
    let holder = principal.holder();
    tx.forget_sessions(holder, now.at)?;
    for surplus in tx.sessions_of(holder, now.at)?.iter().skip(AT_MOST - 1) {
        ending::end(tx, now, holder, surplus.id)?;
    }
    let session = Session {
        id: now.new_id(),
        holder,
        device,
        started_at: now.at,
        last_used_at: now.at,
        expires_at: holder.end_of_session(now.at, now.at),
    };
    tx.add_session(&session)?;
    issue(tx, hasher, now, principal, session.id)
}

/// How long a used refresh token is remembered, to know its second use for what it is.
const REUSE_REMEMBERED: TimeDelta = TimeDelta::days(30);

/// What came of a refresh token. A refusal is no error: the unit of work has to commit, so that
/// a session whose token was used twice stays ended.
#[derive(Debug)]
pub enum Refreshed {
    /// The session goes on.
    Renewed(SignedIn),
    /// The token had been used before: its session was ended.
    Reused(SessionId),
    /// The token means nothing (any more).
    Refused,
}

/// Trades a refresh token for the next one. Who the holder is (their role, their agency) is read
/// anew. Whose token was used twice is told so, because somebody else may have it: the caller at
/// `address`, or whoever was faster.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn refresh(
    tx: &mut (
             impl SessionRepository + CitizenRepository + StaffRepository + Inbox + EventLog + AuditLog
         ),
    hasher: &impl Hasher,
    now: &Moment,
    token: &RefreshToken,
    address: IpAddr,
) -> Result<Refreshed, StoreError> {
    let (id, first) = match tx.spend_refresh_token(token.digest(hasher), now.at)? {
        Spent::Unknown => return Ok(Refreshed::Refused),
        Spent::First(id) => (id, true),
        Spent::Again(id) => (id, false),
    };
    let Some(session) = tx.session(id)?.filter(|session| session.expires_at > now.at) else {
        return Ok(Refreshed::Refused);
    };
    if !first {
        ending::end(tx, now, session.holder, id)?;
        warn(tx, now, &session)?;
        if let Holder::Staff(staff) = session.holder {
            audit::record_stranger(tx, now, "staff.token_reused", &staff, address)?;
        }
        return Ok(Refreshed::Reused(id));
    }
    let Some(principal) = holder_now(tx, session.holder)? else {
        return Ok(Refreshed::Refused);
    };
    let expires_at = session.holder.end_of_session(session.started_at, now.at);
    match tx.extend_session(&Session { last_used_at: now.at, expires_at, ..session }) {
        Err(StoreError::Stale) => return Ok(Refreshed::Refused),
        extended => extended?,
    }
    tx.forget_refresh_tokens(id, now.at - REUSE_REMEMBERED)?;
    issue(tx, hasher, now, principal, id).map(Refreshed::Renewed)
}

/// The holder of a session as they are now; absent when they may not sign in any more.
fn holder_now(
    tx: &mut (impl CitizenRepository + StaffRepository),
    holder: Holder,
) -> Result<Option<Principal>, StoreError> {
    Ok(match holder {
        Holder::Citizen(id) => {
            tx.citizen(id)?.map(|account| Principal::Citizen(Citizen { id: account.id }))
        }
        Holder::Staff(id) => {
            tx.staff_member(id)?.and_then(staff::StaffMember::active).map(Principal::Staff)
        }
    })
}

/// Draws the next refresh token of a session.
fn issue(
    tx: &mut impl SessionRepository,
    hasher: &impl Hasher,
    now: &Moment,
    principal: Principal,
    session: SessionId,
) -> Result<SignedIn, StoreError> {
    let refresh_token = RefreshToken::draw(now);
    tx.add_refresh_token(refresh_token.digest(hasher), session)?;
    Ok(SignedIn { principal, session, refresh_token })
}

/// Tells the holder of `session` why it was ended.
fn warn(
    tx: &mut (impl Inbox + EventLog),
    now: &Moment,
    session: &Session,
) -> Result<(), StoreError> {
    let device = session.device.as_ref().map_or("không rõ tên", DeviceName::as_str);
    let text = format!(
        "Phiên đăng nhập trên thiết bị \u{201c}{device}\u{201d} đã bị kết thúc vì mã làm mới của nó được \
         dùng hai lần: có thể người khác đang giữ mã đó. Hãy đăng nhập lại và kiểm tra các thiết \
         bị của bạn."
    );
    let holder = session.holder.id();
    notification::tell(tx, now, holder, ("session.token_reused", text), session.id.uuid())
}

/// Where `citizen` is signed in, the last used first.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn sessions_of(
    tx: &mut impl SessionRepository,
    now: &Moment,
    citizen: &Citizen,
) -> Result<Vec<Session>, StoreError> {
    tx.sessions_of(Holder::Citizen(citizen.id), now.at)
}
