//! Notices from calendars that others keep: power companies, waterworks.

use std::collections::HashSet;

use uuid::Uuid;

use super::{AgencyCode, Notice, Posting, PostingId};
use crate::Moment;

/// An entry of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// Its name in the calendar (RFC 5545, section 3.8.4.7), by which it is known again.
    pub uid: String,
    /// What it says; its id stays open.
    pub notice: Notice,
}

/// What changes when the calendar called `name`, of which `known` stands in the store, holds
/// `entries` by now: each notice as it becomes, with the version it is at. What did not change is
/// not among them, nor what is new and has ended; what the calendar holds no more, and has not ended,
/// is withdrawn. Where the entries are not the `whole` calendar nobody knows what it holds no more.
#[must_use]
pub fn calendar_changes(
    now: &Moment,
    name: &str,
    known: &[Posting],
    entries: Vec<CalendarEntry>,
    whole: bool,
) -> Vec<(Posting, i64)> {
    let of_calendar = || known.iter().filter(|posting| posting.calendar.as_deref() == Some(name));
    let told: Vec<Posting> = entries.into_iter().map(|entry| entry.posting(name)).collect();
    let still: HashSet<PostingId> = told.iter().map(|posting| posting.id).collect();
    let changed = told.into_iter().filter_map(|told| {
        let known = of_calendar().find(|posting| posting.id == told.id);
        if known.is_none() && told.notice.ends_at.is_some_and(|end| end <= now.at) {
            return None;
        }
        let from = known.map_or(0, |known| known.version);
        let told = Posting { version: from, ..told };
        (known != Some(&told)).then(|| (Posting { version: from + 1, ..told }, from))
    });
    let gone = of_calendar().filter(|posting| {
        let ended = posting.notice.ends_at.is_some_and(|end| end <= now.at);
        whole && posting.withdrawn_at.is_none() && !ended && !still.contains(&posting.id)
    });
    let gone = gone.map(|posting| {
        let version = posting.version + 1;
        let withdrawn = Posting { withdrawn_at: Some(now.at), version, ..posting.clone() };
        (withdrawn, posting.version)
    });
    changed.chain(gone).collect()
}

impl CalendarEntry {
    fn posting(self, calendar: &str) -> Posting {
        let name = format!("calendar/{calendar}/{}", self.uid);
        let id: PostingId = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).into();
        Posting {
            id,
            agency: AgencyCode::province(),
            calendar: Some(calendar.to_owned()),
            notice: Notice { id: id.to_string(), ..self.notice },
            version: 0,
            withdrawn_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Arc};

    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::{Entropy, directory::NoticeKind};

    struct Still;

    impl Entropy for Still {
        fn uuid(&self, _: DateTime<Utc>) -> Uuid {
            Uuid::nil()
        }

        fn fill(&self, _: &mut [u8]) {}
    }

    fn moment() -> Moment {
        Moment::new(DateTime::UNIX_EPOCH, Arc::new(Still))
    }

    fn entry(uid: u8, hours: i64) -> CalendarEntry {
        let starts_at = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let notice = Notice {
            id: String::new(),
            kind: NoticeKind::Power,
            title: "Cúp điện".to_owned(),
            text: String::new(),
            communes: Vec::new(),
            starts_at,
            ends_at: Some(starts_at + TimeDelta::hours(1)),
            source: "Điện lực".to_owned(),
        };
        CalendarEntry { uid: uid.to_string(), notice }
    }

    /// The store after `changes`, each of which has to find what it saw.
    fn taken(known: Vec<Posting>, changes: Vec<(Posting, i64)>) -> Vec<Posting> {
        let mut by_id: HashMap<_, _> = known.into_iter().map(|one| (one.id, one)).collect();
        for (posting, from) in changes {
            let before = by_id.insert(posting.id, posting);
            assert_eq!(before.map_or(0, |before| before.version), from);
        }
        by_id.into_values().collect()
    }

    fn shown(known: &[Posting]) -> HashSet<(String, DateTime<Utc>)> {
        let shown = known.iter().filter(|posting| posting.withdrawn_at.is_none());
        shown.map(|posting| (posting.notice.id.clone(), posting.notice.starts_at)).collect()
    }

    proptest! {
        /// Whatever a calendar held before, afterwards exactly its entries are shown, and the same
        /// calendar again changes nothing.
        #[test]
        fn what_is_shown_is_what_the_calendar_holds(
            rounds in proptest::collection::vec(
                proptest::collection::hash_map(0_u8..6, 1_i64..9, 0..6), 1..5,
            ),
        ) {
            let (now, mut known) = (moment(), Vec::new());
            for round in rounds {
                let entries: Vec<_> = round.into_iter().map(|(uid, at)| entry(uid, at)).collect();
                let changes = calendar_changes(&now, "evn", &known, entries.clone(), true);
                known = taken(known, changes);
                let held = entries.iter().map(|entry| entry.clone().posting("evn").notice);
                let held: HashSet<_> = held.map(|notice| (notice.id, notice.starts_at)).collect();
                prop_assert_eq!(shown(&known), held);
                prop_assert_eq!(calendar_changes(&now, "evn", &known, entries, true), Vec::new());
                prop_assert_eq!(calendar_changes(&now, "evn", &known, Vec::new(), false), Vec::new());
            }
            prop_assert_eq!(calendar_changes(&now, "other", &known, Vec::new(), true), Vec::new());
        }
    }

    #[test]
    fn what_is_over_is_not_withdrawn() {
        let over = vec![entry(1, -5)];
        let before = Moment::new(DateTime::UNIX_EPOCH - TimeDelta::hours(9), Arc::new(Still));
        let known = taken(Vec::new(), calendar_changes(&before, "evn", &[], over.clone(), true));
        assert_eq!(
            (known.len(), calendar_changes(&moment(), "evn", &known, Vec::new(), true)),
            (1, vec![])
        );
        assert_eq!(calendar_changes(&moment(), "evn", &[], over, true), Vec::new(), "nor taken in");
    }
}
