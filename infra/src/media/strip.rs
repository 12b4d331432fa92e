//! Taking out of a picture whatever a camera or a program wrote beside it. What may stay is listed;
//! nothing else does. The picture itself stays as it is, bit by bit.

use bytes::Bytes;
use domain::media::{Flaw, Format};
use img_parts::{
    ImageEXIF as _,
    jpeg::{Jpeg, JpegSegment, markers},
    png::Png,
    webp::{CHUNK_ALPH, CHUNK_ANIM, CHUNK_ICCP, CHUNK_VP8, CHUNK_VP8L, CHUNK_VP8X, WebP},
};

/// A picture and nothing else.
#[derive(Debug)]
pub(super) struct Stripped {
    /// The picture.
    pub(super) bytes: Bytes,
    /// How many bytes the picture took before, without what stood behind it.
    pub(super) image: usize,
}

/// The picture in `bytes`, held as `orientation` says, without metadata.
///
/// # Errors
/// [`Flaw::Unreadable`] when it is cut off or broken, [`Flaw::Animated`] when it moves.
pub(super) fn strip(format: Format, bytes: &Bytes, orientation: u8) -> Result<Stripped, Flaw> {
    match format {
        Format::Jpeg => jpeg(bytes, orientation),
        Format::Png => png(bytes, orientation),
        Format::WebP => webp(bytes, orientation),
        _ => Err(Flaw::Unsupported),
    }
}

/// EXIF that says how the picture is held, and nothing else; none where it is upright.
fn held(orientation: u8) -> Option<Bytes> {
    // Little-endian TIFF with one entry: tag 0x0112, a short.
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    (orientation != 1).then(|| Bytes::from(tiff))
}

/// What may stay of a JPEG: the frame, its tables, its colours (JFIF, ICC, Adobe).
fn stays(segment: &JpegSegment) -> bool {
    let contents = segment.contents();
    match segment.marker() {
        markers::APP0 => contents.starts_with(b"JFIF\0"),
        markers::APP2 => contents.starts_with(b"ICC_PROFILE\0"),
        markers::APP14 => contents.starts_with(b"Adobe"),
        marker => !(markers::APP0..=markers::APP15).contains(&marker) && marker != markers::COM,
    }
}

fn jpeg(bytes: &Bytes, orientation: u8) -> Result<Stripped, Flaw> {
    let mut jpeg = Jpeg::from_bytes(bytes.clone()).map_err(|_| Flaw::Unreadable)?;
    let scan = jpeg.segments_mut().pop().filter(JpegSegment::has_entropy);
    let scan = scan.ok_or(Flaw::Unreadable)?;
    // The library keeps the rest of the file with the first scan.
    let rest = bytes.len().saturating_sub(scan.len_with_entropy() - scan.len());
    let image = rest + scans_end(bytes.get(rest..).unwrap_or_default()).ok_or(Flaw::Unreadable)?;
    let contents = scan.contents().clone();
    jpeg.segments_mut().retain(stays);
    let scan = JpegSegment::new_with_entropy(scan.marker(), contents, bytes.slice(rest..image));
    jpeg.segments_mut().push(scan);
    jpeg.set_exif(held(orientation));
    Ok(Stripped { bytes: jpeg.encoder().bytes(), image })
}

/// Where the scans end that begin with `bytes`: behind the marker EOI (ITU-T T.81, B.1). Between
/// scans stand tables alone; whatever else does cannot be told from metadata.
fn scans_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == markers::P)? + 1;
        match *bytes.get(at)? {
            // A filler comes before a marker.
            markers::P => {}
            markers::Z | markers::RST0..=markers::RST7 => at += 1,
            markers::EOI => return Some(at + 1),
            markers::SOS | markers::DHT | markers::DQT | markers::DRI | markers::DNL => {
                let length = bytes.get(at + 1..at + 3)?;
                at += 1 + usize::from(u16::from_be_bytes(length.try_into().ok()?));
            }
            _ => return None,
        }
    }
}

fn png(bytes: &Bytes, orientation: u8) -> Result<Stripped, Flaw> {
    const KEPT: [&[u8; 4]; 12] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
        b"bKGD", b"pHYs",
    ];
    let mut png = Png::from_bytes(bytes.clone()).map_err(|_| Flaw::Unreadable)?;
    if png.chunk_by_type(*b"IEND").is_none() {
        return Err(Flaw::Unreadable);
    }
    if png.chunk_by_type(*b"acTL").is_some() {
        return Err(Flaw::Animated);
    }
    let image = png.len();
    png.chunks_mut().retain(|chunk| KEPT.contains(&&chunk.kind()));
    png.set_exif(held(orientation));
    Ok(Stripped { bytes: png.encoder().bytes(), image })
}

fn webp(bytes: &Bytes, orientation: u8) -> Result<Stripped, Flaw> {
    const KEPT: [[u8; 4]; 5] = [CHUNK_VP8X, CHUNK_VP8, CHUNK_VP8L, CHUNK_ALPH, CHUNK_ICCP];
    let mut webp = WebP::from_bytes(bytes.clone()).map_err(|_| Flaw::Unreadable)?;
    if webp.has_chunk(CHUNK_ANIM) {
        return Err(Flaw::Animated);
    }
    // What the file says of its own length; a chunk of an odd length is followed by a filler.
    let told = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
    let told = told.and_then(|length| usize::try_from(length).ok()).ok_or(Flaw::Unreadable)?;
    let image = told.saturating_add(8);
    if image > bytes.len() {
        return Err(Flaw::Unreadable);
    }
    webp.chunks_mut().retain(|chunk| KEPT.contains(&chunk.id()));
    webp.set_exif(held(orientation));
    Ok(Stripped { bytes: webp.encoder().bytes(), image })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_scan_ends_behind_its_last_marker() {
        assert_eq!(scans_end(b"\x12\xff\x00\xff\xd3\x34\xff\xd9 more"), Some(8));
        assert_eq!(scans_end(b"\x12\xff\xc4\x00\x04\xff\xd9\x34\xff\xff\xd9"), Some(11));
        assert_eq!(scans_end(b"\x12\x34\xff"), None);
        assert_eq!(scans_end(b"\x12\xff\xe1\x00\x04ab\xff\xd9"), None, "metadata between scans");
    }

    #[test]
    fn how_it_is_held_can_be_read_again() {
        for orientation in 2..=8 {
            let tiff = held(orientation).unwrap();
            let read = exif::Reader::new().read_raw(tiff.to_vec()).unwrap();
            let field = read.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap();
            assert_eq!(field.value.get_uint(0), Some(orientation.into()));
        }
        assert_eq!(held(1), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_it_does_not_break(
            body in prop::collection::vec(any::<u8>(), 0..400),
            orientation in 1_u8..=8,
        ) {
            let heads: [(Format, &[u8]); 3] = [
                (Format::Jpeg, b"\xff\xd8\xff\xe1"),
                (Format::Png, b"\x89PNG\r\n\x1a\n"),
                (Format::WebP, b"RIFF\x10\0\0\0WEBP"),
            ];
            for (format, head) in heads {
                let bytes = Bytes::from([head, &body].concat());
                if let Ok(stripped) = strip(format, &bytes, orientation) {
                    prop_assert!(stripped.image <= bytes.len());
                }
            }
        }
    }
}
