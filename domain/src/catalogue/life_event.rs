//! What happens in a life, and which procedures come with it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Procedure, ProcedureCode};

/// Something that happens in the life of a person or a business: a birth, a new house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeEvent {
    /// Its key, such as `birth`.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What it is called in English.
    pub name_en: String,
    /// The fields all of whose procedures come with it.
    pub fields: Vec<String>,
    /// The procedures of other fields that come with it.
    pub procedures: Vec<ProcedureCode>,
}

/// All life events, findable by procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifeEvents {
    all: Vec<LifeEvent>,
    by_field: HashMap<String, Vec<usize>>,
    by_code: HashMap<ProcedureCode, Vec<usize>>,
}

impl LifeEvents {
    /// The life events in `all`, in their order.
    #[must_use]
    pub fn new(all: Vec<LifeEvent>) -> Self {
        let mut by_field: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_code: HashMap<ProcedureCode, Vec<usize>> = HashMap::new();
        for (number, event) in all.iter().enumerate() {
            for field in &event.fields {
                by_field.entry(field.clone()).or_default().push(number);
            }
            for code in &event.procedures {
                by_code.entry(code.clone()).or_default().push(number);
            }
        }
        Self { all, by_field, by_code }
    }

    /// All of them, in their order.
    #[must_use]
    pub fn all(&self) -> &[LifeEvent] {
        &self.all
    }

    /// Those with which `procedure` comes, in their order.
    pub fn of(&self, procedure: &Procedure) -> impl Iterator<Item = &LifeEvent> {
        let by_field = procedure.field.as_deref().and_then(|field| self.by_field.get(field));
        let numbers = by_field.into_iter().chain(self.by_code.get(&procedure.code)).flatten();
        let mut numbers: Vec<usize> = numbers.copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.all.get(number))
    }
}
