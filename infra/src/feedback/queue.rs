//! The queue of a desk in the store: one statement, whatever it is narrowed by.

use diesel::{
    dsl::sql,
    expression::SqlLiteral,
    prelude::*,
    sql_types::{BigInt, Bool},
};
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{LegalTrack, ListKey, QueueFilter, Rank, Status, Visibility},
    identity::policy::Scope,
};

use super::{row::Row, searched::Holding};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{
        feedback_intake,
        feedback_report::{self, dsl},
    },
};

/// What waits for an answer. Spelt out, not bound, and as in the index: only so it is used.
const OPEN: &str = "IN ('submitted', 'accepted', 'assigned', 'in_progress')";

/// What waits for an answer or for its reporter; as in the indexes of what somebody has and of what
/// is ranked.
pub(super) const WAITING: &str =
    "status IN ('submitted', 'accepted', 'assigned', 'in_progress', 'needs_info')";

/// Which stretch of a queue is read: of those of one rank, or of all ranks below one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    pub(super) by: Option<Rank>,
    /// Of this rank alone.
    pub(super) at: Option<i64>,
    /// Of a lower rank than this.
    pub(super) below: Option<i64>,
    /// After this place in the order of the due dates.
    pub(super) after: Option<ListKey>,
    pub(super) limit: i64,
}

/// A row, with its priority and how many support it.
pub(super) type Ranked = (Row, i64, i64);

/// The column of a rank.
fn column(rank: Rank) -> SqlLiteral<BigInt> {
    sql(match rank {
        Rank::Priority => "priority",
        Rank::Supports => "supports",
    })
}

fn only_open(filter: &QueueFilter) -> bool {
    !filter.statuses.is_empty() && filter.statuses.iter().all(|status| status.is_open())
}

/// Where the reports of a queue stand, and what they are, spelt out. Of a `few` that are read by their ids no index of
/// standing reports is wanted: the embedded store would take it.
fn standing(filter: &QueueFilter, few: bool) -> Option<String> {
    let column = if few { "status || ''" } else { "status" };
    let all_open = Status::OPEN.iter().all(|status| filter.statuses.contains(status));
    let open = (only_open(filter) || filter.due_before.is_some()).then(|| OPEN.to_owned());
    let these = match filter.statuses.as_slice() {
        [] => None,
        [only] => Some(format!("= '{only}'")),
        _ if only_open(filter) && all_open => None,
        some => {
            let some: Vec<_> = some.iter().map(|status| format!("'{status}'")).collect();
            Some(format!("IN ({})", some.join(", ")))
        }
    };
    let terms = open.into_iter().chain(these).map(|term| format!("{column} {term}"));
    let urgency = filter.urgency.map(|urgency| format!("urgency = {}", urgency.rank()));
    let track = filter.legal_track.map(|track| format!("legal_track = '{}'", name(track)));
    let terms: Vec<_> = terms.chain(urgency).chain(track).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// The name of a statutory way in the store.
const fn name(track: LegalTrack) -> &'static str {
    match track {
        LegalTrack::Complaint => "complaint",
        LegalTrack::Denunciation => "denunciation",
    }
}

impl Transaction<'_> {
    /// The rows of a queue in a window of it, which hold what is asked for.
    pub(super) fn queued(
        &mut self,
        filter: &QueueFilter,
        holding: &Holding,
        window: Window,
    ) -> Result<Vec<Ranked>, StoreError> {
        let few = matches!(holding, Holding::Few(_));
        let standing = standing(filter, few);
        on!(self.connection(), |conn| {
            let ranks = (sql::<BigInt>("priority"), sql::<BigInt>("supports"));
            let ranked = (Row::as_select(), ranks.0, ranks.1);
            let mut query = feedback_report::table.select(ranked).into_boxed();
            if let Scope::Agencies(codes) = &filter.agencies {
                let all = codes.iter().map(AgencyCode::as_str);
                query = match codes.as_slice() {
                    _ if few => query.filter(dsl::agency.concat("").eq_any(all)),
                    // As a plain comparison it is read from the index in the order of the queue.
                    [only] => query.filter(dsl::agency.eq(only.as_str())),
                    _ => query.filter(dsl::agency.eq_any(all)),
                };
            }
            if let Some(standing) = &standing {
                query = query.filter(sql::<Bool>(standing));
            }
            if let Some(categories) = &filter.categories {
                query = query.filter(dsl::category.eq_any(categories));
            }
            if let Some(commune) = filter.commune {
                query = query.filter(dsl::commune.eq(AsText(commune)));
            }
            if let Some(assignee) = filter.assignee {
                query = query.filter(dsl::assignee.eq(Id::from(assignee)));
                if only_open(filter) {
                    query = query.filter(sql::<Bool>(WAITING));
                }
            }
            if filter.unassigned {
                query = query.filter(dsl::assignee.is_null());
            }
            match holding {
                Holding::Anything => {}
                Holding::Few(ids) => query = query.filter(dsl::id.eq_any(ids)),
                Holding::Many(patterns) => {
                    for pattern in patterns {
                        query = query.filter(dsl::folded.like(pattern));
                    }
                }
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
                // Nobody learns from the queue which of what is confidential is its.
                query = query.filter(dsl::id.eq_any(its)).filter(dsl::confidential.eq(false));
            }
            if let Some(instant) = filter.due_before {
                query = query.filter(dsl::due_at.lt(At(instant)));
            }
            if let Some(ListKey { at, id }) = window.after {
                query = query
                    .filter(dsl::due_at.ge(At(at)))
                    .filter(dsl::due_at.gt(At(at)).or(dsl::id.gt(Id::from(id))));
            }
            let (due_at, id) = (dsl::due_at, dsl::id);
            query = match window.by {
                None => query.order((due_at, id)),
                Some(rank) => {
                    // Of one rank the rows are read from its index in the order of their due dates.
                    query = query.filter(sql::<Bool>(WAITING));
                    query = match (window.at, window.below) {
                        (Some(at), _) => query.filter(column(rank).eq(at)),
                        (None, Some(below)) => query.filter(column(rank).lt(below)),
                        (None, None) => query,
                    };
                    query.order((column(rank).desc(), due_at, id))
                }
            };
            let query = query.limit(window.limit);
            if few { query.load(conn) } else { kept(query).load(conn) }
        })
        .map_err(store_error)
    }
}
