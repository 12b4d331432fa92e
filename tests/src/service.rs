//! The service under test: the real application, over real HTTP, in a world that stands still.

use std::{net::TcpListener, sync::Arc};

use actix_web::{dev::ServerHandle, web::Data};
use api::{App, server, settings::Settings};
use domain::identity::{
    AddStaffError, NewStaff, Password, PasswordHash, Passwords as _, Role, StaffMember,
    StaffRepository as _, add_staff,
};
use infra::database::Transaction;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::OnceCell;

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

    /// A citizen who has signed in by phone. The same name is the same person.
    pub async fn citizen(&self, name: &str) -> Caller {
        let phone = phone_of(name);
        let caller = self.anonymous();
        let asked = caller.post("/v1/auth/otp", json!({ "phone": phone })).await.expect(202);
        let code = self.code_sent_to(&phone).await;
        let proof = json!({ "challenge_id": asked["challenge_id"], "code": code });
        let signed_in = caller.post("/v1/auth/otp/verify", proof).await.expect(200);
        caller.bearing(signed_in["access_token"].as_str().expect("an access token"))
    }

    /// The one-time password in the next text message to `phone` (E.164).
    pub async fn code_sent_to(&self, phone: &str) -> String {
        let text = self.messages.receive(phone).await;
        let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
        assert_eq!(code.len(), 6, "{text}");
        code
    }

    /// Somebody of the whole province who handles emergency calls.
    pub async fn dispatcher(&self) -> Caller {
        self.staff("dispatcher", Role::Dispatcher, "province").await
    }

    /// Somebody of the whole province who answers feedback.
    pub async fn officer(&self) -> Caller {
        self.staff("officer", Role::Officer, "province").await
    }

    /// Somebody who runs the service.
    pub async fn administrator(&self) -> Caller {
        self.staff("administrator", Role::Administrator, "province").await
    }

    /// A staff member who has signed in. The same username is the same person.
    pub async fn staff(&self, username: &str, role: Role, agency: &str) -> Caller {
        self.employ(username, role, agency).await;
        let login = json!({ "username": username, "password": PASSWORD });
        let caller = self.anonymous();
        let signed_in = caller.post("/v1/auth/staff/login", login).await.expect(200);
        caller.bearing(signed_in["access_token"].as_str().expect("an access token"))
    }

    /// Adds somebody to the staff, unless they are there already.
    async fn employ(&self, username: &str, role: Role, agency: &str) {
        let new = NewStaff {
            username: username.parse().expect("a username"),
            role,
            agency: agency.parse().expect("an agency code"),
            password: hashed_password(&self.app).await,
        };
        let now = self.app.now();
        let employ = move |tx: &mut Transaction<'_>| {
            let id = add_staff(tx, &now, new)?;
            let added = tx.staff_member(id)?.expect("who was added is there");
            // Who exists for the demonstration signs in without a second factor.
            Ok(tx.save_staff_member(&StaffMember { demo: true, ..added }, 1)?)
        };
        match self.app.database.write(employ).await {
            Ok(()) | Err(AddStaffError::UsernameTaken) => {}
            Err(error) => panic!("{username} cannot be added: {error}"),
        }
    }
}

/// The password of everybody on the staff.
pub const PASSWORD: &str = "correct horse battery staple";
/// 32 bytes, base64.
const MASTER_KEY: &str = "dGVzdHMgb25seSwgbmV2ZXIgYSByZWFsIHNlcnZlciE=";

/// Hashed once in a process: it is made to be slow.
async fn hashed_password(app: &App) -> PasswordHash {
    static HASHED: OnceCell<PasswordHash> = OnceCell::const_new();
    let hash = || async {
        let password = Password::from(PASSWORD);
        let salt = app.now().random();
        app.passwords.run(move |hashing| hashing.hash(&password, salt)).await.expect("a hash")
    };
    HASHED.get_or_init(hash).await.clone()
}

/// A Vietnamese mobile number that belongs to `name` alone.
fn phone_of(name: &str) -> String {
    let digits = name.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 100_000_000);
    format!("+849{digits:08}")
}

fn settings(fresh: &Fresh, variables: &[(&str, &str)]) -> Settings {
    let var = fresh.folder.path().join("var").display().to_string();
    let key = fresh.folder.path().join("master.key").display().to_string();
    std::fs::write(&key, MASTER_KEY).expect("a file for the master key");
    let usual = [
        ("CTN_MASTER_KEY_FILE", key.as_str()),
        ("CTN_LISTEN", "127.0.0.1:0"),
        ("CTN_VAR", &var),
        ("CTN_RESERVE_MIB", "0"),
        ("CTN_WORKERS", "1"),
        ("CTN_DATABASE_CONNECTIONS", "4"),
        // The clock of tests is moved by hand, and so are the timers.
        ("CTN_DISPATCH_TIMERS_EVERY_MS", "3600000"),
        ("CTN_DISPATCH_OVERLOAD_EVERY_MS", "3600000"),
        ("CTN_PROBE_EVERY_S", "0"),
        ("CTN_PROBE_PATIENCE_MS", "2000"),
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
