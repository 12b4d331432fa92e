//! What is known of a case itself, on paper.

use domain::{
    emergency::{Emergency, Export, Victim},
    territory::Position,
};
use maud::{Markup, html};

use super::rows::clock;
use crate::{emergency::dispatch::caller::KnownCaller, problem::Language};

/// What is known of the case itself.
pub(super) fn facts(export: &Export, caller: &KnownCaller, language: Language) -> Markup {
    let case = &export.opened.queued.emergency;
    let known = course(case, language).into_iter().chain(called(case, caller, language));
    html! {
        table {
            @for (name, value) in known {
                tr { th { (name) } td.words { (value.unwrap_or_else(|| "—".to_owned())) } }
            }
        }
    }
}

/// A line of the table; a dash stands where nothing is known.
type Line = (&'static str, Option<String>);

/// How it was handled.
fn course(case: &Emergency, language: Language) -> Vec<Line> {
    let say = |vi: &'static str, en: &'static str| language.pick(vi, en);
    let yes = |yes: bool| Some(if yes { say("có", "yes") } else { say("không", "no") }.to_owned());
    let outcome = case.outcome.as_ref();
    let ended = outcome.map(|outcome| {
        format!("{} {}", outcome.disposition, outcome.note.as_deref().unwrap_or_default())
    });
    vec![
        (say("Tiếp nhận", "Received"), Some(clock(case.received_at))),
        (say("Trạng thái", "Status"), Some(case.status.to_string())),
        (say("Loại", "Kind"), case.said.kind.map(|kind| kind.to_string())),
        (say("Mức ưu tiên", "Priority"), Some(case.priority.to_string())),
        (say("Cơ quan phụ trách", "Agency"), Some(case.agency.to_string())),
        (say("Diễn tập", "Exercise"), yes(case.said.is_drill())),
        (say("Gọi im lặng", "Silent"), yes(case.said.is_silent())),
        (say("Kết quả", "Outcome"), ended),
    ]
}

/// Who called, and what they said.
fn called(case: &Emergency, caller: &KnownCaller, language: Language) -> Vec<Line> {
    let say = |vi: &'static str, en: &'static str| language.pick(vi, en);
    let said = &case.said;
    let household = said.household.map(|card| serde_json::to_string(&card).unwrap_or_default());
    let unread = (!said.unread.is_empty()).then(|| serde_json::to_string(&said.unread));
    vec![
        (say("Người gọi", "Caller"), caller.display_name().map(str::to_owned)),
        (say("Số điện thoại", "Phone"), caller.phone().or_else(|| said.phone.clone())),
        (say("Báo hộ cho", "On behalf of"), said.on_behalf_of.as_ref().map(in_need)),
        (say("Số người", "People"), said.people.map(|people| people.to_string())),
        (say("Xã, phường", "Commune"), case.commune.clone()),
        (say("Địa điểm", "Landmark"), said.landmark.clone()),
        (say("Vị trí đã xác minh", "Place found out"), said.place.map(|fix| on_map(fix.position))),
        (say("Hộ gia đình", "Household"), household),
        (say("Nội dung", "Words"), said.note.clone()),
        (say("Không đọc được", "Could not be read"), unread.and_then(Result::ok)),
    ]
}

/// The person in need, where somebody else called.
fn in_need(victim: &Victim) -> String {
    let known = [
        victim.name.clone(),
        victim.phone.clone(),
        victim.commune_code.clone(),
        victim.landmark.clone(),
        victim.position.map(on_map),
        victim.note.clone(),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn on_map(position: Position) -> String {
    format!("{:.6}, {:.6}", position.lat(), position.lon())
}
