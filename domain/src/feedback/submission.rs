//! What somebody wants to report, before and after it was looked at.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    Answers, Categories, Category, Flaw, FlawKind, Intake, ReportId, Reporter, TrackingCode,
};
use crate::{
    identity::CitizenId,
    media::{Attachment, MOST_ATTACHED},
    territory::{CommuneCode, Position},
    text,
};

/// The most characters of a report's text (the bound of Open311's `description`).
pub const TEXT: usize = 4_000;
/// The most characters of its headline.
pub const TITLE: usize = 200;
/// The most characters of its address.
pub const ADDRESS: usize = 300;

/// What somebody wants to report, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The id the sender chose.
    pub id: Option<ReportId>,
    /// The code of the category.
    pub category: String,
    /// The edition of the category that it was written for; the current one when absent.
    pub category_version: Option<u32>,
    /// A headline.
    pub title: Option<String>,
    /// What the reporter says.
    pub text: String,
    /// Where it is, on the map.
    pub position: Option<Position>,
    /// The commune that holds the position.
    pub located: Option<CommuneCode>,
    /// The commune the sender named.
    pub named: Option<CommuneCode>,
    /// Where it is, in words.
    pub address: Option<String>,
    /// The answers to the questions of the category.
    pub attributes: Map<String, Value>,
    /// The photos, videos and sounds that belong to it.
    pub media: Attachment,
    /// Who is signed in.
    pub sender: Option<CitizenId>,
    /// Whether the sender's identity must not be kept.
    pub anonymous: bool,
    /// Whether the officers must not see who it is.
    pub confidential: bool,
    /// How it comes in.
    pub intake: Intake,
    /// Whether strangers may see only roughly where it is.
    pub blurred: bool,
}

/// What somebody wants to report, found fit.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are what was said and asked")]
pub struct Submission {
    pub(super) id: Option<ReportId>,
    pub(super) category: Arc<Category>,
    pub(super) category_version: u32,
    /// Whether the edition that it was written for wants a photo.
    pub(super) photo_required: bool,
    pub(super) title: Option<String>,
    pub(super) text: String,
    pub(super) position: Option<Position>,
    pub(super) commune: Option<CommuneCode>,
    /// Whether it lies on the map, and in no commune of it.
    pub(super) outside: bool,
    pub(super) address: Option<String>,
    pub(super) attributes: Answers,
    pub(super) media: Attachment,
    pub(super) reporter: Reporter,
    pub(super) intake: Intake,
    pub(super) blurred: bool,
    /// Whether the officers must not learn for which business it is.
    pub(super) confidential: bool,
    /// The code that was drawn for it.
    pub(super) code: Option<TrackingCode>,
}

impl Draft {
    /// The draft as a submission, its text in NFC. The map decides about the commune; the name
    /// the sender gave counts where there is no position, or it lies in no commune.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(self, categories: &Categories) -> Result<Submission, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let title = optional(("title", TITLE), self.title.as_deref(), &mut flaws);
        let address = optional(("address", ADDRESS), self.address.as_deref(), &mut flaws);
        let text = text::paragraphs(&self.text);
        flaws.extend(length_flaw("text", &text, TEXT));
        if self.media.names.len() > MOST_ATTACHED {
            flaws.push(Flaw::at("media_ids", FlawKind::TooLong(MOST_ATTACHED)));
        }
        let category = match categories.find(&self.category) {
            None => Err(FlawKind::UnknownCategory),
            Some(category) if category.withdrawn => Err(FlawKind::WithdrawnCategory),
            Some(category) if !category.selectable => Err(FlawKind::NotSelectable),
            Some(category) => Ok(category),
        };
        let category = category.map_err(|kind| flaws.push(Flaw::at("category", kind)));
        let answers = category.map(|category| {
            categories.answers(category, self.category_version, &self.attributes, &mut flaws)
        });
        match (category, answers) {
            (Ok(category), Ok(answered)) if flaws.is_empty() => Ok(Submission {
                id: self.id,
                category: Arc::clone(category),
                category_version: answered.version,
                photo_required: answered.photo_required,
                outside: self.position.is_some() && self.located.is_none(),
                title,
                text,
                position: self.position,
                commune: self.located.or(self.named),
                address,
                attributes: answered.answers,
                media: self.media,
                reporter: match self.sender {
                    Some(id) if !self.anonymous => {
                        Reporter::Citizen { id, confidential: self.confidential }
                    }
                    _ => Reporter::Anonymous,
                },
                confidential: self.confidential && self.intake.business.is_some(),
                intake: self.intake,
                blurred: self.blurred,
                code: None,
            }),
            _ => Err(flaws),
        }
    }
}

