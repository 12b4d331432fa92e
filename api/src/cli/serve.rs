//! `serve`: the service itself.

use std::{
    io::{IsTerminal as _, stdout},
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{
    HttpServer,
    dev::Server,
    web::{self, Data},
};
use infra::database::DatabaseUrl;
use tracing_subscriber::{EnvFilter, fmt};

use super::{Failure, Serve, say};
use crate::{
    App, Surroundings, dossier, emergency, feedback,
    identity::demo,
    server,
    settings::{Limits, LogFormat, Settings, SmsGatewayKind},
    system,
};

pub(super) async fn serve(mut settings: Settings, options: Serve) -> Result<(), Failure> {
    start_log(&settings)?;
    system::recorder()?;
    if options.demo {
        settings.sms_gateway.get_or_insert(SmsGatewayKind::Log);
    }
    warn(&settings, options)?;
    raise_open_files();
    let listener = listen(settings.listen)?;
    let address = listener.local_addr()?;
    let metrics = settings.metrics_listen.map(listen).transpose()?;
    let surroundings = Surroundings::real(&settings)?;
    let app = Data::from(Arc::new(App::start(settings, surroundings).await?));
    if options.demo {
        let people = demo::open(&app).await?;
        emergency::demo::open(&app).await?;
        feedback::demo::open(&app, &people).await?;
        dossier::demo::open(&app, &people).await?;
    } else {
        demo::close(&app).await?;
    }
    let running = server::serve(app.clone(), listener)?;
    if let Some(listener) = metrics {
        tokio::spawn(serve_metrics(app.clone(), listener)?);
    }
    greet(&app.settings, address);
    let handle = running.handle();
    let served = tokio::spawn(running);
    asked_to_stop().await?;
    tracing::info!("stopping: requests under way are finished first");
    server::stop(&app, &handle).await;
    served.await??;
    Ok(())
}

fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| {
        format!("{address} cannot be listened on: {error}. Choose another one with CTN_LISTEN")
            .into()
    })
}

fn serve_metrics(app: Data<App>, listener: TcpListener) -> Result<Server, Failure> {
    let factory = move || {
        actix_web::App::new()
            .app_data(app.clone())
            .route("/metrics", web::get().to(system::metrics))
    };
    Ok(HttpServer::new(factory).workers(1).disable_signals().listen(listener)?.run())
}

fn start_log(settings: &Settings) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&settings.log_filter)?;
    let log = fmt().with_env_filter(filter).with_target(false).with_ansi(stdout().is_terminal());
    match settings.log {
        LogFormat::Text => log.try_init()?,
        LogFormat::Json => log.json().flatten_event(true).try_init()?,
    }
    Ok(())
}

/// Says loudly what must not be so in production.
fn warn(settings: &Settings, options: Serve) -> Result<(), Failure> {
    if settings.limits == Limits::Off {
        if !settings.listen.ip().is_loopback() {
            return Err("CTN_LIMITS=off is for measurements: listen on a loopback address".into());
        }
        tracing::warn!("RATE LIMITS ARE OFF: for measurements only");
    }
    if settings.sms_gateway == Some(SmsGatewayKind::Log) && !options.demo {
        tracing::warn!(
            "TEXT MESSAGES GO INTO THIS LOG, with numbers and codes: for development only"
        );
    }
    if settings.sms_gateway.is_none() {
        tracing::warn!("no SMS gateway is configured: nobody can sign in by phone (sms_gateway)");
    }
    Ok(())
}

/// Each connection is an open file: take as many as the system allows.
fn raise_open_files() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "open files"),
        Err(error) => tracing::warn!(%error, "the limit of open files could not be raised"),
    }
}

fn greet(settings: &Settings, address: SocketAddr) {
    let store = settings.database().map(|options| options.url);
    let store = store.unwrap_or_else(|_| DatabaseUrl::Sqlite(settings.var.clone()));
    say(&format!(
        "C-ThaiNguyen is ready on {store}\n  \
         reference  http://{address}/docs/\n  \
         search     http://{address}/v1/search?q=khai+sinh\n  \
         hotlines   http://{address}/v1/hotlines\n  \
         health     http://{address}/readyz"
    ));
}

/// Waits for SIGTERM or SIGINT.
async fn asked_to_stop() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}
