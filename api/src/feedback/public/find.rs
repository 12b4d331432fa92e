//! Finding what was published: memory says where it hangs, the store what hangs there.

use domain::{
    StoreError,
    feedback::{Circle, NoticeBoard as _, Place, PublicFilter, PublicReport},
};
use infra::feedback::NearKey;

use super::query::PublicQuery;
use crate::{
    App,
    page::{self, limit},
    problem::ApiError,
};

/// The list of what is published, in its cursors: the latest first.
const NEWEST: &str = "feedback";
/// The same, the nearest first.
const NEAREST: &str = "feedback-near";

/// A published report, and how far it is where that was asked.
pub(super) type Found = (PublicReport, Option<f64>);

/// The page that `query` asks for, and where the next one starts.
pub(super) async fn page(
    app: &App,
    query: PublicQuery,
) -> Result<(Vec<Found>, Option<String>), ApiError> {
    let (limit, cursor) = (limit(query.limit)?, query.cursor.clone());
    let (filter, by_distance) = query.filter(app)?;
    app.board.current().await?;
    match by_distance {
        Some(circle) => nearest(app, &filter, circle, (cursor.as_deref(), limit)).await,
        None => newest(app, &filter, (cursor.as_deref(), limit)).await,
    }
}

async fn newest(
    app: &App,
    filter: &PublicFilter,
    (cursor, limit): (Option<&str>, usize),
) -> Result<(Vec<Found>, Option<String>), ApiError> {
    let after: Option<Place> = cursor.map(|cursor| page::key(NEWEST, cursor)).transpose()?;
    let mut places = app.board.newest(filter, after, limit.saturating_add(1));
    let more = places.len() > limit;
    places.truncate(limit);
    let next = places.last().filter(|_| more).map(|last| page::cursor(NEWEST, last));
    let shown = shown(app, places).await?;
    Ok((shown.into_iter().map(|(_, report)| (report, None)).collect(), next))
}

async fn nearest(
    app: &App,
    filter: &PublicFilter,
    circle: Circle,
    (cursor, limit): (Option<&str>, usize),
) -> Result<(Vec<Found>, Option<String>), ApiError> {
    let after: Option<(u64, Place)> =
        cursor.map(|cursor| page::key(NEAREST, cursor)).transpose()?;
    let after = after.map(|(distance, place)| NearKey { distance, place });
    let mut near = app.board.nearest(filter, circle, after, limit.saturating_add(1));
    let more = near.len() > limit;
    near.truncate(limit);
    let key = |(place, metres): &(Place, f64)| page::cursor(NEAREST, &(metres.to_bits(), *place));
    let next = near.last().filter(|_| more).map(key);
    let distance =
        |place| near.iter().find(|(known, _)| *known == place).map(|(_, metres)| *metres);
    let shown = shown(app, near.iter().map(|(place, _)| *place).collect()).await?;
    Ok((shown.into_iter().map(|(place, report)| (report, distance(place))).collect(), next))
}

/// What fits `filter`, the latest first, at most `limit`.
pub(super) async fn latest(
    app: &App,
    filter: &PublicFilter,
    limit: usize,
) -> Result<Vec<PublicReport>, ApiError> {
    app.board.current().await?;
    let found = shown(app, app.board.newest(filter, None, limit)).await?;
    Ok(found.into_iter().map(|(_, report)| report).collect())
}

/// What hangs at `places` now.
pub(super) async fn shown(
    app: &App,
    places: Vec<Place>,
) -> Result<Vec<(Place, PublicReport)>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    app.database.read(move |tx| tx.shown_at(&places)).await
}
