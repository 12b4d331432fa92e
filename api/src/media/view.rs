//! What was uploaded, as its readers see it.

use chrono::{DateTime, Utc};
use domain::{
    feedback::{Report, Visibility},
    media::{Format, Media},
};
use infra::media::is_developed;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a picture was taken, as its camera wrote it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TakenView {
    /// When.
    at: Option<DateTime<Utc>>,
    /// Where.
    #[schema(value_type = Option<Object>, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    location: Option<domain::territory::Position>,
}

/// A photo, a video or a sound.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MediaView {
    /// Its id: `GET /v1/media/{id}` shows it.
    id: Uuid,
    /// `photo`, `video`, `audio`, or `unknown` for what could not be read.
    #[schema(example = "photo")]
    kind: &'static str,
    /// What it is, by its content.
    #[schema(example = "image/jpeg")]
    content_type: &'static str,
    /// How many bytes it has.
    size_bytes: u64,
    /// Its width in pixels, upright.
    width: Option<u32>,
    /// Its height.
    height: Option<u32>,
    /// What can be asked for as `size`: `thumb`, `screen`, `original`.
    sizes: Vec<&'static str>,
    /// `before` (what was reported) or `after` (what was done about it).
    #[schema(example = "before")]
    stage: &'static str,
    /// Whether strangers may see it with a published report: `pending`, `approved` or `hidden`.
    /// Absent for strangers.
    #[serde(skip_serializing_if = "Option::is_none")]
    moderation: Option<&'static str>,
    /// Whether it can be approved: whether there are renditions without metadata. Absent for
    /// strangers.
    #[serde(skip_serializing_if = "Option::is_none")]
    showable: Option<bool>,
    /// Where and when it was taken. For those who answer for the thing it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<TakenView>,
    /// What is wrong with it, where it was kept all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
    /// When it goes, unless it is linked before.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
}

impl MediaView {
    /// As strangers see it.
    fn public(media: &Media) -> Self {
        let format = media.format.filter(|_| media.flaw.is_none());
        let mut sizes = vec!["original"];
        if is_developed(media) {
            sizes.splice(0..0, ["thumb", "screen"]);
        }
        Self {
            id: media.id.uuid(),
            kind: format.map_or("unknown", |format| format.kind().as_str()),
            content_type: format.map_or("application/octet-stream", Format::content_type),
            size_bytes: media.received,
            width: media.pixels.map(|(width, _)| width),
            height: media.pixels.map(|(_, height)| height),
            sizes,
            stage: media.stage.as_str(),
            moderation: None,
            showable: None,
            taken: None,
            problem: None,
            expires_at: None,
        }
    }

    /// As its holder sees it.
    pub(crate) fn own(media: &Media) -> Self {
        Self {
            moderation: Some(media.moderation.as_str()),
            showable: Some(media.clean),
            problem: media.flaw.map(domain::media::Flaw::as_str),
            expires_at: media.expires_at,
            ..Self::public(media)
        }
    }

    /// As those see it who answer for the thing it belongs to.
    pub(crate) fn of_staff(media: &Media) -> Self {
        let taken = TakenView { at: media.taken.at, location: media.taken.position };
        let known = taken.at.is_some() || taken.location.is_some();
        Self { taken: known.then_some(taken), ..Self::own(media) }
    }

    /// Those of a report that strangers see.
    pub(crate) fn shown(report: &Report, media: &[Media]) -> Vec<Self> {
        let published = report.visibility == Visibility::Published;
        let shown = media.iter().filter(|media| published && media.is_shown());
        shown.map(Self::public).collect()
    }
}
