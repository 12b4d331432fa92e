//! What strangers see, in the store.

use diesel::{dsl::count_star, prelude::*};
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{
        NoticeBoard, Place, PublicReport, Rejection, RejectionReason, Report, ReportId, ReportName,
        Status, TrackingCode,
    },
    territory::{CommuneCode, Position},
    text,
};

use super::row::unreadable;
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{
        feedback_comment,
        feedback_public::{self, dsl},
        feedback_report, feedback_support,
    },
};

/// What changes with the report. Place and counts are the store's own.
#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = feedback_public)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct Shown {
    report: Id,
    code: AsText<TrackingCode>,
    version: i64,
    category: String,
    title: Option<String>,
    text: String,
    lat: Option<f64>,
    lon: Option<f64>,
    blurred: bool,
    commune: Option<AsText<CommuneCode>>,
    address: Option<String>,
    status: AsText<Status>,
    agency: AsText<AgencyCode>,
    submitted_at: At,
    due_at: At,
    updated_at: At,
    published_at: At,
    answer: Option<String>,
    rejection_reason: Option<AsText<RejectionReason>>,
    rejection_go_to: Option<String>,
    outcome: String,
}

/// A row as it is read: what hangs, where, and how many say something to it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback_public)]
pub(super) struct Row {
    place: i64,
    #[diesel(embed)]
    shown: Shown,
    supports: i64,
    comments: i64,
}

impl From<&PublicReport> for Shown {
    fn from(report: &PublicReport) -> Self {
        let rejection = report.rejection.as_ref();
        Self {
            report: report.id.into(),
            code: AsText(report.code.clone()),
            version: report.version,
            category: report.category.clone(),
            title: report.title.clone(),
            text: report.text.clone(),
            lat: report.position.map(Position::lat),
            lon: report.position.map(Position::lon),
            blurred: report.blurred,
            commune: report.commune.map(AsText),
            address: report.address.clone(),
            status: AsText(report.status),
            agency: AsText(report.agency.clone()),
            submitted_at: At(report.submitted_at),
            due_at: At(report.due_at),
            updated_at: At(report.updated_at),
            published_at: At(report.published_at),
            answer: report.answer.clone(),
            rejection_reason: rejection.map(|rejection| AsText(rejection.reason)),
            rejection_go_to: rejection.and_then(|rejection| rejection.go_to.clone()),
            outcome: serde_json::to_string(&report.outcome).unwrap_or_default(),
        }
    }
}

impl Row {
    pub(super) fn report(self) -> Result<(Place, PublicReport), StoreError> {
        let Self { place, shown, supports, comments } = self;
        let position = shown.lat.zip(shown.lon).map(|(lat, lon)| Position::new(lat, lon));
        let go_to = shown.rejection_go_to;
        let report = PublicReport {
            id: shown.report.into(),
            code: shown.code.0,
            version: shown.version,
            category: shown.category,
            title: shown.title,
            text: shown.text,
            position: position.transpose().map_err(|error| unreadable(&error))?,
            blurred: shown.blurred,
            commune: shown.commune.map(|commune| commune.0),
            address: shown.address,
            status: shown.status.0,
            agency: shown.agency.0,
            submitted_at: shown.submitted_at.0,
            due_at: shown.due_at.0,
            updated_at: shown.updated_at.0,
            published_at: shown.published_at.0,
            answer: shown.answer,
            rejection: shown.rejection_reason.map(|reason| Rejection { reason: reason.0, go_to }),
            outcome: serde_json::from_str(&shown.outcome).map_err(|error| unreadable(&error))?,
            supports,
            comments,
        };
        Ok((place, report))
    }
}

/// Title, text and address as they are searched.
fn folded(report: &PublicReport) -> String {
    let parts = [report.title.as_deref(), Some(&report.text), report.address.as_deref()];
    parts.into_iter().flatten().map(text::fold).collect::<Vec<_>>().join("\n")
}

