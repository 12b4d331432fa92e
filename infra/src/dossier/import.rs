//! Bringing a file of dossiers into the store.

use domain::{
    Moment, StoreError,
    dossier::{News, Report, hear},
};

use crate::{database::Database, identity::Keyring};

/// How many reports one unit of work takes: nobody waits long behind it.
const CHUNK: usize = 50;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many reports are in force now.
    pub taken: usize,
    /// How many were known, or older than what was known.
    pub known: usize,
}

/// Hears `reports`, in chunks. The same file again changes nothing, and what was told later stays
/// in force. `progress` hears how many of how many are done.
///
/// # Errors
/// [`StoreError`] when the store cannot take it; what was heard before stays, and the file can be
/// imported again.
pub async fn import(
    database: &Database,
    keys: std::sync::Arc<Keyring>,
    now: &(dyn Fn() -> Moment + Sync),
    reports: Vec<Report>,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<Imported, StoreError> {
    let total = reports.len();
    let mut imported = Imported::default();
    for chunk in reports.chunks(CHUNK) {
        let (chunk, keys, moment) = (chunk.to_vec(), keys.clone(), now());
        let heard = database.write(move |tx| hear(tx, &*keys, &moment, chunk)).await?;
        let taken = heard.iter().filter(|&&news| news == News::Taken).count();
        imported.taken += taken;
        imported.known += heard.len() - taken;
        progress(imported.taken + imported.known, total);
    }
    Ok(imported)
}
