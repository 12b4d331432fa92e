//! What the systems of the province call the states of dossiers.

use std::{collections::HashMap, str::FromStr};

use serde::Deserialize;

use super::Status;

/// Which state of the national list each state of a local system is: data that an operator edits.
/// A source that tells only its own state is understood by it; what it told stands beside, raw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct LocalStates(HashMap<String, Status>);

impl LocalStates {
    /// The states in `lines`, each `LOCAL=NATIONAL`: `THU_LY=4`, `BO_SUNG=supplement_required`.
    ///
    /// # Errors
    /// [`InvalidLocalState`] names the line that cannot be read, or says another state than one
    /// before it.
    pub fn new<'l>(lines: impl IntoIterator<Item = &'l str>) -> Result<Self, InvalidLocalState> {
        let mut states = HashMap::new();
        for line in lines {
            let wrong = || InvalidLocalState(line.to_owned());
            let (local, national) = line.split_once('=').ok_or_else(wrong)?;
            let status = Status::from_str(national.trim()).map_err(|_| wrong())?;
            let local = key(local);
            let before = states.insert(local.clone(), status);
            if local.is_empty() || before.is_some_and(|before| before != status) {
                return Err(wrong());
            }
        }
        Ok(Self(states))
    }

    /// What a state that a local system calls `local` is in the national list, where that is known.
    #[must_use]
    pub fn national(&self, local: &str) -> Option<Status> {
        self.0.get(&key(local)).copied()
    }
}

impl TryFrom<Vec<String>> for LocalStates {
    type Error = InvalidLocalState;

    fn try_from(lines: Vec<String>) -> Result<Self, InvalidLocalState> {
        Self::new(lines.iter().map(String::as_str))
    }
}

/// A name in any case, with whatever between its words.
fn key(local: &str) -> String {
    let words = local.split(|c: char| c.is_whitespace() || c == '_' || c == '-');
    let words: Vec<_> = words.filter(|word| !word.is_empty()).map(str::to_uppercase).collect();
    words.join("_")
}

/// A line says no local state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "dossier_local_states: {0:?} is not LOCAL=NATIONAL, such as THU_LY=4, or says another state than before"
)]
pub struct InvalidLocalState(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_state_is_known_however_it_is_written() {
        let states = LocalStates::new(["THU_LY=4", "Chờ phân công = received"]).unwrap();
        assert_eq!(states.national(" thu ly"), Some(Status::Processing));
        assert_eq!(states.national("CHỜ_PHÂN_CÔNG"), Some(Status::Received));
        assert_eq!(states.national("BO_SUNG"), None);
        assert_eq!(LocalStates::default().national("THU_LY"), None);
    }

    #[test]
    fn a_line_that_says_nothing_or_another_thing_is_named() {
        for lines in [&["THU_LY"][..], &["=4"], &["THU_LY=11"], &["THU_LY=4", "thu_ly=5"]] {
            assert!(LocalStates::new(lines.iter().copied()).is_err(), "{lines:?}");
        }
        assert!(LocalStates::new(["THU_LY=4", "thu_ly=processing"]).is_ok());
    }
}
