//! Something uploaded as a row.

use diesel::prelude::*;
use domain::{
    StoreError,
    media::{Format, Media, Moderation, Stage, State, Subject, SubjectKind, Taken, Uploader},
    territory::Position,
};

use crate::{
    columns::{AsText, At, Id, bytes, digest},
    schema::media,
};

#[derive(AsChangeset, Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = media)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct Row {
    id: Id,
    citizen: Option<Id>,
    staff: Option<Id>,
    counted_as: Option<Vec<u8>>,
    state: String,
    length: Option<i64>,
    received: i64,
    created_at: At,
    expires_at: Option<At>,
    format: Option<AsText<Extension>>,
    width: Option<i64>,
    height: Option<i64>,
    taken_at: Option<At>,
    lat: Option<f64>,
    lon: Option<f64>,
    sha256: Option<Vec<u8>>,
    clean: bool,
    flaw: Option<String>,
    subject_kind: Option<String>,
    subject: Option<Id>,
    stage: String,
    linked_at: Option<At>,
    moderation: String,
}

/// A format, by how names of its files end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension(Format);

impl std::fmt::Display for Extension {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0.extension())
    }
}

impl std::str::FromStr for Extension {
    type Err = domain::media::UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A number of bytes as a column keeps it.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of bytes in a column.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

impl From<&Media> for Row {
    fn from(media: &Media) -> Self {
        Self {
            id: media.id.into(),
            citizen: media.uploader.citizen().map(Id::from),
            staff: media.uploader.staff().map(Id::from),
            counted_as: media.counted_as.map(bytes),
            state: media.state.as_str().to_owned(),
            length: media.length.map(signed),
            received: signed(media.received),
            created_at: At(media.created_at),
            expires_at: media.expires_at.map(At),
            format: media.format.map(|format| AsText(Extension(format))),
            width: media.pixels.map(|(width, _)| width.into()),
            height: media.pixels.map(|(_, height)| height.into()),
            taken_at: media.taken.at.map(At),
            lat: media.taken.position.map(Position::lat),
            lon: media.taken.position.map(Position::lon),
            sha256: media.sha256.map(|digest| digest.to_vec()),
            clean: media.clean,
            flaw: media.flaw.map(|flaw| flaw.as_str().to_owned()),
            subject_kind: media.subject.map(|subject| subject.kind.as_str().to_owned()),
            subject: media.subject.map(|subject| Id(subject.id)),
            stage: media.stage.as_str().to_owned(),
            linked_at: media.linked_at.map(At),
            moderation: media.moderation.as_str().to_owned(),
        }
    }
}

impl TryFrom<Row> for Media {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = || StoreError::Failed("media in the store cannot be read".to_owned());
        let pixels = row.width.zip(row.height).and_then(|(width, height)| {
            Some((u32::try_from(width).ok()?, u32::try_from(height).ok()?))
        });
        let position = row.lat.zip(row.lon).and_then(|(lat, lon)| Position::new(lat, lon).ok());
        let subject = row.subject_kind.zip(row.subject).map(|(kind, id)| {
            let Ok(kind) = kind.parse::<SubjectKind>();
            Subject { kind, id: id.0 }
        });
        let (Ok(state), Ok(shown)) = (row.state.parse::<State>(), row.stage.parse::<Stage>());
        let Ok(moderation) = row.moderation.parse::<Moderation>();
        Ok(Self {
            id: row.id.into(),
            uploader: Uploader::of(row.citizen.map(Id::into), row.staff.map(Id::into)),
            counted_as: row.counted_as.map(digest).transpose()?,
            state,
            length: row.length.map(unsigned),
            received: unsigned(row.received),
            created_at: row.created_at.0,
            expires_at: row.expires_at.map(|at| at.0),
            format: row.format.map(|format| format.0.0),
            pixels,
            taken: Taken { at: row.taken_at.map(|at| at.0), position },
            sha256: row.sha256.map(<[u8; 32]>::try_from).transpose().map_err(|_| unreadable())?,
            clean: row.clean,
            flaw: row.flaw.map(|flaw| flaw.parse()).transpose().map_err(|_| unreadable())?,
            subject,
            stage: shown,
            linked_at: row.linked_at.map(|at| at.0),
            moderation,
        })
    }
}
