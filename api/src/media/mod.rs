//! Media: uploading photos, videos and sounds, in one go or as the network lets them, and showing
//! them to whoever may see them.

mod create;
mod desk;
mod form;
mod name;
mod receive;
mod reply;
mod settle;
mod show;
mod timers;
mod tus;
mod uploads;
mod view;

use std::sync::Arc;

use domain::{
    Moment,
    media::Quota,
    secret::{Digest, Hasher as _, Purpose},
};
use infra::media::{InvalidFiles, MediaFiles, Workshop};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{App, settings::Settings};

pub(crate) use form::pieces;
pub(crate) use name::{attachment, uploader};
pub(crate) use receive::{Arrival, receive};
pub(crate) use settle::{first, settle};
pub(crate) use timers::run;
pub use timers::tick;
pub(crate) use view::MediaView;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create::upload)
        .service(show::show)
        .service(uploads::options)
        .service(uploads::create)
        .service(uploads::state)
        .service(uploads::append)
        .service(uploads::terminate)
        .service(desk::list)
        .service(desk::add)
        .service(desk::approve)
        .service(desk::hide);
}

/// Where media are kept and looked at, and how much of them is taken.
pub(crate) struct Darkroom {
    pub(crate) files: MediaFiles,
    pub(crate) workshop: Workshop,
    quota: Quota,
}

impl Darkroom {
    /// Opens where media are kept, as `settings` have it.
    pub(crate) fn open(settings: &Settings) -> Result<Arc<Self>, InvalidFiles> {
        let files = MediaFiles::open(&settings.media_files())?;
        let at_once = settings.media_decoders.into();
        let workshop = Workshop::new(files.clone(), settings.media_bounds(), at_once);
        Ok(Arc::new(Self { files, workshop, quota: settings.media_quota() }))
    }
}

/// By what somebody who is signed in is counted.
fn account(app: &App, id: uuid::Uuid) -> Digest {
    app.keys.digest(Purpose::MediaQuota, &[b"account", id.as_bytes()])
}

/// What a file that nobody has seen before is called.
fn fresh(now: &Moment, start: u64) -> String {
    let nonce = domain::secret::hex(&now.random::<8>());
    format!("part-{start:012}-{nonce}")
}
