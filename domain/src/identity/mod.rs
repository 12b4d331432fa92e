//! Who is calling, and what they may do.

mod access;
pub mod business;
mod citizen;
mod demo;
pub(crate) mod ending;
mod invitation;
pub(crate) mod key_secret;
mod lately;
mod lockout;
mod login;
mod oidc;
mod otp;
mod password;
mod phone;
pub mod policy;
mod principal;
mod proof;
mod revocation;
mod roster;
mod session;
mod staff;
mod totp;

pub use access::Access;
pub use citizen::{
    CitizenAccount, CitizenRepository, DisplayName, InvalidDisplayName, account, rename,
};
pub use demo::{DemoPeople, OpenDemoError, close_demo, open_demo};
pub use ending::{RevokeSessionError, logout, revoke_session};
pub use invitation::{
    Invitation, InvitationRepository, InvitationToken, Invited, accept_invitation, invite,
    invite_again, open_invitation,
};
pub use lately::{JustSignedIn, SignInAgain, just_signed_in};
pub use lockout::{LockedOut, LoginTries, Tries};
pub use login::{
    Candidate, KnownStaff, Login, begin_login, change_password, check_password, staff_login,
};
pub use oidc::{
    AppChallenge, HandOver, InvalidAppChallenge, LinkedId, LinkedIdentity, OidcFlow, OidcIdentity,
    OidcRedemption, OidcRepository, OidcSecrets, OidcSignedIn, UnlinkError, hand_over,
    linked_identities, oidc_sign_in, resume_oidc, start_oidc, unlink,
};
pub use otp::{
    ChallengeId, OtpChallenge, OtpRates, OtpRepository, OtpRequest, OtpSent, OtpUse, OtpVerified,
    PhoneChanged, RequestOtpError, change_phone, request_otp, verify_otp,
};
pub use password::{KnownPasswords, Password, PasswordHash, Passwords, WeakPassword};
pub use phone::{InvalidPhone, Phone};
pub use principal::{
    Citizen, CitizenId, NotPermitted, Principal, Role, Staff, StaffId, UnknownRole,
};
pub use proof::{
    Administrator, Auditor, ChiefAdministrator, Clerk, Custodian, DataOfficer, Dispatcher, Officer,
    OnCall, Quartermaster, Registrar,
};
pub use revocation::Revocation;
pub use roster::{
    PostChange, Roster, RosterError, RosterFilter, change_post, colleague, dismiss, hire,
    hire_again, nearest_supervisors, post, roster, take_totp_away,
};
pub use session::{
    DeviceName, Holder, RefreshToken, Refreshed, Session, SessionId, SessionRepository, SignedIn,
    Spent, refresh, sessions_of,
};
pub use staff::{
    AddStaffError, InvalidUsername, NewStaff, StaffMember, StaffRepository, Username, add_staff,
};
pub use totp::{
    Authenticators, Confirmed, Enrolled, Enrolment, RecoveryCode, Totp, TotpRepository, TotpSecret,
    confirm_totp, enrol_totp, reset_totp,
};
