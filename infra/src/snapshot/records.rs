//! The records in force, as the store keeps them.

use domain::{
    StoreError,
    catalogue::{Details, Procedure, ProcedureCode},
    directory::{Agency, AgencyRepository as _, Facility, Holiday, Hotline, Notice},
    territory::{Commune, LegacyCommune},
};
use serde::de::DeserializeOwned;

use crate::{
    catalogue::{reading::MostAsked, wording::Wording},
    database::Transaction,
    dataset::{Dataset, Version, active_versions},
    territory::Outline,
};

/// The records of every list, each as of the version in force, and what was made of the agencies.
pub(super) struct Records {
    pub(super) versions: Vec<Version>,
    pub(super) national_procedures: Vec<Procedure>,
    pub(super) commune_procedures: Vec<Procedure>,
    pub(super) procedure_details: Vec<(ProcedureCode, Details)>,
    pub(super) most_asked: Vec<MostAsked>,
    pub(super) wording: Wording,
    pub(super) communes: Vec<Commune>,
    pub(super) legacy_communes: Vec<LegacyCommune>,
    pub(super) full_outlines: Vec<Outline>,
    pub(super) simplified_outlines: Vec<Outline>,
    pub(super) facilities: Vec<Facility>,
    pub(super) osm_facilities: Vec<Facility>,
    pub(super) hotlines: Vec<Hotline>,
    pub(super) holidays: Vec<Holiday>,
    pub(super) notices: Vec<Notice>,
    pub(super) changed_agencies: Vec<Agency>,
}

impl Records {
    /// Reads them all; a list that was never loaded is empty.
    pub(super) fn read(tx: &mut Transaction<'_>) -> Result<Self, StoreError> {
        let versions = active_versions(tx)?;
        let mut lists = Lists { tx, versions: &versions };
        Ok(Self {
            national_procedures: lists.list(Dataset::NationalProcedures)?,
            commune_procedures: lists.list(Dataset::CommuneProcedures)?,
            procedure_details: lists.list(Dataset::ProcedureDetails)?,
            most_asked: lists.list(Dataset::MostAsked)?,
            wording: Wording {
                synonyms: lists.list(Dataset::Synonyms)?,
                best_bets: lists.list(Dataset::BestBets)?,
                out_of_scope: lists.list(Dataset::OutOfScope)?,
            },
            communes: lists.list(Dataset::Communes)?,
            legacy_communes: lists.list(Dataset::LegacyCommunes)?,
            full_outlines: lists.list(Dataset::FullOutlines)?,
            simplified_outlines: lists.list(Dataset::SimplifiedOutlines)?,
            facilities: lists.list(Dataset::Facilities)?,
            osm_facilities: lists.list(Dataset::OsmFacilities)?,
            hotlines: lists.list(Dataset::Hotlines)?,
            holidays: lists.list(Dataset::Holidays)?,
            notices: lists.list(Dataset::Notices)?,
            changed_agencies: tx.changed_agencies()?,
            versions,
        })
    }
}

struct Lists<'l, 'c> {
    tx: &'l mut Transaction<'c>,
    versions: &'l [Version],
}

impl Lists<'_, '_> {
    fn list<T: DeserializeOwned>(&mut self, dataset: Dataset) -> Result<Vec<T>, StoreError> {
        match self.versions.iter().find(|version| version.dataset == dataset) {
            Some(version) => self.tx.records(version),
            None => Ok(Vec::new()),
        }
    }
}
