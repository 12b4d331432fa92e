//! What a source tells of a dossier, before anybody has looked at it.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::{
    Applicant, DossierCode, DraftFee, DraftResult, Fee, Flaw, FlawKind, LocalStates, ResultPaper,
    State,
    flaws::{Flaws, PAPERS},
    paper::dong,
};
use crate::{identity::business::TaxCode, wall_clock};

/// How far the clock of a source may be ahead. What is told for later would stay in force until
/// then, whatever is told meanwhile.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// Nor is any due more than this after now.
const FARTHEST: TimeDelta = TimeDelta::days(20 * 366);
/// The most working days anything takes.
const WORKING_DAYS: u16 = 1000;

/// What a source tells of a dossier, as text. Instants are RFC 3339, or `yyyyMMddHHmmss` by the
/// clocks of Vietnam, as the national systems write them.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The code on the receipt.
    pub code: Option<String>,
    /// Since when it stands so.
    pub at: Option<String>,
    /// The state by the national list: its number or name. Not needed where `local_status` is one
    /// that is known.
    pub status: Option<String>,
    /// What the source itself calls the state.
    pub local_status: Option<String>,
    /// The code of the procedure, in any form.
    pub procedure: Option<String>,
    /// The code of the unit that works on it.
    pub unit: Option<String>,
    /// The office that works on it.
    pub office: Option<String>,
    /// When it was accepted.
    pub received_at: Option<String>,
    /// The day that the receipt names.
    pub due_at: Option<String>,
    /// How many working days it may take.
    pub working_days: Option<u16>,
    /// When it was decided.
    pub finished_at: Option<String>,
    /// The papers that are missing.
    pub missing_papers: Vec<String>,
    /// What is to be paid for it.
    pub fees: Vec<DraftFee>,
    /// The papers that came of it.
    pub results: Vec<DraftResult>,
    /// Who filed it.
    pub applicant: DraftApplicant,
}

/// Who filed a dossier, as text.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct DraftApplicant {
    /// A phone number.
    pub phone: Option<String>,
    /// The number in the register of residents: 12 digits, or the 9 of an old card.
    pub national_id: Option<String>,
    /// The tax code of a business.
    pub tax_code: Option<String>,
}

/// What a source tells of a dossier.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// Of which one.
    pub code: DossierCode,
    /// How it stands.
    pub state: State,
    /// Who filed it.
    pub applicant: Applicant,
}

impl Draft {
    /// What is told, checked at `now`. A source that tells only its own state is understood by
    /// `states`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(self, now: DateTime<Utc>, states: &LocalStates) -> Result<Report, Vec<Flaw>> {
        let mut flaws = Flaws::default();
        let code = flaws.needed("code", self.code.as_deref(), |text| text.parse().ok());
        let at = flaws.needed("at", self.at.as_deref(), instant);
        let at = flaws.within("at", at, now + AHEAD);
        let understood = || states.national(self.local_status.as_deref()?);
        let status = match self.status.as_deref().filter(|text| !text.trim().is_empty()) {
            None if understood().is_some() => understood(),
            told => flaws.needed("status", told, |text| text.trim().parse().ok()),
        };
        let mut instant_in = |field, text: Option<&str>| {
            let read = flaws.optional(field, text, instant);
            flaws.within(field, read, now + FARTHEST)
        };
        let received_at = instant_in("received_at", self.received_at.as_deref());
        let due_at = instant_in("due_at", self.due_at.as_deref());
        let finished_at = instant_in("finished_at", self.finished_at.as_deref());
        let procedure =
            flaws.optional("procedure", self.procedure.as_deref(), |text| text.parse().ok());
        let local_status = flaws.line("local_status", self.local_status.as_deref());
        let unit = flaws.line("unit", self.unit.as_deref());
        let office = flaws.line("office", self.office.as_deref());
        if self.working_days.is_some_and(|days| days > WORKING_DAYS) {
            flaws.note("working_days", FlawKind::OutOfRange);
        }
        if self.missing_papers.len() > PAPERS {
            flaws.note("missing_papers", FlawKind::TooLong);
        }
        let papers = self.missing_papers.iter().take(PAPERS);
        let missing_papers = papers.filter_map(|paper| flaws.line("missing_papers", Some(paper)));
        let missing_papers = missing_papers.collect();
        let fees = flaws.each("fees", self.fees, fee);
        let results =
            flaws.each("results", self.results, |flaws, told| result(flaws, told, now + AHEAD));
        let applicant = self.applicant.check(&mut flaws);
        match (code, at, status) {
            (Some(code), Some(at), Some(status)) if flaws.0.is_empty() => {
                let state = State {
                    at,
                    status,
                    local_status,
                    procedure,
                    unit,
                    office,
                    received_at,
                    due_at,
                    working_days: self.working_days,
                    finished_at,
                    missing_papers,
                    fees,
                    results,
                };
                Ok(Report { code, state, applicant })
            }
            _ => Err(flaws.0),
        }
    }
}

impl DraftApplicant {
    fn check(self, flaws: &mut Flaws) -> Applicant {
        let before = flaws.0.len();
        let phone = flaws.optional("applicant/phone", self.phone.as_deref(), number);
        let national_id =
            flaws.optional("applicant/national_id", self.national_id.as_deref(), number);
        let tax_code: Option<TaxCode> =
            flaws.optional("applicant/tax_code", self.tax_code.as_deref(), |it| it.parse().ok());
        let applicant = Applicant::new(phone, national_id, tax_code);
        if !applicant.is_known() && flaws.0.len() == before {
            flaws.note("applicant", FlawKind::Missing);
        }
        applicant
    }
}

