//! The configuration: a commented default compiled in, then a file, then the environment.

mod load;
mod media;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use chrono::TimeDelta;
use domain::{
    allowance::Rate,
    dossier::{LocalStates, LookUpRates},
    emergency::{Deadlines, DutyPhone, Pages, Patience, Retention, Roads, Waits},
    identity::OtpRates,
    notification::SmsBudget,
};
use infra::{
    database::{DatabaseOptions, DatabaseUrl, InvalidDatabaseUrl},
    dossier::UpstreamOptions,
    identity::OidcOptions,
    notification::HttpGatewayOptions,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

pub use load::SettingsError;

/// The effective configuration. The commented default beside this file says what each key means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// A second address that serves only `/metrics`.
    pub metrics_listen: Option<SocketAddr>,
    /// Token that `/metrics` asks for.
    pub metrics_token: Option<SecretString>,
    /// Folder for everything this process keeps on disk.
    pub var: PathBuf,
    /// Room on the disk that is given back when it is full, in MiB.
    pub reserve_mib: u16,
    /// Which store, and where.
    pub database_url: Option<SecretString>,
    /// Most connections to the store.
    pub database_connections: u32,
    /// File that holds the master key.
    pub master_key_file: Option<PathBuf>,
    /// Form of the log.
    pub log: LogFormat,
    /// What is logged, in the words of `tracing`.
    pub log_filter: String,
    /// Threads that answer requests; as many as the machine has cores when absent.
    pub workers: Option<usize>,
    /// Rate limits.
    pub limits: Limits,
    /// How text messages leave the house.
    pub sms_gateway: Option<SmsGatewayKind>,
    /// Most text messages an hour.
    pub sms_per_hour: u16,
    /// Most of them to numbers that nobody ever signed in with.
    pub sms_unverified_per_hour: u16,
    /// The address of the HTTP gateway.
    pub sms_http_url: Option<String>,
    /// Headers that it asks for.
    pub sms_http_headers: Option<Vec<SecretString>>,
    /// What is sent to it.
    pub sms_http_body: Option<String>,
    /// The key by which messages to it are signed.
    pub sms_http_key: Option<SecretString>,
    /// What its answer has to hold.
    pub sms_http_accepted: Option<String>,
    /// The key by which messages from a gateway are signed.
    pub sms_inbound_key: Option<SecretString>,
    /// The address of this service as browsers know it.
    pub public_url: String,
    /// The provider by which people sign in with OpenID Connect.
    pub oidc_issuer: Option<String>,
    /// The name of this service there.
    pub oidc_client_id: Option<String>,
    /// The password of this service there.
    pub oidc_client_secret: Option<SecretString>,
    /// What it is asked for besides `openid`.
    pub oidc_scopes: Vec<String>,
    /// The claim that holds the number in the register of residents.
    pub oidc_claim_national_id: Option<String>,
    /// The claim that holds the full name.
    pub oidc_claim_full_name: Option<String>,
    /// Where apps may wait for a sign-in to come back.
    pub oidc_app_redirects: Vec<String>,
    /// Units that work on Saturday mornings.
    pub dossier_saturday_units: Vec<String>,
    /// Which state of the national list each state of the local systems is.
    pub dossier_local_states: LocalStates,
    /// Most wrong look-ups of dossiers an hour from one address.
    pub dossier_wrong_per_address_per_hour: u16,
    /// Most wrong look-ups of dossiers an hour by all together.
    pub dossier_wrong_per_hour: u16,
    /// The address of the system that can be asked how dossiers stand.
    pub dossier_upstream_url: Option<String>,
    /// Headers that it asks for.
    pub dossier_upstream_headers: Option<Vec<SecretString>>,
    /// How long it may take for an answer, with all tries, in milliseconds.
    pub dossier_upstream_patience_ms: u32,
    /// How long the crew of a unit has to see that it is sent, before they get a text message.
    pub dispatch_seen_within_s: u32,
    /// How long it has to acknowledge.
    pub dispatch_acknowledge_within_s: u32,
    /// How often what is due by the clock is looked for, in milliseconds.
    pub dispatch_timers_every_ms: u32,
    /// How often it is counted how many calls wait, in milliseconds.
    pub dispatch_overload_every_ms: u32,
    /// How long a call waits, where there are more of them than dispatchers, before its caller is asked.
    pub dispatch_triage_after_s: u32,
    /// How often the service makes a call itself; never where it is zero.
    pub probe_every_s: u32,
    /// How long that may take until followers are told.
    pub probe_patience_ms: u32,
    /// How many times longer a road is than the straight line.
    pub dispatch_road_factor: f64,
    /// How fast units get ahead, in kilometres an hour.
    pub dispatch_speed_kmh: f64,
    /// After how many seconds calls of high priority that nobody has go on to the next level.
    pub escalation_high_s: [u32; 3],
    /// Calls of normal priority.
    pub escalation_normal_s: [u32; 3],
    /// Calls of low priority: drills.
    pub escalation_low_s: [u32; 3],
    /// After how many seconds calls ring again that everybody on duty was called to.
    pub escalation_again_s: u32,
    /// Phones that are told where a centre has nobody there: `AGENCY=NUMBER`, or a number for all.
    pub escalation_duty_phones: Vec<DutyPhone>,
    /// Whether drills ring them, too.
    pub escalation_drills_page: bool,
    /// For how many days after its end an emergency keeps where its caller was.
    pub emergency_locations_kept_days: u32,
    /// For how many days it keeps what was said of people's health.
    pub emergency_medical_kept_days: u32,
    /// For how many days it keeps everything that was said, and by whom.
    pub emergency_words_kept_days: u32,
    /// Calendars of notices: `NAME=URL`.
    pub notice_calendars: Vec<String>,
    /// Web pages that may call from a browser.
    pub cors_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// The bucket that media are kept in.
    pub media_bucket: Option<String>,
    /// The address of its server.
    pub media_bucket_endpoint: Option<String>,
    /// Where it stands.
    pub media_bucket_region: String,
    /// By what this service signs in there.
    pub media_bucket_access_key_id: Option<String>,
    /// And proves itself.
    pub media_bucket_secret_access_key: Option<SecretString>,
    /// The most MiB of a photo.
    pub media_photo_mib: u16,
    /// The most MiB of a video.
    pub media_video_mib: u16,
    /// The most MiB of a sound.
    pub media_audio_mib: u16,
    /// The most millions of pixels of a photo.
    pub media_megapixels: u16,
    /// How many photos are decoded at once.
    pub media_decoders: u8,
    /// How much somebody may have uploaded and not linked: so many.
    pub media_unlinked: u16,
    /// And so many MiB.
    pub media_unlinked_mib: u16,
    /// How many days a reporter has to say what was asked.
    pub feedback_answer_days: u32,
    /// For how many days after the end of a report it is kept how its reporter is reached.
    pub feedback_contact_kept_days: u32,
    /// For how many days the audit log is kept.
    pub audit_kept_days: u32,
    /// How many people have to ask what is not found before it is told.
    pub search_unanswered_askers: u16,
    /// For how many days it is kept.
    pub search_unanswered_kept_days: u32,
    /// Name of this service in its tokens.
    pub issuer: String,
    /// Oldest version of the app that still works.
    pub minimum_app_version: String,
    /// Parts of the app that it shall hide.
    pub features_off: Vec<Feature>,
}

