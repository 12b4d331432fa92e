//! How each operation on the things of an agency keeps them from those out of reach.

use serde_json::{Value, json};

use crate::contract::NOTHING;

/// Something that an agency answers for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Thing {
    Agency,
    Business,
    Colleague,
    Comment,
    Deed,
    Emergency,
    Facility,
    Missed,
    Newcomer,
    Notice,
    Report,
    Sent,
    Template,
    Unit,
}

impl Thing {
    /// The agency that answers for it.
    pub(crate) fn agency(self) -> &'static str {
        match self {
            Self::Emergency | Self::Missed | Self::Sent | Self::Unit => "fire",
            _ => "commune-05443",
        }
    }
}

/// How somebody out of reach is kept from a thing.
pub(crate) enum Kept {
    /// The operation names it, and says that there is none. Sent with this body.
    Hidden(Thing, Value),
    /// The operation lists such things, and leaves it out.
    LeftOut(Thing),
    /// The operation lists such things, to those below the agency too, who use what it made.
    HandedDown(Thing),
    /// The operation adds something to the agency that this body names, and refuses.
    Refused(Value),
    /// The operation is about nothing that an agency answers for.
    Shared(Value),
}

/// How each operation whose right reaches an agency keeps things: one line each.
pub(crate) fn kept(operation: &str) -> Kept {
    use Kept::{Hidden, LeftOut, Refused, Shared};
    use Thing::{Agency, Business, Colleague, Comment, Deed, Facility, Newcomer, Notice};
    let of_reports = ["/v1/desk/feedback", "/v1/desk/templates", "/v1/desk/work"]
        .iter()
        .any(|path| operation.contains(path));
    let of_dispatchers = operation.contains("/v1/dispatch");
    match operation {
        "GET /v1/admin/agencies" => LeftOut(Agency),
        "GET /v1/admin/agencies/{code}" => Hidden(Agency, json!({})),
        "GET /v1/admin/audit" => LeftOut(Deed),
        "GET /v1/admin/staff" => LeftOut(Colleague),
        "POST /v1/admin/staff" => {
            Refused(json!({ "username": "newcomer", "role": "officer", "agency": "commune-05443" }))
        }
        "GET /v1/admin/staff/{id}"
        | "PATCH /v1/admin/staff/{id}"
        | "DELETE /v1/admin/staff/{id}/totp" => Hidden(Colleague, json!({})),
        "POST /v1/admin/staff/{id}/invitation" => Hidden(Newcomer, json!({})),
        "GET /v1/desk/businesses" => LeftOut(Business),
        "POST /v1/desk/businesses/{id}/owner" => Hidden(Business, json!({ "phone": "0987654321" })),
        "POST /v1/desk/businesses/{id}/reject" => Hidden(Business, json!({ "reason": "Thử" })),
        "GET /v1/desk/businesses/{id}" | "POST /v1/desk/businesses/{id}/verify" => {
            Hidden(Business, json!({}))
        }
        "GET /v1/desk/comments" => LeftOut(Comment),
        "POST /v1/desk/comments/{id}/publish" | "POST /v1/desk/comments/{id}/reject" => {
            Hidden(Comment, json!({}))
        }
        "GET /v1/desk/facilities/{id}" | "PATCH /v1/desk/facilities/{id}" => {
            Hidden(Facility, json!({}))
        }
        "GET /v1/desk/notices" => LeftOut(Notice),
        "POST /v1/desk/notices" => Refused(json!({
            "agency": "commune-05443", "kind": "other", "title": "Thử", "communes": ["05443"],
        })),
        "GET /v1/desk/notices/{id}"
        | "PATCH /v1/desk/notices/{id}"
        | "POST /v1/desk/notices/{id}/withdraw" => Hidden(Notice, json!({})),
        "GET /v1/admin/roles" => Shared(json!({})),
        // Figures and files hold what each reaches: tests/api/feedback_{statistics,export}.rs.
        "GET /v1/desk/export.csv" | "GET /v1/desk/export.xlsx" | "GET /v1/desk/statistics" => {
            Shared(json!({}))
        }
        _ if of_reports => kept_of_reports(operation),
        _ if of_dispatchers => kept_in_dispatch(operation),
        unknown => panic!("{unknown} has no line: say how it keeps the things of an agency"),
    }
}

