//! Advanced Mobile Location: what a phone sends by itself when its owner dials for help
//! (ETSI TS 103 625, versions 1 and 2). Every field may be missing or malformed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::{
    emergency::{Quality, Reading, Source},
    territory::Position,
};

/// What every message begins with.
const MARK: &str = "A\"ML=";

/// Whether `text` says of itself that it is such a message.
pub(super) fn is_marked(text: &str) -> bool {
    text.trim_start().starts_with(MARK)
}

/// The position in `text` and the number that was dialled, as far as they are there. None where it
/// is no such message.
pub(super) fn read(text: &str) -> Option<(Option<Reading>, Option<String>)> {
    let (version, fields) = text.trim().strip_prefix(MARK)?.split_once(';')?;
    let fields: HashMap<&str, &str> =
        fields.split(';').filter_map(|field| field.trim().split_once('=')).collect();
    match version {
        "1" => Some((first(&fields), None)),
        "2" => Some((second(&fields), fields.get("en").map(|&number| number.to_owned()))),
        _ => None,
    }
}

/// Version 1: `lt=+37.42175;lg=-122.08461;rd=50;top=20130717141935;lc=90;pm=W`.
fn first(fields: &HashMap<&str, &str>) -> Option<Reading> {
    let fixed_at = fields
        .get("top")
        .and_then(|text| NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok())
        .map(|at| at.and_utc());
    let (lat, lon) = (number(fields.get("lt"))?, number(fields.get("lg"))?);
    let quality = Quality {
        accuracy_m: metres(fields.get("rd")),
        confidence: confidence(fields),
        source: source(fields.get("pm")),
        ..Quality::default()
    };
    reading(lat, lon, quality, fixed_at)
}

/// Version 2: `et=1476189444;lo=37.42175,-122.08461,12;lt=-5;lc=68;lz=31,4;ls=G`.
fn second(fields: &HashMap<&str, &str>) -> Option<Reading> {
    let mut place = fields.get("lo")?.split(',');
    let mut next = || place.next();
    let (lat, lon) = (number(next().as_ref())?, number(next().as_ref())?);
    let mut height = fields.get("lz").map(|height| height.split(',')).into_iter().flatten();
    let quality = Quality {
        accuracy_m: metres(next().as_ref()),
        altitude_m: number(height.next().as_ref()),
        vertical_accuracy_m: metres(height.next().as_ref()),
        confidence: confidence(fields),
        source: source(fields.get("ls")),
        ..Quality::default()
    };
    let offset = fields.get("lt").and_then(|text| text.trim().parse::<i64>().ok());
    let fixed_at = fields
        .get("et")
        .and_then(|text| DateTime::from_timestamp(text.trim().parse().ok()?, 0))
        .and_then(|start| {
            start.checked_add_signed(TimeDelta::try_seconds(offset.unwrap_or_default())?)
        });
    reading(lat, lon, quality, fixed_at)
}

fn reading(
    lat: f64,
    lon: f64,
    quality: Quality,
    fixed_at: Option<DateTime<Utc>>,
) -> Option<Reading> {
    let position = Position::new(lat, lon).ok()?;
    Some(Reading { position, quality, fixed_at, age_ms: None })
}

fn number(text: Option<&&str>) -> Option<f64> {
    text?.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn metres(text: Option<&&str>) -> Option<f64> {
    number(text).filter(|metres| (0.0..=1e7).contains(metres))
}

/// The confidence, which is told in percent.
fn confidence(fields: &HashMap<&str, &str>) -> Option<f64> {
    number(fields.get("lc"))
        .map(|percent| percent / 100.0)
        .filter(|share| (0.0..=1.0).contains(share))
}

fn source(text: Option<&&str>) -> Option<Source> {
    match text?.trim() {
        "G" => Some(Source::Gps),
        "W" => Some(Source::Wifi),
        "C" => Some(Source::Cell),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_1_is_read() {
        let text = "A\"ML=1;lt=+37.42175;lg=-122.08461;rd=50;top=20130717141935;lc=90;pm=W;\
                    si=123456789012345;ei=1234567890123456;mcc=234;mnc=30;ml=128";
        let (reading, dialled) = read(text).unwrap();
        let reading = reading.unwrap();
        assert_eq!(dialled, None);
        assert!((reading.position.lon() - -122.08461).abs() < 1e-9);
        assert_eq!(reading.quality.accuracy_m, Some(50.0));
        assert_eq!(reading.quality.confidence, Some(0.9));
        assert_eq!(reading.quality.source, Some(Source::Wifi));
        assert_eq!(reading.fixed_at, "2013-07-17T14:19:35Z".parse().ok());
    }

    #[test]
    fn version_2_is_read() {
        let text = "A\"ML=2;en=112;et=1476189444;lo=37.42175,-122.08461,12;lt=-5;lc=68;\
                    lz=31,4;ls=G;ei=1;nc=2;hc=3;lg=en-US";
        let (reading, dialled) = read(text).unwrap();
        let reading = reading.unwrap();
        assert_eq!(dialled.as_deref(), Some("112"));
        assert!((reading.position.lat() - 37.42175).abs() < 1e-9);
        assert_eq!(reading.quality.accuracy_m, Some(12.0));
        assert_eq!(reading.quality.altitude_m, Some(31.0));
        assert_eq!(reading.quality.vertical_accuracy_m, Some(4.0));
        assert_eq!(reading.quality.source, Some(Source::Gps));
        assert_eq!(reading.fixed_at, DateTime::from_timestamp(1_476_189_439, 0));
    }

    #[rstest::rstest]
    #[case::without_a_fix("A\"ML=1;lt=+00.00000;lg=;rd=N;lc=0;pm=N")]
    #[case::garbled("A\"ML=2;lo=north;et=x")]
    #[case::nowhere("A\"ML=1;lt=+91.0;lg=+10.0")]
    fn without_a_place_there_is_none(#[case] text: &str) {
        assert_eq!(read(text).unwrap().0, None);
    }

    #[rstest::rstest]
    #[case("A\"ML=3;lt=1")]
    #[case("ML=1;lt=1;lg=1")]
    #[case("")]
    fn anything_else_is_no_such_message(#[case] text: &str) {
        assert_eq!(read(text), None);
    }
}
