//! The administrative procedures of the province, and the search over them.

mod answer;
mod code;
mod details;
mod history;
mod life_event;
mod procedure;
pub mod record;
mod rules;
mod side;
mod unanswered;
mod wording;

pub use answer::{
    Advice, Answer, Behaviour, Hit, Kind, Kinds, Suggestion, UnknownBehaviour, UnknownKind,
};
pub use code::{InvalidProcedureCode, ProcedureCode};
pub use details::{
    Channel, ChannelKind, Component, Details, Duration, DurationUnit, Fee, FeeKind, Money, Outcome,
};
pub use history::{
    Change, Edition, History, Place, ProcedureArchive, ProcedureVersion, Standing, UnknownPlace,
};
pub use life_event::{LifeEvent, LifeEvents};
pub use procedure::{Level, Procedure};
pub use rules::{ChangeRuleError, RuleRepository, RuleVersion, latest, put_rule, remove_rule};
pub use side::Side;
pub use unanswered::{Tally, Unanswered, UnansweredLog};
pub use wording::{BestBet, OutOfScope, Synonym, WordRule, WordRuleId, Wording};
