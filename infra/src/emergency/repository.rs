//! Emergencies in the store: one by one, and as a queue.

use chrono::{DateTime, Utc};
use diesel::{dsl::count_star, prelude::*};
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{
        Called, Emergency, EmergencyId, EmergencyRepository, Fix, Order, Priority, QueueFilter,
        QueuePlace, StandingOrders, Statement,
    },
    event::{Event, EventLog as _},
    identity::{CitizenId, StaffId, policy::Scope},
};

use super::{alarms::Due, insertion::Insertion, row::Row};
use crate::{
    columns::{AsText, At, Id},
    connection::{Connection, on},
    database::{Transaction, store_error},
    event::NewEvent,
    kept::kept,
    schema::emergency,
};

impl Transaction<'_> {
    /// The emergencies that `citizen` raised signed in, oldest first.
    pub(crate) fn read_emergencies_of(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<Emergency>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency::table
            .filter(emergency::citizen.eq(Id::from(citizen)))
            .order((emergency::received_at, emergency::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.emergency(vault)).collect()
    }
}

impl EmergencyRepository for Transaction<'_> {
    fn orders(&self) -> StandingOrders {
        self.standing_orders()
    }

    fn insert(&mut self, emergency: &Emergency) -> Result<bool, StoreError> {
        let row = Row::of(emergency, emergency.version, self.vault()?)?;
        let inserted = on!(self.connection(), |conn| diesel::insert_into(emergency::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        Ok(inserted == 1)
    }

    fn insert_told(&mut self, emergency: &Emergency, event: &Event) -> Result<bool, StoreError> {
        let vault = self.vault()?;
        let Connection::Postgres(conn) = self.connection() else {
            let inserted = self.insert(emergency)?;
            return if inserted { self.append(event).map(|()| true) } else { Ok(false) };
        };
        let row = Row::of(emergency, emergency.version, vault)?;
        let emergency = diesel::insert_into(emergency::table)
            .values(&row)
            .on_conflict_do_nothing()
            .returning(emergency::id);
        let event = NewEvent::from(event);
        let inserted = Insertion { emergency, event: &event }.execute(conn).map_err(store_error)?;
        self.effects.events = true;
        Ok(inserted == 1)
    }

    fn find(&mut self, id: EmergencyId) -> Result<Option<Emergency>, StoreError> {
        let vault = self.vault()?;
        let row: Option<Row> = on!(self.connection(), |conn| emergency::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(|row| row.emergency(vault)).transpose()
    }

    fn advance(&mut self, emergency: &mut Emergency) -> Result<(), StoreError> {
        let (read, next) = (emergency.version, emergency.version + 1);
        let row = Row::of(emergency, next, self.vault()?)?;
        let saved = on!(self.connection(), |conn| kept(
            diesel::update(
                emergency::table.find(Id::from(emergency.id)).filter(emergency::version.eq(read))
            )
            .set(&row)
        )
        .execute(conn))
        .map_err(store_error)?;
        if saved == 0 {
            return Err(StoreError::Stale);
        }
        emergency.version = next;
        Ok(())
    }

    fn keep_lease(
        &mut self,
        id: EmergencyId,
        holder: StaffId,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let kept = on!(self.connection(), |conn| kept(
            diesel::update(
                emergency::table
                    .find(Id::from(id))
                    .filter(emergency::holder.eq(Id::from(holder)))
                    .filter(emergency::urgency.is_not_null())
            )
            .set(emergency::heard_at.eq(At(at)))
        )
        .execute(conn))
        .map_err(store_error)?;
        Ok(kept == 1)
    }

    fn queue(
        &mut self,
        filter: &QueueFilter,
        after: Option<QueuePlace>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            let mut query = emergency::table
                .select(Row::as_select())
                .limit(i64::try_from(limit).unwrap_or(i64::MAX))
                .into_boxed();
            // Those that have an urgency are the open ones: the order by it takes no others.
            if !(filter.order == Order::Urgency && filter.all_open()) {
                let statuses = filter.statuses().iter().map(|status| status.as_str());
                query = query.filter(emergency::status.eq_any(statuses));
            }
            if let Some(kind) = filter.kind {
                query = query.filter(emergency::kind.eq(AsText(kind)));
            }
            if let Some(commune) = &filter.commune {
                query = query.filter(emergency::commune.eq(commune));
            }
            if let Scope::Agencies(codes) = &filter.agencies {
                let codes = || codes.iter().map(AgencyCode::as_str);
                let offered = emergency::offered_to.assume_not_null().eq_any(codes());
                let offered = emergency::offered_to.is_not_null().and(offered);
                let everyone = Called::Everyone.to_string();
                let whom = codes().map(str::to_owned).chain([everyone]);
                let called = emergency::called.assume_not_null().eq_any(whom);
                let called = emergency::called.is_not_null().and(called);
                query = query.filter(emergency::agency.eq_any(codes()).or(offered).or(called));
            }
            if !filter.probes {
                let others = emergency::urgency.lt(Priority::OF_PROBES);
                query = match filter.order {
                    Order::Urgency => query.filter(others),
                    Order::Newest => {
                        query.filter(emergency::urgency.is_null().or(others.assume_not_null()))
                    }
                };
            }
            if let Some(since) = filter.since {
                query = query.filter(emergency::queued_at.ge(At(since)));
            }
            if let Some(receipt) = filter.receipt {
                query = query.filter(emergency::receipt.eq(AsText(receipt)));
            }
            if let Some(place) = after {
                let (at, id) = (At(place.queued_at), Id::from(place.id));
                query = match filter.order {
                    Order::Urgency => query.filter(emergency::urgency.ge(place.urgency)).filter(
                        emergency::urgency
                            .gt(place.urgency)
                            .assume_not_null()
                            .or(emergency::queued_at.gt(at))
                            .or(emergency::queued_at.eq(at).and(emergency::id.gt(id))),
                    ),
                    Order::Newest => query.filter(emergency::queued_at.le(at)).filter(
                        emergency::queued_at
                            .lt(at)
                            .or(emergency::queued_at.eq(at).and(emergency::id.lt(id))),
                    ),
                };
            }
            match filter.order {
                Order::Urgency => {
                    let order = (emergency::urgency, emergency::queued_at, emergency::id);
                    kept(query.filter(emergency::urgency.is_not_null()).order(order)).load(conn)
                }
                Order::Newest => {
                    let order = (emergency::queued_at.desc(), emergency::id.desc());
                    kept(query.order(order)).load(conn)
                }
            }
        })
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.emergency(vault)).collect()
    }

    fn take_due(&mut self, at: DateTime<Utc>, limit: usize) -> Result<Vec<Emergency>, StoreError> {
        self.take_alarms(at, Due::Rising, limit)
    }

    fn take_unattended(
        &mut self,
        attended: &[AgencyCode],
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError> {
        self.take_alarms(at, Due::Unattended(attended), limit)
    }

    fn take_ringing(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError> {
        self.take_alarms(at, Due::Ringing, limit)
    }

    fn rearm(
        &mut self,
        emergency: &Emergency,
        alarm_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        self.write_alarm(emergency, alarm_at)
    }

    fn count_merged(
        &mut self,
        leading: &[EmergencyId],
    ) -> Result<Vec<(EmergencyId, i64)>, StoreError> {
        let ids = leading.iter().copied().map(Id::from);
        let counts: Vec<(Option<Id>, i64)> = on!(self.connection(), |conn| kept(
            emergency::table
                .filter(emergency::merged_into.eq_any(ids))
                .group_by(emergency::merged_into)
                .select((emergency::merged_into, count_star()))
        )
        .load(conn))
        .map_err(store_error)?;
        Ok(counts.into_iter().filter_map(|(id, count)| Some((id?.into(), count))).collect())
    }

    fn merged_under(
        &mut self,
        leading: EmergencyId,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency::table
            .filter(emergency::merged_into.eq(Id::from(leading)))
            .order((emergency::received_at, emergency::id))
            .select(Row::as_select())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.emergency(vault)).collect()
    }

    fn move_merged(&mut self, from: EmergencyId, to: EmergencyId) -> Result<(), StoreError> {
        on!(self.connection(), |conn| kept(
            diesel::update(emergency::table.filter(emergency::merged_into.eq(Id::from(from)))).set(
                (
                    emergency::merged_into.eq(Id::from(to)),
                    emergency::version.eq(emergency::version + 1),
                )
            )
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn due_to_close(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency::table
            .filter(emergency::closes_at.le(At(at)))
            .select(Row::as_select())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.emergency(vault)).collect()
    }

    fn add_to_trail(&mut self, id: EmergencyId, fixes: &[Fix]) -> Result<(), StoreError> {
        self.write_trail(id, fixes)
    }

    fn trail(
        &mut self,
        id: EmergencyId,
        clocks: Option<(DateTime<Utc>, DateTime<Utc>)>,
    ) -> Result<Vec<Fix>, StoreError> {
        self.read_trail(id, clocks)
    }

    fn add_statement(&mut self, statement: &Statement) -> Result<bool, StoreError> {
        self.write_statement(statement)
    }

    fn statements(&mut self, id: EmergencyId) -> Result<Vec<Statement>, StoreError> {
        self.read_statements(id)
    }
}
