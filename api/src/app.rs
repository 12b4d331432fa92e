//! The application as a value: everything a handler needs, started and stopped as one.

use std::{net::IpAddr, sync::Arc, time::Duration};

use domain::{
    Entropy, Moment, StoreError,
    secret::{Digest, Hasher as _, Purpose},
};
use infra::{
    clock::{Clock, SystemClock},
    database::{Database, Transaction},
    dataset::load_shipped,
    directory::{CalendarFeed, KnownAgencies, KnownEntries},
    dossier::{DossierSystem, InvalidUpstream, Upstream},
    emergency::{KnownCrews, Spool, standing_orders},
    entropy::SystemEntropy,
    event::{Feed, Follower},
    feedback::{Board, KnownSetup},
    identity::{Argon2Passwords, Keyring, MasterKey, OidcProvider, ShippedPasswords, Tokens},
    notification::{
        HttpGateway, InboundKey, InvalidGateway, LogGateway, NoGateway, OutboxWorker, SmsGateway,
    },
    reserve::Reserve,
    snapshot::{Snapshot, Snapshots},
    vault::reseal,
};
use tokio::task::JoinHandle;

pub use crate::start_error::StartError;
use crate::{
    audit,
    catalogue::wording::{self, Tallies},
    chores,
    directory::{Noting, calendars},
    dossier::rounds,
    emergency::{self, CallSources, Cases, Overload, Probe, Receipts, Staffing, Timers},
    feedback::{self, CategoryShelf},
    identity::News,
    limits::Limits,
    media::{self, Darkroom},
    offline::Packs,
    settings::{Settings, SmsGatewayKind},
};

/// For whom access tokens are meant: the routes of this service.
const AUDIENCE: &str = "cthainguyen";

/// What surrounds the application: the real world in production, a frozen one in tests.
#[derive(Clone)]
pub struct Surroundings {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes chance.
    pub entropy: Arc<dyn Entropy>,
    /// Sends text messages.
    pub sms: Arc<dyn SmsGateway>,
    /// A snapshot that was made before; it is used where the store holds the same data.
    pub snapshot: Option<Arc<Snapshot>>,
}

impl Surroundings {
    /// The real world, as `settings` has it.
    ///
    /// # Errors
    /// [`InvalidGateway`] when they describe no SMS gateway.
    pub fn real(settings: &Settings) -> Result<Self, InvalidGateway> {
        let clock = Arc::new(SystemClock);
        let sms: Arc<dyn SmsGateway> = match settings.sms_gateway {
            Some(SmsGatewayKind::Http) => {
                Arc::new(HttpGateway::new(&settings.sms_http(), clock.clone())?)
            }
            Some(SmsGatewayKind::Log) => Arc::new(LogGateway),
            None => Arc::new(NoGateway),
        };
        let entropy = Arc::new(SystemEntropy::default());
        Ok(Self { clock, entropy, sms, snapshot: None })
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment::new(self.clock.now(), Arc::clone(&self.entropy))
    }
}

/// Everything a handler needs.
pub struct App {
    /// The effective configuration.
    pub settings: Settings,
    /// The store.
    pub database: Database,
    /// The keys: makes digests of secrets.
    pub keys: Arc<Keyring>,
    /// Signs and checks access tokens.
    pub tokens: Arc<Tokens>,
    /// By whom people sign in with OpenID Connect.
    pub oidc: Option<OidcProvider>,
    /// Hashes and checks passwords.
    pub passwords: Argon2Passwords,
    /// The passwords that nobody may choose.
    pub known_passwords: Arc<ShippedPasswords>,
    /// Where media are kept and looked at.
    pub(crate) media: Arc<Darkroom>,
    /// What can be reported.
    pub feedback: CategoryShelf,
    /// What was published of reports, to be found.
    pub board: Arc<Board>,
    /// What strangers are told of many reports, made before.
    pub(crate) public_figures: feedback::PublicFigures,
    /// What becomes due with reports.
    pub(crate) report_timers: feedback::Timers,
    /// The agencies as they stand: who reaches what.
    pub agencies: Arc<KnownAgencies>,
    /// Who drives with which unit.
    pub(crate) crews: Arc<KnownCrews>,
    /// The emergencies that their callers follow.
    pub(crate) cases: Cases,
    /// What was entered about places: notices and corrections.
    pub entries: Arc<KnownEntries>,
    /// Notes how places and notices stand, so that phones can follow them.
    pub noting: Noting,
    /// The system that can be asked how dossiers stand.
    pub dossiers: Option<Arc<dyn DossierSystem>>,
    /// What phones keep, made before.
    pub(crate) packs: Packs,
    /// How often one source may ask.
    pub limits: Arc<Limits>,
    /// Who is on duty.
    pub staffing: Arc<Staffing>,
    /// How many calls wait, and what their callers are told and asked.
    pub(crate) overload: Arc<Overload>,
    /// Calls that the service makes itself.
    pub(crate) probe: Probe,
    /// By what an SMS gateway shows that a message is its own.
    pub sms_inbound: Option<InboundKey>,
    /// What waits for the store to come back.
    pub spool: Spool,
    /// Room on the disk for when it is full.
    pub reserve: Arc<Reserve>,
    /// Where emergency calls came from, lately.
    pub call_sources: CallSources,
    surroundings: Surroundings,
    timers: Timers,
    unanswered: Tallies,
    snapshots: Arc<Snapshots>,
    follower: Follower,
    background: Vec<JoinHandle<()>>,
}

