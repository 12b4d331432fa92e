//! What officers write again and again.

use std::collections::BTreeMap;

use super::{ActError, Flaw, FlawKind, Report, ReportId, Signed, act::in_scope, office::Office};
use crate::{
    Id, Moment, StoreError,
    audit::{self, AuditLog},
    directory::{AgencyCode, AgencyTree},
    identity::{Officer, policy::Scope},
    text,
    wall_clock::local,
};

/// The id of a template.
pub type TemplateId = Id<Template>;

/// The most characters of a template.
const TEXT: usize = 4_000;
/// The most characters of its name.
const NAME: usize = 80;
/// At most so many an agency has.
const MOST: usize = 200;

/// What stands in a template for something of the report: `{{code}}`.
pub const VARIABLES: [&str; 11] = [
    "address",
    "agency",
    "answer",
    "category",
    "code",
    "commune",
    "due_on",
    "officer",
    "submitted_on",
    "text",
    "title",
];

/// What a template says, each variable in it known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording(String);

/// A piece of a template.
enum Piece<'t> {
    Text(&'t str),
    Variable(&'t str),
}

impl Wording {
    /// `text` in NFC, 1 to 4,000 characters, with known variables alone.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let text = text::paragraphs(text);
        if let Some(flaw) = super::submission::length_flaw("text", &text, TEXT) {
            return Err(flaw);
        }
        let known = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => !text.contains("{{"),
            Piece::Variable(name) => VARIABLES.contains(name),
        };
        let fits = pieces(&text).iter().all(known);
        if fits { Ok(Self(text)) } else { Err(Flaw::at("text", FlawKind::Unknown)) }
    }

    /// What was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text with `values` in place of the variables; of what has no value nothing.
    #[must_use]
    pub fn filled(&self, values: &BTreeMap<&str, String>) -> String {
        let fill = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => (*text).to_owned(),
            Piece::Variable(name) => values.get(name).cloned().unwrap_or_default(),
        };
        pieces(&self.0).iter().map(fill).collect()
    }
}

/// `text` cut at its variables. What opens one and does not close it is text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        pieces.extend([Piece::Text(before), Piece::Variable(name.trim())]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// What an agency writes again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// How often it has changed, from 1.
    pub version: i64,
    /// Whose it is. Those below it use it, too.
    pub agency: AgencyCode,
    /// What it is called.
    pub name: String,
    /// What it says.
    pub wording: Wording,
}

/// What a template shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTemplate {
    /// Whose; of the officer's own agency when absent.
    pub agency: Option<AgencyCode>,
    /// What it is called.
    pub name: String,
    /// What it says.
    pub wording: Wording,
}

impl NewTemplate {
    /// What was sent.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(agency: Option<AgencyCode>, name: &str, text: &str) -> Result<Self, Flaw> {
        let name = text::line(name);
        match super::submission::length_flaw("name", &name, NAME) {
            Some(flaw) => Err(flaw),
            None => Ok(Self { agency, name, wording: Wording::parse(text)? }),
        }
    }
}

/// Where templates are kept.
pub trait TemplateRepository {
    /// The templates of these agencies, by agency and name.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn templates_of(&mut self, agencies: &Scope) -> Result<Vec<Template>, StoreError>;

    /// The template `id`, whoever asks.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn template(&mut self, id: TemplateId) -> Result<Option<Template>, StoreError>;

    /// Keeps `template`, which was at version `from`; 0 for a new one.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is at another version.
    fn put_template(
        &mut self,
        template: &Template,
        from: i64,
        by: Signed,
    ) -> Result<(), StoreError>;

    /// Removes the template `id`, which was at version `from`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is at another version.
    fn remove_template(&mut self, id: TemplateId, from: i64) -> Result<(), StoreError>;
}

/// The agencies whose templates `officer` may use: their own, those below it, and those above.
fn usable(officer: &Officer) -> Scope {
    let staff = officer.staff();
    match staff.scope() {
        Scope::Everything => Scope::Everything,
        Scope::Agencies(mut codes) => {
            codes.extend(above(&staff.agencies, &staff.agency));
            Scope::Agencies(codes)
        }
    }
}

fn above(agencies: &AgencyTree, agency: &AgencyCode) -> Vec<AgencyCode> {
    let all = agencies.agencies().iter().map(|known| &known.code);
    let holds = |code: &&AgencyCode| *code != agency && agencies.is_within(agency, code);
    let mut above: Vec<_> = all.filter(holds).cloned().collect();
    above.push(AgencyCode::province());
    above.dedup();
    above
}

/// The templates that `officer` may use.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn templates(
    tx: &mut impl TemplateRepository,
    officer: &Officer,
) -> Result<Vec<Template>, StoreError> {
    tx.templates_of(&usable(officer))
}

/// The template `id`, if it is of an agency that `officer` reaches and at version `seen`.
fn own(
    tx: &mut impl TemplateRepository,
    officer: &Officer,
    (id, seen): (TemplateId, i64),
) -> Result<Template, ActError> {
    let reached = |template: &Template| officer.staff().reaches(&template.agency);
    let template = tx.template(id)?.filter(reached).ok_or(ActError::NotFound)?;
    let version = super::Version(template.version);
    if template.version == seen { Ok(template) } else { Err(ActError::Stale(version)) }
}