/// A part of the app that can be hidden.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Looking up procedures, communes and facilities.
    PublicServices,
    /// Calling for help.
    Emergency,
    /// Reporting problems.
    Feedback,
    /// Signing in by phone.
    SignInByPhone,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::PublicServices, Self::Emergency, Self::Feedback, Self::SignInByPhone];

    /// The name on the wire and in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublicServices => "public_services",
            Self::Emergency => "emergency",
            Self::Feedback => "feedback",
            Self::SignInByPhone => "sign_in_by_phone",
        }
    }
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Whether rate limits apply.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Limits {
    /// They do.
    On,
    /// They do not: for measurements, on a loopback address only.
    Off,
}

/// A way for text messages to leave the house.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SmsGatewayKind {
    /// To a gateway, by HTTP.
    Http,
    /// Into the log: for development.
    Log,
}

impl Settings {
    /// For how long the audit log is kept.
    #[must_use]
    pub fn audit_kept(&self) -> TimeDelta {
        TimeDelta::days(self.audit_kept_days.into())
    }

    /// How long a reporter has to say what was asked.
    #[must_use]
    pub fn feedback_patience(&self) -> TimeDelta {
        TimeDelta::days(self.feedback_answer_days.into())
    }

    /// For how long after the end of a report it is kept how its reporter is reached.
    #[must_use]
    pub fn feedback_contact_kept(&self) -> TimeDelta {
        TimeDelta::days(self.feedback_contact_kept_days.into())
    }

    /// For how long unanswered queries are kept.
    #[must_use]
    pub fn unanswered_kept(&self) -> TimeDelta {
        TimeDelta::days(self.search_unanswered_kept_days.into())
    }

    /// Which store to open.
    ///
    /// # Errors
    /// [`InvalidDatabaseUrl`] when the address is none.
    pub fn database(&self) -> Result<DatabaseOptions, InvalidDatabaseUrl> {
        let url = match &self.database_url {
            Some(url) => url.expose_secret().parse()?,
            None => DatabaseUrl::Sqlite(self.var.join("cthainguyen.db")),
        };
        Ok(DatabaseOptions { url, connections: self.database_connections })
    }

    /// How to reach the HTTP gateway.
    #[must_use]
    pub fn sms_http(&self) -> HttpGatewayOptions {
        HttpGatewayOptions {
            url: self.sms_http_url.clone().unwrap_or_default(),
            headers: self.sms_http_headers.clone().unwrap_or_default(),
            body: self.sms_http_body.clone().unwrap_or_default(),
            key: self.sms_http_key.clone(),
            accepted: self.sms_http_accepted.clone(),
        }
    }

