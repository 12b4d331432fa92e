//! Showing what was uploaded to whoever may see it. Nothing of it is ever run: a browser is told
//! what it is, not to guess, and to allow it nothing.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    body::SizedStream,
    get,
    http::{
        StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE,
            CONTENT_TYPE, ETAG, EntityTag, Header as _, HeaderValue, IF_RANGE, IfNoneMatch, Range,
        },
    },
    web::Data,
};
use domain::{
    media::{self, Claim, MediaId, MediaName, Rendition, Shown},
    secret::hex,
};
use infra::{
    database::Transaction,
    media::{File, file_of},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::name;
use crate::{
    App, emergency,
    extract::{Path, Query},
    feedback,
    identity::{Bearer, Caller},
    problem::{ApiError, Code},
};

/// What of it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Size {
    Thumb,
    Screen,
    #[default]
    Original,
}

/// What of it is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ShowQuery {
    /// `thumb` (320 pixels), `screen` (1,280 pixels) or `original`; `original` when absent. For
    /// strangers an original is one without metadata.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    size: Size,
}

impl From<Size> for Rendition {
    fn from(size: Size) -> Self {
        match size {
            Size::Thumb => Self::Thumb,
            Size::Screen => Self::Screen,
            Size::Original => Self::Original,
        }
    }
}

/// By what the caller wants to see something. What proves nothing is nobody's.
fn claim(caller: Caller, bearer: Bearer) -> Claim {
    if let Some(token) = bearer.0 {
        if let Some(name @ MediaName::Token(..)) = name::read(&token) {
            return Claim::Holder(media::Uploader::Anonymous, name);
        }
        let reporter = feedback::read_token(&token).map(Claim::Reporter);
        let caller = || emergency::read_token(&token).map(Claim::Caller);
        return reporter.or_else(caller).unwrap_or(Claim::Nobody);
    }
    match caller {
        Caller::Citizen(citizen) => Claim::Citizen(citizen.id),
        Caller::Staff(staff) => Claim::Staff(staff),
        Caller::Anonymous | Caller::Invalid => Claim::Nobody,
    }
}

/// Shows a photo, a video or a sound, or a range of its bytes.
///
/// To who uploaded it, or holds its token; to the reporter or caller whose it is (signed in, or with
/// their token); to those who answer for the thing it belongs to. To strangers once an officer
/// approved it and the report is published, and never with what the camera wrote beside it.
#[utoipa::path(
    tag = "media",
    security((), ("bearer" = [])),
    params(("id" = Uuid, Path, description = "The media"), ShowQuery,
           ("Range" = Option<String>, Header, description = "One range of bytes")),
    responses(
        (status = 200, description = "All of it", content_type = "application/octet-stream"),
        (status = 206, description = "The range", content_type = "application/octet-stream"),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 404, description = "Problem `not_found`: none, none of this size, or not for the caller"),
        (status = 416, description = "Problem `range_not_satisfiable`"),
    ),
)]
#[get("/v1/media/{id}")]
pub(super) async fn show(
    app: Data<App>,
    request: HttpRequest,
    (caller, bearer): (Caller, Bearer),
    Path(id): Path<MediaId>,
    Query(query): Query<ShowQuery>,
) -> Result<HttpResponse, ApiError> {
    let (now, keys) = (app.now(), app.keys.clone());
    let claim = claim(caller, bearer);
    // Only that staff opened something is written down.
    let written = matches!(claim, Claim::Staff(_));
    let look = move |tx: &mut Transaction<'_>| media::show(tx, (&now, &*keys), id, &claim);
    let shown =
        if written { app.database.write(look).await? } else { app.database.read(look).await? };
    let file = file_of(&shown, query.size.into()).ok_or_else(|| ApiError::new(Code::NotFound))?;
    let tag = tag(&shown, file);
    if IfNoneMatch::parse(&request).is_ok_and(|sent| names(&sent, &tag)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag.to_string())).finish());
    }
    send(&app, &request, (&shown, file, &tag)).await
}

/// The tag of a file: it never changes under its name.
fn tag(shown: &Shown, file: File) -> EntityTag {
    let digest = hex(&shown.media.sha256.unwrap_or_default());
    let (short, _) = digest.split_at_checked(32).unwrap_or((&digest, ""));
    EntityTag::new_strong(format!("{short}-{}", file.name))
}

fn names(sent: &IfNoneMatch, tag: &EntityTag) -> bool {
    match sent {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|sent| sent.weak_eq(tag)),
    }
}

async fn send(
    app: &App,
    request: &HttpRequest,
    (shown, file, tag): (&Shown, File, &EntityTag),
) -> Result<HttpResponse, ApiError> {
    let id = shown.media.id;
    let size = app.media.files.size(id, file.name).await?;
    let asked = asked(request, size, tag)?;
    let range = asked.unwrap_or((0, size));
    let mut response = HttpResponse::build(match asked {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    });
    if let Some((from, to)) = asked {
        let range = format!("bytes {from}-{}/{size}", to.saturating_sub(1));
        response.insert_header((CONTENT_RANGE, range));
    }
    let inline = file.content_type.starts_with("image/") && file.content_type != "image/heic";
    let how = if inline { "inline" } else { "attachment" };
    response
        .insert_header((ETAG, tag.to_string()))
        .insert_header((CONTENT_TYPE, HeaderValue::from_static(file.content_type)))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("{how}; filename=\"{id}.{}\"", file.extension),
        ))
        .insert_header((ACCEPT_RANGES, "bytes"))
        // What is packed already is not packed again: ranges are those of the file.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header((
            CACHE_CONTROL,
            if shown.all { "private, no-cache" } else { "public, no-cache" },
        ));
    if range.0 == range.1 {
        return Ok(response.finish());
    }
    let bytes = app.media.files.stream(id, file.name, range.0..range.1).await?;
    Ok(response.body(SizedStream::new(range.1 - range.0, bytes)))
}

/// The one range of bytes that is asked for, of `size`; none where all of it is. Several ranges are
/// answered with all of it (RFC 9110, section 14.2).
fn asked(
    request: &HttpRequest,
    size: u64,
    tag: &EntityTag,
) -> Result<Option<(u64, u64)>, ApiError> {
    let Some(Range::Bytes(ranges)) = request.get_header::<Range>() else { return Ok(None) };
    let [range] = ranges.as_slice() else { return Ok(None) };
    let condition = request.headers().get(IF_RANGE);
    if condition.is_some_and(|sent| sent.as_bytes() != tag.to_string().as_bytes()) {
        return Ok(None);
    }
    if let Some((from, to)) = range.to_satisfiable_range(size) {
        return Ok(Some((from, to.saturating_add(1))));
    }
    let mut error = ApiError::new(Code::RangeNotSatisfiable);
    if let Ok(all) = HeaderValue::try_from(format!("bytes */{size}")) {
        error = error.with_header(CONTENT_RANGE, all);
    }
    Err(error)
}