fn fee(flaws: &mut Flaws, told: DraftFee) -> Option<Fee> {
    let name = flaws.name("fees/name", told.name.as_deref());
    let amount = flaws.needed("fees/amount", told.amount.as_deref(), dong);
    Some(Fee { name: name?, amount: amount?, paid: told.paid })
}

fn result(flaws: &mut Flaws, told: DraftResult, latest: DateTime<Utc>) -> Option<ResultPaper> {
    let name = flaws.name("results/name", told.name.as_deref());
    let number = flaws.line("results/number", told.number.as_deref());
    let issued_at = flaws.optional("results/issued_at", told.issued_at.as_deref(), instant);
    let issued_at = flaws.within("results/issued_at", issued_at, latest);
    Some(ResultPaper { name: name?, number, issued_at })
}

/// An instant as sources write it, in whole microseconds as both stores keep it.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let national = || {
        let digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
        let wall = NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok().filter(|_| digits)?;
        Some(wall_clock::instant(wall))
    };
    let read = text.parse().ok().or_else(national);
    read.and_then(|at: DateTime<Utc>| DateTime::from_timestamp_micros(at.timestamp_micros()))
}

/// The digits of a number of a phone or a person.
fn number(text: &str) -> Option<String> {
    let fills = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '(' | ')' | '+');
    let digits: String = text.chars().filter(|&c| !fills(c)).collect();
    let whole = (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    whole.then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: &str = "2026-11-23T01:02:03Z";

    fn states() -> LocalStates {
        LocalStates::new(["BO_SUNG=5"]).unwrap()
    }

    fn draft() -> Draft {
        Draft {
            code: Some(" h55.242-261123-0001".to_owned()),
            at: Some("20261123080000".to_owned()),
            status: Some("5".to_owned()),
            missing_papers: vec!["  Giấy chứng sinh ".to_owned(), String::new()],
            applicant: DraftApplicant {
                phone: Some("+84 912 345 678".to_owned()),
                ..DraftApplicant::default()
            },
            ..Draft::default()
        }
    }

    fn flaws(draft: Draft) -> Vec<String> {
        let flaws = draft.check(NOW.parse().unwrap(), &states()).err().unwrap_or_default();
        flaws.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_national_systems_write_is_read() {
        let report = draft().check(NOW.parse().unwrap(), &states()).ok().unwrap();
        assert_eq!(report.code.as_str(), "H55.242-261123-0001");
        assert_eq!(report.state.at, "2026-11-23T08:00:00+07:00".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(report.state.missing_papers, ["Giấy chứng sinh"]);
    }

    #[test]
    fn a_state_is_understood_by_what_the_source_calls_it() {
        let told = |status: Option<&str>, local: &str| {
            let (status, local_status) = (status.map(str::to_owned), Some(local.to_owned()));
            let told = Draft { status, local_status, ..draft() };
            told.check(NOW.parse().unwrap(), &states()).ok().map(|it| it.state.status.number())
        };
        assert_eq!(told(None, "bo sung"), Some(5));
        assert_eq!(told(Some(" "), "BO_SUNG"), Some(5));
        assert_eq!(told(Some("4"), "BO_SUNG"), Some(4), "its own word goes first");
        assert_eq!((told(None, "TRINH_KY"), told(Some("11"), "BO_SUNG")), (None, None));
    }

    #[test]
    fn everything_that_is_wrong_is_named_and_no_number_is_repeated() {
        assert_eq!(
            flaws(Draft::default()),
            ["code is missing", "at is missing", "status is missing", "applicant is missing"]
        );
        let wrong = Draft {
            at: Some("2026-11-23T01:30:00Z".to_owned()),
            status: Some("11".to_owned()),
            due_at: Some("1026-11-23T01:30:00Z".to_owned()),
            working_days: Some(1001),
            office: Some("x".repeat(301)),
            applicant: DraftApplicant {
                phone: Some("091234567O".to_owned()),
                national_id: Some("019203".to_owned()),
                tax_code: Some("1".to_owned()),
            },
            ..draft()
        };
        assert_eq!(
            flaws(wrong),
            [
                "at lies too far off",
                "status cannot be read",
                "due_at lies too far off",
                "office is too long",
                "working_days lies too far off",
                "applicant.phone cannot be read",
                "applicant.national_id cannot be read",
                "applicant.tax_code cannot be read",
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(texts in prop::collection::vec(any::<Option<String>>(), 18)) {
            let mut texts = texts.into_iter().flatten().map(Some).chain(std::iter::repeat(None));
            let mut next = || texts.next().flatten();
            let told = Draft {
                code: next(),
                at: next(),
                status: next(),
                local_status: next(),
                procedure: next(),
                unit: next(),
                office: next(),
                received_at: next(),
                due_at: next(),
                working_days: None,
                finished_at: next(),
                missing_papers: next().into_iter().collect(),
                fees: vec![DraftFee { name: next(), amount: next(), paid: None }],
                results: vec![DraftResult { name: next(), number: next(), issued_at: next() }],
                applicant: DraftApplicant { phone: next(), national_id: next(), tax_code: next() },
            };
            let _ = told.check(NOW.parse().unwrap(), &states());
        }
    }
}
