//! The administrative procedures of the province, and the search over them.

mod answer;
mod code;
mod details;
mod procedure;

pub use answer::{
    Advice, Answer, Behaviour, Hit, Kind, Kinds, Suggestion, UnknownBehaviour, UnknownKind,
};
pub use code::{InvalidProcedureCode, ProcedureCode};
pub use details::{
    Channel, ChannelKind, Component, Details, Duration, DurationUnit, Fee, FeeKind, Money, Outcome,
};
pub use procedure::{Level, Procedure};