impl App {
    /// Opens the store, brings it up to date, loads the shipped data where there is none yet, and
    /// starts what works in the background.
    ///
    /// # Errors
    /// [`StartError`] says what is wrong and what to do about it.
    pub async fn start(settings: Settings, surroundings: Surroundings) -> Result<Self, StartError> {
        std::fs::create_dir_all(&settings.var).map_err(unmade(&settings))?;
        let options = settings.database()?;
        let now = surroundings.now();
        let file = settings.master_key_file.as_deref();
        let master_key = MasterKey::find(file, &settings.var, &options.url, &now)?;
        let database = Database::open(&options).await?;
        let keys = Arc::new(Keyring::open(&database, &master_key, now.clone()).await?);
        reseal(&database).await?;
        let tokens = Arc::new(Tokens::new(&keys, &settings.issuer, AUDIENCE)?);
        let clock = Arc::clone(&surroundings.clock);
        let oidc = settings.oidc().map(|oidc| OidcProvider::new(oidc, clock)).transpose()?;
        let dossiers = dossier_system(&settings, &surroundings)?;
        let passwords = Argon2Passwords::new(&now);
        let snapshots = open_data(&database, &settings, &surroundings).await?;
        let agencies = Arc::clone(snapshots.agencies());
        let waits = (settings.waits(), settings.roads());
        database.give_orders(standing_orders(&agencies, &snapshots, waits));
        let entries = Arc::new(KnownEntries::default());
        let setup = Arc::new(KnownSetup::shipped()?);
        let board = Arc::new(Board::new(&database));
        let crews = Arc::new(KnownCrews::default());
        let news = News::new((&tokens, &crews), &snapshots, (&entries, &setup, &board));
        let follower = listen(&database, &tokens, &agencies, &news, now).await?;
        entries.refresh(&database).await?;
        setup.refresh(&database).await?;
        let feeds = settings.notice_calendars.iter().map(|line| CalendarFeed::new(line));
        let feeds = feeds.collect::<Result<Vec<_>, _>>()?;
        let outbox = OutboxWorker::new(database.clone(), Arc::clone(&surroundings.sms));
        let clock = Arc::clone(&surroundings.clock);
        let limits = Arc::new(Limits::new(&settings));
        let staffing = Arc::new(Staffing::default());
        let timers = Timers::new(&database, &keys, &surroundings, &settings);
        let both = (&agencies, &staffing);
        let overload = Overload::new(&database, follower.feed(), both, &surroundings, &settings);
        let probe = Probe::new(&database, follower.feed(), &surroundings, &settings);
        let unanswered = Tallies::new(settings.search_unanswered_askers.into());
        let following_keys = news.follow_keys(database.clone(), master_key, surroundings.clone());
        let report_timers = feedback::Timers {
            database: database.clone(),
            keys: Arc::clone(&keys),
            agencies: Arc::clone(&agencies),
            setup,
            snapshots: Arc::clone(&snapshots),
            surroundings: surroundings.clone(),
            board: Arc::clone(&board),
            patience: settings.feedback_patience(),
            contact_kept: settings.feedback_contact_kept(),
        };
        let media = Darkroom::open(&settings)?;
        let spool =
            Spool::open(settings.var.join("spool"), &database).map_err(unmade(&settings))?;
        let sms_inbound = settings.sms_inbound_key.as_ref().map(InboundKey::new).transpose()?;
        let reserve = Arc::new(Reserve::new(&settings.var, settings.reserve_mib));
        let mut background = vec![
            tokio::spawn(following_keys),
            tokio::spawn(async move { outbox.run(clock).await }),
        ];
        background.extend(follow_calendars(feeds, (&database, &entries), &surroundings));
        let (known, noted) = (Arc::clone(&snapshots), Arc::clone(&entries));
        let noting = Noting::new(database.clone(), known, noted, surroundings.clone());
        let mut app = Self {
            settings,
            database,
            keys,
            tokens,
            oidc,
            passwords,
            known_passwords: Arc::new(ShippedPasswords::open()?),
            media,
            feedback: CategoryShelf::new(Arc::clone(&report_timers.setup))?,
            board,
            public_figures: feedback::PublicFigures::default(),
            report_timers,
            agencies,
            crews,
            cases: Cases::new(follower.feed()),
            noting,
            entries,
            dossiers,
            packs: Packs::default(),
            limits,
            staffing,
            overload: Arc::new(overload),
            probe,
            sms_inbound,
            spool,
            reserve,
            call_sources: CallSources::default(),
            surroundings,
            timers,
            unanswered,
            snapshots,
            follower,
            background,
        };
        app.background.extend(app.keep_going());
        Ok(app)
    }

