//! Everything that is looked up often, in memory: made from the open data in force and the agencies
//! as they stand, immutable, and replaced as a whole when other data is put in force or an agency is
//! changed.

mod entries;
mod facets;
mod passing;
mod prepared;
mod records;
mod shelf;
mod watch;

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    ops::Deref,
    sync::{Arc, OnceLock},
};

use domain::{
    catalogue::{History, LifeEvent, LifeEvents, Procedure, ProcedureCode, RuleVersion, Wording},
    directory::{AgencyTree, Facility, Holiday, Hotline, Notice, shipped_agencies, shown},
    territory::{Commune, CommuneCode, Gazetteer},
};

pub use facets::{Facets, Numbers};
pub use passing::Passing;
pub use prepared::{Coding, Form, Prepared};
pub use shelf::Shelf;
pub use watch::Snapshots;

use crate::{
    catalogue::index::{BuildError, Corpus, SearchIndex},
    collation::{compare, sort_by_name},
    dataset::Version,
    directory::FacilityMap,
    territory::{ProvinceMap, feature_collection},
};
use entries::Found;
use records::Records;

/// Everything that is looked up often: the open data, and the search over it by the rules in force.
pub struct Snapshot {
    data: Arc<OpenData>,
    /// What was made of the rules about words since they were imported: the last version of each.
    pub rules: Vec<RuleVersion>,
    /// How many versions of rules there were.
    rule_versions: i64,
    /// The search over all this.
    pub index: SearchIndex,
}

impl Deref for Snapshot {
    type Target = OpenData;

    fn deref(&self) -> &OpenData {
        &self.data
    }
}

/// The open data in force. Lists stand in the order of the Vietnamese alphabet unless they say
/// otherwise.
pub struct OpenData {
    /// The versions of the open data it was made from.
    pub versions: Vec<Version>,
    /// The procedures.
    pub procedures: Vec<Procedure>,
    /// Which version of each is in force, and how that came.
    pub history: History,
    /// What happens in a life, and which procedures come with it.
    pub life_events: LifeEvents,
    /// What people ask for most, by rank.
    pub most_asked: Vec<ProcedureCode>,
    /// The communes of today.
    pub communes: Vec<Commune>,
    /// Their names, and the former ones.
    pub gazetteer: Gazetteer,
    /// Where they lie.
    pub map: ProvinceMap,
    /// Their outlines as surveyed, GeoJSON.
    pub full_outlines: Arc<Prepared>,
    /// Their outlines for drawing, GeoJSON.
    pub simplified_outlines: Arc<Prepared>,
    /// The agencies as they stood when it was made, by code.
    pub agencies: AgencyTree,
    /// The hotlines citizens see, in the order in which they are shown.
    pub hotlines: Vec<Hotline>,
    /// The facilities.
    pub facilities: Vec<Facility>,
    /// Where they are.
    pub facility_map: FacilityMap,
    /// The public holidays, by date.
    pub holidays: Vec<Holiday>,
    /// The notices, by their start.
    pub notices: Vec<Notice>,
    /// The rules about words, as they were imported.
    pub wording: Wording,
    /// The bodies made from all this.
    pub shelf: Shelf,
    procedure_numbers: HashMap<ProcedureCode, usize>,
    facility_numbers: HashMap<String, usize>,
    facilities_by_commune: HashMap<CommuneCode, Vec<usize>>,
    facets: OnceLock<Facets>,
}

impl Snapshot {
    fn new(records: Records, before: Option<&Self>) -> Result<Self, BuildError> {
        let mut procedures = records.procedures;
        let mut known = HashSet::new();
        for procedure in &mut procedures {
            procedure.keep_once(&mut known);
        }
        sort_by_name(&mut procedures, |procedure| &procedure.name);
        let mut communes = records.communes;
        sort_by_name(&mut communes, |commune| &commune.name);
        let full = feature_collection(&communes, &records.full_outlines);
        let simplified = feature_collection(&communes, &records.simplified_outlines);
        let map = ProvinceMap::new(records.full_outlines);
        let facilities = placed(joined(records.facilities, records.osm_facilities), &map);
        let mut holidays = records.holidays;
        holidays.sort_by_key(|holiday| holiday.date);
        let mut notices = records.notices;
        notices.sort_by_key(|notice| notice.starts_at);
        let agencies = AgencyTree::new(shipped_agencies(&communes), records.changed_agencies);
        let hotlines = shown(&records.hotlines);
        let most_asked: Vec<_> = records.most_asked.into_iter().map(|asked| asked.code).collect();
        let index = SearchIndex::build(&Corpus {
            procedures: &procedures,
            entries: &Found {
                communes: &communes,
                legacy: &records.legacy_communes,
                hotlines: &hotlines,
                facilities: &facilities,
                agencies: agencies.agencies(),
                abbreviations: &records.abbreviations,
            }
            .entries(),
            most_asked: &most_asked,
            wording: &in_force(&records.wording, &records.rules),
        })?;
        let data = OpenData {
            versions: records.versions,
            procedure_numbers: (0..).zip(&procedures).map(|(n, p)| (p.code.clone(), n)).collect(),
            facets: OnceLock::new(),
            procedures,
            history: records.history,
            life_events: life_events(records.life_events),
            most_asked,
            gazetteer: Gazetteer::new(&communes, &records.legacy_communes),
            map,
            full_outlines: body(full, before.map(|before| &before.full_outlines)),
            simplified_outlines: body(simplified, before.map(|before| &before.simplified_outlines)),
            agencies,
            communes,
            hotlines,
            facility_map: FacilityMap::new(&facilities),
            facility_numbers: (0..).zip(&facilities).map(|(n, f)| (f.id.clone(), n)).collect(),
            facilities_by_commune: by_commune(&facilities),
            facilities,
            holidays,
            notices,
            wording: records.wording,
            shelf: Shelf::default(),
        };
        Ok(Self {
            data: Arc::new(data),
            rules: records.rules,
            rule_versions: records.rule_versions,
            index,
        })
    }

