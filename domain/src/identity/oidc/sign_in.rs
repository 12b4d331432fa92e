//! The app fetches who was handed over to it.

use super::{AppChallenge, OidcIdentity, OidcRepository, hand_over, linked};
use crate::{
    Moment, StoreError,
    allowance::Allowances,
    event::EventLog,
    identity::{
        ChallengeId, Citizen, CitizenAccount, CitizenRepository, DeviceName, OtpRates,
        OtpRepository, OtpUse, Phone, Principal, SessionRepository, SignedIn, citizen,
        otp::{PhoneProof, prove_phone},
        session,
    },
    notification::Inbox,
    secret::Hasher,
};

/// What an app shows to get its tokens.
#[derive(Debug)]
pub struct OidcRedemption {
    /// The code from the browser.
    pub code: String,
    /// The challenge of the verifier that it shows.
    pub challenge: AppChallenge,
    /// A one-time password that was just sent to a phone: the identity shall open the account of
    /// that phone.
    pub link: Option<(ChallengeId, String)>,
    /// The name of the device under which the session is listed.
    pub device: Option<DeviceName>,
}

/// What came of it. What is wrong is no error: the unit of work has to commit, so that a code is
/// used up and a try counts.
#[derive(Debug)]
pub enum OidcSignedIn {
    /// They are who the provider says they are.
    SignedIn(Box<(SignedIn, CitizenAccount)>),
    /// The code is used, expired or none, or the app is not the one that began.
    Refused,
    /// The one-time password was wrong; the code stays good.
    WrongOtp {
        /// How many more tries it has.
        tries_left: u32,
    },
    /// The one-time password can no longer be used; the code stays good.
    DeadOtp,
    /// The identity opens another account than that of the phone.
    LinkedElsewhere,
    /// Another identity of the same provider opens the account of the phone.
    AnotherLinked,
}

/// Signs in whoever was handed over to the app. An identity that opens no account yet opens a new
/// one, or that of a phone that they prove to have in their hands by a fresh one-time password:
/// what a provider says of somebody's phone never opens that phone's account.
///
/// # Errors
/// [`StoreError`] when the store cannot take it; [`StoreError::Duplicate`] when the identity was
/// linked at the same time.
pub fn oidc_sign_in(
    tx: &mut (
             impl OidcRepository
             + OtpRepository
             + Allowances
             + CitizenRepository
             + SessionRepository
             + Inbox
             + EventLog
         ),
    hasher: &impl Hasher,
    now: &Moment,
    OidcRedemption { code, challenge, link, device }: OidcRedemption,
    rates: &OtpRates,
) -> Result<OidcSignedIn, StoreError> {
    let handed_over = tx.take_hand_over(hand_over::digest(hasher, &code))?;
    let Some(handed_over) =
        handed_over.filter(|found| found.expires_at > now.at && found.app_challenge == challenge)
    else {
        return Ok(OidcSignedIn::Refused);
    };
    let phone = match link {
        None => None,
        Some((id, otp)) => match prove_phone(tx, hasher, now, (id, &otp), OtpUse::SignIn, rates)? {
            PhoneProof::Given(phone) => Some(phone),
            PhoneProof::Wrong { tries_left } => {
                tx.add_hand_over(&handed_over)?;
                return Ok(OidcSignedIn::WrongOtp { tries_left });
            }
            PhoneProof::Dead => {
                tx.add_hand_over(&handed_over)?;
                return Ok(OidcSignedIn::DeadOtp);
            }
        },
    };
    let account = match account_of(tx, now, &handed_over.identity, phone)? {
        Opened::Account(account) => account,
        Opened::LinkedElsewhere => return Ok(OidcSignedIn::LinkedElsewhere),
        Opened::AnotherLinked => return Ok(OidcSignedIn::AnotherLinked),
    };
    let principal = Principal::Citizen(Citizen { id: account.id });
    let signed_in = session::start(tx, hasher, now, principal, device)?;
    Ok(OidcSignedIn::SignedIn(Box::new((signed_in, account))))
}

/// What an identity opens.
enum Opened {
    /// This account.
    Account(CitizenAccount),
    /// Another account than that of the phone.
    LinkedElsewhere,
    /// Nothing: the account of the phone has another identity of the same provider.
    AnotherLinked,
}

/// What `identity` opens: an account of its own, made now if there was none, or that of `phone`, to
/// which it is linked now. What the provider says of somebody is kept as it says it now; what they
/// want to be called is theirs to change.
fn account_of(
    tx: &mut (impl OidcRepository + CitizenRepository + Inbox + EventLog),
    now: &Moment,
    identity: &OidcIdentity,
    phone: Option<Phone>,
) -> Result<Opened, StoreError> {
    let linked = match tx.citizen_of(identity)? {
        Some(id) => tx.citizen(id)?,
        None => None,
    };
    if let Some(linked) = linked {
        if phone.is_some() && linked.phone != phone {
            return Ok(Opened::LinkedElsewhere);
        }
        tx.renew_identity(identity)?;
        return Ok(Opened::Account(linked));
    }
    if let Some(phone) = phone {
        return link_to(tx, now, identity, phone);
    }
    let display_name = identity.full_name.clone();
    let account =
        CitizenAccount { id: now.new_id(), phone: None, display_name, created_at: now.at };
    tx.add_citizen(&account)?;
    tx.link(now, identity, account.id)?;
    Ok(Opened::Account(account))
}

/// Lets `identity` open the account of `phone`, which has none of this provider yet: who held the
/// phone for a minute gets no second way in beside its owner's. The owner is told.
fn link_to(
    tx: &mut (impl OidcRepository + CitizenRepository + Inbox + EventLog),
    now: &Moment,
    identity: &OidcIdentity,
    phone: Phone,
) -> Result<Opened, StoreError> {
    let account = citizen::account_of(tx, now, phone)?;
    // Of two that are linked at once, the second one sees the first.
    tx.hold_citizen(account.id)?;
    let linked = tx.identities_of(account.id)?;
    if linked.iter().any(|linked| linked.identity.issuer == identity.issuer) {
        return Ok(Opened::AnotherLinked);
    }
    let id = tx.link(now, identity, account.id)?;
    let told = "Một danh tính điện tử đã được gắn vào tài khoản của bạn và mở được tài khoản này. Không \
                phải bạn? Hãy gỡ danh tính đó trong phần tài khoản.";
    linked::tell(tx, now, account.id, ("identity.linked", told), id)?;
    Ok(Opened::Account(account))
}
