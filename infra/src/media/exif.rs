//! What a camera wrote beside a picture.

use std::io::Cursor;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone as _, Utc};
use domain::{media::Taken, territory::Position};
use exif::{Exif, In, Reader, Tag, Value};

/// Clocks in Vietnam are seven hours ahead: so are those of cameras that do not say.
const VIETNAM_S: i32 = 7 * 3600;

/// What is known of how a picture was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Shot {
    /// Where and when.
    pub(super) taken: Taken,
    /// How the camera was held: 1 to 8, as EXIF counts.
    pub(super) orientation: u8,
}

/// What stands beside the picture in `bytes`, as far as it can be read.
pub(super) fn read(bytes: &[u8]) -> Shot {
    let upright = Shot { orientation: 1, ..Shot::default() };
    let Ok(exif) = Reader::new().read_from_container(&mut Cursor::new(bytes)) else {
        return upright;
    };
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    let orientation = orientation.and_then(|field| field.value.get_uint(0));
    let orientation = orientation.and_then(|value| u8::try_from(value).ok());
    Shot {
        taken: Taken { at: instant(&exif), position: position(&exif) },
        orientation: orientation.filter(|value| (1..=8).contains(value)).unwrap_or(1),
    }
}

/// When, by the clock of the camera.
fn instant(exif: &Exif) -> Option<DateTime<Utc>> {
    let ascii = |tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => lines.first().cloned(),
        _ => None,
    };
    let mut told = exif::DateTime::from_ascii(&ascii(Tag::DateTimeOriginal)?).ok()?;
    if let Some(offset) = ascii(Tag::OffsetTimeOriginal) {
        told.parse_offset(&offset).ok();
    }
    let date = NaiveDate::from_ymd_opt(told.year.into(), told.month.into(), told.day.into())?;
    let local = date.and_hms_opt(told.hour.into(), told.minute.into(), told.second.into())?;
    let offset_s = told.offset.map_or(VIETNAM_S, |minutes| i32::from(minutes) * 60);
    let instant = FixedOffset::east_opt(offset_s)?.from_local_datetime(&local).single()?;
    Some(instant.to_utc())
}

/// Where, in degrees.
fn position(exif: &Exif) -> Option<Position> {
    let degrees = |tag, sign, negative: &[u8]| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let [degrees, minutes, seconds] = parts.as_slice() else { return None };
        let size = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
        let Value::Ascii(letters) = &exif.get_field(sign, In::PRIMARY)?.value else { return None };
        let turned = letters.first().is_some_and(|letter| letter.starts_with(negative));
        Some(if turned { -size } else { size })
    };
    let lat = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b"S")?;
    let lon = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b"W")?;
    // A camera that has no fix writes zeros.
    if lat == 0.0 && lon == 0.0 {
        return None;
    }
    Position::new(lat, lon).ok()
}
