//! Who did what, and who opened whose data.
//!
//! An entry is written in the transaction of the deed. Soon afterwards it is sealed: it gets its
//! position and a keyed digest over itself and the entry before it, so that whoever changes, removes
//! or reorders entries in the store cannot make the chain fit again.

mod chain;
mod entry;
mod repository;
mod trail;

pub use chain::{Chain, Flaw, FlawKind, Mark, Verification, seal, verify};
pub use entry::{Actor, ActorKind, AuditEntry, AuditId, Personal, UnknownActorKind};
pub use repository::{Anchor, AuditChain, AuditFilter, AuditLog, AuditTrail, Sealed};
pub use trail::{forget_before, record, record_of, record_opening, record_stranger, trail};
