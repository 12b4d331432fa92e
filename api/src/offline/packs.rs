//! Packs that were made before, so that each is made, compressed and signed once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use chrono::NaiveDate;
use domain::{territory::CommuneCode, wall_clock::local};
use infra::{
    directory::Entered,
    identity::TokenError,
    snapshot::{Prepared, Snapshot},
};

use super::view::PackView;
use crate::{App, directory::Places, lookup::json};

/// What is signed, in the header of the signature.
const KIND: &str = "offline-pack";

/// A pack, ready to be sent.
pub(super) struct Pack {
    pub(super) body: Prepared,
    /// Its detached signature.
    pub(super) signature: String,
    made_from: MadeFrom,
}

/// What a pack was made from. It is made anew when any of it is another.
struct MadeFrom {
    snapshot: Weak<Snapshot>,
    entered: Weak<Entered>,
    today: NaiveDate,
    signer: Option<String>,
}

impl MadeFrom {
    fn new(places: &Places, signer: Option<String>) -> Self {
        Self {
            snapshot: Arc::downgrade(&places.snapshot),
            entered: Arc::downgrade(&places.entered),
            today: local(places.at).date(),
            signer,
        }
    }

    fn is(&self, other: &Self) -> bool {
        self.snapshot.ptr_eq(&other.snapshot)
            && self.entered.ptr_eq(&other.entered)
            && self.today == other.today
            && self.signer == other.signer
    }
}

/// The packs, one for each commune and one for none. Only communes that there are have one, so
/// that no more can be asked for.
#[derive(Default)]
pub(crate) struct Packs(Mutex<HashMap<Option<CommuneCode>, Arc<Pack>>>);

impl Packs {
    /// The pack of the people of `commune`, a commune that there is.
    pub(super) fn pack(
        &self,
        app: &App,
        commune: Option<CommuneCode>,
    ) -> Result<Arc<Pack>, TokenError> {
        let places = Places::now(app);
        let made_from = MadeFrom::new(&places, app.tokens.signer(places.at));
        if let Some(pack) = self.standing(commune).filter(|pack| pack.made_from.is(&made_from)) {
            return Ok(pack);
        }
        let content = json(&PackView::new(&places, commune));
        let signature = app.tokens.sign_detached(KIND, &content, places.at)?;
        let pack = Arc::new(Pack { body: Prepared::new(content), signature, made_from });
        let mut packs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        packs.insert(commune, Arc::clone(&pack));
        Ok(pack)
    }

    fn standing(&self, commune: Option<CommuneCode>) -> Option<Arc<Pack>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&commune).cloned()
    }
}
