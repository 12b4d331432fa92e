//! Raising an emergency, telling positions, calling it off: what never refuses.

use actix_web::{HttpResponse, http::header::LOCATION, post, put, web::Data};
use domain::{
    Moment,
    emergency::{self, Deferred, Hearing, RaiseError, Raised, Wish},
    media::Attachment,
};
use infra::database::Transaction;

use super::{
    intake::Incoming,
    keeping::{self, Kept, store_or_keep},
    media,
    view::{self, CallView, LocatedView},
};
use crate::{App, problem::ApiError};

/// Call for help
///
/// Nothing is required: `{}` is a call, and so is whatever else the body holds. Only a body over
/// 256 KiB (413) is refused, and what neither store nor disk can take (503). While the store is away
/// the call is kept beside it (202): whoever chose an `id` gets the token by repeating it later. A repetition under the same `id` or
/// `Idempotency-Key` finds the first call.
#[utoipa::path(
    tag = "emergency",
    request_body(content = Object, description = "`{id?, secret?, kind?, note?, location?, silent?, \
        drill?, on_behalf_of?, household?, people?, phone?, commune_code?, landmark?, age_ms?}`"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Finds the call again")),
    responses(
        (status = 201, description = "The call is stored", body = CallView),
        (status = 200, description = "What was said is stored under an emergency that stood already", body = CallView),
        (status = 202, description = "The store is away; what was said is kept and will be stored. Dial", body = CallView),
        (status = 413, description = "Problem `payload_too_large`"),
        (status = 503, description = "Problem `call_not_stored`: dial"),
    )
)]
#[post("/v1/emergencies")]
pub(super) async fn raise_emergency(
    app: Data<App>,
    incoming: Incoming,
) -> Result<HttpResponse, ApiError> {
    raised(&app, incoming, Vec::new()).await
}

/// Call for help under an id of one's own
#[utoipa::path(
    tag = "emergency",
    params(("id" = String, Path, description = "The id; one that is no UUID is mapped to one")),
    request_body(content = Object, description = "As for `POST /v1/emergencies`"),
    responses(
        (status = 201, description = "The call is stored", body = CallView),
        (status = 200, description = "What was said is stored under an emergency that stood already", body = CallView),
        (status = 202, description = "The store is away; what was said is kept and will be stored. Dial", body = CallView),
        (status = 413, description = "Problem `payload_too_large`"),
        (status = 503, description = "Problem `call_not_stored`: dial"),
    )
)]
#[put("/v1/emergencies/{id}")]
pub(super) async fn put_emergency(
    app: Data<App>,
    incoming: Incoming,
) -> Result<HttpResponse, ApiError> {
    raised(&app, incoming, Vec::new()).await
}

/// Raises what is called for, and shows with it what its caller uploaded before.
pub(super) async fn raised(
    app: &App,
    incoming: Incoming,
    uploads: Vec<Attachment>,
) -> Result<HttpResponse, ApiError> {
    let (now, language) = (app.now(), incoming.language);
    let (call, _) = incoming.understood(app, &now);
    let source = call.source.digest;
    let asked = Deferred { at: now.at, call, wish: Wish::Help };
    let Raised { hearing, created } = match store_or_keep(app, &now, asked, raise).await? {
        Kept::Stored(raised) => raised,
        Kept::Deferred(asked) => return Ok(keeping::answer(&asked, app, &now, language)),
    };
    if let Hearing::Caller(emergency) = &hearing {
        media::show_with_call(app, emergency.id, uploads).await;
    }
    if let Hearing::Caller(emergency) = &hearing
        && created
        && emergency.status.is_open()
        && emergency.is_empty()
    {
        app.call_sources.remember(source, emergency.id);
    }
    let view = CallView::of(&hearing, app, &now, language);
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    answer.insert_header((LOCATION, view::path(view.id.into())));
    Ok(answer.json(view))
}

/// Stores the call that is `asked`.
pub(super) fn raise(
    tx: &mut Transaction<'_>,
    now: &Moment,
    asked: &Deferred,
) -> Result<Raised, RaiseError> {
    emergency::raise(tx, now, asked.call.clone())
}

/// Tell positions
///
/// One (`{lat, lon, ..}`), or a batch (`{"locations": [..]}` or a bare array) in any order. What
/// cannot be read is named in `results`; the rest is stored. Repetitions are dropped.
#[utoipa::path(
    tag = "emergency",
    params(
        ("id" = String, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "That of the call shows its caller"),
    ),
    request_body(content = Object, description = "`{lat, lon, accuracy_m?, altitude_m?, \
        vertical_accuracy_m?, confidence?, source?, speed_mps?, bearing_deg?, fixed_at?, age_ms?, \
        battery_pct?, mock?, sos?, last_gasp?}`, or several of them, beside `secret`"),
    responses(
        (status = 200, description = "The positions are stored", body = LocatedView),
        (status = 202, description = "The store is away; what was said is kept and will be stored. Dial", body = CallView),
        (status = 413, description = "Problem `payload_too_large`"),
        (status = 503, description = "Problem `call_not_stored`"),
    )
)]
#[post("/v1/emergencies/{id}/locations")]
pub(super) async fn tell_locations(
    app: Data<App>,
    incoming: Incoming,
) -> Result<HttpResponse, ApiError> {
    let (now, language) = (app.now(), incoming.language);
    let (call, readings) = incoming.understood(&app, &now);
    let wish = Wish::Locate(readings.clone());
    let locate = move |tx: &mut Transaction<'_>, now: &Moment, asked: &Deferred| {
        emergency::report_locations(tx, now, &asked.call, &readings)
    };
    let asked = Deferred { at: now.at, call, wish };
    let located = match store_or_keep(&app, &now, asked, locate).await? {
        Kept::Stored(located) => located,
        Kept::Deferred(asked) => return Ok(keeping::answer(&asked, &app, &now, language)),
    };
    let view = CallView::of(&located.hearing, &app, &now, language);
    Ok(HttpResponse::Ok().json(LocatedView::new(view, &located.receptions)))
}

/// Call an emergency off
///
/// At once only while nobody has claimed it and nothing speaks of danger; else it is marked
/// (`cancel_requested`) until a dispatcher decides, since somebody may be forcing the caller.
#[utoipa::path(
    tag = "emergency",
    params(
        ("id" = String, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "That of the call shows its caller"),
    ),
    request_body(content = Object, description = "`{note?, secret?}`"),
    responses(
        (status = 200, description = "How the emergency stands now", body = CallView),
        (status = 202, description = "The store is away; what was said is kept and will be stored. Dial", body = CallView),
        (status = 413, description = "Problem `payload_too_large`"),
        (status = 503, description = "Problem `call_not_stored`"),
    )
)]
#[post("/v1/emergencies/{id}/cancellation")]
pub(super) async fn cancel_emergency(
    app: Data<App>,
    incoming: Incoming,
) -> Result<HttpResponse, ApiError> {
    let (now, language) = (app.now(), incoming.language);
    let (call, _) = incoming.understood(&app, &now);
    let asked = Deferred { at: now.at, call, wish: Wish::CallOff };
    let call_off = |tx: &mut Transaction<'_>, now: &Moment, asked: &Deferred| {
        emergency::request_cancellation(tx, now, &asked.call)
    };
    Ok(match store_or_keep(&app, &now, asked, call_off).await? {
        Kept::Stored(hearing) => {
            HttpResponse::Ok().json(CallView::of(&hearing, &app, &now, language))
        }
        Kept::Deferred(asked) => keeping::answer(&asked, &app, &now, language),
    })
}
