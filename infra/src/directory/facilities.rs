//! The list of places where citizens get something.

use domain::{directory::Facility, territory::Position};

use crate::dataset::{Reading, Row, read_table};

/// Reads facilities. A row without `lat` and `lon` is a place that is known by name only.
#[must_use]
pub fn read_facilities(bytes: &[u8]) -> Reading<Facility> {
    let needed = ["id", "type", "name", "lat", "lon", "source", "licence"];
    read_table(
        bytes,
        &needed,
        |facility: &Facility| facility.id.clone(),
        |row| {
            Ok(Facility {
                id: word(row, "id", &['-', '_', '.', ':'])?,
                kind: word(row, "type", &['_'])?,
                name: row.text("name")?,
                address: row.optional("address").or_else(|| row.optional("address_old_units")),
                commune: row.optional_value("commune_code")?,
                position: position(row)?,
                phone: row.optional("phone"),
                source: row.text("source")?,
                source_url: row.optional("source_ref").filter(|url| url.starts_with("https://")),
                licence: row.text("licence")?,
                data_as_of: row.optional_value("data_date")?,
            })
        },
    )
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
}
