//! Which calls nobody has taken.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{Priority, QueuePlace, Status, Waiting, WaitingCalls},
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::emergency,
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
}
