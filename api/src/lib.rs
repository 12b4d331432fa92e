//! The HTTP layer: routes, extractors, wire types, problems, configuration.

mod access;
pub mod app;
pub mod audit;
mod capability;
mod catalogue;
pub mod chores;
pub mod cli;
pub mod directory;
pub mod dossier;
pub mod emergency;
pub mod extract;
pub mod feedback;
pub mod identity;
pub mod limits;
mod lookup;
pub mod media;
mod notification;
pub mod observe;
mod offline;
pub mod page;
mod personal;
pub mod problem;
pub mod server;
pub mod settings;
mod start_error;
mod system;
mod territory;
mod trim;

pub use app::{App, Surroundings};
