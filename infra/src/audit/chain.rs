//! The chain of sealed entries in the store.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    dsl::{count_star, min},
    prelude::*,
};
use domain::{
    StoreError,
    audit::{Anchor, AuditChain, AuditEntry, Chain, Mark, Sealed},
};

use super::row::{Row, SealRow};
use crate::{
    columns::{AsText, At, Id, bytes, digest},
    connection::on,
    database::{Transaction, store_error},
    schema::{audit_anchor, audit_chain, audit_entry, audit_entry::dsl},
};

/// The only row of the table.
const ONE: i32 = 1;

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_chain, treat_none_as_default_value = false, treat_none_as_null = true)]
struct ChainRow {
    id: i32,
    start_position: i64,
    start_link: Vec<u8>,
    start_seal: Vec<u8>,
    head_position: i64,
    head_link: Vec<u8>,
    head_seal: Vec<u8>,
    anchored: Option<AsText<NaiveDate>>,
}

impl ChainRow {
    fn of(chain: &Chain) -> Self {
        Self {
            id: ONE,
            start_position: chain.start.position,
            start_link: bytes(chain.start.link),
            start_seal: bytes(chain.start.seal),
            head_position: chain.head.position,
            head_link: bytes(chain.head.link),
            head_seal: bytes(chain.head.seal),
            anchored: chain.anchored.map(AsText),
        }
    }

    fn chain(self) -> Result<Chain, StoreError> {
        Ok(Chain {
            start: Mark {
                position: self.start_position,
                link: digest(self.start_link)?,
                seal: digest(self.start_seal)?,
            },
            head: Mark {
                position: self.head_position,
                link: digest(self.head_link)?,
                seal: digest(self.head_seal)?,
            },
            anchored: self.anchored.map(|day| day.0),
        })
    }
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_anchor, treat_none_as_default_value = false)]
struct AnchorRow {
    day: AsText<NaiveDate>,
    position: i64,
    link: Vec<u8>,
}

impl AuditChain for Transaction<'_> {
    fn chain(&mut self) -> Result<Option<Chain>, StoreError> {
        let row: Option<ChainRow> = on!(self.connection(), |conn| audit_chain::table
            .find(ONE)
            .select(ChainRow::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(ChainRow::chain).transpose()
    }

    fn put_chain(&mut self, chain: &Chain, before: Option<&Chain>) -> Result<(), StoreError> {
        let row = ChainRow::of(chain);
        let put = match before {
            None => on!(self.connection(), |conn| diesel::insert_into(audit_chain::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn)),
            Some(before) => on!(self.connection(), |conn| diesel::update(
                audit_chain::table
                    .filter(audit_chain::start_position.eq(before.start.position))
                    .filter(audit_chain::head_position.eq(before.head.position))
            )
            .set(&row)
            .execute(conn)),
        };
        match put.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    fn unsealed(&mut self, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| audit_entry::table
            .filter(dsl::position.is_null())
            .order((dsl::at, dsl::id))
            .select(Row::as_select())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Row::entry).collect()
    }

    fn waiting(&mut self) -> Result<(usize, Option<DateTime<Utc>>), StoreError> {
        let (count, oldest): (i64, Option<At>) = on!(self.connection(), |conn| audit_entry::table
            .filter(dsl::position.is_null())
            .select((count_star(), min(dsl::at)))
            .first(conn))
        .map_err(store_error)?;
        Ok((usize::try_from(count).unwrap_or_default(), oldest.map(|at| at.0)))
    }

    fn place(&mut self, sealed: &Sealed) -> Result<(), StoreError> {
        let placed = on!(self.connection(), |conn| diesel::update(
            audit_entry::table.find(Id::from(sealed.entry.id)).filter(dsl::position.is_null())
        )
        .set((
            dsl::position.eq(sealed.position),
            dsl::link.eq(bytes(sealed.link)),
            dsl::personal_digest.eq(bytes(sealed.personal)),
        ))
        .execute(conn))
        .map_err(store_error)?;
        if placed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    fn sealed_after(&mut self, position: i64, limit: usize) -> Result<Vec<Sealed>, StoreError> {
        let rows: Vec<(Row, SealRow)> = on!(self.connection(), |conn| audit_entry::table
            .filter(dsl::position.gt(position))
            .order(dsl::position)
            .select((Row::as_select(), SealRow::as_select()))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|(row, seal)| row.sealed(seal)).collect()
    }

    fn add_anchor(&mut self, anchor: &Anchor) -> Result<(), StoreError> {
        let Anchor { day, position, link } = *anchor;
        let row = AnchorRow { day: AsText(day), position, link: bytes(link) };
        on!(self.connection(), |conn| diesel::insert_into(audit_anchor::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }

    fn anchors(&mut self) -> Result<Vec<Anchor>, StoreError> {
        let rows: Vec<AnchorRow> = on!(self.connection(), |conn| audit_anchor::table
            .order(audit_anchor::day)
            .select(AnchorRow::as_select())
            .load(conn))
        .map_err(store_error)?;
        let anchor = |row: AnchorRow| {
            Ok(Anchor { day: row.day.0, position: row.position, link: digest(row.link)? })
        };
        rows.into_iter().map(anchor).collect()
    }

    fn forget_up_to(&mut self, position: i64) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(
            audit_entry::table.filter(dsl::position.le(position))
        )
        .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }
}
