//! What those who follow a dossier are told.

use super::{Dossier, State, Status};
use crate::wall_clock::local;

/// What those who follow it read, where there is news for them: a status, papers to bring, another
/// day.
pub(super) fn message(before: &State, Dossier { code, state, .. }: &Dossier) -> Option<String> {
    let mut said = Vec::new();
    if state.status != before.status {
        said.push(format!("{}.", state.status.name()));
    }
    let papers = &state.missing_papers;
    let asked = state.status == Status::SupplementRequired && !papers.is_empty();
    if asked && (state.status, papers) != (before.status, &before.missing_papers) {
        said.push(format!("Cần nộp thêm: {}.", papers.join("; ")));
    }
    if let (Some(due), Some(_)) = (state.due_at, before.due_at)
        && state.due_at != before.due_at
    {
        said.push(format!("Hẹn trả kết quả: {}.", local(due).format("%H:%M %d/%m/%Y")));
    }
    (!said.is_empty()).then(|| format!("Hồ sơ {code}: {}", said.join(" ")))
}
