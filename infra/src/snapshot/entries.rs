//! What can be found beside the procedures, and under which names.

use domain::{
    catalogue::Kind,
    directory::{Agency, Facility, Hotline},
    territory::{Commune, LegacyCommune},
};

use crate::catalogue::index::{Entry, EntryName};

/// A commune, by its name and those of the former communes it was made of.
pub(super) fn commune(commune: &Commune, legacy: &[LegacyCommune]) -> Entry {
    let districts = commune.old_districts.join(", ");
    let current = EntryName { text: commune.full_name.clone(), around: districts };
    let former = legacy.iter().filter(|former| former.new_code == commune.code);
    let former = former.map(|former| EntryName {
        text: former.old_name.clone(),
        around: format!("{}, {}, cũ", former.old_district, former.old_province),
    });
    let snippet = match commune.merged_from.as_slice() {
        [] => commune.old_districts.join(", "),
        merged => format!("Gồm: {}", merged.join(", ")),
    };
    Entry {
        kind: Kind::Commune,
        code: commune.code.to_string(),
        title: commune.full_name.clone(),
        snippet,
        names: std::iter::once(current).chain(former).collect(),
    }
}

/// A hotline, by its name and its number.
pub(super) fn hotline(hotline: &Hotline) -> Entry {
    let name =
        |text: &str| EntryName { text: text.to_owned(), around: "số điện thoại".to_owned() };
    Entry {
        kind: Kind::Hotline,
        code: hotline.number.clone(),
        title: hotline.name.clone(),
        snippet: hotline.number.clone(),
        names: vec![name(&hotline.name), name(&hotline.number)],
    }
}

/// A facility, by its name.
pub(super) fn facility(facility: &Facility, communes: &[Commune]) -> Entry {
    let commune = facility.commune.and_then(|code| communes.iter().find(|c| c.code == code));
    let place = commune.map(|commune| commune.full_name.clone()).unwrap_or_default();
    Entry {
        kind: Kind::Facility,
        code: facility.id.clone(),
        title: facility.name.clone(),
        snippet: facility.address.clone().unwrap_or_else(|| place.clone()),
        names: names(&facility.name, &place).into_iter().chain(head(&facility.name)).collect(),
    }
}

/// An agency, by its name.
pub(super) fn agency(agency: &Agency) -> Entry {
    Entry {
        kind: Kind::Agency,
        code: agency.code.to_string(),
        title: agency.name.clone(),
        snippet: agency.phone.clone().unwrap_or_default(),
        names: names(&agency.name, ""),
    }
}

/// What offices and hospitals begin with, and how people write it.
const ABBREVIATIONS: [(&str, &str); 6] = [
    ("Bệnh viện", "BV"),
    ("Phòng khám", "PK"),
    ("Trạm Y tế", "TYT"),
    ("Trung tâm Y tế", "TTYT"),
    ("Ủy ban nhân dân", "UBND"),
    ("Công an", "CA"),
];

/// What kind of place `name` begins with: who asks for a hospital may mean any.
fn head(name: &str) -> Option<EntryName> {
    let (head, _) = ABBREVIATIONS.iter().find(|(long, _)| name.starts_with(long))?;
    Some(EntryName { text: (*head).to_owned(), around: String::new() })
}

/// The province, which people leave out where they are in it.
const PROVINCE: &str = " Thái Nguyên";

/// `name`, and as people abbreviate it, with what may stand around it.
fn names(name: &str, around: &str) -> Vec<EntryName> {
    let here = name.strip_suffix(PROVINCE);
    let full = std::iter::once(name).chain(here).map(str::to_owned);
    let short = ABBREVIATIONS.iter().filter_map(|(long, short)| {
        here.unwrap_or(name).strip_prefix(long).map(|rest| format!("{short}{rest}"))
    });
    let around = format!("{around}{PROVINCE}");
    full.chain(short).map(|text| EntryName { text, around: around.clone() }).collect()
}
