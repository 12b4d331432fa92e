//! Hiding and erasing people in the store.

use chrono::{DateTime, Utc};
use diesel::{dsl::exists, prelude::*, select};
use domain::{
    Moment, StoreError,
    emergency::Emergency,
    identity::CitizenId,
    personal::{
        Erasure, ErasureRepository, OwnEmergencies, RequestRegister as _, RequestStatus,
        SubjectRequest,
    },
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{citizen, emergency, erasure, feedback_report, inbox_message, legal_hold},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = erasure, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    citizen: Id,
    asked_at: At,
    look_again_at: Option<At>,
    done_at: Option<At>,
}

impl From<Row> for Erasure {
    fn from(row: Row) -> Self {
        Self {
            citizen: row.citizen.into(),
            asked_at: row.asked_at.0,
            look_again_at: row.look_again_at.map(|at| at.0),
            done_at: row.done_at.map(|at| at.0),
        }
    }
}

impl ErasureRepository for Transaction<'_> {
    fn hide_citizen(&mut self, citizen: CitizenId, at: DateTime<Utc>) -> Result<(), StoreError> {
        let id = Id::from(citizen);
        let standing = citizen::table.find(id).filter(citizen::erased_at.is_null());
        let hidden = on!(self.connection(), |conn| diesel::update(standing)
            .set((
                citizen::erased_at.eq(Some(At(at))),
                citizen::phone_digest.eq(id.0.as_bytes().as_slice()),
            ))
            .execute(conn))
        .map_err(store_error)?;
        if hidden == 0 {
            return Err(StoreError::Stale);
        }
        self.free_identities(citizen)
    }

    fn put_erasure(&mut self, erasure: &Erasure) -> Result<(), StoreError> {
        let row = Row {
            citizen: erasure.citizen.into(),
            asked_at: At(erasure.asked_at),
            look_again_at: erasure.look_again_at.map(At),
            done_at: erasure.done_at.map(At),
        };
        on!(self.connection(), |conn| diesel::insert_into(erasure::table)
            .values(&row)
            .on_conflict(erasure::citizen)
            .do_update()
            .set(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn due_erasure(&mut self, at: DateTime<Utc>) -> Result<Option<Erasure>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| erasure::table
            .filter(erasure::look_again_at.le(At(at)))
            .order(erasure::look_again_at)
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(row.map(Erasure::from))
    }

    fn erase_some(
        &mut self,
        now: &Moment,
        citizen: CitizenId,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let held = self.holds_of(citizen)?;
        if held.contains(&citizen.into()) {
            return Ok(0);
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let messages = self.erase_messages(citizen, limit)?;
        let media = self.erase_media(citizen, &held, limit)?;
        let reports = self.disown_reports(now, citizen, &held, limit)?;
        let left = self.leave_reports(citizen, limit)?;
        let ended = self.erase_emergencies(citizen, &held, limit)?;
        Ok(messages + media + reports + left + ended)
    }

    fn has_open_emergency(&mut self, citizen: CitizenId) -> Result<bool, StoreError> {
        let open = emergency::table
            .filter(emergency::citizen.eq(Id::from(citizen)))
            .filter(emergency::urgency.is_not_null());
        on!(self.connection(), |conn| select(exists(open)).get_result(conn)).map_err(store_error)
    }

    fn is_held(&mut self, citizen: CitizenId) -> Result<bool, StoreError> {
        Ok(!self.holds_of(citizen)?.is_empty())
    }

    fn remove_citizen(&mut self, citizen: CitizenId, at: DateTime<Utc>) -> Result<(), StoreError> {
        for request in self.requests_of(citizen)? {
            let open = request.status.is_open();
            let status = if open { RequestStatus::Done } else { request.status };
            let closed_at = request.closed_at.or(Some(at));
            let nobodys = SubjectRequest {
                status,
                closed_at,
                words: String::new(),
                answer: None,
                ..request.clone()
            };
            self.save_request(&nobodys, &request)?;
        }
        self.leave_businesses(citizen)?;
        on!(self.connection(), |conn| diesel::delete(citizen::table.find(Id::from(citizen)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}

impl OwnEmergencies for Transaction<'_> {
    fn emergencies_of(&mut self, citizen: CitizenId) -> Result<Vec<Emergency>, StoreError> {
        self.read_emergencies_of(citizen)
    }
}

impl Transaction<'_> {
    /// What holds keep of `citizen`: themselves, their emergencies, their reports.
    fn holds_of(&mut self, citizen: CitizenId) -> Result<Vec<Id>, StoreError> {
        let id = Id::from(citizen);
        let emergencies = emergency::table.filter(emergency::citizen.eq(id)).select(emergency::id);
        let reports = feedback_report::table
            .filter(feedback_report::reporter.eq(id))
            .select(feedback_report::id);
        let named = legal_hold::subject
            .eq(id)
            .or(legal_hold::subject.eq_any(emergencies))
            .or(legal_hold::subject.eq_any(reports));
        let held = legal_hold::table
            .filter(legal_hold::lifted_at.is_null())
            .filter(named)
            .select(legal_hold::subject);
        on!(self.connection(), |conn| held.load(conn)).map_err(store_error)
    }

    fn erase_messages(&mut self, citizen: CitizenId, limit: i64) -> Result<usize, StoreError> {
        let some = inbox_message::table
            .filter(inbox_message::recipient.eq(Id::from(citizen)))
            .select(inbox_message::id)
            .limit(limit);
        let some: Vec<Id> = on!(self.connection(), |conn| some.load(conn)).map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            inbox_message::table.filter(inbox_message::id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)
    }

    /// Takes caller, words and places from emergencies that have ended. That there was one, and
    /// how it was handled, stays.
    fn erase_emergencies(
        &mut self,
        citizen: CitizenId,
        held: &[Id],
        limit: i64,
    ) -> Result<usize, StoreError> {
        use emergency::dsl;
        let some = emergency::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .filter(dsl::urgency.is_null())
            .filter(dsl::id.ne_all(held))
            .select(dsl::id)
            .limit(limit);
        let some: Vec<Id> = on!(self.connection(), |conn| some.load(conn)).map_err(store_error)?;
        self.erase_words_of(&some)?;
        Ok(some.len())
    }
}
