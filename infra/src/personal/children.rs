//! Children in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::CitizenId,
    personal::{Child, ChildId, ChildRepository},
};

use super::{open, seal};
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::child::{self, dsl},
    vault::Column,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = child)]
struct Row {
    id: Id,
    guardian: Id,
    card: Vec<u8>,
    added_at: At,
}

impl ChildRepository for Transaction<'_> {
    fn add_child(&mut self, child: &Child) -> Result<(), StoreError> {
        let row = Row {
            id: child.id.into(),
            guardian: child.guardian.into(),
            card: seal(self.vault()?, Column::CHILD_CARD, child.id.uuid(), &child.card)?,
            added_at: At(child.added_at),
        };
        on!(self.connection(), |conn| diesel::insert_into(child::table).values(&row).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn children(&mut self, guardian: CitizenId) -> Result<Vec<Child>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| child::table
            .filter(dsl::guardian.eq(Id::from(guardian)))
            .order((dsl::added_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        let child = |row: Row| {
            Ok(Child {
                id: row.id.into(),
                guardian: row.guardian.into(),
                card: open(vault, Column::CHILD_CARD, row.id.0, &row.card)?,
                added_at: row.added_at.0,
            })
        };
        rows.into_iter().map(child).collect()
    }

    fn remove_child(&mut self, guardian: CitizenId, id: ChildId) -> Result<bool, StoreError> {
        let own = child::table
            .filter(dsl::id.eq(Id::from(id)))
            .filter(dsl::guardian.eq(Id::from(guardian)));
        on!(self.connection(), |conn| diesel::delete(own).execute(conn))
            .map(|rows| rows > 0)
            .map_err(store_error)
    }
}
