//! A category as the app shows it.

use domain::feedback::{
    Allowance, Attribute, Category, Datatype, Edition, LegalTrack, Name, Urgency, Visibility,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A text in the two languages of the app.
#[derive(Serialize, ToSchema)]
pub(super) struct NameView<'c> {
    /// In Vietnamese.
    vi: &'c str,
    /// In English.
    en: &'c str,
}

/// A value to choose.
#[derive(Serialize, ToSchema)]
pub(super) struct ChoiceView<'c> {
    /// What is sent.
    key: &'c str,
    /// What people read.
    name: NameView<'c>,
}

/// A question that a category asks.
#[derive(Serialize, ToSchema)]
pub(super) struct AttributeView<'c> {
    /// The field in `attributes` of a report.
    #[schema(example = "lamp_number")]
    code: &'c str,
    /// The question.
    name: NameView<'c>,
    /// What kind of answer is wanted, as in Open311: `string` (one line), `number`, `datetime`
    /// (RFC 3339), `text`, `singlevaluelist` (a key), `multivaluelist` (an array of keys).
    #[schema(value_type = String, example = "string")]
    datatype: Datatype,
    /// Whether a report without an answer is refused.
    required: bool,
    /// What can be chosen, for the two lists.
    values: Vec<ChoiceView<'c>>,
}

/// Something that can be reported, or a group of such things.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "they are what a category says")]
pub(super) struct CategoryView<'c> {
    /// Its code.
    #[schema(example = "road.pothole")]
    code: &'c str,
    /// The group it belongs to; `null` for a group.
    parent: Option<&'c str>,
    /// Which edition of it this is.
    version: u32,
    /// Its name.
    name: NameView<'c>,
    /// What the reporter should know before sending.
    notice: Option<NameView<'c>>,
    /// Whether it can be reported; otherwise it only groups others.
    selectable: bool,
    /// Whether it can be reported no more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
    /// `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "normal")]
    urgency: Urgency,
    /// Whether a report has to come with a photo.
    photo_required: bool,
    /// Whether an answer has to come with a photo of what was done.
    after_photo_required: bool,
    /// Who answers: `commune` (the one that holds the place) or the code of an agency.
    #[schema(example = "commune")]
    agency: String,
    /// How long an answer may take: `{"working_days": 7}` or `{"working_hours": 8}`.
    #[schema(value_type = Object, example = json!({ "working_days": 7 }))]
    deadline: Allowance,
    /// Whether its reports may become public at all.
    publishable: bool,
    /// `complaint` or `denunciation` where the law gives it a way of its own.
    #[schema(value_type = Option<String>)]
    legal_track: Option<LegalTrack>,
    /// What else is asked.
    attributes: Vec<AttributeView<'c>>,
}

/// An earlier edition of a category.
#[derive(Serialize, ToSchema)]
pub(super) struct EditionView<'c> {
    /// Which edition.
    version: u32,
    /// Its name then.
    name: NameView<'c>,
    /// What else was asked.
    attributes: Vec<AttributeView<'c>>,
}

/// A category with all its editions.
#[derive(Serialize, ToSchema)]
pub(super) struct CategoryDetailView<'c> {
    #[serde(flatten)]
    category: CategoryView<'c>,
    /// Every edition, the oldest first, the current one too.
    versions: Vec<EditionView<'c>>,
}

impl<'c> CategoryDetailView<'c> {
    /// `category` with its `editions`.
    pub(super) fn new(category: &'c Category, editions: Vec<&'c Edition>) -> Self {
        let edition = |edition: &'c Edition| EditionView {
            version: edition.version,
            name: (&edition.name).into(),
            attributes: edition.attributes.iter().map(AttributeView::from).collect(),
        };
        Self { category: category.into(), versions: editions.into_iter().map(edition).collect() }
    }
}

/// Every category, groups before what they hold.
#[derive(Serialize, ToSchema)]
pub(super) struct CategoriesView<'c> {
    /// The categories.
    pub(super) items: Vec<CategoryView<'c>>,
}

impl<'c> From<&'c Name> for NameView<'c> {
    fn from(name: &'c Name) -> Self {
        Self { vi: &name.vi, en: &name.en }
    }
}

impl<'c> From<&'c Attribute> for AttributeView<'c> {
    fn from(attribute: &'c Attribute) -> Self {
        let choices = attribute.values.iter();
        Self {
            code: &attribute.code,
            name: (&attribute.name).into(),
            datatype: attribute.datatype,
            required: attribute.required,
            values: choices
                .map(|choice| ChoiceView { key: &choice.key, name: (&choice.name).into() })
                .collect(),
        }
    }
}

impl<'c> From<&'c Category> for CategoryView<'c> {
    fn from(category: &'c Category) -> Self {
        Self {
            code: &category.code,
            parent: category.parent.as_deref(),
            version: category.version,
            name: (&category.name).into(),
            notice: category.notice.as_ref().map(NameView::from),
            selectable: category.selectable,
            withdrawn: category.withdrawn,
            urgency: category.urgency,
            photo_required: category.photo_required,
            after_photo_required: category.after_photo_required,
            agency: category.responsible.to_string(),
            deadline: category.deadline,
            publishable: category.visibility != Visibility::Sealed,
            legal_track: category.legal_track,
            attributes: category.attributes.iter().map(AttributeView::from).collect(),
        }
    }
}
