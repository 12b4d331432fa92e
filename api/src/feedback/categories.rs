//! What can be reported.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::feedback::{Categories, CategoriesError};
use infra::{feedback::shipped_categories, snapshot::Prepared};
use serde::Serialize;

use super::category_view::{CategoriesView, CategoryView};
use crate::{
    App,
    extract::Path,
    lookup::{self, Freshness},
    problem::{ApiError, Code},
};

/// The categories, and the bodies made from them.
pub struct CategoryShelf {
    categories: Arc<Categories>,
    list: Prepared,
    each: BTreeMap<String, Prepared>,
}

impl CategoryShelf {
    /// The categories the service ships with.
    ///
    /// # Errors
    /// [`CategoriesError`] when the file contradicts itself.
    pub fn shipped() -> Result<Self, CategoriesError> {
        let categories = shipped_categories()?;
        let mut each = BTreeMap::new();
        for category in categories.iter() {
            each.insert(category.code.clone(), body(&CategoryView::from(&**category))?);
        }
        let items = categories.iter().map(|category| CategoryView::from(&**category)).collect();
        Ok(Self { list: body(&CategoriesView { items })?, each, categories: Arc::new(categories) })
    }

    /// The categories.
    #[must_use]
    pub const fn categories(&self) -> &Arc<Categories> {
        &self.categories
    }
}

fn body(view: &impl Serialize) -> Result<Prepared, serde_json::Error> {
    serde_json::to_vec(view).map(Prepared::new)
}

/// Everything that can be reported, as a tree: groups before what they hold.
#[utoipa::path(
    tag = "feedback",
    responses(
        (status = 200, description = "The categories", body = CategoriesView),
        (status = 304, description = "As in `If-None-Match`"),
    ),
)]
#[get("/v1/feedback-categories")]
pub(super) async fn list(app: Data<App>, request: HttpRequest) -> HttpResponse {
    lookup::send(&request, &app.feedback.list, Freshness::Data)
}

/// One category, with what it asks.
#[utoipa::path(
    tag = "feedback",
    params(("code" = String, Path, description = "The code of the category")),
    responses(
        (status = 200, description = "The category", body = CategoryView),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 404, description = "Problem `not_found`"),
    ),
)]
#[get("/v1/feedback-categories/{code}")]
pub(super) async fn detail(
    app: Data<App>,
    request: HttpRequest,
    Path(code): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let prepared = app.feedback.each.get(&code).ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(lookup::send(&request, prepared, Freshness::Data))
}
