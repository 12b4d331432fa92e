//! Films and sounds in boxes (ISO 14496-12): taking out whatever stands beside picture and sound.
//!
//! Nothing moves: what goes becomes a box of the kind `free` full of zeros, so that every offset
//! into the film stays right. What may stay is listed; what is not known goes. A track that is
//! neither picture nor sound (places, directions) goes with its samples. Where that cannot be done
//! for certain, the film stays private.

use std::ops::Range;

use mp4_atom::{Atom as _, Co64, Decode as _, Header, Stco, Stsc, Stsz, StszSamples};

/// The name of a box.
type Name = [u8; 4];
/// The most samples of all tracks that go.
const MOST_SAMPLES: usize = 1_000_000;

/// A box, as its head tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// What it is called.
    pub(super) name: Name,
    /// How many bytes the head takes.
    pub(super) length: u64,
    /// How many bytes the box takes with its head; none where it reaches to the end of the file.
    pub(super) whole: Option<u64>,
}

/// The most bytes that a head takes.
pub(super) const HEAD: u64 = 16;

impl Head {
    /// The head of the box that begins with `bytes`.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let header = Header::decode(&mut rest).ok()?;
        let head = u64::try_from(bytes.len() - rest.len()).ok()?;
        let body = header.size.map(u64::try_from).transpose().ok()?;
        let whole = body.map(|body| body.checked_add(head));
        if whole == Some(None) {
            return None;
        }
        Some(Self { name: header.kind.into(), length: head, whole: whole.flatten() })
    }
}

/// What becomes of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays.
    Stays,
    /// What it holds is looked at.
    Opened,
    /// It goes.
    Goes,
    /// Nothing about the file is certain.
    Strange,
}

/// What becomes of a box at the top of a file.
pub(super) fn fate_of(name: Name) -> Fate {
    match &name {
        b"ftyp" | b"mdat" => Fate::Stays,
        b"moov" => Fate::Opened,
        // A film in fragments tells of itself in each of them.
        b"moof" | b"mfra" | b"sidx" | b"styp" | b"ssix" => Fate::Strange,
        _ => Fate::Goes,
    }
}

/// What becomes of `name` inside `parent`.
fn fate_inside(parent: Name, name: Name) -> Fate {
    match (&parent, &name) {
        (b"moov", b"mvhd" | b"iods")
        | (b"trak", b"tkhd" | b"edts" | b"tref")
        | (b"mdia", b"mdhd" | b"hdlr")
        | (b"minf", b"vmhd" | b"smhd" | b"hdlr" | b"dinf" | b"stbl") => Fate::Stays,
        (b"moov", b"trak") | (b"trak", b"mdia") | (b"mdia", b"minf") => Fate::Opened,
        (b"moov", b"mvex") => Fate::Strange,
        _ => Fate::Goes,
    }
}

/// Takes out of `moov`, the body of the box of that name, whatever stands beside picture and sound,
/// and says which ranges of the file have to become zeros. Nothing where that is not certain.
pub(super) fn clean(moov: &mut [u8]) -> Option<Vec<Range<u64>>> {
    let mut gone = Gone::default();
    walk(*b"moov", moov, &mut gone)?;
    Some(gone.ranges)
}

/// What goes with tracks that are neither picture nor sound.
#[derive(Default)]
struct Gone {
    /// Where in the file.
    ranges: Vec<Range<u64>>,
    /// How many samples that are.
    samples: usize,
}

fn walk(parent: Name, bytes: &mut [u8], gone: &mut Gone) -> Option<()> {
    let mut at = 0;
    while at < bytes.len() {
        let Some(head) = Head::read(bytes.get(at..)?) else {
            // QuickTime may end a list with zeros.
            bytes.get_mut(at..)?.fill(0);
            return (bytes.len() - at < 8).then_some(());
        };
        let whole = usize::try_from(head.whole?).ok()?;
        let body = usize::try_from(head.length).ok()?;
        let it = bytes.get_mut(at..at.checked_add(whole)?)?;
        let foreign = head.name == *b"trak" && !plays(it.get(body..)?)?;
        match fate_inside(parent, head.name) {
            Fate::Strange => return None,
            Fate::Goes => free(it, body)?,
            Fate::Opened if foreign => {
                add_samples(it.get(body..)?, gone)?;
                free(it, body)?;
            }
            Fate::Opened => walk(head.name, it.get_mut(body..)?, gone)?,
            Fate::Stays => forget_times(head.name, it.get_mut(body..)?),
        }
        at += whole;
    }
    Some(())
}

