//! Reports in the store, and the categories the service ships with.

mod history;
mod intake;
mod known;
mod queue;
mod repository;
mod row;
mod saved_filter;
mod setup;
mod template;

pub use known::{KnownSetup, Setup};

use domain::feedback::{Categories, CategoriesError};

/// The categories the service ships with.
///
/// # Errors
/// [`CategoriesError`] when the file contradicts itself.
pub fn shipped_categories() -> Result<Categories, CategoriesError> {
    Categories::read(include_str!("../../../data/feedback-categories.json"))
}
