//! Hearing what the sources tell, and telling it to those who follow.

use std::collections::BTreeMap;

use super::{
    Dossier, DossierCode, DossierRepository, News, Proofs, Report, State, message::message,
};
use crate::{
    Moment, StoreError,
    event::EventLog,
    notification::{Inbox, tell},
    secret::Hasher,
};

/// Takes in `reports`, in whatever order they came and however often, and answers what each was.
/// Who follows a dossier is told once when its status, the day it is due on or the papers that are
/// missing are others afterwards, and of nothing else.
///
/// # Errors
/// [`StoreError`] when the store cannot take them; none is taken then.
pub fn hear(
    tx: &mut (impl DossierRepository + Inbox + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    reports: Vec<Report>,
) -> Result<Vec<News>, StoreError> {
    // Each dossier once, and in one order everywhere: two units of work never wait for each other.
    let mut by_code: BTreeMap<DossierCode, Vec<(usize, Told)>> = BTreeMap::new();
    for (number, report) in reports.into_iter().enumerate() {
        let proofs = Proofs::of(hasher, &report.code, &report.applicant);
        by_code.entry(report.code).or_default().push((number, (report.state, proofs)));
    }
    let mut heard = Vec::new();
    for (code, told) in by_code {
        heard.extend(hear_of(tx, now, &code, told)?);
    }
    heard.sort_unstable_by_key(|&(number, _)| number);
    Ok(heard.into_iter().map(|(_, news)| news).collect())
}

/// What a source told of one dossier.
type Told = (State, Proofs);

/// Takes in what was `told` of one dossier.
fn hear_of(
    tx: &mut (impl DossierRepository + Inbox + EventLog),
    now: &Moment,
    code: &DossierCode,
    told: Vec<(usize, Told)>,
) -> Result<Vec<(usize, News)>, StoreError> {
    let mut told = told.into_iter();
    let Some((first, report)) = told.next() else { return Ok(Vec::new()) };
    let (mut dossier, news) = begin(tx, now, code, report)?;
    let before = news.before;
    let mut heard = vec![(first, news.of_first)];
    for (number, report) in told {
        heard.push((number, dossier.hear(report, now.at)));
    }
    tx.keep_dossier(&dossier)?;
    if let Some(message) = before.and_then(|before| message(&before, &dossier)) {
        tell_followers(tx, now, &dossier, &message)?;
    }
    Ok(heard)
}

/// What the first report was to its dossier.
struct First {
    of_first: News,
    /// How the dossier stood before; absent for a new one, which nobody follows.
    before: Option<State>,
}

/// The dossier `code`, held, once the first report of it was heard.
fn begin(
    tx: &mut impl DossierRepository,
    now: &Moment,
    code: &DossierCode,
    report: Told,
) -> Result<(Dossier, First), StoreError> {
    let mut known = tx.hold_dossier(code)?;
    if known.is_none() {
        let new = Dossier::new(now.new_id(), code.clone(), report.clone(), now.at);
        if tx.add_dossier(&new)? {
            return Ok((new, First { of_first: News::Taken, before: None }));
        }
        known = tx.hold_dossier(code)?;
    }
    let mut dossier = known.ok_or(StoreError::Stale)?;
    let before = Some(dossier.state.clone());
    let of_first = dossier.hear(report, now.at);
    Ok((dossier, First { of_first, before }))
}

fn tell_followers(
    tx: &mut (impl DossierRepository + Inbox + EventLog),
    now: &Moment,
    dossier: &Dossier,
    message: &str,
) -> Result<(), StoreError> {
    for follower in tx.followers_of_dossier(dossier.id)? {
        let told = ("dossier.status_changed", message.to_owned());
        tell(tx, now, follower.uuid(), told, dossier.id.uuid())?;
    }
    Ok(())
}
