//! Staff members in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    identity::{
        Role, Roster, RosterFilter, StaffId, StaffMember, StaffRepository, Username, policy::Scope,
    },
};

use crate::{
    columns::{AsText, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::staff_member,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = staff_member, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    username: AsText<Username>,
    role: AsText<Role>,
    agency: AsText<AgencyCode>,
    /// Empty until an invitation was accepted.
    password: String,
    disabled: bool,
    demo: bool,
    version: i64,
}

impl From<&StaffMember> for Row {
    fn from(member: &StaffMember) -> Self {
        Self {
            id: member.id.into(),
            username: AsText(member.username.clone()),
            role: AsText(member.role),
            agency: AsText(member.agency.clone()),
            password: member
                .password
                .as_ref()
                .map_or_else(String::new, |hash| hash.as_str().to_owned()),
            disabled: member.disabled,
            demo: member.demo,
            version: member.version,
        }
    }
}

impl From<Row> for StaffMember {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            username: row.username.0,
            role: row.role.0,
            agency: row.agency.0,
            password: (!row.password.is_empty()).then(|| row.password.into()),
            disabled: row.disabled,
            demo: row.demo,
            version: row.version,
        }
    }
}

impl StaffRepository for Transaction<'_> {
    fn add_staff_member(&mut self, member: &StaffMember) -> Result<(), StoreError> {
        let row = Row::from(member);
        on!(self.connection(), |conn| diesel::insert_into(staff_member::table)
            .values(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn staff_member(&mut self, id: StaffId) -> Result<Option<StaffMember>, StoreError> {
        on!(self.connection(), |conn| staff_member::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map(|row| row.map(StaffMember::from))
        .map_err(store_error)
    }

    fn staff_by_username(&mut self, username: &str) -> Result<Option<StaffMember>, StoreError> {
        on!(self.connection(), |conn| staff_member::table
            .filter(staff_member::username.eq(username))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map(|row| row.map(StaffMember::from))
        .map_err(store_error)
    }

    fn has_real_staff(&mut self) -> Result<bool, StoreError> {
        on!(self.connection(), |conn| diesel::select(diesel::dsl::exists(
            staff_member::table.filter(staff_member::demo.eq(false))
        ))
        .get_result(conn))
        .map_err(store_error)
    }

    fn save_staff_member(&mut self, member: &StaffMember, from: i64) -> Result<(), StoreError> {
        let row = Row::from(member);
        let saved = on!(self.connection(), |conn| diesel::update(staff_member::table)
            .filter(staff_member::id.eq(Id::from(member.id)))
            .filter(staff_member::version.eq(from))
            .set(row)
            .execute(conn));
        match saved.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    fn demo_staff(&mut self) -> Result<Vec<StaffMember>, StoreError> {
        on!(self.connection(), |conn| staff_member::table
            .filter(staff_member::demo.eq(true))
            .order(staff_member::username)
            .select(Row::as_select())
            .load(conn))
        .map(|rows| rows.into_iter().map(StaffMember::from).collect())
        .map_err(store_error)
    }
}

impl Roster for Transaction<'_> {
    fn roster(
        &mut self,
        filter: &RosterFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<StaffMember>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        on!(self.connection(), |conn| {
            let mut staff = staff_member::table
                .filter(staff_member::username.gt(after.unwrap_or_default()))
                .order(staff_member::username)
                .select(Row::as_select())
                .limit(limit)
                .into_boxed();
            if let Some(role) = filter.role {
                staff = staff.filter(staff_member::role.eq(AsText(role)));
            }
            if let Scope::Agencies(codes) = &filter.agencies {
                staff =
                    staff.filter(staff_member::agency.eq_any(codes.iter().cloned().map(AsText)));
            }
            staff.load(conn)
        })
        .map(|rows| rows.into_iter().map(StaffMember::from).collect())
        .map_err(store_error)
    }
}