/// What is wrong with the length of `text`, which must not be empty.
pub(super) fn length_flaw(field: &str, text: &str, most: usize) -> Option<Flaw> {
    if text.is_empty() {
        Some(Flaw::at(field, FlawKind::Missing))
    } else if text.chars().count() > most {
        Some(Flaw::at(field, FlawKind::TooLong(most)))
    } else {
        None
    }
}

/// The line in `text`, absent where it says nothing; what is wrong with it is added to `flaws`.
pub(super) fn optional(
    (field, most): (&str, usize),
    text: Option<&str>,
    flaws: &mut Vec<Flaw>,
) -> Option<String> {
    let line = text.map(text::line).filter(|line| !line.is_empty())?;
    flaws.extend(length_flaw(field, &line, most));
    Some(line)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn categories() -> Categories {
        Categories::read(include_str!("../../../data/feedback-categories.json")).unwrap()
    }

    fn draft() -> Draft {
        let text = "Đèn hỏng từ tối qua".to_owned();
        Draft { category: "other".to_owned(), text, ..Draft::default() }
    }

    fn flaws(draft: Draft) -> Vec<Flaw> {
        draft.check(&categories()).unwrap_err()
    }

    #[test]
    fn the_shipped_categories_hold_together() {
        let categories = categories();
        assert!(categories.iter().filter(|category| category.selectable).count() > 90);
        for sealed in ["legal.complaint", "legal.denunciation"] {
            assert_eq!(
                categories.find(sealed).unwrap().visibility,
                super::super::Visibility::Sealed
            );
        }
    }

    #[test]
    fn the_map_decides_about_the_commune() {
        let (located, named) = ("05443".parse().ok(), "01840".parse().ok());
        let both = Draft { located, named, ..draft() }.check(&categories()).unwrap();
        assert_eq!(both.commune, located);
        let one = Draft { named, ..draft() }.check(&categories()).unwrap();
        assert_eq!(one.commune, named);
    }

    #[test]
    fn whoever_wants_to_stay_unknown_is_not_kept() {
        let sender = Some(uuid::Uuid::nil().into());
        let named = Draft { sender, confidential: true, ..draft() }.check(&categories()).unwrap();
        assert_eq!(named.reporter.citizen(), sender);
        assert_eq!(named.reporter.shown_to_officers(), None);
        let unnamed = Draft { sender, anonymous: true, ..draft() }.check(&categories()).unwrap();
        assert_eq!(unnamed.reporter, Reporter::Anonymous);
    }

    #[rstest]
    #[case::empty(" \n\u{0}", &[("/text", FlawKind::Missing)])]
    #[case::just_fits(&"ờ".repeat(4_000), &[])]
    #[case::one_too_many(&"ờ".repeat(4_001), &[("/text", FlawKind::TooLong(4_000))])]
    #[case::decomposed_fits(&"o\u{302}".repeat(4_000), &[])]
    #[case::emoji("🔥", &[])]
    fn the_text_is_counted_in_characters(
        #[case] text: &str,
        #[case] expected: &[(&str, FlawKind)],
    ) {
        let found = Draft { text: text.to_owned(), ..draft() }.check(&categories());
        let found = found.map_or_else(|flaws| flaws, |_| Vec::new());
        let found: Vec<_> = found.iter().map(|flaw| (flaw.pointer.as_str(), flaw.kind)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_flaw_is_told_at_once() {
        let draft = Draft {
            category: "lighting.street".to_owned(),
            title: Some("x".repeat(201)),
            text: String::new(),
            ..draft()
        };
        let pointers: Vec<_> = flaws(draft).into_iter().map(|flaw| flaw.pointer).collect();
        assert_eq!(pointers, ["/title", "/text", "/attributes/fault"]);
    }

    #[rstest]
    #[case("nothing", FlawKind::UnknownCategory)]
    #[case("lighting", FlawKind::NotSelectable)]
    fn the_category_has_to_be_one(#[case] category: &str, #[case] kind: FlawKind) {
        let draft = Draft { category: category.to_owned(), ..draft() };
        assert_eq!(flaws(draft), [Flaw::at("category", kind)]);
    }
}
