//! Photos and films as phones make them, with what cameras write beside them.

use std::io::Cursor;

use exif::{Field, In, Rational, Tag, Value, experimental::Writer};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// The boundary of forms.
const BOUNDARY: &str = "a-line-between-parts";

/// The type of a form.
pub fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// A form that holds `file`, which claims to be called `name` and to be of `kind`.
pub fn form(file: &[u8], name: &str, kind: &str) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {kind}\r\n\r\n"
    );
    [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// A picture that no two of which are alike.
fn picture(width: u32, height: u32, seed: u32) -> DynamicImage {
    let mut state = seed | 1;
    let image = RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, _, noise, _] = state.to_le_bytes();
        let [low, ..] = (x + 2 * y).to_le_bytes();
        Rgb([low, noise / 4, if x < width / 2 { 250 } else { 5 }])
    });
    DynamicImage::ImageRgb8(image)
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A JPEG of this size, without metadata.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    written(&picture(width, height, width), ImageFormat::Jpeg)
}

/// A JPEG of about so many bytes, as bytes behind its end would not make it: all of it picture.
pub fn large_jpeg() -> Vec<u8> {
    let image = DynamicImage::ImageRgb8(RgbImage::from_fn(3000, 2200, {
        let mut state = 1_u32;
        move |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [_, red, green, blue] = state.to_le_bytes();
            Rgb([red, green, blue])
        }
    }));
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 92);
    image.write_with_encoder(encoder).expect("a picture");
    bytes
}

/// A PNG of this size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    written(&picture(width, height, width), ImageFormat::Png)
}

/// A PNG that says of itself that it is this large, and holds next to nothing.
pub fn boast(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(1, 1);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// The sum that ends a chunk of a PNG (ISO 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    })
}

/// What a phone writes that is held upright in the middle of Thái Nguyên, on the 21st of November
/// 2026 at 10:15 by its clock.
fn exif() -> Vec<u8> {
    let degrees = |degrees: u32, minutes: u32, seconds: u32| {
        let whole = |num| Rational { num, denom: 1 };
        Value::Rational(vec![whole(degrees), whole(minutes), whole(seconds)])
    };
    let text = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let fields = [
        (Tag::Orientation, Value::Short(vec![6])),
        (Tag::Make, text("Nokia-Secret-Make")),
        (Tag::DateTimeOriginal, text("2026:11:21 10:15:00")),
        (Tag::GPSLatitudeRef, text("N")),
        (Tag::GPSLatitude, degrees(21, 35, 39)),
        (Tag::GPSLongitudeRef, text("E")),
        (Tag::GPSLongitude, degrees(105, 50, 53)),
    ];
    let fields: Vec<_> =
        fields.into_iter().map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value }).collect();
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).expect("metadata");
    tiff.into_inner()
}

/// A JPEG as a phone makes it: it lies on its side, and EXIF says so, and where and when.
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    let body = [b"Exif\0\0".as_slice(), &exif()].concat();
    let length = u16::try_from(body.len() + 2).expect("little metadata").to_be_bytes();
    let jpeg = jpeg(width, height);
    [&jpeg[..2], &[0xff, 0xe1], &length, &body, &jpeg[2..]].concat()
}

/// What programs write about a picture (XMP).
const XMP: &[u8] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/' exif:GPSLatitude='21,35.65N'/>";

/// A PNG with all that cameras and programs write beside it.
pub fn telling_png(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len()).expect("little metadata").to_be_bytes();
        let told = [kind.as_slice(), body].concat();
        [length.as_slice(), &told, &crc(&told).to_be_bytes()].concat()
    };
    let png = png(width, height);
    let (head, rest) = png.split_at(33);
    let xmp = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), XMP].concat();
    let told =
        [chunk(b"eXIf", &exif()), chunk(b"tEXt", b"Make\0Nokia-Secret-Make"), chunk(b"iTXt", &xmp)];
    [head, &told.concat(), rest].concat()
}

/// A WebP with all that cameras and programs write beside it.
pub fn telling_webp(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len()).expect("little metadata").to_le_bytes();
        let filler: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
        [kind.as_slice(), &length, body, filler].concat()
    };
    let side = |length: u32| (length - 1).to_le_bytes();
    // That EXIF and XMP come with it, and how large it is.
    let head = [[0x0c, 0, 0, 0].as_slice(), &side(width)[..3], &side(height)[..3]].concat();
    let webp = written(&picture(width, height, width), ImageFormat::WebP);
    let (_, image) = webp.split_at(12);
    let told = [chunk(b"EXIF", &exif()), chunk(b"XMP ", XMP)].concat();
    let body = [b"WEBP".as_slice(), &chunk(b"VP8X", &head), image, &told].concat();
    let length = u32::try_from(body.len()).expect("a small picture").to_le_bytes();
    [b"RIFF".as_slice(), &length, &body].concat()
}

/// Whether `bytes` say where or with what a [`photo`] or [`film`] was taken.
pub fn tells(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [b"Nokia-Secret-Make", b"GPS", b"2026:11:21", b"+21.5942+105.8482"];
    marks.iter().any(|mark| bytes.windows(mark.len()).any(|window| window == *mark))
}

fn boxed(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).expect("a small box").to_be_bytes();
    [&length, name.as_slice(), body].concat()
}

/// An MP4 as a phone makes it: a track of pictures, and the place where it was taken, twice.
pub fn film(samples: usize) -> Vec<u8> {
    film_of(*b"mp42", *b"vide", samples)
}

/// The same of another brand: `qt  `, `3gp4` or `M4A `; a track of pictures (`vide`) or of sound
/// (`soun`).
pub fn film_of(brand: [u8; 4], handler: [u8; 4], samples: usize) -> Vec<u8> {
    let place = b"\0\x12\x15\xc7+21.5942+105.8482/";
    let hdlr = boxed(*b"hdlr", &[[0; 8].as_slice(), &handler, &[0; 12], b"\0"].concat());
    let stbl = boxed(*b"stbl", &boxed(*b"stco", &[0; 8]));
    let minf = boxed(*b"minf", &[boxed(*b"vmhd", &[0; 12]), stbl].concat());
    let mdia = boxed(*b"mdia", &[boxed(*b"mdhd", &[0; 24]), hdlr, minf].concat());
    let trak = boxed(*b"trak", &[boxed(*b"tkhd", &[0; 84]), mdia].concat());
    let udta = boxed(*b"udta", &boxed(*b"\xa9xyz", place));
    let moov = boxed(*b"moov", &[boxed(*b"mvhd", &[0; 100]), trak, udta].concat());
    let samples: Vec<u8> = (0..samples).map(|sample| sample.to_le_bytes()[0]).collect();
    [
        boxed(*b"ftyp", &[brand.as_slice(), b"\0\0\0\0mp42isom"].concat()),
        boxed(*b"uuid", place),
        boxed(*b"mdat", &samples),
        moov,
    ]
    .concat()
}
