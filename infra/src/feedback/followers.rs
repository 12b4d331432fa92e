//! Who follows which report, and what they are still to be told, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    Id as DomainId, StoreError,
    feedback::{Follower, FollowerList, ListKey, News, PublicReport, ReportId, Stretch},
    identity::CitizenId,
    page::Page,
};
use uuid::Uuid;

use super::{
    notice_board::Row,
    supports::{one_more, since},
};
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{
        feedback_follow::{self, dsl},
        feedback_news, feedback_public,
    },
};

/// Comes before everybody who follows.
const NOBODY: Id = Id(Uuid::nil());

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = feedback_news, treat_none_as_default_value = false)]
struct NewsRow {
    id: Id,
    report: Id,
    event: String,
    text: String,
    /// The nil id where nobody was told yet.
    reached: Id,
}

impl From<NewsRow> for News {
    fn from(row: NewsRow) -> Self {
        Self {
            id: row.id.into(),
            report: row.report.into(),
            event: row.event,
            text: row.text,
            reached: Some(row.reached.0).filter(|id| !id.is_nil()).map(Uuid::into),
        }
    }
}

impl FollowerList for Transaction<'_> {
    fn add_follower(
        &mut self,
        report: ReportId,
        follower: Follower,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let row = (
            dsl::id.eq(Id::from(follower.id)),
            dsl::report.eq(Id::from(report)),
            dsl::citizen.eq(Id::from(follower.citizen)),
            dsl::since.eq(At(at)),
        );
        on!(self.connection(), |conn| diesel::insert_into(feedback_follow::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map(|added| added > 0)
        .map_err(store_error)
    }

    fn remove_follower(&mut self, report: ReportId, citizen: CitizenId) -> Result<(), StoreError> {
        let known = feedback_follow::table
            .filter(dsl::report.eq(Id::from(report)))
            .filter(dsl::citizen.eq(Id::from(citizen)));
        on!(self.connection(), |conn| diesel::delete(known).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn followers_after(
        &mut self,
        report: ReportId,
        reached: Option<DomainId<Follower>>,
        limit: usize,
    ) -> Result<Vec<Follower>, StoreError> {
        let reached = reached.map_or(NOBODY, Id::from);
        let rows: Vec<(Id, Id)> = on!(self.connection(), |conn| feedback_follow::table
            .filter(dsl::report.eq(Id::from(report)))
            .filter(dsl::id.gt(reached))
            .order(dsl::id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((dsl::id, dsl::citizen))
            .load(conn))
        .map_err(store_error)?;
        let follower =
            |(id, citizen): (Id, Id)| Follower { id: id.into(), citizen: citizen.into() };
        Ok(rows.into_iter().map(follower).collect())
    }

    fn followed_by(
        &mut self,
        citizen: CitizenId,
        stretch: Stretch,
    ) -> Result<Page<(PublicReport, DateTime<Utc>), ListKey>, StoreError> {
        let rows: Vec<(Row, At)> = on!(self.connection(), |conn| {
            let mut query = feedback_follow::table
                .inner_join(feedback_public::table.on(feedback_public::report.eq(dsl::report)))
                .filter(dsl::citizen.eq(Id::from(citizen)))
                .select((Row::as_select(), dsl::since))
                .into_boxed();
            if let Some(ListKey { at, id }) = stretch.after {
                query = query
                    .filter(dsl::since.le(At(at)))
                    .filter(dsl::since.lt(At(at)).or(dsl::report.lt(Id::from(id))));
            }
            query.order((dsl::since.desc(), dsl::report.desc())).limit(one_more(stretch)).load(conn)
        })
        .map_err(store_error)?;
        since(rows, stretch)
    }

    fn follows_of(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<(ReportId, DateTime<Utc>)>, StoreError> {
        let rows: Vec<(Id, At)> = on!(self.connection(), |conn| feedback_follow::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .order(dsl::since)
            .select((dsl::report, dsl::since))
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(|(report, since)| (report.into(), since.0)).collect())
    }

    fn add_news(&mut self, news: &News) -> Result<(), StoreError> {
        let row = NewsRow {
            id: news.id.into(),
            report: news.report.into(),
            event: news.event.clone(),
            text: news.text.clone(),
            reached: news.reached.map_or(NOBODY, Id::from),
        };
        on!(self.connection(), |conn| diesel::insert_into(feedback_news::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn next_news(&mut self) -> Result<Option<News>, StoreError> {
        let row: Option<NewsRow> = on!(self.connection(), |conn| feedback_news::table
            .order(feedback_news::id)
            .select(NewsRow::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(row.map(News::from))
    }

    fn advance_news(
        &mut self,
        news: &News,
        reached: Option<DomainId<Follower>>,
    ) -> Result<(), StoreError> {
        let known = feedback_news::table
            .filter(feedback_news::id.eq(Id::from(news.id)))
            .filter(feedback_news::reached.eq(news.reached.map_or(NOBODY, Id::from)));
        let changed = match reached {
            None => on!(self.connection(), |conn| diesel::delete(known).execute(conn)),
            Some(reached) => on!(self.connection(), |conn| kept(
                diesel::update(known).set(feedback_news::reached.eq(Id::from(reached)))
            )
            .execute(conn)),
        };
        match changed.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }
}

impl Transaction<'_> {
    /// Has `citizen` follow nothing any more.
    pub(super) fn stop_following(&mut self, citizen: CitizenId) -> Result<usize, StoreError> {
        let known = feedback_follow::table.filter(dsl::citizen.eq(Id::from(citizen)));
        on!(self.connection(), |conn| diesel::delete(known).execute(conn)).map_err(store_error)
    }
}
