//! The lists of communes, of today and of the time before July 2025.

use domain::territory::{Bounds, Commune, CommuneType, LegacyCommune, Position};

use crate::dataset::{Reading, Row, read_table};

/// Reads the communes of today.
#[must_use]
pub fn read_communes(bytes: &[u8]) -> Reading<Commune> {
    let needed = [
        "code",
        "name",
        "full_name",
        "type",
        "old_province",
        "old_districts",
        "merged_from",
        "lat",
        "lon",
        "inside_lat",
        "inside_lon",
        "area_km2",
        "bbox_w",
        "bbox_s",
        "bbox_e",
        "bbox_n",
    ];
    read_table(bytes, &needed, |commune: &Commune| commune.code, commune)
}

fn commune(row: &Row<'_>) -> Result<Commune, String> {
    Ok(Commune {
        code: row.value("code")?,
        name: row.text("name")?,
        full_name: row.text("full_name")?,
        kind: match row.text("type")?.as_str() {
            "phường" => CommuneType::Ward,
            "xã" => CommuneType::Rural,
            other => return Err(format!("type is phường or xã, not {other:?}")),
        },
        old_province: row.text("old_province")?,
        old_districts: row.list("old_districts", ';'),
        merged_from: row
            .list("merged_from", ',')
            .into_iter()
            .filter(|name| name != UNCHANGED)
            .collect(),
        centroid: position(row, "lat", "lon")?,
        inside: position(row, "inside_lat", "inside_lon")?,
        area_km2: row.value("area_km2")?,
        bounds: Bounds {
            west: row.value("bbox_w")?,
            south: row.value("bbox_s")?,
            east: row.value("bbox_e")?,
            north: row.value("bbox_n")?,
        },
    })
}

/// What the list says instead of names where a commune was left as it was.
const UNCHANGED: &str = "giữ nguyên";

/// Reads which commune of today the former ones went to.
#[must_use]
pub fn read_legacy_communes(bytes: &[u8]) -> Reading<LegacyCommune> {
    let needed = [
        "old_code",
        "old_name",
        "old_district",
        "old_province",
        "new_code",
        "divided",
        "default_target",
    ];
    let key = |commune: &LegacyCommune| format!("{} to {}", commune.old_code, commune.new_code);
    read_table(bytes, &needed, key, |row| {
        Ok(LegacyCommune {
            old_code: row.text("old_code")?,
            old_name: row.text("old_name")?,
            old_district: row.text("old_district")?,
            old_province: row.text("old_province")?,
            new_code: row.value("new_code")?,
            divided: row.yes("divided")?,
            default_target: row.yes("default_target")?,
        })
    })
}

fn position(row: &Row<'_>, lat: &str, lon: &str) -> Result<Position, String> {
    Position::new(row.value(lat)?, row.value(lon)?).map_err(|error| error.to_string())
}
