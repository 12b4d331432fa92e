//! What becomes of media when a person is forgotten.

use diesel::prelude::*;
use domain::{
    StoreError, feedback,
    identity::CitizenId,
    media::{State, SubjectKind},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{
        emergency, feedback_report,
        media::{self, dsl},
    },
};

impl Transaction<'_> {
    /// Takes what `citizen` uploaded, at most `limit` of it. What belongs to nothing goes, and what
    /// belongs to reports that nobody waits for and that were never public. What other reports show
    /// goes with their words, see [`domain::media::disown`]. What an open emergency shows stays theirs until it has ended; the rest is nobody's any more.
    pub(crate) fn erase_media(
        &mut self,
        citizen: CitizenId,
        held: &[Id],
        limit: i64,
    ) -> Result<usize, StoreError> {
        let open = emergency::table
            .filter(emergency::urgency.is_not_null())
            .filter(emergency::citizen.eq(Id::from(citizen)))
            .select(emergency::id);
        let open: Vec<Id> = on!(self.connection(), |conn| open.load(conn)).map_err(store_error)?;
        let kept = [held, &open].concat();
        let some = media::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .filter(dsl::subject.is_null().or(dsl::subject.ne_all(kept)))
            .select((dsl::id, dsl::subject))
            .limit(limit);
        let some: Vec<(Id, Option<Id>)> =
            on!(self.connection(), |conn| some.load(conn)).map_err(store_error)?;
        let subjects: Vec<Id> = some.iter().filter_map(|(_, subject)| *subject).collect();
        let waited_for = feedback::Status::WAITING.map(feedback::Status::as_str);
        let heard = feedback_report::table
            .filter(feedback_report::id.eq_any(&subjects))
            .filter(
                feedback_report::published_at
                    .is_not_null()
                    .or(feedback_report::status.eq_any(waited_for)),
            )
            .select(feedback_report::id);
        let heard: Vec<Id> =
            on!(self.connection(), |conn| heard.load(conn)).map_err(store_error)?;
        let (stay, go): (Vec<_>, Vec<_>) =
            some.into_iter().partition(|(_, of)| of.is_some_and(|of| heard.contains(&of)));
        let ids = |rows: Vec<(Id, Option<Id>)>| rows.into_iter().map(|(id, _)| id).collect();
        let (stay, go): (Vec<Id>, Vec<Id>) = (ids(stay), ids(go));
        let forgotten = on!(self.connection(), |conn| diesel::update(
            media::table.filter(dsl::id.eq_any(stay))
        )
        .set((
            dsl::citizen.eq(None::<Id>),
            dsl::taken_at.eq(None::<At>),
            dsl::lat.eq(None::<f64>),
            dsl::lon.eq(None::<f64>),
        ))
        .execute(conn))
        .map_err(store_error)?;
        Ok(forgotten + self.doom_all(&go)?)
    }

    /// Takes what belongs to these emergencies.
    pub(crate) fn erase_media_of_emergencies(&mut self, some: &[Id]) -> Result<(), StoreError> {
        let ids = media::table
            .filter(dsl::subject_kind.eq(SubjectKind::Emergency.as_str()))
            .filter(dsl::subject.eq_any(some))
            .select(dsl::id);
        let ids: Vec<Id> = on!(self.connection(), |conn| ids.load(conn)).map_err(store_error)?;
        self.doom_all(&ids).map(|_| ())
    }

    /// Takes the places where what belongs to these emergencies was taken. The files tell them to
    /// those alone who answer for an emergency.
    pub(crate) fn erase_places_of_media(&mut self, some: &[Id]) -> Result<(), StoreError> {
        let theirs = media::table
            .filter(dsl::subject_kind.eq(SubjectKind::Emergency.as_str()))
            .filter(dsl::subject.eq_any(some));
        let nowhere = (dsl::lat.eq(None::<f64>), dsl::lon.eq(None::<f64>));
        on!(self.connection(), |conn| diesel::update(theirs).set(nowhere).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    /// Lets these go: nobody finds them any more, and their files are swept.
    fn doom_all(&mut self, ids: &[Id]) -> Result<usize, StoreError> {
        let nothing = (
            dsl::state.eq(State::Doomed.as_str()),
            dsl::expires_at.eq(dsl::created_at.nullable()),
            dsl::citizen.eq(None::<Id>),
            dsl::counted_as.eq(None::<Vec<u8>>),
            dsl::taken_at.eq(None::<At>),
            dsl::lat.eq(None::<f64>),
            dsl::lon.eq(None::<f64>),
            dsl::sha256.eq(None::<Vec<u8>>),
            dsl::subject_kind.eq(None::<String>),
            dsl::subject.eq(None::<Id>),
        );
        on!(self.connection(), |conn| diesel::update(media::table.filter(dsl::id.eq_any(ids)))
            .set(nothing)
            .execute(conn))
        .map_err(store_error)
    }
}
