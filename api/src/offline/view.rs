//! The pack as phones read it: short, and without anything that changes by itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    catalogue::{Channel, FeeKind, Procedure},
    directory::{BestKnown, Facility, Hotline, Notice, receivers},
    territory::CommuneCode,
    wall_clock::local,
};
use infra::snapshot::Prepared;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    directory::{Places, online, standing},
    lookup::json,
    territory::{CommuneName, PositionView},
};

/// How many places of the own commune the pack has, and how many procedures.
const FACILITIES: usize = 60;
const PROCEDURES: usize = 50;
/// How many papers of a procedure are named, and how much of each, in characters.
const PAPERS: usize = 12;
const PAPER: usize = 160;
/// How much of what is noted beside a fee.
const NOTE: usize = 80;
/// How many notices the pack has, the first to begin first, and how much of each text.
const NOTICES: usize = 40;
const TEXT: usize = 400;
/// How many days ahead holidays are named.
const AHEAD: Days = Days::new(366);

/// What a phone keeps for when there is no signal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PackView<'p> {
    /// The form of the pack. It grows when an app that knew it before could be misled.
    #[schema(example = 1)]
    format: u8,
    /// The name of the content: another for another content.
    version: String,
    #[serde(flatten)]
    content: ContentView<'p>,
}

/// What is in a pack.
#[derive(Debug, Serialize, ToSchema)]
struct ContentView<'p> {
    /// The own commune.
    commune: Option<CommuneName<'p>>,
    /// The numbers to call, those for emergencies first.
    hotlines: Vec<PackHotline<'p>>,
    /// The offices of the own commune, then its places for the sick.
    facilities: Vec<PackFacility<'p>>,
    /// The public holidays of the year to come.
    holidays: Vec<NaiveDate>,
    /// What people ask for most, in short.
    procedures: Vec<PackProcedure<'p>>,
    /// What concerns the own commune and has not ended; without one, what concerns any.
    notices: Vec<PackNotice<'p>>,
    /// Who has to be named where the places are shown.
    attribution: BTreeSet<&'p str>,
}

/// A telephone number.
#[derive(Debug, Serialize, ToSchema)]
struct PackHotline<'p> {
    /// The number.
    #[schema(example = "113")]
    number: &'p str,
    /// Who answers.
    name: &'p str,
    /// What it is for.
    kind: &'static str,
}

/// A place of the own commune.
#[derive(Debug, Serialize, ToSchema)]
struct PackFacility<'p> {
    /// Its id.
    id: &'p str,
    /// What it is.
    kind: &'static str,
    /// Its name.
    name: &'p str,
    /// Its postal address.
    address: Option<&'p str>,
    /// Where it is.
    position: Option<PositionView>,
    /// Its telephone number, once it is confirmed.
    phone: Option<&'p str>,
    /// When it is open, as OpenStreetMap writes it (`PH`: the holidays of the pack); `null` where
    /// that is not known.
    opening_hours: Option<String>,
}

/// A procedure in short.
#[derive(Debug, Serialize, ToSchema)]
struct PackProcedure<'p> {
    /// Its national code.
    #[schema(example = "1.001193")]
    code: &'p str,
    /// Its name.
    name: &'p str,
    /// What kinds of places take it in, each with its level: `cap_xa one_stop`.
    receivers: Vec<String>,
    /// Whether it can be filed on the public service portal; `null` where that is not known.
    online: Option<bool>,
    /// How long it takes, as published, each once.
    times: BTreeSet<&'p str>,
    /// What it costs, as published, each once: for orientation.
    fees: BTreeSet<String>,
    /// What to bring; long ones are cut, and there may be more at `source_url`.
    bring: Vec<String>,
    /// Where to read the authoritative text.
    source_url: Option<&'p str>,
    /// The day for which the source vouches.
    data_as_of: NaiveDate,
}

/// A notice, its text cut where it is long.
#[derive(Debug, Serialize, ToSchema)]
struct PackNotice<'p> {
    /// Its id.
    id: &'p str,
    /// What it is about.
    kind: &'static str,
    /// One line.
    title: &'p str,
    /// The text.
    text: String,
    /// From when on it holds.
    starts_at: DateTime<Utc>,
    /// Until when it holds: from then on it is not to be shown.
    ends_at: Option<DateTime<Utc>>,
    /// Who announced it.
    source: &'p str,
}