    /// The same data, searched by other rules.
    fn reworded(&self, rules: Vec<RuleVersion>, rule_versions: i64) -> Self {
        let index = self.index.reworded(&in_force(&self.wording, &rules));
        Self { data: Arc::clone(&self.data), rules, rule_versions, index }
    }

    /// The rules about words that are in force.
    #[must_use]
    pub fn wording_in_force(&self) -> Wording {
        in_force(&self.wording, &self.rules)
    }
}

impl OpenData {
    /// The procedure with this code.
    #[must_use]
    pub fn procedure(&self, code: &ProcedureCode) -> Option<&Procedure> {
        self.procedures.get(self.procedure_number(code)?)
    }

    /// The place of the procedure with this code in the list of all.
    #[must_use]
    pub fn procedure_number(&self, code: &ProcedureCode) -> Option<usize> {
        self.procedure_numbers.get(code).copied()
    }

    /// The place of the first procedure whose name comes after `name`.
    #[must_use]
    pub fn first_after(&self, name: &str) -> usize {
        self.procedures.partition_point(|each| compare(&each.name, name) != Ordering::Greater)
    }

    /// By what procedures are narrowed.
    pub fn facets(&self) -> &Facets {
        self.facets.get_or_init(|| Facets::new(&self.procedures, &self.life_events))
    }

    /// The facility with this id.
    #[must_use]
    pub fn facility(&self, id: &str) -> Option<&Facility> {
        self.facilities.get(*self.facility_numbers.get(id)?)
    }

    /// The facilities in a commune, in their order.
    pub fn facilities_in(&self, commune: CommuneCode) -> impl Iterator<Item = &Facility> {
        let numbers = self.facilities_by_commune.get(&commune).into_iter().flatten();
        numbers.filter_map(|&number| self.facilities.get(number))
    }

    /// The commune with this code.
    #[must_use]
    pub fn commune(&self, code: CommuneCode) -> Option<&Commune> {
        self.communes.iter().find(|commune| commune.code == code)
    }
}

/// The rules about words, with what was made of them since they were imported.
fn in_force(imported: &Wording, rules: &[RuleVersion]) -> Wording {
    imported.with(rules.iter().map(|version| (version.id, version.rule.clone())))
}

/// Which facilities lie in which commune.
fn by_commune(facilities: &[Facility]) -> HashMap<CommuneCode, Vec<usize>> {
    let mut numbers: HashMap<_, Vec<usize>> = HashMap::new();
    for (number, facility) in facilities.iter().enumerate() {
        if let Some(commune) = facility.commune {
            numbers.entry(commune).or_default().push(number);
        }
    }
    numbers
}

/// The prepared body; the one `before` where it holds the same.
fn body(bytes: Vec<u8>, before: Option<&Arc<Prepared>>) -> Arc<Prepared> {
    let body = Prepared::new(bytes);
    match before {
        Some(before) if before.digest() == body.digest() => Arc::clone(before),
        _ => Arc::new(body),
    }
}

/// The life events in order.
fn life_events(mut events: Vec<LifeEvent>) -> LifeEvents {
    sort_by_name(&mut events, |event| &event.name);
    LifeEvents::new(events)
}

/// The facilities of both lists. Of one that stands in both, OpenStreetMap knows more.
fn joined(listed: Vec<Facility>, osm: Vec<Facility>) -> Vec<Facility> {
    let known: HashSet<&str> = osm.iter().map(|facility| facility.id.as_str()).collect();
    let mut joined = listed;
    joined.retain(|facility| !known.contains(facility.id.as_str()));
    joined.extend(osm);
    joined
}

/// The facilities in order; one with a position but without a commune gets the one it lies in.
fn placed(mut facilities: Vec<Facility>, map: &ProvinceMap) -> Vec<Facility> {
    for facility in &mut facilities {
        let lies_in = || map.locate(facility.position?);
        facility.commune = facility.commune.or_else(lies_in);
    }
    sort_by_name(&mut facilities, |facility| &facility.name);
    facilities
}
