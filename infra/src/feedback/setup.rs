//! What administrators changed of categories and rules, in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    feedback::{CategoryRegister, Edition, Rule, RuleBook, RuleId, Signed},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{feedback_category, feedback_rule},
};

#[derive(Insertable)]
#[diesel(table_name = feedback_category)]
struct EditionRow {
    code: String,
    version: i64,
    body: String,
    changed_at: At,
    changed_by: Id,
}

#[derive(AsChangeset, Insertable)]
#[diesel(table_name = feedback_rule)]
struct RuleRow {
    id: Id,
    version: i64,
    place: i64,
    body: String,
    changed_at: At,
    changed_by: Id,
}

fn unreadable(error: &serde_json::Error) -> StoreError {
    StoreError::Failed(format!("a category or rule in the store cannot be read: {error}"))
}

impl CategoryRegister for Transaction<'_> {
    fn category_editions(&mut self) -> Result<Vec<Edition>, StoreError> {
        use feedback_category::dsl;
        let bodies: Vec<String> = on!(self.connection(), |conn| feedback_category::table
            .order((dsl::changed_at, dsl::code, dsl::version))
            .select(dsl::body)
            .load(conn))
        .map_err(store_error)?;
        let read = |body: String| serde_json::from_str(&body).map_err(|error| unreadable(&error));
        bodies.into_iter().map(read).collect()
    }

    fn add_category_edition(
        &mut self,
        edition: &Edition,
        (by, at): Signed,
    ) -> Result<(), StoreError> {
        let row = EditionRow {
            code: edition.code.clone(),
            version: edition.version.into(),
            body: serde_json::to_string(edition).map_err(|error| unreadable(&error))?,
            changed_at: At(at),
            changed_by: by.into(),
        };
        on!(self.connection(), |conn| diesel::insert_into(feedback_category::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}

impl RuleBook for Transaction<'_> {
    fn routing_rules(&mut self) -> Result<Vec<Rule>, StoreError> {
        use feedback_rule::dsl;
        let rows: Vec<(Id, i64, i64, String)> = on!(self.connection(), |conn| feedback_rule::table
            .select((dsl::id, dsl::version, dsl::place, dsl::body))
            .load(conn))
        .map_err(store_error)?;
        let rule = |(id, version, place, body): (Id, i64, i64, String)| {
            let text = serde_json::from_str(&body).map_err(|error| unreadable(&error))?;
            Ok(Rule { id: id.into(), version, place, text })
        };
        rows.into_iter().map(rule).collect()
    }

    fn put_routing_rule(
        &mut self,
        rule: &Rule,
        from: i64,
        (by, at): Signed,
    ) -> Result<(), StoreError> {
        let row = RuleRow {
            id: rule.id.into(),
            version: rule.version,
            place: rule.place,
            body: serde_json::to_string(&rule.text).map_err(|error| unreadable(&error))?,
            changed_at: At(at),
            changed_by: by.into(),
        };
        let put = if from == 0 {
            on!(self.connection(), |conn| diesel::insert_into(feedback_rule::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn))
        } else {
            on!(self.connection(), |conn| diesel::update(feedback_rule::table.find(row.id))
                .filter(feedback_rule::version.eq(from))
                .set(&row)
                .execute(conn))
        };
        changed(put)
    }

    fn remove_routing_rule(&mut self, id: RuleId, from: i64) -> Result<(), StoreError> {
        let rule = feedback_rule::table
            .filter(feedback_rule::id.eq(Id::from(id)))
            .filter(feedback_rule::version.eq(from));
        changed(on!(self.connection(), |conn| diesel::delete(rule).execute(conn)))
    }
}

/// Whether a row was changed; if none was, somebody else was quicker.
pub(super) fn changed(rows: QueryResult<usize>) -> Result<(), StoreError> {
    match rows.map_err(store_error)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}
