//! The app's own line: a whole call in one text message. `docs/SMS.md` describes it for who writes
//! apps, with test vectors.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::{Texted, base32};
use crate::{
    emergency::{EmergencyId, Kind, Quality, Reading, Report},
    territory::Position,
};

/// What every line begins with: the app, and the version of the line.
pub(super) const MARK: &str = "CTN1";
/// The characters of a line, which are those of Code 39: every phone network carries them, and
/// there are 43, a prime, so that one weighted sum finds every wrong one.
const ALPHABET: &[u8; 43] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
/// The check character of value 38, which would be a space, and lost at the end of a message.
const NO_SPACE: char = '*';

/// A call as one line of at most 140 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Line {
    /// The id of the call.
    pub id: Option<EmergencyId>,
    /// The secret of the call, by which its caller is known.
    pub secret: Option<[u8; 16]>,
    /// The kind of help.
    pub kind: Option<Kind>,
    /// No sound may give the caller away.
    pub silent: bool,
    /// An exercise.
    pub drill: bool,
    /// The phone is about to die.
    pub last_gasp: bool,
    /// Where the phone is, to five digits after the point.
    pub position: Option<Position>,
    /// How good that is, in metres.
    pub accuracy_m: Option<u32>,
    /// How old the position is, in seconds.
    pub age_s: Option<u32>,
    /// The battery in percent.
    pub battery_pct: Option<u8>,
    /// How many people need help.
    pub people: Option<u32>,
}

/// The text is no line of the app: its mark, a character or the check is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a line of the app: the mark, a character or the check is wrong")]
pub struct InvalidLine;

impl Line {
    /// What the line says, with the words `rest` that somebody added below it.
    pub(super) fn said(self, rest: &str) -> Texted {
        let note = Some(crate::text::paragraphs(rest)).filter(|note| !note.is_empty());
        let report = Report {
            kind: self.kind,
            note,
            people: self.people,
            silent: self.silent.then_some(true),
            drill: self.drill.then_some(true),
            ..Report::default()
        };
        let reading = self.position.map(|position| Reading {
            position,
            quality: Quality {
                accuracy_m: self.accuracy_m.map(f64::from),
                battery_pct: self.battery_pct.map(f64::from),
                last_gasp: self.last_gasp.then_some(true),
                ..Quality::default()
            },
            fixed_at: None,
            age_ms: self.age_s.map(|age| u64::from(age) * 1_000),
        });
        Texted { id: self.id, secret: self.secret, report, reading }
    }

    /// Takes in the field that `word` is. One that is not known is of a later version.
    fn take(&mut self, word: &str) -> Result<(), InvalidLine> {
        let Some((name, value)) = word.split_at_checked(1) else { return Ok(()) };
        match name {
            "I" => self.id = Some(Uuid::from_u128(bits(value)?).into()),
            "S" => self.secret = Some(bits(value)?.to_be_bytes()),
            "K" => self.kind = kind(value),
            "F" => {
                self.silent = value.contains('S');
                self.drill = value.contains('D');
                self.last_gasp = value.contains('L');
            }
            "P" => (self.position, self.accuracy_m) = place(value)?,
            "A" => self.age_s = Some(value.parse().map_err(|_| InvalidLine)?),
            "B" => {
                let percent: u8 = value.parse().map_err(|_| InvalidLine)?;
                self.battery_pct = Some(percent).filter(|&percent| percent <= 100);
            }
            "N" => self.people = Some(value.parse().map_err(|_| InvalidLine)?),
            _ => {}
        }
        Ok(())
    }

    /// The fields, without mark and check.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        words.extend(self.id.map(|id| format!("I{}", base32::write(id.uuid().as_u128()))));
        words.extend(
            self.secret.map(|secret| format!("S{}", base32::write(u128::from_be_bytes(secret)))),
        );
        words.extend(self.kind.map(|kind| format!("K{}", letter(kind))));
        let flags = [(self.silent, 'S'), (self.drill, 'D'), (self.last_gasp, 'L')];
        let flags: String = flags.iter().filter(|(on, _)| *on).map(|(_, flag)| flag).collect();
        words.extend(Some(format!("F{flags}")).filter(|_| !flags.is_empty()));
        words.extend(self.position.map(|at| {
            let accuracy = self.accuracy_m.map(|metres| format!("/{metres}")).unwrap_or_default();
            format!("P{:.5}/{:.5}{accuracy}", at.lat(), at.lon())
        }));
        words.extend(self.age_s.map(|age| format!("A{age}")));
        words.extend(self.battery_pct.map(|percent| format!("B{percent}")));
        words.extend(self.people.map(|people| format!("N{people}")));
        words
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [vec![MARK.to_owned()], self.words()].concat().join(" ");
        let check = check(&words).unwrap_or(NO_SPACE);
        write!(formatter, "{words} {check}")
    }
}

impl FromStr for Line {
    type Err = InvalidLine;