/// Makes of a box one that says nothing.
fn free(it: &mut [u8], body: usize) -> Option<()> {
    it.get_mut(4..8)?.copy_from_slice(b"free");
    it.get_mut(body..)?.fill(0);
    Some(())
}

/// Takes out of a header when it was made and changed.
fn forget_times(name: Name, body: &mut [u8]) {
    if matches!(&name, b"mvhd" | b"tkhd" | b"mdhd") {
        let end = if body.first() == Some(&1) { 20 } else { 12 };
        if let Some(times) = body.get_mut(4..end) {
            times.fill(0);
        }
    }
}

/// The body of the box that is reached by these names.
fn find<'b>(mut bytes: &'b [u8], path: &[&Name]) -> Option<&'b [u8]> {
    let Some((name, further)) = path.split_first() else { return Some(bytes) };
    while let Some(head) = Head::read(bytes) {
        let whole = usize::try_from(head.whole?).ok()?;
        if head.name == **name {
            let body = bytes.get(usize::try_from(head.length).ok()?..whole)?;
            return find(body, further);
        }
        bytes = bytes.get(whole.max(1)..)?;
    }
    None
}

/// Whether the track in `body` is picture or sound.
fn plays(body: &[u8]) -> Option<bool> {
    let handler = find(body, &[b"mdia", b"hdlr"])?.get(8..12)?;
    Some(handler == b"vide" || handler == b"soun")
}

