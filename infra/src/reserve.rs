//! A file that holds room on the disk, to be given back when the disk is full.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// How much is written at once, in bytes.
const BLOCK: usize = 1 << 20;

/// Room on the disk of one folder, held by a file of zeros. It is given back when the disk is full,
/// so that calls for help can still be written down, and held anew once there is twice as much.
pub struct Reserve {
    file: PathBuf,
    blocks: usize,
}

impl Reserve {
    /// A reserve of `mebibytes` in `folder`; none where that is zero.
    #[must_use]
    pub fn new(folder: &Path, mebibytes: u16) -> Self {
        Self { file: folder.join("reserve"), blocks: mebibytes.into() }
    }

    /// Gives the room back. Says whether there was any.
    pub fn release(&self) -> bool {
        let released = fs::remove_file(&self.file).is_ok();
        if released {
            tracing::error!("THE DISK IS FULL: the reserve was released; make room");
            metrics::counter!("disk_reserve_released_total").increment(1);
        }
        released
    }

    /// Holds the room again, unless it is held already. What it takes, and as much again, has to be
    /// free: nobody else shall miss it.
    ///
    /// # Errors
    /// When there is no such room; then nothing is held.
    pub fn hold(&self) -> io::Result<()> {
        if self.blocks == 0 || self.file.exists() {
            return Ok(());
        }
        let trial = self.file.with_extension("trial");
        let held = self.fill(&trial).and_then(|()| fs::rename(&trial, &self.file));
        if held.is_err() {
            fs::remove_file(&trial).ok();
        }
        held
    }

    fn fill(&self, trial: &Path) -> io::Result<()> {
        let mut file = File::create(trial)?;
        let block = vec![0; BLOCK];
        for _ in 0..self.blocks * 2 {
            file.write_all(&block)?;
        }
        file.set_len(u64::try_from(BLOCK * self.blocks).unwrap_or_default())?;
        file.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_held_once_given_back_once_and_held_again() {
        let folder = std::env::temp_dir().join(format!("reserve-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let reserve = Reserve::new(&folder, 2);
        reserve.hold().unwrap();
        reserve.hold().unwrap();
        assert_eq!(fs::metadata(folder.join("reserve")).unwrap().len(), 2 << 20);
        assert!(reserve.release());
        assert!(!reserve.release());
        reserve.hold().unwrap();
        assert!(reserve.release());
        fs::remove_dir(&folder).unwrap();
    }
}
