//! Statements that a connection keeps prepared.

use diesel::{
    QueryResult, RunQueryDsl,
    backend::Backend,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// A statement whose text is one of few: whoever runs it again finds it prepared.
///
/// diesel prepares updates, conditions on many values and spelt-out SQL anew each time, since their
/// texts could be without number, and a connection would keep them all.
pub(crate) struct Kept<Q>(Q);

/// `statement`, whose text is one of few: values are bound, not spelt out, and lists are short.
pub(crate) const fn kept<Q>(statement: Q) -> Kept<Q> {
    Kept(statement)
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Kept<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

/// It is told by its text.
impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> RunQueryDsl<Conn> for Kept<Q> {}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use diesel::{
        Connection as _, SqliteConnection,
        connection::InstrumentationEvent,
        dsl::sql,
        prelude::*,
        sql_types::{Integer, Text},
    };

    use super::*;

    #[test]
    fn a_kept_statement_is_prepared_once() {
        let prepared = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&prepared);
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { .. } = event {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        for _ in 0..3 {
            let answer: String =
                kept(diesel::select(sql::<Text>("'kept'"))).get_result(&mut conn).unwrap();
            assert_eq!(answer, "kept");
        }
        assert_eq!(prepared.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn sqlite_is_built_as_it_is_meant_to_be() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        for (option, used) in [
            ("ENABLE_QPSG", 1),
            ("THREADSAFE=2", 1),
            ("DEFAULT_MEMSTATUS=0", 1),
            ("ENABLE_MEMORY_MANAGEMENT", 0),
        ] {
            let asked = format!("sqlite_compileoption_used('{option}')");
            let answer = diesel::select(sql::<Integer>(&asked)).get_result(&mut conn);
            assert_eq!(answer, Ok(used), "{option}: see .cargo/config.toml");
        }
    }
}