    /// Starts what goes on in the background for as long as the application lives.
    fn keep_going(&self) -> Vec<JoinHandle<()>> {
        let (database, surroundings) = (|| self.database.clone(), || self.surroundings.clone());
        let staffing = Arc::clone(&self.staffing);
        let audit_kept = self.settings.audit_kept();
        let unanswered_kept = self.settings.unanswered_kept();
        let feed = Arc::clone(self.follower.feed());
        let keys = || Arc::clone(&self.keys);
        let mut going = vec![
            tokio::spawn(emergency::catch_up(
                self.spool.clone(),
                surroundings(),
                Receipts::new(&self.database, &self.keys, &self.settings),
            )),
            tokio::spawn(emergency::hold(Arc::clone(&self.reserve))),
            tokio::spawn(emergency::keep_current(database(), surroundings(), staffing)),
            tokio::spawn(emergency::link(database(), feed, surroundings())),
            tokio::spawn(Arc::clone(&self.overload).run()),
            tokio::spawn(self.probe.clone().run()),
            tokio::spawn(self.timers.clone().run()),
            tokio::spawn(self.report_timers.clone().run()),
            tokio::spawn(self.report_timers.clone().spread()),
            tokio::spawn(self.report_timers.clone().hang_up_the_rest()),
            tokio::spawn(Arc::clone(&self.board).keep()),
            tokio::spawn(audit::keep(database(), keys(), surroundings(), audit_kept)),
            tokio::spawn(wording::keep(
                database(),
                self.unanswered.clone(),
                surroundings(),
                unanswered_kept,
            )),
            tokio::spawn(chores::run(
                database(),
                surroundings(),
                self.settings.emergency_retention(),
            )),
            tokio::spawn(media::run(database(), Arc::clone(&self.media), surroundings())),
            tokio::spawn(forget_idle(Arc::clone(&self.limits))),
            tokio::spawn(watch(Arc::clone(&self.snapshots), surroundings())),
            tokio::spawn(read_entries(database(), Arc::clone(&self.entries))),
            tokio::spawn(self.noting.clone().watch()),
            tokio::spawn(read_setup(database(), Arc::clone(self.feedback.setup()))),
        ];
        if let Some(system) = self.dossiers.clone() {
            going.push(tokio::spawn(rounds::make(database(), keys(), system, surroundings())));
        }
        going
    }

