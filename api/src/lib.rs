//! The HTTP layer: routes, extractors, wire types, problems, configuration.

pub mod app;
pub mod chores;
pub mod cli;
pub mod extract;
pub mod feedback;
pub mod identity;
pub mod limits;
pub mod observe;
pub mod page;
pub mod problem;
pub mod server;
pub mod settings;
mod system;

pub use app::{App, Surroundings};
