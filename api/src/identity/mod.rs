//! Who is calling: signing in, sessions, one's own account.

mod extract;

pub use extract::{
    Administrator, Bearer, By, Caller, Citizen, Dispatcher, Officer, SignedIn, Staff,
};
