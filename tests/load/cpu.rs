//! How much of the processors a process used, as Linux tells in `/proc`.

use std::{fs, time::Duration};

use diesel::{
    Connection as _, PgConnection, RunQueryDsl as _, dsl::sql, select, sql_types::Integer,
};

use crate::Outcome;

/// The tick in which Linux counts processor time towards programs, on every architecture we run
/// on (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// One line of `/proc/PID/stat`, as far as it matters here.
struct Process {
    parent: u32,
    /// Its own time and that of its ended children.
    spent: Duration,
}

fn process(pid: u32) -> Option<Process> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold anything; counted from after it, the parent is
    // field 1 and the times are fields 11 to 14.
    let (_, fields) = line.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks: u32 = fields.get(11..15)?.iter().filter_map(|field| field.parse::<u32>().ok()).sum();
    Some(Process { parent: fields.get(1)?.parse().ok()?, spent: TICK * ticks })
}

/// The processor time that the process has used, with that of its ended children.
pub(crate) fn spent(pid: u32) -> Duration {
    process(pid).map_or(Duration::ZERO, |process| process.spent)
}

/// The processor time that the process and its living children have used.
pub(crate) fn spent_by_family(parent: u32) -> Duration {
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children = pids.filter_map(process).filter(|process| process.parent == parent);
    spent(parent) + children.map(|child| child.spent).sum::<Duration>()
}

/// Waits until the process has nothing more to do in the background; at most a minute.
pub(crate) async fn settled(pid: u32) {
    for _ in 0..60 {
        let before = spent(pid);
        tokio::time::sleep(Duration::from_secs(1)).await;
        if spent(pid).saturating_sub(before) < 5 * TICK {
            return;
        }
    }
}

/// How much memory the server holds at rest, in MiB. For some seconds after it has nothing more to do,
/// the allocator still gives back what the start used.
pub(crate) async fn held_at_rest(server: &tests::process::Process) -> Outcome<f64> {
    settled(server.pid()).await;
    let mut held = server.resident_mib()?;
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_secs(15)).await;
        let before = std::mem::replace(&mut held, server.resident_mib()?);
        if held > before - 1.0 {
            break;
        }
    }
    Ok(held)
}

/// The first process of the PostgreSQL server at `url`, the parent of all its others.
pub(crate) fn postmaster(url: &str) -> Outcome<u32> {
    let mut connection = PgConnection::establish(url)?;
    let backend: i32 = select(sql::<Integer>("pg_backend_pid()")).get_result(&mut connection)?;
    let backend = process(u32::try_from(backend)?);
    backend.map(|process| process.parent).ok_or("the PostgreSQL server runs elsewhere".into())
}
