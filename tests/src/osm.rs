//! Small extracts of OpenStreetMap, written byte by byte as its PBF format has them.

/// Something on the map.
pub enum Feature<'f> {
    /// A point at `(lat, lon)`.
    Node(i64, (f64, f64), &'f [(&'f str, &'f str)]),
    /// A line or an area with these nodes for corners.
    Way(i64, &'f [i64], &'f [(&'f str, &'f str)]),
    /// Something that other things make up.
    Relation(i64, &'f [(&'f str, &'f str)]),
    /// What lies within these ways, which are its members as `outer` or otherwise.
    Area(i64, &'f [(i64, &'f str)], &'f [(&'f str, &'f str)]),
}

/// The extract that holds `features`, true at `seconds` after 1970.
pub fn extract(features: &[Feature<'_>], seconds: i64) -> Vec<u8> {
    let mut header = field(4, b"OsmSchema-V0.6");
    header.extend(number(32, seconds.cast_unsigned()));
    [blob("OSMHeader", &header), blob("OSMData", &block(features))].concat()
}

fn block(features: &[Feature<'_>]) -> Vec<u8> {
    // The first text means nothing.
    let mut texts = vec![""];
    let group: Vec<u8> = features.iter().flat_map(|feature| written(feature, &mut texts)).collect();
    let table: Vec<u8> = texts.iter().flat_map(|text| field(1, text.as_bytes())).collect();
    [field(1, &table), field(2, &group)].concat()
}

fn written<'f>(feature: &Feature<'f>, texts: &mut Vec<&'f str>) -> Vec<u8> {
    match *feature {
        Feature::Node(id, (lat, lon), tags) => {
            let place = [number(8, zigzag(units(lat))), number(9, zigzag(units(lon)))].concat();
            field(1, &[number(1, zigzag(id)), tagged(tags, texts), place].concat())
        }
        Feature::Way(id, corners, tags) => {
            let before = [0].iter().chain(corners);
            let steps = corners
                .iter()
                .zip(before)
                .flat_map(|(corner, before)| varint(zigzag(corner - before)));
            let steps: Vec<u8> = steps.collect();
            let id = number(1, id.cast_unsigned());
            field(3, &[id, tagged(tags, texts), field(8, &steps)].concat())
        }
        Feature::Area(id, ways, tags) => {
            let (mut roles, mut ids, mut kinds, mut before) =
                (Vec::new(), Vec::new(), Vec::new(), 0);
            for &(way, role) in ways {
                roles.extend(varint(u64::try_from(texts.len()).expect("few texts")));
                texts.push(role);
                ids.extend(varint(zigzag(way - before)));
                kinds.extend(varint(1));
                before = way;
            }
            let members = [field(8, &roles), field(9, &ids), field(10, &kinds)].concat();
            field(4, &[number(1, id.cast_unsigned()), tagged(tags, texts), members].concat())
        }
        Feature::Relation(id, tags) => {
            field(4, &[number(1, id.cast_unsigned()), tagged(tags, texts)].concat())
        }
    }
}

/// The places of keys and values in the table of texts.
fn tagged<'f>(tags: &[(&'f str, &'f str)], texts: &mut Vec<&'f str>) -> Vec<u8> {
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for (key, value) in tags {
        for (text, places) in [(key, &mut keys), (value, &mut values)] {
            places.extend(varint(u64::try_from(texts.len()).expect("few texts")));
            texts.push(text);
        }
    }
    [field(2, &keys), field(3, &values)].concat()
}

/// A block with its header, not compressed.
fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let blob = field(1, content);
    let size = u64::try_from(blob.len()).expect("a small block");
    let header = [field(1, kind.as_bytes()), number(3, size)].concat();
    let length = u32::try_from(header.len()).expect("a short header").to_be_bytes();
    [&length, header.as_slice(), &blob].concat()
}

/// Degrees in units of a hundred nanodegrees.
fn units(degrees: f64) -> i64 {
    let text = format!("{:.0}", degrees * 1e7);
    text.parse().expect("a whole number")
}

fn field(number: u64, content: &[u8]) -> Vec<u8> {
    let length = u64::try_from(content.len()).expect("a short field");
    [varint(number << 3 | 2), varint(length), content.to_vec()].concat()
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).expect("seven bits");
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
