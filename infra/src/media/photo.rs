//! Making of a photo what can be shown.

use std::io::Cursor;

use bytes::Bytes;
use domain::media::{Flaw, Format, Taken};
use fast_image_resize::Resizer;
use image::{
    DynamicImage, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder, metadata::Orientation,
};

use super::{exif, foreign, strip};

/// The longer side of what fits a screen, in pixels.
const SCREEN: u32 = 1280;
/// The longer side of what fits a list.
const THUMB: u32 = 320;
/// The most pixels of one side.
const LONGEST: u32 = 30_000;
/// How much of the quality of a JPEG is kept, in percent.
const QUALITY: u8 = 80;
/// The most bytes of a pixel while it is decoded.
const DEEPEST: u64 = 8;

/// What was made of a photo.
#[derive(Debug)]
pub(super) struct Developed {
    /// Width and height, upright.
    pub(super) pixels: (u32, u32),
    /// Where and when it was taken.
    pub(super) taken: Taken,
    /// The photo without metadata.
    pub(super) clean: Bytes,
    /// A JPEG that fits a screen.
    pub(super) screen: Bytes,
    /// A JPEG that fits a list.
    pub(super) thumb: Bytes,
}

/// What can be shown of the photo in `bytes`, of at most `most` pixels. The number of pixels is
/// looked at before anything is decoded.
///
/// # Errors
/// What is wrong with it.
pub(super) fn develop(format: Format, bytes: &Bytes, most: u64) -> Result<Developed, Flaw> {
    let kind = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        _ => return Err(Flaw::Unsupported),
    };
    let reader = || ImageReader::with_format(Cursor::new(bytes.as_ref()), kind);
    let shot = exif::read(bytes);
    let stripped = strip::strip(format, bytes, shot.orientation)?;
    let (width, height) = reader().into_dimensions().map_err(flaw)?;
    if u64::from(width) * u64::from(height) > most || width.max(height) > LONGEST {
        return Err(Flaw::TooManyPixels);
    }
    if foreign::hides_something(bytes, stripped.image) {
        return Err(Flaw::Ambiguous);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(most.saturating_mul(DEEPEST));
    let mut reader = reader();
    reader.limits(limits);
    let whole = reader.decode().map_err(flaw)?;
    let small = within(whole, SCREEN)?;
    let mut upright = DynamicImage::ImageRgb8(on_white(small));
    let orientation = Orientation::from_exif(shot.orientation);
    upright.apply_orientation(orientation.unwrap_or(Orientation::NoTransforms));
    let screen = jpeg(&upright)?;
    let thumb = jpeg(&within(upright, THUMB)?)?;
    let turned = shot.orientation >= 5;
    Ok(Developed {
        pixels: if turned { (height, width) } else { (width, height) },
        taken: shot.taken,
        clean: stripped.bytes,
        screen,
        thumb,
    })
}

/// What `error` says of a photo.
#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn flaw(error: ImageError) -> Flaw {
    match error {
        ImageError::Limits(_) => Flaw::TooManyPixels,
        _ => Flaw::Unreadable,
    }
}

/// Where and when the photo in `bytes` was taken.
pub(super) fn taken(bytes: &Bytes) -> Taken {
    exif::read(bytes).taken
}

/// `image` with no side longer than `side`; a smaller one stays as it is.
fn within(image: DynamicImage, side: u32) -> Result<DynamicImage, Flaw> {
    let (width, height) = (image.width(), image.height());
    let longer = width.max(height);
    if longer <= side {
        return Ok(image);
    }
    let scaled = |length: u32| {
        let length = u64::from(length) * u64::from(side) / u64::from(longer);
        u32::try_from(length).unwrap_or(side).max(1)
    };
    let mut small = DynamicImage::new(scaled(width), scaled(height), image.color());
    Resizer::new().resize(&image, &mut small, None).map_err(|_| Flaw::Unreadable)?;
    Ok(small)
}

/// `image` on white paper.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| {
            let alpha = u32::from(alpha);
            let mixed = (u32::from(colour) * alpha + 255 * (255 - alpha)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn jpeg(image: &DynamicImage) -> Result<Bytes, Flaw> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    image.to_rgb8().write_with_encoder(encoder).map_err(|_| Flaw::Unreadable)?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const MOST: u64 = 64_000_000;

    fn picture(width: u32, height: u32) -> DynamicImage {
        let colour = |x: u32, y: u32| {
            let [low, ..] = (x * 7 + y * 3).to_le_bytes();
            image::Rgb([low, 80, if x < width / 2 { 255 } else { 0 }])
        };
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, colour))
    }

    fn written(image: &DynamicImage, format: ImageFormat) -> Bytes {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner().into()
    }

    fn size(jpeg: &Bytes) -> (u32, u32) {
        ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg).into_dimensions().unwrap()
    }

    #[rstest]
    #[case(Format::Jpeg, ImageFormat::Jpeg)]
    #[case(Format::Png, ImageFormat::Png)]
    #[case(Format::WebP, ImageFormat::WebP)]
    fn renditions_fit_and_are_never_larger(#[case] format: Format, #[case] kind: ImageFormat) {
        let large = develop(format, &written(&picture(2000, 1000), kind), MOST).unwrap();
        assert_eq!((size(&large.screen), size(&large.thumb)), ((1280, 640), (320, 160)));
        assert_eq!(large.pixels, (2000, 1000));
        let small = develop(format, &written(&picture(30, 20), kind), MOST).unwrap();
        assert_eq!((size(&small.screen), size(&small.thumb)), ((30, 20), (30, 20)));
        assert_eq!(develop(format, &small.clean, MOST).unwrap().pixels, (30, 20));
    }

    #[rstest]
    #[case(Format::Jpeg, ImageFormat::Jpeg)]
    #[case(Format::Png, ImageFormat::Png)]
    #[case(Format::WebP, ImageFormat::WebP)]
    fn what_is_cut_off_is_refused(#[case] format: Format, #[case] kind: ImageFormat) {
        let whole = written(&picture(300, 200), kind);
        for length in [whole.len() / 3, whole.len() / 2, whole.len() - 3] {
            let flaw = develop(format, &whole.slice(..length), MOST).unwrap_err();
            assert_eq!(flaw, Flaw::Unreadable, "{length} of {}", whole.len());
        }
    }

    #[test]
    fn pixels_are_counted_before_they_are_decoded() {
        let bytes = written(&picture(100, 100), ImageFormat::Png);
        let flaw = develop(Format::Png, &bytes, 9_999).unwrap_err();
        assert_eq!(flaw, Flaw::TooManyPixels);
        assert!(develop(Format::Png, &bytes, 10_000).is_ok());
    }

    #[test]
    fn what_is_transparent_is_white() {
        let clear = DynamicImage::ImageRgba8(image::RgbaImage::new(8, 8));
        assert_eq!(on_white(clear).get_pixel(3, 3).0, [255; 3]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whatever_is_broken_it_is_told(
            format in 0..3_usize,
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            length in any::<prop::sample::Index>(),
        ) {
            let (format, kind) = [
                (Format::Jpeg, ImageFormat::Jpeg),
                (Format::Png, ImageFormat::Png),
                (Format::WebP, ImageFormat::WebP),
            ][format];
            let mut bytes = written(&picture(40, 30), kind).to_vec();
            for (place, byte) in damage {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes.truncate(length.index(bytes.len() * 2).max(1));
            if let Ok(made) = develop(format, &bytes.into(), 10_000) {
                prop_assert!(u64::from(made.pixels.0) * u64::from(made.pixels.1) <= 10_000);
            }
        }
    }
}
