//! What procedures are narrowed by.

use super::{LifeEvents, Procedure};
use crate::text::Recurring;

/// One side by which procedures are narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The field.
    Field,
    /// The level of government.
    Level,
    /// The target group.
    Target,
    /// The issuing agency.
    Agency,
    /// The life event with which it comes.
    LifeEvent,
}

impl Side {
    /// Every side.
    pub const ALL: [Self; 5] =
        [Self::Field, Self::Level, Self::Target, Self::Agency, Self::LifeEvent];

    /// What `procedure` is on this side.
    #[must_use]
    pub fn values<'s>(self, procedure: &'s Procedure, events: &'s LifeEvents) -> Vec<&'s str> {
        match self {
            Self::Field => procedure.field.as_deref().into_iter().collect(),
            Self::Level => procedure.levels.iter().map(|level| level.as_str()).collect(),
            Self::Target => procedure.targets.iter().map(Recurring::as_str).collect(),
            Self::Agency => procedure.issuing_agency.as_deref().into_iter().collect(),
            Self::LifeEvent => events.of(procedure).map(|event| event.code.as_str()).collect(),
        }
    }
}
