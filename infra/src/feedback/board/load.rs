//! Reading what was published into memory.

use diesel::prelude::*;
use domain::{
    StoreError,
    feedback::{Place, Status},
    territory::{CommuneCode, Position},
};
use uuid::Uuid;

use super::Board;
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::feedback_public::{self, dsl},
};

/// How many posts are read at once: nobody waits long while they are taken in.
const CHUNK: i64 = 2_000;

/// What of a post decides which questions it answers.
#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback_public)]
pub(super) struct PostRow {
    pub(super) place: i64,
    report: Id,
    pub(super) category: String,
    lat: Option<f64>,
    lon: Option<f64>,
    commune: Option<AsText<CommuneCode>>,
    status: AsText<Status>,
    submitted_at: At,
    updated_at: At,
    pub(super) folded: String,
}

impl PostRow {
    pub(super) fn report(&self) -> Uuid {
        self.report.0
    }

    pub(super) fn position(&self) -> Option<Position> {
        Position::new(self.lat?, self.lon?).ok()
    }

    pub(super) fn commune(&self) -> Option<CommuneCode> {
        self.commune.as_ref().map(|commune| commune.0)
    }

    pub(super) fn status(&self) -> Status {
        self.status.0
    }

    pub(super) fn submitted_at(&self) -> i64 {
        self.submitted_at.0.timestamp_micros()
    }

    pub(super) fn updated_at(&self) -> i64 {
        self.updated_at.0.timestamp_micros()
    }
}

#[cfg(test)]
impl PostRow {
    /// A street light at a place on the board and on the map, open where its number is even.
    pub(super) fn lamp(place: i64, (lat, lon): (f64, f64)) -> Self {
        let at = At(chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(place));
        Self {
            place,
            report: Id(Uuid::from_u128(u128::try_from(place).unwrap())),
            category: "lighting.street".to_owned(),
            lat: Some(lat),
            lon: Some(lon),
            commune: None,
            status: AsText(if place % 2 == 0 { Status::Accepted } else { Status::Closed }),
            submitted_at: at,
            updated_at: at,
            folded: format!("den so {place}"),
        }
    }
}

impl Transaction<'_> {
    /// What hangs for `reports`.
    pub(super) fn posts_of(&mut self, reports: &[Uuid]) -> Result<Vec<PostRow>, StoreError> {
        let reports: Vec<Id> = reports.iter().copied().map(Id).collect();
        on!(self.connection(), |conn| feedback_public::table
            .filter(dsl::report.eq_any(&reports))
            .select(PostRow::as_select())
            .load(conn))
        .map_err(store_error)
    }

    fn posts_after(&mut self, place: Place) -> Result<Vec<PostRow>, StoreError> {
        on!(self.connection(), |conn| feedback_public::table
            .filter(dsl::place.gt(place))
            .order(dsl::place)
            .limit(CHUNK)
            .select(PostRow::as_select())
            .load(conn))
        .map_err(store_error)
    }
}

impl Board {
    /// Reads everything, some at a time, and then what changed meanwhile.
    pub(super) async fn fill(&self) -> Result<(), StoreError> {
        let mut last = 0;
        loop {
            let posts = self.database.read(move |tx| tx.posts_after(last)).await?;
            let Some(post) = posts.last() else { break };
            last = post.place;
            self.change(|index| posts.into_iter().for_each(|post| index.put(&post)));
            tokio::task::yield_now().await;
        }
        self.change(super::index::Index::settle);
        self.whole.send_replace(true);
        self.catch_up().await
    }
}
