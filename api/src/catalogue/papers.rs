//! Forms and texts of law as clients read them.

use chrono::NaiveDate;
use domain::catalogue::{
    Component,
    record::{self, LegalKind, LegalText},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A form that a paper to hand in is written on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FormView<'s> {
    /// What it is called, as the law does.
    #[schema(example = "CT01")]
    code: &'s str,
    /// The number of the text of law that it was issued with.
    #[schema(example = "53/2025/TT-BCA")]
    issued_with: Option<&'s str>,
    /// Where it is to be had; `null` where the source does not say.
    url: Option<&'s str>,
    /// The paper that is written on it.
    paper: &'s str,
}

/// The forms that `papers` name, each once.
pub(super) fn forms_of(papers: &[Component]) -> Vec<FormView<'_>> {
    let mut forms: Vec<FormView<'_>> = Vec::new();
    for form in papers.iter().flat_map(named) {
        let is_it = |known: &&mut FormView<'_>| {
            known.code == form.code
                && (known.issued_with == form.issued_with
                    || known.issued_with.is_none()
                    || form.issued_with.is_none())
        };
        match forms.iter_mut().find(is_it) {
            Some(known) => {
                known.issued_with = known.issued_with.or(form.issued_with);
                known.url = known.url.or(form.url);
            }
            None => forms.push(form),
        }
    }
    forms
}

/// The codes of the forms that `paper` names.
pub(super) fn codes_of(paper: &Component) -> Vec<&str> {
    named(paper).map(|form| form.code).collect()
}

/// The forms that `paper` names: the one the source lists for it, else those its name speaks of.
fn named(paper: &Component) -> impl Iterator<Item = FormView<'_>> {
    let listed = paper.form_code.as_deref().map(|code| record::Form { code, issued_with: None });
    let url = paper.form_url.as_deref();
    let spoken = if listed.is_some() { Vec::new() } else { record::forms(&paper.name) };
    let alone = spoken.len() < 2;
    listed.into_iter().chain(spoken).map(move |form| FormView {
        code: form.code,
        issued_with: form.issued_with,
        url: url.filter(|_| alone),
        paper: &paper.name,
    })
}

/// A text of law.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LegalTextView<'s> {
    /// `law`, `ordinance`, `resolution`, `decree`, `decision`, `circular`, `joint_circular` or `other`.
    kind: &'static str,
    /// Its number as published.
    #[schema(example = "118/2025/NĐ-CP")]
    number: Option<&'s str>,
    /// What it is called, as published.
    title: Option<&'s str>,
    /// When it was issued, where its title says so.
    issued_on: Option<NaiveDate>,
    /// Who issued it, by the letters of its number; of several the first.
    agency: Option<&'static str>,
}

impl<'s> LegalTextView<'s> {
    /// The texts that `published` lists.
    pub(super) fn all(published: &'s str) -> Vec<Self> {
        record::legal_texts(published).into_iter().map(Self::from).collect()
    }
}

impl<'s> From<LegalText<'s>> for LegalTextView<'s> {
    fn from(text: LegalText<'s>) -> Self {
        let LegalText { kind, number, title, issued_on, agency } = text;
        Self { kind: kind_name(kind), number, title, issued_on, agency }
    }
}

const fn kind_name(kind: LegalKind) -> &'static str {
    match kind {
        LegalKind::Law => "law",
        LegalKind::Ordinance => "ordinance",
        LegalKind::Resolution => "resolution",
        LegalKind::Decree => "decree",
        LegalKind::Decision => "decision",
        LegalKind::Circular => "circular",
        LegalKind::JointCircular => "joint_circular",
        LegalKind::Other => "other",
    }
}
