//! Making of a film or sound in boxes one that strangers may have.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use domain::{
    StoreError,
    media::{Flaw, Format, MediaId},
};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::{
    boxes::{self, Fate, Head},
    files::{MediaFiles, name},
};

/// The most bytes of the box that tells of everything else.
const MOST_TOLD: u64 = 8 * 1024 * 1024;
/// The most boxes at the top of a file.
const MOST_BOXES: usize = 1000;

/// What becomes of the bytes of a file.
#[derive(Debug, Default)]
struct Plan {
    /// These become zeros: in order, and none overlaps another.
    zeros: Vec<Range<u64>>,
    /// These stand at this place instead.
    written: Vec<(u64, Bytes)>,
}

/// Makes a file of `length` bytes without metadata of the original, where that can be done for
/// certain, and says whether it was. What is no file of boxes at all has none.
///
/// # Errors
/// [`StoreError`] when files cannot be read or kept.
pub(super) async fn clean(
    files: &MediaFiles,
    id: MediaId,
    length: u64,
    format: Format,
) -> Result<Result<bool, Flaw>, StoreError> {
    if !matches!(format, Format::Mp4 | Format::Mov | Format::ThreeGp | Format::M4a) {
        return Ok(Ok(false));
    }
    let Some(heads) = heads(files, id, length).await? else { return Ok(Err(Flaw::Unreadable)) };
    let Some(plan) = plan(files, id, &heads).await? else { return Ok(Ok(false)) };
    let original = files.stream(id, name::ORIGINAL, 0..length).await?;
    let mut at = 0;
    let pieces =
        original.map_err(|error| StoreError::Unavailable(error.to_string())).map(|piece| {
            let changed = plan.apply(at, &piece?);
            at += u64::try_from(changed.len()).unwrap_or(0);
            Ok(changed)
        });
    files.write(id, name::CLEAN, pieces).await?;
    Ok(Ok(true))
}

/// The boxes at the top of a file of `length` bytes, with the places where they begin; none where
/// they do not fill it, or one of those that every film has is missing.
async fn heads(
    files: &MediaFiles,
    id: MediaId,
    length: u64,
) -> Result<Option<Vec<(u64, Head)>>, StoreError> {
    let (mut heads, mut at) = (Vec::new(), 0);
    while at < length {
        let end = length.min(at + boxes::HEAD);
        let bytes = files.range(id, name::ORIGINAL, at..end).await?;
        let Some(mut head) = Head::read(&bytes) else { return Ok(None) };
        let whole = head.whole.unwrap_or(length - at);
        if whole < head.length || whole > length - at || heads.len() == MOST_BOXES {
            return Ok(None);
        }
        head.whole = Some(whole);
        heads.push((at, head));
        at += whole;
    }
    let has = |name: &[u8; 4]| heads.iter().any(|(_, head)| &head.name == name);
    Ok((has(b"moov") || has(b"moof")).then_some(heads))
}

async fn plan(
    files: &MediaFiles,
    id: MediaId,
    heads: &[(u64, Head)],
) -> Result<Option<Plan>, StoreError> {
    let mut plan = Plan::default();
    for &(at, head) in heads {
        let (body, end) = (at + head.length, at + head.whole.unwrap_or(head.length));
        match boxes::fate_of(head.name) {
            Fate::Stays => {}
            Fate::Strange => return Ok(None),
            Fate::Goes => {
                plan.written.push((at + 4, Bytes::from_static(b"free")));
                plan.zeros.push(body..end);
            }
            Fate::Opened if end - body > MOST_TOLD => return Ok(None),
            Fate::Opened => {
                let told = files.range(id, name::ORIGINAL, body..end).await?;
                let mut told = BytesMut::from(told.as_ref());
                let Some(samples) = boxes::clean(&mut told) else { return Ok(None) };
                plan.zeros.extend(samples);
                plan.written.push((body, told.freeze()));
            }
        }
    }
    plan.put_in_order();
    Ok(Some(plan))
}

impl Plan {
    /// Puts the ranges in order, and makes one of those that touch.
    fn put_in_order(&mut self) {
        self.zeros.sort_unstable_by_key(|zeros| zeros.start);
        self.zeros.dedup_by(|next, last| {
            let touches = next.start <= last.end;
            if touches {
                last.end = last.end.max(next.end);
            }
            touches
        });
    }

    /// `piece`, which begins at `at`, as it is to be.
    fn apply(&self, at: u64, piece: &[u8]) -> Bytes {
        let mut changed = BytesMut::from(piece);
        let first = self.zeros.partition_point(|zeros| zeros.end <= at);
        let end = at.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        let here = self.zeros.iter().skip(first).take_while(|zeros| zeros.start < end);
        for zeros in here {
            if let Some((here, _)) = overlap(at, changed.len(), zeros) {
                changed.get_mut(here).unwrap_or_default().fill(0);
            }
        }
        for (place, bytes) in &self.written {
            let end = place.saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
            let Some((here, there)) = overlap(at, changed.len(), &(*place..end)) else { continue };
            let source = bytes.get(there..).unwrap_or_default();
            let target = changed.get_mut(here).unwrap_or_default();
            target.iter_mut().zip(source).for_each(|(target, source)| *target = *source);
        }
        changed.freeze()
    }
}

/// Which part of `length` bytes at `at` lies in `range`, and how far into the range it begins.
fn overlap(at: u64, length: usize, range: &Range<u64>) -> Option<(Range<usize>, usize)> {
    let end = at.saturating_add(u64::try_from(length).ok()?);
    let (from, to) = (range.start.max(at), range.end.min(end));
    if from >= to {
        return None;
    }
    let here = usize::try_from(from - at).ok()?..usize::try_from(to - at).ok()?;
    Some((here, usize::try_from(from - range.start).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plan_does_not_depend_on_the_pieces(
            bytes in prop::collection::vec(1_u8.., 1..200),
            zeros in prop::collection::vec((0_u64..150, 0_u64..80), 0..6),
            place in 0_u64..150,
            piece in 1_usize..50,
        ) {
            let zeros: Vec<_> = zeros.into_iter().map(|(at, length)| at..at + length).collect();
            let mut plan = Plan { zeros: zeros.clone(), written: Vec::new() };
            plan.put_in_order();
            let emptied = plan.apply(0, &bytes);
            for (at, byte) in (0..).zip(&emptied) {
                prop_assert_eq!(*byte == 0, zeros.iter().any(|zeros| zeros.contains(&at)));
            }
            plan.written = vec![(place, Bytes::from_static(b"written"))];
            let whole = plan.apply(0, &bytes);
            let (mut at, mut joined) = (0, Vec::new());
            for piece in bytes.chunks(piece) {
                joined.extend_from_slice(&plan.apply(at, piece));
                at += u64::try_from(piece.len()).unwrap();
            }
            prop_assert_eq!(joined, whole.to_vec());
        }
    }
}
