//! The outlines of communes, from GeoJSON (RFC 7946).

use domain::territory::CommuneCode;
use geojson::{Feature, GeometryValue, Position, feature::Id};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::dataset::Reading;

/// A closed line of WGS 84 positions, each `[lon, lat]`; the last is the first.
pub type Ring = Vec<[f64; 2]>;

/// The outline of a commune: polygons that do not touch, each a ring around it and then the rings
/// around its holes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// The commune.
    pub code: CommuneCode,
    /// Its polygons.
    pub polygons: Vec<Vec<Ring>>,
}

impl Outline {
    /// Of how many points it is made.
    #[must_use]
    pub fn points(&self) -> usize {
        self.polygons.iter().flatten().map(Vec::len).sum()
    }
}

/// A feature collection whose features are read one by one.
#[derive(Deserialize)]
struct Collection<'c> {
    #[serde(borrow)]
    features: Vec<&'c RawValue>,
}

/// Reads outlines from a GeoJSON feature collection. The commune code is the id of the feature, or
/// its property `code`. A doubt's line is the number of its feature.
#[must_use]
pub fn read_outlines(bytes: &[u8]) -> Reading<Outline> {
    let mut reading = Reading::default();
    let collection: Collection<'_> = match serde_json::from_slice(bytes) {
        Ok(collection) => collection,
        Err(error) => {
            reading.refuse(1, format!("this is no GeoJSON feature collection: {error}"));
            return reading;
        }
    };
    for (number, feature) in (1..).zip(collection.features) {
        match read_outline(feature.get()) {
            Ok(outline)
                if reading.records.iter().any(|known: &Outline| known.code == outline.code) =>
            {
                reading.refuse(number, format!("{} stands there already", outline.code));
            }
            Ok(outline) => reading.records.push(outline),
            Err(reason) => reading.refuse(number, reason),
        }
    }
    reading
}

fn read_outline(feature: &str) -> Result<Outline, String> {
    let feature: Feature = serde_json::from_str(feature).map_err(|error| error.to_string())?;
    let id = match &feature.id {
        Some(Id::String(id)) => Some(id.as_str()),
        _ => feature.property("code").and_then(|code| code.as_str()),
    };
    let id = id.ok_or("the feature has neither a text as id nor a property code")?;
    let code = id.parse::<CommuneCode>().map_err(|error| format!("{id:?}: {error}"))?;
    let polygons = match feature.geometry.map(|geometry| geometry.value) {
        Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
        _ => return Err(format!("the outline of {code} is neither a polygon nor a multipolygon")),
    };
    let polygons: Option<Vec<Vec<Ring>>> =
        polygons.iter().map(|rings| rings.iter().map(|ring| read_ring(ring)).collect()).collect();
    match polygons {
        Some(polygons)
            if !polygons.is_empty() && polygons.iter().all(|rings| !rings.is_empty()) =>
        {
            Ok(Outline { code, polygons })
        }
        _ => Err(format!("the outline of {code} is not made of closed rings in WGS 84 degrees")),
    }
}

/// The ring, if it has at least three corners, is closed and lies on the earth.
fn read_ring(positions: &[Position]) -> Option<Ring> {
    let ring: Ring = positions.iter().map(read_position).collect::<Option<_>>()?;
    (ring.len() >= 4 && ring.first() == ring.last()).then_some(ring)
}

fn read_position(position: &Position) -> Option<[f64; 2]> {
    let &[lon, lat, ..] = position.as_slice() else { return None };
    domain::territory::Position::new(lat, lon).ok().map(|_| [lon, lat])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(features: &[&str]) -> Vec<u8> {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
            .into_bytes()
    }

    fn feature(id: &str, coordinates: &str) -> String {
        let geometry = format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#);
        format!(r#"{{"type":"Feature","id":{id},"properties":null,"geometry":{geometry}}}"#)
    }

    #[test]
    fn a_polygon_is_read() {
        let square = feature(r#""01840""#, "[[[105,21],[106,21,7],[106,22],[105,21]]]");
        let reading = read_outlines(&collection(&[&square, &square]));
        assert_eq!(reading.records.len(), 1);
        assert_eq!(format!("{:?}", reading.records[0].polygons[0][0][1]), "[106.0, 21.0]");
        assert_eq!(reading.doubts[0].message, "01840 stands there already");
    }

    #[test]
    fn what_is_no_outline_is_refused_by_its_number() {
        let id = r#""01840""#;
        let wrong = [
            feature(id, "[]"),
            feature(id, "[[]]"),
            feature(id, "[[[105],[106,21],[106,22],[105]]]"),
            feature(id, "[[[105,21],[106,21],[106,22],[105,22]]]"),
            feature(id, "[[[105,91],[106,91],[106,92],[105,91]]]"),
            feature("7", "[[[105,21],[106,21],[106,22],[105,21]]]"),
            feature(r#""7""#, "[[[105,21],[106,21],[106,22],[105,21]]]"),
            r#"{"type":"Feature","id":"01840","properties":{},"geometry":null}"#.to_owned(),
        ];
        let features: Vec<&str> = wrong.iter().map(String::as_str).collect();
        let reading = read_outlines(&collection(&features));
        assert_eq!(reading.records, []);
        let lines: Vec<u64> = reading.doubts.iter().map(|doubt| doubt.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7, 8]);
        for bytes in [b"".as_slice(), b"[]", b"{\"features\":[", b"\xff"] {
            assert_eq!(read_outlines(bytes).doubts.len(), 1);
        }
    }
}
