//! What would become of a report, told before it is sent.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    Category, Estimate, FeedbackRepository, LegalTrack, NoticeBoard, Office, Similar, Subject,
    danger, estimate, legal,
    pressing::Placed,
    submit::{self, SIMILAR_LIMIT},
    suggestion,
};
use crate::{
    StoreError,
    directory::AgencyCode,
    emergency,
    territory::{CommuneCode, Position},
};

/// The category of what fits no other.
const OTHER: &str = "other";
/// So many reports near by are compared.
const COMPARED: usize = 20;

/// What somebody is about to report.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// The headline they give it.
    pub title: Option<String>,
    /// What they say.
    pub text: String,
    /// What they think it is about.
    pub category: Option<Arc<Category>>,
    /// Where it is, on the map.
    pub position: Option<Position>,
    /// The commune it lies in.
    pub commune: Option<CommuneCode>,
    /// Whether it lies on the map, and in no commune of it.
    pub outside: bool,
    /// Whether it is for a business.
    pub business: bool,
}

/// What would become of it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What it would be about: what was said, or else what the words suggest.
    pub category: Arc<Category>,
    /// What it might be about, by its words, the likeliest first.
    pub suggested: Vec<Arc<Category>>,
    /// Who would have to answer.
    pub agency: AgencyCode,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// How long such answers took lately.
    pub estimate: Option<Estimate>,
    /// The help that it seems to need at once.
    pub danger: Option<emergency::Kind>,
    /// The statutory way that it would have to take.
    pub legal_track: Option<LegalTrack>,
    /// What is published and may be about the same thing, the likeliest first.
    pub possible_duplicates: Vec<Similar>,
}

/// What would become of `glimpse`, if it were sent now. Nothing is kept, and only what is published
/// is shown. Nothing where there is no category for it.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn preview(
    tx: &mut (impl NoticeBoard + FeedbackRepository),
    office: &Office,
    glimpse: Glimpse,
) -> Result<Option<Preview>, StoreError> {
    let Glimpse { title, text, category, position, commune, outside, business } = glimpse;
    let said = [title.as_deref().unwrap_or_default(), &text].join("\n");
    let suggested: Vec<_> =
        suggestion::suggest(&office.categories, &said).into_iter().cloned().collect();
    let likeliest = category.or_else(|| suggested.first().cloned());
    let Some(category) = likeliest.or_else(|| office.categories.find(OTHER).cloned()) else {
        return Ok(None);
    };
    let possible_duplicates = match position {
        Some(position) => duplicates(tx, office, (&category.code, &text), position)?,
        None => Vec::new(),
    };
    let subject = Subject { category: &category, commune, outside, text: &said, business };
    let Placed { agency, due_at, .. } = office.placed(subject);
    Ok(Some(Preview {
        suggested,
        estimate: estimate::usual(tx, (&category.code, &agency), office.now.at)?,
        agency,
        due_at,
        danger: danger::danger(&said),
        legal_track: category.legal_track.or_else(|| legal::legal_track(&said)),
        possible_duplicates,
        category,
    }))
}

/// What was published near by lately: first what has most words in common, then what is nearest.
fn duplicates(
    tx: &mut impl NoticeBoard,
    office: &Office,
    (category, text): (&str, &str),
    position: Position,
) -> Result<Vec<Similar>, StoreError> {
    let (circle, since) = submit::nearby(position, office.now.at);
    let mut near = submit::shown_near(tx, office, category, (circle, since), COMPARED)?;
    let said = suggestion::pairs(text);
    let common = |text: &str| suggestion::pairs(text).intersection(&said).count();
    near.sort_by_cached_key(|(report, _)| std::cmp::Reverse(common(&report.text)));
    let likeliest = near.into_iter().take(SIMILAR_LIMIT);
    Ok(likeliest.map(|(report, distance_m)| Similar::shown(report, distance_m)).collect())
}
