//! Everything that is held on a person, as one JSON archive.

use actix_web::{HttpResponse, get, http::header::CONTENT_DISPOSITION, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    dossier::Dossier,
    emergency::{self, Fix},
    feedback,
    identity::{DeviceName, DisplayName, OidcIdentity},
    notification::InboxMessage,
    personal::{self, Archive, Consent, OwnEmergency},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    children::ChildView,
    devices::DeviceView,
    requests::RequestView,
    view::{EmergencyContactView, MedicalCardView},
};
use crate::{
    App,
    identity::{CitizenView, InvitationView, JustSignedIn, MembershipView, OwnKeyView},
    media::MediaView,
    problem::ApiError,
};

/// Everything that is held on a person. Names of fields are those of the rest of the interface.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ArchiveView {
    /// When it was made.
    exported_at: DateTime<Utc>,
    account: CitizenView,
    /// Who they are at providers of identities.
    #[schema(value_type = Vec<Object>)]
    identities: Vec<Value>,
    /// Where they are signed in.
    #[schema(value_type = Vec<Object>)]
    sessions: Vec<Value>,
    /// What they agreed to and took back, oldest first.
    #[schema(value_type = Vec<Object>)]
    consents: Vec<Consent>,
    medical_card: Option<MedicalCardView>,
    emergency_contacts: Vec<EmergencyContactView>,
    /// The children they speak for.
    children: Vec<ChildView>,
    devices: Vec<DeviceView>,
    /// The businesses they act for.
    businesses: Vec<MembershipView>,
    /// The invitations of businesses that wait for them.
    business_invitations: Vec<InvitationView>,
    /// The keys that they made for businesses, without what proves them.
    api_keys: Vec<OwnKeyView>,
    emergencies: Vec<OwnEmergencyView>,
    /// What they reported under their account. What was reported anonymously is nobody's.
    #[schema(value_type = Vec<Object>)]
    feedback: Vec<Value>,
    /// The photos, videos and sounds that they uploaded under their account.
    media: Vec<MediaView>,
    /// The dossiers they follow.
    #[schema(value_type = Vec<Object>)]
    dossiers: Vec<Value>,
    /// What they asked to be done with their data.
    requests: Vec<RequestView>,
    /// What they were told.
    #[schema(value_type = Vec<Object>)]
    notifications: Vec<Value>,
}

/// A call for help, with everything its caller said and every place they were at.
#[derive(Debug, Serialize, ToSchema)]
struct OwnEmergencyView {
    id: Uuid,
    receipt: String,
    status: String,
    received_at: DateTime<Utc>,
    #[schema(value_type = Object)]
    said: emergency::Report,
    /// What was said later, each as it came.
    #[schema(value_type = Vec<Object>)]
    statements: Vec<Value>,
    /// What they and those who helped wrote to each other.
    #[schema(value_type = Vec<Object>)]
    messages: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    locations: Vec<Fix>,
}

impl From<OwnEmergency> for OwnEmergencyView {
    fn from(own: OwnEmergency) -> Self {
        let OwnEmergency { emergency, trail, statements, messages } = own;
        let later = statements.into_iter().map(|statement| {
            json!({ "at": statement.at, "said": statement.said, "locations": statement.fixes })
        });
        let written = messages.into_iter().map(|message| {
            json!({ "at": message.at, "from": message.side.as_str(), "text": message.text })
        });
        Self {
            id: emergency.id.uuid(),
            receipt: emergency.receipt.to_string(),
            status: emergency.status.as_str().to_owned(),
            received_at: emergency.received_at,
            said: emergency.said,
            statements: later.collect(),
            messages: written.collect(),
            locations: trail,
        }
    }
}

