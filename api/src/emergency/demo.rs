//! Calls to show the service around with.

use domain::{
    emergency::{self, Call, CallName, CallSource, Evidence, RaiseError},
    secret::{Hasher as _, Purpose},
};
use uuid::Uuid;

use super::intake::Said;
use crate::App;

/// What the callers of the demonstration say, each under an id of its own, so that showing around
/// again on the same store raises nothing twice.
const CALLS: [(u128, &str); 4] = [
    (
        0x0193_0000_0000_7000_8000_0000_0000_0001,
        r#"{"kind": "fire", "note": "Cháy kho hàng cạnh chợ, khói rất nhiều", "people": 3,
            "phone": "0900000001", "location": {"lat": 21.5928, "lon": 105.8442,
            "accuracy_m": 12, "source": "gps", "battery_pct": 64}}"#,
    ),
    (
        0x0193_0000_0000_7000_8000_0000_0000_0002,
        r#"{"kind": "medical", "note": "Bố tôi đau ngực, khó thở", "phone": "0900000002",
            "location": {"lat": 21.5671, "lon": 105.8252, "accuracy_m": 25}}"#,
    ),
    (
        0x0193_0000_0000_7000_8000_0000_0000_0003,
        r#"{"kind": "police", "silent": true,
            "location": {"lat": 21.5801, "lon": 105.8377, "accuracy_m": 40}}"#,
    ),
    (
        0x0193_0000_0000_7000_8000_0000_0000_0004,
        r#"{"kind": "rescue", "note": "Nước lên đến mái, nhà có người già và trẻ nhỏ", "people": 6,
            "landmark": "Xóm ven sông, sau trạm y tế", "on_behalf_of": {"name": "Bà Lan"}}"#,
    ),
];

/// Raises the calls of the demonstration.
///
/// # Errors
/// [`RaiseError`] when the store cannot take them.
pub async fn open(app: &App) -> Result<(), RaiseError> {
    let now = app.now();
    let calls: Vec<Call> = CALLS.iter().map(|(id, body)| call(app, *id, body)).collect();
    app.database
        .write(move |tx| {
            calls.into_iter().try_for_each(|call| emergency::raise(tx, &now, call).map(|_| ()))
        })
        .await
}

fn call(app: &App, id: u128, body: &str) -> Call {
    let said = Said::of(body.as_bytes(), true);
    Call {
        name: CallName::Given(Uuid::from_u128(id).into()),
        report: said.report,
        reading: said.readings.iter().copied().flatten().next(),
        commune: None,
        evidence: Evidence::default(),
        body: app.keys.digest(Purpose::Body, &[body.as_bytes()]),
        source: CallSource {
            digest: app.keys.digest(Purpose::Source, &[b"demonstration"]),
            calls: 1,
            empty_calls: 0,
            empty_case: None,
        },
    }
}