/// Adds a template of an agency that `officer` reaches.
///
/// # Errors
/// [`ActError::OutOfReach`] for any other agency, [`ActError::TooMany`] where it has enough.
pub fn add_template(
    tx: &mut (impl TemplateRepository + AuditLog),
    now: &Moment,
    officer: &Officer,
    new: NewTemplate,
) -> Result<Template, ActError> {
    let staff = officer.staff();
    let agency = new.agency.unwrap_or_else(|| staff.agency.clone());
    if !staff.reaches(&agency) {
        return Err(ActError::OutOfReach);
    }
    if tx.templates_of(&Scope::Agencies(vec![agency.clone()]))?.len() >= MOST {
        return Err(ActError::TooMany);
    }
    let (name, wording) = (new.name, new.wording);
    let template = Template { id: now.new_id(), version: 1, agency, name, wording };
    tx.put_template(&template, 0, (staff.id, now.at))?;
    audit::record(tx, now, staff, "template.added", &template.id, None)?;
    Ok(template)
}

/// Changes a template that `officer` saw at a version.
///
/// # Errors
/// [`ActError`] when they do not reach it, or it has changed.
pub fn change_template(
    tx: &mut (impl TemplateRepository + AuditLog),
    now: &Moment,
    officer: &Officer,
    named: (TemplateId, i64),
    new: NewTemplate,
) -> Result<Template, ActError> {
    let template = own(tx, officer, named)?;
    let agency = new.agency.unwrap_or_else(|| template.agency.clone());
    if !officer.staff().reaches(&agency) {
        return Err(ActError::OutOfReach);
    }
    let (from, name, wording) = (template.version, new.name, new.wording);
    let template = Template { version: from + 1, agency, name, wording, ..template };
    tx.put_template(&template, from, (officer.staff().id, now.at))?;
    audit::record(tx, now, officer.staff(), "template.changed", &template.id, None)?;
    Ok(template)
}

/// Removes a template that `officer` saw at a version.
///
/// # Errors
/// As [`change_template`].
pub fn remove_template(
    tx: &mut (impl TemplateRepository + AuditLog),
    now: &Moment,
    officer: &Officer,
    named: (TemplateId, i64),
) -> Result<(), ActError> {
    let template = own(tx, officer, named)?;
    tx.remove_template(template.id, template.version)?;
    audit::record(tx, now, officer.staff(), "template.removed", &template.id, None)?;
    Ok(())
}

/// What the template `id` says of the report `report`, for an officer who may use the one and
/// reaches the other. `commune` tells the name of a commune.
///
/// # Errors
/// [`ActError::NotFound`] where one of them is none of theirs.
pub fn render(
    tx: &mut (impl TemplateRepository + super::FeedbackRepository),
    office: &Office,
    officer: &Officer,
    (id, report): (TemplateId, ReportId),
    commune: impl Fn(&Report) -> Option<String>,
) -> Result<String, ActError> {
    let may_use = |template: &Template| match usable(officer) {
        Scope::Everything => true,
        Scope::Agencies(codes) => codes.contains(&template.agency),
    };
    let template = tx.template(id)?.filter(may_use).ok_or(ActError::NotFound)?;
    let report = in_scope(tx, officer, report)?;
    let commune = commune(&report);
    Ok(template.wording.filled(&values(office, officer, report, commune)))
}

fn values(
    office: &Office,
    officer: &Officer,
    report: Report,
    commune: Option<String>,
) -> BTreeMap<&'static str, String> {
    let day = |at| local(at).format("%d/%m/%Y").to_string();
    let category = office.categories.find(&report.category);
    let agency = office.agencies.find(&report.agency);
    BTreeMap::from([
        ("address", report.address.unwrap_or_default()),
        ("agency", agency.map(|agency| agency.name.clone()).unwrap_or_default()),
        ("answer", report.answer.unwrap_or_default()),
        ("category", category.map(|category| category.name.vi.clone()).unwrap_or_default()),
        ("code", report.code.into()),
        ("commune", commune.unwrap_or_default()),
        ("due_on", day(report.due_at)),
        ("officer", officer.staff().username.clone()),
        ("submitted_on", day(report.submitted_at)),
        ("text", report.text),
        ("title", report.title.unwrap_or_default()),
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Phản ánh {{code}} hạn {{ due_on }}.", Some("Phản ánh PA hạn 01/12/2026."))]
    #[case("{{title}}!", Some("!"))]
    #[case("Giá {100} }} đồng", Some("Giá {100} }} đồng"))]
    #[case("{{phone}}", None)]
    #[case("{{code", None)]
    #[case("{{}}", None)]
    #[case(" ", None)]
    fn variables_are_known_and_filled(#[case] text: &str, #[case] filled: Option<&str>) {
        let values =
            BTreeMap::from([("code", "PA".to_owned()), ("due_on", "01/12/2026".to_owned())]);
        let wording = Wording::parse(text);
        let said = wording.ok().map(|wording| wording.filled(&values));
        assert_eq!(said.as_deref(), filled);
    }

    proptest! {
        /// What a report says is never taken for a variable.
        #[test]
        fn values_are_put_in_as_they_are(value in "\\PC{0,40}") {
            let values = BTreeMap::from([("text", value.clone())]);
            let wording = Wording::parse("a {{text}} b").unwrap();
            prop_assert_eq!(wording.filled(&values), format!("a {value} b"));
        }
    }
}
