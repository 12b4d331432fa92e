//! Businesses without the people who are gone for good.

use diesel::prelude::*;
use domain::{StoreError, identity::CitizenId};

use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    schema::{api_key, business, business_invitation, business_member},
};

impl Transaction<'_> {
    /// Takes `citizen` out of whatever businesses they had to do with.
    pub(crate) fn leave_businesses(&mut self, citizen: CitizenId) -> Result<(), StoreError> {
        let id = Id::from(citizen);
        let memberships = business_member::table.filter(business_member::citizen.eq(id));
        let registered = business::table.filter(business::registered_by.eq(id));
        let invited = business_invitation::table.filter(business_invitation::invited_by.eq(id));
        let made = api_key::table.filter(api_key::made_by.eq(id));
        on!(self.connection(), |conn| diesel::delete(memberships)
            .execute(conn)
            .and_then(|_| {
                let nobody = business::registered_by.eq(None::<Id>);
                diesel::update(registered).set(nobody).execute(conn)
            })
            .and_then(|_| diesel::delete(invited).execute(conn))
            .and_then(|_| {
                diesel::update(made).set(api_key::made_by.eq(None::<Id>)).execute(conn)
            }))
        .map(|_| ())
        .map_err(store_error)
    }
}