fn reported(followed: &feedback::Followed) -> Value {
    let report = &followed.report;
    let own = followed.timeline.iter().filter(|entry| entry.by == feedback::Doer::Reporter);
    let said = own.filter_map(|entry| {
        let words = entry.words.as_ref()?;
        Some(json!({ "event": entry.event, "at": entry.at, "text": words.text }))
    });
    json!({
        "id": report.id,
        "code": report.code.as_str(),
        "category": report.category,
        "title": report.title,
        "text": report.text,
        "location": report.position.map(|place| json!({ "lat": place.lat(), "lon": place.lon() })),
        "commune_code": report.commune.map(|commune| commune.to_string()),
        "address": report.address,
        "attributes": report.attributes,
        "status": report.status,
        "submitted_at": report.submitted_at,
        "answer": report.answer,
        "rating": report.course.rating,
        "said": said.collect::<Value>(),
    })
}

fn followed((dossier, since): &(Dossier, DateTime<Utc>)) -> Value {
    json!({ "code": dossier.code.as_str(), "status": dossier.state.status, "followed_at": since })
}

fn known_as(identity: &OidcIdentity) -> Value {
    json!({
        "issuer": identity.issuer,
        "subject": identity.subject,
        "national_id": identity.national_id,
        "full_name": identity.full_name.as_ref().map(DisplayName::as_str),
    })
}

fn told(message: &InboxMessage) -> Value {
    let InboxMessage { id, kind, text, subject, at, read_at, .. } = message;
    json!({ "id": id, "kind": kind, "text": text, "subject": subject, "at": at, "read_at": read_at })
}

impl ArchiveView {
    fn of(archive: Archive, exported_at: DateTime<Utc>) -> Self {
        let sessions = archive.sessions.iter().map(|session| {
            let device = session.device.as_ref().map(DeviceName::as_str);
            json!({
                "id": session.id, "device": device, "started_at": session.started_at,
                "last_used_at": session.last_used_at,
            })
        });
        let contacts = archive.emergency_contacts.into_iter();
        let businesses = archive.businesses;
        Self {
            exported_at,
            account: CitizenView::from(&archive.account),
            identities: archive.identities.iter().map(known_as).collect(),
            sessions: sessions.collect(),
            consents: archive.consents,
            medical_card: archive.medical_card.map(MedicalCardView::from),
            emergency_contacts: contacts.map(EmergencyContactView::from).collect(),
            children: archive.children.into_iter().map(ChildView::from).collect(),
            devices: archive.devices.into_iter().map(DeviceView::from).collect(),
            businesses: businesses.memberships.into_iter().map(MembershipView::from).collect(),
            business_invitations: businesses
                .invitations
                .into_iter()
                .map(InvitationView::from)
                .collect(),
            api_keys: businesses.api_keys.into_iter().map(OwnKeyView::from).collect(),
            emergencies: archive.emergencies.into_iter().map(OwnEmergencyView::from).collect(),
            feedback: archive.reports.iter().map(reported).collect(),
            media: archive.media.iter().map(MediaView::of_staff).collect(),
            dossiers: archive.dossiers.iter().map(followed).collect(),
            requests: archive.requests.into_iter().map(RequestView::from).collect(),
            notifications: archive.messages.iter().map(told).collect(),
        }
    }
}

/// Everything that is held on me
///
/// Only within half an hour after signing in, and a few times an hour.
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses(
        (status = 200, description = "One archive", body = ArchiveView),
        (status = 403, description = "Problem `sign_in_again`"),
        (status = 429, description = "Problem `rate_limited`"),
    )
)]
#[get("/v1/me/export")]
pub(super) async fn export(
    app: Data<App>,
    JustSignedIn(who): JustSignedIn,
) -> Result<HttpResponse, ApiError> {
    let (now, keys, rate) = (app.now(), app.keys.clone(), app.settings.archive_rate());
    let (at, hasher) = (now.clone(), keys.clone());
    let leave = app
        .database
        .write(move |tx| personal::ask_for_archive(tx, &*hasher, &at, &who, rate))
        .await?;
    let exported_at = now.at;
    let archive =
        app.database.snapshot(move |tx| personal::archive(tx, &*keys, &now, &leave)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"c-thainguyen.json\""))
        .json(ArchiveView::of(archive, exported_at)))
}
