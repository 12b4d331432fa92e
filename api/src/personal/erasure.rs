//! Having oneself erased.

use actix_web::{HttpResponse, delete, web::Data};
use domain::personal::{self, Kept};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{App, feedback::calendar, identity::JustSignedIn, problem::ApiError};

/// What becomes of the caller's data.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErasureView {
    /// The account is hidden: nobody finds it any more.
    hidden: bool,
    /// What is kept, and why.
    kept: Vec<KeptView>,
}

/// Something that is kept.
#[derive(Debug, Serialize, ToSchema)]
struct KeptView {
    /// `open_emergency`, `legal_hold`, `businesses`, `published_reports` or `consent_ledger`.
    what: &'static str,
    /// Why, and for how long.
    why: WhyView,
}

/// A reason in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct WhyView {
    vi: &'static str,
    en: &'static str,
}

impl From<Kept> for KeptView {
    fn from(kept: Kept) -> Self {
        let (vi, en) = match kept {
            Kept::OpenEmergency => (
                "Cuộc gọi khẩn cấp đang được xử lý; dữ liệu được xóa khi kết thúc.",
                "An emergency is being handled; it is erased once that has ended.",
            ),
            Kept::LegalHold => (
                "Pháp luật yêu cầu lưu giữ; dữ liệu được ẩn và xóa khi hết yêu cầu.",
                "The law requires it to be kept; it is hidden, and erased once that is over.",
            ),
            Kept::Businesses => (
                "Doanh nghiệp của bạn vẫn còn, không còn chủ tài khoản; các khóa API đã ngừng.",
                "Your business stays, without an owner; its API keys have ended.",
            ),
            Kept::PublishedReports => (
                "Phản ánh đã công khai vẫn còn, không còn dấu vết của người gửi.",
                "Published reports stay, without any trace of who sent them.",
            ),
            Kept::ConsentLedger => (
                "Bằng chứng về sự đồng ý được giữ dưới một mã không còn chỉ đến ai.",
                "Proof of consent is kept under an id that names nobody any more.",
            ),
        };
        Self { what: kept.as_str(), why: WhyView { vi, en } }
    }
}

/// Have my account and my data erased
///
/// The account is hidden at once and every session ends; a job erases the data soon afterwards.
/// The number can be used for a new account. An emergency that is open goes on. Only within half an
/// hour after signing in.
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses(
        (status = 202, description = "It is hidden and being erased", body = ErasureView),
        (status = 403, description = "Problem `sign_in_again`"),
    )
)]
#[delete("/v1/me")]
pub(super) async fn erase_me(
    app: Data<App>,
    JustSignedIn(who): JustSignedIn,
) -> Result<HttpResponse, ApiError> {
    let (now, calendar) = (app.now(), calendar(&app.snapshot()));
    let kept =
        app.database.write(move |tx| personal::ask_for_erasure(tx, &now, &calendar, &who)).await?;
    let kept = kept.into_iter().map(KeptView::from).collect();
    Ok(HttpResponse::Accepted().json(ErasureView { hidden: true, kept }))
}
