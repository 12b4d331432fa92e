//! The queue of a desk in the store: one statement, whatever it is narrowed by.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{LegalTrack, ListKey, QueueFilter, Status, Stretch, Visibility},
    identity::policy::Scope,
};

use super::{
    repository::{containing, one_more},
    row::Row,
};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{
        feedback_intake,
        feedback_report::{self, dsl},
    },
};

/// What waits for an answer. Spelt out, not bound, and as in the index: only so it is used.
const OPEN: &str = "status IN ('submitted', 'accepted', 'assigned', 'in_progress')";

/// What waits for an answer or for its reporter; as in the index of what somebody has.
pub(super) const WAITING: &str =
    "status IN ('submitted', 'accepted', 'assigned', 'in_progress', 'needs_info')";

impl Transaction<'_> {
    /// The rows of a queue, one more than asked for.
    pub(super) fn queued(
        &mut self,
        filter: &QueueFilter,
        stretch: Stretch,
    ) -> Result<Vec<Row>, StoreError> {
        let only_open =
            !filter.statuses.is_empty() && filter.statuses.iter().all(|status| status.is_open());
        let all_open = Status::OPEN.iter().all(|status| filter.statuses.contains(status));
        on!(self.connection(), |conn| {
            let mut query = feedback_report::table.select(Row::as_select()).into_boxed();
            if let Scope::Agencies(codes) = &filter.agencies {
                query = match codes.as_slice() {
                    // As a plain comparison it is read from the index in the order of the queue.
                    [only] => query.filter(dsl::agency.eq(only.as_str())),
                    codes => query.filter(dsl::agency.eq_any(codes.iter().map(AgencyCode::as_str))),
                };
            }
            if only_open || filter.due_before.is_some() {
                query = query.filter(sql::<Bool>(OPEN));
            }
            match filter.statuses.as_slice() {
                [only] => query = query.filter(dsl::status.eq(only.as_str())),
                [] => {}
                _ if only_open && all_open => {}
                statuses => {
                    query = query.filter(dsl::status.eq_any(statuses.iter().map(|s| s.as_str())));
                }
            }
            if let Some(categories) = &filter.categories {
                query = query.filter(dsl::category.eq_any(categories));
            }
            if let Some(commune) = filter.commune {
                query = query.filter(dsl::commune.eq(AsText(commune)));
            }
            if let Some(assignee) = filter.assignee {
                query = query.filter(dsl::assignee.eq(Id::from(assignee)));
                if only_open {
                    query = query.filter(sql::<Bool>(WAITING));
                }
            }
            if filter.unassigned {
                query = query.filter(dsl::assignee.is_null());
            }
            if let Some(words) = &filter.words {
                query = query.filter(dsl::folded.like(containing(words)).escape('\\'));
            }
            if let Some(track) = filter.legal_track {
                // What has to take such a way is sealed, and that alone has an index.
                query = query
                    .filter(sql::<Bool>("visibility = 'sealed'"))
                    .filter(dsl::course.like(format!("%\"legal_track\":\"{}\"%", name(track))));
            }
            if let Some(visibility) = filter.visibility {
                query = match visibility {
                    Visibility::Sealed => query.filter(sql::<Bool>("visibility = 'sealed'")),
                    shown => query.filter(dsl::visibility.eq(shown.as_str())),
                };
            }
            if let Some(business) = filter.business {
                let its = feedback_intake::table
                    .filter(feedback_intake::business.eq(Id::from(business)))
                    .select(feedback_intake::report);
                query = query.filter(dsl::id.eq_any(its));
            }
            if let Some(instant) = filter.due_before {
                query = query.filter(dsl::due_at.lt(At(instant)));
            }
            if let Some(ListKey { at, id }) = stretch.after {
                query = query
                    .filter(dsl::due_at.ge(At(at)))
                    .filter(dsl::due_at.gt(At(at)).or(dsl::id.gt(Id::from(id))));
            }
            query.order((dsl::due_at, dsl::id)).limit(one_more(stretch)).load(conn)
        })
        .map_err(store_error)
    }
}

/// The name under which a course keeps it.
const fn name(track: LegalTrack) -> &'static str {
    match track {
        LegalTrack::Complaint => "complaint",
        LegalTrack::Denunciation => "denunciation",
    }
}
