//! The list of announcements to the public.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{directory::Notice, wall_clock};

use crate::dataset::{Reading, Row, read_table};

/// Reads notices.
///
/// The columns are `id`, `kind` (power, water, traffic, telecom, health, education, security,
/// queue, announcement, other), `title`, `text`, `communes` (codes with spaces between them; empty means the whole
/// province), `starts_at`, `ends_at` (may be empty) and `source`. Times are RFC 3339, or
/// `YYYY-MM-DD hh:mm` by the clocks of Vietnam.
#[must_use]
pub fn read_notices(bytes: &[u8]) -> Reading<Notice> {
    let needed = ["id", "kind", "title", "text", "communes", "starts_at", "ends_at", "source"];
    read_table(bytes, &needed, |notice: &Notice| notice.id.clone(), notice)
}

fn notice(row: &Row<'_>) -> Result<Notice, String> {
    let communes = row
        .list("communes", ' ')
        .into_iter()
        .map(|code| code.parse().map_err(|error| format!("communes holds {code:?}: {error}")));
    let starts_at = instant("starts_at", &row.text("starts_at")?)?;
    let ends_at = row.optional("ends_at").map(|text| instant("ends_at", &text)).transpose()?;
    if ends_at.is_some_and(|end| end <= starts_at) {
        return Err("ends_at is not after starts_at".to_owned());
    }
    Ok(Notice {
        id: row.text("id")?,
        kind: row.value("kind")?,
        title: row.text("title")?,
        text: row.paragraphs("text"),
        communes: communes.collect::<Result<_, _>>()?,
        starts_at,
        ends_at,
        source: row.text("source")?,
    })
}

fn instant(column: &str, text: &str) -> Result<DateTime<Utc>, String> {
    let by_local_clock = || {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok()?;
        Some(wall_clock::instant(local))
    };
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.to_utc())
        .ok()
        .or_else(by_local_clock)
        .ok_or_else(|| {
            format!("{column} is {text:?}, which is neither RFC 3339 nor YYYY-MM-DD hh:mm")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "id,kind,title,text,communes,starts_at,ends_at,source\n";

    #[test]
    fn a_notice_is_read() {
        let row = "n1,power,Cúp điện,\"Từ sáng\nđến trưa\",05443 05500,2026-11-24 07:30,\
                   2026-11-24T05:00:00Z,Điện lực\n";
        let reading = read_notices(format!("{HEADING}{row}").as_bytes());
        assert_eq!(reading.doubts, []);
        let notice = &reading.records[0];
        assert_eq!(notice.starts_at.to_rfc3339(), "2026-11-24T00:30:00+00:00");
        assert_eq!(notice.text, "Từ sáng\nđến trưa");
        assert!(notice.concerns("05500".parse().unwrap()));
        assert!(!notice.concerns("01840".parse().unwrap()));
        assert!(notice.is_active_at(notice.starts_at));
        assert!(!notice.is_active_at(notice.ends_at.unwrap()));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let rows = "n1,power,T,x,,tomorrow,,S\nn2,power,T,x,,2026-11-24 07:30,2026-11-24 07:30,S\n\
                    n3,gossip,T,x,,2026-11-24 07:30,,S\nn4,power,T,x,5443,2026-11-24 07:30,,S\n";
        let reading = read_notices(format!("{HEADING}{rows}").as_bytes());
        let lines: Vec<u64> = reading.doubts.iter().map(|doubt| doubt.line).collect();
        assert_eq!((reading.records.len(), lines), (0, vec![2, 3, 4, 5]));
    }
}
