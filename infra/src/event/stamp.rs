//! Giving committed events their positions.

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection as _,
    result::Error,
    sql_types::{BigInt, Double, Nullable},
};

/// Serialises stampers of all replicas; nothing else takes it.
const LOCK: i64 = 7_598_263_420_352;

/// Stamps what the running transaction appended. It is the only writer, so that positions follow
/// the order of commits.
pub(crate) fn stamp_sqlite(conn: &mut SqliteConnection) -> Result<(), Error> {
    conn.batch_execute(
        "UPDATE event SET position = unstamped.number + (SELECT last FROM event_position)
           FROM (SELECT id AS event_id, row_number() OVER (ORDER BY rowid) AS number
                   FROM event WHERE position IS NULL) AS unstamped
          WHERE event.id = unstamped.event_id;
         UPDATE event_position SET last = max(last, (SELECT coalesce(max(position), 0) FROM event));",
    )
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
                              ORDER BY id LIMIT 2000) AS unstamped) AS due
              WHERE event.id = due.id",
        )
        .execute(conn)
    })
}

/// The age of the oldest event that waits for its position, in seconds; zero when none waits.
pub(super) fn oldest_unstamped_s(conn: &mut PgConnection) -> Result<f64, Error> {
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
    .map(|row| row.age.unwrap_or(0.0).max(0.0))
}
