//! `import`: open data or dossiers from a file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    str::FromStr,
};

use chrono::NaiveDate;
use clap::Args;
use domain::{Moment, audit::Actor, wall_clock::local};
use infra::{
    catalogue::edition::Changes,
    database::Database,
    dataset::{Doubt, ImportError, Report, Source, Subject, UnknownSubject, import},
    directory::{import_calendar, is_calendar, read_calendar},
    dossier::{self, read_dossiers},
};

use super::{Failure, open, say, say_progress};
use crate::{Surroundings, settings::Settings};

/// What to import.
#[derive(Args)]
pub(super) struct Import {
    /// What the file is about: procedures, communes, facilities, hotlines, holidays, notices or
    /// dossiers.
    subject: Topic,
    /// Take a list although it has far fewer rows than the one in force: the
    /// others are withdrawn.
    #[arg(long)]
    shrink: bool,
    /// The file: CSV, JSON or GeoJSON, compressed by gzip or not; facilities also from
    /// OpenStreetMap (PBF), notices also as a calendar (iCalendar). Dossiers: CSV.
    file: PathBuf,
}

/// What a file is about.
#[derive(Clone, Copy)]
enum Topic {
    /// Open data.
    Data(Subject),
    /// Dossiers, which are no open data: they are kept sealed, and no file of them as a whole.
    Dossiers,
}

impl FromStr for Topic {
    type Err = UnknownSubject;

    fn from_str(text: &str) -> Result<Self, UnknownSubject> {
        if text == "dossiers" { Ok(Self::Dossiers) } else { text.parse().map(Self::Data) }
    }
}

/// Imports a file. A running server takes the data over by itself within a second or two.
pub(super) async fn run(settings: &Settings, command: Import) -> Result<(), Failure> {
    let Import { subject, shrink, file } = command;
    match subject {
        Topic::Data(Subject::Notices) if is_calendar(&bytes(&file)?) => {
            calendar(settings, &file).await
        }
        Topic::Data(subject) => open_data(settings, subject, shrink, &file).await,
        Topic::Dossiers => dossiers(settings, &file).await,
    }
}

async fn dossiers(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let surroundings = Surroundings::real(settings)?;
    let now = surroundings.now();
    let reading = read_dossiers(&bytes(file)?, now.at, &settings.dossier_local_states);
    if reading.records.is_empty() && !reading.doubts.is_empty() {
        say(&doubt_lines(&reading.doubts));
        return Err("dossiers: no row of the file could be taken; nothing has changed".into());
    }
    let (database, keys) = open(settings, &now).await?;
    let mut progress = Progress::default();
    let (now, told) = (|| surroundings.now(), &mut |done, total| progress.tell(done, total));
    let imported = dossier::import(&database, keys, &now, reading.records, told).await?;
    let refused = reading.doubts.len();
    say(&format!(
        "{}dossiers: {} reports were taken, {} were known; {refused} rows were left out",
        doubt_lines(&reading.doubts),
        imported.taken,
        imported.known
    ));
    Ok(())
}

/// Takes in a calendar, which is called as its file is.
async fn calendar(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let now = Surroundings::real(settings)?.now();
    let name = file.file_stem().map_or_else(String::new, |name| name.display().to_string());
    let reading = read_calendar(&name, &bytes(file)?, now.at);
    let refused = reading.doubts.iter().filter(|doubt| doubt.refused).count();
    say(&doubt_lines(&reading.doubts));
    if reading.records.is_empty() && refused > 0 {
        return Err("notices: no event of the file could be taken; nothing has changed".into());
    }
    let database = Database::open(&settings.database()?).await?;
    let by = Actor::OPERATOR;
    let report = import_calendar(&database, &now, &name, by, reading).await?;
    say(&format!(
        "notices: {} of the calendar {name} are new or changed, {} were withdrawn; {refused} events \
         were left out",
        report.changed, report.withdrawn
    ));
    Ok(())
}

async fn open_data(
    settings: &Settings,
    subject: Subject,
    shrink: bool,
    file: &Path,
) -> Result<(), Failure> {
    let surroundings = Surroundings::real(settings)?;
    let source = read(subject, file, today(&surroundings.now()))?;
    let source = Source { may_shrink: shrink, ..source };
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
        Err(ImportError::Shrinks { dataset, records, in_force, doubts }) => {
            say(&doubt_lines(&doubts));
            Err(format!(
                "{dataset}: only {records} rows could be taken, and {in_force} are in force; \
                 nothing has changed. If the others are to be withdrawn, import it with --shrink"
            )
            .into())
        }
        Err(error) => Err(error.into()),
    }
}

fn read(subject: Subject, file: &Path, today: NaiveDate) -> Result<Source, Failure> {
    let name = file.file_name().map_or_else(String::new, |name| name.display().to_string());
    let source = Source::recognise(subject, &name, &bytes(file)?, today);
    Ok(source.map_err(|error| unreadable(file, &error))?)
}

fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    Ok(std::fs::read(file).map_err(|error| unreadable(file, &error))?)
}

fn unreadable(file: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be read: {error}", file.display())
}

/// The date in Vietnam.
fn today(now: &Moment) -> NaiveDate {
    local(now.at).date()
}

fn report_lines(report: &Report) -> String {
    let Report { dataset, records, changes, doubts, .. } = report;
    let refused = doubts.iter().filter(|doubt| doubt.refused).count();
    let outcome = if report.switched {
        format!("{dataset}: {records} records are in force; {refused} rows were left out")
    } else {
        format!("{dataset}: the {records} records of this file are in force already")
    };
    let Changes { added, changed, withdrawn } = changes;
    let outcome = if *changes == Changes::default() {
        outcome
    } else {
        format!("{outcome}; of the procedures {added} are new, {changed} changed, {withdrawn} gone")
    };
    doubt_lines(doubts) + &outcome
}

/// A table of what is doubtful: the line, what was done, why; and how often each thing is odd.
fn doubt_lines(doubts: &[Doubt]) -> String {
    let line = |doubt: &Doubt| {
        let done = if doubt.refused { "left out" } else { "taken" };
        let about = doubt.about.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
        format!("{:>8}  {done:<8}  {about}{}\n", doubt.line, doubt.message)
    };
    let heading = if doubts.is_empty() { "" } else { "    line  row       why\n" };
    heading.to_owned() + &doubts.iter().map(line).collect::<String>() + &counts(doubts)
}

/// How often each thing is odd about rows that were taken.
fn counts(doubts: &[Doubt]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for doubt in doubts.iter().filter(|doubt| !doubt.refused) {
        *counts.entry(&doubt.message).or_default() += 1;
    }
    let heading = if counts.is_empty() { "" } else { "    rows  what is odd about them\n" };
    let count = |(said, rows): (&&str, &usize)| format!("{rows:>8}  {said}\n");
    heading.to_owned() + &counts.iter().map(count).collect::<String>()
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
