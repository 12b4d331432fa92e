//! The records in force, as the store keeps them.

use domain::{
    StoreError,
    catalogue::{History, LifeEvent, Procedure, RuleRepository as _, RuleVersion, Wording, latest},
    directory::{Agency, AgencyRepository as _, Facility, Holiday, Hotline, Notice},
    territory::{Commune, LegacyCommune},
};

use crate::{
    catalogue::{catalogue, reading::MostAsked},
    database::Transaction,
    dataset::{Dataset, Version, active_versions},
    directory::Abbreviation,
    territory::Outline,
};

/// The records of every list, each as of the version in force, and what was made of the agencies.
pub(super) struct Records {
    pub(super) versions: Vec<Version>,
    pub(super) procedures: Vec<Procedure>,
    pub(super) history: History,
    pub(super) life_events: Vec<LifeEvent>,
    pub(super) most_asked: Vec<MostAsked>,
    pub(super) wording: Wording,
    pub(super) rules: Vec<RuleVersion>,
    pub(super) rule_versions: i64,
    pub(super) communes: Vec<Commune>,
    pub(super) legacy_communes: Vec<LegacyCommune>,
    pub(super) full_outlines: Vec<Outline>,
    pub(super) simplified_outlines: Vec<Outline>,
    pub(super) facilities: Vec<Facility>,
    pub(super) osm_facilities: Vec<Facility>,
    pub(super) abbreviations: Vec<Abbreviation>,
    pub(super) hotlines: Vec<Hotline>,
    pub(super) holidays: Vec<Holiday>,
    pub(super) notices: Vec<Notice>,
    pub(super) changed_agencies: Vec<Agency>,
}

impl Records {
    /// Reads them all; a list that was never loaded is empty.
    pub(super) fn read(tx: &mut Transaction<'_>) -> Result<Self, StoreError> {
        let versions = active_versions(tx)?;
        Ok(Self {
            procedures: catalogue(tx, &versions)?.records,
            history: tx.catalogue_history()?,
            life_events: tx.records_of(&versions, Dataset::LifeEvents)?,
            most_asked: tx.records_of(&versions, Dataset::MostAsked)?,
            wording: Wording {
                synonyms: tx.records_of(&versions, Dataset::Synonyms)?,
                best_bets: tx.records_of(&versions, Dataset::BestBets)?,
                out_of_scope: tx.records_of(&versions, Dataset::OutOfScope)?,
            },
            communes: tx.records_of(&versions, Dataset::Communes)?,
            legacy_communes: tx.records_of(&versions, Dataset::LegacyCommunes)?,
            full_outlines: tx.records_of(&versions, Dataset::FullOutlines)?,
            simplified_outlines: tx.records_of(&versions, Dataset::SimplifiedOutlines)?,
            facilities: tx.records_of(&versions, Dataset::Facilities)?,
            osm_facilities: tx.records_of(&versions, Dataset::OsmFacilities)?,
            abbreviations: tx.records_of(&versions, Dataset::NameAbbreviations)?,
            hotlines: tx.records_of(&versions, Dataset::Hotlines)?,
            holidays: tx.records_of(&versions, Dataset::Holidays)?,
            notices: tx.records_of(&versions, Dataset::Notices)?,
            rule_versions: tx.count_rule_versions()?,
            rules: latest(tx.rule_versions()?),
            changed_agencies: tx.changed_agencies()?,
            versions,
        })
    }
}
