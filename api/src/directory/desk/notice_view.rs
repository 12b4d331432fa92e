//! Notices as staff write and read them.

use actix_web::{HttpResponse, HttpResponseBuilder, http::header::ETag};
use chrono::{DateTime, Utc};
use domain::{
    directory::{AgencyCode, NewNotice, NoticeChange, NoticeKind, PostError, Posting},
    territory::CommuneCode,
    text,
};
use infra::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    directory::{agencies::known_communes, notices::NoticeView},
    extract::{Change, filled_in, stale, version_tag},
    problem::{ApiError, Code, FieldCode},
};

/// The longest title and text, in characters.
const TITLE: usize = 200;
const TEXT: usize = 4_000;

/// A notice to post.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostNotice {
    /// The agency that answers for it; the caller's own when absent.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// `power`, `water`, `traffic`, `telecom`, `health`, `education`, `security`, `queue`,
    /// `announcement` or `other`.
    #[schema(value_type = String, example = "traffic")]
    kind: NoticeKind,
    /// One line, at most 200 characters.
    title: String,
    /// The whole text, at most 4,000 characters.
    #[serde(default)]
    text: String,
    /// The codes of the communes it concerns, of the area of the agency; none means the whole
    /// province.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    communes: Vec<CommuneCode>,
    /// From when on it holds; from now on when absent.
    starts_at: Option<DateTime<Utc>>,
    /// Until when it holds, where an end is known.
    ends_at: Option<DateTime<Utc>>,
}

/// What to change about a notice; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeNotice {
    /// What it is about.
    #[schema(value_type = Option<String>)]
    kind: Option<NoticeKind>,
    /// One line.
    title: Option<String>,
    /// The whole text.
    text: Option<String>,
    /// The communes it concerns.
    #[schema(value_type = Option<Vec<String>>)]
    communes: Option<Vec<CommuneCode>>,
    /// From when on it holds.
    starts_at: Option<DateTime<Utc>>,
    /// Until when it holds; `null` for no end.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    ends_at: Change<DateTime<Utc>>,
}

/// A notice of the desk.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PostingView<'p> {
    #[serde(flatten)]
    notice: NoticeView<'p>,
    /// The agency that answers for it.
    agency: &'p str,
    /// `scheduled`, `active`, `ended` or `withdrawn`.
    #[schema(example = "active")]
    state: &'static str,
    /// Since when nobody is shown it any more.
    withdrawn_at: Option<DateTime<Utc>>,
}

impl<'p> PostingView<'p> {
    pub(super) fn new(posting: &'p Posting, at: DateTime<Utc>) -> Self {
        let notice = &posting.notice;
        let state = match notice.ends_at {
            _ if posting.withdrawn_at.is_some() => "withdrawn",
            Some(end) if end <= at => "ended",
            _ if at < notice.starts_at => "scheduled",
            _ => "active",
        };
        Self {
            notice: notice.into(),
            agency: posting.agency.as_str(),
            state,
            withdrawn_at: posting.withdrawn_at,
        }
    }
}

/// Answers with a posting at its version.
pub(super) fn answer(
    response: &mut HttpResponseBuilder,
    posting: &Posting,
    at: DateTime<Utc>,
) -> HttpResponse {
    response.insert_header(ETag(version_tag(posting.version))).json(PostingView::new(posting, at))
}

impl PostNotice {
    /// What was sent, checked.
    pub(super) fn checked(
        self,
        snapshot: &Snapshot,
        at: DateTime<Utc>,
    ) -> Result<NewNotice, ApiError> {
        Ok(NewNotice {
            agency: self.agency,
            kind: self.kind,
            title: filled_in("/title", &self.title, TITLE)?,
            text: told(&self.text)?,
            communes: known_communes(snapshot, self.communes)?,
            starts_at: self.starts_at.unwrap_or(at),
            ends_at: self.ends_at,
        })
    }
}

impl ChangeNotice {
    /// What was sent, checked.
    pub(super) fn checked(self, snapshot: &Snapshot) -> Result<NoticeChange, ApiError> {
        let known = |communes| known_communes(snapshot, communes);
        Ok(NoticeChange {
            kind: self.kind,
            title: self.title.map(|title| filled_in("/title", &title, TITLE)).transpose()?,
            text: self.text.map(|text| told(&text)).transpose()?,
            communes: self.communes.map(known).transpose()?,
            starts_at: self.starts_at,
            ends_at: match self.ends_at {
                Change::Keep => None,
                Change::Clear => Some(None),
                Change::Set(end) => Some(Some(end)),
            },
        })
    }
}

/// The text of a notice; it may be empty.
fn told(text: &str) -> Result<String, ApiError> {
    let text = text::paragraphs(text);
    let fits = text.chars().count() <= TEXT;
    if fits { Ok(text) } else { Err(ApiError::field("/text", FieldCode::TooLong)) }
}

impl From<PostError> for ApiError {
    fn from(error: PostError) -> Self {
        match error {
            PostError::NotFound => Self::new(Code::NotFound),
            PostError::OutOfReach => Self::new(Code::Forbidden),
            PostError::OutsideArea => Self::field("/communes", FieldCode::OutOfRange),
            PostError::EndsTooEarly => Self::field("/ends_at", FieldCode::OutOfRange),
            PostError::Withdrawn => Self::new(Code::ActionNotAllowed),
            PostError::Seen { version } => stale(version),
            PostError::Store(error) => error.into(),
        }
    }
}
