//! Published reports by the million, made by the store itself from a list of their codes.

use std::{collections::HashSet, fmt::Write as _, path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta};
use diesel::{Connection as _, PgConnection, SqliteConnection, connection::SimpleConnection};
use domain::{Moment, feedback::TrackingCode};
use infra::entropy::SystemEntropy;

use crate::{Outcome, store::Store};

/// How many codes go into one statement.
const CHUNK: u32 = 1_000;
/// When the first of them arrived, in seconds: 2026-01-01 in Vietnam.
const BEGIN: i64 = 1_767_200_400;
/// So many days pass until they begin anew.
const DAYS: u32 = 300;

/// What the two stores write differently.
struct Dialect {
    id: &'static str,
    /// The instant so many seconds after 1970, from an expression.
    at: fn(&str) -> String,
    no: &'static str,
    afterwards: &'static str,
}

const SQLITE: Dialect = Dialect {
    id: "randomblob(16)",
    at: |seconds| format!("({seconds}) * 1000000"),
    no: "0",
    afterwards: "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)",
};

const POSTGRES: Dialect = Dialect {
    id: "gen_random_uuid()",
    at: |seconds| format!("to_timestamp({seconds})"),
    no: "false",
    afterwards: "VACUUM (ANALYZE) feedback_report, feedback_public",
};

/// Fills the store up from so many reports to so many.
pub(super) fn up(store: &Store, folder: &Path, (from, to): (u32, u32)) -> Outcome<()> {
    match store {
        Store::Embedded => {
            let file = folder.join("cthainguyen.db");
            let mut connection = SqliteConnection::establish(&file.display().to_string())?;
            connection.batch_execute("PRAGMA synchronous = OFF; PRAGMA busy_timeout = 60000")?;
            write(&mut connection, &SQLITE, (from, to))
        }
        Store::Postgres { url, .. } => {
            write(&mut PgConnection::establish(url)?, &POSTGRES, (from, to))
        }
    }
}

fn write(
    connection: &mut impl SimpleConnection,
    dialect: &Dialect,
    (from, to): (u32, u32),
) -> Outcome<()> {
    connection.batch_execute(
        "DROP TABLE IF EXISTS load_code;
         CREATE TABLE load_code (n bigint PRIMARY KEY, code text NOT NULL)",
    )?;
    let (entropy, mut drawn) = (Arc::new(SystemEntropy::default()), HashSet::new());
    let mut number = from;
    while number < to {
        let mut values = String::new();
        let end = to.min(number.saturating_add(CHUNK));
        while number < end {
            let day = TimeDelta::days(i64::from(number % DAYS));
            let at = DateTime::from_timestamp(BEGIN, 0).ok_or("no such day")? + day;
            let code = TrackingCode::draw(&Moment::new(at, entropy.clone()));
            if drawn.insert(code.clone()) {
                let comma = if values.is_empty() { "" } else { ", " };
                write!(values, "{comma}({number}, '{}')", code.as_str())?;
                number = number.saturating_add(1);
            }
        }
        connection.batch_execute(&format!("INSERT INTO load_code VALUES {values}"))?;
    }
    connection.batch_execute(&reports(dialect))?;
    connection.batch_execute(&shown(dialect))?;
    connection.batch_execute("DROP TABLE load_code")?;
    Ok(connection.batch_execute(dialect.afterwards)?)
}

/// One report for each code; what an earlier filling drew by chance is left out.
fn reports(dialect: &Dialect) -> String {
    let at = (dialect.at)(&format!("{BEGIN} + n * 20"));
    let due = (dialect.at)(&format!("{BEGIN} + n * 20 + 604800"));
    let Dialect { id, no, .. } = dialect;
    format!(
        "INSERT INTO feedback_report (id, code, version, category, title, text, lat, lon, commune,
            address, attributes, confidential, agency, status, status_since, visibility,
            published_at, answer, submitted_at, due_at, updated_at, folded, course, history_number)
         SELECT {id}, code, 1,
            CASE n % 5 WHEN 0 THEN 'road.pothole' WHEN 1 THEN 'waste.uncollected'
                WHEN 2 THEN 'lighting.street' WHEN 3 THEN 'water.drain' ELSE 'other' END,
            NULL, 'Ổ gà sâu giữa đường số ' || n || ', trời mưa không nhìn thấy, gần chợ ' || (n % 977),
            21.40 + 1.2 * ((n * 7919) % 999983) / 999983.0,
            105.40 + 0.7 * ((n * 104729) % 999979) / 999979.0,
            '05443', 'Thôn ' || (n % 613), '{{}}', {no}, 'commune-05443',
            CASE WHEN n % 50 = 0 THEN 'accepted' ELSE 'closed' END, {at}, 'published', {at},
            CASE WHEN n % 50 = 0 THEN NULL ELSE 'Đã vá ổ gà và kiểm tra cả tuyến.' END,
            {at}, {due}, {at}, '', '{{}}', 0
         FROM load_code l
         WHERE NOT EXISTS (SELECT 1 FROM feedback_report r WHERE r.code = l.code) ORDER BY n"
    )
}

/// What strangers see of them.
fn shown(dialect: &Dialect) -> String {
    let no = dialect.no;
    format!(
        "INSERT INTO feedback_public (report, code, version, category, text, lat, lon, blurred,
            commune, address, status, agency, submitted_at, due_at, updated_at, published_at,
            answer, outcome, supports, comments, folded)
         SELECT r.id, r.code, 1, r.category, r.text, r.lat, r.lon, {no}, r.commune, r.address,
            r.status, r.agency, r.submitted_at, r.due_at, r.updated_at, r.published_at, r.answer,
            '{{}}', l.n % 17, 0,
            'o ga sau giua duong so ' || l.n || ', troi mua khong nhin thay, gan cho ' || (l.n % 977)
         FROM load_code l JOIN feedback_report r ON r.code = l.code
         WHERE NOT EXISTS (SELECT 1 FROM feedback_public p WHERE p.code = l.code) ORDER BY l.n"
    )
}
