//! The versions of the rules about words, in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    catalogue::{RuleRepository, RuleVersion, WordRuleId},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::search_rule::{self, dsl},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = search_rule, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    version: i64,
    rule: Option<String>,
    changed_by: Id,
    changed_at: At,
}

impl TryFrom<&RuleVersion> for Row {
    type Error = StoreError;

    fn try_from(version: &RuleVersion) -> Result<Self, StoreError> {
        let rule = version.rule.as_ref().map(serde_json::to_string).transpose();
        Ok(Self {
            id: version.id.into(),
            version: version.version,
            rule: rule.map_err(|error| StoreError::Failed(error.to_string()))?,
            changed_by: version.by.into(),
            changed_at: At(version.at),
        })
    }
}

impl TryFrom<Row> for RuleVersion {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let rule = row.rule.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            id: row.id.into(),
            version: row.version,
            rule: rule.map_err(|error| StoreError::Failed(error.to_string()))?,
            by: row.changed_by.into(),
            at: row.changed_at.0,
        })
    }
}

impl RuleRepository for Transaction<'_> {
    fn rule_versions(&mut self) -> Result<Vec<RuleVersion>, StoreError> {
        let rows: Result<Vec<Row>, _> = on!(self.connection(), |conn| search_rule::table
            .order((dsl::id, dsl::version))
            .select(Row::as_select())
            .load(conn));
        rows.map_err(store_error)?.into_iter().map(RuleVersion::try_from).collect()
    }

    fn versions_of_rule(&mut self, id: WordRuleId) -> Result<Vec<RuleVersion>, StoreError> {
        let rows: Result<Vec<Row>, _> = on!(self.connection(), |conn| search_rule::table
            .filter(dsl::id.eq(Id::from(id)))
            .order(dsl::version)
            .select(Row::as_select())
            .load(conn));
        rows.map_err(store_error)?.into_iter().map(RuleVersion::try_from).collect()
    }

    fn count_rule_versions(&mut self) -> Result<i64, StoreError> {
        on!(self.connection(), |conn| search_rule::table.count().get_result(conn))
            .map_err(store_error)
    }

    fn add_rule_version(&mut self, version: &RuleVersion) -> Result<(), StoreError> {
        let row = Row::try_from(version)?;
        let added = on!(self.connection(), |conn| diesel::insert_into(search_rule::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn));
        match added.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }
}