impl<'p> PackView<'p> {
    /// The pack of the people of `commune`.
    pub(super) fn new(places: &'p Places, commune: Option<CommuneCode>) -> Self {
        let content = ContentView::new(places, commune);
        let version = Prepared::new(json(&content)).digest().to_owned();
        Self { format: 1, version, content }
    }
}

impl<'p> ContentView<'p> {
    fn new(places: &'p Places, commune: Option<CommuneCode>) -> Self {
        let (snapshot, at) = (&*places.snapshot, places.at);
        let here = |facility: &&Facility| commune.is_some() && facility.commune == commune;
        let mut facilities: Vec<&Facility> = snapshot.facilities.iter().filter(here).collect();
        facilities.sort_by_key(|facility| !facility.kind.is_office());
        let procedures = snapshot.most_asked.iter().filter_map(|code| snapshot.procedure(code));
        let notices = standing(snapshot, &places.entered).into_iter();
        let notices = notices.filter(|notice| {
            notice.ends_at.is_none_or(|end| at < end)
                && commune.is_none_or(|commune| notice.concerns(commune))
        });
        let today = local(at).date();
        let days = snapshot.holidays.iter().map(|holiday| holiday.date);
        let year = today..today.checked_add_days(AHEAD).unwrap_or(today);
        Self {
            commune: commune.and_then(|code| snapshot.commune(code)).map(CommuneName::from),
            hotlines: snapshot.hotlines.iter().map(PackHotline::from).collect(),
            attribution: facilities.iter().map(|facility| facility.licence.as_str()).collect(),
            facilities: facilities
                .into_iter()
                .take(FACILITIES)
                .map(|facility| places.entered.best_known(facility).into())
                .collect(),
            holidays: days.filter(|day| year.contains(day)).collect(),
            procedures: procedures.take(PROCEDURES).map(PackProcedure::from).collect(),
            notices: notices.take(NOTICES).map(PackNotice::from).collect(),
        }
    }
}

impl<'p> From<&'p Hotline> for PackHotline<'p> {
    fn from(hotline: &'p Hotline) -> Self {
        Self { number: &hotline.number, name: &hotline.name, kind: hotline.kind.as_str() }
    }
}

impl<'p> From<BestKnown<'p>> for PackFacility<'p> {
    fn from(known: BestKnown<'p>) -> Self {
        let facility = known.facility;
        Self {
            id: &facility.id,
            kind: facility.kind.as_str(),
            name: &facility.name,
            address: facility.address.as_deref(),
            position: facility.position.map(PositionView::from),
            phone: known.phone(),
            opening_hours: known.opening_hours().map(ToString::to_string),
        }
    }
}

impl<'p> From<&'p Procedure> for PackProcedure<'p> {
    fn from(procedure: &'p Procedure) -> Self {
        let details = procedure.details.as_ref();
        let channels = details.map_or(&[][..], |details| &details.channels);
        let components = details.map_or(&[][..], |details| &details.components);
        let receivers = procedure.levels.iter().flat_map(|&level| {
            let kinds = receivers(procedure, level).into_iter();
            kinds.map(move |kind| format!("{} {kind}", level.as_str()))
        });
        let papers = components.iter().map(|paper| cut(&paper.name, PAPER));
        Self {
            code: procedure.code.as_str(),
            name: &procedure.name,
            receivers: receivers.collect(),
            online: online(procedure),
            times: channels.iter().filter_map(|way| way.duration.raw.as_deref()).collect(),
            fees: channels.iter().filter_map(fee).collect(),
            bring: papers.take(PAPERS).collect(),
            source_url: procedure.source_url.as_deref(),
            data_as_of: procedure.data_as_of,
        }
    }
}

impl<'p> From<&'p Notice> for PackNotice<'p> {
    fn from(notice: &'p Notice) -> Self {
        Self {
            id: &notice.id,
            kind: notice.kind.as_str(),
            title: &notice.title,
            text: cut(&notice.text, TEXT),
            starts_at: notice.starts_at,
            ends_at: notice.ends_at,
            source: &notice.source,
        }
    }
}

/// What a way of filing costs, with the beginning of what is noted beside it: it may hold elsewhere only.
fn fee(way: &Channel) -> Option<String> {
    let raw = way.fee.raw.as_deref()?;
    let note = way.note.as_deref().filter(|_| way.fee.kind != FeeKind::Free);
    Some(note.map_or_else(|| raw.to_owned(), |note| format!("{raw}; {}", cut(note, NOTE))))
}

/// The first `most` characters of `text`, with a sign where there is more.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
