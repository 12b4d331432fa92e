//! A position, as phones write it.

use std::ops::RangeInclusive;

use domain::{
    emergency::{Quality, Reading, Source},
    territory::Position,
};
use serde_json::value::RawValue;

use super::{
    fields::{Fields, Unread, flag, instant, milliseconds, number},
    salvage,
};

/// What phones write for a number they do not have.
const NO_NUMBER: RangeInclusive<f64> = -1.0..=-1.0;

/// The positions in `elements`, `None` for each that cannot be read.
pub(super) fn batch(
    elements: &[Box<RawValue>],
    place: &str,
    unread: &mut Unread,
) -> Vec<Option<Reading>> {
    let numbered = elements.iter().enumerate();
    numbered.map(|(number, raw)| reading(raw, &format!("{place}.{number}"), unread)).collect()
}

/// The position in `raw`, which stands at `place` in the body.
pub(super) fn reading(raw: &RawValue, place: &str, unread: &mut Unread) -> Option<Reading> {
    let Some(fields) = salvage::fields(raw) else {
        unread.keep(place, raw.get());
        unread.doubt(place);
        return None;
    };
    position(Fields::new(fields, &format!("{place}."), unread))
}

/// The position that `fields` tell. Without a place on earth there is none; of the rest, what
/// cannot be read is left out.
pub(super) fn position(mut fields: Fields<'_>) -> Option<Reading> {
    let lat = measure(&mut fields, "lat", -90.0..=90.0);
    let lon = measure(&mut fields, "lon", -180.0..=180.0);
    let quality = Quality {
        accuracy_m: measure(&mut fields, "accuracy_m", 0.0..=1e7),
        altitude_m: measure(&mut fields, "altitude_m", -1e4..=1e5),
        vertical_accuracy_m: measure(&mut fields, "vertical_accuracy_m", 0.0..=1e6),
        confidence: measure(&mut fields, "confidence", 0.0..=1.0),
        source: fields.read("source", |value| value.as_str().and_then(Source::named)),
        speed_mps: measure(&mut fields, "speed_mps", 0.0..=1e4),
        bearing_deg: measure(&mut fields, "bearing_deg", 0.0..=360.0),
        battery_pct: measure(&mut fields, "battery_pct", 0.0..=100.0),
        mock: fields.read("mock", flag),
        sos: fields.read("sos", flag),
        last_gasp: fields.read("last_gasp", flag),
    };
    let fixed_at = fields.read("fixed_at", instant);
    let age_ms = fields.read("age_ms", milliseconds);
    let position = lat.zip(lon).and_then(|(lat, lon)| Position::new(lat, lon).ok());
    if position.is_none() {
        for (name, half) in [("lat", lat), ("lon", lon)] {
            fields.refuse(name, half.map(|half| half.to_string()).as_deref());
        }
    }
    fields.keep_rest();
    Some(Reading { position: position?, quality, fixed_at, age_ms })
}

/// The number `name`, if it is within `range`.
fn measure(fields: &mut Fields<'_>, name: &str, range: RangeInclusive<f64>) -> Option<f64> {
    fields
        .read(name, |value| match number(value)? {
            number if range.contains(&number) => Some(Some(number)),
            number if NO_NUMBER.contains(&number) => Some(None),
            _ => None,
        })
        .flatten()
}
