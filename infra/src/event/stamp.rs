//! Giving committed events their positions.

use diesel::{
    Connection as _, PgConnection, QueryDsl as _, QueryResult, QueryableByName, RunQueryDsl,
    SqliteConnection,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::Error,
    sql_types::{BigInt, Double, Nullable},
    sqlite::Sqlite,
};

/// Serialises stampers of all replicas; nothing else takes it.
const LOCK: i64 = 7_598_263_420_352;
/// How many events are stamped at once at most.
pub(super) const MOST: usize = 2_000;

diesel::table! {
    /// The last position that was given out on the embedded store: its only row.
    event_position (last) {
        last -> BigInt,
    }
}

/// Counts the position on. diesel prepares an update anew each time; a text that is always the same
/// is prepared once. A row that is named needs no journal of the statement's own.
struct CountOn;

impl QueryFragment<Sqlite> for CountOn {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("UPDATE event_position SET last = last + 1 WHERE rowid = 1");
        Ok(())
    }
}

impl QueryId for CountOn {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<SqliteConnection> for CountOn {}

/// The next position on the embedded store. Its one writer appends in the order of the commits, and
/// a transaction that is taken back takes back the position as well.
pub(super) fn next_position(conn: &mut SqliteConnection) -> Result<i64, Error> {
    CountOn.execute(conn)?;
    event_position::table.select(event_position::last).get_result(conn)
}

/// Stamps what other transactions have committed. Returns how many events that were.
///
/// Only rows that are visible, hence committed, are stamped, and one stamper at a time: whoever
/// reads position `n` can be sure that no event before it is still to come.
pub(super) fn stamp_postgres(conn: &mut PgConnection) -> Result<usize, Error> {
    conn.transaction(|conn| {
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<BigInt, _>(LOCK)
            .execute(conn)?;
        diesel::sql_query(
            "UPDATE event SET position = due.position
               FROM (SELECT id, nextval('event_position_seq') AS position
                       FROM (SELECT id FROM event WHERE position IS NULL
                              ORDER BY id LIMIT $1) AS unstamped) AS due
              WHERE event.id = due.id",
        )
        .bind::<BigInt, _>(i64::try_from(MOST).unwrap_or(i64::MAX))
        .execute(conn)
    })
}

/// The age of the oldest event that waits for its position, in seconds; `None` when none waits.
pub(super) fn oldest_unstamped_s(conn: &mut PgConnection) -> Result<Option<f64>, Error> {
    #[derive(QueryableByName)]
    struct Age {
        #[diesel(sql_type = Nullable<Double>)]
        age: Option<f64>,
    }
    diesel::sql_query(
        "SELECT extract(epoch FROM clock_timestamp() - min(at))::double precision AS age
           FROM event WHERE position IS NULL",
    )
    .get_result::<Age>(conn)
    .map(|row| row.age.map(|age| age.max(0.0)))
}
