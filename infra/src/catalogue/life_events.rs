//! Reads what happens in a life, and which procedures come with it.

use domain::catalogue::LifeEvent;

use crate::dataset::{Reading, Row, read_table};

/// Reads life events: columns `life_event`, `name`, `name_en`, `fields` (with `|` between them) and
/// `procedures` (codes with spaces between them).
#[must_use]
pub fn life_events(csv: &[u8]) -> Reading<LifeEvent> {
    let needed = ["life_event", "name", "name_en", "fields", "procedures"];
    read_table(csv, &needed, |event: &LifeEvent| event.code.clone(), life_event)
}

fn life_event(row: &Row<'_>) -> Result<LifeEvent, String> {
    let code = |text: String| text.parse().map_err(|error| format!("procedures: {text}: {error}"));
    Ok(LifeEvent {
        code: row.text("life_event")?,
        name: row.text("name")?,
        name_en: row.text("name_en")?,
        fields: row.list("fields", '|'),
        procedures: row.list("procedures", ' ').into_iter().map(code).collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::NaiveDate;

    use super::*;
    use crate::{catalogue::reading, shipped};

    #[test]
    fn the_shipped_life_events_name_what_there_is() {
        let national = shipped::unpacked(shipped::NATIONAL_PROCEDURES).unwrap();
        let lists = [national.as_slice(), shipped::COMMUNE_PROCEDURES];
        let lists = lists.map(|list| reading::procedures(list, NaiveDate::default()));
        let procedures = reading::joined(lists).records;
        let fields: HashSet<_> =
            procedures.iter().filter_map(|each| each.field.as_deref()).collect();
        let codes: HashSet<_> = procedures.iter().map(|each| &each.code).collect();

        let events = life_events(shipped::LIFE_EVENTS);
        assert_eq!(events.doubts, []);
        assert!(events.records.len() >= 12, "{}", events.records.len());
        for event in &events.records {
            let strange = event.fields.iter().filter(|field| !fields.contains(field.as_str()));
            assert_eq!(strange.count(), 0, "{}", event.code);
            let strange = event.procedures.iter().filter(|code| !codes.contains(code));
            assert_eq!(strange.count(), 0, "{}", event.code);
        }
    }
}
