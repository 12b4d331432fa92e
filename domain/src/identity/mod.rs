//! Who is calling, and what they may do.

mod access;
pub mod business;
mod citizen;
mod demo;
mod otp;
mod password;
mod phone;
pub mod policy;
mod principal;
mod proof;
mod session;
mod staff;

pub use access::Access;
pub use citizen::{
    CitizenAccount, CitizenRepository, DisplayName, InvalidDisplayName, account, rename,
};
pub use demo::{DemoPeople, OpenDemoError, close_demo, open_demo};
pub use otp::{
    ChallengeId, OtpChallenge, OtpRepository, OtpSent, OtpVerified, RequestOtpError, request_otp,
    verify_otp,
};
pub use password::{Password, PasswordHash, Passwords, WeakPassword};
pub use phone::{InvalidPhone, Phone};
pub use principal::{
    Citizen, CitizenId, NotPermitted, Principal, Role, Staff, StaffId, UnknownRole,
};
pub use proof::{Administrator, Auditor, DataOfficer, Dispatcher, Officer, Registrar};
pub use session::{
    DeviceName, Holder, RefreshToken, Refreshed, RevokeSessionError, Session, SessionId,
    SessionRepository, SignedIn, Spent, logout, refresh, revoke_session, sessions_of,
};
pub use staff::{
    AddStaffError, InvalidUsername, KnownStaff, NewStaff, StaffMember, StaffRepository, Username,
    add_staff, check_password, staff_login,
};
