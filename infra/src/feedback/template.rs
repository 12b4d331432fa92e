//! What officers write again and again, in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{Signed, Template, TemplateId, TemplateRepository, Wording},
    identity::policy::Scope,
};

use super::setup::changed;
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::feedback_template::{self, dsl},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback_template)]
struct Row {
    id: Id,
    version: i64,
    agency: AsText<AgencyCode>,
    name: String,
    text: String,
}

impl TryFrom<Row> for Template {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = |_| StoreError::Failed("a template cannot be read".to_owned());
        Ok(Self {
            id: row.id.into(),
            version: row.version,
            agency: row.agency.0,
            name: row.name,
            wording: Wording::parse(&row.text).map_err(unreadable)?,
        })
    }
}

impl TemplateRepository for Transaction<'_> {
    fn templates_of(&mut self, agencies: &Scope) -> Result<Vec<Template>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            let mut query = feedback_template::table.select(Row::as_select()).into_boxed();
            if let Scope::Agencies(codes) = agencies {
                query = query.filter(dsl::agency.eq_any(codes.iter().map(AgencyCode::as_str)));
            }
            query.order((dsl::agency, dsl::name, dsl::id)).load(conn)
        })
        .map_err(store_error)?;
        rows.into_iter().map(Template::try_from).collect()
    }

    fn template(&mut self, id: TemplateId) -> Result<Option<Template>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| feedback_template::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(Template::try_from).transpose()
    }

    fn put_template(
        &mut self,
        template: &Template,
        from: i64,
        (by, at): Signed,
    ) -> Result<(), StoreError> {
        let row = (
            dsl::version.eq(template.version),
            dsl::agency.eq(template.agency.as_str()),
            dsl::name.eq(&template.name),
            dsl::text.eq(template.wording.as_str()),
            dsl::changed_at.eq(At(at)),
            dsl::changed_by.eq(Id::from(by)),
        );
        let id = Id::from(template.id);
        changed(if from == 0 {
            on!(self.connection(), |conn| diesel::insert_into(feedback_template::table)
                .values((dsl::id.eq(id), row))
                .execute(conn))
        } else {
            on!(self.connection(), |conn| diesel::update(feedback_template::table.find(id))
                .filter(dsl::version.eq(from))
                .set(row)
                .execute(conn))
        })
    }

    fn remove_template(&mut self, id: TemplateId, from: i64) -> Result<(), StoreError> {
        let template =
            feedback_template::table.filter(dsl::id.eq(Id::from(id))).filter(dsl::version.eq(from));
        changed(on!(self.connection(), |conn| diesel::delete(template).execute(conn)))
    }
}
