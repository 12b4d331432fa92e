//! The HTTP server over an [`App`].

use std::{io, net::TcpListener, time::Duration};

use actix_cors::Cors;
use actix_web::{
    HttpServer,
    dev::{Server, ServerHandle},
    middleware::{Compress, Condition, from_fn},
    web::{self, Data},
};
use tracing_actix_web::TracingLogger;
use utoipa::{OpenApi as _, openapi::OpenApi};
use utoipa_actix_web::{AppExt as _, service_config::ServiceConfig};

use crate::{
    App, audit, catalogue, directory, dossier, emergency, feedback, identity, media, notification,
    observe::{self, RootSpan},
    offline, personal,
    settings::Settings,
    system, territory,
};

/// How long a stop waits for requests that are under way. The whole stop takes ten seconds at most.
const GRACE_S: u64 = 8;
/// How long a phone may take to send the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
/// How long an idle connection is kept for the next request.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Every route of the service. No two match the same request, but a path is compared with one after
/// the other, each with an id in it by a pattern: what is asked for most comes first. All of them
/// together take microseconds.
fn routes(config: &mut ServiceConfig<'_>) {
    system::routes(config);
    catalogue::routes(config);
    territory::routes(config);
    directory::routes(config);
    emergency::routes(config);
    offline::routes(config);
    dossier::routes(config);
    feedback::routes(config);
    media::routes(config);
    notification::routes(config);
    identity::routes(config);
    personal::routes(config);
    audit::routes(config);
}

/// What the generated document says of the service as a whole.
#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "C-ThaiNguyen",
    description = "Public services, emergency support and feedback for the province of Thái Nguyên.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

/// The OpenAPI document, from the routes themselves.
#[must_use]
pub fn document() -> OpenApi {
    let (_, document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .configure(routes)
        .split_for_parts();
    identity::describe_security(system::describe_problems(document))
}

/// Starts to serve `app` on `listener`. The returned server runs when it is awaited.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(app: Data<App>, listener: TcpListener) -> io::Result<Server> {
    let document = Data::new(system::Document::new(&document()));
    let workers = app.settings.workers;
    let called_from_browsers = !app.settings.cors_origins.is_empty();
    let factory = move || {
        let (service, _) = actix_web::App::new()
            .into_utoipa_app()
            .app_data(app.clone())
            .app_data(document.clone())
            .configure(routes)
            .split_for_parts();
        service
            .configure(system::pages)
            .default_service(web::to(system::no_such_route))
            .wrap(Compress::default())
            .wrap(Condition::new(called_from_browsers, cors(&app.settings)))
            .wrap(from_fn(observe::observe))
            .wrap(TracingLogger::<RootSpan>::new())
    };
    let mut server = HttpServer::new(factory)
        .disable_signals()
        .shutdown_timeout(GRACE_S)
        .client_request_timeout(HEAD_PATIENCE)
        .keep_alive(KEEP_ALIVE)
        .backlog(4096);
    if let Some(workers) = workers {
        server = server.workers(workers);
    }
    Ok(server.listen(listener)?.run())
}

/// Stops `server` gracefully: long polls are answered, requests under way are finished.
pub async fn stop(app: &App, server: &ServerHandle) {
    app.feed().close();
    server.stop(true).await;
}

fn cors(settings: &Settings) -> Cors {
    let base = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "Accept",
            "Accept-Language",
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "If-Range",
            "Last-Event-ID",
            "Range",
            "Tus-Resumable",
            "Upload-Checksum",
            "Upload-Length",
            "Upload-Metadata",
            "Upload-Offset",
            "X-Request-Id",
        ])
        .expose_headers([
            "Content-Range",
            "ETag",
            "Location",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "Tus-Checksum-Algorithm",
            "Tus-Extension",
            "Tus-Max-Size",
            "Tus-Resumable",
            "Tus-Version",
            "Upload-Expires",
            "Upload-Length",
            "Upload-Offset",
            "X-Request-Id",
        ])
        .max_age(3600);
    settings.cors_origins.iter().fold(base, |cors, origin| cors.allowed_origin(origin))
}