/// As [`kept`], for what officers do with reports.
fn kept_of_reports(operation: &str) -> Kept {
    use Kept::{HandedDown, Hidden, LeftOut, Refused, Shared};
    use Thing::{Report, Template};
    let written = json!({ "agency": "commune-05443", "name": "Thử", "text": "{{code}}" });
    match operation {
        "GET /v1/desk/feedback" => LeftOut(Report),
        "GET /v1/desk/work" => Shared(json!({})),
        "POST /v1/desk/feedback" => {
            Shared(json!({ "category": "other", "text": "Thử", "commune_code": "05443" }))
        }
        // What is out of reach is told apart report by report: `feedback_bulk`.
        "POST /v1/desk/feedback/bulk" => {
            Shared(json!({ "action": "accept", "items": [{ "id": NOTHING, "version": 1 }] }))
        }
        "GET /v1/desk/templates" => HandedDown(Template),
        "POST /v1/desk/templates" => Refused(written),
        "PATCH /v1/desk/templates/{id}" => Hidden(Template, written),
        "DELETE /v1/desk/templates/{id}" => Hidden(Template, json!({})),
        "POST /v1/desk/templates/{id}/render" => {
            Hidden(Template, json!({ "report": "of the things" }))
        }
        "POST /v1/desk/feedback/{id}/answers" => Hidden(Report, json!({ "text": "Ở chợ" })),
        "POST /v1/desk/feedback/{id}/ask" => Hidden(Report, json!({ "question": "Ở đâu?" })),
        "POST /v1/desk/feedback/{id}/extend" => {
            Hidden(Report, json!({ "days": 3, "reason": "Chờ vật tư" }))
        }
        "POST /v1/desk/feedback/{id}/media" => Hidden(Report, json!({ "media_ids": [NOTHING] })),
        "POST /v1/desk/feedback/{id}/merge" => {
            Hidden(Report, json!({ "into": "0199aaaa-0000-7000-8000-000000000001" }))
        }
        "POST /v1/desk/feedback/{id}/notes" => Hidden(Report, json!({ "text": "Thử" })),
        "POST /v1/desk/feedback/{id}/prioritise" => {
            Hidden(Report, json!({ "urgency": "high", "reason": "Thử" }))
        }
        "POST /v1/desk/feedback/{id}/reporter" => Hidden(Report, json!({ "reason": "Thử" })),
        "POST /v1/desk/feedback/{id}/recategorise" => {
            Hidden(Report, json!({ "category": "road.pothole" }))
        }
        "POST /v1/desk/feedback/{id}/split" => {
            Hidden(Report, json!({ "category": "road.pothole", "text": "Ổ gà" }))
        }
        "POST /v1/desk/feedback/{id}/transfer" => {
            Hidden(Report, json!({ "agency": "police", "reason": "Thử" }))
        }
        "GET /v1/desk/feedback/{id}"
        | "GET /v1/desk/feedback/{id}/media"
        | "POST /v1/desk/feedback/{id}/media/{media_id}/approve"
        | "POST /v1/desk/feedback/{id}/media/{media_id}/hide"
        | "POST /v1/desk/feedback/{id}/accept"
        | "POST /v1/desk/feedback/{id}/assign"
        | "POST /v1/desk/feedback/{id}/hide"
        | "POST /v1/desk/feedback/{id}/publish"
        | "POST /v1/desk/feedback/{id}/start"
        | "POST /v1/desk/feedback/{id}/unmerge" => Hidden(Report, json!({})),
        "POST /v1/desk/feedback/{id}/reject" => Hidden(Report, json!({ "reason": "duplicate" })),
        "POST /v1/desk/feedback/{id}/resolve" => Hidden(Report, json!({ "answer": "Xong" })),
        unknown => panic!("{unknown} has no line: say how it keeps the things of an agency"),
    }
}

