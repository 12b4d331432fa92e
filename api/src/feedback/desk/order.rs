//! In which order a queue comes, and where it goes on.

use chrono::DateTime;
use domain::{
    feedback::{QueueFilter, QueueKey, QueueStretch, Rank, Report},
    page::Page,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    page::{self, PageView},
    problem::{ApiError, Code, FieldCode},
};

/// What comes first in a queue.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    /// What is due first.
    Due,
    /// What is most pressing, by its urgency and by how many support it; then what is due first.
    Priority,
    /// What most others support; then what is due first.
    Supports,
}

impl Sort {
    const fn rank(self) -> Option<Rank> {
        match self {
            Self::Due => None,
            Self::Priority => Some(Rank::Priority),
            Self::Supports => Some(Rank::Supports),
        }
    }
}

/// The name of the queue in its cursors, which are those of one order alone.
const fn list(by: Option<Rank>) -> &'static str {
    match by {
        None => "feedback-queue",
        Some(Rank::Priority) => "feedback-queue-priority",
        Some(Rank::Supports) => "feedback-queue-supports",
    }
}

/// The stretch of a queue in the order `sort`, after `cursor`.
pub(super) fn stretch(
    sort: Option<Sort>,
    cursor: Option<&str>,
    limit: Option<usize>,
) -> Result<QueueStretch, ApiError> {
    let by = sort.and_then(Sort::rank);
    let key = |cursor| -> Result<Option<QueueKey>, ApiError> {
        let (rank, micros, id): (i64, i64, Uuid) = match by {
            None => page::key(list(by), cursor).map(|(micros, id)| (0, micros, id))?,
            Some(_) => page::key(list(by), cursor)?,
        };
        let due_at = DateTime::from_timestamp_micros(micros);
        Ok(due_at.map(|due_at| QueueKey { rank, due_at, id: id.into() }))
    };
    Ok(QueueStretch {
        by,
        after: cursor.map(key).transpose()?.flatten(),
        limit: page::limit(limit)?,
    })
}

/// Nothing but what waits is ranked.
pub(super) fn check(filter: &QueueFilter, sort: Option<Sort>) -> Result<(), ApiError> {
    let waits = !filter.statuses.is_empty()
        && filter.statuses.iter().all(|status| Rank::RANKED.contains(status));
    if waits || sort.and_then(Sort::rank).is_none() {
        return Ok(());
    }
    Err(ApiError::new(Code::InvalidQuery).with_field("/query/sort", FieldCode::NotSelectable))
}

/// `page` of a queue in the order `by`, each report as `view` shows it.
pub(super) fn page<T>(
    by: Option<Rank>,
    page: Page<Report, QueueKey>,
    view: impl FnMut(Report) -> T,
) -> PageView<T> {
    let cursor = |QueueKey { rank, due_at, id }: QueueKey| {
        let (micros, id) = (due_at.timestamp_micros(), id.uuid());
        match by {
            None => page::cursor(list(by), &(micros, id)),
            Some(_) => page::cursor(list(by), &(rank, micros, id)),
        }
    };
    PageView {
        items: page.items.into_iter().map(view).collect(),
        next_cursor: page.next.map(cursor),
    }
}
