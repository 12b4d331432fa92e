//! Who is calling, and what they may do.

mod principal;

pub use principal::{
    Administrator, Citizen, CitizenId, Dispatcher, NotPermitted, Officer, Role, Staff, StaffId,
};
