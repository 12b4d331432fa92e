//! Handing the draft of a report over to those who help, where its words say that somebody is in
//! danger.

use actix_web::{HttpResponse, post, web::Data};
use domain::{feedback, media::MOST_ATTACHED};
use serde_json::{Map, Value, json};

use super::{call::raised, intake::Incoming, view::CallView};
use crate::{App, problem::ApiError};

/// What only reports have; a call for help has no use for it.
const OF_REPORTS: [&str; 12] = [
    "address",
    "anonymous",
    "attributes",
    "business",
    "business_id",
    "category",
    "category_version",
    "confidential",
    "media_ids",
    "site_id",
    "text",
    "title",
];

/// Call for help with what was written as a report
///
/// Takes the draft of a report as `POST /v1/feedback` and its preview do, and raises an emergency:
/// the text becomes the note, the address the landmark, and the words tell the kind where none is
/// given. What was uploaded before is shown with the call, as far as it can be linked. Like every
/// call for help it is never refused, and is answered like one.
#[utoipa::path(
    tag = "emergency",
    request_body(content = Object, description = "The draft: `{title?, text, location?, commune_code?, \
        address?, media_ids?}`, and what a call for help may hold beside it: `{id?, secret?, kind?, phone?}`"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Finds the call again")),
    responses(
        (status = 201, description = "The call is stored", body = CallView),
        (status = 200, description = "What was said is stored under an emergency that stood already", body = CallView),
        (status = 202, description = "The store is away; what was said is kept and will be stored. Dial", body = CallView),
        (status = 413, description = "Problem `payload_too_large`"),
        (status = 503, description = "Problem `call_not_stored`: dial"),
    )
)]
#[post("/v1/feedback/emergency")]
pub(super) async fn hand_over(
    app: Data<App>,
    incoming: Incoming,
) -> Result<HttpResponse, ApiError> {
    let uploads = incoming.uploads(uploads_in);
    raised(&app, incoming.rewritten(call_of), uploads).await
}

/// What the bytes of a draft name of what was uploaded before.
fn uploads_in(draft: &[u8]) -> Vec<String> {
    let draft: Value = serde_json::from_slice(draft).unwrap_or_default();
    let names = draft.get("media_ids").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).take(MOST_ATTACHED).collect()
}

/// The call for help in the bytes of a draft; nothing where they are no draft: then they are a call
/// as they are.
fn call_of(draft: &[u8]) -> Option<Vec<u8>> {
    let mut draft: Map<String, Value> = serde_json::from_slice(draft).ok()?;
    let said = |name: &str| draft.get(name).and_then(Value::as_str).map(str::to_owned);
    let words: Vec<String> = ["title", "text", "note"].into_iter().filter_map(said).collect();
    let (words, landmark) = (words.join("\n"), said("landmark").or(said("address")));
    for field in OF_REPORTS {
        draft.remove(field);
    }
    if let Some(kind) = feedback::danger(&words).filter(|_| !draft.contains_key("kind")) {
        draft.insert("kind".to_owned(), json!(kind));
    }
    if !words.is_empty() {
        draft.insert("note".to_owned(), words.into());
    }
    if let Some(landmark) = landmark {
        draft.insert("landmark".to_owned(), landmark.into());
    }
    serde_json::to_vec(&draft).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_becomes_a_call() {
        let draft = json!({
            "category": "environment.smoke", "title": "Khói lớn", "text": "Nhà bên đang cháy",
            "address": "Ngõ 7", "location": { "lat": 21.5, "lon": 105.8 }, "anonymous": true,
        });
        let call = call_of(draft.to_string().as_bytes()).unwrap();
        let call: Value = serde_json::from_slice(&call).unwrap();
        assert_eq!(
            call,
            json!({
                "kind": "fire", "note": "Khói lớn\nNhà bên đang cháy", "landmark": "Ngõ 7",
                "location": { "lat": 21.5, "lon": 105.8 },
            })
        );
        let shown = json!({ "text": "Cháy", "media_ids": ["a", 7, "b"] }).to_string();
        assert_eq!(uploads_in(shown.as_bytes()), ["a", "b"]);
        assert_eq!(call_of(shown.as_bytes()), call_of(br#"{ "text": "Ch\u00e1y" }"#));
        assert_eq!(uploads_in(b"help"), Vec::<String>::new());
        assert_eq!(call_of(b"help"), None);
        assert_eq!(call_of(b"{}").as_deref(), Some(&b"{}"[..]));
    }
}
