//! A catalogue of a hundred thousand procedures: the real one many times, under other codes.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use infra::shipped::{NATIONAL_PROCEDURES, PROCEDURE_DETAILS, unpacked};
use serde_json::Value;

use crate::{
    Outcome, cpu,
    drive::Load,
    measure::{Plan, median},
    report::Finding,
    store::Store,
    subject::{Subject, import},
};

/// How often each procedure of the national list stands in it.
const TIMES: usize = 38;

/// Stops the server, multiplies its catalogue by ordinary imports, starts it again, and measures
/// the start, the memory, and `searches` against those before.
pub(crate) async fn measured(
    subject: Subject,
    (binary, store): (&Path, &Store),
    searches: &Load,
    (clients, plan): (u32, &Plan<'_>),
) -> Outcome<Vec<Finding>> {
    let before = p99(&subject, searches, clients, plan)?;
    subject.server.stop()?;
    for file in files(plan.folder)? {
        import(binary, store, plan.folder, &file)?;
    }
    let subject = Subject::start(binary, store, plan.folder).await?;
    let took = subject.server.start_took.as_secs_f64();
    let memory = cpu::held_at_rest(&subject.server).await?;
    let times = p99(&subject, searches, clients, plan)? / before;
    subject.server.stop()?;
    Ok(vec![
        Finding::below("100,000 procedures: start to ready", took, 10.0, "s"),
        Finding::below("100,000 procedures: memory when idle", memory, 600.0, "MiB"),
        Finding::below("100,000 procedures: p99 of searches", times, 3.0, "times today's"),
    ])
}

/// The slowest of a hundred searches, in milliseconds: the median of the rounds after a first.
fn p99(subject: &Subject, searches: &Load, clients: u32, plan: &Plan<'_>) -> Outcome<f64> {
    let url = subject.server.url("/");
    let round = |_| {
        let drive = searches.drive(&url, clients, plan.length, plan.folder)?;
        if drive.failed > 0.0 {
            return Err(format!("{} searches failed", drive.failed).into());
        }
        Ok(drive.p99)
    };
    let rounds = (0..=plan.rounds).map(round).collect::<Outcome<Vec<_>>>()?;
    Ok(median(rounds.into_iter().skip(1)))
}

/// The multiplied list and the multiplied full records, as files for the import.
fn files(folder: &Path) -> Outcome<[PathBuf; 2]> {
    let [list, records] = ["many.csv", "many.json"].map(|name| folder.join(name));
    let national = unpacked(NATIONAL_PROCEDURES)?;
    let mut rows = csv::Reader::from_reader(national.as_slice());
    let (mut codes, mut many) =
        (HashMap::<String, Vec<String>>::new(), csv::Writer::from_path(&list)?);
    many.write_record(rows.headers()?)?;
    for row in rows.records() {
        let row = row?;
        let code = row.get(0).ok_or("a row without a code")?;
        let known = codes.len();
        let copies = (1..TIMES).map(|copy| format!("9.{:06}", known * TIMES + copy));
        let copies: Vec<_> = std::iter::once(code.to_owned()).chain(copies).collect();
        for copy in &copies {
            many.write_record(std::iter::once(copy.as_str()).chain(row.iter().skip(1)))?;
        }
        codes.insert(code.to_owned(), copies);
    }
    many.flush()?;

    let details: Vec<Value> = serde_json::from_slice(&unpacked(PROCEDURE_DETAILS)?)?;
    let copies = details.into_iter().flat_map(|record| {
        let codes = record["code"].as_str().and_then(|code| codes.get(code));
        let codes = codes.into_iter().flatten();
        codes.map(|code| with_code(record.clone(), code)).collect::<Vec<_>>()
    });
    fs::write(&records, serde_json::to_vec(&copies.collect::<Vec<_>>())?)?;
    Ok([list, records])
}

/// `record` under another code.
fn with_code(mut record: Value, code: &str) -> Value {
    record["code"] = code.into();
    record
}
