//! The register of requests in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    identity::CitizenId,
    personal::{RequestId, RequestKind, RequestRegister, RequestStatus, SubjectRequest},
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::subject_request::{self, dsl},
    vault::{Column, Vault},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = subject_request)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Id,
    citizen: Id,
    kind: AsText<RequestKind>,
    status: AsText<RequestStatus>,
    words: Vec<u8>,
    received_at: At,
    acknowledge_by: At,
    due_at: At,
    acknowledged_at: Option<At>,
    extended: bool,
    closed_at: Option<At>,
    answer: Option<Vec<u8>>,
}

impl Row {
    fn of(request: &SubjectRequest, vault: &Vault) -> Self {
        let id = request.id.uuid();
        let answer = request.answer.as_ref();
        Self {
            id: request.id.into(),
            citizen: request.citizen.into(),
            kind: AsText(request.kind),
            status: AsText(request.status),
            words: vault.seal(Column::REQUEST_WORDS, id, request.words.as_bytes()),
            received_at: At(request.received_at),
            acknowledge_by: At(request.acknowledge_by),
            due_at: At(request.due_at),
            acknowledged_at: request.acknowledged_at.map(At),
            extended: request.extended,
            closed_at: request.closed_at.map(At),
            answer: answer.map(|answer| vault.seal(Column::REQUEST_ANSWER, id, answer.as_bytes())),
        }
    }

    fn request(self, vault: &Vault) -> Result<SubjectRequest, StoreError> {
        let id = self.id.0;
        let open = |sealed: Vec<u8>| vault.open_text(Column::REQUEST_ANSWER, id, &sealed);
        Ok(SubjectRequest {
            id: self.id.into(),
            citizen: self.citizen.into(),
            kind: self.kind.0,
            status: self.status.0,
            words: vault.open_text(Column::REQUEST_WORDS, id, &self.words)?,
            received_at: self.received_at.0,
            acknowledge_by: self.acknowledge_by.0,
            due_at: self.due_at.0,
            acknowledged_at: self.acknowledged_at.map(|at| at.0),
            extended: self.extended,
            closed_at: self.closed_at.map(|at| at.0),
            answer: self.answer.map(open).transpose()?,
        })
    }
}

impl RequestRegister for Transaction<'_> {
    fn add_request(&mut self, request: &SubjectRequest) -> Result<(), StoreError> {
        let row = Row::of(request, self.vault()?);
        on!(self.connection(), |conn| diesel::insert_into(subject_request::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn requests_of(&mut self, citizen: CitizenId) -> Result<Vec<SubjectRequest>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| subject_request::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .order((dsl::received_at.desc(), dsl::id.desc()))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.request(vault)).collect()
    }

    fn request(&mut self, id: RequestId) -> Result<Option<SubjectRequest>, StoreError> {
        let vault = self.vault()?;
        let row: Option<Row> = on!(self.connection(), |conn| subject_request::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(|row| row.request(vault)).transpose()
    }

    fn open_requests(
        &mut self,
        after: Option<(DateTime<Utc>, RequestId)>,
        limit: usize,
    ) -> Result<Vec<SubjectRequest>, StoreError> {
        let vault = self.vault()?;
        let (at, id) = after.unwrap_or((DateTime::UNIX_EPOCH, uuid::Uuid::nil().into()));
        let later = dsl::due_at.gt(At(at)).or(dsl::id.gt(Id::from(id)));
        let rows: Vec<Row> = on!(self.connection(), |conn| subject_request::table
            .filter(dsl::closed_at.is_null())
            .filter(dsl::due_at.ge(At(at)))
            .filter(later)
            .order((dsl::due_at, dsl::id))
            .select(Row::as_select())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.request(vault)).collect()
    }

    fn save_request(
        &mut self,
        request: &SubjectRequest,
        before: &SubjectRequest,
    ) -> Result<(), StoreError> {
        let row = Row::of(request, self.vault()?);
        let unchanged = subject_request::table
            .filter(dsl::id.eq(row.id))
            .filter(dsl::status.eq(before.status.as_str()))
            .filter(dsl::extended.eq(before.extended));
        let saved =
            on!(self.connection(), |conn| diesel::update(unchanged).set(&row).execute(conn));
        match saved.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }
}
