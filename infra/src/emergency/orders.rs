//! The standing orders as the agencies and the open data in force have them.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
};

use domain::{
    emergency::{Roads, StandingOrders, Territory, Waits},
    territory::{Commune, CommuneCode, Position},
};

use crate::{
    directory::KnownAgencies,
    snapshot::{Snapshot, Snapshots},
};

/// Tells the standing orders as they are whenever it is asked: `agencies` as they stand by then, on
/// the land as `snapshots` have it for as long as these are there.
pub fn standing_orders(
    agencies: &Arc<KnownAgencies>,
    snapshots: &Arc<Snapshots>,
    (waits, roads): (Waits, Roads),
) -> impl Fn() -> StandingOrders + Send + Sync + use<> {
    // The snapshots hold the store, which holds this.
    let (agencies, snapshots) = (Arc::clone(agencies), Arc::downgrade(snapshots));
    move || {
        let anywhere = StandingOrders::default();
        let land = Weak::upgrade(&snapshots).map(|snapshots| Land(snapshots.current()));
        let territory = land.map_or(anywhere.territory, |land| Arc::new(land));
        StandingOrders { agencies: agencies.tree(), territory, waits, roads }
    }
}

/// The communes of a snapshot.
struct Land(Arc<Snapshot>);

impl Territory for Land {
    fn communes(&self) -> &[Commune] {
        &self.0.communes
    }

    fn locate(&self, position: Position) -> Option<CommuneCode> {
        well(|| self.0.map.locate(position))
    }

    fn named_in(&self, landmark: &str) -> Option<CommuneCode> {
        well(|| named_in(&self.0, landmark))
    }
}

/// What `look_up` finds. No call depends on its being well.
fn well(look_up: impl FnOnce() -> Option<CommuneCode>) -> Option<CommuneCode> {
    catch_unwind(AssertUnwindSafe(look_up)).unwrap_or_default()
}

/// What stands before the name of a commune in a sentence.
const TYPES: [&str; 3] = ["phường ", "xã ", "thị trấn "];

/// The one commune that is meant by a part of `landmark`, the last one first: `Xóm 5, xã Phú Xuyên`,
/// `sau chợ xã Phú Xuyên`. What may mean several, or none, says nothing.
fn named_in(snapshot: &Snapshot, landmark: &str) -> Option<CommuneCode> {
    let meant = |name: &str| match snapshot.gazetteer.resolve(name).as_slice() {
        [one] => Some(one.code),
        _ => None,
    };
    landmark.to_lowercase().rsplit([',', ';', '\n']).find_map(|part| {
        let typed = TYPES.iter().filter_map(|word| part.get(part.rfind(word)?..));
        typed.chain([part]).find_map(|name| meant(name.trim()))
    })
}
