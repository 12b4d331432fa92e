//! The full records of procedures as JSON.

use domain::{
    catalogue::{
        Channel, ChannelKind, Component, Details, Duration, DurationUnit, Outcome, ProcedureCode,
    },
    text,
};
use serde::Deserialize;

use super::{fee::fee, known};
use crate::dataset::Reading;

/// A number of copies above which a form's number was taken for it.
const MANY: u32 = 10;

/// A record as the file has it.
#[derive(Deserialize)]
struct Record {
    code: String,
    steps_text: Option<String>,
    #[serde(default)]
    methods: Vec<Method>,
    methods_raw: Option<String>,
    #[serde(default)]
    components: Vec<Paper>,
    legal_basis_raw: Option<String>,
    conditions: Option<String>,
    #[serde(default)]
    results: Vec<Paper>,
}

#[derive(Deserialize)]
struct Method {
    channel: Option<String>,
    time_value: Option<String>,
    time_unit: Option<String>,
    fee_raw: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
struct Paper {
    group: Option<String>,
    name: Option<String>,
    code: Option<String>,
    originals: Option<u32>,
    copies: Option<u32>,
}

/// Reads full records, a JSON list, each with the code of its procedure. Doubts count records.
#[must_use]
pub fn details(json: &[u8]) -> Reading<(ProcedureCode, Details)> {
    let mut reading = Reading::default();
    let records: Vec<serde_json::Value> = match serde_json::from_slice(json) {
        Ok(records) => records,
        Err(error) => {
            reading.refuse(0, format!("this is no JSON list of records: {error}"));
            return reading;
        }
    };
    for (number, record) in (1..).zip(records) {
        match serde_json::from_value::<Record>(record) {
            Err(error) => reading.refuse(number, error.to_string()),
            Ok(record) => match record.code.parse() {
                Err(error) => reading.refuse(number, format!("{}: {error}", record.code)),
                Ok(code) => {
                    if record.components.iter().any(Paper::is_miscounted) {
                        reading.remark(number, format!("{code}: incredible numbers of copies"));
                    }
                    reading.records.push((code, record.into()));
                }
            },
        }
    }
    reading
}

impl Paper {
    fn is_miscounted(&self) -> bool {
        self.originals.max(self.copies).is_some_and(|count| count > MANY)
    }
}

impl From<Record> for Details {
    fn from(record: Record) -> Self {
        Self {
            steps_text: paragraphs(record.steps_text),
            channels: record.methods.into_iter().map(Channel::from).collect(),
            channels_raw: paragraphs(record.methods_raw)
                .filter(|text| !text.ends_with("Không có thông tin")),
            // The crawl kept one line of fees per channel.
            fees_complete: false,
            components: record.components.into_iter().filter_map(component).collect(),
            legal_basis_raw: paragraphs(record.legal_basis_raw),
            conditions: paragraphs(record.conditions),
            results: record.results.into_iter().filter_map(outcome).collect(),
        }
    }
}

impl From<Method> for Channel {
    fn from(method: Method) -> Self {
        Self {
            channel: match method.channel.as_deref() {
                Some("Trực tiếp") => ChannelKind::InPerson,
                Some("Trực tuyến") => ChannelKind::Online,
                Some("Dịch vụ bưu chính") => ChannelKind::Post,
                _ => ChannelKind::Unknown,
            },
            fee: fee(method.fee_raw.as_deref()),
            note: paragraphs(method.note),
            duration: duration(method.time_value, method.time_unit),
        }
    }
}

fn duration(value: Option<String>, unit: Option<String>) -> Duration {
    Duration {
        value: value.as_deref().and_then(|value| value.trim().parse().ok()),
        unit: match unit.as_deref().map(str::trim) {
            Some("Giờ") => DurationUnit::Hour,
            Some("Ngày") => DurationUnit::Day,
            Some("Ngày làm việc") => DurationUnit::WorkingDay,
            Some("Tháng") => DurationUnit::Month,
            _ => DurationUnit::Unknown,
        },
        raw: line(Some([value, unit].into_iter().flatten().collect::<Vec<_>>().join(" "))),
    }
}

fn component(paper: Paper) -> Option<Component> {
    let credible = |count: Option<u32>| count.filter(|&count| count <= MANY);
    Some(Component {
        name: line(paper.name)?,
        group: line(paper.group),
        originals: credible(paper.originals),
        copies: credible(paper.copies),
    })
}

fn outcome(paper: Paper) -> Option<Outcome> {
    Some(Outcome { name: line(paper.name)?, code: line(paper.code) })
}

fn line(published: Option<String>) -> Option<String> {
    known(text::line(&published?))
}

fn paragraphs(published: Option<String>) -> Option<String> {
    known(text::paragraphs(&published?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_one_by_one() {
        let reading = details(
            br#"[{"code": "1.001193", "methods": [{"channel": "x", "time_value": "1"}],
                  "components": [{"name": "To khai", "originals": 181, "copies": 1}]},
                 {"code": "?"}, 7]"#,
        );
        let (code, details) = reading.records.first().unwrap();
        assert_eq!(code.as_str(), "1.001193");
        assert_eq!(details.channels.first().unwrap().duration.unit, DurationUnit::Unknown);
        let component = details.components.first().unwrap();
        assert_eq!((component.originals, component.copies), (None, Some(1)));
        let doubts: Vec<_> =
            reading.doubts.iter().map(|doubt| (doubt.line, doubt.refused)).collect();
        assert_eq!(doubts, [(1, false), (2, true), (3, true)]);
    }

    #[test]
    fn what_is_no_list_gives_nothing() {
        let reading = details(b"{");
        assert_eq!((reading.records.len(), reading.doubts.len()), (0, 1));
    }
}
