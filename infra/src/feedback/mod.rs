//! Reports in the store, and the categories the service ships with.

mod history;
mod repository;
mod row;

use domain::feedback::{Categories, CategoriesError};

/// The categories the service ships with.
///
/// # Errors
/// [`CategoriesError`] when the file contradicts itself.
pub fn shipped_categories() -> Result<Categories, CategoriesError> {
    Categories::read(include_str!("../../../data/feedback-categories.json"))
}
