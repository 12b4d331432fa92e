//! Sealing entries into a chain, and checking that it still fits.

use chrono::NaiveDate;

use super::{Anchor, AuditChain, AuditEntry, Sealed};
use crate::{
    Moment, StoreError,
    secret::{Digest, Hasher, Purpose},
};

/// How many entries are checked at once.
const CHUNK: usize = 1_000;

/// An end of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The position of the entry there.
    pub position: i64,
    /// Its link.
    pub link: Digest,
    /// The keyed digest of both: who cuts off the end of the chain cannot make a new one.
    pub seal: Digest,
}

impl Mark {
    fn new(hasher: &impl Hasher, place: Place, position: i64, link: Digest) -> Self {
        Self { position, link, seal: place.seal(hasher, position, link) }
    }

    fn is_genuine(&self, hasher: &impl Hasher, place: Place) -> bool {
        self.seal == place.seal(hasher, self.position, self.link)
    }
}

/// Which end of the chain a mark stands at.
#[derive(Clone, Copy)]
enum Place {
    Start,
    Head,
}

impl Place {
    fn seal(self, hasher: &impl Hasher, position: i64, link: Digest) -> Digest {
        let place: &[u8] = match self {
            Self::Start => b"start",
            Self::Head => b"head",
        };
        hasher.digest(Purpose::AuditMark, &[place, &position.to_be_bytes(), &link.0])
    }
}

/// Where the chain begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The last entry that is kept no more; position 0 before the first one.
    pub start: Mark,
    /// The last entry.
    pub head: Mark,
    /// The day for which the last anchor was made, UTC.
    pub anchored: Option<NaiveDate>,
}

impl Chain {
    fn empty(hasher: &impl Hasher) -> Self {
        let mark = |place| Mark::new(hasher, place, 0, Digest([0; 32]));
        Self { start: mark(Place::Start), head: mark(Place::Head), anchored: None }
    }
}

/// Seals what was committed, at most `limit` entries, and says how many there were. The first time
/// on a day it also anchors where the chain stood. May run on several machines at once: one wins,
/// the others find nothing to do.
///
/// # Errors
/// [`StoreError::Stale`] when another machine was faster.
pub fn seal(
    tx: &mut impl AuditChain,
    hasher: &impl Hasher,
    now: &Moment,
    limit: usize,
) -> Result<(usize, Option<Anchor>), StoreError> {
    let before = tx.chain()?;
    // Of the days before the first entry there is nothing to anchor.
    let anchored = yesterday(now);
    let mut chain = before.unwrap_or_else(|| Chain { anchored, ..Chain::empty(hasher) });
    let anchor = anchor_due(&chain, now);
    let entries = tx.unsealed(limit)?;
    if entries.is_empty() && anchor.is_none() {
        return Ok((0, None));
    }
    if let Some(anchor) = &anchor {
        tx.add_anchor(anchor)?;
        chain.anchored = Some(anchor.day);
    }
    let sealed = entries.len();
    for entry in entries {
        let next = linked(hasher, &chain.head, entry);
        tx.place(&next)?;
        chain.head = Mark::new(hasher, Place::Head, next.position, next.link);
    }
    tx.put_chain(&chain, before.as_ref())?;
    Ok((sealed, anchor))
}

/// The anchor for the days before today, if there is none yet.
fn anchor_due(chain: &Chain, now: &Moment) -> Option<Anchor> {
    let day = yesterday(now)?;
    let due = chain.head.position > 0 && chain.anchored.is_none_or(|anchored| anchored < day);
    due.then_some(Anchor { day, position: chain.head.position, link: chain.head.link })
}

fn yesterday(now: &Moment) -> Option<NaiveDate> {
    now.at.date_naive().pred_opt()
}

/// `entry`, as it follows after `before`.
fn linked(hasher: &impl Hasher, before: &Mark, entry: AuditEntry) -> Sealed {
    let personal = entry.personal.as_ref().map(|personal| personal.digest(hasher));
    let personal = personal.unwrap_or(Digest([0; 32]));
    let position = before.position + 1;
    let link = link(hasher, before.link, position, personal, &entry);
    Sealed { position, link, personal, entry }
}

