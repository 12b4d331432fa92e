//! What can come of an emergency.

use actix_web::{HttpRequest, HttpResponse, get};
use domain::emergency::Disposition;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    identity::Dispatcher,
    problem::{ApiError, Language},
};

/// What can come of an emergency.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DispositionsView {
    /// All there is.
    items: Vec<DispositionView>,
}

/// One thing that can come of an emergency.
#[derive(Debug, Serialize, ToSchema)]
struct DispositionView {
    /// The code that `resolve` takes.
    code: String,
    /// Its number among the common disposition codes (APCO ANS 1.111), where it is one of them.
    apco: Option<u8>,
    /// What people read.
    name: String,
}

impl DispositionView {
    fn of(disposition: Disposition, language: Language) -> Self {
        let apco = match disposition {
            Disposition::Apco(code) => Some(code.number()),
            _ => None,
        };
        Self { code: disposition.to_string(), apco, name: name(disposition, language) }
    }
}

fn name(disposition: Disposition, language: Language) -> String {
    let (vi, en) = match disposition {
        Disposition::Handled => ("Đã xử lý", "Handled"),
        Disposition::Advised => ("Đã hướng dẫn qua điện thoại", "Advised over the phone"),
        Disposition::Referred => ("Đã chuyển đơn vị khác", "Referred to another service"),
        Disposition::FalseAlarm => ("Báo nhầm", "False alarm"),
        Disposition::Unfounded => ("Không có sự việc như đã báo", "Unfounded"),
        Disposition::NotFound => ("Đến nơi nhưng không tìm thấy ai", "Nobody found"),
        Disposition::NoAnswer => ("Không liên lạc được", "No answer"),
        Disposition::Refused => ("Người gọi từ chối trợ giúp", "Help was refused"),
        Disposition::Duplicate => ("Trùng với cuộc gọi khác", "Duplicate"),
        Disposition::CancelledByCaller => ("Người gọi đã hủy", "Cancelled by the caller"),
        Disposition::Drill => ("Diễn tập", "Exercise"),
        Disposition::Apco(code) => {
            let number = code.number();
            let (vi, en) =
                (format!("Mã kết quả APCO {number}"), format!("APCO disposition {number}"));
            return language.pick(&vi, &en).to_owned();
        }
    };
    language.pick(vi, en).to_owned()
}

/// What can come of an emergency
///
/// The names are in the language of `Accept-Language`.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    responses((status = 200, description = "Every disposition", body = DispositionsView))
)]
#[get("/v1/dispatch/dispositions")]
pub(super) async fn list_dispositions(
    request: HttpRequest,
    _: Dispatcher,
) -> Result<HttpResponse, ApiError> {
    let language = Language::of(request.headers());
    let items = Disposition::all().map(|one| DispositionView::of(one, language)).collect();
    Ok(HttpResponse::Ok().json(DispositionsView { items }))
}
