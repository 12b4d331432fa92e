//! What is asked, from everywhere in the province.

use serde_json::json;

use crate::drive::Load;

/// How many different places are asked about.
const PLACES: u32 = 997;

/// Places spread over the province, one as likely as the other.
fn places() -> impl Iterator<Item = (f64, f64)> {
    (0..PLACES).map(|number| {
        let spread = |step: u32| f64::from(number * step % PLACES) / f64::from(PLACES);
        (21.40 + 1.2 * spread(389), 105.40 + 0.7 * spread(611))
    })
}

fn get(paths: Vec<String>) -> Load {
    Load::Get { paths, token: String::new() }
}

/// The latest twenty.
pub(super) fn list() -> Load {
    get(vec!["/v1/feedback?limit=20".to_owned()])
}

/// The nearest twenty.
pub(super) fn near() -> Load {
    let path = |(lat, lon)| format!("/v1/feedback?near={lat:.5},{lon:.5}&radius_m=5000&limit=20");
    get(places().map(path).collect())
}

/// Views of the map as somebody comes closer: the province, a district, a commune, a street.
pub(super) fn map() -> Load {
    let views = [(0.9, 9), (0.25, 11), (0.06, 13), (0.01, 16)];
    let path = |((lat, lon), (width, zoom)): ((f64, f64), &(f64, u8))| {
        let (west, south) = (lon - width / 2.0, lat - width / 2.0);
        let (east, north) = (west + width, south + width);
        format!("/v1/feedback/map?bbox={west:.5},{south:.5},{east:.5},{north:.5}&zoom={zoom}")
    };
    get(places().zip(views.iter().cycle()).map(path).collect())
}

/// What is asked before something is sent.
pub(super) fn previews() -> Load {
    let body = |(lat, lon)| {
        let location = json!({ "lat": lat, "lon": lon });
        json!({ "text": "Ổ gà sâu giữa đường, trời mưa không nhìn thấy", "location": location })
    };
    let bodies = places().map(|place| body(place).to_string()).collect();
    Load::Post { path: "/v1/feedback/preview", bodies }
}

/// What is sent.
pub(super) fn submissions() -> Load {
    let body = |(lat, lon)| {
        json!({
            "category": "road.pothole",
            "text": "Ổ gà sâu giữa đường, trời mưa không nhìn thấy.",
            "location": { "lat": lat, "lon": lon },
        })
    };
    let bodies = places().map(|place| body(place).to_string()).collect();
    Load::Post { path: "/v1/feedback", bodies }
}
