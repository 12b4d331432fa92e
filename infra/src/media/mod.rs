//! Media: their rows, their bytes, and what is made of them.

mod boxes;
mod erasure;
mod exif;
mod files;
mod film;
mod foreign;
mod hash;
mod photo;
mod row;
mod sniff;
mod store;
mod strip;
mod workshop;

use domain::media::{Format, Kind, Media, Rendition, Shown};
pub use files::{BucketOptions, FilesOptions, InvalidFiles, MediaFiles};
pub use hash::{Hash, HashKind};
pub use sniff::sniff;
pub use workshop::{Bounds, Workshop};

use files::name;

/// A file that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// What it is called among those of its media.
    pub name: &'static str,
    /// The media type it is shown as.
    pub content_type: &'static str,
    /// How the name of a copy ends.
    pub extension: &'static str,
}

/// The file that holds `rendition` of what is `shown`, if there is one for whoever sees it.
#[must_use]
pub fn file_of(shown: &Shown, rendition: Rendition) -> Option<File> {
    let Shown { media, all } = shown;
    let format = media.format;
    // What is not known is bytes, and nothing that anybody would open by itself.
    let content_type = format.map_or("application/octet-stream", Format::content_type);
    let extension = format.map_or("bin", Format::extension);
    let whole = |name| Some(File { name, content_type, extension });
    match rendition {
        Rendition::Original if *all => whole(name::ORIGINAL),
        Rendition::Original if media.clean => whole(name::CLEAN),
        Rendition::Screen if is_developed(media) => Some(picture(name::SCREEN)),
        Rendition::Thumb if is_developed(media) => Some(picture(name::THUMB)),
        _ => None,
    }
}

fn picture(name: &'static str) -> File {
    let (content_type, extension) = (Format::Jpeg.content_type(), Format::Jpeg.extension());
    File { name, content_type, extension }
}

/// Whether there are smaller pictures of it.
#[must_use]
pub fn is_developed(media: &Media) -> bool {
    media.clean && media.format.is_some_and(|format| format.kind() == Kind::Photo)
}
