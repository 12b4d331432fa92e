//! A new emergency and the event that tells of it, as one statement of PostgreSQL.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
};

use crate::event::NewEvent;

/// Adds an emergency by the statement `emergency`, which answers with the rows it added, and
/// `event` for each of these. Tells how many there were: one, or none.
pub(super) struct Insertion<'e, E> {
    pub(super) emergency: E,
    pub(super) event: &'e NewEvent,
}

impl<E: QueryFragment<Pg>> QueryFragment<Pg> for Insertion<'_, E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH added AS (");
        self.emergency.walk_ast(out.reborrow())?;
        out.push_sql(") ");
        self.event.insert_from("added", out)
    }
}

/// Its text is always the same: no column is left out where it is empty.
impl<E> QueryId for Insertion<'_, E> {
    type QueryId = Insertion<'static, ()>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<E> RunQueryDsl<PgConnection> for Insertion<'_, E> {}