/// Adds where in the file the samples of the track in `body` stand. Nothing where there are too many, or
/// the runs of its chunks do not stand in order.
fn add_samples(body: &[u8], gone: &mut Gone) -> Option<()> {
    let table = find(body, &[b"mdia", b"minf", b"stbl"])?;
    let chunks: Vec<u64> = match find(table, &[b"stco"]) {
        Some(mut body) => {
            Stco::decode_body(&mut body).ok()?.entries.into_iter().map(u64::from).collect()
        }
        None => Co64::decode_body(&mut find(table, &[b"co64"])?).ok()?.entries,
    };
    let runs = Stsc::decode_body(&mut find(table, &[b"stsc"])?).ok()?.entries;
    let sizes = Stsz::decode_body(&mut find(table, &[b"stsz"])?).ok()?.samples;
    let size = |sample: usize| match &sizes {
        StszSamples::Identical { size, .. } => Some(u64::from(*size)),
        StszSamples::Different { sizes } => sizes.get(sample).copied().map(u64::from),
    };
    if chunks.len() > MOST_SAMPLES || !runs.is_sorted_by_key(|run| run.first_chunk) {
        return None;
    }
    let (mut sample, mut coming) = (0, runs.iter().peekable());
    let mut run = None;
    for (number, start) in (1_u32..).zip(chunks) {
        while let Some(next) = coming.next_if(|next| next.first_chunk <= number) {
            run = Some(next);
        }
        let mut end = start;
        for _ in 0..run?.samples_per_chunk {
            end = end.checked_add(size(sample)?)?;
            sample += 1;
            gone.samples += 1;
            if gone.samples > MOST_SAMPLES {
                return None;
            }
        }
        gone.ranges.push(start..end);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boxed(name: Name, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
        [&length, name.as_slice(), body].concat()
    }

    fn list(entries: &[u32]) -> Vec<u8> {
        let numbers = entries.iter().flat_map(|entry| entry.to_be_bytes());
        [0; 4].into_iter().chain(numbers).collect()
    }

    /// A track with two chunks of samples, at 100 and at 200.
    fn track(handler: [u8; 4]) -> Vec<u8> {
        let stbl = [
            boxed(*b"stsc", &list(&[2, 1, 2, 1, 2, 1, 1])),
            boxed(*b"stsz", &list(&[0, 3, 5, 6, 7])),
            boxed(*b"stco", &list(&[2, 100, 200])),
        ];
        let minf = boxed(*b"minf", &boxed(*b"stbl", &stbl.concat()));
        let hdlr = boxed(*b"hdlr", &[[0; 8].as_slice(), &handler, &[0; 12]].concat());
        let mdia = boxed(*b"mdia", &[hdlr, minf].concat());
        boxed(*b"trak", &[boxed(*b"tkhd", &[7; 20]), mdia].concat())
    }

    const PLACE: &[u8] = b"\xa9xyz\0\x12\x15\xc7+21.5942+105.8482/";

    #[test]
    fn places_go_and_offsets_stay() {
        let udta = boxed(*b"udta", &boxed(*b"\xa9xyz", PLACE));
        let mut moov = [
            boxed(*b"mvhd", &[9; 24]),
            track(*b"vide"),
            udta.clone(),
            boxed(*b"meta", PLACE),
            boxed(*b"loci", PLACE),
        ]
        .concat();
        let before = moov.len();
        assert_eq!(clean(&mut moov), Some(vec![]));
        assert_eq!(moov.len(), before);
        assert!(!moov.windows(7).any(|window| window == b"21.5942"));
        assert_eq!(
            find(&moov, &[b"mvhd"]).unwrap(),
            [[9; 4].as_slice(), &[0; 8], &[9; 12]].concat()
        );
        assert_eq!(find(&moov, &[b"free"]).unwrap().len(), udta.len() - 8);
        assert!(find(&moov, &[b"trak", b"mdia", b"minf", b"stbl", b"stco"]).is_some());
    }

    #[test]
    fn a_track_of_places_goes_with_its_samples() {
        let mut moov = [track(*b"vide"), track(*b"meta")].concat();
        assert_eq!(clean(&mut moov), Some(vec![100..111, 200..207]));
        assert!(find(&moov, &[b"free"]).unwrap().iter().all(|&byte| byte == 0));
    }

    #[test]
    fn tracks_with_too_much_to_look_at_are_not_cleaned() {
        let trak = |stsc: &[u32], stsz: &[u32], chunks: u32| {
            let starts: Vec<u32> = [chunks].into_iter().chain(0..chunks).collect();
            let stbl = [
                boxed(*b"stsc", &list(stsc)),
                boxed(*b"stsz", &list(stsz)),
                boxed(*b"stco", &list(&starts)),
            ];
            let minf = boxed(*b"minf", &boxed(*b"stbl", &stbl.concat()));
            let hdlr = boxed(*b"hdlr", &[[0; 8].as_slice(), b"meta", &[0; 12]].concat());
            boxed(*b"trak", &boxed(*b"mdia", &[hdlr, minf].concat()))
        };
        let many: Vec<u32> = (0..300_000).flat_map(|_| [u32::MAX, 1, 1]).collect();
        let runs = [&[300_001, 1, 0, 1], many.as_slice()].concat();
        let mut slow = trak(&runs, &[4, 1], 500_000);
        assert_eq!(
            clean(&mut slow).map(|gone| gone.len()),
            Some(500_000),
            "in one walk through both"
        );
        assert_eq!(clean(&mut trak(&[2, 5, 1, 1, 1, 1, 1], &[4, 9], 9)), None, "out of order");
        let crowd: Vec<u8> =
            (0..3).flat_map(|_| trak(&[1, 1, 400_000, 1], &[4, 900_000], 1)).collect();
        assert_eq!(clean(&mut crowd.clone()), None, "all tracks together count");
    }

    #[test]
    fn what_is_not_certain_is_not_cleaned() {
        assert_eq!(clean(&mut boxed(*b"mvex", b"")), None, "fragments");
        assert_eq!(clean(&mut boxed(*b"trak", b"")), None, "a track of nothing");
        assert_eq!(clean(&mut boxed(*b"mvhd", &[0; 9])[..12]), None, "cut off");
        assert_eq!(Head::read(b"\0\0\0\x04moov"), None, "shorter than its head");
    }

    proptest! {
        #[test]
        fn whatever_comes_it_does_not_break(
            mut moov in prop::collection::vec(any::<u8>(), 0..300),
            names in prop::collection::vec(0..5_usize, 8),
        ) {
            // Heads that are nearly right.
            let known = [b"trak", b"mdia", b"hdlr", b"stbl", b"stsz"];
            for (place, name) in names.into_iter().enumerate() {
                let at = place * 24;
                if let Some(head) = moov.get_mut(at..at + 8) {
                    head.copy_from_slice(&[&[0, 0, 0, 24], known[name].as_slice()].concat());
                }
            }
            let before = moov.len();
            let _ = clean(&mut moov);
            prop_assert_eq!(moov.len(), before);
        }
    }
}
