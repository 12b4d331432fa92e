//! What a caller is shown.

use chrono::{DateTime, Utc};
use domain::{
    Moment,
    emergency::{
        self, Deferred, Emergency, EmergencyId, Fix, Followed, Hearing, Reception, Stranger,
    },
    event::RecordedEvent,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    advice,
    guidance::GuidanceView,
    help::{HelpView, Progress},
    overload::StandingView,
    token,
};
use crate::{App, problem::Language};

/// The answer to a call for help.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallView {
    /// The id of the emergency.
    pub(super) id: Uuid,
    /// What to read out over the phone. Not a credential.
    #[schema(example = "K7F-M2XR")]
    receipt: String,
    /// Where it is in its life: `received`, `claimed`, `dispatched`, `resolved`,
    /// `closed`, `cancelled`.
    #[schema(example = "received")]
    status: &'static str,
    /// When the server had the call.
    received_at: DateTime<Utc>,
    /// After how many seconds to tell the position again; `null` once it has ended.
    next_update_s: Option<u32>,
    /// To follow the emergency with; `null` for whoever could not be shown to be its caller.
    #[schema(example = "ctn_e_3q2-7w")]
    token: Option<String>,
    /// Whether the wish to call it off waits for a dispatcher.
    cancel_requested: bool,
    /// Whether somebody is on duty who sees this call.
    staffed: bool,
    /// What the caller can do now; nothing for whoever could not be shown to be them.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<emergency::Action>,
    /// How the call stands in the queue; `null` once somebody has taken it, and where that is not
    /// known.
    queue: Option<StandingView>,
    /// What to do, the most important first, with the numbers to dial.
    advice: Vec<String>,
}

/// The answer to positions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LocatedView {
    #[serde(flatten)]
    call: CallView,
    /// What became of each position, in the order of the batch.
    results: Vec<ReceptionView>,
}

/// What became of a position.
#[derive(Debug, Serialize, ToSchema)]
struct ReceptionView {
    /// Its place in the batch, from 0.
    index: usize,
    /// `stored`, `repeated` (it was stored before) or `unreadable`.
    status: &'static str,
}

impl CallView {
    /// The answer to whoever was heard.
    pub(super) fn of(hearing: &Hearing, app: &App, now: &Moment, language: Language) -> Self {
        match hearing {
            Hearing::Caller(emergency) => Self {
                token: Some(token::of(&*app.keys, emergency.id)),
                ..Self::of_caller(emergency, emergency, app, now, language)
            },
            Hearing::Stranger(stranger) => Self::of_stranger(*stranger, app, now, language),
        }
    }

    /// The answer to whoever asked for what waits in the spool. The token of an emergency that may
    /// be another's is not given away before the store was asked.
    pub(super) fn of_deferred(
        asked: &Deferred,
        app: &App,
        now: &Moment,
        language: Language,
    ) -> Self {
        let stranger = Self::of_stranger(asked.named(), app, now, language);
        let advice = emergency::advice_while_away(asked.call.report.kind);
        Self {
            token: asked.is_surely_own().then(|| token::of(&*app.keys, asked.named().id)),
            next_update_s: Some(emergency::NEXT_UPDATE_WHILE_AWAY_S),
            advice: advice::lines(&advice, language),
            ..stranger
        }
    }

    /// The same for whoever only carries the call: it is not theirs to follow.
    pub(super) fn without_token(self) -> Self {
        Self { token: None, ..self }
    }

    /// `own`, which stands as `leading` does: the same, or the one it is followed under.
    fn of_caller(
        own: &Emergency,
        leading: &Emergency,
        app: &App,
        now: &Moment,
        language: Language,
    ) -> Self {
        let standing = app.overload.standing(leading, now.at);
        let GuidanceView { staffed, advice } =
            GuidanceView::of(leading, standing.as_ref(), app, now, language);
        Self {
            id: own.id.uuid(),
            receipt: own.receipt.to_string(),
            status: status(leading),
            received_at: own.received_at,
            next_update_s: emergency::next_update_s(leading),
            token: None,
            cancel_requested: leading.cancel_requested_at.is_some(),
            staffed,
            allowed_actions: own.actions_of_caller(leading),
            queue: standing.map(StandingView::from),
            advice,
        }
    }

