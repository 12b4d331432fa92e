//! Rotation of the keys that sign access tokens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    Moment,
    event::{Event, EventLog as _, Topic},
};
use uuid::Uuid;

use super::{
    Keyring, KeyringError, MasterKey, Sealer, SigningKeys,
    keyring::{self, Key, KeyPurpose},
};
use crate::{
    columns::Id,
    connection::on,
    database::{Database, Transaction, store_error},
    event::FeedEvent,
    schema::key,
};

/// What the event is called by which replicas hear of a new key.
const ROTATED: &str = "keys.rotated";

/// What becomes of the tokens that earlier keys signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// They stay good until they end. The new key is published now and signs after a while.
    Overlap,
    /// They mean nothing any more, because somebody else may have an earlier key.
    AtOnce,
}

/// A new key of access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Its id, the `kid` of the tokens it signs.
    pub id: Uuid,
    /// From when on it signs.
    pub signs_from: DateTime<Utc>,
}

impl Keyring {
    /// Puts a new key in the place of the one that signs access tokens, removes those that are of
    /// no more use, and tells every replica.
    ///
    /// # Errors
    /// [`KeyringError`] when the keys cannot be opened, or somebody else rotates them just now.
    pub async fn rotate(
        database: &Database,
        master: &MasterKey,
        now: Moment,
        rotation: Rotation,
    ) -> Result<Rotated, KeyringError> {
        let sealer = master.sealer();
        database.write(move |tx| rotate(tx, &sealer, &now, rotation)).await
    }

    /// Whether `event` tells that the keys of access tokens are others now.
    #[must_use]
    pub fn was_rotated(event: &FeedEvent) -> bool {
        event.is_about(Topic::System) && event.kind == ROTATED
    }
}

fn rotate(
    tx: &mut Transaction<'_>,
    master: &Sealer,
    now: &Moment,
    rotation: Rotation,
) -> Result<Rotated, KeyringError> {
    keyring::retire(tx, KeyPurpose::Signing)?;
    keyring::make(tx, KeyPurpose::Signing, master, now)?;
    let keys = keyring::signing_keys(tx, master)?;
    let useless = |pair: &[Key]| {
        let [earlier, later] = pair else { return None };
        let over = later.created_at + SigningKeys::KEPT <= now.at;
        (over || rotation == Rotation::AtOnce).then_some(earlier.id)
    };
    for id in keys.windows(2).filter_map(useless) {
        remove(tx, id)?;
    }
    let id = keyring::active(tx, KeyPurpose::Signing, master, now)?.id;
    tell(tx, now, id)?;
    let signs_from = match rotation {
        Rotation::Overlap => now.at + SigningKeys::LEAD,
        Rotation::AtOnce => now.at,
    };
    Ok(Rotated { id, signs_from })
}

fn remove(tx: &mut Transaction<'_>, id: Uuid) -> Result<(), KeyringError> {
    on!(tx.connection(), |conn| diesel::delete(key::table.find(Id(id))).execute(conn))
        .map(|_| ())
        .map_err(|error| store_error(error).into())
}

fn tell(tx: &mut Transaction<'_>, now: &Moment, id: Uuid) -> Result<(), KeyringError> {
    tx.append(&Event {
        id: now.new_id::<Event>().uuid(),
        topic: Topic::System,
        kind: ROTATED,
        subject: id,
        agency: None,
        at: now.at,
        data: serde_json::json!({}),
    })?;
    Ok(())
}