    /// Which provider people sign in by, if any.
    #[must_use]
    pub fn oidc(&self) -> Option<OidcOptions> {
        self.oidc_issuer.as_ref().map(|issuer| OidcOptions {
            issuer: issuer.clone(),
            client_id: self.oidc_client_id.clone().unwrap_or_default(),
            client_secret: self.oidc_client_secret.clone(),
            scopes: self.oidc_scopes.clone(),
            redirect_uri: format!("{}/v1/auth/oidc/callback", self.public_url),
            national_id_claim: self.oidc_claim_national_id.clone(),
            full_name_claim: self.oidc_claim_full_name.clone(),
        })
    }

    /// Which system can be asked how dossiers stand, if any.
    #[must_use]
    pub fn dossier_upstream(&self) -> Option<UpstreamOptions> {
        self.dossier_upstream_url.as_ref().map(|url| UpstreamOptions {
            url: url.clone(),
            headers: self.dossier_upstream_headers.clone().unwrap_or_default(),
            patience: Duration::from_millis(self.dossier_upstream_patience_ms.into()),
            states: self.dossier_local_states.clone(),
        })
    }

    /// How long the crew of a unit has to see that it is sent, and to answer.
    #[must_use]
    pub fn dispatch_deadlines(&self) -> Deadlines {
        Deadlines {
            seen: TimeDelta::seconds(self.dispatch_seen_within_s.into()),
            acknowledged: TimeDelta::seconds(self.dispatch_acknowledge_within_s.into()),
        }
    }

    /// How long calls wait for somebody.
    #[must_use]
    pub fn waits(&self) -> Waits {
        Waits {
            high: Patience::new(self.escalation_high_s),
            normal: Patience::new(self.escalation_normal_s),
            low: Patience::new(self.escalation_low_s),
            again: TimeDelta::seconds(self.escalation_again_s.max(5).into()),
        }
    }

    /// Whom calls page.
    #[must_use]
    pub fn pages(&self) -> Pages {
        Pages { phones: self.escalation_duty_phones.clone(), drills: self.escalation_drills_page }
    }

    /// For how long emergencies keep what they have.
    #[must_use]
    pub fn emergency_retention(&self) -> Retention {
        let days = |days: u32| TimeDelta::days(days.into());
        Retention {
            locations: days(self.emergency_locations_kept_days),
            medical: days(self.emergency_medical_kept_days),
            words: days(self.emergency_words_kept_days),
        }
    }

    /// What is assumed of all roads alike.
    #[must_use]
    pub fn roads(&self) -> Roads {
        Roads { factor: self.dispatch_road_factor, speed_kmh: self.dispatch_speed_kmh }
    }

    /// How many wrong look-ups of dossiers there may be.
    #[must_use]
    pub fn look_up_rates(&self) -> LookUpRates {
        match self.limits {
            Limits::On => LookUpRates::new(
                Rate::per_hour(self.dossier_wrong_per_address_per_hour),
                Rate::per_hour(self.dossier_wrong_per_hour),
            ),
            Limits::Off => LookUpRates::UNLIMITED,
        }
    }

    /// How often somebody may take their archive along.
    #[must_use]
    pub fn archive_rate(&self) -> Rate {
        match self.limits {
            Limits::On => Rate::new(5, TimeDelta::hours(1)),
            Limits::Off => Rate::UNLIMITED,
        }
    }

    /// How many receipts a number gets that calls for help by text message.
    #[must_use]
    pub fn receipt_rate(&self) -> Rate {
        match self.limits {
            Limits::On => Rate::new(3, TimeDelta::minutes(20)),
            Limits::Off => Rate::UNLIMITED,
        }
    }

    /// How often somebody may invite others to act for a business.
    #[must_use]
    pub fn invitation_rate(&self) -> Rate {
        match self.limits {
            Limits::On => Rate::new(20, TimeDelta::minutes(30)),
            Limits::Off => Rate::UNLIMITED,
        }
    }

    /// How many codes may be sent.
    #[must_use]
    pub fn otp_rates(&self) -> OtpRates {
        match self.limits {
            Limits::On => OtpRates {
                phone: Rate::new(5, TimeDelta::minutes(6)),
                unused: Rate::new(120, TimeDelta::minutes(1)),
                sms: SmsBudget {
                    all: Rate::per_hour(self.sms_per_hour),
                    unverified: Rate::per_hour(self.sms_unverified_per_hour),
                },
            },
            Limits::Off => OtpRates {
                phone: Rate::UNLIMITED,
                unused: Rate::UNLIMITED,
                sms: SmsBudget { all: Rate::UNLIMITED, unverified: Rate::UNLIMITED },
            },
        }
    }
}
