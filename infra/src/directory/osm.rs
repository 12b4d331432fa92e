//! Facilities in an extract of OpenStreetMap (PBF), © OpenStreetMap contributors, under the Open
//! Database License.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate};
use domain::{
    directory::{Facility, FacilityKind},
    territory::Position,
    text,
};
use osmpbf::{BlobDecode, BlobReader, Element, ElementReader, RelMemberType, Relation};

use super::facilities::{hours_remark, understood};
use crate::{
    dataset::Reading,
    shipped,
    territory::{ProvinceMap, read_outlines},
};

/// Under which licence the data is shown, with whom it asks to be named.
const LICENCE: &str = "ODbL 1.0 (© OpenStreetMap contributors)";

/// How every extract begins, after the four bytes of its first length.
const BEGINNING: &[u8] = b"\x0a\x09OSMHeader";

/// Whether `bytes` are an extract.
#[must_use]
pub fn is_osm_extract(bytes: &[u8]) -> bool {
    bytes.get(4..).is_some_and(|bytes| bytes.starts_with(BEGINNING))
}

/// Something that citizens get something at, before it is known where it is.
struct Site {
    kind: FacilityKind,
    /// `node/7146615786`, as OpenStreetMap names it in its addresses.
    element: String,
    tags: Tags,
    place: Place,
}

enum Place {
    At(f64, f64),
    /// In the middle of these nodes.
    Among(Vec<i64>),
    /// Within these ways, which have to be looked up, and among these nodes.
    Within(Vec<i64>, Vec<i64>),
}

type Tags = HashMap<String, String>;

/// Reads the facilities of the province. Those elsewhere are passed over; a doubt's line is the
/// number of the facility among those that were found. An extract that breaks off gives nothing.
#[must_use]
pub fn read_osm_facilities(bytes: &[u8]) -> Reading<Facility> {
    let found = sites(bytes).and_then(|sites| outlined(bytes, sites));
    let found = found.and_then(|sites| Ok((corners(bytes, &sites)?, sites)));
    let (corners, sites) = match found {
        Ok(found) => found,
        Err(error) => {
            let mut reading = Reading::default();
            reading.refuse(1, format!("the extract cannot be read: {error}"));
            return reading;
        }
    };
    let (map, day) = (province(), extracted_on(bytes));
    let mut reading = Reading::default();
    for (number, site) in (1..).zip(sites) {
        let position = match site.position(&corners) {
            Some(position) if map.locate(position).is_some() => position,
            Some(_) => continue,
            None => {
                reading.refuse(number, format!("{} has no position", site.element));
                continue;
            }
        };
        match site.facility(position, day) {
            Ok(facility) => {
                if let Some(why) = hours_remark(&facility) {
                    reading.remark(number, facility.id.as_str(), why);
                }
                reading.records.push(facility);
            }
            Err(reason) => reading.refuse(number, reason),
        }
    }
    reading
}

/// What in the extract is a facility, by its tags.
fn sites(bytes: &[u8]) -> osmpbf::Result<Vec<Site>> {
    let mut sites = Vec::new();
    let mut take = |element: String, tags: Tags, place: &mut dyn FnMut() -> Place| {
        if let Some(kind) = kind(&tags) {
            sites.push(Site { kind, element, tags, place: place() });
        }
    };
    ElementReader::new(bytes).for_each(|element| match element {
        Element::Node(node) => {
            let place = &mut || Place::At(node.lat(), node.lon());
            take(format!("node/{}", node.id()), owned(node.tags()), place);
        }
        Element::DenseNode(node) => {
            let place = &mut || Place::At(node.lat(), node.lon());
            take(format!("node/{}", node.id()), owned(node.tags()), place);
        }
        Element::Way(way) => {
            let place = &mut || Place::Among(way.refs().collect());
            take(format!("way/{}", way.id()), owned(way.tags()), place);
        }
        Element::Relation(relation) => {
            let place = &mut || members(&relation);
            take(format!("relation/{}", relation.id()), owned(relation.tags()), place);
        }
    })?;
    Ok(sites)
}

