//! Reports in the store, and the categories the service ships with.

mod board;
mod comments;
mod contacts;
mod disowning;
mod figures;
mod followers;
mod history;
mod intake;
mod known;
mod notice_board;
mod open_data;
mod queue;
mod ranked;
mod repository;
mod row;
mod saved_filter;
mod searched;
mod setup;
mod supports;
mod template;

pub use known::{KnownSetup, Setup};

pub(crate) use board::Restock;
pub use board::{Board, Cluster, Heat, HeatCell, Marks, NearKey};
use domain::feedback::{Categories, CategoriesError};

/// The categories the service ships with.
///
/// # Errors
/// [`CategoriesError`] when the file contradicts itself.
pub fn shipped_categories() -> Result<Categories, CategoriesError> {
    Categories::read(include_str!("../../../data/feedback-categories.json"))
}
