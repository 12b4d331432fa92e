//! The service under test: the real application, over real HTTP, in a world that stands still.

use std::{net::TcpListener, sync::Arc};

use actix_web::{dev::ServerHandle, web::Data};
use api::{App, server, settings::Settings};
use tempfile::TempDir;

use crate::{
    Caller, FrozenClock, Messages,
    store::{Fresh, snapshot},
    surroundings::World,
};

/// A running service with a store of its own. It stops when dropped.
pub struct Service {
    /// The clock it lives by.
    pub clock: Arc<FrozenClock>,
    /// The text messages it has sent.
    pub messages: Arc<Messages>,
    /// The application behind it, for what no caller can see.
    pub app: Data<App>,
    base: String,
    handle: ServerHandle,
    _folder: TempDir,
}

impl Service {
    /// Starts the application on `fresh`.
    pub async fn start(fresh: Fresh) -> Self {
        Self::configured(fresh, &[]).await
    }

    /// Starts the application on `fresh` with environment variables beside the usual ones.
    pub async fn configured(fresh: Fresh, variables: &[(&str, &str)]) -> Self {
        let world = World::default();
        let settings = settings(&fresh, variables);
        let surroundings = world.surroundings(snapshot().await);
        let app = App::start(settings, surroundings).await.expect("the application starts");
        let app = Data::from(Arc::new(app));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("a bound address"));
        let running = server::serve(app.clone(), listener).expect("the server starts");
        let handle = running.handle();
        tokio::spawn(running);
        Self {
            clock: world.clock,
            messages: world.messages,
            app,
            base,
            handle,
            _folder: fresh.folder,
        }
    }

    /// Somebody without any token.
    pub fn anonymous(&self) -> Caller {
        Caller::new(&self.base)
    }
}

fn settings(fresh: &Fresh, variables: &[(&str, &str)]) -> Settings {
    let var = fresh.folder.path().join("var").display().to_string();
    let usual = [
        ("CTN_LISTEN", "127.0.0.1:0"),
        ("CTN_VAR", &var),
        ("CTN_WORKERS", "1"),
        ("CTN_DATABASE_CONNECTIONS", "4"),
        ("DATABASE_URL", &fresh.url),
    ];
    let all = usual.iter().chain(variables);
    let owned = all.map(|&(name, value)| (name.to_owned(), value.to_owned()));
    Settings::load(None, owned.collect::<Vec<_>>().into_iter()).expect("the settings are valid")
}

impl Drop for Service {
    fn drop(&mut self) {
        self.app.feed().close();
        drop(self.handle.stop(false));
    }
}