    /// The present moment, for one use case.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.surroundings.now()
    }

    /// A network address, to count by without keeping it.
    #[must_use]
    pub fn source(&self, address: IpAddr) -> Digest {
        self.keys.digest(Purpose::Source, &[b"address", address.to_string().as_bytes()])
    }

    /// Everything that is looked up often, as it stands now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshots.current()
    }

    /// Looks at once whether other data was put in force, as happens every second by itself.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub async fn refresh_snapshot(&self) -> Result<bool, StoreError> {
        self.snapshots.refresh().await
    }

    /// Counts a query that found nothing, by whoever is at `address`.
    pub(crate) fn count_unanswered(&self, query: &str, address: IpAddr) {
        self.unanswered.count(query, self.source(address), self.now().at);
    }

    /// Writes down at once which queries found nothing, as happens every minute by itself.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    pub async fn write_down_unanswered(&self) -> Result<(), StoreError> {
        let kept = self.settings.unanswered_kept();
        wording::write_down(&self.database, &self.unanswered, &self.now(), kept).await
    }

    /// Does at once what became due in dispatching, as happens every second by itself.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    pub async fn run_timers(&self) -> Result<(), StoreError> {
        self.timers.tick().await
    }

    /// Counts at once how many calls wait, and asks their callers, as happens every other second by
    /// itself.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub async fn run_overload(&self) -> Result<(), StoreError> {
        self.overload.tick().await
    }

    /// Makes a probe at once, as happens every minute by itself.
    pub async fn run_probe(&self) {
        self.probe.go().await;
    }

    /// The event log, to follow.
    #[must_use]
    pub fn feed(&self) -> &Arc<Feed> {
        self.follower.feed()
    }
}

/// What to say when a folder in `var` cannot be made.
fn unmade(settings: &Settings) -> impl FnOnce(std::io::Error) -> StartError {
    let path = settings.var.display().to_string();
    move |error| StartError::Var { path, reason: error.to_string() }
}

/// The system that can be asked how dossiers stand, as `settings` have it.
fn dossier_system(
    settings: &Settings,
    surroundings: &Surroundings,
) -> Result<Option<Arc<dyn DossierSystem>>, InvalidUpstream> {
    let Some(options) = settings.dossier_upstream() else { return Ok(None) };
    Ok(Some(Arc::new(Upstream::new(&options, Arc::clone(&surroundings.clock))?)))
}

/// Starts to follow calendars of notices, where there are any.
fn follow_calendars(
    feeds: Vec<CalendarFeed>,
    (database, entries): (&Database, &Arc<KnownEntries>),
    surroundings: &Surroundings,
) -> Option<JoinHandle<()>> {
    if feeds.is_empty() {
        return None;
    }
    let (database, entries) = (database.clone(), Arc::clone(entries));
    Some(tokio::spawn(calendars::follow(database, entries, feeds, surroundings.clone())))
}

/// Loads the shipped data where the store has none, and makes the snapshot.
async fn open_data(
    database: &Database,
    settings: &Settings,
    surroundings: &Surroundings,
) -> Result<Arc<Snapshots>, StartError> {
    load_shipped(database, &|| surroundings.now()).await?;
    let cache = settings.var.join("cache");
    let snapshots = Snapshots::open(database, Some(cache), surroundings.snapshot.clone()).await?;
    Ok(Arc::new(snapshots))
}

/// Starts to follow the event log, and takes in what happened to staff and agencies before.
async fn listen(
    database: &Database,
    tokens: &Arc<Tokens>,
    agencies: &Arc<KnownAgencies>,
    news: &News,
    now: Moment,
) -> Result<Follower, StoreError> {
    let heard = news.clone();
    let follower = Follower::hearing(database, move |event| heard.hear(event)).await?;
    let (tokens, agencies, crews) = (Arc::clone(tokens), Arc::clone(agencies), news.crews());
    let recall = move |tx: &mut Transaction<'_>| {
        agencies.recall(tx)?;
        crews.recall(tx)?;
        tokens.revocations().recall(tx, now.at)
    };
    database.read(recall).await?;
    Ok(follower)
}

/// Keeps the snapshot in step with the store.
async fn watch(snapshots: Arc<Snapshots>, surroundings: Surroundings) {
    snapshots.watch(&|| surroundings.now()).await;
}

/// Keeps what was entered in step with the store.
async fn read_entries(database: Database, entries: Arc<KnownEntries>) {
    entries.watch(&database).await;
}

/// Keeps what can be reported, and who gets it, in step with the store.
async fn read_setup(database: Database, setup: Arc<KnownSetup>) {
    setup.watch(&database).await;
}

/// Keeps the rate limits from remembering everybody who ever asked.
async fn forget_idle(limits: Arc<Limits>) {
    let mut minute = tokio::time::interval(Duration::from_mins(1));
    loop {
        minute.tick().await;
        limits.forget_idle();
    }
}

impl Drop for App {
    fn drop(&mut self) {
        for task in &self.background {
            task.abort();
        }
    }
}