/// As [`kept`], for what dispatchers and crews do.
fn kept_in_dispatch(operation: &str) -> Kept {
    use Kept::{Hidden, LeftOut, Refused, Shared};
    use Thing::{Emergency, Missed, Sent, Unit};
    match operation {
        // Of figures each sees those of their own agencies: tests/api/dispatch_records.rs.
        "GET /v1/dispatch/dispositions"
        | "GET /v1/dispatch/duty"
        | "GET /v1/dispatch/statistics" => Shared(json!({})),
        "PUT /v1/dispatch/duty" => Shared(json!({ "on": true })),
        "POST /v1/dispatch/emergencies" => Shared(json!({ "kind": "child" })),
        "PATCH /v1/dispatch/emergencies/{id}" => Hidden(Emergency, json!({ "people": 2 })),
        "POST /v1/dispatch/emergencies/{id}/callbacks" => {
            Hidden(Emergency, json!({ "outcome": "busy" }))
        }
        "GET /v1/dispatch/callbacks" => LeftOut(Missed),
        "GET /v1/dispatch/emergencies" | "GET /v1/dispatch/events" => LeftOut(Emergency),
        "GET /v1/dispatch/emergencies/{id}"
        | "GET /v1/dispatch/emergencies/{id}/export"
        | "GET /v1/dispatch/emergencies/{id}/messages"
        | "POST /v1/dispatch/emergencies/{id}/cancellation/confirm"
        | "POST /v1/dispatch/emergencies/{id}/cancellation/reject"
        | "POST /v1/dispatch/emergencies/{id}/claim"
        | "POST /v1/dispatch/emergencies/{id}/heartbeat"
        | "GET /v1/dispatch/emergencies/{id}/recommended-units"
        | "POST /v1/dispatch/emergencies/{id}/release"
        | "POST /v1/dispatch/emergencies/{id}/reopen"
        | "POST /v1/dispatch/emergencies/{id}/unmerge" => Hidden(Emergency, json!({})),
        "POST /v1/dispatch/emergencies/{id}/messages/read" => {
            Hidden(Emergency, json!({ "up_to": 1 }))
        }
        "POST /v1/dispatch/emergencies/{id}/merge" => Hidden(Emergency, json!({ "into": NOTHING })),
        "POST /v1/dispatch/emergencies/{id}/messages"
        | "POST /v1/dispatch/emergencies/{id}/notes" => Hidden(Emergency, json!({ "text": "Thử" })),
        "POST /v1/dispatch/emergencies/{id}/priority" => {
            Hidden(Emergency, json!({ "priority": "high" }))
        }
        "POST /v1/dispatch/emergencies/{id}/resolve" => {
            Hidden(Emergency, json!({ "disposition": "handled" }))
        }
        "POST /v1/dispatch/emergencies/{id}/transfers" => {
            Hidden(Emergency, json!({ "agency_id": "police" }))
        }
        "POST /v1/dispatch/emergencies/{id}/transfers/{transfer}/accept"
        | "POST /v1/dispatch/emergencies/{id}/transfers/{transfer}/withdraw" => {
            Hidden(Emergency, json!({}))
        }
        "POST /v1/dispatch/emergencies/{id}/transfers/{transfer}/reject"
        | "POST /v1/dispatch/emergencies/{id}/take-over" => {
            Hidden(Emergency, json!({ "reason": "Thử" }))
        }
        "POST /v1/dispatch/emergencies/{id}/dispatches" => {
            Hidden(Emergency, json!({ "unit_id": "of the things" }))
        }
        "GET /v1/dispatches" => LeftOut(Sent),
        "GET /v1/dispatches/{id}"
        | "POST /v1/dispatches/{id}/acknowledge"
        | "POST /v1/dispatches/{id}/decline"
        | "POST /v1/dispatches/{id}/en-route"
        | "POST /v1/dispatches/{id}/on-scene"
        | "POST /v1/dispatches/{id}/clear"
        | "POST /v1/dispatches/{id}/cancel" => Hidden(Sent, json!({})),
        "GET /v1/dispatch/units" => LeftOut(Unit),
        "POST /v1/dispatch/units" => Refused(json!({ "agency": "commune-05443", "name": "Thử" })),
        "GET /v1/dispatch/units/{id}" | "PATCH /v1/dispatch/units/{id}" => Hidden(Unit, json!({})),
        "PUT /v1/dispatch/units/{id}/shift" => Hidden(Unit, json!({ "on": true })),
        "POST /v1/dispatch/units/{id}/location" => {
            Hidden(Unit, json!({ "lat": 21.59, "lon": 105.84 }))
        }
        unknown => panic!("{unknown} has no line: say how it keeps the things of an agency"),
    }
}
