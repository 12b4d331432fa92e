//! Which calls nobody has taken.

use diesel::{dsl::exists, prelude::*};
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{Priority, QueuePlace, Status, Waiting, WaitingCalls},
    event::{Position, Topic},
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{emergency, event},
};

impl WaitingCalls for Transaction<'_> {
    fn waiting(&mut self, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        type Row = (AsText<AgencyCode>, Option<i32>, At, Id);
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency::table
            .filter(emergency::urgency.lt(Priority::OF_PROBES))
            .filter(emergency::status.eq(Status::Received.as_str()))
            .order((emergency::urgency, emergency::queued_at, emergency::id))
            .select((emergency::agency, emergency::urgency, emergency::queued_at, emergency::id))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        let waiting = |(agency, urgency, queued_at, id): Row| Waiting {
            agency: agency.0,
            place: QueuePlace {
                urgency: urgency.unwrap_or_default(),
                queued_at: queued_at.0,
                id: id.into(),
            },
        };
        Ok(rows.into_iter().map(waiting).collect())
    }

    fn told_up_to(&mut self) -> Result<Option<Position>, StoreError> {
        // In this order: whatever gets its place in between is counted by the second question.
        let unplaced = diesel::select(exists(event::table.filter(event::position.is_null())));
        let unplaced: bool =
            on!(self.connection(), |conn| unplaced.get_result(conn)).map_err(store_error)?;
        if unplaced {
            return Ok(None);
        }
        let newest: Option<Option<i64>> = on!(self.connection(), |conn| event::table
            .filter(event::topic.eq(Topic::Emergency.as_str()))
            .filter(event::position.is_not_null())
            .order(event::position.desc())
            .select(event::position)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(Some(Position(newest.flatten().unwrap_or_default())))
    }
}
