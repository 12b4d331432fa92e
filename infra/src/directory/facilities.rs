//! The list of places where citizens get something.

use domain::{
    directory::{Facility, FacilityKind, OpeningHours},
    territory::Position,
};

use crate::dataset::{Reading, Row, read_remarked_table};

/// Reads facilities. A row without `lat` and `lon` is a place that is known by name only; a number
/// is shown to citizens once the column `phone_confirmed` says `yes`.
#[must_use]
pub fn read_facilities(bytes: &[u8]) -> Reading<Facility> {
    let needed = ["id", "type", "name", "lat", "lon", "source", "licence"];
    let key = |facility: &Facility| facility.id.clone();
    read_remarked_table(bytes, &needed, key, facility, |_, facility| {
        hours_remark(facility).into_iter().collect()
    })
}

fn facility(row: &Row<'_>) -> Result<Facility, String> {
    let hours = row.optional("opening_hours");
    Ok(Facility {
        id: word(row, "id", &['-', '_', '.', ':'])?,
        kind: row.value::<FacilityKind>("type")?,
        name: row.text("name")?,
        address: row.optional("address").or_else(|| row.optional("address_old_units")),
        commune: row.optional_value("commune_code")?,
        position: position(row)?,
        phone: row.optional("phone"),
        phone_confirmed: row.yes("phone_confirmed")?,
        opening_hours: understood(hours.as_deref()),
        opening_hours_raw: hours,
        source: row.text("source")?,
        source_url: row.optional("source_ref").filter(|url| url.starts_with("https://")),
        licence: row.text("licence")?,
        data_as_of: row.optional_value("data_date")?,
    })
}

/// The opening hours that `text` says, where they are plain enough.
pub(super) fn understood(text: Option<&str>) -> Option<OpeningHours> {
    text.and_then(|text| text.parse().ok())
}

/// What is odd about the opening hours of `facility`.
pub(super) fn hours_remark(facility: &Facility) -> Option<String> {
    let raw = facility.opening_hours_raw.as_ref().filter(|_| facility.opening_hours.is_none())?;
    Some(format!("opening_hours is {raw:?}: it is shown as it is, and never called open or closed"))
}

fn position(row: &Row<'_>) -> Result<Option<Position>, String> {
    match (row.optional_value("lat")?, row.optional_value("lon")?) {
        (Some(lat), Some(lon)) => {
            Position::new(lat, lon).map(Some).map_err(|error| error.to_string())
        }
        (None, None) => Ok(None),
        _ => Err("lat and lon stand together or not at all".to_owned()),
    }
}

/// The cell in `column`, made of lower-case letters, digits and what is `allowed` beside them.
fn word(row: &Row<'_>, column: &str, allowed: &[char]) -> Result<String, String> {
    let word = row.text(column)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || allowed.contains(&c);
    if word.chars().all(fits) {
        Ok(word)
    } else {
        Err(format!("{column} is {word:?}, which is not made of a-z, 0-9 and {allowed:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped;

    #[test]
    fn the_shipped_facilities_are_read() {
        let reading = read_facilities(shipped::FACILITIES);
        assert_eq!(reading.doubts, []);
        let placed = reading.records.iter().filter(|facility| facility.position.is_some());
        assert_eq!((reading.records.len(), placed.count()), (11, 7));
    }

    #[test]
    fn half_a_position_is_refused() {
        let table = "id,type,name,lat,lon,source,licence\na,hospital,A,21.5,,OSM,ODbL\n\
                     b,hospital,B,121.5,105,OSM,ODbL\nc,Bệnh viện,C,,,OSM,ODbL\n";
        let lines: Vec<u64> =
            read_facilities(table.as_bytes()).doubts.iter().map(|doubt| doubt.line).collect();
        assert_eq!(lines, [2, 3, 4]);
    }

    #[test]
    fn hours_are_read_where_they_are_plain_and_kept_where_not() {
        let table = "id,type,name,lat,lon,source,licence,opening_hours,phone,phone_confirmed\n\
                     a,post,A,,,tỉnh,CC0,Mo-Fr 07:30-17:00; PH off,0208 385 1234,yes\n\
                     b,post,B,,,tỉnh,CC0,giờ hành chính,0208 385 1234,\n";
        let reading = read_facilities(table.as_bytes());
        let [plain, odd] = reading.records.as_slice() else { panic!("{reading:?}") };
        assert!(plain.opening_hours.is_some() && plain.phone_confirmed);
        assert!(odd.opening_hours.is_none() && !odd.phone_confirmed);
        assert_eq!(odd.opening_hours_raw.as_deref(), Some("giờ hành chính"));
        assert_eq!((reading.doubts[0].line, reading.doubts[0].refused), (3, false));
    }
}
