//! Writing entries, and looking them up.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    audit::{AuditEntry, AuditFilter, AuditId, AuditLog, AuditTrail},
    identity::policy::Scope,
};

use super::row::Row;
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::audit_entry::{self, dsl},
};

impl AuditLog for Transaction<'_> {
    fn add_entry(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        let row = Row::of(entry)?;
        on!(self.connection(), |conn| diesel::insert_into(audit_entry::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }
}

impl AuditTrail for Transaction<'_> {
    fn entries(
        &mut self,
        filter: &AuditFilter,
        before: Option<(DateTime<Utc>, AuditId)>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            let mut query = audit_entry::table
                .select(Row::as_select())
                .order((dsl::at.desc(), dsl::id.desc()))
                .limit(i64::try_from(limit).unwrap_or(i64::MAX))
                .into_boxed();
            if let Some(actor) = filter.actor {
                query = query.filter(dsl::actor.eq(Id(actor)));
            }
            if let Scope::Agencies(codes) = &filter.agencies {
                query = query.filter(dsl::agency.eq_any(codes.iter().cloned().map(AsText)));
            }
            if let Some(action) = &filter.action {
                query = query.filter(dsl::action.eq(action));
            }
            if let Some(subject) = &filter.subject {
                query = query.filter(dsl::subject.eq(subject));
            }
            if let Some(from) = filter.from {
                query = query.filter(dsl::at.ge(At(from)));
            }
            if let Some(until) = filter.until {
                query = query.filter(dsl::at.lt(At(until)));
            }
            if let Some((at, id)) = before {
                let same = dsl::at.eq(At(at)).and(dsl::id.lt(Id::from(id)));
                query = query.filter(dsl::at.le(At(at))).filter(dsl::at.lt(At(at)).or(same));
            }
            query.load(conn)
        })
        .map_err(store_error)?;
        rows.into_iter().map(Row::entry).collect()
    }
}
