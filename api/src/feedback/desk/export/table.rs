//! What of reports goes into a file: neither who reported them nor how they are reached.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{
    feedback::{Report, Visibility, masked},
    territory::Position,
    wall_clock::local,
};

use super::{csv, xlsx};
use crate::{
    App,
    problem::{ApiError, Language},
};

/// The columns, in Vietnamese and in English.
const COLUMNS: [(&str, &str); 21] = [
    ("Mã phản ánh", "Code"),
    ("Mã lĩnh vực", "Category code"),
    ("Lĩnh vực", "Category"),
    ("Tiêu đề", "Title"),
    ("Nội dung", "Text"),
    ("Mã xã", "Commune code"),
    ("Xã, phường", "Commune"),
    ("Địa chỉ", "Address"),
    ("Vĩ độ", "Latitude"),
    ("Kinh độ", "Longitude"),
    ("Cơ quan xử lý", "Agency"),
    ("Trạng thái", "Status"),
    ("Hiển thị", "Visibility"),
    ("Tiếp nhận lúc", "Received"),
    ("Hạn trả lời", "Due"),
    ("Trả lời lúc", "Answered"),
    ("Nội dung trả lời", "Answer"),
    ("Lý do từ chối", "Reason of rejection"),
    ("Số lần chuyển", "Transfers"),
    ("Số lần mở lại", "Reopened"),
    ("Đánh giá (sao)", "Stars"),
];

/// How Excel reads files of text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A cell.
pub(super) enum Cell {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// What the clocks in Vietnam showed.
    Time(NaiveDateTime),
    /// Nothing.
    Empty,
}

/// Reports, as they stand in a file.
pub(super) struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Cell {
    fn words(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_owned()))
    }

    fn time(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::Empty, |at| Self::Time(local(at)))
    }

    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
            Self::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
            Self::Empty => String::new(),
        }
    }
}

impl Table {
    /// The table of `reports`.
    pub(super) fn of(app: &App, reports: &[Report], language: Language) -> Self {
        Self {
            columns: COLUMNS.iter().map(|(vi, en)| language.pick(vi, en)).collect(),
            rows: reports.iter().map(|report| row(app, report, language)).collect(),
        }
    }

    /// It as CSV.
    pub(super) fn csv(self) -> Result<Vec<u8>, ApiError> {
        let rows = self.rows.into_iter().map(|row| row.into_iter().map(Cell::into_text));
        let table = csv::written(&self.columns, rows)?;
        Ok([BYTE_ORDER_MARK, &table].concat())
    }

    /// It as a workbook.
    pub(super) fn xlsx(self) -> Result<Vec<u8>, ApiError> {
        xlsx::written(&self.columns, self.rows)
    }
}

fn row(app: &App, report: &Report, language: Language) -> Vec<Cell> {
    let category = app.feedback.categories().find(&report.category).cloned();
    let category = category.map(|known| language.pick(&known.name.vi, &known.name.en).to_owned());
    let snapshot = app.snapshot();
    let commune = report.commune.and_then(|code| snapshot.commune(code));
    // Whoever denounced somebody must not be told from a file that travels.
    let sealed = report.visibility == Visibility::Sealed;
    let told = |text: Option<&str>| Cell::words(text.filter(|_| !sealed).map(masked).as_deref());
    let place = report.position.filter(|_| !sealed);
    let number = |number: Option<f64>| number.map_or(Cell::Empty, Cell::Number);
    vec![
        Cell::words(Some(report.code.as_str())),
        Cell::words(Some(&report.category)),
        Cell::words(category.as_deref()),
        told(report.title.as_deref()),
        told(Some(&report.text)),
        Cell::words(report.commune.map(|code| code.to_string()).as_deref()),
        Cell::words(commune.map(|commune| commune.full_name.as_str())),
        told(report.address.as_deref()),
        number(place.map(Position::lat)),
        number(place.map(Position::lon)),
        Cell::words(Some(report.agency.as_str())),
        Cell::words(Some(report.status.as_str())),
        Cell::words(Some(report.visibility.as_str())),
        Cell::time(Some(report.submitted_at)),
        Cell::time(Some(report.due_at)),
        Cell::time(report.resolved_at),
        told(report.answer.as_deref()),
        Cell::words(report.rejection.as_ref().map(|rejection| rejection.reason.as_str())),
        Cell::Number(report.course.transfers.into()),
        Cell::Number(report.course.reopened.into()),
        number(report.course.rating.map(|rating| rating.stars.into())),
    ]
}
