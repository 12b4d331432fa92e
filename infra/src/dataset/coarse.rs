//! Outlines for drawing that are taken for surveyed ones.

use domain::StoreError;

use super::{Dataset, Version};
use crate::{database::Database, territory::Outline};

/// Whether the outlines in `records` are so coarse beside the surveyed ones `in_force` that they are
/// taken for outlines for drawing: they have less than half of the points.
pub(super) async fn are_coarse(
    database: &Database,
    in_force: Option<&Version>,
    records: &[String],
) -> Result<bool, StoreError> {
    let surveyed = in_force.filter(|version| version.dataset == Dataset::FullOutlines).cloned();
    let Some(surveyed) = surveyed else { return Ok(false) };
    let surveyed: Vec<Outline> = database.read(move |tx| tx.records(&surveyed)).await?;
    let in_force: usize = surveyed.iter().map(Outline::points).sum();
    let read = records.iter().filter_map(|record| serde_json::from_str(record).ok());
    let points: usize = read.map(|outline: Outline| outline.points()).sum();
    Ok(points < in_force / 2)
}
