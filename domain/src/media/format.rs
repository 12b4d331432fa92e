//! What is taken, told by its content alone. What a name or a header says counts for nothing.

use std::str::FromStr;

/// What can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// HEIF with HEVC, as iPhones write it.
    Heic,
    /// MP4.
    Mp4,
    /// QuickTime.
    Mov,
    /// 3GPP.
    ThreeGp,
    /// WebM.
    WebM,
    /// MP4 with sound alone.
    M4a,
    /// AAC in ADTS.
    Aac,
    /// Ogg: Vorbis or Opus.
    Ogg,
    /// AMR.
    Amr,
}

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A picture that stands still.
    Photo,
    /// A film.
    Video,
    /// Sound alone.
    Audio,
}

/// There is no such format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such format of media")]
pub struct UnknownFormat;

impl Kind {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

impl Format {
    /// Every one there is.
    pub const ALL: [Self; 12] = [
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Heic,
        Self::Mp4,
        Self::Mov,
        Self::ThreeGp,
        Self::WebM,
        Self::M4a,
        Self::Aac,
        Self::Ogg,
        Self::Amr,
    ];

    /// The media type (RFC 6838), and what a file of it is called.
    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Jpeg => ("image/jpeg", "jpg"),
            Self::Png => ("image/png", "png"),
            Self::WebP => ("image/webp", "webp"),
            Self::Heic => ("image/heic", "heic"),
            Self::Mp4 => ("video/mp4", "mp4"),
            Self::Mov => ("video/quicktime", "mov"),
            Self::ThreeGp => ("video/3gpp", "3gp"),
            Self::WebM => ("video/webm", "webm"),
            Self::M4a => ("audio/mp4", "m4a"),
            Self::Aac => ("audio/aac", "aac"),
            Self::Ogg => ("audio/ogg", "ogg"),
            Self::Amr => ("audio/amr", "amr"),
        }
    }

    /// The media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        self.row().0
    }

    /// How names of such files end. It is the word in the store, too.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        self.row().1
    }

    /// What kind of thing it is.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Jpeg | Self::Png | Self::WebP | Self::Heic => Kind::Photo,
            Self::Mp4 | Self::Mov | Self::ThreeGp | Self::WebM => Kind::Video,
            Self::M4a | Self::Aac | Self::Ogg | Self::Amr => Kind::Audio,
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(extension: &str) -> Result<Self, UnknownFormat> {
        let known = Self::ALL.into_iter().find(|format| format.extension() == extension);
        known.ok_or(UnknownFormat)
    }
}
