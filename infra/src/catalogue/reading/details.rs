//! The full records of procedures as JSON.

use std::collections::HashSet;

use domain::{
    catalogue::{
        Channel, ChannelKind, Component, Details, Duration, DurationUnit, Fee, FeeKind, Outcome,
        ProcedureCode,
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
    receiving_address: Option<String>,
    delegated_agency: Option<String>,
    coordinating_agency: Option<String>,
    related_raw: Option<String>,
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
    form_code: Option<String>,
    form_url: Option<String>,
}

/// Reads full records, a JSON list, each with the code of its procedure, which has one. Doubts count
/// records.
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
    let mut seen = HashSet::new();
    for (number, record) in (1..).zip(records) {
        match serde_json::from_value::<Record>(record) {
            Err(error) => reading.refuse(number, error.to_string()),
            Ok(record) => match record.code.parse::<ProcedureCode>() {
                Err(error) => reading.refuse(number, format!("{}: {error}", record.code)),
                Ok(code) if !seen.insert(code.clone()) => {
                    reading.refuse(number, format!("{code} stands there already"));
                }
                Ok(code) => {
                    let lost = lost(&record);
                    let details = Details::from(record);
                    if holds_nothing(&details) {
                        reading.refuse(number, format!("{code}: no part of the record is there"));
                        continue;
                    }
                    for said in remarks(&details).into_iter().chain(lost) {
                        reading.remark(number, code.as_str(), said);
                    }
                    reading.records.push((code, details));
                }
            },
        }
    }
    reading
}

/// Whether nothing is said of how a procedure is carried out: such a record comes of a broken file.
const fn holds_nothing(details: &Details) -> bool {
    details.channels.is_empty() && details.components.is_empty() && details.steps_text.is_none()
}

/// What is odd about a record that is taken.
fn remarks(details: &Details) -> Vec<&'static str> {
    let any = |is_so: fn(&Channel) -> bool| details.channels.iter().any(is_so);
    let oddities = [
        (details.channels.is_empty(), "no way to file it is said"),
        (any(|way| way.duration.raw.is_none()), "a time is not said"),
        (any(|way| has_no_unit(&way.duration)), "a time has no unit"),
        (any(|way| way.fee.raw.is_none()), "a fee is not said"),
        (any(|way| way.fee.raw.is_some() && is_unread(&way.fee)), "a fee cannot be read"),
        (any(|way| is_free_if(&way.fee)), "a fee is free, and then conditions follow"),
        (any(|way| is_foreign(&way.fee)), "a fee is in foreign money"),
        (details.components.is_empty(), "no paper to hand in is listed"),
    ];
    oddities.into_iter().filter_map(|(is_so, said)| is_so.then_some(said)).collect()
}

/// What of a record that is taken is not.
fn lost(record: &Record) -> Vec<&'static str> {
    let methods = |is_so: fn(&Method) -> bool| record.methods.iter().any(is_so);
    let papers = |is_so: fn(&Paper) -> bool| record.components.iter().any(is_so);
    let nameless = |paper: &Paper| line(paper.name.clone()).is_none();
    let oddities = [
        (papers(Paper::is_miscounted), "its papers have incredible numbers of copies"),
        (papers(nameless) || record.results.iter().any(nameless), "a paper has no name"),
        (papers(Paper::has_doubtful_link), "the link of a form is no https address"),
        (methods(|way| way.kind() == ChannelKind::Unknown), "a way to file it is not known"),
        (methods(Method::has_unread_time), "a time cannot be read"),
    ];
    oddities.into_iter().filter_map(|(is_so, said)| is_so.then_some(said)).collect()
}

fn has_no_unit(duration: &Duration) -> bool {
    duration.raw.is_some() && duration.unit == DurationUnit::Unknown
}

fn is_unread(fee: &Fee) -> bool {
    fee.kind == FeeKind::Unknown
}

fn is_free_if(fee: &Fee) -> bool {
    fee.kind == FeeKind::Conditional && fee.amounts.is_empty()
}

fn is_foreign(fee: &Fee) -> bool {
    fee.amounts.iter().chain(&fee.mentioned).any(|money| money.currency != "VND")
}

impl Paper {
    fn is_miscounted(&self) -> bool {
        self.originals.max(self.copies).is_some_and(|count| count > MANY)
    }

    fn has_doubtful_link(&self) -> bool {
        line(self.form_url.clone()).is_some_and(|url| !url.starts_with("https://"))
    }
}

impl Method {
    fn kind(&self) -> ChannelKind {
        match self.channel.as_deref() {
            Some("Trực tiếp") => ChannelKind::InPerson,
            Some("Trực tuyến") => ChannelKind::Online,
            Some("Dịch vụ bưu chính") => ChannelKind::Post,
            _ => ChannelKind::Unknown,
        }
    }

    fn has_unread_time(&self) -> bool {
        let said = line(self.time_value.clone()).is_some();
        said && duration(self.time_value.clone(), None).value.is_none()
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
            receiving_address: line(record.receiving_address),
            delegated_agency: line(record.delegated_agency),
            coordinating_agency: line(record.coordinating_agency),
            related_raw: paragraphs(record.related_raw),
        }
    }
}

impl From<Method> for Channel {
    fn from(method: Method) -> Self {
        Self {
            channel: method.kind(),
            fee: fee(method.fee_raw.as_deref(), method.note.as_deref()),
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
        form_code: line(paper.form_code),
        form_url: line(paper.form_url).filter(|url| url.starts_with("https://")),
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
        let refused = reading.doubts.iter().filter(|doubt| doubt.refused);
        assert_eq!(refused.map(|doubt| doubt.line).collect::<Vec<_>>(), [2, 3]);
        let remarks = reading.doubts.iter().filter(|doubt| !doubt.refused);
        let remarks: Vec<_> = remarks.map(|doubt| doubt.message.as_str()).collect();
        assert_eq!(
            remarks,
            [
                "a time has no unit",
                "a fee is not said",
                "its papers have incredible numbers of copies",
                "a way to file it is not known"
            ]
        );
    }

    #[test]
    fn what_is_lost_of_a_record_is_told() {
        let reading = details(
            br#"[{"code": "1.001193", "results": [{"code": "KQ1"}],
                  "methods": [{"channel": "fax", "time_value": "soon", "time_unit": "x"}],
                  "components": [{"name": "To khai", "form_url": "http://x"}]},
                 {"code": "1.001193.H55", "steps_text": "again"}]"#,
        );
        assert_eq!(reading.records.len(), 1);
        assert_eq!(reading.records.first().unwrap().1.steps_text, None);
        let said: Vec<_> = reading.doubts.iter().map(|doubt| doubt.message.as_str()).collect();
        for lost in [
            "a paper has no name",
            "the link of a form is no https address",
            "a way to file it is not known",
            "a time cannot be read",
            "1.001193 stands there already",
        ] {
            assert!(said.contains(&lost), "{lost}: {said:?}");
        }
    }

    #[test]
    fn what_is_no_list_gives_nothing() {
        let reading = details(b"{");
        assert_eq!((reading.records.len(), reading.doubts.len()), (0, 1));
    }
}
