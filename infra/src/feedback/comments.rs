//! What people said about reports, in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{
        Comment, CommentId, CommentKey, CommentRepository, CommentStatus, ReportId, Version,
    },
    identity::{CitizenId, policy::Scope},
    page::Page,
};
use uuid::Uuid;

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{
        feedback_comment::{self, dsl},
        feedback_public, feedback_report,
    },
    vault::{Column, Vault},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = feedback_comment)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Id,
    version: i64,
    report: Id,
    citizen: Id,
    text: Vec<u8>,
    status: AsText<CommentStatus>,
    at: At,
    staff: Option<Id>,
}

impl Row {
    fn of(comment: &Comment, vault: &Vault) -> Self {
        let (column, id) = (Column::FEEDBACK_COMMENT_TEXT, comment.id.uuid());
        Self {
            id: comment.id.into(),
            version: comment.version.0,
            report: comment.report.into(),
            citizen: comment.author.into(),
            text: vault.seal(column, id, comment.text.as_bytes()),
            status: AsText(comment.status),
            at: At(comment.at),
            staff: comment.decided_by.map(Id::from),
        }
    }

    fn comment(self, vault: &Vault) -> Result<Comment, StoreError> {
        Ok(Comment {
            text: vault.open_text(Column::FEEDBACK_COMMENT_TEXT, self.id.0, &self.text)?,
            id: self.id.into(),
            version: Version(self.version),
            report: self.report.into(),
            author: self.citizen.into(),
            status: self.status.0,
            at: self.at.0,
            decided_by: self.staff.map(Id::into),
        })
    }
}

impl CommentRepository for Transaction<'_> {
    fn add_comment(&mut self, comment: &Comment) -> Result<(), StoreError> {
        let row = Row::of(comment, self.vault()?);
        on!(self.connection(), |conn| diesel::insert_into(feedback_comment::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn comment(&mut self, id: CommentId) -> Result<Option<Comment>, StoreError> {
        let vault = self.vault()?;
        let row: Option<Row> = on!(self.connection(), |conn| feedback_comment::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(|row| row.comment(vault)).transpose()
    }

    fn save_comment(&mut self, comment: &Comment, seen: Version) -> Result<(), StoreError> {
        let row = Row::of(comment, self.vault()?);
        let known = feedback_comment::table
            .filter(dsl::id.eq(Id::from(comment.id)).and(dsl::version.eq(seen.0)));
        let saved =
            on!(self.connection(), |conn| kept(diesel::update(known).set(&row)).execute(conn));
        self.settle(saved.map_err(store_error)?, comment.report.into())
    }

    fn remove_comment(&mut self, comment: &Comment) -> Result<(), StoreError> {
        let known = feedback_comment::table
            .filter(dsl::id.eq(Id::from(comment.id)).and(dsl::version.eq(comment.version.0)));
        let gone = on!(self.connection(), |conn| diesel::delete(known).execute(conn));
        self.settle(gone.map_err(store_error)?, comment.report.into())
    }

    fn shown_comments(
        &mut self,
        report: ReportId,
        after: Option<CommentKey>,
        limit: usize,
    ) -> Result<Page<Comment, CommentKey>, StoreError> {
        let after = after.map_or(Id(Uuid::nil()), Id::from);
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_comment::table
            .filter(dsl::report.eq(Id::from(report)))
            .filter(dsl::status.eq(CommentStatus::Published.as_str()))
            .filter(dsl::id.gt(after))
            .order(dsl::id)
            .limit(one_more(limit))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        self.page(rows, limit)
    }

    fn pending_comments(
        &mut self,
        agencies: &Scope,
        after: Option<CommentKey>,
        limit: usize,
    ) -> Result<Page<Comment, CommentKey>, StoreError> {
        let after = after.map_or(Id(Uuid::nil()), Id::from);
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            let mut query = feedback_comment::table
                .inner_join(feedback_report::table.on(feedback_report::id.eq(dsl::report)))
                .filter(dsl::status.eq(CommentStatus::Pending.as_str()))
                .filter(dsl::id.gt(after))
                .select(Row::as_select())
                .into_boxed();
            if let Scope::Agencies(codes) = agencies {
                let codes = codes.iter().map(AgencyCode::as_str);
                query = query.filter(feedback_report::agency.eq_any(codes));
            }
            query.order(dsl::id).limit(one_more(limit)).load(conn)
        })
        .map_err(store_error)?;
        self.page(rows, limit)
    }

    fn comments_of(
        &mut self,
        citizen: CitizenId,
        after: Option<CommentKey>,
        limit: usize,
    ) -> Result<Page<Comment, CommentKey>, StoreError> {
        let after = after.map_or(Id(Uuid::max()), Id::from);
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_comment::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .filter(dsl::id.lt(after))
            .order(dsl::id.desc())
            .limit(one_more(limit))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        self.page(rows, limit)
    }
}

/// One row more than asked for, to see whether more follow.
fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

impl Transaction<'_> {
    fn page(
        &mut self,
        rows: Vec<Row>,
        limit: usize,
    ) -> Result<Page<Comment, CommentKey>, StoreError> {
        let vault = self.vault()?;
        let comments = rows.into_iter().map(|row| row.comment(vault));
        Ok(Page::cut(comments.collect::<Result<Vec<_>, _>>()?, limit, |last| last.id))
    }

    /// After a comment changed: nothing where it had changed before; else what is shown is counted.
    fn settle(&mut self, changed: usize, report: Id) -> Result<(), StoreError> {
        if changed == 0 {
            return Err(StoreError::Stale);
        }
        let shown = self.comments_shown(report)?;
        let hanging = feedback_public::table.filter(feedback_public::report.eq(report));
        on!(self.connection(), |conn| kept(
            diesel::update(hanging).set(feedback_public::comments.eq(shown))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    /// Removes at most `limit` of what `citizen` said.
    pub(super) fn erase_comments(
        &mut self,
        citizen: CitizenId,
        limit: i64,
    ) -> Result<usize, StoreError> {
        let said: Vec<(Id, Id)> = on!(self.connection(), |conn| feedback_comment::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .limit(limit)
            .select((dsl::id, dsl::report))
            .load(conn))
        .map_err(store_error)?;
        for &(id, report) in &said {
            let known = feedback_comment::table.find(id);
            let gone = on!(self.connection(), |conn| diesel::delete(known).execute(conn));
            self.settle(gone.map_err(store_error)?, report)?;
        }
        Ok(said.len())
    }
}