impl NoticeBoard for Transaction<'_> {
    fn hang_up(&mut self, report: &PublicReport) -> Result<(), StoreError> {
        self.effects.shown.push(report.id.uuid());
        let (row, folded) = (Shown::from(report), folded(report));
        let id = Id::from(report.id);
        // First as a change: an insert that finds a row uses up a place all the same.
        let changed = on!(self.connection(), |conn| kept(
            diesel::update(feedback_public::table)
                .filter(dsl::report.eq(id))
                .set((&row, dsl::folded.eq(&folded)))
        )
        .execute(conn))
        .map_err(store_error)?;
        if changed > 0 {
            return Ok(());
        }
        let (supports, comments) = (self.supporters(id)?, self.comments_shown(id)?);
        let counts = (dsl::supports.eq(supports), dsl::comments.eq(comments));
        on!(self.connection(), |conn| diesel::insert_into(feedback_public::table)
            .values((&row, dsl::folded.eq(&folded), counts))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn take_down(&mut self, report: ReportId) -> Result<(), StoreError> {
        self.effects.shown.push(report.uuid());
        let hanging = feedback_public::table.filter(dsl::report.eq(Id::from(report)));
        on!(self.connection(), |conn| diesel::delete(hanging).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn shown(&mut self, name: &ReportName) -> Result<Option<PublicReport>, StoreError> {
        let row: Option<Row> = match name {
            ReportName::Id(id) => on!(self.connection(), |conn| feedback_public::table
                .filter(dsl::report.eq(Id::from(*id)))
                .select(Row::as_select())
                .first(conn)
                .optional()),
            ReportName::Code(code) => on!(self.connection(), |conn| feedback_public::table
                .filter(dsl::code.eq(code.as_str()))
                .select(Row::as_select())
                .first(conn)
                .optional()),
        }
        .map_err(store_error)?;
        Ok(row.map(Row::report).transpose()?.map(|(_, report)| report))
    }

    fn shown_at(&mut self, places: &[Place]) -> Result<Vec<(Place, PublicReport)>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = dsl::place.eq_any(places);
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            kept(feedback_public::table.filter(wanted).select(Row::as_select())).load(conn)
        })
        .map_err(store_error)?;
        let mut shown = rows.into_iter().map(Row::report).collect::<Result<Vec<_>, _>>()?;
        let turn = |place: Place| places.iter().position(|known| *known == place);
        shown.sort_by_key(|(place, _)| turn(*place));
        Ok(shown)
    }
}

impl Transaction<'_> {
    fn supporters(&mut self, report: Id) -> Result<i64, StoreError> {
        on!(self.connection(), |conn| feedback_support::table
            .filter(feedback_support::report.eq(report))
            .select(count_star())
            .first(conn))
        .map_err(store_error)
    }

    /// How many comments strangers read with `report`.
    pub(super) fn comments_shown(&mut self, report: Id) -> Result<i64, StoreError> {
        on!(self.connection(), |conn| feedback_comment::table
            .filter(feedback_comment::report.eq(report))
            .filter(feedback_comment::status.eq("published"))
            .select(count_star())
            .first(conn))
        .map_err(store_error)
    }

    /// Shows from now on only roughly where reports of `category` are, at most `limit` of those that
    /// hang with their place, and says how many those were.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    pub fn blur_some(&mut self, category: &str, limit: u16) -> Result<usize, StoreError> {
        let places: Vec<i64> = on!(self.connection(), |conn| feedback_public::table
            .filter(dsl::category.eq(category))
            .filter(dsl::blurred.eq(false))
            .select(dsl::place)
            .limit(i64::from(limit))
            .load(conn))
        .map_err(store_error)?;
        // The rows stay locked until the commit: whoever changes one comes before or after.
        let exact = dsl::place.eq_any(&places).and(dsl::blurred.eq(false));
        let rows: Vec<Row> = on!(self.connection(), |conn| diesel::update(feedback_public::table)
            .filter(exact)
            .set(dsl::blurred.eq(true))
            .returning(Row::as_returning())
            .get_results(conn))
        .map_err(store_error)?;
        for row in rows {
            let (_, shown) = row.report()?;
            self.hang_up(&shown.roughly())?;
        }
        Ok(places.len())
    }

    /// Published reports of which nothing hangs, from before there was a board, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn unhung(&mut self, limit: u16) -> Result<Vec<Report>, StoreError> {
        let hangs = feedback_public::table.filter(dsl::report.eq(feedback_report::id));
        let rows: Vec<super::row::Row> = on!(self.connection(), |conn| feedback_report::table
            .filter(feedback_report::published_at.is_not_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(hangs)))
            .order((feedback_report::published_at, feedback_report::id))
            .limit(i64::from(limit))
            .select(super::row::Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Report::try_from).collect()
    }
}
