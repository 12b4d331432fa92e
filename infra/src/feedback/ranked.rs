//! How a queue goes on in its order.

use domain::{
    StoreError,
    feedback::{ListKey, QueueFilter, QueueKey, QueueStretch, Rank, Report},
    page::Page,
};

use super::queue::{Ranked, Window};
use crate::database::Transaction;

impl Transaction<'_> {
    /// A stretch of a queue. Where it goes on among many of one rank, the rest of those is read first,
    /// then what is ranked lower: so neither passes over what was seen.
    pub(super) fn stretch_of_queue(
        &mut self,
        filter: &QueueFilter,
        stretch: QueueStretch,
    ) -> Result<Page<Report, QueueKey>, StoreError> {
        let holding = self.holding(filter.words.as_deref())?;
        let limit = i64::try_from(stretch.limit).unwrap_or(i64::MAX).saturating_add(1);
        let after = stretch.after.map(|key| ListKey { at: key.due_at, id: key.id });
        let rank = stretch.after.and_then(|key| stretch.by.map(|_| key.rank));
        let window = Window { by: stretch.by, at: rank, below: None, after, limit };
        let mut rows = self.queued(filter, &holding, window)?;
        let left = limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        if rank.is_some() && left > 0 {
            let lower = Window { at: None, below: rank, after: None, limit: left, ..window };
            rows.extend(self.queued(filter, &holding, lower)?);
        }
        page(rows, stretch)
    }
}

fn page(rows: Vec<Ranked>, stretch: QueueStretch) -> Result<Page<Report, QueueKey>, StoreError> {
    let ranked = |(row, priority, supports): Ranked| {
        let rank = match stretch.by {
            None => 0,
            Some(Rank::Priority) => priority,
            Some(Rank::Supports) => supports,
        };
        Ok((Report::try_from(row)?, rank))
    };
    let rows = rows.into_iter().map(ranked).collect::<Result<Vec<_>, StoreError>>()?;
    let page = Page::cut(rows, stretch.limit, |(report, rank)| QueueKey {
        rank: *rank,
        due_at: report.due_at,
        id: report.id,
    });
    let items = page.items.into_iter().map(|(report, _)| report).collect();
    Ok(Page { items, next: page.next })
}
