//! A case on paper.

use chrono::{DateTime, Utc};
use domain::{
    emergency::{Export, Fix, Statement},
    identity::Staff,
    wall_clock::local,
};
use maud::{DOCTYPE, Markup, html};

use crate::{emergency::dispatch::caller::KnownCaller, problem::Language};

const STYLE: &str = "body{font:11pt/1.4 serif;margin:2cm}h1{font-size:16pt}h2{font-size:12pt;\
    border-bottom:1px solid}table{border-collapse:collapse;width:100%}td,th{text-align:left;\
    vertical-align:top;padding:2px 8px 2px 0;border-bottom:1px solid #ddd}th{white-space:nowrap}\
    td.words{white-space:pre-wrap}tr{break-inside:avoid}";

/// The page of a case, in one language. Times are those of the clocks in Vietnam.
pub(super) fn of(
    export: &Export,
    caller: &KnownCaller,
    by: &Staff,
    (language, at): (Language, DateTime<Utc>),
) -> String {
    let say = |vi: &'static str, en: &'static str| language.pick(vi, en);
    let case = &export.opened.queued.emergency;
    let title = format!("{} {}", say("Hồ sơ cuộc gọi khẩn cấp", "Emergency case"), case.receipt);
    let page = html! {
        (DOCTYPE)
        html lang=(say("vi", "en")) {
            head { meta charset="utf-8"; title { (title) } style { (STYLE) } }
            body {
                h1 { (title) }
                p { (say("Xuất bởi", "Taken out by")) " " (by.username) ", " (clock(at)) }
                (facts(export, caller, say))
                (section(say("Vị trí", "Positions"), &export.opened.trail, place))
                (section(say("Lời báo bổ sung", "Said afterwards"), &export.opened.statements, |one| said(one, say)))
                (section(say("Tin nhắn", "Messages"), &export.messages, |message| {
                    let from = message.author.as_ref().map_or(say("người gọi", "caller"), |(_, name)| name);
                    row(message.at, from, &message.text)
                }))
                (section(say("Ghi chú", "Notes"), &export.opened.notes, |note| {
                    row(note.at, &note.username, &note.text)
                }))
                (section(say("Đơn vị được điều", "Units sent"), &export.opened.assignments, |sent| {
                    let reason = sent.reason.clone().unwrap_or_default();
                    row(sent.assigned_at, &format!("{} {}", sent.unit, sent.status), &reason)
                }))
                (section(say("Diễn biến", "Timeline"), &export.opened.timeline, |event| {
                    row(event.at, &event.kind, "")
                }))
            }
        }
    };
    page.into_string()
}

/// What is known of the case itself.
fn facts(
    export: &Export,
    caller: &KnownCaller,
    say: impl Fn(&'static str, &'static str) -> &'static str,
) -> Markup {
    let case = &export.opened.queued.emergency;
    let words = |value: Option<&str>| value.unwrap_or("—").to_owned();
    let outcome = case.outcome.as_ref();
    let ended = outcome.map(|outcome| {
        format!("{} {}", outcome.disposition, outcome.note.as_deref().unwrap_or_default())
    });
    let victim = case.said.on_behalf_of.as_ref();
    let household =
        case.said.household.map(|card| serde_json::to_string(&card).unwrap_or_default());
    let facts: Vec<(&str, String)> = vec![
        (say("Tiếp nhận", "Received"), clock(case.received_at)),
        (say("Trạng thái", "Status"), case.status.to_string()),
        (say("Loại", "Kind"), words(case.said.kind.map(|kind| kind.to_string()).as_deref())),
        (say("Mức ưu tiên", "Priority"), case.priority.to_string()),
        (say("Cơ quan phụ trách", "Agency"), case.agency.to_string()),
        (say("Diễn tập", "Exercise"), say_yes(case.said.is_drill(), &say)),
        (say("Gọi im lặng", "Silent"), say_yes(case.said.is_silent(), &say)),
        (say("Người gọi", "Caller"), words(caller.display_name())),
        (
            say("Số điện thoại", "Phone"),
            words(caller.phone().or_else(|| case.said.phone.clone()).as_deref()),
        ),
        (say("Báo hộ cho", "On behalf of"), words(victim.and_then(|one| one.name.as_deref()))),
        (say("Xã, phường", "Commune"), words(case.commune.as_deref())),
        (say("Địa điểm", "Landmark"), words(case.said.landmark.as_deref())),
        (say("Hộ gia đình", "Household"), words(household.as_deref())),
        (say("Nội dung", "Words"), words(case.said.note.as_deref())),
        (say("Kết quả", "Outcome"), words(ended.as_deref())),
    ];
    html! {
        table {
            @for (name, value) in facts {
                tr { th { (name) } td.words { (value) } }
            }
        }
    }
}

fn say_yes(yes: bool, say: impl Fn(&'static str, &'static str) -> &'static str) -> String {
    if yes { say("có", "yes") } else { say("không", "no") }.to_owned()
}

/// A part of the page; nothing where it would be empty.
fn section<T>(heading: &str, rows: &[T], row: impl Fn(&T) -> Markup) -> Markup {
    html! {
        @if !rows.is_empty() {
            h2 { (heading) }
            table { @for one in rows { (row(one)) } }
        }
    }
}

fn row(at: DateTime<Utc>, who: &str, words: &str) -> Markup {
    html! { tr { th { (clock(at)) } td { (who) } td.words { (words) } } }
}

fn place(fix: &Fix) -> Markup {
    let (lat, lon) = (fix.position.lat(), fix.position.lon());
    let accuracy = fix.quality.accuracy_m.map(|within| format!("± {within} m"));
    row(fix.fixed_at, &format!("{lat:.6}, {lon:.6}"), &accuracy.unwrap_or_default())
}

fn said(statement: &Statement, say: impl Fn(&'static str, &'static str) -> &'static str) -> Markup {
    let who = if statement.verified {
        say("người gọi", "caller")
    } else {
        say("người khác", "somebody else")
    };
    row(statement.at, who, &statement.said.words())
}

/// What the clocks in Vietnam showed.
fn clock(at: DateTime<Utc>) -> String {
    local(at).format("%d/%m/%Y %H:%M:%S").to_string()
}
