//! What can be found beside the procedures, and under which names.

use domain::{
    catalogue::Kind,
    directory::{Agency, Facility, Hotline},
    territory::{Commune, LegacyCommune},
};

use crate::{
    catalogue::index::{Entry, EntryName},
    directory::Abbreviation,
};

/// What can be found beside the procedures, and how its names are abbreviated.
pub(super) struct Found<'r> {
    pub(super) communes: &'r [Commune],
    pub(super) legacy: &'r [LegacyCommune],
    pub(super) hotlines: &'r [Hotline],
    pub(super) facilities: &'r [Facility],
    pub(super) agencies: &'r [Agency],
    pub(super) abbreviations: &'r [Abbreviation],
}

impl Found<'_> {
    /// All of it.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let communes = self.communes.iter().map(|commune| self.commune(commune));
        let hotlines = self.hotlines.iter().map(hotline);
        let facilities = self.facilities.iter().map(|facility| self.facility(facility));
        let agencies = self.agencies.iter().map(|agency| self.agency(agency));
        communes.chain(hotlines).chain(facilities).chain(agencies).collect()
    }

    /// A commune, by its name and those of the former communes it was made of.
    fn commune(&self, commune: &Commune) -> Entry {
        let districts = commune.old_districts.join(", ");
        let current = EntryName { text: commune.full_name.clone(), around: districts };
        let former = self.legacy.iter().filter(|former| former.new_code == commune.code);
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

    /// A facility, by its name.
    fn facility(&self, facility: &Facility) -> Entry {
        let lies_in = |commune: &&Commune| facility.commune == Some(commune.code);
        let commune = self.communes.iter().find(lies_in);
        let place = commune.map(|commune| commune.full_name.clone()).unwrap_or_default();
        let (names, kind) = (self.names(&facility.name, &place), self.beginning(&facility.name));
        Entry {
            kind: Kind::Facility,
            code: facility.id.clone(),
            title: facility.name.clone(),
            snippet: facility.address.clone().unwrap_or(place),
            names: names.into_iter().chain(kind).collect(),
        }
    }

    /// An agency, by its name.
    fn agency(&self, agency: &Agency) -> Entry {
        Entry {
            kind: Kind::Agency,
            code: agency.code.to_string(),
            title: agency.name.clone(),
            snippet: agency.phone.clone().unwrap_or_default(),
            names: self.names(&agency.name, ""),
        }
    }

    /// What kind of place `name` begins with: who asks for a hospital may mean any.
    fn beginning(&self, name: &str) -> Option<EntryName> {
        let begins_so = |each: &&Abbreviation| name.starts_with(&each.beginning);
        let kind = self.abbreviations.iter().find(begins_so)?;
        Some(EntryName { text: kind.beginning.clone(), around: String::new() })
    }

    /// `name`, and as people abbreviate it, with what may stand around it.
    fn names(&self, name: &str, around: &str) -> Vec<EntryName> {
        let here = name.strip_suffix(PROVINCE);
        let full = std::iter::once(name).chain(here).map(str::to_owned);
        let short = self.abbreviations.iter().filter_map(|each| each.of(here.unwrap_or(name)));
        let around = format!("{around}{PROVINCE}");
        full.chain(short).map(|text| EntryName { text, around: around.clone() }).collect()
    }
}

/// The province, which people leave out where they are in it.
const PROVINCE: &str = " Thái Nguyên";

/// A hotline, by its name and its number.
fn hotline(hotline: &Hotline) -> Entry {
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
