//! What was uploaded, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    identity::CitizenId,
    media::{Media, MediaId, MediaRepository, Part, Standing, State, Subject},
    secret::Digest,
};

use super::row::{Row, signed, unsigned};
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{
        media::{self, dsl},
        media_part,
    },
};

/// A part as a row.
type PartRow = (i64, i64, String);

impl MediaRepository for Transaction<'_> {
    fn add_media(&mut self, media: &Media) -> Result<(), StoreError> {
        let row = Row::from(media);
        on!(self.connection(), |conn| diesel::insert_into(media::table).values(&row).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn save_media(&mut self, media: &Media, before: &Media) -> Result<(), StoreError> {
        let row = Row::from(media);
        let subject = before.subject.or(media.subject).map(|subject| Id(subject.id));
        let unchanged = dsl::id
            .eq(Id::from(media.id))
            .and(dsl::state.eq(before.state.as_str()))
            .and(dsl::received.eq(signed(before.received)))
            .and(dsl::subject.is_null().or(dsl::subject.eq(subject)));
        let saved = on!(self.connection(), |conn| kept(
            diesel::update(media::table).filter(unchanged).set(&row)
        )
        .execute(conn));
        match saved.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    fn media(&mut self, id: MediaId) -> Result<Option<Media>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| media::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(Media::try_from).transpose()
    }

    fn media_of(&mut self, subject: Subject) -> Result<Vec<Media>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| media::table
            .filter(dsl::subject.eq(Id(subject.id)))
            .filter(dsl::subject_kind.eq(subject.kind.as_str()))
            .filter(dsl::state.eq(State::Whole.as_str()))
            .order((dsl::linked_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Media::try_from).collect()
    }

    fn media_of_citizen(&mut self, citizen: CitizenId) -> Result<Vec<Media>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| media::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .order((dsl::created_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Media::try_from).collect()
    }

    fn unlinked(&mut self, whose: Digest) -> Result<Standing, StoreError> {
        let sizes: Vec<(Option<i64>, i64)> = on!(self.connection(), |conn| media::table
            .filter(dsl::counted_as.eq(whose.0.as_slice()))
            .select((dsl::length, dsl::received))
            .load(conn))
        .map_err(store_error)?;
        let bytes = sizes.iter().map(|(length, received)| length.unwrap_or(*received));
        Ok(Standing {
            number: u64::try_from(sizes.len()).unwrap_or(u64::MAX),
            bytes: unsigned(bytes.sum()),
        })
    }

    fn parts(&mut self, id: MediaId) -> Result<Vec<Part>, StoreError> {
        let rows: Vec<PartRow> = on!(self.connection(), |conn| media_part::table
            .filter(media_part::media.eq(Id::from(id)))
            .order(media_part::start)
            .select((media_part::start, media_part::length, media_part::name))
            .load(conn))
        .map_err(store_error)?;
        let part =
            |(start, length, name)| Part { start: unsigned(start), length: unsigned(length), name };
        Ok(rows.into_iter().map(part).collect())
    }

    fn put_parts(&mut self, id: MediaId, parts: &[Part]) -> Result<(), StoreError> {
        for part in parts {
            let row = (
                media_part::media.eq(Id::from(id)),
                media_part::start.eq(signed(part.start)),
                media_part::length.eq(signed(part.length)),
                media_part::name.eq(part.name.as_str()),
            );
            on!(self.connection(), |conn| diesel::insert_into(media_part::table)
                .values(row)
                .on_conflict((media_part::media, media_part::start))
                .do_update()
                .set((
                    media_part::length.eq(signed(part.length)),
                    media_part::name.eq(part.name.as_str()),
                ))
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }

    fn drop_parts(&mut self, id: MediaId) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(
            media_part::table.filter(media_part::media.eq(Id::from(id)))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn media_due(
        &mut self,
        state: State,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Media>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| media::table
            .filter(dsl::state.eq(state.as_str()))
            .filter(dsl::expires_at.le(At(at)))
            .order(dsl::expires_at)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Media::try_from).collect()
    }

    fn remove_media(&mut self, id: MediaId) -> Result<(), StoreError> {
        self.drop_parts(id)?;
        on!(self.connection(), |conn| diesel::delete(media::table.find(Id::from(id))).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }
}
