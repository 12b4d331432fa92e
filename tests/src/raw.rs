//! A look past the service, straight into its store.

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _,
    sql_query,
    sql_types::{BigInt, Text},
};
use infra::database::DatabaseUrl;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many rows of `table` in the store at `url` name the thing `id` in their `column`.
#[must_use]
pub fn rows_naming(url: &DatabaseUrl, (table, column): (&str, &str), id: Uuid) -> i64 {
    let query = |id: &str| {
        sql_query(format!(r#"SELECT count(*) AS count FROM "{table}" WHERE "{column}" = {id}"#))
    };
    let count: Count = match url {
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("it opens");
            conn.batch_execute("PRAGMA busy_timeout = 5000").expect("some patience");
            query(&format!("x'{}'", id.simple())).get_result(&mut conn).expect("a count")
        }
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::establish(url).expect("the server answers");
            query(&format!("'{id}'")).get_result(&mut conn).expect("a count")
        }
    };
    count.count
}

/// Everything in the store at `url`, as whoever holds its files or its password sees it: bytes in
/// which ASCII text can be found.
#[must_use]
pub fn everything(url: &DatabaseUrl) -> Vec<u8> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            SqliteConnection::establish(&path.to_string_lossy())
                .expect("the file opens")
                .batch_execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(PASSIVE)")
                .expect("a checkpoint");
            let mut bytes = std::fs::read(path).expect("the file is readable");
            bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
            bytes
        }
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::establish(url).expect("the server answers");
            conn.batch_execute("SET bytea_output = 'escape'").expect("readable bytes");
            let tables = "SELECT quote_ident(tablename) AS line FROM pg_tables
                           WHERE schemaname = 'public' AND tablename <> 'dataset_row'";
            let tables: Vec<Line> = sql_query(tables).load(&mut conn).expect("the tables");
            let rows = tables.iter().flat_map(|Line { line: table }| {
                let rows = format!("SELECT t::text AS line FROM {table} t");
                sql_query(rows).load::<Line>(&mut conn).expect("the rows")
            });
            rows.map(|row| row.line).collect::<Vec<_>>().join("\n").into_bytes()
        }
    }
}
