//! An administrative procedure (thủ tục hành chính).

use std::{collections::HashSet, hash::BuildHasher};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Details, ProcedureCode};
use crate::text::{Recurring, keep_once};

/// An administrative procedure as the national catalogue publishes it: what could be parsed beside
/// the text it was parsed from. What the source leaves open is absent or empty, never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Its key.
    pub code: ProcedureCode,
    /// Its code as published, where that is a local form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_raw: Option<Box<str>>,
    /// Its name, without stray punctuation at the end and not in capitals only. Up to some
    /// thousand characters.
    pub name: String,
    /// Its name as published.
    pub name_raw: String,
    /// The field it belongs to (lĩnh vực).
    pub field: Option<Recurring>,
    /// The ministry that issued it, by its name of today.
    pub issuing_agency: Option<Recurring>,
    /// The ministry as published.
    pub issuing_agency_raw: Option<Recurring>,
    /// Who carries it out, as published; several are separated by semicolons.
    pub executing_agency: Option<Recurring>,
    /// At which levels of government it is carried out.
    pub levels: Vec<Level>,
    /// The levels as published.
    pub levels_raw: Option<Recurring>,
    /// Its type as published (loại thủ tục).
    pub procedure_type: Option<Recurring>,
    /// For whom it is.
    pub targets: Vec<Recurring>,
    /// The target groups as published.
    pub targets_raw: Option<Recurring>,
    /// The decision that published it.
    pub decision_no: Option<Recurring>,
    /// Where to read the authoritative text.
    pub source_url: Option<String>,
    /// The day for which the source vouches at the latest.
    pub data_as_of: NaiveDate,
    /// The parts of the full record, where they are known.
    pub details: Option<Box<Details>>,
}

impl Procedure {
    /// Who carries it out, each once, in the order published.
    #[must_use]
    pub fn executing_agencies(&self) -> Vec<&str> {
        let said = self.executing_agency.as_deref().unwrap_or_default();
        let mut agencies = Vec::new();
        for agency in said.split(';').map(str::trim).filter(|agency| !agency.is_empty()) {
            if !agencies.contains(&agency) {
                agencies.push(agency);
            }
        }
        agencies
    }

    /// Shares with those before it, whose texts are `known`, what it says alike.
    pub fn keep_once(&mut self, known: &mut HashSet<Recurring, impl BuildHasher>) {
        let texts = [
            &mut self.field,
            &mut self.issuing_agency,
            &mut self.issuing_agency_raw,
            &mut self.executing_agency,
            &mut self.levels_raw,
            &mut self.procedure_type,
            &mut self.targets_raw,
            &mut self.decision_no,
        ];
        let texts = texts.into_iter().flatten().chain(&mut self.targets);
        texts.for_each(|text| keep_once(text, known));
    }
}

/// A level of government.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Ministries and their departments (cấp bộ).
    #[serde(rename = "cap_bo")]
    Ministry,
    /// The province (cấp tỉnh).
    #[serde(rename = "cap_tinh")]
    Province,
    /// The commune or ward (cấp xã).
    #[serde(rename = "cap_xa")]
    Commune,
    /// Another body (cơ quan khác).
    #[serde(rename = "khac")]
    Other,
}

impl Level {
    /// All levels, from the ministry down.
    pub const ALL: [Self; 4] = [Self::Ministry, Self::Province, Self::Commune, Self::Other];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ministry => "cap_bo",
            Self::Province => "cap_tinh",
            Self::Commune => "cap_xa",
            Self::Other => "khac",
        }
    }

    /// The name in the national catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ministry => "Cấp bộ",
            Self::Province => "Cấp tỉnh",
            Self::Commune => "Cấp xã",
            Self::Other => "Cơ quan khác",
        }
    }
}
