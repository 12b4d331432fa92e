//! Medical cards and emergency contacts in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::CitizenId,
    personal::{ConsentPurpose, EmergencyContact, MedicalCard, PersonalRecords},
};

use super::{open, seal};
use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    schema::{
        child, device,
        personal_record::{self, dsl},
    },
    vault::Column,
};

impl PersonalRecords for Transaction<'_> {
    fn medical_card(&mut self, citizen: CitizenId) -> Result<Option<MedicalCard>, StoreError> {
        let vault = self.vault()?;
        let sealed: Option<Option<Vec<u8>>> = on!(self.connection(), |conn| personal_record::table
            .find(Id::from(citizen))
            .select(dsl::medical_card)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        let open = |sealed: Vec<u8>| open(vault, Column::MEDICAL_CARD, citizen.uuid(), &sealed);
        sealed.flatten().map(open).transpose()
    }

    fn put_medical_card(
        &mut self,
        citizen: CitizenId,
        card: Option<&MedicalCard>,
    ) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let seal = |card| seal(vault, Column::MEDICAL_CARD, citizen.uuid(), card);
        let sealed = card.map(seal).transpose()?;
        on!(self.connection(), |conn| diesel::insert_into(personal_record::table)
            .values((dsl::citizen.eq(Id::from(citizen)), dsl::medical_card.eq(&sealed)))
            .on_conflict(dsl::citizen)
            .do_update()
            .set(dsl::medical_card.eq(&sealed))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn emergency_contacts(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<EmergencyContact>, StoreError> {
        let vault = self.vault()?;
        let sealed: Option<Option<Vec<u8>>> = on!(self.connection(), |conn| personal_record::table
            .find(Id::from(citizen))
            .select(dsl::emergency_contacts)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        let open =
            |sealed: Vec<u8>| open(vault, Column::EMERGENCY_CONTACTS, citizen.uuid(), &sealed);
        sealed.flatten().map_or(Ok(Vec::new()), open)
    }

    fn put_emergency_contacts(
        &mut self,
        citizen: CitizenId,
        contacts: &[EmergencyContact],
    ) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let sealed = match contacts {
            [] => None,
            some => Some(seal(vault, Column::EMERGENCY_CONTACTS, citizen.uuid(), &some)?),
        };
        on!(self.connection(), |conn| diesel::insert_into(personal_record::table)
            .values((dsl::citizen.eq(Id::from(citizen)), dsl::emergency_contacts.eq(&sealed)))
            .on_conflict(dsl::citizen)
            .do_update()
            .set(dsl::emergency_contacts.eq(&sealed))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn forget_records(
        &mut self,
        citizen: CitizenId,
        purpose: ConsentPurpose,
    ) -> Result<(), StoreError> {
        let id = Id::from(citizen);
        match purpose {
            ConsentPurpose::MedicalCard => return self.put_medical_card(citizen, None),
            ConsentPurpose::EmergencyContacts => return self.put_emergency_contacts(citizen, &[]),
            ConsentPurpose::Push => on!(self.connection(), |conn| diesel::delete(
                device::table.filter(device::citizen.eq(id))
            )
            .execute(conn)),
            ConsentPurpose::Children => on!(self.connection(), |conn| diesel::delete(
                child::table.filter(child::guardian.eq(id))
            )
            .execute(conn)),
        }
        .map(|_| ())
        .map_err(store_error)
    }
}