    fn from_str(text: &str) -> Result<Self, InvalidLine> {
        let text = text.trim().to_uppercase();
        let (words, last) = text.rsplit_once(' ').ok_or(InvalidLine)?;
        let whole = check(words).is_some_and(|check| last == check.to_string());
        let fields = words.strip_prefix(MARK).filter(|_| whole).ok_or(InvalidLine)?;
        let mut line = Self::default();
        fields.split(' ').try_for_each(|word| line.take(word))?;
        Ok(line)
    }
}

/// The check character of `words`: the sum of value times weight modulo 43, where the weights are
/// 1 to 42, again and again. None where a character is no character of a line.
fn check(words: &str) -> Option<char> {
    let weights = (1..=42_usize).cycle();
    let sum = words.bytes().zip(weights).try_fold(0, |sum, (byte, weight)| {
        let value = ALPHABET.iter().position(|&known| known == byte)?;
        Some((sum + value * weight) % ALPHABET.len())
    })?;
    ALPHABET.get(sum).map(|&byte| if byte == b' ' { NO_SPACE } else { char::from(byte) })
}

fn bits(text: &str) -> Result<u128, InvalidLine> {
    base32::read(text).ok_or(InvalidLine)
}

/// The letter of a kind.
const fn letter(kind: Kind) -> char {
    match kind {
        Kind::Police => 'P',
        Kind::Fire => 'F',
        Kind::Medical => 'M',
        Kind::Rescue => 'R',
        Kind::Child => 'C',
        Kind::Other => 'O',
    }
}

/// The kind of a letter; of a later version's none.
fn kind(text: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| text == letter(*kind).to_string())
}

/// `lat/lon` or `lat/lon/accuracy`.
fn place(text: &str) -> Result<(Option<Position>, Option<u32>), InvalidLine> {
    let mut parts = text.split('/');
    let mut degrees = || parts.next()?.parse::<f64>().ok();
    let (lat, lon) = degrees().zip(degrees()).ok_or(InvalidLine)?;
    let position = Position::new(lat, lon).map_err(|_| InvalidLine)?;
    let accuracy = parts.next().map(str::parse).transpose().map_err(|_| InvalidLine)?;
    Ok((Some(position), accuracy))
}

#[cfg(test)]
mod tests {
    use proptest::{option, prelude::*};

    use super::*;

    prop_compose! {
        fn lines()(
            id in any::<Option<u128>>(),
            secret in any::<Option<[u8; 16]>>(),
            kind in option::of(prop::sample::select(Kind::ALL.to_vec())),
            flags in any::<[bool; 3]>(),
            place in option::of((-9_000_000_i32..=9_000_000, -18_000_000_i32..=18_000_000)),
            accuracy_m in option::of(0_u32..10_000_000),
            age_s in option::of(0_u32..10_000_000),
            battery_pct in option::of(0_u8..=100),
            people in option::of(0_u32..=1_000_000),
        ) -> Line {
            let degrees = |hundred_thousandths: i32| f64::from(hundred_thousandths) / 1e5;
            Line {
                id: id.map(|id| Uuid::from_u128(id).into()),
                secret,
                kind,
                silent: flags[0],
                drill: flags[1],
                last_gasp: flags[2],
                position: place
                    .map(|(lat, lon)| Position::new(degrees(lat), degrees(lon)).unwrap()),
                accuracy_m: accuracy_m.filter(|_| place.is_some()),
                age_s,
                battery_pct,
                people,
            }
        }
    }

    proptest! {
        #[test]
        fn is_read_back_as_it_was_written_and_fits_into_one_message(line in lines()) {
            let text = line.to_string();
            prop_assert!(text.len() <= 140, "{}: {}", text.len(), text);
            prop_assert_eq!(text.parse(), Ok(line));
            prop_assert_eq!(text.to_lowercase().parse(), Ok(line));
        }

        #[test]
        fn one_wrong_character_is_found(
            line in lines(), place: prop::sample::Index, other in 0_usize..43,
        ) {
            let text = line.to_string();
            let mut bytes = text.clone().into_bytes();
            let place = place.index(bytes.len());
            bytes[place] = ALPHABET[other];
            let changed = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(changed.parse::<Line>().is_ok(), changed == text, "{}", changed);
        }

        #[test]
        fn two_neighbours_that_changed_places_are_found(
            line in lines(), place: prop::sample::Index,
        ) {
            let text = line.to_string();
            let mut bytes = text.clone().into_bytes();
            let place = place.index(bytes.len() - 3);
            bytes.swap(place, place + 1);
            let changed = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(changed.parse::<Line>().is_ok(), changed == text, "{}", changed);
        }
    }

    #[test]
    fn the_documented_lines_are_read_and_written_so() {
        let document = include_str!("../../../../docs/SMS.md");
        let lines: Vec<_> = document.lines().filter(|line| line.starts_with("CTN1 ")).collect();
        assert!(lines.len() >= 4);
        for line in lines {
            assert_eq!(line.parse::<Line>().map(|read| read.to_string()).as_deref(), Ok(line));
        }
    }

    #[test]
    fn a_field_of_a_later_version_harms_nothing() {
        let words = "CTN1 KF Z9";
        let line: Line = format!("{words} {}", check(words).unwrap()).parse().unwrap();
        assert_eq!(line, Line { kind: Some(Kind::Fire), ..Line::default() });
    }
}