    /// All that a stranger learns: that what they said was received.
    fn of_stranger(stranger: Stranger, app: &App, now: &Moment, language: Language) -> Self {
        let staffed = app.staffing.is_staffed(now.at);
        let advice = emergency::advice(None, staffed, now.at);
        Self {
            id: stranger.id.uuid(),
            receipt: stranger.receipt.to_string(),
            status: emergency::Status::Received.as_str(),
            received_at: now.at,
            next_update_s: None,
            token: None,
            cancel_requested: false,
            staffed,
            allowed_actions: Vec::new(),
            queue: None,
            advice: advice::lines(&advice, language),
        }
    }
}

impl LocatedView {
    /// The answer to positions that were received so.
    pub(super) fn new(call: CallView, receptions: &[Reception]) -> Self {
        let results = receptions.iter().enumerate().map(|(index, reception)| ReceptionView {
            index,
            status: match reception {
                Reception::Stored => "stored",
                Reception::Repeated => "repeated",
                Reception::Unreadable => "unreadable",
            },
        });
        Self { call, results: results.collect() }
    }
}

/// How a caller's emergency stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EmergencyView {
    #[serde(flatten)]
    call: CallView,
    /// The status, in the words of the caller's language.
    status_text: &'static str,
    /// How far help is: `received`, `seen` (by a person), `assigned`, `on_the_way`, `arrived`,
    /// `finished` or `cancelled`.
    #[schema(example = "on_the_way")]
    progress: &'static str,
    /// The unit that is furthest on its way.
    help: Option<HelpView>,
    /// `police`, `fire`, `medical`, `rescue`, `child`, `other`.
    #[schema(value_type = Option<String>)]
    kind: Option<emergency::Kind>,
    /// Whether no sound may give the caller away.
    silent: bool,
    /// Whether it is an exercise.
    drill: bool,
    /// The newest position that was told.
    location: Option<LocationView>,
    /// What happened so far, oldest first.
    timeline: Vec<HappeningView>,
}

/// A position, and how far it can be trusted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LocationView {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// What the phone said of its goodness.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    quality: emergency::Quality,
    /// When the phone was there, by the server's clock.
    fixed_at: DateTime<Utc>,
    /// When the server was told.
    received_at: DateTime<Utc>,
    /// How old the position is.
    age_s: i64,
    /// Within how many metres the caller is by now.
    radius_m: f64,
    /// It may be the last one: the phone said so, or its battery is at 5 % or less.
    may_be_last: bool,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HappeningView {
    /// The thing, a dot, what happened: `emergency.claimed`.
    #[serde(rename = "type")]
    kind: String,
    /// When.
    at: DateTime<Utc>,
}

impl EmergencyView {
    /// The view of `followed`.
    pub(super) fn of(followed: Followed, app: &App, now: &Moment, language: Language) -> Self {
        let (own, leading) = (&followed.case.own, followed.case.leading());
        let help = followed.help.as_ref();
        let progress = Progress::of(leading, help);
        Self {
            call: CallView::of_caller(own, leading, app, now, language),
            progress: progress.as_str(),
            status_text: progress.text(language),
            help: help.map(|help| HelpView::of(help, leading, app, now)),
            kind: own.said.kind,
            silent: own.said.is_silent(),
            drill: own.said.is_drill(),
            location: own.location.map(|fix| LocationView::of(&fix, now.at)),
            timeline: followed.timeline.into_iter().map(HappeningView::from).collect(),
        }
    }
}

impl LocationView {
    /// The view of `fix` at `at`.
    pub(super) fn of(fix: &Fix, at: DateTime<Utc>) -> Self {
        Self {
            lat: fix.position.lat(),
            lon: fix.position.lon(),
            quality: fix.quality,
            fixed_at: fix.fixed_at,
            received_at: fix.received_at,
            age_s: fix.age(at).num_seconds(),
            radius_m: fix.radius_m(at).round(),
            may_be_last: fix.is_last_gasp(),
        }
    }
}

impl From<RecordedEvent> for HappeningView {
    fn from(event: RecordedEvent) -> Self {
        Self { kind: event.kind, at: event.at }
    }
}

/// The status that a caller is told.
fn status(emergency: &Emergency) -> &'static str {
    told_status(emergency.status.as_str())
}

/// What a caller is told of `status`: one that is followed under another is received to them.
pub(super) fn told_status(status: &str) -> &str {
    if status == emergency::Status::Duplicate.as_str() {
        emergency::Status::Received.as_str()
    } else {
        status
    }
}

/// The id as it is in paths.
pub(super) fn path(id: EmergencyId) -> String {
    format!("/v1/emergencies/{id}")
}
