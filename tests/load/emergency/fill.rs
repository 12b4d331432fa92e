//! Very many emergencies, written past the server: copies of one that was raised.

use std::fmt::Write as _;

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection, sql_query, sql_types::Text,
};
use domain::emergency::Receipt;
use uuid::Uuid;

use crate::{Outcome, store::Store};

use super::scene::Scene;

/// How many rows one transaction adds.
const CHUNK: u32 = 250_000;
/// How many receipts one statement adds.
const RECEIPTS: u32 = 5_000;
/// What the copies say, in the clear: sixteen zeros stand in the place of the id of a key.
const SAID: &str = r#"{"kind":"medical","note":"Ng\u00e3 xe"}"#;

/// What one store says otherwise than the other.
struct Dialect {
    /// The names of the columns of the table `emergency`.
    columns: &'static str,
    /// The id of row `n`.
    id: &'static str,
    /// The id of nothing.
    nil: &'static str,
    /// A moment, `n` seconds before.
    before: fn(&str) -> String,
    /// Bytes from hexadecimal digits.
    bytes: fn(&str) -> String,
    /// Rows with a number `n` each, from `:from` to `:to`.
    numbers: &'static str,
    /// What a store does by itself in time.
    after: &'static str,
}

const SQLITE: Dialect = Dialect {
    columns: "SELECT name FROM pragma_table_info('emergency')",
    id: "unhex('00000000000070009000' || printf('%012x', n))",
    nil: "zeroblob(16)",
    before: |moment| format!("{moment} - n * 1000000"),
    bytes: |digits| format!("x'{digits}'"),
    numbers: "WITH RECURSIVE number (n) AS (SELECT :from UNION ALL SELECT n + 1 FROM number WHERE n < :to)",
    after: "PRAGMA wal_checkpoint(TRUNCATE)",
};

const POSTGRES: Dialect = Dialect {
    columns: "SELECT column_name::text AS name FROM information_schema.columns \
              WHERE table_name = 'emergency' ORDER BY ordinal_position",
    id: "('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid",
    nil: "'00000000-0000-0000-0000-000000000000'::uuid",
    before: |moment| format!("{moment} - make_interval(secs => n)"),
    bytes: |digits| format!("decode('{digits}', 'hex')"),
    numbers: "WITH number (n) AS (SELECT generate_series(:from, :to))",
    after: "VACUUM ANALYZE emergency",
};

/// The emergency that is copied.
const MODEL: &str =
    "CREATE TEMPORARY TABLE model AS SELECT * FROM emergency WHERE status = 'received' LIMIT 1";

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

/// A store to write to, and how it is spoken to.
struct Page<'c> {
    conn: &'c mut dyn SimpleConnection,
    dialect: &'c Dialect,
    columns: Vec<Column>,
}

/// Adds so many open emergencies. What their callers said stands in the clear, and is noted to be
/// sealed at the next start.
pub(super) fn open(scene: &Scene, count: u32) -> Outcome<()> {
    on_page(scene, |Page { conn, dialect, columns }| {
        conn.batch_execute(
            "CREATE TEMPORARY TABLE paper (number integer PRIMARY KEY, receipt text)",
        )?;
        for from in (1..=count).step_by(RECEIPTS.try_into()?) {
            let mut rows = String::new();
            for number in from..(from + RECEIPTS).min(count + 1) {
                let id = Uuid::from_u128(0x7000_9000_0000_0000_0000 | u128::from(number));
                let receipt = Receipt::following(id.into());
                write!(rows, "{}({number}, '{receipt}')", if rows.is_empty() { "" } else { ", " })?;
            }
            conn.batch_execute(&format!("INSERT INTO paper VALUES {rows}"))?;
        }
        // Two of so many receipts may be the same: that one is left out. (Without WHERE, SQLite would
        // take the second ON for one more condition of the join.)
        let waiting = copies(dialect, &columns, "received", "paper.receipt")?;
        let waiting =
            format!("{waiting} JOIN paper ON number = n WHERE true ON CONFLICT DO NOTHING");
        conn.batch_execute(&at(&waiting, 1, count))?;
        let task = "INSERT INTO sealing_task (\"column\", done_up_to) VALUES ('emergency.said', ";
        Ok(conn.batch_execute(&format!("{task}{})", dialect.nil))?)
    })
}

/// Adds so many closed emergencies, numbered on from `before`. Nobody reads what was said there.
pub(super) fn closed(scene: &Scene, before: u32, count: u32) -> Outcome<()> {
    on_page(scene, |Page { conn, dialect, columns }| {
        let ended = copies(dialect, &columns, "closed", "'closed-' || n")?;
        for from in (before + 1..=before + count).step_by(CHUNK.try_into()?) {
            conn.batch_execute(&at(&ended, from, (from + CHUNK - 1).min(before + count)))?;
        }
        Ok(conn.batch_execute(dialect.after)?)
    })
}

/// Writes to the store of `scene`, with an emergency to copy at hand.
fn on_page(scene: &Scene, write: impl FnOnce(Page<'_>) -> Outcome<()>) -> Outcome<()> {
    match &scene.store {
        Store::Embedded => {
            let file = scene.files().join("replica-0/cthainguyen.db");
            let mut conn = SqliteConnection::establish(&file.display().to_string())?;
            conn.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF")?;
            conn.batch_execute(MODEL)?;
            let columns = sql_query(SQLITE.columns).load(&mut conn)?;
            write(Page { conn: &mut conn, dialect: &SQLITE, columns })
        }
        Store::Postgres { url, .. } => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute(MODEL)?;
            let columns = sql_query(POSTGRES.columns).load(&mut conn)?;
            write(Page { conn: &mut conn, dialect: &POSTGRES, columns })
        }
    }
}

/// The statement that adds copies of the model in this `status`, each with its own `receipt`.
fn copies(dialect: &Dialect, columns: &[Column], status: &str, receipt: &str) -> Outcome<String> {
    let mut said = "00".repeat(16);
    for byte in SAID.bytes() {
        write!(said, "{byte:02x}")?;
    }
    let said = (dialect.bytes)(&said);
    let value = |Column { name }: &Column| match name.as_str() {
        "id" => dialect.id.to_owned(),
        "receipt" => receipt.to_owned(),
        "status" => format!("'{status}'"),
        "urgency" if status == "closed" => "NULL".to_owned(),
        "agency" => "CASE n % 10 WHEN 0 THEN 'police' ELSE 'medical' END".to_owned(),
        "received_at" | "queued_at" => (dialect.before)(&format!("model.{name}")),
        "said" if status == "received" => said.clone(),
        _ => format!("model.{name}"),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    Ok(format!(
        "INSERT INTO emergency ({}) {} SELECT {} FROM model CROSS JOIN number",
        names.join(", "),
        dialect.numbers,
        values.join(", ")
    ))
}

fn at(statement: &str, from: u32, to: u32) -> String {
    statement.replace(":from", &from.to_string()).replace(":to", &to.to_string())
}