/// Where a relation lies: within its outer ways (a multipolygon), else among its members.
fn members(relation: &Relation<'_>) -> Place {
    let (mut outer, mut ways, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
    for member in relation.members() {
        match member.member_type {
            RelMemberType::Way if member.role().is_ok_and(|role| role == "outer") => {
                outer.push(member.member_id);
            }
            RelMemberType::Way => ways.push(member.member_id),
            RelMemberType::Node => nodes.push(member.member_id),
            RelMemberType::Relation => {}
        }
    }
    if outer.is_empty() { Place::Within(ways, nodes) } else { Place::Within(outer, Vec::new()) }
}

/// The `sites` with the corners of the ways within which they lie.
fn outlined(bytes: &[u8], mut sites: Vec<Site>) -> osmpbf::Result<Vec<Site>> {
    let within = sites.iter().filter_map(|site| match &site.place {
        Place::Within(ways, _) => Some(ways),
        Place::At(..) | Place::Among(_) => None,
    });
    let wanted: HashSet<i64> = within.flatten().copied().collect();
    let mut outlines: HashMap<i64, Vec<i64>> = HashMap::new();
    if !wanted.is_empty() {
        ElementReader::new(bytes).for_each(|element| {
            if let Element::Way(way) = element
                && wanted.contains(&way.id())
            {
                outlines.insert(way.id(), way.refs().collect());
            }
        })?;
    }
    for site in &mut sites {
        if let Place::Within(ways, nodes) = &mut site.place {
            let corners = ways.iter().filter_map(|way| outlines.get(way)).flatten().copied();
            let corners = corners.chain(std::mem::take(nodes)).collect();
            site.place = Place::Among(corners);
        }
    }
    Ok(sites)
}

/// Where the nodes are that `sites` lie among.
fn corners(bytes: &[u8], sites: &[Site]) -> osmpbf::Result<HashMap<i64, (f64, f64)>> {
    let among = sites.iter().filter_map(|site| match &site.place {
        Place::At(..) | Place::Within(..) => None,
        Place::Among(nodes) => Some(nodes),
    });
    let wanted: HashSet<i64> = among.flatten().copied().collect();
    let mut corners = HashMap::new();
    let mut take = |id: i64, lat: f64, lon: f64| {
        if wanted.contains(&id) {
            corners.insert(id, (lat, lon));
        }
    };
    if !wanted.is_empty() {
        ElementReader::new(bytes).for_each(|element| match element {
            Element::Node(node) => take(node.id(), node.lat(), node.lon()),
            Element::DenseNode(node) => take(node.id(), node.lat(), node.lon()),
            Element::Way(_) | Element::Relation(_) => {}
        })?;
    }
    Ok(corners)
}

/// The day on which the extract was true, where it says so.
fn extracted_on(bytes: &[u8]) -> Option<NaiveDate> {
    let first = BlobReader::new(bytes).next()?.ok()?;
    let Ok(BlobDecode::OsmHeader(header)) = first.decode() else { return None };
    let seconds = header.osmosis_replication_timestamp()?;
    DateTime::from_timestamp(seconds, 0).map(|at| at.date_naive())
}

/// The province as it is shipped.
fn province() -> ProvinceMap {
    let outlines = shipped::unpacked(shipped::FULL_OUTLINES).unwrap_or_default();
    ProvinceMap::new(read_outlines(&outlines).records)
}

fn owned<'t>(tags: impl Iterator<Item = (&'t str, &'t str)>) -> Tags {
    tags.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// What a place with these tags is, if it is one where citizens get something.
fn kind(tags: &Tags) -> Option<FacilityKind> {
    let tag = |key: &str| tags.get(key).map(String::as_str);
    let name = text::fold(tag("name").unwrap_or_default());
    match (tag("amenity"), tag("office"), tag("government")) {
        (Some("townhall"), ..) | (_, Some("government"), _) if is_one_stop(&name) => {
            let of_province = name.contains(" tinh ");
            Some(if of_province { FacilityKind::ProvinceOneStop } else { FacilityKind::OneStop })
        }
        (Some("hospital"), ..) => Some(FacilityKind::Hospital),
        (Some("clinic" | "doctors"), ..) => Some(FacilityKind::Clinic),
        (Some("pharmacy"), ..) => Some(FacilityKind::Pharmacy),
        (Some("police"), ..) => Some(FacilityKind::Police),
        (Some("fire_station"), ..) => Some(FacilityKind::Fire),
        (Some("post_office"), ..) => Some(FacilityKind::Post),
        (Some("courthouse"), ..) => Some(FacilityKind::Court),
        (Some("townhall"), ..) => Some(FacilityKind::PeopleCommittee),
        (_, Some("tax" | "tax_office"), _) | (_, Some("government"), Some("tax")) => {
            Some(FacilityKind::Tax)
        }
        (_, Some("government"), Some("social_security")) => Some(FacilityKind::SocialInsurance),
        (_, Some("notary"), _) => Some(FacilityKind::Notary),
        _ => None,
    }
}

/// Whether a folded name is that of a one-stop centre.
fn is_one_stop(name: &str) -> bool {
    name.contains("phuc vu hanh chinh cong") || name.contains("mot cua")
}

impl Site {
    fn position(&self, corners: &HashMap<i64, (f64, f64)>) -> Option<Position> {
        let (lat, lon) = match &self.place {
            Place::At(lat, lon) => (*lat, *lon),
            Place::Among(nodes) | Place::Within(_, nodes) => {
                middle(nodes.iter().filter_map(|node| corners.get(node)))?
            }
        };
        Position::new(lat, lon).ok()
    }

    fn facility(self, position: Position, day: Option<NaiveDate>) -> Result<Facility, String> {
        let tag = |key: &str| {
            self.tags.get(key).map(|value| text::line(value)).filter(|line| !line.is_empty())
        };
        let name = tag("name:vi").or_else(|| tag("name"));
        let name = name.ok_or_else(|| format!("{} has no name", self.element))?;
        let street = [tag("addr:housenumber"), tag("addr:street")];
        let street = street.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let hours = tag("opening_hours");
        Ok(Facility {
            id: format!("osm-{}", self.element.replace('/', "-")),
            kind: self.kind,
            name,
            address: tag("addr:full").or(Some(street)).filter(|address| !address.is_empty()),
            commune: None,
            position: Some(position),
            // Nobody who answers for the place has confirmed it.
            phone: tag("phone").or_else(|| tag("contact:phone")),
            phone_confirmed: false,
            opening_hours: understood(hours.as_deref()),
            opening_hours_raw: hours,
            source: "OpenStreetMap".to_owned(),
            source_url: Some(format!("https://www.openstreetmap.org/{}", self.element)),
            licence: LICENCE.to_owned(),
            data_as_of: day,
        })
    }
}

/// The middle of some places.
fn middle<'p>(places: impl Iterator<Item = &'p (f64, f64)>) -> Option<(f64, f64)> {
    let sum = |(count, lat, lon): (f64, f64, f64), place: &(f64, f64)| {
        (count + 1.0, lat + place.0, lon + place.1)
    };
    let (count, lat, lon) = places.fold((0.0, 0.0, 0.0), sum);
    (count > 0.0).then(|| (lat / count, lon / count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[("amenity", "hospital")], Some(FacilityKind::Hospital))]
    #[case(&[("amenity", "townhall"), ("name", "UBND phường")], Some(FacilityKind::PeopleCommittee))]
    #[case(
        &[("office", "government"), ("name", "Trung tâm Phục vụ hành chính công phường Sông Công")],
        Some(FacilityKind::OneStop)
    )]
    #[case(
        &[("office", "government"), ("name", "Trung tâm Phục vụ Hành chính công tỉnh Thái Nguyên")],
        Some(FacilityKind::ProvinceOneStop)
    )]
    #[case(&[("office", "government"), ("government", "tax")], Some(FacilityKind::Tax))]
    #[case(&[("amenity", "restaurant")], None)]
    #[case(&[], None)]
    fn tags_say_what_a_place_is(
        #[case] tags: &[(&str, &str)],
        #[case] expected: Option<FacilityKind>,
    ) {
        assert_eq!(kind(&owned(tags.iter().copied())), expected);
    }

    proptest! {
        #[test]
        fn what_is_no_extract_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let begun = [b"\0\0\0\x0d".as_slice(), BEGINNING, &bytes].concat();
            for bytes in [&bytes, &begun] {
                prop_assert_eq!(read_osm_facilities(bytes).records, []);
            }
            prop_assert!(is_osm_extract(&begun));
        }
    }
}
