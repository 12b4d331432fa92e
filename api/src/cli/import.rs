//! `import`: open data from a file.

use std::path::PathBuf;

use chrono::{NaiveDate, TimeDelta};
use clap::Args;
use domain::Moment;
use infra::{
    database::Database,
    dataset::{Doubt, ImportError, Report, Source, Subject, import},
};

use super::{Failure, say, say_progress};
use crate::{Surroundings, settings::Settings};

/// How far the clocks of Vietnam are ahead of UTC.
const VIETNAM: TimeDelta = TimeDelta::hours(7);

/// What to import.
#[derive(Args)]
pub(super) struct Import {
    /// What the file is about: procedures, communes, facilities, hotlines, holidays or notices.
    subject: Subject,
    /// The file: CSV, JSON or GeoJSON, compressed by gzip or not.
    file: PathBuf,
}

/// Imports a file. A running server takes the data over by itself within a second or two.
pub(super) async fn run(settings: &Settings, command: Import) -> Result<(), Failure> {
    let surroundings = Surroundings::real(settings)?;
    let source = read(&command, today(&surroundings.now()))?;
    let database = Database::open(&settings.database()?).await?;
    let mut progress = Progress::default();
    let now = || surroundings.now();
    let told = &mut |loaded, total| progress.tell(loaded, total);
    match import(&database, &now, source, told).await {
        Ok(report) => {
            say(&report_lines(&report));
            Ok(())
        }
        Err(ImportError::NothingValid { dataset, doubts }) => {
            say(&doubt_lines(&doubts));
            Err(format!("{dataset}: no row of the file could be taken; nothing has changed").into())
        }
        Err(error) => Err(error.into()),
    }
}

fn read(command: &Import, today: NaiveDate) -> Result<Source, Failure> {
    let Import { subject, file } = command;
    let unreadable = |error| format!("{} cannot be read: {error}", file.display());
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let name = file.file_name().map_or_else(String::new, |name| name.display().to_string());
    Ok(Source::recognise(*subject, &name, &bytes, today).map_err(unreadable)?)
}

/// The date in Vietnam.
fn today(now: &Moment) -> NaiveDate {
    (now.at + VIETNAM).date_naive()
}

fn report_lines(report: &Report) -> String {
    let Report { dataset, records, doubts, .. } = report;
    let refused = doubts.iter().filter(|doubt| doubt.refused).count();
    let outcome = if report.switched {
        format!("{dataset}: {records} records are in force; {refused} rows were left out")
    } else {
        format!("{dataset}: the {records} records of this file are in force already")
    };
    doubt_lines(doubts) + &outcome
}

/// A table of what is doubtful: the line, what was done, why.
fn doubt_lines(doubts: &[Doubt]) -> String {
    let line = |doubt: &Doubt| {
        let done = if doubt.refused { "left out" } else { "taken" };
        format!("{:>8}  {done:<8}  {}\n", doubt.line, doubt.message)
    };
    let heading = if doubts.is_empty() { "" } else { "    line  row       why\n" };
    heading.to_owned() + &doubts.iter().map(line).collect::<String>()
}

/// Says every tenth of a long load.
#[derive(Default)]
struct Progress {
    tenths: usize,
}

impl Progress {
    /// Loads below this size are over before anybody wonders.
    const LONG: usize = 1000;

    fn tell(&mut self, loaded: usize, total: usize) {
        let tenths = loaded * 10 / total.max(1);
        if total >= Self::LONG && tenths > self.tenths {
            self.tenths = tenths;
            say_progress(&format!("{loaded} of {total} records are loaded"));
        }
    }
}