fn link(
    hasher: &impl Hasher,
    before: Digest,
    position: i64,
    personal: Digest,
    entry: &AuditEntry,
) -> Digest {
    let (actor, id) = (&entry.actor, entry.id.uuid());
    let parts: [&[u8]; 11] = [
        &before.0,
        &position.to_be_bytes(),
        id.as_bytes(),
        &entry.at.timestamp_micros().to_be_bytes(),
        actor.kind.as_str().as_bytes(),
        actor.id.as_ref().map_or(&[], |id| id.as_bytes()),
        actor.role.map_or("", |role| role.as_str()).as_bytes(),
        actor.agency.as_ref().map_or("", |agency| agency.as_str()).as_bytes(),
        entry.action.as_bytes(),
        entry.subject.as_bytes(),
        &personal.0,
    ];
    hasher.digest(Purpose::AuditLink, &parts)
}

/// Something that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// At which position.
    pub position: i64,
    /// What.
    pub kind: FlawKind,
}

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The entries from here on, up to the next that is there, are missing.
    Missing,
    /// The entry was changed, or stands in another's place.
    Changed,
    /// What is personal in the entry was changed.
    PersonalChanged,
    /// The start of the chain was moved by somebody without the key.
    StartMoved,
    /// The end of the chain was moved by somebody without the key, or entries after it are missing.
    EndMoved,
    /// The chain has no such link as was anchored here.
    AnchorBroken,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many sealed entries were checked.
    pub sealed: usize,
    /// How many entries are not sealed yet.
    pub unsealed: usize,
    /// What does not fit, in the order of the chain.
    pub flaws: Vec<Flaw>,
}

/// Checks the whole chain. To be read from one snapshot.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn verify(tx: &mut impl AuditChain, hasher: &impl Hasher) -> Result<Verification, StoreError> {
    let (unsealed, _) = tx.waiting()?;
    let chain = tx.chain()?.unwrap_or_else(|| Chain::empty(hasher));
    let mut found = Verification { unsealed, ..Verification::default() };
    if !chain.start.is_genuine(hasher, Place::Start) {
        found.flaws.push(Flaw { position: chain.start.position, kind: FlawKind::StartMoved });
    }
    let mut anchors = tx.anchors()?;
    anchors.retain(|anchor| anchor.position > chain.start.position);
    let (mut position, mut before) = (chain.start.position, chain.start.link);
    loop {
        let sealed = tx.sealed_after(position, CHUNK)?;
        for entry in &sealed {
            found.check(hasher, entry, position, before, &anchors);
            (position, before) = (entry.position, entry.link);
        }
        if sealed.len() < CHUNK {
            break;
        }
    }
    let head = chain.head;
    let ends_there = head.position == position && head.link == before;
    if !ends_there || !head.is_genuine(hasher, Place::Head) {
        found.flaws.push(Flaw { position: head.position, kind: FlawKind::EndMoved });
    }
    Ok(found)
}

impl Verification {
    /// Checks one entry, which follows after the one at `position` with the link `before`.
    fn check(
        &mut self,
        hasher: &impl Hasher,
        sealed: &Sealed,
        position: i64,
        before: Digest,
        anchors: &[Anchor],
    ) {
        self.sealed += 1;
        let mut flaw = |position, kind| self.flaws.push(Flaw { position, kind });
        if sealed.position != position + 1 {
            flaw(position + 1, FlawKind::Missing);
        } else if sealed.link
            != link(hasher, before, sealed.position, sealed.personal, &sealed.entry)
        {
            flaw(sealed.position, FlawKind::Changed);
        }
        let personal = sealed.entry.personal.as_ref();
        if personal.is_some_and(|personal| personal.digest(hasher) != sealed.personal) {
            flaw(sealed.position, FlawKind::PersonalChanged);
        }
        let here = anchors.iter().filter(|anchor| anchor.position == sealed.position);
        if here.into_iter().any(|anchor| anchor.link != sealed.link) {
            flaw(sealed.position, FlawKind::AnchorBroken);
        }
    }
}

/// Where the chain starts once everything up to `sealed` is forgotten.
pub(super) fn starting_after(hasher: &impl Hasher, chain: &Chain, sealed: &Sealed) -> Chain {
    Chain { start: Mark::new(hasher, Place::Start, sealed.position, sealed.link), ..*chain }
}
