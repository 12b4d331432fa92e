//! Open data about reports, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    feedback::{Month, OpenDataRepository, OpenFile, OpenReport},
    secret::hex,
};
use h3o::{LatLng, Resolution};
use sha2::{Digest as _, Sha256};

use super::{figures::CountedRow, row::unreadable};
use crate::{
    columns::{AsText, At},
    connection::on,
    database::{Transaction, store_error},
    schema::{
        feedback_public,
        feedback_report::{self, dsl},
        open_data_file,
    },
};

/// Cells of some 5 km², a village across.
const WIDE: Resolution = Resolution::Seven;

#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback_public)]
struct PlaceRow {
    lat: Option<f64>,
    lon: Option<f64>,
    blurred: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = open_data_file)]
struct FileRow {
    month: AsText<Month>,
    reports: i64,
    bytes: i64,
    sha256: String,
    made_at: At,
}

impl PlaceRow {
    fn cell(&self) -> Option<String> {
        let place = LatLng::new(self.lat?, self.lon?).ok()?;
        (!self.blurred).then(|| place.to_cell(WIDE).to_string())
    }
}

impl From<FileRow> for OpenFile {
    fn from(row: FileRow) -> Self {
        Self {
            month: row.month.0,
            reports: row.reports,
            bytes: row.bytes,
            sha256: row.sha256,
            made_at: row.made_at.0,
        }
    }
}

impl OpenDataRepository for Transaction<'_> {
    fn first_published(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let first: Option<At> = on!(self.connection(), |conn| feedback_report::table
            .filter(dsl::published_at.is_not_null())
            .select(dsl::published_at.assume_not_null())
            .order(dsl::published_at)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(first.map(|at| at.0))
    }

    fn published_in(&mut self, month: Month) -> Result<Vec<OpenReport>, StoreError> {
        let (from, to) = month.bounds();
        let rows: Vec<(CountedRow, PlaceRow)> =
            on!(self.connection(), |conn| feedback_report::table
                .inner_join(feedback_public::table.on(feedback_public::report.eq(dsl::id)))
                .filter(dsl::published_at.ge(At(from)))
                .filter(dsl::published_at.lt(At(to)))
                .filter(dsl::confidential.eq(false))
                .select((CountedRow::as_select(), PlaceRow::as_select()))
                .load(conn))
            .map_err(store_error)?;
        let mut reports = Vec::with_capacity(rows.len());
        for (row, place) in rows {
            let (counted, course) = row.read()?;
            if course.legal_track.is_none() {
                reports.push(OpenReport { counted, cell: place.cell() });
            }
        }
        Ok(reports)
    }

    fn keep_file(
        &mut self,
        month: Month,
        body: &[u8],
        reports: usize,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let number = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
        let packed = zstd::encode_all(body, 0).map_err(|error| unreadable(&error))?;
        let file = (
            open_data_file::month.eq(AsText(month)),
            open_data_file::reports.eq(number(reports)),
            open_data_file::bytes.eq(number(body.len())),
            open_data_file::sha256.eq(hex(&Sha256::digest(body))),
            open_data_file::body.eq(packed),
            open_data_file::made_at.eq(At(at)),
        );
        on!(self.connection(), |conn| diesel::insert_into(open_data_file::table)
            .values(&file)
            .on_conflict_do_nothing()
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn file_of(&mut self, month: Month) -> Result<Option<Vec<u8>>, StoreError> {
        let packed: Option<Vec<u8>> = on!(self.connection(), |conn| open_data_file::table
            .find(AsText(month))
            .select(open_data_file::body)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        let unpacked = packed.map(|packed| zstd::decode_all(packed.as_slice()));
        unpacked.transpose().map_err(|error| unreadable(&error))
    }

    fn files(&mut self) -> Result<Vec<OpenFile>, StoreError> {
        let rows: Vec<FileRow> = on!(self.connection(), |conn| open_data_file::table
            .order(open_data_file::month)
            .select(FileRow::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(OpenFile::from).collect())
    }
}
