//! What came of it, for people: on the screen with all figures, in the documents as ratios.

use std::{fs, iter, path::Path};

use crate::{
    Outcome,
    measure::{Figures, Goal, Operation},
};

/// A goal beside what was measured for it.
pub(crate) struct Finding {
    pub(crate) what: String,
    pub(crate) measured: String,
    pub(crate) goal: String,
    pub(crate) met: bool,
    /// The figures behind it, where it is an operation's.
    pub(crate) figures: Option<(u32, Figures)>,
}

impl Finding {
    /// What `operation` reached.
    pub(crate) fn of(operation: &Operation, figures: Figures) -> Self {
        let of_floor = figures.rate / figures.floor_rate;
        let of_store = figures.store_rate.map_or(0.0, |store_rate| figures.rate / store_rate);
        let cpu = figures.server_cpu + figures.store_cpu;
        let (measured, goal, met) = match operation.goal {
            Goal::OfFloor(least) => {
                (format!("{of_floor:.2} of floor"), format!(">= {least:.2}"), of_floor >= least)
            }
            Goal::OfFloorWithin(least, slowest) => (
                format!("{of_floor:.2} of floor, p99 {:.1} ms", figures.p99),
                format!(">= {least:.2}, p99 <= {slowest} ms"),
                of_floor >= least && figures.p99 <= slowest,
            ),
            Goal::OfStore(least) => (
                format!("{of_store:.2} of single inserts"),
                format!(">= {least:.2}"),
                of_store >= least,
            ),
            Goal::Cpu(most) => {
                (format!("{cpu:.2} ms of CPU each"), format!("<= {most} ms"), cpu <= most)
            }
        };
        let what = operation.name.to_owned();
        Self { what, measured, goal, met, figures: Some((operation.clients, figures)) }
    }

    /// That `operation` could not be measured, and why.
    pub(crate) fn missing(operation: &Operation, why: &str) -> Self {
        Self {
            what: operation.name.to_owned(),
            measured: String::new(),
            goal: why.to_owned(),
            met: false,
            figures: None,
        }
    }

    /// Whether nothing was measured.
    pub(crate) fn is_missing(&self) -> bool {
        self.measured.is_empty()
    }

    /// A quantity that must stay below `limit`.
    pub(crate) fn below(what: &str, measured: f64, limit: f64, unit: &str) -> Self {
        Self {
            what: what.to_owned(),
            measured: format!("{measured:.2} {unit}"),
            goal: format!("< {limit} {unit}"),
            met: measured < limit,
            figures: None,
        }
    }

    /// A quantity that must reach at least `least`.
    pub(crate) fn at_least(what: &str, measured: f64, least: f64, unit: &str) -> Self {
        Self {
            what: what.to_owned(),
            measured: format!("{measured:.2} {unit}"),
            goal: format!(">= {least} {unit}"),
            met: measured >= least,
            figures: None,
        }
    }

    /// Something that must be so each of `times`, and was `often`.
    pub(crate) fn always(what: &str, often: u64, times: u64) -> Self {
        Self {
            what: what.to_owned(),
            measured: format!("{often} of {times}"),
            goal: "each time".to_owned(),
            met: often == times,
            figures: None,
        }
    }

    fn verdict(&self) -> [String; 4] {
        let met = if self.met { "yes" } else { "no" };
        [self.what.clone(), self.measured.clone(), self.goal.clone(), met.to_owned()]
    }
}

/// Everything that was measured, as a table for the screen.
pub(crate) fn in_full(findings: &[Finding]) -> String {
    let verdicts = findings.iter().map(|finding| finding.verdict().to_vec());
    let figures = findings.iter().filter_map(|finding| {
        let (clients, figures) = finding.figures.as_ref()?;
        let store_rate = figures.store_rate.map_or_else(|| "-".into(), whole);
        let row = [finding.what.clone(), clients.to_string(), whole(figures.rate)];
        let floor = [whole(figures.floor_rate), precise(figures.rate / figures.floor_rate)];
        let latencies = [figures.p50, figures.p95, figures.p99];
        let processors = [figures.server_cpu, figures.store_cpu, figures.floor_cpu];
        let generator = format!("{:.2} / {:.2}", figures.generator, figures.floor_generator);
        let all = row.into_iter().chain(floor).chain([store_rate]).chain(latencies.map(precise));
        Some(all.chain(processors.map(precise)).chain([generator]).collect())
    });
    let columns = [
        "operation",
        "clients",
        "req/s",
        "floor req/s",
        "of floor",
        "single inserts/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "server CPU ms",
        "store CPU ms",
        "floor CPU ms",
        "wrk cores (server / floor)",
    ];
    format!(
        "{}\n{}",
        table(&columns, figures),
        table(&["what", "measured", "goal", "met"], verdicts)
    )
}

/// Writes the goals and ratios between the marks for `table` in the document `file`. What else
/// stands in that table stays where it is, unless the `whole` of it was measured.
pub(crate) fn write_into(
    file: &Path,
    table: &str,
    findings: &[Finding],
    whole: bool,
) -> Outcome<()> {
    let (begin, end) = (format!("<!-- begin {table} -->\n"), format!("<!-- end {table} -->"));
    let text = fs::read_to_string(file)?;
    let (before, rest) = text.split_once(&begin).ok_or(format!("no mark {begin}"))?;
    let (former, after) = rest.split_once(&end).ok_or(format!("no mark {end}"))?;
    let measured = findings.iter().map(|finding| {
        let cpu = finding
            .figures
            .as_ref()
            .map(|(_, figures)| format!("{:.3} ms", figures.server_cpu + figures.store_cpu));
        finding.verdict().into_iter().chain([cpu.unwrap_or_default()]).collect()
    });
    let mut rows = if whole { Vec::new() } else { rows_of(former) };
    for row in measured.collect::<Vec<Vec<String>>>() {
        match rows.iter_mut().find(|known| known.first() == row.first()) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
    }
    let columns = ["what", "measured", "goal", "met", "CPU per request, server and store"];
    fs::write(
        file,
        format!("{before}{begin}{}{end}{after}", self::table(&columns, rows.into_iter())),
    )?;
    Ok(())
}

/// The rows of a table in Markdown, without its heading.
fn rows_of(table: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    table.lines().skip(2).map(cells).collect()
}

/// A table in Markdown, its columns as wide as their widest cell.
fn table(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let heading = columns.iter().map(ToString::to_string).collect();
    let lines: Vec<Vec<String>> = iter::once(heading).chain(rows).collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let framed = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).map(|(cell, &width)| format!(" {cell:<width$} |"));
        format!("|{}\n", cells.collect::<String>())
    };
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2) + "|").collect();
    let mut framed = lines.iter().map(framed);
    let heading = framed.next().unwrap_or_default();
    format!("{heading}|{}\n{}", rules.concat(), framed.collect::<String>())
}

fn whole(rate: f64) -> String {
    format!("{rate:.0}")
}

fn precise(figure: f64) -> String {
    format!("{figure:.3}")
}
