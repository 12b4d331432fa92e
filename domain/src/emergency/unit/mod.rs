//! Units: who can be sent, with what, and where they are.

mod capability;
mod crew;
mod entity;
mod keep;
mod repository;
mod work;

pub use capability::{Capability, UnknownCapability};
pub use crew::Crew;
pub use entity::{CrewMember, Unit, UnitId, UnitStatus, UnknownUnitStatus};
pub use keep::{KeepUnitError, NewUnit, UnitChange, add_unit, change_unit};
pub use repository::UnitRepository;
pub use work::{UnitError, UnitNow, locate_unit, put_on_shift, unit, units};
pub(super) use work::{reached, units_in};
